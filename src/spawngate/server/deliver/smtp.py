"""SHELL. One mail to one server: STARTTLS or TLS verified, then authentication, then the mail.

`smtplib` speaks the protocol; the connection is ours, so that it goes to the address that was judged, and a timer ends
it when the time is over, because the library's limit is of each read.
Must not be here: what a mail looks like (`routing.destinations.email`).
"""

import contextlib
import smtplib
import socket
import ssl
import threading
from collections.abc import Mapping

from spawngate.routing.destination import Done, Failed, Mail
from spawngate.routing.settings import Settings
from spawngate.server.deliver.http import Connect
from spawngate.server.deliver.network import Deadline, NotCarriedError, connect, context_of, secured

_WORDS = 200
"""Characters of a server's words that are kept."""


class _Client(smtplib.SMTP):
    """A client on a connection that is there already."""

    def __init__(self, connection: socket.socket, host: str, seconds: float) -> None:
        self._given: socket.socket | None = connection
        # "localhost" as our name: the real one would tell strangers what machines are called inside.
        super().__init__(host, 1, local_hostname="localhost", timeout=seconds)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        assert self._given is not None, "connects once"
        given, self._given = self._given, None
        given.settimeout(timeout)
        return given


class _Watch:
    """Ends a dialogue when its time is over, whichever socket it speaks on by then."""

    def __init__(self, connection: socket.socket, seconds: float) -> None:
        self.connection: socket.socket = connection
        self.over = False
        self.sent = False
        """The mail may have been taken."""
        self.timer = threading.Timer(seconds, self._end)
        self.timer.daemon = True
        self.timer.start()

    def _end(self) -> None:
        self.over = True
        # A shutdown wakes whoever reads; a close alone would not.
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self.timer.cancel()
        self.connection.close()


def carry(mail: Mail, settings: Settings, connect: Connect = connect) -> Done | Failed:
    """Hand the mail over. Raises nothing for what the other side does."""
    deadline = Deadline(settings.timeout_seconds)
    try:
        connection = connect(mail.host, mail.port, settings, deadline)
        if mail.security == "tls":
            connection = secured(connection, mail.host, settings, deadline)
    except NotCarriedError as error:
        return error.failed
    try:
        watch = _Watch(connection, deadline.left())
    except NotCarriedError as error:
        connection.close()
        return error.failed
    try:
        return _dialogue(watch, mail, settings, deadline)
    except NotCarriedError as error:
        return error.failed
    except (smtplib.SMTPException, OSError, ValueError) as error:
        if watch.over or isinstance(error, TimeoutError):
            return Failed("timeout", f"not done within {settings.timeout_seconds:g} s", sent=watch.sent)
        return _failed(error, mail.host, watch.sent)
    finally:
        watch.close()


def _failed(error: Exception, host: str, sent: bool) -> Failed:
    match error:
        case smtplib.SMTPResponseException():
            return _refused(error.smtp_code, error.smtp_error, sent)
        case smtplib.SMTPRecipientsRefused():
            return _nobody(error.recipients)
        case smtplib.SMTPNotSupportedError() if "STARTTLS" in str(error):
            return Failed("tls", f"{host} does not offer STARTTLS")
        case smtplib.SMTPNotSupportedError():
            return Failed("setting", f"{host} offers no authentication")
        case ssl.SSLCertVerificationError():
            return Failed("tls", f"{host}: {error.verify_message}")
        case ssl.SSLError():
            return Failed("tls", f"{host}: {error.reason or 'no TLS'}", sent=sent)
    return Failed("connect", f"{host}: {_reason(error)}", sent=sent)


def _dialogue(watch: _Watch, mail: Mail, settings: Settings, deadline: Deadline) -> Done | Failed:
    client = _Client(watch.connection, mail.host, deadline.left())
    try:
        client.ehlo()
        if mail.security == "starttls":
            client.starttls(context=context_of(settings))
            assert client.sock is not None
            watch.connection = client.sock
            client.ehlo()
        if mail.user:
            try:
                client.login(mail.user, mail.password)
            except smtplib.SMTPAuthenticationError as error:
                # Words of a server at this point may hold what was sent; the code says enough.
                return Failed("login" if error.smtp_code >= 500 else "connect", f"{error.smtp_code}", error.smtp_code)
        size = client.esmtp_features.get("size", "")
        if size.isdecimal() and 0 < int(size) < len(mail.message):
            return Failed("rejected", f"{mail.host} takes at most {size} bytes")
        watch.sent = True
        refused = client.sendmail(mail.sender, list(mail.recipients), mail.message)
        with contextlib.suppress(smtplib.SMTPException, OSError):
            client.quit()
        return Done(tuple((address, _said(code, words)) for address, (code, words) in sorted(refused.items())))
    finally:
        client.close()


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or type(error).__name__


def _refused(code: int, words: bytes | str, sent: bool) -> Failed:
    """A refusal of the whole: for good (5xx) or for now. A sender that is refused is a setting, and says so itself."""
    said = _said(code, words)
    if 500 <= code < 600:
        return Failed("rejected" if sent else "setting", said, code)
    return Failed("connect", said, code)


def _nobody(recipients: Mapping[str, tuple[int, bytes]]) -> Failed:
    code, words = next(iter(recipients.values()))
    if all(500 <= each < 600 for each, _ in recipients.values()):
        return Failed("setting", f"no recipient is taken: {_said(code, words)}", code)
    return Failed("connect", f"no recipient is taken now: {_said(code, words)}", code)


def _said(code: int, words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
    return f"{code} {' '.join(text.split())}"[:_WORDS]

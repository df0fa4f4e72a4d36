"""`server.deliver.smtp` against a real SMTP server (aiosmtpd): STARTTLS, TLS, authentication, refusals, faults."""

import asyncio
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from spawngate.routing.destination import Context, Done, Failed, Mail
from spawngate.routing.destinations.email import EmailSettings, render
from spawngate.routing.settings import Settings
from spawngate.server.deliver.smtp import carry
from tests.routing.samples import NOTICE, NOW
from tests.server.deliver.authority import Authority


class Handler:
    """What the server takes. Recipients at `no.example` are refused for good, at `later.example` for now."""

    def __init__(self) -> None:
        self.mails: list[tuple[str, list[str], bytes, bool]] = []
        self.data_answer = "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address.endswith("@no.example"):
            return "550 5.1.1 nobody here"
        if address.endswith("@later.example"):
            return "450 4.2.0 later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.data_answer.startswith("250"):
            content = envelope.content
            assert isinstance(content, bytes)
            self.mails.append((envelope.mail_from or "", envelope.rcpt_tos, content, session.ssl is not None))
        return self.data_answer


def check(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
    good = isinstance(data, LoginPassword) and (data.login, data.password) == (b"gate", b"pw")
    return AuthResult(success=good, handled=False)


class Server(Controller):
    """With or without TLS; a password is taken only inside of it."""

    def __init__(
        self, handler: Handler, *, starttls: ssl.SSLContext | None, implicit: ssl.SSLContext | None, **more: Any
    ):
        self.starttls = starttls
        self.more = more
        super().__init__(handler, hostname="127.0.0.1", port=0, ssl_context=implicit, ready_timeout=10)

    def factory(self) -> SMTP:
        return SMTP(self.handler, tls_context=self.starttls, require_starttls=self.starttls is not None, **self.more)

    def _trigger_server(self) -> None:
        """The library asks the port that it was given, which is 0 here."""
        assert self.server is not None
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]  # the library's own, untyped


@contextmanager
def serving(
    handler: Handler, starttls: ssl.SSLContext | None = None, implicit: ssl.SSLContext | None = None, **more: Any
) -> Iterator[int]:
    controller = Server(handler, starttls=starttls, implicit=implicit, **more)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


def settings(
    authority: Authority | None, port: int, to: tuple[str, ...] = ("sec@example.com",), **values: Any
) -> EmailSettings:
    return EmailSettings(
        **{
            "host": "localhost",
            "port": port,
            "sender": "gate@example.com",
            "to": to,
            "ca_file": authority.ca_file if authority else "",
            "allow_internal": ("localhost",),
            "timeout_seconds": 5.0,
            **values,
        }
    )


def send(of: EmailSettings) -> Done | Failed:
    return carry(render(of, NOTICE, Context(NOW)), of)


LOGIN: dict[str, Any] = {"auth_required": True, "auth_require_tls": True, "authenticator": check}


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_mail_over_tls_with_a_password(authority: Authority, security: str) -> None:
    handler, context = Handler(), authority.server("localhost")
    contexts = {"starttls": context} if security == "starttls" else {"implicit": context}
    more: dict[str, Any] = LOGIN if security == "starttls" else {"auth_require_tls": False, "authenticator": check}
    with serving(handler, **contexts, **more) as port:
        of = settings(authority, port, security=security, user="gate", password="pw")
        assert send(of) == Done()
    ((sender, recipients, content, secure),) = handler.mails
    assert (sender, recipients) == ("gate@example.com", ["sec@example.com"])
    # The server notes STARTTLS only; with TLS from the first byte nothing else could have been understood.
    assert secure is (security == "starttls")
    assert content == render(of, NOTICE, Context(NOW)).message


def test_a_relay_on_this_machine_without_tls() -> None:
    handler = Handler()
    with serving(handler) as port:
        assert send(settings(None, port, security="plain")) == Done()
    assert [mail[3] for mail in handler.mails] == [False]


def test_a_server_without_starttls_gets_nothing(authority: Authority) -> None:
    handler = Handler()
    with serving(handler) as port:
        assert send(settings(authority, port)) == Failed("tls", "localhost does not offer STARTTLS")
    assert handler.mails == []


def test_a_certificate_of_somebody_else(authority: Authority) -> None:
    handler = Handler()
    with serving(handler, authority.server("other.example")) as port:
        failed = send(settings(authority, port))
        assert failed == Failed("tls", "localhost: Hostname mismatch, certificate is not valid for 'localhost'.")
        unknown = send(settings(None, port))
        assert unknown == Failed("tls", "localhost: unable to get local issuer certificate")
    assert handler.mails == []


def test_a_wrong_password_is_told_without_it(authority: Authority) -> None:
    handler = Handler()
    with serving(handler, authority.server("localhost"), **LOGIN) as port:
        assert send(settings(authority, port, user="gate", password="wrong")) == Failed("login", "535", 535)
    assert handler.mails == []


def test_a_server_that_knows_no_passwords(authority: Authority) -> None:
    with serving(Handler(), authority.server("localhost"), auth_exclude_mechanism=["LOGIN", "PLAIN"]) as port:
        failed = send(settings(authority, port, user="gate", password="pw"))
    assert isinstance(failed, Failed)
    assert failed.cause == "setting" or failed.reason.startswith("localhost: SMTP")


@pytest.mark.parametrize(
    ("to", "answer"),
    [
        (("a@no.example",), Failed("setting", "no recipient is taken: 550 5.1.1 nobody here", 550)),
        (("a@later.example",), Failed("connect", "no recipient is taken now: 450 4.2.0 later", 450)),
        (
            ("a@x.example", "b@no.example", "c@later.example"),
            Done((("b@no.example", "550 5.1.1 nobody here"), ("c@later.example", "450 4.2.0 later"))),
        ),
    ],
)
def test_recipients(to: tuple[str, ...], answer: Done | Failed) -> None:
    handler = Handler()
    with serving(handler) as port:
        assert send(settings(None, port, to, security="plain")) == answer
    assert len(handler.mails) == (1 if isinstance(answer, Done) else 0)


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("552 5.3.4 too big", Failed("rejected", "552 5.3.4 too big", 552)),
        ("451 4.3.0 try later", Failed("connect", "451 4.3.0 try later", 451)),
    ],
)
def test_a_mail_that_is_refused(words: str, answer: Failed) -> None:
    handler = Handler()
    handler.data_answer = words
    with serving(handler) as port:
        assert send(settings(None, port, security="plain")) == answer


def test_a_mail_that_is_larger_than_the_server_says_is_not_sent() -> None:
    handler = Handler()
    with serving(handler, data_size_limit=500) as port:
        assert send(settings(None, port, security="plain")) == Failed("rejected", "localhost takes at most 500 bytes")
    assert handler.mails == []


def test_inside_is_refused() -> None:
    with serving(Handler()) as port:
        failed = send(settings(None, port, security="plain", allow_internal=()))
    assert isinstance(failed, Failed)
    assert failed.cause == "address"


@contextmanager
def silent(first: bytes) -> Iterator[int]:
    """A server that says this and then drips nonsense."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(1)
        listener.settimeout(5)

        def run() -> None:
            try:
                connection, _ = listener.accept()
                with connection:
                    connection.sendall(first)
                    for _ in range(60):
                        connection.sendall(b"2")
                        time.sleep(0.05)
            except OSError:
                return

        thread = threading.Thread(target=run)
        thread.start()
        yield listener.getsockname()[1]
        thread.join()


@pytest.mark.parametrize("first", [b"", b"220 hello\r\n", b"220 hello\r\n250-x\r\n"])
def test_the_time_is_of_the_whole_dialogue(first: bytes) -> None:
    started = time.monotonic()
    with silent(first) as port:
        failed = send(settings(None, port, security="plain", timeout_seconds=0.5))
        assert time.monotonic() - started < 1.5
    assert isinstance(failed, Failed)
    assert failed.cause == "timeout"


@pytest.mark.parametrize("first", [b"500 go away\r\n", b"rubbish\r\n", b"421 busy\r\n"])
def test_what_is_no_mail_server(first: bytes) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(1)
        port = listener.getsockname()[1]

        def run() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.sendall(first)

        thread = threading.Thread(target=run)
        thread.start()
        failed = send(settings(None, port, security="plain"))
        thread.join()
    assert isinstance(failed, Failed)
    assert not failed.sent


def test_settings_of_any_destination_are_enough() -> None:
    mail = Mail("localhost", 1, "plain", "a@b.example", ("c@d.example",), b"x\r\n")
    failed = carry(mail, Settings(allow_internal=("localhost",), timeout_seconds=2))
    assert isinstance(failed, Failed)
    assert failed.cause == "connect"

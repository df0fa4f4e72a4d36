"""SHELL. Connections of deliveries: a name is looked up once, every address is judged, and that is connected to.

INVARIANT: nothing here connects to an address that `routing.addresses` did not judge, and nothing looks a name up
twice: a name that changes between the judgement and the connection (DNS rebinding) gains nothing.
A proxy is chosen by an administrator and is not judged; the host behind it is, as far as its name is known here.
Must not be here: protocols above (`http`, `smtp`, `tcp`).
"""

import errno
import os
import select
import socket
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import urlsplit

import h11

from spawngate.routing.addresses import Allowed, allowed, refusal
from spawngate.routing.destination import Failed
from spawngate.routing.settings import Settings

Resolve = Callable[[str, int], Sequence[str]]
LOOK = 0.2
"""Seconds between two looks at whether this process is ending."""
_LARGEST_HEAD = 16_384
_SLOW_LOOKUPS = threading.BoundedSemaphore(32)
"""Look-ups that hang: the library cannot be interrupted, so each holds a thread."""


class NotCarriedError(Exception):
    """Something was not carried out. `failed` is the answer that says why."""

    def __init__(self, failed: Failed) -> None:
        super().__init__(failed.reason)
        self.failed = failed


@dataclass(slots=True)
class Deadline:
    """The moment by which everything has to be done, or by which nothing more is worth being done."""

    seconds: float
    ends: float = field(init=False)
    ended: Callable[[], bool] = lambda: False
    """Whether this process is ending: asked often, whatever is waited for."""
    opened: Callable[[socket.socket], None] = lambda connection: None
    """Told every connection that is made, before anything is said over it."""

    def __post_init__(self) -> None:
        self.ends = time.monotonic() + self.seconds

    def left(self) -> float:
        """Seconds that are left. Raises NotCarriedError where there are none."""
        if self.ended():
            raise NotCarriedError(Failed("timeout", "this process is ending"))
        left = self.ends - time.monotonic()
        if left <= 0:
            raise NotCarriedError(Failed("timeout", f"not done within {self.seconds:g} s"))
        return left

    def soon(self, most: float = LOOK) -> float:
        """Seconds until somebody who waits looks up again. Raises NotCarriedError where none are left."""
        return min(most, self.left())


def resolve(host: str, port: int) -> Sequence[str]:
    """Addresses of a host, in the order of the system. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


def connect(host: str, port: int, settings: Settings, deadline: Deadline, resolve: Resolve = resolve) -> socket.socket:
    """A connection to a host that may be reached. Raises NotCarriedError."""
    may = allowed(settings.allow_internal)
    if settings.proxy:
        return _through_proxy(host, port, settings, may, deadline, resolve)
    addresses = looked_up(host, port, deadline, resolve)
    judge(host, addresses, may)
    return _to_one_of(host, addresses, port, deadline)


def judge(host: str, addresses: Sequence[str], may: Allowed) -> None:
    """Refuse a host of which one address must not be reached. Raises NotCarriedError.

    One is enough: a name that has a public and an inner address is somebody's attempt to get past a check of the first.
    """
    for address in addresses:
        reason = refusal(host, address, may)
        if reason:
            raise NotCarriedError(Failed("address", f"{host}: {reason}"))


def looked_up(host: str, port: int, deadline: Deadline, resolve: Resolve = resolve) -> Sequence[str]:
    """Addresses of a host, within the time. Raises NotCarriedError."""
    found: list[Sequence[str]] = []
    problem: list[str] = []

    def ask() -> None:
        try:
            found.append(resolve(host, port))
        except (OSError, UnicodeError) as error:
            problem.append(getattr(error, "strerror", None) or "is no name")
        finally:
            _SLOW_LOOKUPS.release()

    try:
        while not _SLOW_LOOKUPS.acquire(timeout=deadline.soon()):
            pass
    except NotCarriedError:
        raise NotCarriedError(Failed("timeout", f"{host}: names are not being looked up")) from None
    thread = threading.Thread(target=ask, name="look-up", daemon=True)
    thread.start()
    try:
        while thread.is_alive():
            thread.join(deadline.soon())
    except NotCarriedError:
        raise NotCarriedError(Failed("timeout", f"{host}: the name was not looked up in time")) from None
    if found and found[0]:
        return found[0]
    raise NotCarriedError(Failed("connect", f"{host}: {problem[0] if problem else 'has no address'}"))


def _to_one_of(host: str, addresses: Sequence[str], port: int, deadline: Deadline) -> socket.socket:
    problem = ""
    for number, address in enumerate(addresses):
        # The last one may have all the time that is left; one before it must leave some.
        share = deadline.left() / (1 if number == len(addresses) - 1 else 2)
        try:
            connection = _to(address, port, share, deadline)
            deadline.opened(connection)
            return connection
        except TimeoutError:
            problem = f"{address} did not answer"
        except OSError as error:
            problem = f"{address}: {error.strerror or error}"
    raise NotCarriedError(Failed("connect", f"{host}: {problem}"))


def _to(address: str, port: int, seconds: float, deadline: Deadline) -> socket.socket:
    """A connection to an address. Raises TimeoutError, OSError, NotCarriedError."""
    until = time.monotonic() + seconds
    found = socket.getaddrinfo(address, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    family, kind, protocol, _, place = found[0]
    connection = socket.socket(family, kind, protocol)
    try:
        connection.setblocking(False)
        error = connection.connect_ex(place)
        waiting = select.poll()
        waiting.register(connection, select.POLLOUT)
        while error in (errno.EINPROGRESS, errno.EWOULDBLOCK):
            if time.monotonic() >= until:
                raise TimeoutError
            if waiting.poll(deadline.soon(min(LOOK, max(0.001, until - time.monotonic()))) * 1000):
                error = connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if error:
            raise OSError(error, os.strerror(error))
        connection.settimeout(seconds)
        return connection
    except BaseException:
        connection.close()
        raise


def _through_proxy(
    host: str, port: int, settings: Settings, may: Allowed, deadline: Deadline, resolve: Resolve
) -> socket.socket:
    try:
        judge(host, looked_up(host, port, deadline, resolve), may)
    except NotCarriedError as error:
        # Where only the proxy can look names up, it alone decides; an address is its own name and is always judged.
        if error.failed.cause == "address":
            raise
    parts = urlsplit(settings.proxy)
    name = parts.hostname or ""
    addresses = looked_up(name, parts.port or 80, deadline, resolve)
    connection = _to_one_of(name, addresses, parts.port or 80, deadline)
    try:
        _tunnel(connection, host, port, deadline)
    except BaseException:
        connection.close()
        raise
    return connection


def _tunnel(connection: socket.socket, host: str, port: int, deadline: Deadline) -> None:
    target = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    wire = h11.Connection(h11.CLIENT, max_incomplete_event_size=_LARGEST_HEAD)
    request = h11.Request(method="CONNECT", target=target, headers=[("host", target)])
    try:
        connection.settimeout(deadline.left())
        connection.sendall((wire.send(request) or b"") + (wire.send(h11.EndOfMessage()) or b""))
        while True:
            event = wire.next_event()
            if event is h11.NEED_DATA:
                connection.settimeout(deadline.left())
                wire.receive_data(connection.recv(4096))
            elif isinstance(event, h11.InformationalResponse):
                continue
            elif isinstance(event, h11.Response) and 200 <= event.status_code < 300:
                if wire.trailing_data[0]:
                    raise NotCarriedError(Failed("protocol", "the proxy sent data of its own"))
                return
            else:
                status = event.status_code if isinstance(event, h11.Response) else "nothing"
                raise NotCarriedError(Failed("connect", f"the proxy answered {status}"))
    except h11.ProtocolError as error:
        raise NotCarriedError(Failed("protocol", f"the proxy: {error}")) from None
    except TimeoutError:
        raise NotCarriedError(Failed("timeout", "the proxy did not answer in time")) from None
    except OSError as error:
        raise NotCarriedError(Failed("connect", f"the proxy: {error.strerror or error}")) from None


def trust(ca_file: str) -> ssl.SSLContext:
    """Certificates are verified and must have the host's name; a private authority takes the place of the system's.

    Raises OSError (and ssl.SSLError, which is one) where the file is not there or holds none.
    """
    return _trust(ca_file, os.stat(ca_file).st_mtime_ns if ca_file else 0)


@lru_cache(maxsize=64)
def _trust(ca_file: str, changed: int) -> ssl.SSLContext:
    """Kept until the file changes: to read the system's authorities takes longer than a handshake."""
    context = ssl.create_default_context(cafile=ca_file or None)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def identified(ca_file: str, certificate_file: str, key_file: str) -> ssl.SSLContext:
    """As `trust`, with a client certificate. Not kept: certificates are renewed under the same name.

    Raises OSError and ValueError where a file is not there, is of another key, or the key is encrypted.
    """
    context = ssl.create_default_context(cafile=ca_file or None)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    # Without a password of ours an encrypted key would be asked for on the terminal.
    context.load_cert_chain(certificate_file, key_file or None, password="")
    return context


def context_of(settings: Settings) -> ssl.SSLContext:
    """What a destination trusts, and the certificate that it shows. Raises NotCarriedError."""
    try:
        context = trust(settings.ca_file)
    except OSError as error:
        reason = error.strerror or "no certificate"
        raise NotCarriedError(Failed("setting", f"ca_file cannot be used: {reason}")) from None
    if not settings.certificate_file:
        return context
    try:
        return identified(settings.ca_file, settings.certificate_file, settings.key_file)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "no certificate with its key"
        raise NotCarriedError(Failed("setting", f"certificate_file cannot be used: {reason}")) from None


def secured(connection: socket.socket, host: str, settings: Settings, deadline: Deadline) -> ssl.SSLSocket:
    """TLS on a connection. Closes it where that fails. Raises NotCarriedError."""
    try:
        context = context_of(settings)
    except NotCarriedError:
        connection.close()
        raise
    try:
        # Python leaves its own socket open where it finds the other side gone before the first byte of TLS.
        connection.getpeername()
    except OSError as error:
        connection.close()
        raise NotCarriedError(Failed("connect", f"{host}: {error.strerror or 'gone'}")) from None
    try:
        connection.settimeout(deadline.left())
        return context.wrap_socket(connection, server_hostname=host)
    except ssl.SSLCertVerificationError as error:
        raise NotCarriedError(Failed("tls", f"{host}: {error.verify_message}")) from None
    except TimeoutError:
        raise NotCarriedError(Failed("timeout", f"{host}: no TLS in time")) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", None) or getattr(error, "strerror", None) or "no TLS"
        raise NotCarriedError(Failed("tls", f"{host}: {reason}")) from None
    finally:
        # wrap_socket detaches the plain socket where it succeeds, so that this closes only what failed.
        connection.close()

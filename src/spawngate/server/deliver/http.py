"""SHELL. One HTTP request over one guarded connection, within one time limit.

h11 and a socket rather than a client library: the connection has to go to the address that was judged, nothing may be
redirected, no variable of the environment may choose a proxy, and the limit is of the whole and not of each read.
docs/adr/0013-deliveries.md has the choice. No connection is kept: what is delivered is rare or batched, and a handshake
per batch costs less than a stale connection's doubt whether a POST was carried out.
Must not be here: what an answer means (`routing.destination`).
"""

import contextlib
import socket
from collections.abc import Callable
from urllib.parse import urlsplit

import h11

from spawngate import __version__
from spawngate.routing.destination import Failed, HttpAnswer, HttpRequest
from spawngate.routing.settings import Settings
from spawngate.server.deliver.network import Deadline, NotCarriedError, connect, secured

AGENT = f"Spawngate/{__version__}"
_LARGEST_HEAD = 65_536
_PORTS = {"http": 80, "https": 443}

Connect = Callable[[str, int, Settings, Deadline], socket.socket]


def carry(request: HttpRequest, settings: Settings, connect: Connect = connect) -> HttpAnswer | Failed:
    """Send the request and read the answer. Raises nothing for what the other side does."""
    deadline = Deadline(settings.timeout_seconds)
    sent = False
    try:
        parts = urlsplit(request.url)
        host, scheme = parts.hostname or "", parts.scheme
        port = parts.port or _PORTS.get(scheme, 0)
        if not host or not port:
            return Failed("setting", "the address has no host that could be asked")
        head = _head(request, host, port, scheme)
        connection = connect(host, port, settings, deadline)
        with contextlib.ExitStack() as stack:
            if scheme == "https":
                connection = secured(connection, host, settings, deadline)
            stack.callback(connection.close)
            wire = h11.Connection(h11.CLIENT, max_incomplete_event_size=_LARGEST_HEAD)
            data = (wire.send(head) or b"") + (wire.send(h11.Data(request.body)) or b"" if request.body else b"")
            data += wire.send(h11.EndOfMessage()) or b""
            sent = True
            _send(connection, data, deadline)
            return _answer(connection, wire, request.largest, deadline)
    except NotCarriedError as error:
        failed = error.failed
        return Failed(failed.cause, failed.reason, sent=sent)
    except h11.LocalProtocolError:
        # A header that is none. The message of h11 would hold its value.
        return Failed("setting", "the request cannot be written: a header or the address is not one")
    except h11.RemoteProtocolError as error:
        return Failed("protocol", f"this is no answer of an HTTP server: {error}"[:300], sent=sent)
    except TimeoutError:
        return Failed("timeout", f"not done within {settings.timeout_seconds:g} s", sent=sent)
    except (OSError, ValueError) as error:
        return Failed("connect", f"{getattr(error, 'strerror', None) or type(error).__name__}", sent=sent)


def _head(request: HttpRequest, host: str, port: int, scheme: str) -> h11.Request:
    parts = urlsplit(request.url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    named = f"[{host}]" if ":" in host else host
    if port != _PORTS.get(scheme):
        named = f"{named}:{port}"
    headers = [
        ("Host", named),
        ("User-Agent", AGENT),
        ("Accept-Encoding", "identity"),
        ("Connection", "close"),
        *request.headers,
    ]
    if request.body or request.method in ("POST", "PUT", "PATCH"):
        headers.append(("Content-Length", str(len(request.body))))
    return h11.Request(method=request.method, target=target, headers=headers)


def _send(connection: socket.socket, data: bytes, deadline: Deadline) -> None:
    """Everything within the time. A server that answers and closes before it has read all is heard nevertheless."""
    view = memoryview(data)
    while view:
        connection.settimeout(deadline.left())
        try:
            view = view[connection.send(view[:65_536]) :]
        except (BrokenPipeError, ConnectionResetError):
            return


def _answer(connection: socket.socket, wire: h11.Connection, largest: int, deadline: Deadline) -> HttpAnswer:
    status, headers = 0, ()
    body = bytearray()
    found: tuple[tuple[str, str], ...] = headers
    while True:
        event = wire.next_event()
        if event is h11.NEED_DATA:
            connection.settimeout(deadline.left())
            wire.receive_data(connection.recv(65_536))
        elif isinstance(event, h11.Response):
            status = event.status_code
            found = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in event.headers)
        elif isinstance(event, h11.Data):
            body += event.data
            if len(body) > largest:
                # Enough is known. What still comes is not read: it may have no end.
                return HttpAnswer(status, found, bytes(body[:largest]), cut=True)
        elif isinstance(event, h11.EndOfMessage):
            return HttpAnswer(status, found, bytes(body))
        elif isinstance(event, h11.InformationalResponse):
            continue
        else:
            raise h11.RemoteProtocolError("the connection ended before an answer did")

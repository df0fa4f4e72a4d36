"""SHELL. One request to a remote server and its response, piece by piece, over TLS where the address says so.

Must not be here: what is sent and what comes of it (`protocol.http`). No redirect is followed, no proxy of the
environment is used, no certificate is taken on trust.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import h11

from spawngate.model.errors import UsageError

CONNECT_SECONDS = 15.0
HEAD_SECONDS = 300.0
"""Until the head of the response: a tool may take its time."""
MOST_IDLE = 8
IDLE_SECONDS = 20.0
"""How long a connection is kept for another request; servers keep theirs longer."""
_READ = 64 << 10
_MAX_HEAD = 256 << 10


class UpstreamError(Exception):
    """The server cannot be reached or speaks no HTTP. The message says which and quotes nothing."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a remote server is."""

    host: str
    port: int
    tls: bool
    target: str
    """Path and query."""

    @property
    def authority(self) -> str:
        """What the Host header says."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.tls else 80) else f"{host}:{self.port}"


def address_of(url: str) -> Address:
    """The address of a server. Raises UsageError for anything else than http and https without a user."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise UsageError("the server's address is no URL") from None
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc or not url.isprintable() or " " in url:
        raise UsageError("the server's address must be http://host/path or https://host/path, without a user")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not (host.isascii() and target.isascii()):
        raise UsageError("the server's address must be ASCII; write it with punycode and percent signs")
    tls = parts.scheme == "https"
    return Address(host, port if port is not None else (443 if tls else 80), tls, target)


class Idle:
    """Connections to one server that may serve another request."""

    def __init__(self) -> None:
        self._kept: list[tuple[float, _Wire]] = []

    def take(self) -> _Wire | None:
        """A connection that was open a moment ago; None where there is none."""
        now = asyncio.get_running_loop().time()
        while self._kept:
            until, wire = self._kept.pop()
            # What a server says without being asked is the end of a connection, or nonsense.
            if now < until and not wire.reader.at_eof() and not wire.writer.is_closing():
                return wire
            wire.writer.close()
        return None

    def keep(self, wire: _Wire) -> None:
        """Takes a connection whose last response is read to its end."""
        if len(self._kept) >= MOST_IDLE:
            wire.writer.close()
        else:
            self._kept.append((asyncio.get_running_loop().time() + IDLE_SECONDS, wire))

    def close(self) -> None:
        """Ends all of them."""
        for _, wire in self._kept:
            wire.writer.close()
        self._kept.clear()


@dataclass(frozen=True, slots=True)
class _Wire:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    connection: h11.Connection


class Response:
    """The response of a server: its head, then its body in pieces."""

    def __init__(self, wire: _Wire, idle: Idle | None) -> None:
        self._wire = wire
        self._connection = wire.connection
        self._reader = wire.reader
        self._writer = wire.writer
        self._idle = idle
        self.status = 0
        self.headers: list[tuple[str, str]] = []

    async def ask(self, address: Address, method: str, headers: list[tuple[str, str]], body: bytes) -> None:
        """Writes the request and waits for the head of the response."""
        sent = [("Host", address.authority), *headers]
        if self._idle is None:
            sent.append(("Connection", "close"))
        if method == "POST":
            sent.append(("Content-Length", str(len(body))))
        request = h11.Request(
            method=method.encode("ascii"),
            target=address.target.encode("ascii"),
            headers=[(name.encode("latin-1"), value.encode("latin-1")) for name, value in sent],
        )
        written = self._connection.send(request) or b""
        written += self._connection.send(h11.Data(data=body)) or b"" if body else b""
        self._writer.write(written + (self._connection.send(h11.EndOfMessage()) or b""))
        await self._writer.drain()
        await self.head()

    def abandon(self) -> None:
        """Ends the connection, whatever became of the request."""
        self._writer.close()

    async def head(self) -> None:
        """Waits for the head. Raises UpstreamError."""
        try:
            async with asyncio.timeout(HEAD_SECONDS):
                event = await self._next()
                while isinstance(event, h11.InformationalResponse):
                    event = await self._next()
        except TimeoutError:
            raise UpstreamError("the server did not answer in time") from None
        if not isinstance(event, h11.Response):
            raise UpstreamError("the server closed the connection without an answer")
        self.status = event.status_code
        self.headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in event.headers]

    async def body(self) -> AsyncIterator[bytes]:
        """Pieces of the body as they come. Raises UpstreamError where it breaks off."""
        while isinstance(event := await self._next(), h11.Data):
            yield bytes(event.data)
        if not isinstance(event, h11.EndOfMessage):
            raise UpstreamError("the server broke off its answer")

    async def _next(self) -> object:
        while True:
            try:
                event = self._connection.next_event()
                if event is not h11.NEED_DATA:
                    return event
                self._connection.receive_data(await self._reader.read(_READ))
            except h11.RemoteProtocolError:
                raise UpstreamError("the server's answer is no HTTP, or breaks off") from None
            except (OSError, asyncio.IncompleteReadError):
                raise UpstreamError("the connection to the server broke") from None

    def close(self) -> None:
        """Ends the connection, which the server takes for a cancellation; keeps one whose response is at its end."""
        connection = self._connection
        done = connection.our_state is h11.DONE and connection.their_state is h11.DONE
        if self._idle is not None and done and not connection.trailing_data[0]:
            connection.start_next_cycle()
            self._idle.keep(self._wire)
        else:
            self._writer.close()


async def send(
    address: Address,
    method: str,
    headers: list[tuple[str, str]],
    body: bytes,
    tls: ssl.SSLContext | None = None,
    idle: Idle | None = None,
) -> Response:
    """Sends one request and waits for the head of the response. Raises UpstreamError.

    `tls` stands for the system's trust where it is given. `idle`: connections that may be used, and where this one is
    kept; a request whose connection turns out to be gone is not sent a second time, because it may have been carried
    out.
    """
    wire = idle.take() if idle is not None else None
    response = Response(wire or await _connect(address, tls), idle)
    try:
        await response.ask(address, method, headers, body)
    except (h11.LocalProtocolError, UnicodeEncodeError):
        response.abandon()
        raise UpstreamError("the request cannot be written as HTTP") from None
    except OSError:
        response.abandon()
        raise UpstreamError("the connection to the server broke") from None
    except BaseException:
        response.abandon()
        raise
    return response


async def _connect(address: Address, tls: ssl.SSLContext | None) -> _Wire:
    context = (tls or ssl.create_default_context()) if address.tls else None
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            reader, writer = await asyncio.open_connection(
                address.host, address.port, ssl=context, limit=_READ, happy_eyeballs_delay=0.25
            )
    except TimeoutError:
        raise UpstreamError("the server cannot be reached in time") from None
    except ssl.SSLError:
        raise UpstreamError("the server's certificate is not trusted, or it speaks no TLS") from None
    except OSError:
        raise UpstreamError("the server cannot be reached") from None
    return _Wire(reader, writer, h11.Connection(h11.CLIENT, max_incomplete_event_size=_MAX_HEAD))

"""A remote server for the tests: what it got, and raw bytes that it answers with."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class FakeServer:
    """Answers each connection with `pieces`, one after another; an Event among them is waited for."""

    def __init__(self, pieces: list[bytes | asyncio.Event]) -> None:
        self.pieces = pieces
        self.got: list[bytes] = []
        self.port = 0
        self.closed = asyncio.Event()
        """Set when the proxy has closed a connection before all was said."""

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            length = next(
                (int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0
            )
            self.got.append(head + await reader.readexactly(length))
            gone = asyncio.ensure_future(reader.read())
            for piece in self.pieces:
                if isinstance(piece, asyncio.Event):
                    wait = asyncio.ensure_future(piece.wait())
                    await asyncio.wait((wait, gone), return_when=asyncio.FIRST_COMPLETED)
                    wait.cancel()
                    if gone.done():
                        self.closed.set()
                        return
                else:
                    writer.write(piece)
                    await writer.drain()
            gone.cancel()
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            self.closed.set()
        finally:
            writer.close()


@asynccontextmanager
async def fake(*pieces: bytes | asyncio.Event, tls: ssl.SSLContext | None = None) -> AsyncIterator[FakeServer]:
    """A server on loopback for as long as the block lasts."""
    server = FakeServer(list(pieces))
    listening = await asyncio.start_server(server.connected, "127.0.0.1", 0, ssl=tls)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()
        await listening.wait_closed()


def ok(body: bytes, kind: str = "application/json", extra: str = "") -> bytes:
    """A whole response."""
    return f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n{extra}\r\n".encode() + body

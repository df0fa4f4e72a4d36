"""SHELL. How long a connection may take to say what it wants: uvicorn's HTTP/1.1, with an end to waiting.

uvicorn 0.54 waits for the head of a request for ever: a connection that sends nothing, or a byte now and then, holds a
file descriptor until the server has none left (slowloris). Bodies have their own time (`server.bodies`), and so has a
connection that is kept between two requests (uvicorn's `timeout_keep_alive`).
Must not be here: requests.
"""

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS = 20.0
"""From the first moment of a connection, or the first byte of a further request, to the end of its head."""


class Patient(H11Protocol):
    """One connection."""

    _head: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """The client may speak."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """The client says something: a whole head, or a part of one."""
        super().data_received(data)
        if self.conn.their_state is h11.IDLE:
            self._wait()
        else:
            self._stop()

    def connection_lost(self, exc: Exception | None) -> None:
        """It is over."""
        self._stop()
        super().connection_lost(exc)

    def _wait(self) -> None:
        if self._head is None:
            self._head = self.loop.call_later(HEAD_SECONDS, self._too_slow)

    def _stop(self) -> None:
        if self._head is not None:
            self._head.cancel()
            self._head = None

    def _too_slow(self) -> None:
        self._head = None
        if self.conn.their_state is h11.IDLE and not self.transport.is_closing():
            self.transport.close()

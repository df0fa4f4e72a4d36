"""SHELL. Two sockets joined: what one says goes to the other, until both have ended.

Belongs here: non-blocking bytes, back-pressure, half-closed connections. Must not be here: who is joined with whom
(`egress`).
"""

from __future__ import annotations

import _socket

from spawngate.endpoint.launcher.loop import READ, WRITE, Loop

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

CHUNK = 64 << 10
"""Bytes of one read."""
FULL = 256 << 10
"""Bytes that wait for one side while the other is read no more."""


class End:
    """One socket on the loop. `take(data)` gets every piece, an empty one at the end; `broken()` is called once."""

    def __init__(
        self, loop: Loop, socket: _socket.socket, take: Callable[[bytes], None], broken: Callable[[], None]
    ) -> None:
        socket.setblocking(False)
        self._loop = loop
        self.socket = socket
        self.take = take
        self.broken = broken
        self.drained: Callable[[], None] = lambda: None
        """Called when what waited has been sent."""
        self._waiting: list[memoryview] = []
        self.size = 0
        """Bytes that wait to be sent."""
        self.ended = False
        """It says nothing more."""
        self.finishing = False
        """It is told nothing more, after what waits."""
        self.closed = False
        self._paused = True
        self._mask = 0

    def pause(self, paused: bool) -> None:
        """Read no more for now, or go on."""
        self._paused = paused
        self._watch()

    def _watch(self) -> None:
        if self.closed:
            return
        mask = (0 if self._paused or self.ended else READ) | (WRITE if self._waiting else 0)
        if mask != self._mask:
            self._mask = mask
            if mask:
                self._loop.watch(self.socket.fileno(), mask, self._ready)
            else:
                self._loop.forget(self.socket.fileno())

    def _ready(self, happened: int) -> None:
        if self._waiting and happened & ~READ:
            self._send()
        if not self.closed and not self._paused and not self.ended and happened & ~WRITE:
            self._receive()

    def _receive(self) -> None:
        try:
            data = self.socket.recv(CHUNK)
        except (BlockingIOError, InterruptedError):
            return None
        except OSError:
            return self._break()
        if not data:
            self.ended = True
            self._watch()
        self.take(data)
        return None

    def write(self, data: bytes) -> None:
        """All of `data`, now or later."""
        if self.closed or self.finishing or not data:
            return
        self._waiting.append(memoryview(data))
        self.size += len(data)
        if len(self._waiting) == 1:
            self._send()

    def finish(self) -> None:
        """Nothing more comes, after what waits."""
        if not self.finishing:
            self.finishing = True
            if not self._waiting:
                self._shut()

    def _shut(self) -> None:
        if self.closed:
            return
        try:
            self.socket.shutdown(_socket.SHUT_WR)
        except OSError:
            return  # the other side is gone, which reading tells

    def _send(self) -> None:
        try:
            while self._waiting:
                first = self._waiting[0]
                done = self.socket.send(first)
                self.size -= done
                if done == len(first):
                    del self._waiting[0]
                else:
                    self._waiting[0] = first[done:]
        except (BlockingIOError, InterruptedError):
            pass
        except OSError:
            return self._break()
        self._watch()
        if not self._waiting:
            if self.finishing:
                self._shut()
            self.drained()
        return None

    def _break(self) -> None:
        if not self.closed:
            self.close()
            self.broken()

    def close(self) -> None:
        """The end, now."""
        if not self.closed:
            self.closed = True
            if self._mask:
                self._loop.forget(self.socket.fileno())
            self._waiting.clear()
            self.size = 0
            self.socket.close()


def join(one: End, other: End, done: Callable[[], None], change: Callable[[bytes], bytes] = lambda data: data) -> None:
    """Carry bytes both ways. `done()` is called once, when both are closed.

    `change` gets all that the other says, and an empty piece at its end; what it gives goes to the one.
    """
    over = False

    def finish() -> None:
        nonlocal over
        one.close()
        other.close()
        if not over:
            over = True
            done()

    def carry(source: End, target: End) -> None:
        def take(data: bytes) -> None:
            if source is other:
                target.write(change(data))
            if data:
                if source is one:
                    target.write(data)
                if target.size > FULL:
                    source.pause(True)
            else:
                target.finish()
                settle()

        def drained() -> None:
            source.pause(False)
            settle()

        source.take, target.drained = take, drained
        source.broken = finish

    def settle() -> None:
        if one.ended and other.ended and not one.size and not other.size:
            finish()

    carry(one, other)
    carry(other, one)
    for side in (one, other):
        if side.ended:
            side.take(b"")
    for side in (one, other):
        side.pause(False)

"""SHELL. Names looked up beside the loop: the system's own resolver blocks, so each question has a thread.

Must not be here: which addresses may be used (`launch.hosts`).
"""

from __future__ import annotations

import _socket
import _thread
import os

from spawngate.endpoint.launcher.loop import READ, Loop

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    Found = list[tuple[int, str, int]]
    """Family, address, port; empty where there is none."""

AT_ONCE = 8
"""Questions to the resolver at the same time; others wait for their turn."""
WAITING = 256
"""Questions that wait at most; of more the answer is that there is none."""


class Lookups:
    """`ask(host, port, done)` calls `done(found)` once, never at once and never after `close`."""

    def __init__(self, loop: Loop) -> None:
        self._loop = loop
        self._reader, self._writer = os.pipe()
        for end in (self._reader, self._writer):
            os.set_blocking(end, False)
        loop.watch(self._reader, READ, self._came)
        self._lock = _thread.allocate_lock()
        self._answers: list[tuple[int, Found]] = []
        self._asked: dict[int, Callable[[Found], None]] = {}
        self._queue: list[tuple[int, str, int]] = []
        self._running = 0
        self._number = 0
        self._closed = False

    def ask(self, host: str, port: int, done: Callable[[Found], None]) -> None:
        """See the class. `host` is ASCII."""
        if len(self._queue) >= WAITING:
            self._loop.after(0, lambda: done([]))
            return
        self._number += 1
        self._asked[self._number] = done
        self._queue.append((self._number, host, port))
        self._go_on()

    def _go_on(self) -> None:
        while self._queue and self._running < AT_ONCE:
            number, host, port = self._queue.pop(0)
            self._running += 1
            try:
                _thread.start_new_thread(self._look_up, (number, host, port))
            except RuntimeError:  # the system gives no more threads
                self._answers.append((number, []))
                self._wake()

    def _look_up(self, number: int, host: str, port: int) -> None:
        found: Found = []
        try:
            # As bytes: for text the name would be spelled by rules that load a codec.
            for family, _kind, _protocol, _name, address in _socket.getaddrinfo(
                host.encode("ascii"), port, 0, _socket.SOCK_STREAM
            ):
                one = (int(family), str(address[0]), port)
                if family in (_socket.AF_INET, _socket.AF_INET6) and one not in found:
                    found.append(one)
        except (OSError, ValueError):
            found = []
        with self._lock:
            self._answers.append((number, found))
            if not self._closed:
                self._wake()

    def _wake(self) -> None:
        try:
            os.write(self._writer, b"x")
        except OSError:
            return  # full: it is awake anyway

    def _came(self, _happened: int) -> None:
        try:
            os.read(self._reader, 4096)
        except OSError:
            return
        with self._lock:
            answers, self._answers = self._answers, []
        for number, found in answers:
            self._running -= 1
            done = self._asked.pop(number, None)
            if done is not None:
                done(found)
        self._go_on()

    def close(self) -> None:
        """Nobody is told anything any more."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            self._asked.clear()
            self._queue.clear()
            self._loop.forget(self._reader)
            os.close(self._reader)
            os.close(self._writer)

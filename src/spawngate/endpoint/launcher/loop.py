"""SHELL. One loop over descriptors, timers and signals, for a process that carries bytes and must never block.

Belongs here: readiness, and reading and writing without changing flags that others share. Must not be here: what the
bytes mean. `poll` and no `selectors`: that module brings `math`, `collections` and `abc` into a process that starts
with every server.
"""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]  # compiled in; `signal` would import enum
import _socket
import os
import select
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

CHUNK = 256 << 10
"""Bytes of one read."""
PIPE_BUF = 4096
"""Bytes that a pipe which is ready takes without blocking."""
READ = select.POLLIN
WRITE = select.POLLOUT
BROKEN = select.POLLHUP | select.POLLERR | select.POLLNVAL


class Timer:
    """Something to do at a moment of the monotonic clock; `cancelled` ones are passed over."""

    __slots__ = ("act", "at", "cancelled")

    def __init__(self, at: float, act: Callable[[], None]) -> None:
        self.at = at
        self.act = act
        self.cancelled = False


class Loop:
    """Calls what is due until `over`."""

    def __init__(self) -> None:
        self._poll = select.poll()
        self._handlers: dict[int, Callable[[int], None]] = {}
        self._timers: list[Timer] = []
        self.over = False

    def watch(self, descriptor: int, events: int, act: Callable[[int], None]) -> None:
        """Call `act(happened)` when one of `events` comes; a broken descriptor is always told."""
        self._poll.register(descriptor, events)
        self._handlers[descriptor] = act

    def forget(self, descriptor: int) -> None:
        """Watch it no more. One that is not watched is passed over."""
        if self._handlers.pop(descriptor, None) is not None:
            self._poll.unregister(descriptor)

    def after(self, seconds: float, act: Callable[[], None]) -> Timer:
        """Call `act` in so many seconds."""
        timer = Timer(time.monotonic() + seconds, act)
        self._timers.append(timer)
        return timer

    def once(self, limit: float | None = None) -> None:
        """Wait for one thing, at most `limit` seconds, and act on all that is due."""
        self._timers = [timer for timer in self._timers if not timer.cancelled]
        wait = min((timer.at for timer in self._timers), default=None)
        left = None if wait is None else max(0.0, wait - time.monotonic())
        if limit is not None and (left is None or left > limit):
            left = limit
        # Up to the next whole millisecond, so that a timer is due when the wait is over; what is due waits for none.
        for descriptor, happened in self._poll.poll(None if left is None else left and int(left * 1000) + 1):
            act = self._handlers.get(descriptor)
            if act is not None:
                act(happened)
        if wait is not None:
            now = time.monotonic()
            for timer in [timer for timer in self._timers if timer.at <= now]:
                if not timer.cancelled:
                    timer.cancelled = True
                    timer.act()

    def run(self) -> None:
        """Until `over`."""
        while not self.over:
            self.once()


class Signals:
    """Signals as a descriptor of the loop. Those that whoever started us ignores stay ignored."""

    def __init__(self, loop: Loop, numbers: tuple[int, ...], act: Callable[[int], None]) -> None:
        reader, writer = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK) if hasattr(os, "pipe2") else os.pipe()
        os.set_blocking(reader, False)
        os.set_blocking(writer, False)
        self._reader = reader
        self._act = act
        _signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
        for number in numbers:
            if _signal.getsignal(number) != _signal.SIG_IGN:
                _signal.signal(number, _noted)
        loop.watch(reader, READ, self._came)

    def _came(self, _happened: int) -> None:
        try:
            numbers = os.read(self._reader, 4096)
        except BlockingIOError:
            return
        for number in dict.fromkeys(numbers):
            self._act(number)


def _noted(_number: int, _frame: object) -> None:
    """Python writes the number to the wake-up descriptor before it calls this."""


class Inlet:
    """A descriptor that is read as it comes. `take(data)` gets every piece; an empty one is the end."""

    def __init__(self, loop: Loop, descriptor: int, take: Callable[[bytes], None]) -> None:
        self._loop = loop
        self.descriptor = _own(descriptor, os.O_RDONLY)
        self._socket = _socket_of(self.descriptor)
        self._take = take
        self.ended = False
        self._paused = True

    def pause(self, paused: bool) -> None:
        """Read no more for now, or go on."""
        if paused == self._paused or self.ended:
            return
        self._paused = paused
        if paused:
            self._loop.forget(self.descriptor)
        else:
            self._watch()

    def _watch(self) -> None:
        try:
            self._loop.watch(self.descriptor, READ, self._ready)
        except (OSError, ValueError):
            self._end()

    def _ready(self, _happened: int) -> None:
        try:
            if self._socket is not None:
                data = self._socket.recv(CHUNK, _socket.MSG_DONTWAIT)
            else:
                data = os.read(self.descriptor, CHUNK)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            data = b""
        if data:
            self._take(data)
        else:
            self._end()

    def _end(self) -> None:
        self.close()
        self._take(b"")

    def close(self) -> None:
        """Read no more, ever."""
        if not self.ended:
            self.ended = True
            self._loop.forget(self.descriptor)
            if self._socket is not None:
                self._socket.close()
            else:
                os.close(self.descriptor)


class Outlet:
    """A descriptor that is written to without waiting. What it does not take at once is kept, and counted in `size`.

    `broken()` is called once where nobody reads any more; later writes are dropped.
    """

    def __init__(self, loop: Loop, descriptor: int, broken: Callable[[], None], drained: Callable[[], None]) -> None:
        self._loop = loop
        self.descriptor = _own(descriptor, os.O_WRONLY)
        self._socket = _socket_of(self.descriptor)
        self._whole = self._socket is not None or not os.get_blocking(self.descriptor)
        self._broken = broken
        self._drained = drained
        self._waiting: list[memoryview] = []
        self.size = 0
        self.closed = False
        self._closing = False

    def write(self, data: bytes) -> None:
        """All of `data`, now or later."""
        if self.closed or self._closing or not data:
            return
        self._waiting.append(memoryview(data))
        self.size += len(data)
        if len(self._waiting) == 1:
            self._write_some()
            if self._waiting and not self.closed:
                self._loop.watch(self.descriptor, WRITE, self._ready)

    def close_when_empty(self) -> None:
        """The end, after what waits."""
        self._closing = True
        if not self._waiting:
            self.close()

    def close(self) -> None:
        """The end, now."""
        if not self.closed:
            self.closed = True
            self._waiting.clear()
            self.size = 0
            self._loop.forget(self.descriptor)
            if self._socket is not None:
                self._socket.close()
            else:
                os.close(self.descriptor)

    def _ready(self, _happened: int) -> None:
        self._write_some(patient=True)
        if not self._waiting and not self.closed:
            self._loop.forget(self.descriptor)
            if self._closing:
                self.close()
        self._drained()

    def _write_some(self, patient: bool = False) -> None:
        """What the descriptor takes. One that would block is written to only when it is ready, and then one piece."""
        if not self._whole and not patient and not _is_ready(self.descriptor):
            return
        try:
            while self._waiting:
                first = self._waiting[0]
                if self._socket is not None:
                    done = self._socket.send(first, _socket.MSG_DONTWAIT)
                else:
                    done = os.write(self.descriptor, first if self._whole else first[:PIPE_BUF])
                self.size -= done
                if done == len(first):
                    del self._waiting[0]
                else:
                    self._waiting[0] = first[done:]
                if not self._whole and not _is_ready(self.descriptor):
                    return
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            self.close()
            self._broken()


def _is_ready(descriptor: int) -> bool:
    one = select.poll()
    one.register(descriptor, WRITE)
    return bool(one.poll(0))


def _own(descriptor: int, how: int) -> int:
    """The same pipe without blocking, where that can be had without changing it for those who hold it too.

    A pipe can be opened anew by its name in /proc, with flags of its own (proc_pid_fd(5)). Sockets are told not to
    block call by call; a terminal or a file stays as it is.
    """
    try:
        if not os.get_blocking(descriptor):
            return descriptor
        if os.fstat(descriptor).st_mode & 0o170000 == 0o010000:
            other = os.open(f"/proc/self/fd/{descriptor}", how | os.O_NONBLOCK | os.O_CLOEXEC)
            os.dup2(other, descriptor, inheritable=False)
            os.close(other)
    except OSError:
        pass
    return descriptor


def _socket_of(descriptor: int) -> _socket.socket | None:
    try:
        if os.fstat(descriptor).st_mode & 0o170000 == 0o140000:
            return _socket.socket(fileno=descriptor)
    except OSError:
        pass
    return None

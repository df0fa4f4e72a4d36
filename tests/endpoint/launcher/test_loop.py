"""Readiness, timers, signals, and writing to whatever an agent gives as standard output."""

import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from spawngate.endpoint.launcher.loop import Inlet, Loop, Outlet, Signals


def nothing() -> None:
    """Where a test expects no call."""


def until(loop: Loop, done: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end
        loop.once(0.05)


def pipe() -> tuple[int, int]:
    return os.pipe()


def pair() -> tuple[int, int]:
    left, right = socket.socketpair()
    return left.detach(), right.detach()


@pytest.mark.parametrize("make", [pipe, pair])
def test_much_is_written_without_waiting(make: Callable[[], tuple[int, int]]) -> None:
    reader, writer = make()
    loop = Loop()
    drained: list[int] = []
    outlet = Outlet(loop, writer, nothing, lambda: drained.append(outlet.size))
    data = os.urandom(3 << 20)
    begun = time.monotonic()
    outlet.write(data[:1000])
    outlet.write(data[1000:])
    assert time.monotonic() - begun < 5
    assert outlet.size > 1 << 20
    outlet.close_when_empty()
    found: list[bytes] = []

    def read() -> None:
        while block := os.read(reader, 1 << 16):
            found.append(block)

    thread = threading.Thread(target=read)
    thread.start()
    until(loop, lambda: outlet.closed)
    thread.join()
    os.close(reader)
    assert b"".join(found) == data
    assert outlet.size == 0
    assert drained


@pytest.mark.parametrize("make", [pipe, pair])
def test_the_other_holders_of_a_pipe_keep_their_flags(make: Callable[[], tuple[int, int]]) -> None:
    reader, writer = make()
    theirs, ours = os.dup(writer), writer
    inlet_theirs = os.dup(reader)
    loop = Loop()
    outlet = Outlet(loop, ours, nothing, nothing)
    inlet = Inlet(loop, reader, lambda data: None)
    outlet.write(b"x")
    assert os.get_blocking(theirs)
    assert os.get_blocking(inlet_theirs)
    outlet.close()
    inlet.close()
    os.close(theirs)
    os.close(inlet_theirs)


@pytest.mark.parametrize("make", [pipe, pair])
def test_a_reader_that_left(make: Callable[[], tuple[int, int]]) -> None:
    reader, writer = make()
    loop = Loop()
    broken: list[str] = []
    outlet = Outlet(loop, writer, lambda: broken.append("broken"), nothing)
    os.close(reader)
    outlet.write(b"x")
    outlet.write(b"y")
    until(loop, lambda: bool(broken))
    assert (broken, outlet.closed, outlet.size) == (["broken"], True, 0)


@pytest.mark.parametrize("make", [pipe, pair])
def test_reading_as_it_comes(make: Callable[[], tuple[int, int]]) -> None:
    reader, writer = make()
    loop = Loop()
    found: list[bytes] = []
    inlet = Inlet(loop, reader, found.append)
    os.write(writer, b"one")
    loop.once(0.05)
    assert found == []  # nobody said that it is to be read
    inlet.pause(False)
    until(loop, lambda: found == [b"one"])
    inlet.pause(True)
    os.write(writer, b"two")
    loop.once(0.05)
    assert found == [b"one"]
    inlet.pause(False)
    os.close(writer)
    until(loop, lambda: inlet.ended)
    assert found == [b"one", b"two", b""]


def test_files_are_read_and_written(tmp_path: Path) -> None:
    loop = Loop()
    outlet = Outlet(loop, os.open(tmp_path / "file", os.O_WRONLY | os.O_CREAT), nothing, nothing)
    outlet.write(b"x" * 100_000)
    until(loop, lambda: outlet.size == 0)
    outlet.close()
    found: list[bytes] = []
    inlet = Inlet(loop, os.open(tmp_path / "file", os.O_RDONLY), found.append)
    inlet.pause(False)
    until(loop, lambda: inlet.ended)
    assert b"".join(found) == b"x" * 100_000


def test_timers_in_order_and_cancelled_ones_not_at_all() -> None:
    loop = Loop()
    found: list[str] = []
    loop.after(0.03, lambda: found.append("late"))
    loop.after(0, lambda: found.append("soon"))
    loop.after(0.01, lambda: found.append("never")).cancelled = True
    until(loop, lambda: len(found) == 2)
    assert found == ["soon", "late"]


def test_a_timer_may_cancel_its_neighbour() -> None:
    loop = Loop()
    found: list[str] = []
    second = loop.after(0, lambda: found.append("second"))
    first = loop.after(0, lambda: setattr(second, "cancelled", True))
    loop._timers = [first, second]
    loop.once(0.05)
    loop.once(0.05)
    assert found == []


def test_signals_are_told_one_by_one_and_ignored_ones_not() -> None:
    before = [signal.getsignal(number) for number in (signal.SIGUSR1, signal.SIGUSR2)]
    loop = Loop()
    found: list[int] = []
    signal.signal(signal.SIGUSR2, signal.SIG_IGN)
    try:
        Signals(loop, (signal.SIGUSR1, signal.SIGUSR2), found.append)
        os.kill(os.getpid(), signal.SIGUSR2)
        os.kill(os.getpid(), signal.SIGUSR1)
        until(loop, lambda: bool(found))
    finally:
        signal.set_wakeup_fd(-1)
        for number, handler in zip((signal.SIGUSR1, signal.SIGUSR2), before, strict=True):
            signal.signal(number, handler)
    assert found == [signal.SIGUSR1]

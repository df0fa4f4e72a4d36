"""Two sockets joined."""

import os
import socket
import threading
from typing import Any

from spawngate.endpoint.launcher.loop import Loop
from spawngate.endpoint.launcher.splice import End, join
from tests.endpoint.launcher.harness import AT_ONCE


def low(given: socket.socket) -> Any:
    import _socket

    return _socket.socket(fileno=given.detach())


class Pair:
    """A joined pair on a loop of its own; `left` and `right` are the outer ends."""

    def __init__(self, change: Any = None) -> None:
        self.left, one = socket.socketpair()
        self.right, other = socket.socketpair()
        for each in (self.left, self.right):
            each.settimeout(AT_ONCE)
        self.over = 0
        self.loop = Loop()
        ends = [End(self.loop, low(each), lambda _data: None, lambda: None) for each in (one, other)]
        join(ends[0], ends[1], self._done, *([change] if change else []))
        self.ends = ends

    def _done(self) -> None:
        self.over += 1

    def turn(self, until: Any) -> None:
        for _ in range(2000):
            if until():
                return
            self.loop.once(0.05)
        raise AssertionError("it does not happen")

    def close(self) -> None:
        for each in (self.left, self.right):
            each.close()
        for end in self.ends:
            end.close()


def test_all_bytes_come_over_and_ends_are_told_one_by_one() -> None:
    pair = Pair()
    data = os.urandom(5 << 20)
    got = bytearray()

    def read() -> None:
        while part := pair.right.recv(1 << 16):
            got.extend(part)
        pair.right.sendall(b"answer")
        pair.right.shutdown(socket.SHUT_WR)

    reader = threading.Thread(target=read)

    def write() -> None:
        pair.left.sendall(data)
        pair.left.shutdown(socket.SHUT_WR)

    writer = threading.Thread(target=write)
    reader.start()
    writer.start()
    pair.turn(lambda: pair.over)
    reader.join()
    writer.join()
    assert bytes(got) == data
    assert (pair.left.recv(100), pair.left.recv(100), pair.over) == (b"answer", b"", 1)
    pair.close()


def test_nobody_is_read_while_the_other_side_takes_nothing() -> None:
    pair = Pair()
    pair.left.setblocking(False)
    sent = 0
    idle = 0
    while idle < 5:
        try:
            sent += pair.left.send(bytes(1 << 16))
            idle = 0
        except BlockingIOError:
            pair.loop.once(0.01)
            idle += 1
    waiting = pair.ends[1].size
    pair.close()
    assert (256 << 10) < waiting <= (256 << 10) + (64 << 10)
    assert sent < 8 << 20


def test_a_side_that_breaks_ends_the_other() -> None:
    pair = Pair()
    pair.left.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    pair.right.sendall(b"x")
    pair.left.close()
    pair.right.shutdown(socket.SHUT_WR)
    pair.turn(lambda: pair.over)
    assert pair.over == 1
    assert all(end.closed for end in pair.ends)
    pair.close()


def test_what_is_changed() -> None:
    pair = Pair(lambda data: data.upper() if data else b"!")
    pair.left.sendall(b"left")
    pair.right.sendall(b"right")
    pair.right.shutdown(socket.SHUT_WR)
    pair.left.shutdown(socket.SHUT_WR)
    pair.turn(lambda: pair.over)
    assert pair.right.recv(100) == b"left"
    assert pair.left.makefile("rb").read() == b"RIGHT!"
    pair.close()

"""Asking: a whole answer, or NoAnswerError within the deadline."""

import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from spawngate.endpoint.daemon.ask import NoAnswerError, ask, control
from spawngate.model import wire
from spawngate.model.call import HookReply
from tests.endpoint.daemon.fakes import socket_in

REQUEST = wire.Request("claude-code", payload=b"{}")
ANSWER = wire.encode_answer(HookReply(b"out", b"err", 2))


@contextmanager
def answering(path: Path, what: Callable[[socket.socket], None]) -> Iterator[None]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        listener.bind(os.fspath(path))
        listener.listen(1)

        def serve() -> None:
            client, _ = listener.accept()
            with client:
                what(client)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield
        finally:
            thread.join()


def test_whole_answer(tmp_path: Path) -> None:
    got: list[bytes] = []

    def what(client: socket.socket) -> None:
        got.append(client.recv(1 << 16))
        for at in range(0, len(ANSWER), 5):
            client.sendall(ANSWER[at : at + 5])

    with answering(socket_in(tmp_path), what):
        assert ask(socket_in(tmp_path), REQUEST) == HookReply(b"out", b"err", 2)
    assert wire.decode_request(got[0]) == REQUEST


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "closed without an answer"),
        (ANSWER[:-1], "closed without an answer"),
        (b"HTTP/1.1 200 OK", "answer is none"),
        (ANSWER[:-4] + b"xxxx", "answer is none"),
        (ANSWER + b"x", "answer is none"),
    ],
)
def test_no_answer(tmp_path: Path, data: bytes, message: str) -> None:
    def what(client: socket.socket) -> None:
        client.recv(1 << 16)
        client.sendall(data)

    with answering(socket_in(tmp_path), what), pytest.raises(NoAnswerError, match=message):
        ask(socket_in(tmp_path), REQUEST)


def test_trickle_ends_at_the_deadline(tmp_path: Path) -> None:
    def what(client: socket.socket) -> None:
        client.recv(1 << 16)
        try:
            for at in range(len(ANSWER)):
                client.sendall(ANSWER[at : at + 1])
                time.sleep(0.05)
        except OSError:
            return

    begun = time.monotonic()
    with answering(socket_in(tmp_path), what), pytest.raises(NoAnswerError, match="in time"):
        ask(socket_in(tmp_path), REQUEST, 0.3)
    assert time.monotonic() - begun < 3


def test_nobody_there(tmp_path: Path) -> None:
    with pytest.raises(NoAnswerError, match="there is no daemon"):
        ask(socket_in(tmp_path), REQUEST)
    with pytest.raises(NoAnswerError, match="there is no daemon"):
        control(tmp_path / ("x" * 200), "status")


def test_request_that_cannot_be_framed(tmp_path: Path) -> None:
    with pytest.raises(NoAnswerError):
        ask(socket_in(tmp_path), wire.Request("a\0b"))

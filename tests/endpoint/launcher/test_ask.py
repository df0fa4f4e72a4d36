"""One question to the daemon: frames, deadline, and every way in which there is no answer."""

import os
import socket
import threading
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.endpoint.launcher import ask
from spawngate.endpoint.launcher.loop import Loop
from spawngate.model.call import HookReply
from spawngate.model.wire import Request, decode_request, encode_answer
from tests.endpoint.launcher.harness import Answer, Daemon, serving


def answered(path: Path, payload: bytes = b"{}", seconds: float = 20, verb: str = "start") -> tuple[bytes | None, str]:
    loop = Loop()
    found: list[tuple[bytes | None, str]] = []

    def done(data: bytes | None, failure: str) -> None:
        found.append((data, failure))
        loop.over = True

    ask.Question(loop, str(path), verb, payload, seconds, done)
    assert found == []
    loop.run()
    assert len(found) == 1
    return found[0]


def test_the_frame_is_that_of_every_client() -> None:
    assert decode_request(ask.frame("call", b"{}")) == Request(
        agent="+launch", event="call", pid=os.getpid(), parent=os.getppid(), client="relay", payload=b"{}"
    )


def test_an_answer(tmp_path: Path) -> None:
    daemon = Daemon({"start": {"a": 1}})
    with serving(tmp_path / "run", daemon):
        assert answered(tmp_path / "run" / "daemon.sock", b'{"b":2}') == (b'{"a": 1}', "")
    assert daemon.asked == [("start", {"b": 2})]


def test_a_long_path_is_reached(tmp_path: Path) -> None:
    folder = tmp_path / ("x" * 120)
    with serving(folder, Daemon({"start": {}})):
        assert answered(folder / "daemon.sock") == (b"{}", "")


def test_a_large_question(tmp_path: Path) -> None:
    seen: list[int] = []

    def size(question: Answer) -> Answer:
        seen.append(len(question["x"]))
        return {}

    payload = b'{"x":"' + b"y" * (8 << 20) + b'"}'
    with serving(tmp_path / "run", Daemon({"start": size})):
        assert answered(tmp_path / "run" / "daemon.sock", payload) == (b"{}", "")
    assert seen == [8 << 20]


def test_nobody_is_there(tmp_path: Path) -> None:
    assert answered(tmp_path / "none" / "daemon.sock") == (None, "absent")
    (tmp_path / "run").mkdir(mode=0o700)
    assert answered(tmp_path / "run" / "daemon.sock") == (None, "absent")
    (tmp_path / "run" / "daemon.sock").write_text("a file")
    assert answered(tmp_path / "run" / "daemon.sock") == (None, "absent")


def test_a_folder_that_others_may_enter(tmp_path: Path) -> None:
    with serving(tmp_path / "run", Daemon()):
        (tmp_path / "run").chmod(0o750)
        assert answered(tmp_path / "run" / "daemon.sock") == (None, "untrusted")


@pytest.mark.parametrize(
    "reply", [b"", b"SGA", b"SGQ1", encode_answer(HookReply(exit_code=2)), encode_answer(HookReply())[:-1]]
)
def test_what_is_no_answer(tmp_path: Path, reply: bytes) -> None:
    with serving(tmp_path / "run", Daemon({"start": reply})):
        assert answered(tmp_path / "run" / "daemon.sock") == (None, "broken")


def test_silence_ends_at_the_deadline(tmp_path: Path) -> None:
    with serving(tmp_path / "run", Daemon({"start": None})):
        begun = time.monotonic()
        assert answered(tmp_path / "run" / "daemon.sock", seconds=0.2) == (None, "slow")
        assert 0.19 < time.monotonic() - begun < 5


def test_a_queue_that_is_full_ends_at_the_deadline(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir(mode=0o700)
    path = tmp_path / "run" / "daemon.sock"
    with socket.socket(socket.AF_UNIX) as server, socket.socket(socket.AF_UNIX) as other:
        server.bind(str(path))
        server.listen(0)
        other.connect(str(path))
        assert answered(path, seconds=0.2) == (None, "slow")


def test_a_queue_that_clears_is_waited_for(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir(mode=0o700)
    path = tmp_path / "run" / "daemon.sock"
    with socket.socket(socket.AF_UNIX) as server, socket.socket(socket.AF_UNIX) as other:
        server.bind(str(path))
        server.listen(0)
        other.connect(str(path))

        def later() -> None:
            time.sleep(0.05)
            server.accept()[0].close()
            connection, _ = server.accept()
            with connection:
                connection.recv(1 << 16)
                connection.sendall(encode_answer(HookReply(stdout=b"{}")))

        thread = threading.Thread(target=later)
        thread.start()
        assert answered(path) == (b"{}", "")
        thread.join()


def test_what_is_too_long_is_not_sent(tmp_path: Path) -> None:
    daemon = Daemon()
    with serving(tmp_path / "run", daemon):
        assert answered(tmp_path / "run" / "daemon.sock", b"x" * (ask.MAX_PAYLOAD + 1)) == (None, "oversized")
    assert daemon.asked == []


@given(st.binary(max_size=64))
def test_other_bytes_are_no_answer(data: bytes) -> None:
    found = ask.read_answer(data)
    assert found is None or found[1] is False or data.startswith(b"SGA1")


@given(st.binary(max_size=100), st.integers(0, 200))
def test_a_frame_cut_anywhere_waits(out: bytes, cut: int) -> None:
    frame = encode_answer(HookReply(stdout=out, stderr=b"e"))
    assert ask.read_answer(frame) == (out, True)
    assert ask.read_answer(frame[: min(cut, len(frame) - 1)]) is None

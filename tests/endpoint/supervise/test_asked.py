"""The daemon's answer, or none, becomes a decision."""

import json
import socket
import threading
from pathlib import Path

import pytest

from spawngate.endpoint.supervise.asked import decide_with
from spawngate.endpoint.supervise.memory import Wanted
from spawngate.endpoint.supervise.supervisor import Answer
from spawngate.model import wire
from spawngate.model.call import HookReply

WHAT = Wanted(
    "/usr/bin/npx", ("npx", "-y", "a"), (("PATH", "/usr/bin"), ("SECRET_THING", "x"), ("LD_PRELOAD", "/x")), "/w"
)


class Daemon:
    """Answers one request with the bytes it was made with."""

    def __init__(self, path: Path, answer: bytes) -> None:
        self.asked: wire.Request | None = None
        self._answer = answer
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(path))
        self._listener.listen()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        client, _ = self._listener.accept()
        with client:
            data = b""
            while (length := wire.request_length(data)) is None or len(data) < length:
                data += client.recv(1 << 16)
            self.asked = wire.decode_request(data)
            client.sendall(wire.encode_answer(HookReply(stdout=self._answer)))

    def end(self) -> None:
        """Wait for the one request."""
        self._thread.join(10)
        self._listener.close()


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (b'{"verdict":"allow","message":""}', Answer(allowed=True)),
        (b'{"verdict":"deny","message":"no"}', Answer(allowed=False, message="no")),
        (b'{"verdict":"perhaps"}', Answer(allowed=False)),
        (b"[]", Answer(allowed=False, message="npx is not executed: the daemon's answer is none")),
        (b"", Answer(allowed=False, message="npx is not executed: the daemon's answer is none")),
    ],
)
def test_answers(tmp_path: Path, told: bytes, expected: Answer) -> None:
    daemon = Daemon(tmp_path / "s", told)
    answer = decide_with(tmp_path / "s")(WHAT)
    daemon.end()
    assert answer == expected
    assert daemon.asked is not None
    payload = json.loads(daemon.asked.payload)
    payload.pop("parent")
    assert payload == {
        "schema_version": 1,
        "id": "library:supervise",
        "command": "/usr/bin/npx",
        "args": ["-y", "a"],
        "cwd": "/w",
        "env": {"PATH": "/usr/bin", "LD_PRELOAD": "/x"},
        "env_names": ["SECRET_THING"],
    }


@pytest.mark.parametrize("monitor", [True, False])
def test_nobody_answers(tmp_path: Path, monitor: bool) -> None:
    answer = decide_with(tmp_path / "none", monitor=monitor)(WHAT)
    assert (answer.allowed, "there is no daemon" in answer.message) == (monitor, True)

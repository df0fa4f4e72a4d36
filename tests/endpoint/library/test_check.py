"""Asking before a start of one's own."""

import json
import os
from pathlib import Path

import pytest

import spawngate
from spawngate.endpoint.daemon.place import place
from spawngate.endpoint.library.check import Checked, check_launch
from spawngate.endpoint.library.launcher import LaunchRefusedError
from tests.endpoint.library.answering import Daemon

ALLOWED = b'{"verdict":"allow","launch":"7","fingerprint":"f","program":"/bin/npx","drop":["A"],"message":""}'


@pytest.fixture
def socket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SPAWNGATE_STATE_DIR", str(tmp_path))
    path = place(tmp_path).socket
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def test_allowed(socket: Path) -> None:
    daemon = Daemon(socket, [ALLOWED, b"{}"])
    checked = spawngate.check_launch(
        "npx", ["-y", "a"], env={"PATH": "/bin", "TOKEN": "x"}, cwd="/w", entry="registry:a"
    )
    daemon.end()
    assert checked == Checked(allowed=True, fingerprint="f", program="/bin/npx", drop=("A",))
    checked.require()
    assert [(asked.agent, asked.event, json.loads(asked.payload)) for asked in daemon.asked] == [
        (
            "+launch",
            "start",
            {
                "schema_version": 1,
                "id": "registry:a",
                "command": "npx",
                "args": ["-y", "a"],
                "cwd": "/w",
                "env": {"PATH": "/bin"},
                "env_names": ["TOKEN"],
                "parent": os.getpid(),
            },
        ),
        ("+launch", "end", {"launch": "7", "reason": "checked"}),
    ]


def test_refused(socket: Path) -> None:
    daemon = Daemon(socket, [b'{"verdict":"deny","message":"no: approve it","fingerprint":"f"}'])
    checked = check_launch("sh", ["-c", "id"])
    daemon.end()
    assert checked == Checked(allowed=False, message="no: approve it", fingerprint="f")
    with pytest.raises(LaunchRefusedError, match="no: approve it"):
        checked.require()


@pytest.mark.parametrize("answer", [b"", b"[]", b"{", b"null"])
def test_no_answer(socket: Path, answer: bytes) -> None:
    daemon = Daemon(socket, [answer])
    checked = check_launch("npx")
    daemon.end()
    assert checked == Checked(
        allowed=False, message="Spawngate: the MCP server is not started: the daemon's answer is none."
    )


def test_no_daemon(socket: Path) -> None:
    checked = check_launch("npx")
    assert (checked.allowed, "there is no daemon" in checked.message) == (False, True)


def test_an_answer_without_a_verdict(socket: Path) -> None:
    daemon = Daemon(socket, [b"{}"])
    assert check_launch("npx") == Checked(allowed=False)
    daemon.end()

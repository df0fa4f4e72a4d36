"""`spawngate hook AGENT` as a program: with a daemon, without one, and with everything wrong."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import spawngate
from spawngate.endpoint.daemon import control
from spawngate.endpoint.daemon.place import place
from spawngate.endpoint.trail import reader
from spawngate.endpoint.trail.store import TrailStore
from spawngate.trail.query import Query
from tests.records import checked

FORBID = """
@id("no-canary")
@reason("test")
forbid (principal, action, resource) when { context.programs.contains("canary") };
"""


def payload(command: str) -> bytes:
    return json.dumps(
        {
            "hook_event_name": "PreToolUse",
            "session_id": "s",
            "cwd": "/",
            "tool_name": "Bash",
            "tool_input": {"command": command},
            "tool_use_id": "toolu_1",
        }
    ).encode()


def run(state: Path, data: bytes, agent: str = "claude-code", **more: str) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(
        [sys.executable, "-m", "spawngate", "hook", agent],
        input=data,
        env={**os.environ, "SPAWNGATE_STATE_DIR": os.fspath(state), **more},
        capture_output=True,
        check=False,
        timeout=60,
    )


def refused(found: "subprocess.CompletedProcess[bytes]") -> bool:
    """Whether Claude Code would stop: its JSON on stdout, or exit code 2."""
    if found.returncode == 2:
        return True
    answer: dict[str, Any] = json.loads(found.stdout) if found.stdout else {}
    return bool(answer.get("hookSpecificOutput", {}).get("permissionDecision") == "deny")


def told(state: Path) -> list[tuple[str, str]]:
    return [
        (checked(value)["decision"]["verdict"], value.get("call", {}).get("id", ""))
        for value, _ in reader.oldest(place(state).trail, Query())
        if value["type"] == "decision"
    ]


@pytest.fixture
def state(tmp_path: Path) -> Path:
    folder = tmp_path / "state"
    where = place(folder)
    where.policy.mkdir(parents=True)
    (where.policy / "own.cedar").write_text(FORBID, encoding="utf-8")
    (where.policy / "policy.toml").write_text("", encoding="utf-8")
    return folder


def test_with_and_without_a_daemon_the_same(state: Path) -> None:
    alone = run(state, payload("canary x")), run(state, payload("true"))
    assert [refused(found) for found in alone] == [True, False]
    control.start(state, ("--no-inventory",))
    try:
        asked = run(state, payload("canary x")), run(state, payload("true"))
    finally:
        control.stop(state)
    for one, other in zip(alone, asked, strict=True):
        assert (one.returncode, one.stdout, one.stderr) == (other.returncode, other.stdout, other.stderr)
    assert told(state) == [("deny", "toolu_1"), ("allow", "toolu_1")] * 2
    assert reader.verify(place(state).trail).fault is None


@pytest.mark.parametrize("data", [b"", b"{", b"\xff" * 100, b"[" * 100_000, b"[]", b"x" * ((16 << 20) + 1)])
def test_payload_that_is_none(state: Path, data: bytes) -> None:
    assert refused(run(state, data))
    assert told(state) == [("deny", "")]


def test_monitor_refuses_nothing(state: Path) -> None:
    (place(state).policy / "policy.toml").write_text('mode = "monitor"\n', encoding="utf-8")
    for data in (payload("canary x"), b"{"):
        found = run(state, data)
        assert (found.returncode, found.stdout) == (0, b"")
    assert told(state) == [("deny", "toolu_1"), ("deny", "")]


def test_record_that_cannot_be_written(state: Path) -> None:
    with TrailStore(place(state).trail):  # another process writes and does not end
        assert refused(run(state, payload("true")))
    assert told(state) == []


def test_state_that_cannot_be_used(state: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    found = run(tmp_path / "file" / "state", payload("true"))
    assert refused(found)
    assert b"Traceback" not in found.stderr


def test_daemon_that_answers_nonsense(state: Path) -> None:
    import socket
    import threading

    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        listener.bind(os.fspath(place(state).socket))
        listener.listen(1)

        def nonsense() -> None:
            client, _ = listener.accept()
            with client:
                client.recv(1 << 16)
                client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")

        thread = threading.Thread(target=nonsense)
        thread.start()
        assert refused(run(state, payload("canary x")))
        thread.join()
    assert told(state) == [("deny", "toolu_1")]


def test_agent_that_is_not_known(state: Path) -> None:
    found = run(state, payload("true"), "no-such-agent")
    assert (found.returncode, found.stdout) == (2, b"")
    assert b"no hook that is known" in found.stderr


@pytest.mark.parametrize("module", ["endpoint/daemon/service.py", "policy/decider.py", "agents/__init__.py"])
def test_damaged_installation_refuses(state: Path, tmp_path: Path, module: str) -> None:
    copy = tmp_path / "lib" / "spawngate"
    shutil.copytree(Path(spawngate.__file__).parent, copy, ignore=shutil.ignore_patterns("__pycache__"))
    (copy / module).write_text("import nothing_of_this_name\n")
    found = run(state, payload("true"), PYTHONPATH=os.fspath(copy.parent))
    assert refused(found)
    assert b"Traceback" not in found.stderr
    (place(state).policy / "policy.toml").write_text('modes = {claude-code = "monitor"}\n', encoding="utf-8")
    assert run(state, payload("true"), PYTHONPATH=os.fspath(copy.parent)).returncode == 0
    assert refused(run(state, payload("true"), "codex-cli", PYTHONPATH=os.fspath(copy.parent)))

"""Starting, stopping, asking: real processes."""

import contextlib
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from spawngate.endpoint.daemon import control
from spawngate.endpoint.daemon.place import place
from spawngate.endpoint.trail import reader
from spawngate.model.errors import StateError
from spawngate.trail.query import Query


@pytest.fixture
def state(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "state"
    yield folder
    control.stop(folder)


def descriptors(pid: int) -> set[str]:
    found = set()
    for name in os.listdir(f"/proc/{pid}/fd"):
        with contextlib.suppress(FileNotFoundError):  # closed since it was listed
            found.add(os.readlink(f"/proc/{pid}/fd/{name}"))
    return found


def test_start_status_stop(state: Path) -> None:
    assert control.status(state) is None
    assert control.stop(state) is False
    found = control.start(state, ("--no-inventory",))
    pid = found["pid"]
    assert isinstance(pid, int)
    assert control.start(state)["pid"] == pid
    running = control.status(state)
    assert running is not None
    assert running["pid"] == pid
    # A session of its own, and nothing of ours held open: an agent waits for its hook's descriptors.
    assert os.getsid(pid) == pid
    assert {name for name in descriptors(pid) if name.startswith("/dev/")} == {"/dev/null"}
    ours = {os.readlink(f"/proc/self/fd/{number}") for number in (0, 1, 2)} - {"/dev/null"}
    assert not ours & descriptors(pid)
    assert control.stop(state) is True
    assert control.status(state) is None
    assert control.stop(state) is False
    assert [value["type"] for value, _ in reader.oldest(place(state).trail, Query())] == [
        "daemon-started",
        "daemon-stopped",
    ]


def test_environment_of_the_daemon_loads_no_code(state: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sitecustomize.py").write_text("raise SystemExit(7)")
    (tmp_path / "spawngate.py").write_text("raise SystemExit(7)")
    monkeypatch.setenv("PYTHONPATH", os.fspath(tmp_path))
    monkeypatch.setenv("MY_SECRET", "s3cr3t")
    monkeypatch.chdir(tmp_path)
    pid = control.start(state, ("--no-inventory",))["pid"]
    environment = Path(f"/proc/{pid}/environ").read_bytes()
    assert b"s3cr3t" not in environment
    assert b"PYTHONPATH" not in environment


def test_daemon_that_cannot_start_tells_why(state: Path) -> None:
    place(state).socket.mkdir(parents=True)
    with pytest.raises(StateError, match=r"ended at once: .*is no socket"):
        control.start(state, ("--no-inventory",))
    place(state).socket.rmdir()


def test_daemon_that_does_not_answer_is_ended_by_signal(state: Path) -> None:
    control.start(state, ("--no-inventory",))
    place(state).socket.unlink()
    assert control.status(state) is None
    assert control.stop(state) is True


def test_interpreter_that_is_gone(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(StateError, match="cannot be started"):
        control.start(state)


def test_daemon_that_never_answers(state: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "python"
    program.write_text("#!/bin/sh\nexec sleep 3\n")
    program.chmod(0o700)
    monkeypatch.setattr(sys, "executable", os.fspath(program))
    monkeypatch.setattr(control, "START_SECONDS", 0.2)
    begun = time.monotonic()
    with pytest.raises(StateError, match="does not answer"):
        control.start(state)
    assert time.monotonic() - begun < 3

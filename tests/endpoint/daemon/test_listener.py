"""The one daemon that listens."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from spawngate.endpoint.daemon.listener import RunningError, bind, instance_lock, notify, passed_listener
from spawngate.model.errors import StateError


def test_one_instance(tmp_path: Path) -> None:
    lock = tmp_path / "daemon.lock"
    with instance_lock(lock):
        with pytest.raises(RunningError, match=f"process {os.getpid()}"), instance_lock(lock):
            pass
        assert lock.read_text() == f"{os.getpid()}\n"
    assert lock.read_text() == ""
    with instance_lock(lock):
        pass


def test_lock_that_is_a_link(tmp_path: Path) -> None:
    (tmp_path / "lock").symlink_to(tmp_path / "other")
    with pytest.raises(StateError, match="cannot be opened"), instance_lock(tmp_path / "lock"):
        pass
    assert not (tmp_path / "other").exists()


def test_bind_replaces_a_stale_socket_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "run" / "d.sock"
    bind(path).close()
    listener = bind(path)
    listener.close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    path.unlink()
    path.write_text("a file of somebody's")
    with pytest.raises(StateError, match="is no socket"):
        bind(path)
    assert path.read_text() == "a file of somebody's"
    with pytest.raises(StateError, match="cannot listen"):
        bind(tmp_path / ("x" * 120) / "d.sock")


def test_nothing_was_passed() -> None:
    assert passed_listener({}) is None
    assert passed_listener({"LISTEN_PID": "1", "LISTEN_FDS": "1"}) is None
    with pytest.raises(StateError, match="more than one"):
        passed_listener({"LISTEN_PID": str(os.getpid()), "LISTEN_FDS": "2"})


def test_passed_descriptor_that_is_no_listening_socket(tmp_path: Path) -> None:
    code = (
        "import os; os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS='1'); "
        "os.dup2(os.open('/dev/null', 0), 3); "
        "from spawngate.endpoint.daemon.run import passed_listener; passed_listener()"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "is no socket" in found.stderr


def test_notify_nobody() -> None:
    notify("READY=1", {})
    notify("READY=1", {"NOTIFY_SOCKET": "/nowhere/at/all"})
    notify("READY=1", {"NOTIFY_SOCKET": "relative"})

"""Where things lie."""

import os
import stat
from pathlib import Path

import pytest

from spawngate.endpoint.daemon import place as place_module
from spawngate.endpoint.daemon.place import LONGEST_SOCKET, Place, place, private_folder, socket_path
from spawngate.model.errors import StateError


def test_places() -> None:
    state = Path("/home/ann/.local/state/spawngate")
    assert place(state) == Place(
        state=state,
        socket=state / "daemon.sock",
        lock=state / "daemon.lock",
        trail=state / "trail",
        policy=state / "policy",
        spool=state / "hook" / "spool",
    )


def test_runtime_folder_belongs_to_the_usual_state_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "run").mkdir()
    real = Path
    monkeypatch.setattr(place_module, "Path", lambda text: real(str(text).replace("/run/user", os.fspath(tmp_path))))
    (tmp_path / str(os.getuid())).mkdir()
    monkeypatch.setenv("XDG_STATE_HOME", "/home/ann/.state")
    assert place(real("/home/ann/.state/spawngate")).runtime == tmp_path / str(os.getuid()) / "spawngate"
    assert place(real("/elsewhere")).runtime is None
    monkeypatch.setattr(os, "getuid", lambda: 12345)
    assert place(real("/home/ann/.state/spawngate")).runtime is None


def test_relative_state_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert place(Path("s")).socket == tmp_path / "s" / "daemon.sock"


def test_long_path_has_a_short_socket() -> None:
    long = Path("/home") / ("é" * 60)
    path = socket_path(long)
    assert len(os.fsencode(path)) <= LONGEST_SOCKET
    assert path == socket_path(long)
    assert path != socket_path(long / "x")
    assert path.parent == Path(f"/tmp/spawngate-{os.getuid()}")


def test_private_folder(tmp_path: Path) -> None:
    private_folder(tmp_path / "a" / "b")
    assert stat.S_IMODE((tmp_path / "a" / "b").stat().st_mode) == 0o700
    (tmp_path / "open").mkdir(mode=0o755)
    private_folder(tmp_path / "open")
    assert stat.S_IMODE((tmp_path / "open").stat().st_mode) == 0o700


def test_folder_of_somebody_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "link").symlink_to(tmp_path)
    with pytest.raises(StateError, match="not a folder"):
        private_folder(tmp_path / "link")
    (tmp_path / "file").touch()
    with pytest.raises(StateError, match="cannot be used"):
        private_folder(tmp_path / "file")
    real = os.getuid()
    monkeypatch.setattr(os, "getuid", lambda: real + 1)
    with pytest.raises(StateError, match="not a folder of this user"):
        private_folder(tmp_path)

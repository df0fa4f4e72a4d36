"""The launcher in its place."""

import hashlib
import os
import subprocess
from pathlib import Path

import pytest

from spawngate.endpoint.client.place import interpreter
from spawngate.endpoint.launcher import place as module
from spawngate.endpoint.launcher.place import (
    RELAY,
    InstalledLauncher,
    install_launcher,
    installed_launcher,
    packaged,
    read_launch_conf,
)
from spawngate.model.errors import StateError
from spawngate.model.launchconf import LaunchConf

needs_native = pytest.mark.skipif(packaged("spawngate-launch") is None, reason="built without a C compiler")


def install(state: Path, **options: object) -> InstalledLauncher:
    return install_launcher(state, closed=True, socket="/run/{uid}/s", spool="/var/f", **options)  # type: ignore[arg-type]  # names are the caller's matter


@needs_native
def test_the_native_one(tmp_path: Path) -> None:
    launcher = install(tmp_path)
    folder = tmp_path / "launcher"
    assert launcher == InstalledLauncher(
        kind="native",
        argv=(str(folder / "spawngate-launch"),),
        program=folder / "spawngate-launch",
        digest=hashlib.sha256((folder / "spawngate-launch").read_bytes()).hexdigest(),
        preloadable=False,
        confine=folder / "spawngate-confine",
    )
    assert installed_launcher(tmp_path) == launcher
    modes = {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()}
    assert modes == {"spawngate-launch": 0o700, "spawngate-confine": 0o700, "launch.conf": 0o600}
    assert folder.stat().st_mode & 0o777 == 0o700
    assert read_launch_conf(tmp_path) == LaunchConf(interpreter(), str(RELAY), "/run/{uid}/s", "/var/f", 5_000)


def test_the_python_one(tmp_path: Path) -> None:
    launcher = install(tmp_path, kind="python")
    program = tmp_path / "launcher" / "spawngate_launch.py"
    assert launcher.kind == "python"
    assert launcher.argv == (interpreter(), "-I", "-S", "-B", str(program))
    assert launcher.preloadable
    assert installed_launcher(tmp_path) == launcher


@needs_native
def test_one_takes_the_place_of_the_other(tmp_path: Path) -> None:
    install(tmp_path, kind="python")
    install(tmp_path)
    assert not (tmp_path / "launcher" / "spawngate_launch.py").exists()
    assert install(tmp_path, kind="python") == installed_launcher(tmp_path)
    assert not (tmp_path / "launcher" / "spawngate-launch").exists()


@needs_native
def test_for_every_user(tmp_path: Path) -> None:
    install(tmp_path, shared=True)
    folder = tmp_path / "launcher"
    modes = {path.name: path.stat().st_mode & 0o777 for path in (folder, *folder.iterdir())}
    assert modes == {"launcher": 0o755, "spawngate-launch": 0o755, "spawngate-confine": 0o755, "launch.conf": 0o644}


def test_without_a_native_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "packaged", lambda name: None)
    launcher = install(tmp_path)
    assert (launcher.kind, launcher.confine) == ("python", None)
    with pytest.raises(StateError, match="no native launcher"):
        install(tmp_path, kind="native")


def test_one_that_does_not_run_here_is_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = tmp_path / "other"
    other.write_text("of another machine")
    monkeypatch.setattr(module, "packaged", lambda name: other)
    assert install(tmp_path / "state").kind == "python"
    assert sorted(os.listdir(tmp_path / "state" / "launcher")) == ["launch.conf", "spawngate_launch.py"]


def test_nothing_installed(tmp_path: Path) -> None:
    assert installed_launcher(tmp_path) is None
    assert read_launch_conf(tmp_path) is None


def test_a_damaged_configuration_is_said(tmp_path: Path) -> None:
    install(tmp_path)
    (tmp_path / "launcher" / "launch.conf").write_text("x")
    with pytest.raises(StateError, match=r"is damaged \(not a launch.conf of this version\)"):
        read_launch_conf(tmp_path)


def test_values_that_no_launcher_takes(tmp_path: Path) -> None:
    with pytest.raises(StateError, match="a path must be absolute"):
        install_launcher(tmp_path, closed=True, socket="relative", spool="/f")


def test_each_tells_its_version(tmp_path: Path) -> None:
    for kind in ("native", "python") if packaged("spawngate-launch") else ("python",):
        launcher = install(tmp_path / kind, kind=kind)
        done = subprocess.run([*launcher.argv, "--version"], capture_output=True, check=False)
        assert (done.returncode, done.stdout) == (0, b"spawngate-launch 1\n")

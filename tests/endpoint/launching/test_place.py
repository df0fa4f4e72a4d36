"""Where the launcher of a state folder is named."""

from pathlib import Path

from spawngate.endpoint.launcher import place as installed
from spawngate.endpoint.launching.place import launchers_of


def test_paths(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert launchers_of(tmp_path / "link") == {
        f"{tmp_path}/{folder}/launcher/{name}"
        for folder in ("real", "link")
        for name in ("spawngate-launch", "spawngate_launch.py")
    }


def test_names_are_those_that_are_installed(tmp_path: Path) -> None:
    wanted = {
        str(tmp_path / installed.LAUNCHER_FOLDER / name) for name in (installed.NATIVE_NAME, installed.PYTHON_NAME)
    }
    assert wanted == launchers_of(tmp_path)

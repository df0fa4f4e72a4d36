"""Where the launcher is looked for."""

import sys
from pathlib import Path

import pytest

from spawngate.endpoint.library.launcher import LaunchRefusedError, launcher, state_folder
from spawngate.endpoint.state import default_folder
from tests.endpoint.library.conftest import Guarded


@pytest.mark.parametrize("platform", ["linux", "darwin"])
@pytest.mark.parametrize(
    "set_",
    [{}, {"SPAWNGATE_STATE_DIR": "/a/b"}, {"XDG_STATE_HOME": "/x"}, {"XDG_STATE_HOME": ""}, {"XDG_STATE_HOME": "x/y"}],
)
def test_the_state_folder_is_that_of_all_other_parts(
    monkeypatch: pytest.MonkeyPatch, platform: str, set_: dict[str, str]
) -> None:
    environment = {"HOME": "/home/me", **set_}
    for name in ("SPAWNGATE_STATE_DIR", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("sys.platform", platform)
    assert Path(state_folder()) == default_folder(environment)


def test_launcher(guarded: Guarded) -> None:
    with pytest.raises(LaunchRefusedError, match="`spawngate protect --launches` puts it there"):
        launcher(str(guarded.state))
    guarded.install()
    assert launcher(str(guarded.state)) == [str(guarded.launcher)]


def test_without_a_compiler(guarded: Guarded) -> None:
    guarded.install_python()
    python = guarded.launcher.with_name("spawngate_launch.py")
    assert launcher(str(guarded.state)) == [sys.executable, "-I", "-S", "-B", str(python)]


@pytest.mark.parametrize("conf", [None, "", "interpreter\n", "interpreter python\n", "\xff"])
def test_no_interpreter(guarded: Guarded, conf: str | None) -> None:
    guarded.install_python()
    path = guarded.launcher.with_name("launch.conf")
    path.unlink()
    if conf is not None:
        path.write_text(conf)
    with pytest.raises(LaunchRefusedError):
        launcher(str(guarded.state))

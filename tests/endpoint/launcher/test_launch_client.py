"""The Python launcher as a file by itself; what both kinds do is in test_session.py."""

import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.endpoint.client.place import interpreter
from spawngate.endpoint.launcher import launch_client
from spawngate.model.launchconf import LaunchConf, LaunchConfError, parse, render

CONF = LaunchConf("/usr/bin/python 3", "/opt/{uid}/ä.py", "/s", "/f")


def test_the_configuration(tmp_path: Path) -> None:
    path = tmp_path / "launch.conf"
    path.write_bytes(render(CONF))
    import os

    assert launch_client.read_conf(str(tmp_path)) == ("/usr/bin/python 3", f"/opt/{os.geteuid()}/ä.py")
    path.chmod(0o646)
    assert launch_client.read_conf(str(tmp_path)) is None
    path.unlink()
    assert launch_client.read_conf(str(tmp_path)) is None


@given(st.data())
def test_what_the_package_does_not_take_the_file_does_not_take(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    text = bytearray(render(CONF))
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(text) - 1))
        text[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    folder = tmp_path_factory.mktemp("conf")
    (folder / "launch.conf").write_bytes(bytes(text))
    try:
        parse(bytes(text))
    except LaunchConfError as error:
        # What only the relay reads is its own matter: the file looks at its two paths.
        if (
            "interpreter" in str(error)
            or "relay" in str(error)
            or "directive" in str(error)
            or "last line" in str(error)
        ):
            assert launch_client.read_conf(str(folder)) is None
    else:
        assert launch_client.read_conf(str(folder)) is not None


def test_it_imports_nothing_of_ours(tmp_path: Path) -> None:
    copy = tmp_path / "spawngate_launch.py"
    copy.write_bytes(Path(launch_client.__file__).read_bytes())
    done = subprocess.run([interpreter(), "-I", "-S", "-B", str(copy), "--id"], capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (1, b"")
    assert b"launch.conf beside the launcher is missing" in done.stderr

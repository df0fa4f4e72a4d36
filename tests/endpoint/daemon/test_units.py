"""Files by which a system starts the daemon."""

import os
import plistlib
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from spawngate.endpoint.daemon.units import launchd_agent, systemd_system_unit, systemd_units, windows_service
from spawngate.model.errors import UsageError


def test_systemd() -> None:
    units = systemd_units(Path("/home/ann/.local/state/spawngate"), "/opt/py thon/bin/python3")
    assert units["spawngate-daemon.socket"].splitlines()[4] == (
        "ListenStream=/home/ann/.local/state/spawngate/daemon.sock"
    )
    service = units["spawngate-daemon.service"].splitlines()
    assert 'ExecStart="/opt/py thon/bin/python3" -E -P -m spawngate daemon run' in service
    assert "Environment=SPAWNGATE_STATE_DIR=/home/ann/.local/state/spawngate" in service


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd's checker is not here")
@pytest.mark.parametrize("name", ["state", "with space", 'quote"s', "per%cent", "dol$lar", "back\\slash"])
def test_systemd_understands_them(tmp_path: Path, name: str) -> None:
    state = tmp_path / name
    units = systemd_units(state, sys.executable)
    folder = tmp_path / "units"
    folder.mkdir()
    for file, text in units.items():
        (folder / file).write_text(text, encoding="utf-8")
    paths = [os.fspath(folder / file) for file in units]
    runtime = tmp_path / "runtime"
    runtime.mkdir(mode=0o700)
    found = subprocess.run(
        ["systemd-analyze", "--user", "verify", "--man=no", *paths],
        env={**os.environ, "XDG_RUNTIME_DIR": os.fspath(runtime), "HOME": os.fspath(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert [line for line in found.stderr.splitlines() if "spawngate" in line] == []
    assert found.returncode == 0


def test_path_that_no_unit_can_hold() -> None:
    with pytest.raises(UsageError, match="systemd unit"):
        systemd_units(Path("/a\nb"))


def test_a_service_of_the_system_may_see_much_and_change_nothing() -> None:
    ((name, text),) = systemd_system_unit("/opt/python").items()
    lines = text.splitlines()
    assert name == "spawngate.service"
    assert "ExecStart=/opt/python -E -P -m spawngate daemon run" in lines
    assert "Environment=SPAWNGATE_STATE_DIR=/var/lib/spawngate" in lines
    assert {"StateDirectory=spawngate", "ProtectSystem=strict", "ProtectHome=read-only"} <= set(lines)


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd's checker is not here")
def test_systemd_finds_the_service_of_the_system_well_confined(tmp_path: Path) -> None:
    path = tmp_path / "spawngate.service"
    path.write_text(systemd_system_unit(sys.executable)["spawngate.service"], encoding="utf-8")
    verified = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", os.fspath(path)], capture_output=True, text=True, check=False
    )
    assert [line for line in verified.stderr.splitlines() if "spawngate" in line] == []
    # 10 is no protection at all; a unit without any gets 9.6.
    judged = subprocess.run(
        ["systemd-analyze", "security", "--offline=yes", "--threshold=35", "--no-pager", os.fspath(path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert judged.returncode == 0, judged.stdout


def test_windows() -> None:
    ((name, text),) = windows_service('C:\\a "b" & c', "C:\\py <x>\\python.exe").items()
    document = ElementTree.fromstring(text)
    assert (name, document.findtext("executable")) == ("spawngate.xml", "C:\\py <x>\\python.exe")
    assert document.findtext("arguments") == "-E -P -m spawngate daemon run"
    found = document.find("env")
    assert found is not None
    assert found.get("value") == 'C:\\a "b" & c'


def test_launchd() -> None:
    ((name, text),) = launchd_agent(Path("/Users/ann/s"), "/py").items()
    assert name == "dev.spawngate.daemon.plist"
    document = plistlib.loads(text.encode())
    assert document["ProgramArguments"] == ["/py", "-E", "-P", "-m", "spawngate", "daemon", "run"]
    assert document["EnvironmentVariables"] == {"SPAWNGATE_STATE_DIR": "/Users/ann/s"}

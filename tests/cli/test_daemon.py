"""`spawngate daemon` as a program."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from spawngate.endpoint.daemon import control


def run(state: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "spawngate", "daemon", *arguments],
        env={**os.environ, "SPAWNGATE_STATE_DIR": os.fspath(state)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def state(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "state"
    control.stop(tmp_path / "state")


def test_its_life(state: Path, tmp_path: Path) -> None:
    policy = tmp_path / "policy"
    policy.mkdir()
    (policy / "policy.toml").write_text('mode = "monitor"\n')
    assert (run(state, "status").returncode, run(state, "stop").returncode) == (1, 1)
    assert json.loads(run(state, "status", "--format", "json").stdout) == {"schema_version": 1, "running": False}
    started = run(state, "start", "--no-inventory", "--policy", os.fspath(policy))
    assert (started.returncode, started.stdout) == (0, "")
    assert started.stderr.startswith("the daemon runs (process ")
    found = json.loads(run(state, "status", "--format", "json").stdout)
    assert (found["running"], found["policy"]["mode"]) == (True, "monitor")
    assert f"pid             {found['pid']}\n" in run(state, "status").stdout
    again = run(state, "run")
    assert (again.returncode, again.stderr) == (3, f"spawngate: a daemon runs already (process {found['pid']})\n")
    (policy / "policy.toml").write_text('mode = "enforce"\n')
    assert run(state, "reload").returncode == 0
    assert json.loads(run(state, "status", "--format", "json").stdout)["policy"]["mode"] == "enforce"
    (policy / "policy.toml").write_text("mode\n")
    refused = run(state, "reload")
    assert (refused.returncode, "policy.toml" in refused.stderr) == (3, True)
    stopped = run(state, "stop")
    assert (stopped.returncode, stopped.stderr) == (0, "the daemon has ended\n")
    assert run(state, "reload").returncode == 3


def test_units(state: Path, tmp_path: Path) -> None:
    shown = run(state, "unit")
    assert shown.stdout.startswith("# spawngate-daemon.socket\n[Unit]\n")
    assert run(state, "unit", "-o", os.fspath(tmp_path / "units")).returncode == 0
    assert sorted(os.listdir(tmp_path / "units")) == ["spawngate-daemon.service", "spawngate-daemon.socket"]
    assert "<key>Label</key>" in run(state, "unit", "--for", "launchd").stdout
    assert run(state, "unit", "-o", "/dev/null/x").returncode == 2

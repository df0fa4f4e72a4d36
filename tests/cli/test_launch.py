"""`spawngate launch` takes the launcher's place in this process."""

import json
import os
import subprocess
import sys
from pathlib import Path

SERVER = "print('never')"


def test_without_a_daemon_nothing_starts(tmp_path: Path) -> None:
    marker = tmp_path / "marker"
    home = tmp_path / "home"
    home.mkdir()
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "SPAWNGATE_STATE_DIR": str(tmp_path / "state")}
    asked = '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{}}\n'
    done = subprocess.run(
        [sys.executable, "-m", "spawngate", "launch", "--id", "x", "--", "touch", str(marker)],
        capture_output=True,
        text=True,
        env=environment,
        input=asked,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert json.loads(done.stdout)["error"]["code"] == -32001
    assert not marker.exists()


def test_usage(tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "SPAWNGATE_STATE_DIR": str(tmp_path / "state")}
    for words in (["launch", "--id", "x"], ["launch", "--", "x"]):
        done = subprocess.run(
            [sys.executable, "-m", "spawngate", *words], capture_output=True, env=environment, timeout=60, check=False
        )
        assert done.returncode == 2

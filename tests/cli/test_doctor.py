"""`spawngate doctor` as a process."""

import json
import os
import subprocess
import sys
from pathlib import Path


def run(folder: Path, *args: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "SPAWNGATE_STATE_DIR": str(folder / "state")}
    return subprocess.run(
        [sys.executable, "-m", "spawngate", *args],
        capture_output=True,
        text=True,
        env=environment,
        timeout=60,
        check=False,
    )


def test_words_and_exit_code(tmp_path: Path) -> None:
    done = run(tmp_path, "doctor")
    assert (done.returncode, done.stderr) == (0, "")
    assert "note  trail: nothing is recorded yet\n      -> it begins with the daemon\n" in done.stdout
    (tmp_path / "state/policy").mkdir()
    (tmp_path / "state/policy/policy.toml").write_text("base = 7\n")
    assert run(tmp_path, "doctor").returncode == 1


def test_document(tmp_path: Path) -> None:
    document = json.loads(run(tmp_path, "doctor", "--format", "json").stdout)
    assert document["schema_version"] == 1
    assert {check["level"] for check in document["checks"]} <= {"ok", "note", "fault"}
    assert json.loads(run(tmp_path, "schema", "doctor").stdout)["$schema"].endswith("2020-12/schema")

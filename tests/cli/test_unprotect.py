"""`spawngate unprotect` as a process, where nothing is known of what was done."""

import os
import subprocess
import sys
from pathlib import Path


def run(home: Path, *args: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "SPAWNGATE_STATE_DIR": str(home.parent / "state")}
    command = [sys.executable, "-m", "spawngate", "unprotect", *args]
    return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=60, check=False)


def test_entries_without_a_journal_are_taken_out(tmp_path: Path) -> None:
    path = tmp_path / "home/.claude/settings.json"
    path.parent.mkdir(parents=True)
    entry = b'{"hooks": [{"type": "command", "command": "/gone/spawngate-hook claude-code"}]}'
    path.write_bytes(b'{"a": 1, "hooks": {"PreToolUse": [' + entry + b"]}}\n")
    done = run(tmp_path / "home")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == f"claude-code: {path}: removed\n"
    assert path.read_bytes() == b'{"a": 1}\n'


def test_file_that_cannot_be_read_is_a_failure(tmp_path: Path) -> None:
    path = tmp_path / "home/.claude/settings.json"
    path.parent.mkdir(parents=True)
    path.write_bytes(b'{"hooks": "spawngate')
    done = run(tmp_path / "home", "claude-code")
    assert done.returncode == 3
    assert "not valid json" in done.stderr
    assert path.read_bytes() == b'{"hooks": "spawngate'


def test_unknown_agent_is_refused(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    done = run(tmp_path / "home", "nobody")
    assert done.returncode == 2
    assert "nobody: is no agent" in done.stderr

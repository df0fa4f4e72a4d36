"""`spawngate verify` as a process: what it says where nothing works, and its exit code."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture
def home(tmp_path: Path) -> Path:
    path = tmp_path / "home"
    (path / ".claude").mkdir(parents=True)
    (path / ".claude/settings.json").write_bytes(b"{}\n")
    return path


def run(home: Path, *args: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "SPAWNGATE_STATE_DIR": str(home.parent / "state")}
    return subprocess.run(
        [sys.executable, "-m", "spawngate", *args],
        capture_output=True,
        text=True,
        env=environment,
        timeout=90,
        check=False,
    )


def test_nothing_installed_is_a_failure(home: Path) -> None:
    done = run(home, "verify")
    assert (done.returncode, done.stdout) == (1, "no hook of ours is installed; run `spawngate protect`\n")
    done = run(home, "verify", "claude-code")
    assert done.returncode == 1
    assert done.stdout == "claude-code: no hook of ours is installed; run `spawngate protect claude-code`\n"
    assert run(home, "verify", "nobody").returncode == 2


def test_hook_without_a_daemon_is_a_failure(home: Path) -> None:
    run(home, "protect", "--no-daemon")
    done = run(home, "verify")
    assert done.returncode == 1
    assert done.stdout.startswith("claude-code: DOES NOT WORK (exec, ")
    assert "the daemon did not answer; the client refused by itself" in done.stdout
    document = json.loads(run(home, "verify", "claude-code", "cursor", "--format", "json").stdout)
    assert (document["schema_version"], document["not_installed"]) == (1, ["cursor"])
    (trial,) = document["trials"]
    assert (trial["agent"], trial["works"], trial["denied"]) == ("claude-code", False, "refuses")


def test_hook_with_a_daemon_works(home: Path) -> None:
    run(home, "protect", "--yes")
    try:
        done = run(home, "verify")
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.startswith("claude-code: works (exec, ")
    finally:
        run(home, "daemon", "stop")


def test_agents_that_cannot_be_started_are_named(home: Path) -> None:
    (home / ".cursor").mkdir()
    (home / ".cursor/mcp.json").write_text("{}\n")
    run(home, "protect", "claude-code", "cursor", "--yes")
    environment = {"PATH": os.defpath, "HOME": str(home), "SPAWNGATE_STATE_DIR": str(home.parent / "state")}
    words = [sys.executable, "-m", "spawngate", "verify", "--start-agents"]
    try:
        done = subprocess.run(words, capture_output=True, text=True, env=environment, timeout=90, check=False)
        assert done.returncode == 1
        assert (
            "claude-code: started, DOES NOT WORK (loopback only, 0.0 s): the refused call was not tried" in done.stdout
        )
        assert "claude is not on PATH" in done.stdout
        assert done.stderr == "cursor: is not started; it needs its vendor's login, or a screen\n"
    finally:
        run(home, "daemon", "stop")

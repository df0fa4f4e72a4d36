"""`spawngate lists`: shown, checked, written and taken back."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "home").mkdir()
    (tmp_path / "sys").mkdir()
    servers = {"docs": {"type": "http", "url": "https://docs.example/mcp"}, "own": {"command": "npx", "args": ["a"]}}
    (tmp_path / "home/.claude.json").write_text(json.dumps({"mcpServers": servers}))
    return tmp_path


def run(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "HOME": str(home / "home"), "SPAWNGATE_STATE_DIR": str(home / "state")}
    return subprocess.run(
        [sys.executable, "-m", "spawngate", "lists", *words, "--sysroot", str(home / "sys")],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_show(home: Path) -> None:
    done = run(home, "claude-code")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("claude-code: compares the command-line, and not: variables of the entry, ")
    assert "left out: own: it is not approved" in done.stdout
    assert "https://docs.example/mcp" in done.stdout


def test_check_write_and_remove(home: Path) -> None:
    path = home / "sys/etc/claude-code/managed-settings.d/50-spawngate-servers.json"
    assert run(home, "claude-code", "--check").returncode == 1
    assert not path.exists()
    assert run(home, "claude-code", "--write", "--yes").returncode == 0
    assert json.loads(path.read_text())["allowedMcpServers"] == [{"serverUrl": "https://docs.example/mcp"}]
    done = run(home, "claude-code", "--check", "--format", "json")
    (held,) = json.loads(done.stdout)["lists"]
    assert (done.returncode, held["in_step"], held["compares"]) == (0, True, "command-line")
    assert held["left_out"][0]["name"] == "own"
    assert run(home, "--remove").returncode == 0
    assert not path.exists()


def test_unknown(home: Path) -> None:
    done = run(home, "zed")
    assert (done.returncode, "enforces no list of its own" in done.stderr) == (2, True)

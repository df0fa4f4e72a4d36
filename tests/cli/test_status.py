"""`spawngate status` as a process: the table, the document, the exit code."""

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


def run(home: Path, *args: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "SPAWNGATE_STATE_DIR": str(home.parent / "state")}
    return subprocess.run(
        [sys.executable, "-m", "spawngate", *args],
        capture_output=True,
        text=True,
        env=environment,
        cwd=cwd or home,
        timeout=60,
        check=False,
    )


def test_table_tells_agents_client_daemon_and_policy(home: Path) -> None:
    done = run(home, "status")
    assert (done.returncode, done.stderr) == (0, "")
    assert "unprotected" in done.stdout
    run(home, "protect", "--no-daemon")
    done = run(home, "status")
    lines = [line.split() for line in done.stdout.splitlines()]
    assert lines[1][:5] == ["Claude", "Code", "installed", "enforce", "user"]
    assert "daemon  does not run, and the system does not start it at login" in done.stdout.splitlines()
    assert any(line[:2] == ["client", "native"] or line[:2] == ["client", "python"] for line in lines)


def test_document_and_exit_code(home: Path) -> None:
    run(home, "protect", "--no-daemon")
    assert run(home, "status", "--check").returncode == 0
    project = home / "work"
    (project / ".claude").mkdir(parents=True)
    (project / ".claude/settings.json").write_text('{"disableAllHooks": true}', encoding="utf-8")
    for args, cwd in ((("--project", str(project)), home), ((), project)):
        done = run(home, "status", "--format", "json", "--check", *args, cwd=cwd)
        assert done.returncode == 1
        document = json.loads(done.stdout)
        assert document["schema_version"] == 1
        (agent,) = document["agents"]
        assert (agent["agent"], agent["state"]) == ("claude-code", "partly")
        assert agent["why"] == [f"{project}/.claude/settings.json switches hooks off (claude-code-disable-all-hooks)"]
    (home / ".claude/settings.json").write_text("{}", encoding="utf-8")
    done = run(home, "status", "--check")
    assert done.returncode == 1
    assert "tampered: Spawngate's entry for claude-code was removed from " in done.stdout


def test_names_of_files_reach_no_terminal(home: Path) -> None:
    run(home, "protect", "--no-daemon")
    project = home / "odd\x1b[31m"
    (project / ".claude").mkdir(parents=True)
    (project / ".claude/settings.json").write_text('{"disableAllHooks": true}', encoding="utf-8")
    done = run(home, "status", "--project", str(project))
    assert "\x1b" not in done.stdout
    assert "odd\\x1b[31m" in done.stdout

"""`spawngate protect` and `unprotect` as processes: the diff, what is asked, exit codes, the daemon."""

import json
import os
import pty
import subprocess
import sys
import time
from pathlib import Path

import pytest


@pytest.fixture
def home(tmp_path: Path) -> Path:
    path = tmp_path / "home"
    (path / ".claude").mkdir(parents=True)
    (path / ".claude/settings.json").write_bytes(b'{\n  "model": "\x1b[31mopus"\n}\n'.replace(b"\x1b", b"\\u001b"))
    return path


def environment(home: Path) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "HOME": str(home), "SPAWNGATE_STATE_DIR": str(home.parent / "state")}


def run(home: Path, *args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "spawngate", *args],
        capture_output=True,
        text=True,
        env=environment(home),
        stdin=subprocess.DEVNULL,
        timeout=60,
        check=False,
    )


def test_dry_run_shows_and_changes_nothing(home: Path) -> None:
    before = (home / ".claude/settings.json").read_bytes()
    done = run(home, "protect", "--dry-run")
    assert (done.returncode, done.stdout) == (0, "")
    assert "+++ " in done.stderr
    assert '+            "command": "' in done.stderr
    assert (home / ".claude/settings.json").read_bytes() == before
    assert not (home.parent / "state/hook").exists()


@pytest.mark.parametrize(
    "form", ['{{\n  "env": {{"K": "{0}"}}\n}}\n', '{{"env":{{"K":"{0}"}}}}'], ids=["lines", "dense"]
)
def test_secrets_of_the_user_are_not_shown(home: Path, form: str) -> None:
    secret = "ghp_" + "Q7w8E9r0T1y2" * 3
    (home / ".claude/settings.json").write_text(form.format(secret), encoding="utf-8")
    done = run(home, "protect", "--dry-run")
    assert done.returncode == 0
    assert secret not in done.stderr
    assert "[secret:" in done.stderr


def test_protect_and_unprotect(home: Path) -> None:
    before = (home / ".claude/settings.json").read_bytes()
    done = run(home, "protect", "--no-daemon", "--mode", "enforce")
    assert (done.returncode, done.stdout) == (0, "")
    assert f"claude-code: {home}/.claude/settings.json: written" in done.stderr
    assert "client: " in done.stderr
    assert (home.parent / "state/policy/policy.toml").read_text(encoding="utf-8") == 'mode = "enforce"\n'
    done = run(home, "unprotect", "--dry-run")
    assert f"claude-code: {home}/.claude/settings.json: planned" in done.stderr
    done = run(home, "unprotect")
    assert (done.returncode, done.stdout) == (0, "")
    assert f"claude-code: {home}/.claude/settings.json: restored" in done.stderr
    assert (home / ".claude/settings.json").read_bytes() == before
    assert run(home, "unprotect").stderr == "nothing of ours is in any agent's file\n"


def test_switch_that_is_set_is_told_at_once(home: Path) -> None:
    (home / ".claude/settings.json").write_bytes(b'{"disableAllHooks": true}')
    done = run(home, "protect", "--no-daemon")
    assert done.returncode == 0
    assert f"claude-code: off: {home}/.claude/settings.json switches hooks off" in done.stderr


def test_failure_of_one_file_is_told_and_the_others_are_written(home: Path) -> None:
    (home / ".codex").mkdir()
    (home / ".codex/hooks.json").write_bytes(b'{"\x1b": 1}'.replace(b"\x1b", b"x" * 3))
    done = run(home, "protect", "--no-daemon")
    assert done.returncode == 3
    assert "drops the whole file" in done.stderr
    assert f"{home}/.claude/settings.json: written" in done.stderr


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("nobody",), "is no agent"),
        (("zed",), "has no hook"),
        (("--sysroot", "/nonexistent"), "no such folder"),
        (("--mode", "strict"), "Invalid value"),
    ],
)
def test_wrong_words_are_refused(home: Path, args: tuple[str, ...], words: str) -> None:
    done = run(home, "protect", *args)
    assert done.returncode == 2
    assert words in done.stderr
    assert list((home / ".claude").iterdir()) == [home / ".claude/settings.json"]


def test_home_without_agents_is_said(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    done = run(tmp_path / "home", "protect")
    assert done.returncode == 2
    assert "no agent with a hook is on this machine" in done.stderr


@pytest.mark.parametrize(("answer", "written"), [(b"y\n", True), (b"n\n", False)])
def test_person_at_a_terminal_is_asked(home: Path, answer: bytes, written: bool) -> None:
    before = (home / ".claude/settings.json").read_bytes()
    outer, inner = pty.openpty()
    try:
        with subprocess.Popen(
            [sys.executable, "-m", "spawngate", "protect", "--no-daemon"],
            stdin=inner,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=environment(home),
        ) as process:
            os.write(outer, answer)
            assert process.stderr is not None
            told = process.stderr.read().decode()
            process.wait(timeout=60)
    finally:
        os.close(outer)
        os.close(inner)
    assert "Make these changes?" in told
    assert ((home / ".claude/settings.json").read_bytes() != before) is written
    assert process.returncode == (0 if written else 130)


@pytest.mark.parametrize("mode", ["enforce", "monitor"])
def test_daemon_that_does_not_start_blocks_nobody(home: Path, mode: str) -> None:
    before = (home / ".claude/settings.json").read_bytes()
    (home.parent / "state/daemon.sock").mkdir(parents=True)
    done = run(home, "protect", "--mode", mode)
    written = (home / ".claude/settings.json").read_bytes() != before
    assert (done.returncode, written) == ((3, False) if mode == "enforce" else (0, True))
    assert "the daemon does not run" in done.stderr


def test_daemon_is_started(home: Path) -> None:
    done = run(home, "protect", "--yes")
    try:
        assert done.returncode == 0
        assert "the daemon runs (process " in done.stderr
        assert "after the next login the daemon has to run again" in done.stderr
    finally:
        run(home, "daemon", "stop")


def told(home: Path, what: str) -> bool:
    """Whether the trail tells that within some seconds."""
    until = time.monotonic() + 15
    while time.monotonic() < until:
        done = run(home, "audit", "query", "type:self-protection", "--format", "json")
        if any(json.loads(line)["detail"]["what"] == what for line in done.stdout.splitlines()):
            return True
    return False


def test_what_happens_to_our_entry_is_an_event(home: Path) -> None:
    run(home, "protect", "--yes")
    try:
        settings = home / ".claude/settings.json"
        assert run(home, "daemon", "status").returncode == 0
        good = settings.read_bytes()
        settings.write_bytes(good.replace(b'"*"', b'"Nothing"'))
        assert told(home, "changed")
        settings.write_bytes(b"{}")
        assert told(home, "removed")
        settings.write_bytes(good)
        assert told(home, "restored")
        run(home, "unprotect")
        assert told(home, "withdrawn")
    finally:
        run(home, "daemon", "stop")
    assert settings.read_bytes() != good
    run(home, "protect", "--no-daemon")
    assert told(home, "installed")

"""Canaries through real clients: with a daemon, without one, tampered, in monitor mode, and for every agent's form."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from spawngate.agents import AGENTS
from spawngate.endpoint.daemon import control
from spawngate.endpoint.protect import journal
from spawngate.endpoint.protect.setup import hooked
from spawngate.endpoint.protect.trial import Started, Trial, command_lines, is_recorded, run, try_all
from spawngate.model.decision import Mode
from tests.endpoint.protect.conftest import Place

HOOKED = [agent for agent in AGENTS if hooked(agent) is not None]
NEEDED = {"amazon-q-cli": ".aws/amazonq/cli-agents/a.json"}


def trials(place: Place, mode: Mode = Mode.ENFORCE) -> list[Trial]:
    return try_all(place.state, journal.load(place.state).entries, str(place.home), {}, mode)


@pytest.fixture
def daemon(place: Place, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """A place whose daemon runs."""
    monkeypatch.setenv("HOME", str(place.home))
    control.start(place.state)
    yield place
    control.stop(place.state)


def test_hooks_work_with_a_daemon(daemon: Place) -> None:
    for name in NEEDED.values():
        daemon.write(name, b"{}")
    daemon.protect(*HOOKED)
    found = trials(daemon)
    assert {item.agent: item.problems for item in found} == {agent: [] for agent in HOOKED}
    assert all(item.works for item in found)
    assert {item.form for item in found} == {"exec", "shell", "login-shell", "script", "client"}


def test_hook_that_goes_on_in_monitor_mode_works(daemon: Place) -> None:
    daemon.protect("claude-code", "cline", mode=Mode.MONITOR)
    control.stop(daemon.state)
    control.start(daemon.state)
    found = trials(daemon, Mode.MONITOR)
    assert [(item.works, item.denied, item.allowed, item.problems) for item in found] == [
        (True, "goes on", "goes on", [])
    ] * len(found)


def test_hook_without_a_daemon_does_not_work_and_says_why(place: Place) -> None:
    place.protect("claude-code")
    (found,) = trials(place)
    assert (found.works, found.denied, found.allowed, found.recorded) == (False, "refuses", "refuses", False)
    assert found.problems[0] == "the daemon did not answer; the client refused by itself"
    assert found.command == [str(place.state / "hook/spawngate-hook"), "claude-code"] or found.form == "exec"


@pytest.mark.parametrize(
    ("program", "denied", "words"),
    [
        ("exit 0", "goes on", "the canary that policy refuses goes on (enforce mode)"),
        (
            "echo '{}'",
            "not understood",
            "the canary that nothing speaks against gets an answer that the agent does not understand",
        ),
        (
            "exit 1",
            "not understood",
            "the canary that nothing speaks against gets an answer that the agent does not understand",
        ),
    ],
)
def test_client_of_somebody_else_does_not_work(place: Place, program: str, denied: str, words: str) -> None:
    place.protect("claude-code")
    client = next(path for path in (place.state / "hook").iterdir() if path.name == "spawngate-hook")
    client.write_text(f"#!/bin/sh\n{program}\n", encoding="utf-8")
    client.chmod(stat.S_IRWXU)
    (found,) = trials(place)
    assert (found.works, found.denied) == (False, denied)
    assert words in found.problems


def test_missing_client_and_missing_file_are_told(place: Place) -> None:
    place.protect("claude-code", "codex-cli", "cursor")
    (place.state / "hook/spawngate-hook").unlink()
    (place.home / ".cursor/hooks.json").write_bytes(b"{")
    found = {item.agent: item for item in trials(place)}
    assert found["claude-code"].problems == ["the hook cannot be started (No such file or directory)"]
    assert found["codex-cli"].denied == "not understood"
    assert "not valid json" in found["cursor"].problems[0]
    assert not any(item.works for item in found.values())


def test_profile_that_prints_is_noticed(daemon: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHELL", "/bin/sh")
    daemon.protect("codex-cli")
    (found,) = trials(daemon)
    assert found.works
    daemon.write(".profile", b"echo welcome\n")
    (found,) = trials(daemon)
    assert (found.works, found.denied) == (False, "not understood")


def test_command_lines_are_those_of_the_file(place: Place) -> None:
    place.write(".claude/settings.json", b"{}")
    place.protect("claude-code", "opencode", "cline", "hermes", "antigravity")
    entries = {Path(entry.path).name: entry for entry in journal.load(place.state).entries}
    client = str(place.state / "hook/spawngate-hook")
    lines = {name: list(command_lines(entry, entry.agent)) for name, entry in entries.items()}
    assert lines["settings.json"] == [Started((client, "claude-code"), "exec")]
    assert lines["spawngate.js"] == [Started((client, "opencode"), "client")]
    assert lines["PreToolUse"] == [Started((entries["PreToolUse"].path,), "script")]
    assert lines["config.yaml"] == [Started((client, "hermes"), "exec")]
    assert lines["hooks.json"] == [Started(("/bin/sh", "-c", f"{client} antigravity"), "shell")]


def test_run_is_bounded_and_clean(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LD_PRELOAD_NOT", "x")
    reply, problem = run(["/usr/bin/env"], b"", "/home/x", str(tmp_path))
    assert (reply is not None, problem) == (True, "")
    assert reply is not None
    assert b"LD_PRELOAD_NOT" not in reply.stdout
    monkeypatch.setattr("spawngate.endpoint.protect.trial.DEADLINE", 0.2)
    assert run(["/bin/sleep", "5"], b"", "/", str(tmp_path)) == (None, "the hook does not end within 0 s")
    assert run([str(tmp_path / "none")], b"", "/", str(tmp_path))[1].startswith("the hook cannot be started")


def test_trail_that_is_not_there_holds_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("spawngate.endpoint.protect.trial.RECORD_SECONDS", 0.0)
    assert not is_recorded(tmp_path, os.urandom(8).hex())

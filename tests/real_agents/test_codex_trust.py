"""Codex runs a hook of a user's file only when its hash is recorded: the record that `protect` writes is enough."""

import os
from pathlib import Path

import pytest
from bench.headless import AGENTS, Headless
from bench.process import run

from spawngate.endpoint.rehearsal.model import Model, Script
from tests.real_agents.conftest import POLICIES, Machine

BYPASS = "--dangerously-bypass-hook-trust"
CODEX = [agent for agent in AGENTS if agent.id == "codex-cli"]


def play_without_bypass(machine: Machine) -> None:
    """Let Codex try to make the file that policy refuses, as a user starts it."""
    agent: Headless = machine.agent
    script = Script([agent.call("touch ran-deny")])
    with Model(script) as model:
        # The agent's configuration names the model's port, and `protect` writes into the same file after it.
        agent.prepare(machine.stage, model.port)
        (machine.state / "policy").mkdir(parents=True, mode=0o700, exist_ok=True)
        (machine.state / "policy/test.cedar").write_text(POLICIES)
        machine.spawngate("protect", agent.id, "--yes", "--mode", "enforce")
        environment = {
            "HOME": str(machine.stage.home),
            "PATH": f"{os.path.dirname(machine.stage.node())}:/usr/sbin:/usr/bin:/sbin:/bin",
            "TERM": "dumb",
            "LANG": "C.UTF-8",
            **agent.env(model.port),
        }
        words = [word for word in agent.command(machine.stage) if word != BYPASS]
        run(words, environment, cwd=machine.stage.project, limit=90)


@pytest.mark.parametrize("machine", CODEX, indirect=True, ids=lambda agent: agent.id)
def test_recorded_hash_is_trusted(machine: Machine) -> None:
    play_without_bypass(machine)
    assert not machine.ran("deny")
    assert [event["decision"]["verdict"] for event in machine.decisions()] == ["deny"]


@pytest.mark.parametrize("machine", CODEX, indirect=True, ids=lambda agent: agent.id)
def test_entry_that_moved_is_no_longer_trusted_and_status_says_so(machine: Machine) -> None:
    play_without_bypass(machine)
    hooks = Path(machine.stage.home) / ".codex/hooks.json"
    text = hooks.read_text()
    hooks.write_text(
        text.replace('"PreToolUse": [', '"PreToolUse": [{"hooks": [{"type": "command", "command": "true"}]},', 1)
    )
    assert '"inactive"' in machine.spawngate("status", "--format", "json")
    machine.spawngate("protect", "codex-cli", "--yes")
    assert '"installed"' in machine.spawngate("status", "--format", "json")

"""Every answer and every failure, in every agent that runs without a login: does the call have its effect?

What an agent does with a client that dies is the agent's own choice: DIES says what was measured, and the coverage
table in docs/limits.md says it to users.
"""

import os
import signal
import threading

import pytest
from bench.headless import AGENTS, Headless

from tests.real_agents.conftest import Impostor, Machine, kill_clients

DIES = {
    "claude-code": "blocked",  # from 2.1.295 on, by the switch of its own that we set
    "codex-cli": "runs",
    "gemini-cli": "runs",
    "qwen-code": "runs",
    "copilot-cli": "blocked",
    "opencode": "blocked",
}
"""What becomes of the call when our client is killed before it answers."""


ONLY = os.environ.get("SPAWNGATE_AGENTS_ONLY", "").split()
"""Ids of the agents to run; all of them where it is empty."""
CHOSEN = tuple(agent for agent in AGENTS if not ONLY or agent.id in ONLY)


def each() -> pytest.MarkDecorator:
    """Once for every agent."""
    return pytest.mark.parametrize("machine", CHOSEN, indirect=True, ids=lambda agent: agent.id)


@each()
def test_without_a_hook_the_call_runs(machine: Machine) -> None:
    """The control: otherwise the tests below prove nothing."""
    machine.try_to("deny")
    assert machine.ran("deny")


@each()
def test_allow(machine: Machine) -> None:
    machine.protect()
    machine.try_to("allow")
    assert machine.ran("allow")
    assert [event["decision"]["verdict"] for event in machine.decisions()] == ["allow"]


@each()
def test_deny(machine: Machine) -> None:
    machine.protect()
    played = machine.try_to("deny")
    assert not machine.ran("deny")
    decided = machine.decisions()
    assert [(event["decision"]["verdict"], event["decision"]["reasons"]) for event in decided] == [
        ("deny", ["test-deny"])
    ]
    assert "The file must not be." in played.told
    assert "test-deny" in played.told


@each()
def test_ask(machine: Machine) -> None:
    """Headless there is nobody to ask: the call must not run, and the run must end."""
    machine.protect()
    played = machine.try_to("ask")
    assert not played.run.late
    assert not machine.ran("ask")
    assert [event["decision"]["verdict"] for event in machine.decisions()] == ["ask"]


@each()
def test_log(machine: Machine) -> None:
    machine.protect()
    machine.try_to("log")
    assert machine.ran("log")
    assert [event["decision"]["verdict"] for event in machine.decisions()] == ["log"]


@each()
def test_monitor_blocks_nobody(machine: Machine) -> None:
    machine.protect("monitor")
    machine.try_to("deny")
    assert machine.ran("deny")
    decided = [(event["decision"]["verdict"], event["decision"]["mode"]) for event in machine.decisions()]
    assert decided == [("deny", "monitor")]


@each()
def test_daemon_killed(machine: Machine) -> None:
    machine.protect()
    os.kill(machine.daemon(), signal.SIGKILL)
    machine.try_to("allow")
    assert not machine.ran("allow")


@each()
def test_daemon_hung(machine: Machine) -> None:
    machine.protect()
    pid = machine.daemon()
    os.kill(pid, signal.SIGSTOP)
    try:
        played = machine.try_to("allow")
    finally:
        os.kill(pid, signal.SIGKILL)
    assert not played.run.late
    assert not machine.ran("allow")


@each()
@pytest.mark.parametrize("answer", [b'{"decision":"allow"}', b"SGA1", b""], ids=["foreign", "half", "none"])
def test_garbage(machine: Machine, answer: bytes) -> None:
    machine.protect()
    os.kill(machine.daemon(), signal.SIGKILL)
    impostor = Impostor(machine.state / "daemon.sock", answer)
    try:
        machine.try_to("allow")
    finally:
        impostor.close()
    assert impostor.asked > 0
    assert not machine.ran("allow")


@each()
def test_client_killed(machine: Machine) -> None:
    machine.protect()
    pid = machine.daemon()
    os.kill(pid, signal.SIGSTOP)  # so that the client is still waiting when it is found
    until, killed = threading.Event(), list[int]()
    hunter = threading.Thread(target=kill_clients, args=(until, machine.state, killed))
    hunter.start()
    try:
        machine.try_to("allow")
    finally:
        until.set()
        hunter.join()
        os.kill(pid, signal.SIGKILL)
    assert killed
    assert ("runs" if machine.ran("allow") else "blocked") == DIES[machine.agent.id]


@each()
def test_unprotect_gives_the_files_back(machine: Machine) -> None:
    machine.agent.prepare(machine.stage, 9)
    before = {path: path.read_bytes() for path in sorted(machine.stage.home.rglob("*")) if path.is_file()}
    machine.protect()
    machine.spawngate("unprotect", machine.agent.id)
    after = {path: path.read_bytes() for path in sorted(machine.stage.home.rglob("*")) if path.is_file()}
    assert after == before
    machine.try_to("deny")
    assert machine.ran("deny")


def test_every_agent_is_listed() -> None:
    agents: tuple[Headless, ...] = AGENTS
    assert {agent.id for agent in agents} == set(DIES)

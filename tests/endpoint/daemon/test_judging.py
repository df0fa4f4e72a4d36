"""Calls that take long are looked at beside: others are answered meanwhile, those of their own session wait."""

import asyncio
import json
import os
import random
import signal
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from spawngate.endpoint.daemon import beside as beside_module
from spawngate.endpoint.daemon import bounded as bounded_module
from spawngate.endpoint.daemon.assemble import assemble
from spawngate.endpoint.daemon.bounded import TakesLongError, bound_evaluations, bounded, brief
from spawngate.endpoint.daemon.place import place
from spawngate.endpoint.daemon.run import Daemon
from spawngate.endpoint.daemon.service import Opened, Service
from spawngate.endpoint.state import State
from spawngate.model import wire
from spawngate.model.call import HookReply, ToolCall, ToolKind
from spawngate.policy.decider import Decider, Looked
from spawngate.trail.event import Event
from tests.endpoint.daemon.running import told, with_daemon


@pytest.fixture(autouse=True)
def alarm() -> Iterator[None]:
    before = signal.getsignal(signal.SIGVTALRM)
    yield
    signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    signal.signal(signal.SIGVTALRM, before)


def request(command: str, session: str, call: str) -> wire.Request:
    given: dict[str, Any] = {"session_id": session, "cwd": "/home/ann/p", "hook_event_name": "PreToolUse"}
    given |= {"tool_name": "Bash", "tool_input": {"command": command}, "tool_use_id": call}
    return wire.Request("claude-code", payload=json.dumps(given).encode())


async def ask(daemon: Daemon, order: list[str], asked: wire.Request) -> HookReply:
    reader, writer = await asyncio.open_unix_connection(daemon.place.socket)
    writer.write(wire.encode_request(asked))
    reply = wire.decode_answer(await reader.read())
    writer.close()
    await writer.wait_closed()
    order.append(json.loads(asked.payload)["tool_use_id"])
    return reply


def long(lines: int, mark: int = 0) -> str:
    """A command that takes a while to understand, and that is refused for its end."""
    texts = [f"test -f a{each} && (cat <b{mark}-{each} | sort -u) > c{each} || echo {mark}" for each in range(lines)]
    return "\n".join([*texts, "rm -rf ~/*"])


def test_a_small_call_of_another_session_is_answered_meanwhile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded_module, "LONGEST", 30.0)
    monkeypatch.setattr(beside_module, "SECONDS", 60.0)
    real, answered = Service.told, tmp_path / "others-are-answered"

    def slow(self: Service, opened: Opened) -> Looked | Event | None:
        while opened.call.call == "long" and not answered.exists():
            time.sleep(0.01)  # in the process beside
        return real(self, opened)

    monkeypatch.setattr(Service, "told", slow)
    order: list[str] = []
    replies: list[HookReply] = []

    async def what(daemon: Daemon) -> None:
        daemon.server.limits = replace(daemon.server.limits, seconds=60.0)
        asked = [("long", "one", long(100)), ("after", "one", "ls -la")]
        asked += [(f"other{number}", "two", f"git log -{number}") for number in range(5)]
        tasks = []
        for call, session, command in asked:
            tasks.append(asyncio.ensure_future(ask(daemon, order, request(command, session, call))))
            await asyncio.sleep(0.02)
        await asyncio.wait(tasks[2:])
        assert not tasks[0].done()
        answered.touch()
        replies.extend(await asyncio.gather(*tasks))

    with_daemon(State(tmp_path / "s"), what)
    others = [f"other{number}" for number in range(5)]
    assert order == [*others, "long", "after"]
    assert [b"deny" in reply.stdout for reply in replies] == [True, False, *[False] * 5]
    decided = [event["call"]["id"] for event in told(State(tmp_path / "s")) if event["type"] == "decision"]
    assert decided == [*others, "long", "after"]


def test_beside_and_at_once_decide_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded_module, "LONGEST", 30.0)
    found: dict[float, list[Any]] = {}
    for seconds in (0.000_001, 60.0):
        monkeypatch.setattr(bounded_module, "BRIEF", seconds)
        state = State(tmp_path / str(seconds))

        async def what(daemon: Daemon) -> None:
            for number, command in enumerate(("ls", "rm -rf ~/*", "if (((", "npx -y x | sh", long(5))):
                await ask(daemon, [], request(command, "one", f"c{number}"))

        with_daemon(state, what)
        found[seconds] = [
            ({**event["decision"], "latency_us": 0}, event["call"], event["question"], event["actor"])
            for event in told(state)
            if event["type"] == "decision"
        ]
    assert len(found[60.0]) == 5
    assert found[0.000_001] == found[60.0]


@pytest.mark.parametrize("how", ["raises", "dies", "no process"])
def test_a_fault_beside_is_the_configured_verdict(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    monkeypatch.setattr(bounded_module, "BRIEF", 0.000_001)

    real = Decider.look

    def look(self: Decider, call: ToolCall) -> Looked | None:
        if call.commands != ("ls a-secret",):
            return real(self, call)
        if bounded_module.in_brief():
            raise TakesLongError
        if how == "raises":
            raise RuntimeError(call.commands[0])
        raise SystemExit  # of the process beside

    def no_fork() -> int:
        raise BlockingIOError

    if how == "no process":
        monkeypatch.setattr(os, "fork", no_fork)
    else:
        monkeypatch.setattr(Decider, "look", look)
    replies: list[HookReply] = []

    async def what(daemon: Daemon) -> None:
        replies.append(await ask(daemon, [], request("ls a-secret", "one", "c")))

    with_daemon(State(tmp_path / "s"), what)
    events = [event for event in told(State(tmp_path / "s")) if event["type"] in ("decision", "fault")]
    if how == "no process":
        assert [event["decision"]["verdict"] for event in events] == ["allow"]
        return
    fault, decision = events
    assert b"deny" in replies[0].stdout
    assert decision["decision"]["reasons"] == ["internal-fault"]
    assert fault["detail"]["error"] == {"raises": "RuntimeError", "dies": "NoAnswerError"}[how]
    assert "a-secret" not in json.dumps(fault)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # loops of other tests that end here
def test_giving_up_at_any_moment_does_no_harm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is in force remembers much; a look that was given up must leave nothing half done behind."""
    bound_evaluations()
    state = State(tmp_path / "s")
    made = assemble(state, place(state.folder)).service
    source = random.Random(5)

    def call(lines: int, mark: int) -> ToolCall:
        return ToolCall("claude-code", "Bash", ToolKind.SHELL, commands=(long(lines, mark),), cwd="/home/ann/p")

    given_up = 0
    for mark in range(150):
        monkeypatch.setattr(bounded_module, "BRIEF", source.uniform(0.0005, 0.02))
        with bounded():
            try:
                with brief():
                    made.rehearse(call(source.choice((10, 20, 40)), mark))
            except TakesLongError:
                given_up += 1
    assert given_up > 20
    anew = State(tmp_path / "s")
    fresh = assemble(anew, place(anew.folder)).service
    for mark in (1, 30, 149, 1_000):
        assert made.rehearse(call(10, mark)) == fresh.rehearse(call(10, mark))

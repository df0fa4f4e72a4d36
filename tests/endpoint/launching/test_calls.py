"""Calls through the relay that take long: others are answered meanwhile, those of their own server wait."""

import asyncio
import json
import os
import time
from dataclasses import replace
from time import perf_counter_ns

import pytest

from spawngate.endpoint.daemon import bounded as bounded_module
from spawngate.endpoint.daemon.beside import Beside
from spawngate.endpoint.daemon.bounded import TakesLongError
from spawngate.endpoint.launching.desk import PreparedLaunch
from spawngate.model.call import ToolCall
from spawngate.model.decision import Verdict
from spawngate.policy.decider import Decider, Looked
from tests.endpoint.launching.offices import Office, said

PATHS = ("a.txt", "/home/u/.ssh/id_rsa")


def started(office: Office) -> str:
    launch = office.start()["launch"]
    assert isinstance(launch, str)
    return launch


def call(office: Office, launch: str, path: str) -> PreparedLaunch:
    return office.ask("call", launch=launch, tool="read", arguments={"path": path})


def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every look takes too long for a hurry."""
    real = Decider.look

    def look(self: Decider, call: ToolCall) -> Looked | None:
        if bounded_module.in_brief():
            raise TakesLongError
        return real(self, call)

    monkeypatch.setattr(Decider, "look", look)


def test_a_small_call_needs_no_process(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    launch = started(office)
    monkeypatch.setattr(os, "fork", None)
    assert said(call(office, launch, "a.txt").reply) == {"verdict": "allow", "message": ""}


@pytest.mark.parametrize("path", PATHS)
def test_the_same_is_decided_wherever_it_is_looked_at(
    office: Office, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    launch = started(office)
    at_once = call(office, launch, path)
    slow(monkeypatch)
    beside = call(office, launch, path)
    assert replace(beside, events=()) == replace(at_once, events=())
    assert [event.question for event in beside.events] == [event.question for event in at_once.events]


def test_others_are_answered_meanwhile(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    here, other = started(office), started(office)
    real, go_on = Decider.look, office.root / "go-on"

    def look(self: Decider, call: ToolCall) -> Looked | None:
        if call.input.get("path") == "long":
            if bounded_module.in_brief():
                raise TakesLongError
            while not go_on.exists():
                time.sleep(0.01)  # in the process beside
        return real(self, call)

    monkeypatch.setattr(Decider, "look", look)
    answered: list[str] = []

    async def ask(name: str, launch: str, path: str) -> None:
        asked = {"launch": launch, "tool": "read", "arguments": {"path": path}}
        await office.launches.answer("call", json.dumps(asked).encode(), perf_counter_ns())
        answered.append(name)
        if len(answered) == 2:
            go_on.touch()

    async def all_of_them() -> None:
        calls = [("first", here, "long"), ("behind it", here, "a"), ("other 1", other, "b"), ("other 2", other, "c")]
        await asyncio.gather(*(ask(*each) for each in calls))

    asyncio.run(all_of_them())
    assert answered == ["other 1", "other 2", "first", "behind it"]


@pytest.mark.parametrize(("how", "error"), [("raises", "RuntimeError"), ("dies", "NoAnswerError")])
def test_a_fault_beside_is_the_configured_verdict(
    office: Office, monkeypatch: pytest.MonkeyPatch, how: str, error: str
) -> None:
    launch = started(office)

    def look(self: Decider, call: ToolCall) -> Looked | None:
        if bounded_module.in_brief():
            raise TakesLongError
        if how == "raises":
            raise RuntimeError(call.input["path"])
        raise SystemExit  # of the process beside

    monkeypatch.setattr(Decider, "look", look)
    prepared = call(office, launch, "a-secret")
    assert (said(prepared.reply)["verdict"], prepared.decision.reasons) == ("deny", ("internal-fault",))
    assert prepared.decision.errors == (f"{error} inside Spawngate",)
    assert [(event.type, event.detail.get("error")) for event in prepared.events] == [
        ("fault", error),
        ("decision", None),
    ]
    assert "a-secret" not in repr(prepared.events)


def test_where_no_process_is_to_be_had_the_others_wait(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    launch = started(office)
    slow(monkeypatch)

    def no_fork() -> int:
        raise BlockingIOError

    monkeypatch.setattr(os, "fork", no_fork)
    assert [call(office, launch, path).decision.verdict for path in PATHS] == [Verdict.ALLOW, Verdict.DENY]


def test_a_server_that_ends_meanwhile_is_not_known(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    launch = started(office)
    slow(monkeypatch)
    real = Beside.run

    async def run(self: Beside, work: object) -> object:
        found = await real(self, work)  # type: ignore[arg-type]  # passed on as it came
        office.launches.records.end(launch)
        return found

    monkeypatch.setattr(Beside, "run", run)
    prepared = call(office, launch, "a.txt")
    assert (said(prepared.reply)["verdict"], prepared.decision.reasons) == ("deny", ("launch-not-known",))

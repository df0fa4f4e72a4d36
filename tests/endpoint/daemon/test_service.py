"""One evaluation: whatever comes in, there is a reply in the agent's words and an event without values."""

import errno
import json
import os
from dataclasses import replace
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spawngate.endpoint.daemon.service import Service, find_hook
from spawngate.endpoint.trail import reader
from spawngate.endpoint.trail.store import TrailStore
from spawngate.model.call import HookReply
from spawngate.model.decision import Mode, Verdict
from spawngate.policy.settings import PolicySettings
from spawngate.trail.event import CallRecord, DecisionRecord, canonical
from spawngate.trail.query import Query
from tests.endpoint.daemon.fakes import AGENT, REDACTOR, Decides, find, payload, service

MONITOR = PolicySettings(mode=Mode.MONITOR)


def said(reply: HookReply) -> object:
    return json.loads(reply.stdout) if reply.stdout else None


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("ls", None),
        ("log this", None),
        ("deny this", {"decision": "deny", "reason": ["because-deny"]}),
        ("ask this", {"decision": "ask", "reason": ["because-ask"]}),
    ],
)
def test_answered_after_the_record(tmp_path: Path, command: str, expected: object) -> None:
    with TrailStore(tmp_path) as store:
        reply = service().answer(store, AGENT, payload(command, call="c1"), {"FAKE_CWD": "/p"})
        assert said(reply) == expected
        (value,) = reader.newest(tmp_path, Query())
    assert value["decision"]["verdict"] == (command.split()[0] if expected or command.startswith("log") else "allow")
    assert value["actor"] == {"agent": AGENT, "session": "s", "user": "ann"}
    assert value["call"] == {
        "tool": "shell",
        "kind": "shell",
        "id": "c1",
        "moment": "before-tool",
        "commands": [command],
        "cwd": "/p",
    }


def test_prepared() -> None:
    prepared = service().prepare(AGENT, payload("deny x"), {})
    (event,) = prepared.events
    assert event.decision is not None
    assert event.decision.latency_us < 1_000_000
    assert (event.type, event.endpoint, event.channel) == ("decision", "e", "hook")
    assert event.call == CallRecord(tool="shell", kind="shell", moment="before-tool", commands=("deny x",))
    assert event.question == {"action": "shell"}


@pytest.mark.parametrize("bad", [b"", b"{", b"[]", b'{"run": 1}', b"\xff", b'{"run"', b"[" * 100_000])
def test_not_understood(bad: bytes) -> None:
    prepared = service().prepare(AGENT, bad, {})
    assert said(prepared.reply) == {"decision": "deny", "reason": ["hook-input-not-understood"]}
    (event,) = prepared.events
    assert event.decision is not None
    assert event.decision.reasons == ("hook-input-not-understood",)
    assert event.decision.errors[0] in ("no run", "run is no text")
    assert event.call is None


def test_not_understood_as_policy_says() -> None:
    assert said(service(MONITOR).prepare(AGENT, b"{", {}).reply) is None
    asks = service(PolicySettings(not_understood=Verdict.ASK)).prepare(AGENT, b"{", {})
    assert said(asks.reply) == {"decision": "ask", "reason": ["hook-input-not-understood"]}
    one = PolicySettings(modes={AGENT: Mode.MONITOR})
    assert said(service(one).prepare(AGENT, b"{", {}).reply) is None


def test_fault_is_refused_and_recorded_without_values() -> None:
    prepared = service().prepare(AGENT, payload("crash s3cr3tvalue"), {})
    assert said(prepared.reply) == {"decision": "deny", "reason": ["internal-fault"]}
    fault, decision = prepared.events
    assert fault.type == "fault"
    assert fault.detail["error"] == "RuntimeError"
    places = fault.detail["places"]
    assert isinstance(places, list)
    assert str(places[-1]).startswith("fakes.py:")
    assert "s3cr3tvalue" not in canonical(fault).decode()
    assert decision.decision is not None
    assert decision.decision.reasons == ("internal-fault",)
    assert said(service(MONITOR).prepare(AGENT, payload("crash"), {}).reply) is None


@pytest.mark.parametrize("agent", ["nobody", "../x", "a" * 500, "\udc80"])
def test_agent_that_is_not_known(agent: str) -> None:
    prepared = Service(Decides(), REDACTOR).prepare(agent, payload("ls"), {})
    assert prepared.reply.exit_code == 2
    assert prepared.reply.stdout == b""
    assert prepared.reply.stderr.startswith(b"Spawngate could not judge this call")
    (event,) = prepared.events
    assert isinstance(event.decision, DecisionRecord)
    assert event.decision.reasons == ("unknown-agent",)
    assert Service(Decides(), REDACTOR, settings=MONITOR).prepare(agent, b"", {}).reply == HookReply()


def test_encoder_that_fails_opens_no_gate() -> None:
    hook = find(AGENT)
    assert hook is not None
    broken = replace(hook, encode=mock.Mock(side_effect=ValueError))
    made = Service(Decides(), REDACTOR, find=lambda _: broken)
    assert made.prepare(AGENT, payload("deny x"), {}).reply.exit_code == 2
    assert made.prepare(AGENT, payload("ls"), {}).reply.exit_code == 2


@pytest.mark.parametrize(
    ("made", "command", "expected"),
    [
        (PolicySettings(), "ls", {"decision": "deny", "reason": ["not-recorded"]}),
        (PolicySettings(), "ask x", {"decision": "deny", "reason": ["because-ask", "not-recorded"]}),
        (PolicySettings(), "deny x", {"decision": "deny", "reason": ["because-deny"]}),
        (PolicySettings(not_recorded=Verdict.ALLOW), "ls", None),
        (PolicySettings(not_recorded=Verdict.ALLOW), "deny x", {"decision": "deny", "reason": ["because-deny"]}),
        (PolicySettings(mode=Mode.MONITOR), "ls", None),
    ],
)
def test_record_that_cannot_be_written(tmp_path: Path, made: PolicySettings, command: str, expected: object) -> None:
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    with TrailStore(tmp_path) as store, mock.patch.object(os, "pwrite", side_effect=full):
        assert said(service(made).answer(store, AGENT, payload(command), {})) == expected


def test_new_decider_counts_from_the_next_call_on() -> None:
    made = service()
    assert said(made.prepare(AGENT, b"{", {}).reply) is not None
    made.use(Decides(), MONITOR)
    assert said(made.prepare(AGENT, b"{", {}).reply) is None
    assert made.settings == MONITOR


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.binary(max_size=300) | st.text(st.characters(codec=None)).map(lambda text: json.dumps({"run": text}).encode())
)
def test_any_payload_is_answered(data: bytes) -> None:
    prepared = service().prepare(AGENT, data, {})
    assert prepared.reply.exit_code == 0
    assert json.loads(canonical(prepared.events[-1]))["type"] == "decision"


def test_only_agents_of_the_table_have_hooks() -> None:
    assert find_hook("spawngate") is None


def told(store_folder: Path) -> int:
    return sum(1 for _ in reader.newest(store_folder, Query()))


def test_one_call_told_twice_is_recorded_once_and_answered_alike(tmp_path: Path) -> None:
    clock = [0.0]
    made = Service(Decides(), REDACTOR, find=find, steady=lambda: clock[0])
    with TrailStore(tmp_path) as store:
        first = made.answer(store, AGENT, payload("deny x", call="c1"), {})
        assert made.answer(store, AGENT, payload("deny x", call="c1"), {}) == first
        assert told(tmp_path) == 1
        made.answer(store, AGENT, payload("deny x", call="c2"), {})
        assert told(tmp_path) == 2
        clock[0] = 60.0
        made.answer(store, AGENT, payload("deny x", call="c1"), {})
        assert told(tmp_path) == 3
        made.use(Decides(), PolicySettings())
        made.answer(store, AGENT, payload("deny x", call="c1"), {})
        assert told(tmp_path) == 4


def test_other_call_under_the_same_id_is_judged(tmp_path: Path) -> None:
    """An agent may count its calls anew in every turn."""
    made = service()
    with TrailStore(tmp_path) as store:
        assert said(made.answer(store, AGENT, payload("ls", call="0"), {})) is None
        refused = made.answer(store, AGENT, payload("deny x", call="0"), {})
        assert said(refused) == {"decision": "deny", "reason": ["because-deny"]}
        other_folder = made.answer(store, AGENT, payload("deny x", call="0"), {"FAKE_CWD": "/other"})
        assert other_folder == refused
        assert told(tmp_path) == 3


def test_call_that_was_not_recorded_is_no_precedent(tmp_path: Path) -> None:
    made = service()
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    with TrailStore(tmp_path) as store:
        with mock.patch.object(os, "pwrite", side_effect=full):
            for _ in range(2):
                reply = made.answer(store, AGENT, payload("ls", call="c"), {})
                assert said(reply) == {"decision": "deny", "reason": ["not-recorded"]}
        assert said(made.answer(store, AGENT, payload("ls", call="c"), {})) is None
        assert told(tmp_path) == 1


def test_agent_that_runs_another_agents_file_is_answered_in_its_own_words() -> None:
    given = {
        "conversation_id": "c",
        "generation_id": "g",
        "cursor_version": "2.0",
        "hook_event_name": "beforeShellExecution",
        "command": "deny this",
        "cwd": "/p",
    }
    prepared = Service(Decides(), REDACTOR).prepare("claude-code", json.dumps(given).encode(), {})
    assert prepared.agent == "cursor"
    assert json.loads(prepared.reply.stdout)["permission"] == "deny"
    assert prepared.events[0].actor.agent == "cursor"


def test_servers_of_the_inventory_settle_ambiguous_names() -> None:
    given = {
        "hook_event_name": "BeforeTool",
        "tool_name": "mcp_my_db_run_query",
        "tool_input": {},
        "session_id": "s",
        "cwd": "/p",
    }
    decides = mock.Mock(look=mock.Mock(side_effect=RuntimeError))
    cases: list[tuple[dict[str, tuple[str, ...]], tuple[str, str]]] = [
        ({"gemini-cli": ("my_db",)}, ("my_db", "run_query")),
        ({"gemini-cli": ("my",)}, ("my", "db_run_query")),
    ]
    for servers, expected in cases:
        made = Service(decides, REDACTOR, servers=servers)
        made.prepare("gemini-cli", json.dumps(given).encode(), {})
        call = decides.look.call_args.args[0]
        assert (call.server, call.server_tool) == expected


def test_names_and_ids_that_clients_make_up_fill_no_memory() -> None:
    made = Service(Decides(), REDACTOR)
    for number in range(3000):
        made.prepare(f"agent-{number}", b"{}", {})
    assert made._hooks == {}
    told_ = service()
    for number in range(3000):
        told_.recorded(told_.prepare(AGENT, payload("ls", call=str(number)), {}))
    assert len(told_._answered) <= 1024


def test_texts_of_answered_calls_do_not_stay() -> None:
    made = service()
    made.recorded(made.prepare(AGENT, payload("ls s3cr3tvalue", call="c"), {}))
    assert len(made._answered) == 1
    assert "s3cr3tvalue" not in str(made._answered._held)

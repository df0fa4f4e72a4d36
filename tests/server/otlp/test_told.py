"""Decisions that agents tell of."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.redact.redactor import Redactor
from spawngate.server.otlp.decode import LogRecord, from_json
from spawngate.server.otlp.told import FORMS, key_of, told
from spawngate.trail.event import Actor, CallRecord, DecisionRecord, Event, canonical
from tests.server.otlp.records import AT, SESSION, claude, codex, gemini, record, request

NOW = "2026-11-22T01:00:00.000000Z"
REDACTOR = Redactor(b"k" * 32)


def read(given: dict[str, Any], **resource: Any) -> LogRecord:
    (only,) = from_json(msgspec.json.encode(request(given, **resource))).records
    return only


def test_claude_code() -> None:
    assert told(read(claude(), service__version="2.1.330", host__name="laptop"), REDACTOR, NOW) == Event(
        type="decision",
        at=AT,
        schema_version=1,
        channel="otlp",
        actor=Actor("ada@example.org", "claude-code", SESSION, permission_mode="default"),
        call=CallRecord(
            tool="Bash", kind="shell", id="toolu_0001", moment="before-tool", commands=("echo hi > made.txt",)
        ),
        decision=DecisionRecord("allow", "told", reasons=("agent:config",)),
        detail={"decision": "accept", "source": "config", "host": "laptop", "version": "2.1.330"},
        message="told by claude-code",
    )


def test_codex_tells_of_the_decision_without_the_command() -> None:
    event = told(read(codex("denied")), REDACTOR, NOW)
    assert event is not None
    assert (event.actor.agent, event.actor.session, event.at) == ("codex-cli", SESSION, AT)
    assert event.call == CallRecord(tool="exec_command", kind="shell", id="call_0001", moment="before-tool")
    assert event.decision == DecisionRecord("deny", "told", reasons=("agent:config",))


@pytest.mark.parametrize(
    ("name", "agent"), [("gemini_cli.tool_call", "gemini-cli"), ("qwen-code.tool_call", "qwen-code")]
)
def test_gemini_and_qwen_tell_with_the_finished_call(name: str, agent: str) -> None:
    event = told(read(gemini(name, "reject")), REDACTOR, NOW)
    assert event is not None
    assert event.call is not None
    assert (event.actor.agent, event.call.commands, event.decision) == (
        agent,
        ("git push",),
        DecisionRecord("deny", "told"),
    )


@pytest.mark.parametrize(
    ("word", "verdict"),
    [
        ("accept", "allow"),
        ("approved_for_session", "allow"),
        ("ApprovedForSession", "allow"),
        ("auto_accept", "allow"),
        ("modify", "allow"),
        ("reject", "deny"),
        ("abort", "deny"),
        ("cancel", "deny"),
    ],
)
def test_words(word: str, verdict: str) -> None:
    event = told(read(claude(word)), REDACTOR, NOW)
    assert event is not None
    assert event.decision is not None
    assert event.decision.verdict == verdict


@pytest.mark.parametrize(
    "given",
    [
        record("claude_code.user_prompt", prompt="hello", decision="accept"),
        record("claude_code.tool_result", tool_name="Bash", success="true"),
        claude("perhaps"),
        record(None, event__name="tool_decision", decision="accept", tool_name="Bash"),
        record(None, event__name="codex.tool_result", tool_name="exec_command"),
    ],
)
def test_other_records_are_not_kept(given: dict[str, Any]) -> None:
    assert told(read(given), REDACTOR, NOW) is None


def test_mcp_tools_and_secrets() -> None:
    command = "curl -H 'Authorization: Bearer sk-ant-api03-abcdefghijklmnopqrstuvwxyz0123456789'"
    event = told(read(claude(command=command)), REDACTOR, NOW)
    assert event is not None
    assert b"abcdefghijklmnop" not in canonical(event)
    asked = told(read(claude(tool_name="mcp__files__read_file", tool_parameters='{"path":"/etc/x"}')), REDACTOR, NOW)
    assert asked is not None
    assert asked.call is not None
    assert (asked.call.server, asked.call.server_tool) == ("files", "read_file")


def test_the_same_record_has_the_same_key() -> None:
    assert key_of(read(claude())) == key_of(read(claude())) != key_of(read(claude(tool_use_id="toolu_0002")))
    assert key_of(read(record(None, 0, event__name="codex.tool_decision"))) == ""


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=5,
)


@given(
    st.sampled_from(sorted(FORMS)),
    st.dictionaries(
        st.sampled_from(["tool_name", "function_name", "tool_parameters", "function_args", "session.id", "user.email"]),
        _JSON,
    ),
    st.integers(0, 2**64 - 1),
)
def test_any_values(name: str, attributes: dict[str, Any], time: int) -> None:
    given = LogRecord(attributes, {**attributes, "event.name": name, "decision": "accept"}, "", None, time)
    event = told(given, REDACTOR, NOW)
    assert event is not None
    assert canonical(event)
    key_of(given)

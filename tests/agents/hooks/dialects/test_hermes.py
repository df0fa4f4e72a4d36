"""Hermes Agent's payloads and answers."""

import pytest
from tests.agents.hooks.speaking import (
    SILENT,
    answers,
    decoded,
    line,
    refused,
    stopped,
)

from spawngate.agents.hooks.dialects.hermes import HOOK
from spawngate.model.call import HookEvent, ToolCall, ToolKind
from spawngate.model.json import Json

AGENT = "hermes"
CALLS = [
    pytest.param(
        {
            "hook_event_name": "pre_tool_call",
            "tool_name": "terminal",
            "tool_input": {"command": "shutdown now"},
            "session_id": "h",
            "cwd": "/w",
            "profile": "default",
            "extra": {"tool_call_id": "c"},
        },
        {},
        ToolCall(
            agent=AGENT,
            event_name="pre_tool_call",
            session="h",
            cwd="/w",
            call="c",
            tool="terminal",
            kind=ToolKind.SHELL,
            commands=("shutdown now",),
            input={"command": "shutdown now"},
        ),
        id="documented",
    ),
    pytest.param(
        {"hook_event_name": "pre_tool_call", "tool_name": "execute_code", "tool_input": {"code": "import os"}},
        {},
        ToolCall(
            agent=AGENT,
            event_name="pre_tool_call",
            tool="execute_code",
            kind=ToolKind.SHELL,
            argvs=(("python3", "-c", "import os"),),
            input={"code": "import os"},
        ),
        id="code",
    ),
    pytest.param(
        {
            "hook_event_name": "post_tool_call",
            "tool_name": "read_file",
            "tool_input": {"path": "a"},
            "extra": {"result": "text"},
        },
        {},
        ToolCall(
            agent=AGENT,
            event_name="post_tool_call",
            event=HookEvent.AFTER_TOOL,
            tool="read_file",
            kind=ToolKind.READ,
            paths=("a",),
            response="text",
            input={"path": "a"},
        ),
        id="after",
    ),
]


@pytest.mark.parametrize(("payload", "environment", "expected"), CALLS)
def test_payload(payload: Json, environment: dict[str, str], expected: ToolCall) -> None:
    assert decoded(AGENT, payload, environment) == expected


def test_answers() -> None:
    call = decoded(
        AGENT,
        {
            "hook_event_name": "pre_tool_call",
            "tool_name": "terminal",
            "tool_input": {"command": "shutdown now"},
            "session_id": "h",
            "cwd": "/w",
            "profile": "default",
            "extra": {"tool_call_id": "c"},
        },
    )
    assert answers(AGENT, call) == [
        line({"action": "block", "message": refused()}),
        line({"action": "block", "message": stopped()}),
        SILENT,
        SILENT,
        SILENT,
    ]
    assert answers(AGENT, None) == [
        line({"action": "block", "message": refused("this call")}),
        line({"action": "block", "message": stopped("this call")}),
        SILENT,
        SILENT,
        SILENT,
    ]


def test_a_prompt_is_told() -> None:
    extra: Json = {"user_message": "add it", "is_first_turn": True, "conversation_history": []}
    told: Json = {"hook_event_name": "pre_llm_call", "tool_name": None, "session_id": "h", "cwd": "/w", "extra": extra}
    found = decoded(AGENT, told)
    assert (found.event, found.prompt, found.session) == (HookEvent.PROMPT, "add it", "h")
    assert HOOK.registration is not None
    events = {each.event: each.needed for file in HOOK.registration.files for each in file.insertions}
    assert events["pre_llm_call"] is False

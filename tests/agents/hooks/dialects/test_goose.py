"""Goose's payloads and answers."""

import pytest
from tests.agents.hooks.speaking import (
    SILENT,
    answers,
    decoded,
    line,
    refused,
    stopped,
)

from spawngate.agents.hooks.dialects.goose import HOOK
from spawngate.model.call import Edit, HookEvent, ToolCall, ToolKind
from spawngate.model.json import Json

AGENT = "goose"
CALLS = [
    pytest.param(
        {
            "event": "PreToolUse",
            "session_id": "20261120_1",
            "matcher_context": "developer__shell",
            "tool_name": "developer__shell",
            "tool_input": {"command": "aws iam create-access-key"},
            "working_dir": "/w",
            "tool_call_id": "call_2",
        },
        {},
        ToolCall(
            agent=AGENT,
            event_name="PreToolUse",
            session="20261120_1",
            call="call_2",
            cwd="/w",
            tool="developer__shell",
            kind=ToolKind.SHELL,
            commands=("aws iam create-access-key",),
            input={"command": "aws iam create-access-key"},
        ),
        id="documented",
    ),
    pytest.param(
        {
            "event": "PreToolUse",
            "tool_name": "developer__edit",
            "tool_input": {"path": "a", "before": "x", "after": "y"},
        },
        {},
        ToolCall(
            agent=AGENT,
            event_name="PreToolUse",
            tool="developer__edit",
            kind=ToolKind.WRITE,
            paths=("a",),
            edits=(Edit("a", "x", "y"),),
            input={"path": "a", "before": "x", "after": "y"},
        ),
        id="edit",
    ),
    pytest.param(
        {"event": "PreToolUse", "tool_name": "shell", "tool_input": {"command": "ls"}},
        {},
        ToolCall(
            agent=AGENT,
            event_name="PreToolUse",
            tool="shell",
            kind=ToolKind.SHELL,
            commands=("ls",),
            input={"command": "ls"},
        ),
        id="newer name",
    ),
    pytest.param(
        {"event": "PreToolUse", "tool_name": "github__get_issue", "tool_input": {}},
        {},
        ToolCall(
            agent=AGENT,
            event_name="PreToolUse",
            tool="github__get_issue",
            kind=ToolKind.MCP,
            server="github",
            server_tool="get_issue",
        ),
        id="mcp",
    ),
]


@pytest.mark.parametrize(("payload", "environment", "expected"), CALLS)
def test_payload(payload: Json, environment: dict[str, str], expected: ToolCall) -> None:
    assert decoded(AGENT, payload, environment) == expected


def test_answers() -> None:
    call = decoded(
        AGENT,
        {
            "event": "PreToolUse",
            "session_id": "20261120_1",
            "matcher_context": "developer__shell",
            "tool_name": "developer__shell",
            "tool_input": {"command": "aws iam create-access-key"},
            "working_dir": "/w",
            "tool_call_id": "call_2",
        },
    )
    assert answers(AGENT, call) == [
        line({"decision": "block", "reason": refused()}),
        line({"decision": "block", "reason": stopped()}),
        SILENT,
        SILENT,
        SILENT,
    ]
    assert answers(AGENT, None) == [
        line({"decision": "block", "reason": refused("this call")}),
        line({"decision": "block", "reason": stopped("this call")}),
        SILENT,
        SILENT,
        SILENT,
    ]


def test_a_prompt_is_told() -> None:
    told = {"event": "UserPromptSubmit", "session_id": "1", "matcher_context": "add it", "message": "add it"}
    found = decoded(AGENT, told)
    assert (found.event, found.prompt, found.session) == (HookEvent.PROMPT, "add it", "1")
    assert HOOK.registration is not None
    assert "UserPromptSubmit" in {
        insertion.event for file in HOOK.registration.files for insertion in file.insertions if not insertion.needed
    }

"""Factory Droid's payloads and answers."""

import pytest
from tests.agents.hooks.speaking import (
    SILENT,
    answers,
    asked,
    decoded,
    nested,
    refused,
)

from spawngate.model.call import Edit, ToolCall, ToolKind
from spawngate.model.json import Json

AGENT = "factory-droid"
CALLS = [
    pytest.param(
        {
            "session_id": "f1",
            "cwd": "/w",
            "permission_mode": "auto-high",
            "hook_event_name": "PreToolUse",
            "message_id": "m1",
            "tool_name": "Execute",
            "tool_input": {"command": "npx some-unknown-mcp", "riskLevel": "low"},
        },
        {},
        ToolCall(
            agent=AGENT,
            event_name="PreToolUse",
            session="f1",
            turn="m1",
            cwd="/w",
            permission_mode="auto-high",
            tool="Execute",
            kind=ToolKind.SHELL,
            commands=("npx some-unknown-mcp",),
            input={"command": "npx some-unknown-mcp", "riskLevel": "low"},
        ),
        id="documented",
    ),
    pytest.param(
        {
            "session_id": "f1",
            "cwd": "/w",
            "permission_mode": "auto-high",
            "hook_event_name": "PreToolUse",
            "message_id": "m1",
            "tool_name": "Create",
            "tool_input": {"file_path": "/w/a", "content": "x"},
        },
        {},
        ToolCall(
            agent=AGENT,
            event_name="PreToolUse",
            session="f1",
            turn="m1",
            cwd="/w",
            permission_mode="auto-high",
            tool="Create",
            kind=ToolKind.WRITE,
            paths=("/w/a",),
            edits=(Edit("/w/a", None, "x"),),
            input={"file_path": "/w/a", "content": "x"},
        ),
        id="create",
    ),
    pytest.param(
        {
            "session_id": "f1",
            "cwd": "/w",
            "permission_mode": "auto-high",
            "hook_event_name": "PreToolUse",
            "message_id": "m1",
            "tool_name": "ApplyPatch",
            "tool_input": {"input": "*** Begin Patch\n*** Delete File: a\n*** End Patch"},
        },
        {},
        ToolCall(
            agent=AGENT,
            event_name="PreToolUse",
            session="f1",
            turn="m1",
            cwd="/w",
            permission_mode="auto-high",
            tool="ApplyPatch",
            kind=ToolKind.WRITE,
            paths=("a",),
            edits=(Edit("a"),),
            input={"input": "*** Begin Patch\n*** Delete File: a\n*** End Patch"},
        ),
        id="patch",
    ),
    pytest.param(
        {
            "session_id": "f1",
            "cwd": "/w",
            "permission_mode": "auto-high",
            "hook_event_name": "PreToolUse",
            "message_id": "m1",
            "tool_name": "FetchUrl",
            "tool_input": {"url": "https://a.test"},
        },
        {},
        ToolCall(
            agent=AGENT,
            event_name="PreToolUse",
            session="f1",
            turn="m1",
            cwd="/w",
            permission_mode="auto-high",
            tool="FetchUrl",
            kind=ToolKind.FETCH,
            urls=("https://a.test",),
            input={"url": "https://a.test"},
        ),
        id="fetch",
    ),
]


@pytest.mark.parametrize(("payload", "environment", "expected"), CALLS)
def test_payload(payload: Json, environment: dict[str, str], expected: ToolCall) -> None:
    assert decoded(AGENT, payload, environment) == expected


def test_answers() -> None:
    call = decoded(
        AGENT,
        {
            "session_id": "f1",
            "cwd": "/w",
            "permission_mode": "auto-high",
            "hook_event_name": "PreToolUse",
            "message_id": "m1",
            "tool_name": "Execute",
            "tool_input": {"command": "npx some-unknown-mcp", "riskLevel": "low"},
        },
    )
    assert answers(AGENT, call) == [nested("deny", refused()), nested("ask", asked()), SILENT, SILENT, SILENT]
    assert answers(AGENT, None) == [
        nested("deny", refused("this call")),
        nested("ask", asked("this call")),
        SILENT,
        SILENT,
        SILENT,
    ]

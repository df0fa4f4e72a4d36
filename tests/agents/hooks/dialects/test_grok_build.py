"""Grok Build's payloads and answers."""

import pytest
from tests.agents.hooks.speaking import (
    SILENT,
    answers,
    asked,
    decoded,
    line,
    refused,
)

from spawngate.model.call import ToolCall, ToolKind
from spawngate.model.json import Json

AGENT = "grok-build"
CALLS = [
    pytest.param(
        {
            "hookEventName": "pre_tool_use",
            "sessionId": "x",
            "cwd": "/w",
            "toolName": "run_terminal_command",
            "toolInput": {"command": "git reset --hard"},
        },
        {},
        ToolCall(
            agent=AGENT,
            event_name="pre_tool_use",
            session="x",
            cwd="/w",
            tool="run_terminal_command",
            kind=ToolKind.SHELL,
            commands=("git reset --hard",),
            input={"command": "git reset --hard"},
        ),
        id="documented",
    ),
    pytest.param(
        {
            "hookEventName": "pre_tool_use",
            "hook_event_name": "pre_tool_use",
            "toolName": "probe__touch",
            "tool_name": "probe__touch",
            "toolInput": {},
        },
        {},
        ToolCall(
            agent=AGENT,
            event_name="pre_tool_use",
            tool="probe__touch",
            kind=ToolKind.MCP,
            server="probe",
            server_tool="touch",
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
            "hookEventName": "pre_tool_use",
            "sessionId": "x",
            "cwd": "/w",
            "toolName": "run_terminal_command",
            "toolInput": {"command": "git reset --hard"},
        },
    )
    assert answers(AGENT, call) == [
        line({"decision": "deny", "reason": refused()}),
        line({"decision": "ask", "reason": asked()}),
        SILENT,
        SILENT,
        SILENT,
    ]
    assert answers(AGENT, None) == [
        line({"decision": "deny", "reason": refused("this call")}),
        line({"decision": "ask", "reason": asked("this call")}),
        SILENT,
        SILENT,
        SILENT,
    ]

"""Qwen Code's payloads and answers; a question is refused."""

import pytest
from tests.agents.hooks.speaking import (
    SILENT,
    answers,
    decoded,
    nested,
    refused,
    stopped,
)

from spawngate.model.call import ToolCall, ToolKind
from spawngate.model.json import Json

AGENT = "qwen-code"
CALLS = [
    pytest.param(
        {
            "session_id": "f08c",
            "cwd": "/w",
            "hook_event_name": "PreToolUse",
            "timestamp": "2026-11-20T20:26:26Z",
            "permission_mode": "yolo",
            "tool_use_id": "toolu_1",
            "tool_name": "run_shell_command",
            "tool_input": {"command": "touch x", "is_background": False},
        },
        {},
        ToolCall(
            agent=AGENT,
            event_name="PreToolUse",
            session="f08c",
            permission_mode="yolo",
            call="toolu_1",
            cwd="/w",
            tool="run_shell_command",
            kind=ToolKind.SHELL,
            commands=("touch x",),
            input={"command": "touch x", "is_background": False},
        ),
        id="documented",
    ),
    pytest.param(
        {
            "session_id": "f08c",
            "cwd": "/w",
            "hook_event_name": "PreToolUse",
            "timestamp": "2026-11-20T20:26:26Z",
            "permission_mode": "yolo",
            "tool_use_id": "toolu_1",
            "tool_name": "run_shell_command",
            "tool_input": {"command": "dir", "directory": "C:\\\\w"},
        },
        {},
        ToolCall(
            agent=AGENT,
            event_name="PreToolUse",
            session="f08c",
            permission_mode="yolo",
            call="toolu_1",
            cwd="C:\\\\w",
            dialect="cmd",
            tool="run_shell_command",
            kind=ToolKind.SHELL,
            commands=("dir",),
            input={"command": "dir", "directory": "C:\\\\w"},
        ),
        id="on windows",
    ),
    pytest.param(
        {
            "session_id": "f08c",
            "cwd": "/w",
            "hook_event_name": "PreToolUse",
            "timestamp": "2026-11-20T20:26:26Z",
            "permission_mode": "yolo",
            "tool_use_id": "toolu_1",
            "tool_name": "monitor",
            "tool_input": {"command": "tail -f x"},
        },
        {},
        ToolCall(
            agent=AGENT,
            event_name="PreToolUse",
            session="f08c",
            permission_mode="yolo",
            call="toolu_1",
            cwd="/w",
            tool="monitor",
            kind=ToolKind.SHELL,
            commands=("tail -f x",),
            input={"command": "tail -f x"},
        ),
        id="monitor",
    ),
    pytest.param(
        {
            "session_id": "f08c",
            "cwd": "/w",
            "hook_event_name": "PreToolUse",
            "timestamp": "2026-11-20T20:26:26Z",
            "permission_mode": "yolo",
            "tool_use_id": "toolu_1",
            "tool_name": "web_fetch",
            "tool_input": {"url": "https://a.test", "prompt": "see https://b.test"},
        },
        {},
        ToolCall(
            agent=AGENT,
            event_name="PreToolUse",
            session="f08c",
            permission_mode="yolo",
            call="toolu_1",
            cwd="/w",
            tool="web_fetch",
            kind=ToolKind.FETCH,
            urls=("https://a.test",),
            input={"url": "https://a.test", "prompt": "see https://b.test"},
        ),
        id="fetch",
    ),
    pytest.param(
        {
            "session_id": "f08c",
            "cwd": "/w",
            "hook_event_name": "PreToolUse",
            "timestamp": "2026-11-20T20:26:26Z",
            "permission_mode": "yolo",
            "tool_use_id": "toolu_1",
            "tool_name": "mcp__probe__touch",
            "tool_input": {},
        },
        {},
        ToolCall(
            agent=AGENT,
            event_name="PreToolUse",
            session="f08c",
            permission_mode="yolo",
            call="toolu_1",
            cwd="/w",
            tool="mcp__probe__touch",
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
            "session_id": "f08c",
            "cwd": "/w",
            "hook_event_name": "PreToolUse",
            "timestamp": "2026-11-20T20:26:26Z",
            "permission_mode": "yolo",
            "tool_use_id": "toolu_1",
            "tool_name": "run_shell_command",
            "tool_input": {"command": "touch x", "is_background": False},
        },
    )
    assert answers(AGENT, call) == [nested("deny", refused()), nested("deny", stopped()), SILENT, SILENT, SILENT]
    assert answers(AGENT, None) == [
        nested("deny", refused("this call")),
        nested("deny", stopped("this call")),
        SILENT,
        SILENT,
        SILENT,
    ]

"""VS Code's payloads and answers."""

import pytest
from tests.agents.hooks.speaking import (
    EMPTY,
    answers,
    asked,
    decoded,
    nested,
    refused,
)

from spawngate.model.call import Edit, ToolCall, ToolKind
from spawngate.model.json import Json

AGENT = "vscode"
CALLS = [
    pytest.param(
        {
            "timestamp": "2026-11-20T10:00:00.000Z",
            "cwd": "/home/dev/app",
            "session_id": "5d1",
            "hook_event_name": "PreToolUse",
            "tool_use_id": "call_1",
            "tool_name": "run_in_terminal",
            "tool_input": {"command": "rm -rf build", "explanation": "clean", "goal": "clean"},
        },
        {},
        ToolCall(
            agent=AGENT,
            event_name="PreToolUse",
            session="5d1",
            cwd="/home/dev/app",
            call="call_1",
            tool="run_in_terminal",
            kind=ToolKind.SHELL,
            input={"command": "rm -rf build", "explanation": "clean", "goal": "clean"},
            commands=("rm -rf build",),
        ),
        id="terminal",
    ),
    pytest.param(
        {
            "timestamp": "2026-11-20T10:00:00.000Z",
            "cwd": "/home/dev/app",
            "session_id": "5d1",
            "hook_event_name": "PreToolUse",
            "tool_use_id": "call_1",
            "tool_name": "create_and_run_task",
            "tool_input": {"workspaceFolder": "/w", "task": {"label": "b", "command": "make", "args": ["all", "-j2"]}},
        },
        {},
        ToolCall(
            agent=AGENT,
            event_name="PreToolUse",
            session="5d1",
            cwd="/w",
            call="call_1",
            tool="create_and_run_task",
            kind=ToolKind.SHELL,
            commands=("make all -j2",),
            input={"workspaceFolder": "/w", "task": {"label": "b", "command": "make", "args": ["all", "-j2"]}},
        ),
        id="task",
    ),
    pytest.param(
        {
            "timestamp": "2026-11-20T10:00:00.000Z",
            "cwd": "/home/dev/app",
            "session_id": "5d1",
            "hook_event_name": "PreToolUse",
            "tool_use_id": "call_1",
            "tool_name": "read_file",
            "tool_input": {"filePath": "/w/a", "startLine": 1},
        },
        {},
        ToolCall(
            agent=AGENT,
            event_name="PreToolUse",
            session="5d1",
            cwd="/home/dev/app",
            call="call_1",
            tool="read_file",
            kind=ToolKind.READ,
            input={"filePath": "/w/a", "startLine": 1},
            paths=("/w/a",),
        ),
        id="read",
    ),
    pytest.param(
        {
            "timestamp": "2026-11-20T10:00:00.000Z",
            "cwd": "/home/dev/app",
            "session_id": "5d1",
            "hook_event_name": "PreToolUse",
            "tool_use_id": "call_1",
            "tool_name": "create_file",
            "tool_input": {"filePath": "/w/a", "content": "x"},
        },
        {},
        ToolCall(
            agent=AGENT,
            event_name="PreToolUse",
            session="5d1",
            cwd="/home/dev/app",
            call="call_1",
            tool="create_file",
            kind=ToolKind.WRITE,
            input={"filePath": "/w/a", "content": "x"},
            paths=("/w/a",),
            edits=(Edit("/w/a", None, "x"),),
        ),
        id="create",
    ),
    pytest.param(
        {
            "timestamp": "2026-11-20T10:00:00.000Z",
            "cwd": "/home/dev/app",
            "session_id": "5d1",
            "hook_event_name": "PreToolUse",
            "tool_use_id": "call_1",
            "tool_name": "replace_string_in_file",
            "tool_input": {"filePath": "/w/a", "oldString": "x", "newString": "y"},
        },
        {},
        ToolCall(
            agent=AGENT,
            event_name="PreToolUse",
            session="5d1",
            cwd="/home/dev/app",
            call="call_1",
            tool="replace_string_in_file",
            kind=ToolKind.WRITE,
            input={"filePath": "/w/a", "oldString": "x", "newString": "y"},
            paths=("/w/a",),
            edits=(Edit("/w/a", "x", "y"),),
        ),
        id="replace",
    ),
    pytest.param(
        {
            "timestamp": "2026-11-20T10:00:00.000Z",
            "cwd": "/home/dev/app",
            "session_id": "5d1",
            "hook_event_name": "PreToolUse",
            "tool_use_id": "call_1",
            "tool_name": "multi_replace_string_in_file",
            "tool_input": {
                "replacements": [
                    {"filePath": "/w/a", "oldString": "x", "newString": "y"},
                    {"filePath": "/w/b", "oldString": "1", "newString": "2"},
                ]
            },
        },
        {},
        ToolCall(
            agent=AGENT,
            event_name="PreToolUse",
            session="5d1",
            cwd="/home/dev/app",
            call="call_1",
            tool="multi_replace_string_in_file",
            kind=ToolKind.WRITE,
            input={
                "replacements": [
                    {"filePath": "/w/a", "oldString": "x", "newString": "y"},
                    {"filePath": "/w/b", "oldString": "1", "newString": "2"},
                ]
            },
            paths=("/w/a", "/w/b"),
            edits=(Edit("/w/a", "x", "y"), Edit("/w/b", "1", "2")),
        ),
        id="multi replace",
    ),
    pytest.param(
        {
            "timestamp": "2026-11-20T10:00:00.000Z",
            "cwd": "/home/dev/app",
            "session_id": "5d1",
            "hook_event_name": "PreToolUse",
            "tool_use_id": "call_1",
            "tool_name": "insert_edit_into_file",
            "tool_input": {"filePath": "/w/a", "code": "x"},
        },
        {},
        ToolCall(
            agent=AGENT,
            event_name="PreToolUse",
            session="5d1",
            cwd="/home/dev/app",
            call="call_1",
            tool="insert_edit_into_file",
            kind=ToolKind.WRITE,
            input={"filePath": "/w/a", "code": "x"},
            paths=("/w/a",),
            edits=(Edit("/w/a", "", "x"),),
        ),
        id="insert",
    ),
    pytest.param(
        {
            "timestamp": "2026-11-20T10:00:00.000Z",
            "cwd": "/home/dev/app",
            "session_id": "5d1",
            "hook_event_name": "PreToolUse",
            "tool_use_id": "call_1",
            "tool_name": "apply_patch",
            "tool_input": {
                "input": "*** Begin Patch\n*** Update File: a\n@@\n-x\n+y\n*** End Patch",
                "explanation": "e",
            },
        },
        {},
        ToolCall(
            agent=AGENT,
            event_name="PreToolUse",
            session="5d1",
            cwd="/home/dev/app",
            call="call_1",
            tool="apply_patch",
            kind=ToolKind.WRITE,
            input={"input": "*** Begin Patch\n*** Update File: a\n@@\n-x\n+y\n*** End Patch", "explanation": "e"},
            paths=("a",),
            edits=(Edit("a", "x\n", "y\n"),),
        ),
        id="patch",
    ),
    pytest.param(
        {
            "timestamp": "2026-11-20T10:00:00.000Z",
            "cwd": "/home/dev/app",
            "session_id": "5d1",
            "hook_event_name": "PreToolUse",
            "tool_use_id": "call_1",
            "tool_name": "fetch_webpage",
            "tool_input": {"urls": ["https://a.test", "https://b.test"]},
        },
        {},
        ToolCall(
            agent=AGENT,
            event_name="PreToolUse",
            session="5d1",
            cwd="/home/dev/app",
            call="call_1",
            tool="fetch_webpage",
            kind=ToolKind.FETCH,
            input={"urls": ["https://a.test", "https://b.test"]},
            urls=("https://a.test", "https://b.test"),
        ),
        id="fetch",
    ),
    pytest.param(
        {
            "timestamp": "2026-11-20T10:00:00.000Z",
            "cwd": "/home/dev/app",
            "session_id": "5d1",
            "hook_event_name": "PreToolUse",
            "tool_use_id": "call_1",
            "tool_name": "runSubagent",
            "tool_input": {"prompt": "do it", "description": "d"},
        },
        {},
        ToolCall(
            agent=AGENT,
            event_name="PreToolUse",
            session="5d1",
            cwd="/home/dev/app",
            call="call_1",
            tool="runSubagent",
            kind=ToolKind.SUBAGENT,
            input={"prompt": "do it", "description": "d"},
            prompt="do it",
        ),
        id="sub-agent",
    ),
    pytest.param(
        {
            "timestamp": "2026-11-20T10:00:00.000Z",
            "cwd": "/home/dev/app",
            "session_id": "5d1",
            "hook_event_name": "PreToolUse",
            "tool_use_id": "call_1",
            "tool_name": "mcp_github_get_issue",
            "tool_input": {"id": 1},
        },
        {},
        ToolCall(
            agent=AGENT,
            event_name="PreToolUse",
            session="5d1",
            cwd="/home/dev/app",
            call="call_1",
            tool="mcp_github_get_issue",
            kind=ToolKind.MCP,
            input={"id": 1},
            server_tool="github_get_issue",
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
            "timestamp": "2026-11-20T10:00:00.000Z",
            "cwd": "/home/dev/app",
            "session_id": "5d1",
            "hook_event_name": "PreToolUse",
            "tool_use_id": "call_1",
            "tool_name": "run_in_terminal",
            "tool_input": {"command": "rm -rf build", "explanation": "clean", "goal": "clean"},
        },
    )
    assert answers(AGENT, call) == [nested("deny", refused()), nested("ask", asked()), EMPTY, EMPTY, EMPTY]
    assert answers(AGENT, None) == [
        nested("deny", refused("this call")),
        nested("ask", asked("this call")),
        EMPTY,
        EMPTY,
        EMPTY,
    ]

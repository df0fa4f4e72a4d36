"""Crush's payloads and answers; a question is refused."""

import pytest
from tests.agents.hooks.speaking import (
    SILENT,
    answers,
    decoded,
    line,
    refused,
    stopped,
)

from spawngate.model.call import Edit, ToolCall, ToolKind
from spawngate.model.json import Json

AGENT = "crush"
CALLS = [
    pytest.param(
        {"event": "PreToolUse", "session_id": "31", "cwd": "/w", "tool_name": "bash", "tool_input": {"command": "ls"}},
        {},
        ToolCall(
            agent=AGENT,
            event_name="PreToolUse",
            session="31",
            cwd="/w",
            tool="bash",
            kind=ToolKind.SHELL,
            commands=("ls",),
            input={"command": "ls"},
        ),
        id="documented",
    ),
    pytest.param(
        {
            "event": "PreToolUse",
            "tool_name": "fetch",
            "tool_input": {"url": "http://169.254.169.254/", "format": "text"},
        },
        {},
        ToolCall(
            agent=AGENT,
            event_name="PreToolUse",
            tool="fetch",
            kind=ToolKind.FETCH,
            urls=("http://169.254.169.254/",),
            input={"url": "http://169.254.169.254/", "format": "text"},
        ),
        id="fetch",
    ),
    pytest.param(
        {"event": "PreToolUse", "tool_name": "download", "tool_input": {"url": "http://a.test/x", "file_path": "/w/x"}},
        {},
        ToolCall(
            agent=AGENT,
            event_name="PreToolUse",
            tool="download",
            kind=ToolKind.FETCH,
            urls=("http://a.test/x",),
            paths=("/w/x",),
            edits=(Edit("/w/x", None, ""),),
            input={"url": "http://a.test/x", "file_path": "/w/x"},
        ),
        id="download",
    ),
    pytest.param(
        {
            "event": "PreToolUse",
            "tool_name": "multiedit",
            "tool_input": {"file_path": "/w/a", "edits": [{"old_string": "x", "new_string": "y"}]},
        },
        {},
        ToolCall(
            agent=AGENT,
            event_name="PreToolUse",
            tool="multiedit",
            kind=ToolKind.WRITE,
            paths=("/w/a",),
            edits=(Edit("/w/a", "x", "y"),),
            input={"file_path": "/w/a", "edits": [{"old_string": "x", "new_string": "y"}]},
        ),
        id="multi edit",
    ),
    pytest.param(
        {"event": "PreToolUse", "tool_name": "mcp_git_hub_get", "tool_input": {}},
        {},
        ToolCall(
            agent=AGENT, event_name="PreToolUse", tool="mcp_git_hub_get", kind=ToolKind.MCP, server_tool="git_hub_get"
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
        {"event": "PreToolUse", "session_id": "31", "cwd": "/w", "tool_name": "bash", "tool_input": {"command": "ls"}},
    )
    assert answers(AGENT, call) == [
        line({"version": 1, "decision": "deny", "reason": refused()}),
        line({"version": 1, "decision": "deny", "reason": stopped()}),
        SILENT,
        SILENT,
        SILENT,
    ]
    assert answers(AGENT, None) == [
        line({"version": 1, "decision": "deny", "reason": refused("this call")}),
        line({"version": 1, "decision": "deny", "reason": stopped("this call")}),
        SILENT,
        SILENT,
        SILENT,
    ]

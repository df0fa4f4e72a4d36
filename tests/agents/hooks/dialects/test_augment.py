"""Augment's payloads and answers."""

import pytest
from tests.agents.hooks.speaking import (
    SILENT,
    answers,
    decoded,
    exit_2,
    refused,
    stopped,
)

from spawngate.model.call import Edit, ToolCall, ToolKind
from spawngate.model.json import Json

AGENT = "augment"
CALLS = [
    pytest.param(
        {
            "hook_event_name": "PreToolUse",
            "tool_name": "launch-process",
            "tool_input": {"command": "nc -l 4444"},
            "is_mcp_tool": False,
        },
        {},
        ToolCall(
            agent=AGENT,
            event_name="PreToolUse",
            tool="launch-process",
            kind=ToolKind.SHELL,
            commands=("nc -l 4444",),
            input={"command": "nc -l 4444"},
        ),
        id="documented",
    ),
    pytest.param(
        {"hook_event_name": "PreToolUse", "tool_name": "view", "tool_input": {"path": "a"}},
        {"AUGMENT_CONVERSATION_ID": "c", "AUGMENT_PROJECT_DIR": "/w"},
        ToolCall(
            agent=AGENT,
            event_name="PreToolUse",
            session="c",
            cwd="/w",
            tool="view",
            kind=ToolKind.READ,
            paths=("a",),
            input={"path": "a"},
        ),
        id="session of the environment",
    ),
    pytest.param(
        {
            "hook_event_name": "PreToolUse",
            "tool_name": "get_issue",
            "tool_input": {},
            "is_mcp_tool": True,
            "mcp_server_name": "github",
        },
        {},
        ToolCall(
            agent=AGENT,
            event_name="PreToolUse",
            tool="get_issue",
            kind=ToolKind.MCP,
            server="github",
            server_tool="get_issue",
        ),
        id="mcp",
    ),
    pytest.param(
        {"tool_name": "remove-files", "tool_input": {"file_paths": ["a", "b"]}},
        {},
        ToolCall(
            agent=AGENT,
            tool="remove-files",
            kind=ToolKind.WRITE,
            paths=("a", "b"),
            edits=(Edit("a"), Edit("b")),
            input={"file_paths": ["a", "b"]},
        ),
        id="remove",
    ),
    pytest.param(
        {
            "tool_name": "str-replace-editor",
            "tool_input": {
                "command": "str_replace",
                "path": "a",
                "str_replace_entries": [{"old_str": "x", "new_str": "y"}],
            },
        },
        {},
        ToolCall(
            agent=AGENT,
            tool="str-replace-editor",
            kind=ToolKind.WRITE,
            paths=("a",),
            edits=(Edit("a", "x", "y"),),
            input={"command": "str_replace", "path": "a", "str_replace_entries": [{"old_str": "x", "new_str": "y"}]},
        ),
        id="edit",
    ),
]


@pytest.mark.parametrize(("payload", "environment", "expected"), CALLS)
def test_payload(payload: Json, environment: dict[str, str], expected: ToolCall) -> None:
    assert decoded(AGENT, payload, environment) == expected


def test_answers() -> None:
    call = decoded(
        AGENT,
        {
            "hook_event_name": "PreToolUse",
            "tool_name": "launch-process",
            "tool_input": {"command": "nc -l 4444"},
            "is_mcp_tool": False,
        },
    )
    assert answers(AGENT, call) == [exit_2(refused()), exit_2(stopped()), SILENT, SILENT, SILENT]
    assert answers(AGENT, None) == [exit_2(refused("this call")), exit_2(stopped("this call")), SILENT, SILENT, SILENT]

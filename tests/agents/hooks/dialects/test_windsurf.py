"""Windsurf's payloads and answers: only exit code 2 blocks."""

import pytest
from tests.agents.hooks.speaking import (
    SILENT,
    answers,
    decoded,
    exit_2,
    refused,
    stopped,
)

from spawngate.model.call import Edit, HookEvent, ToolCall, ToolKind
from spawngate.model.json import Json

AGENT = "windsurf"
CALLS = [
    pytest.param(
        {
            "agent_action_name": "pre_run_command",
            "trajectory_id": "tr-1",
            "execution_id": "ex-1",
            "timestamp": "2026-02-01T08:00:00Z",
            "model_name": "swe",
            "tool_info": {"command_line": "sudo rm -rf /var", "cwd": "/home/dev/app"},
        },
        {},
        ToolCall(
            agent=AGENT,
            session="tr-1",
            turn="ex-1",
            event_name="pre_run_command",
            tool="run_command",
            kind=ToolKind.SHELL,
            commands=("sudo rm -rf /var",),
            cwd="/home/dev/app",
            input={"command_line": "sudo rm -rf /var", "cwd": "/home/dev/app"},
        ),
        id="command",
    ),
    pytest.param(
        {
            "agent_action_name": "pre_mcp_tool_use",
            "trajectory_id": "tr-1",
            "execution_id": "ex-1",
            "timestamp": "2026-02-01T08:00:00Z",
            "model_name": "swe",
            "tool_info": {
                "mcp_server_name": "github",
                "mcp_tool_name": "delete_repo",
                "mcp_tool_arguments": {"repo": "a/b"},
            },
        },
        {},
        ToolCall(
            agent=AGENT,
            session="tr-1",
            turn="ex-1",
            event_name="pre_mcp_tool_use",
            tool="use_mcp_tool",
            kind=ToolKind.MCP,
            server="github",
            server_tool="delete_repo",
            input={"repo": "a/b"},
        ),
        id="mcp",
    ),
    pytest.param(
        {
            "agent_action_name": "pre_write_code",
            "trajectory_id": "tr-1",
            "execution_id": "ex-1",
            "timestamp": "2026-02-01T08:00:00Z",
            "model_name": "swe",
            "tool_info": {"file_path": "/w/a", "edits": [{"old_string": "x", "new_string": "y"}]},
        },
        {},
        ToolCall(
            agent=AGENT,
            session="tr-1",
            turn="ex-1",
            event_name="pre_write_code",
            tool="edit",
            kind=ToolKind.WRITE,
            paths=("/w/a",),
            edits=(Edit("/w/a", "x", "y"),),
            input={"file_path": "/w/a", "edits": [{"old_string": "x", "new_string": "y"}]},
        ),
        id="write",
    ),
    pytest.param(
        {
            "agent_action_name": "pre_read_code",
            "trajectory_id": "tr-1",
            "execution_id": "ex-1",
            "timestamp": "2026-02-01T08:00:00Z",
            "model_name": "swe",
            "tool_info": {"file_path": "/w/a"},
        },
        {},
        ToolCall(
            agent=AGENT,
            session="tr-1",
            turn="ex-1",
            event_name="pre_read_code",
            tool="read_file",
            kind=ToolKind.READ,
            paths=("/w/a",),
            input={"file_path": "/w/a"},
        ),
        id="read",
    ),
    pytest.param(
        {
            "agent_action_name": "pre_user_prompt",
            "trajectory_id": "tr-1",
            "execution_id": "ex-1",
            "timestamp": "2026-02-01T08:00:00Z",
            "model_name": "swe",
            "tool_info": {"user_prompt": "hello"},
        },
        {},
        ToolCall(
            agent=AGENT,
            session="tr-1",
            turn="ex-1",
            event_name="pre_user_prompt",
            event=HookEvent.PROMPT,
            tool="",
            kind=ToolKind.OTHER,
            prompt="hello",
        ),
        id="prompt",
    ),
    pytest.param(
        {
            "agent_action_name": "post_run_command",
            "trajectory_id": "tr-1",
            "execution_id": "ex-1",
            "timestamp": "2026-02-01T08:00:00Z",
            "model_name": "swe",
            "tool_info": {"command_line": "ls", "cwd": "/w", "output": "a"},
        },
        {},
        ToolCall(
            agent=AGENT,
            session="tr-1",
            turn="ex-1",
            event_name="post_run_command",
            event=HookEvent.AFTER_TOOL,
            tool="run_command",
            kind=ToolKind.SHELL,
            commands=("ls",),
            cwd="/w",
            response="a",
            input={"command_line": "ls", "cwd": "/w", "output": "a"},
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
            "agent_action_name": "pre_run_command",
            "trajectory_id": "tr-1",
            "execution_id": "ex-1",
            "timestamp": "2026-02-01T08:00:00Z",
            "model_name": "swe",
            "tool_info": {"command_line": "sudo rm -rf /var", "cwd": "/home/dev/app"},
        },
    )
    assert answers(AGENT, call) == [exit_2(refused()), exit_2(stopped()), SILENT, SILENT, SILENT]
    assert answers(AGENT, None) == [exit_2(refused("this call")), exit_2(stopped("this call")), SILENT, SILENT, SILENT]


def test_information_of_another_type() -> None:
    call = decoded(AGENT, {"agent_action_name": "pre_run_command", "tool_info": [1]})
    assert call.problems == ("tool_info: expected a map", "tool_input.command: missing")

"""Kiro's payloads and answers: only exit code 2 blocks."""

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

AGENT = "kiro"
CALLS = [
    pytest.param(
        {
            "hook_event_name": "preToolUse",
            "cwd": "/w",
            "session_id": "k1",
            "tool_name": "execute_bash",
            "tool_input": {"command": "aws s3 rb s3://prod --force"},
        },
        {},
        ToolCall(
            agent=AGENT,
            event_name="preToolUse",
            session="k1",
            cwd="/w",
            tool="execute_bash",
            kind=ToolKind.SHELL,
            commands=("aws s3 rb s3://prod --force",),
            input={"command": "aws s3 rb s3://prod --force"},
        ),
        id="documented",
    ),
    pytest.param(
        {
            "hook_event_name": "PreToolUse",
            "tool_name": "write",
            "tool_input": {"command": "strReplace", "path": "/w/a", "oldStr": "x", "old_str": "x", "new_str": "y"},
        },
        {},
        ToolCall(
            agent=AGENT,
            event_name="PreToolUse",
            tool="write",
            kind=ToolKind.WRITE,
            paths=("/w/a",),
            edits=(Edit("/w/a", "x", "y"),),
            input={"command": "strReplace", "path": "/w/a", "oldStr": "x", "old_str": "x", "new_str": "y"},
        ),
        id="write of V3",
    ),
    pytest.param(
        {"tool_name": "fs_write", "tool_input": {"command": "create", "path": "/w/a", "file_text": "x"}},
        {},
        ToolCall(
            agent=AGENT,
            tool="fs_write",
            kind=ToolKind.WRITE,
            paths=("/w/a",),
            edits=(Edit("/w/a", None, "x"),),
            input={"command": "create", "path": "/w/a", "file_text": "x"},
        ),
        id="create",
    ),
    pytest.param(
        {"tool_name": "fs_write", "tool_input": {"command": "append", "path": "/w/a", "new_str": "x"}},
        {},
        ToolCall(
            agent=AGENT,
            tool="fs_write",
            kind=ToolKind.WRITE,
            paths=("/w/a",),
            edits=(Edit("/w/a", "", "x"),),
            input={"command": "append", "path": "/w/a", "new_str": "x"},
        ),
        id="append",
    ),
    pytest.param(
        {
            "tool_name": "use_aws",
            "tool_input": {
                "service_name": "s3",
                "operation_name": "delete-bucket",
                "parameters": {"bucket": "prod"},
                "region": "eu-west-1",
            },
        },
        {},
        ToolCall(
            agent=AGENT,
            tool="use_aws",
            kind=ToolKind.SHELL,
            argvs=(("aws", "s3", "delete-bucket", "--bucket", "prod", "--region", "eu-west-1"),),
            input={
                "service_name": "s3",
                "operation_name": "delete-bucket",
                "parameters": {"bucket": "prod"},
                "region": "eu-west-1",
            },
        ),
        id="aws",
    ),
    pytest.param(
        {"tool_name": "@git/log", "tool_input": {}},
        {},
        ToolCall(agent=AGENT, tool="@git/log", kind=ToolKind.MCP, server="git", server_tool="log"),
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
            "hook_event_name": "preToolUse",
            "cwd": "/w",
            "session_id": "k1",
            "tool_name": "execute_bash",
            "tool_input": {"command": "aws s3 rb s3://prod --force"},
        },
    )
    assert answers(AGENT, call) == [exit_2(refused()), exit_2(stopped()), SILENT, SILENT, SILENT]
    assert answers(AGENT, None) == [exit_2(refused("this call")), exit_2(stopped("this call")), SILENT, SILENT, SILENT]

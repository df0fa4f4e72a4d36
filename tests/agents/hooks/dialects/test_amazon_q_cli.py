"""Amazon Q CLI's payloads and answers."""

import pytest
from tests.agents.hooks.speaking import (
    SILENT,
    answers,
    decoded,
    exit_2,
    refused,
    stopped,
)

from spawngate.model.call import ToolCall, ToolKind
from spawngate.model.json import Json

AGENT = "amazon-q-cli"
CALLS = [
    pytest.param(
        {"hook_event_name": "preToolUse", "cwd": "/w", "tool_name": "execute_bash", "tool_input": {"command": "ls"}},
        {},
        ToolCall(
            agent=AGENT,
            event_name="preToolUse",
            cwd="/w",
            tool="execute_bash",
            kind=ToolKind.SHELL,
            commands=("ls",),
            input={"command": "ls"},
        ),
        id="documented",
    ),
    pytest.param(
        {
            "hook_event_name": "preToolUse",
            "tool_name": "fs_read",
            "tool_input": {
                "operations": [
                    {"mode": "Line", "path": "/home/dev/.aws/credentials"},
                    {"mode": "Image", "image_paths": ["/w/i.png"]},
                ]
            },
        },
        {},
        ToolCall(
            agent=AGENT,
            event_name="preToolUse",
            tool="fs_read",
            kind=ToolKind.READ,
            paths=("/home/dev/.aws/credentials", "/w/i.png"),
            input={
                "operations": [
                    {"mode": "Line", "path": "/home/dev/.aws/credentials"},
                    {"mode": "Image", "image_paths": ["/w/i.png"]},
                ]
            },
        ),
        id="read",
    ),
]


@pytest.mark.parametrize(("payload", "environment", "expected"), CALLS)
def test_payload(payload: Json, environment: dict[str, str], expected: ToolCall) -> None:
    assert decoded(AGENT, payload, environment) == expected


def test_answers() -> None:
    call = decoded(
        AGENT,
        {"hook_event_name": "preToolUse", "cwd": "/w", "tool_name": "execute_bash", "tool_input": {"command": "ls"}},
    )
    assert answers(AGENT, call) == [exit_2(refused()), exit_2(stopped()), SILENT, SILENT, SILENT]
    assert answers(AGENT, None) == [exit_2(refused("this call")), exit_2(stopped("this call")), SILENT, SILENT, SILENT]

"""Trae's payloads and answers; a question works only in part and is refused."""

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

AGENT = "trae"
CALLS = [
    pytest.param(
        {
            "hook_event_name": "PreToolUse",
            "session_id": "t",
            "cwd": "/w",
            "tool_name": "RunCommand",
            "llm_tool_name": "run_command",
            "tool_input": {"command": "mkfs /dev/sda"},
        },
        {},
        ToolCall(
            agent=AGENT,
            event_name="PreToolUse",
            session="t",
            cwd="/w",
            tool="RunCommand",
            kind=ToolKind.SHELL,
            commands=("mkfs /dev/sda",),
            input={"command": "mkfs /dev/sda"},
        ),
        id="documented",
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
            "session_id": "t",
            "cwd": "/w",
            "tool_name": "RunCommand",
            "llm_tool_name": "run_command",
            "tool_input": {"command": "mkfs /dev/sda"},
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

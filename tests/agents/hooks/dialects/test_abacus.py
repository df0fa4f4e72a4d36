"""Abacus AI's payloads and answers: Claude Code's, but a question is refused."""

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

AGENT = "abacus"
CALLS = [
    pytest.param(
        {
            "session_id": "s",
            "cwd": "/w",
            "hook_event_name": "PreToolUse",
            "tool_name": "Bash",
            "tool_input": {"command": "ls"},
            "tool_use_id": "t",
        },
        {},
        ToolCall(
            agent=AGENT,
            event_name="PreToolUse",
            session="s",
            cwd="/w",
            call="t",
            tool="Bash",
            kind=ToolKind.SHELL,
            commands=("ls",),
            input={"command": "ls"},
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
            "session_id": "s",
            "cwd": "/w",
            "hook_event_name": "PreToolUse",
            "tool_name": "Bash",
            "tool_input": {"command": "ls"},
            "tool_use_id": "t",
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

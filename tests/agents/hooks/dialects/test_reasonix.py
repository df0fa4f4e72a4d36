"""Reasonix' payloads and answers."""

import pytest
from tests.agents.hooks.speaking import (
    SILENT,
    answers,
    decoded,
    exit_2,
    refused,
    stopped,
)

from spawngate.model.call import HookEvent, ToolCall, ToolKind
from spawngate.model.json import Json

AGENT = "reasonix"
CALLS = [
    pytest.param(
        {"event": "PreToolUse", "cwd": "/w", "toolName": "run_command", "toolArgs": {"command": "ls"}},
        {},
        ToolCall(
            agent=AGENT,
            event_name="PreToolUse",
            cwd="/w",
            tool="run_command",
            kind=ToolKind.SHELL,
            commands=("ls",),
            input={"command": "ls"},
        ),
        id="documented",
    ),
    pytest.param(
        {"event": "PostToolUse", "toolName": "read_file", "toolArgs": {"path": "a"}, "toolResult": "text"},
        {},
        ToolCall(
            agent=AGENT,
            event_name="PostToolUse",
            event=HookEvent.AFTER_TOOL,
            tool="read_file",
            kind=ToolKind.READ,
            paths=("a",),
            response="text",
            input={"path": "a"},
        ),
        id="after",
    ),
]


@pytest.mark.parametrize(("payload", "environment", "expected"), CALLS)
def test_payload(payload: Json, environment: dict[str, str], expected: ToolCall) -> None:
    assert decoded(AGENT, payload, environment) == expected


def test_answers() -> None:
    call = decoded(
        AGENT, {"event": "PreToolUse", "cwd": "/w", "toolName": "run_command", "toolArgs": {"command": "ls"}}
    )
    assert answers(AGENT, call) == [exit_2(refused()), exit_2(stopped()), SILENT, SILENT, SILENT]
    assert answers(AGENT, None) == [exit_2(refused("this call")), exit_2(stopped("this call")), SILENT, SILENT, SILENT]

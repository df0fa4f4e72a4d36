"""Kimi Code's payloads and answers."""

import pytest
from tests.agents.hooks.speaking import (
    SILENT,
    answers,
    decoded,
    nested,
    refused,
    stopped,
)

from spawngate.model.call import Edit, ToolCall, ToolKind
from spawngate.model.json import Json

AGENT = "kimi-code"
CALLS = [
    pytest.param(
        {
            "hook_event_name": "PreToolUse",
            "session_id": "k",
            "cwd": "/w",
            "client_type": "cli",
            "tool_name": "Bash",
            "tool_input": {"command": "crontab -r"},
            "tool_call_id": "c1",
        },
        {},
        ToolCall(
            agent=AGENT,
            event_name="PreToolUse",
            session="k",
            cwd="/w",
            call="c1",
            tool="Bash",
            kind=ToolKind.SHELL,
            commands=("crontab -r",),
            input={"command": "crontab -r"},
        ),
        id="documented",
    ),
    pytest.param(
        {"tool_name": "WriteFile", "tool_input": {"path": "a", "content": "x", "mode": "overwrite"}},
        {},
        ToolCall(
            agent=AGENT,
            tool="WriteFile",
            kind=ToolKind.WRITE,
            paths=("a",),
            edits=(Edit("a", None, "x"),),
            input={"path": "a", "content": "x", "mode": "overwrite"},
        ),
        id="write",
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
            "session_id": "k",
            "cwd": "/w",
            "client_type": "cli",
            "tool_name": "Bash",
            "tool_input": {"command": "crontab -r"},
            "tool_call_id": "c1",
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

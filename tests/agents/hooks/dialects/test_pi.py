"""What Pi's extension asks, and answers."""

import pytest
from tests.agents.hooks.speaking import (
    answers,
    asked,
    decoded,
    line,
    refused,
)

from spawngate.model.call import Edit, ToolCall, ToolKind
from spawngate.model.json import Json

AGENT = "pi"
CALLS = [
    pytest.param(
        {
            "hook_event_name": "tool_call",
            "tool_name": "bash",
            "tool_input": {"command": "ls"},
            "tool_use_id": "t",
            "cwd": "/w",
        },
        {},
        ToolCall(
            agent=AGENT,
            event_name="tool_call",
            call="t",
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
            "hook_event_name": "tool_call",
            "tool_name": "edit",
            "tool_input": {"path": "a", "oldText": "x", "newText": "y"},
        },
        {},
        ToolCall(
            agent=AGENT,
            event_name="tool_call",
            tool="edit",
            kind=ToolKind.WRITE,
            paths=("a",),
            edits=(Edit("a", "x", "y"),),
            input={"path": "a", "oldText": "x", "newText": "y"},
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
            "hook_event_name": "tool_call",
            "tool_name": "bash",
            "tool_input": {"command": "ls"},
            "tool_use_id": "t",
            "cwd": "/w",
        },
    )
    assert answers(AGENT, call) == [
        line({"verdict": "deny", "reason": refused()}),
        line({"verdict": "ask", "reason": asked()}),
        line({"verdict": "none"}),
        line({"verdict": "none"}),
        line({"verdict": "none"}),
    ]
    assert answers(AGENT, None) == [
        line({"verdict": "deny", "reason": refused("this call")}),
        line({"verdict": "ask", "reason": asked("this call")}),
        line({"verdict": "none"}),
        line({"verdict": "none"}),
        line({"verdict": "none"}),
    ]

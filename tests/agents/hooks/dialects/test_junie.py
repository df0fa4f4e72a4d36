"""Junie CLI's payloads and answers."""

import pytest
from tests.agents.hooks.speaking import (
    EMPTY,
    answers,
    asked,
    decoded,
    line,
    refused,
)

from spawngate.model.call import ToolCall, ToolKind
from spawngate.model.json import Json

AGENT = "junie"
CALLS = [
    pytest.param(
        {
            "hook_event_name": "PreToolUse",
            "tool_name": "Bash",
            "tool_input": {"command": "docker run --privileged x", "run_in_background": False, "timeout": 5},
        },
        {},
        ToolCall(
            agent=AGENT,
            event_name="PreToolUse",
            tool="Bash",
            kind=ToolKind.SHELL,
            commands=("docker run --privileged x",),
            input={"command": "docker run --privileged x", "run_in_background": False, "timeout": 5},
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
            "tool_name": "Bash",
            "tool_input": {"command": "docker run --privileged x", "run_in_background": False, "timeout": 5},
        },
    )
    assert answers(AGENT, call) == [
        line({"decision": "deny", "reason": refused()}),
        line({"decision": "ask", "reason": asked()}),
        EMPTY,
        EMPTY,
        EMPTY,
    ]
    assert answers(AGENT, None) == [
        line({"decision": "deny", "reason": refused("this call")}),
        line({"decision": "ask", "reason": asked("this call")}),
        EMPTY,
        EMPTY,
        EMPTY,
    ]

"""What Kilo Code's plugin asks, and answers."""

import pytest
from tests.agents.hooks.speaking import (
    answers,
    decoded,
    line,
    refused,
    stopped,
)

from spawngate.model.call import ToolCall, ToolKind
from spawngate.model.json import Json

AGENT = "kilo-code"
CALLS = [
    pytest.param(
        {
            "hook_event_name": "tool.execute.before",
            "tool_name": "bash",
            "tool_input": {"command": "ls"},
            "session_id": "s",
            "tool_use_id": "c",
            "cwd": "/w",
        },
        {},
        ToolCall(
            agent=AGENT,
            event_name="tool.execute.before",
            session="s",
            call="c",
            cwd="/w",
            tool="bash",
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
            "hook_event_name": "tool.execute.before",
            "tool_name": "bash",
            "tool_input": {"command": "ls"},
            "session_id": "s",
            "tool_use_id": "c",
            "cwd": "/w",
        },
    )
    assert answers(AGENT, call) == [
        line({"verdict": "deny", "reason": refused()}),
        line({"verdict": "deny", "reason": stopped()}),
        line({"verdict": "none"}),
        line({"verdict": "none"}),
        line({"verdict": "none"}),
    ]
    assert answers(AGENT, None) == [
        line({"verdict": "deny", "reason": refused("this call")}),
        line({"verdict": "deny", "reason": stopped("this call")}),
        line({"verdict": "none"}),
        line({"verdict": "none"}),
        line({"verdict": "none"}),
    ]

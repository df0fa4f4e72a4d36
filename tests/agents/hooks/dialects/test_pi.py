"""What Pi's extension asks, and answers."""

import pytest
from tests.agents.hooks.speaking import answers, decoded, plugin_answers

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
    call = CALLS[0].values[2]
    assert isinstance(call, ToolCall)
    assert answers(AGENT, call) == plugin_answers(asks=True)
    assert answers(AGENT, None) == plugin_answers("this call", asks=True)

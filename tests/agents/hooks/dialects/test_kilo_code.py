"""What Kilo Code's plugin asks, and answers."""

import pytest
from tests.agents.hooks.speaking import answers, decoded, plugin_answers

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
    call = CALLS[0].values[2]
    assert isinstance(call, ToolCall)
    assert answers(AGENT, call) == plugin_answers(asks=False)
    assert answers(AGENT, None) == plugin_answers("this call", asks=False)

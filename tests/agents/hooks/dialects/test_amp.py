"""What Amp's plugin asks, and answers."""

import pytest
from tests.agents.hooks.speaking import answers, decoded, plugin_answers

from spawngate.model.call import ToolCall, ToolKind
from spawngate.model.json import Json

AGENT = "amp"
CALLS = [
    pytest.param(
        {
            "hook_event_name": "tool.call",
            "tool_name": "Bash",
            "tool_input": {"cmd": "kubectl delete ns prod"},
            "session_id": "T-1",
            "tool_use_id": "t1",
            "cwd": "/w",
        },
        {},
        ToolCall(
            agent=AGENT,
            event_name="tool.call",
            session="T-1",
            call="t1",
            cwd="/w",
            tool="Bash",
            kind=ToolKind.SHELL,
            commands=("kubectl delete ns prod",),
            input={"cmd": "kubectl delete ns prod"},
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
    assert answers(AGENT, call) == plugin_answers(asks=True)
    assert answers(AGENT, None) == plugin_answers("this call", asks=True)

"""What OpenCode's plugin asks, and answers."""

import pytest
from tests.agents.hooks.speaking import (
    answers,
    decoded,
    line,
    refused,
    stopped,
)

from spawngate.model.call import Edit, ToolCall, ToolKind
from spawngate.model.json import Json

AGENT = "opencode"
CALLS = [
    pytest.param(
        {
            "hook_event_name": "tool.execute.before",
            "tool_name": "bash",
            "tool_input": {"command": "ls", "description": "d"},
            "session_id": "ses_1",
            "tool_use_id": "call_1",
            "cwd": "/w",
        },
        {},
        ToolCall(
            agent=AGENT,
            event_name="tool.execute.before",
            session="ses_1",
            call="call_1",
            cwd="/w",
            tool="bash",
            kind=ToolKind.SHELL,
            commands=("ls",),
            input={"command": "ls", "description": "d"},
        ),
        id="documented",
    ),
    pytest.param(
        {
            "hook_event_name": "execute.before",
            "tool_name": "shell",
            "tool_input": {"command": "ls"},
            "session_id": "ses_1",
            "agent": "build",
        },
        {},
        ToolCall(
            agent=AGENT,
            event_name="execute.before",
            session="ses_1",
            tool="shell",
            kind=ToolKind.SHELL,
            commands=("ls",),
            input={"command": "ls"},
        ),
        id="2.x",
    ),
    pytest.param(
        {
            "hook_event_name": "tool.execute.before",
            "tool_name": "edit",
            "tool_input": {"filePath": "/w/a", "oldString": "x", "newString": "y"},
        },
        {},
        ToolCall(
            agent=AGENT,
            event_name="tool.execute.before",
            tool="edit",
            kind=ToolKind.WRITE,
            paths=("/w/a",),
            edits=(Edit("/w/a", "x", "y"),),
            input={"filePath": "/w/a", "oldString": "x", "newString": "y"},
        ),
        id="edit",
    ),
    pytest.param(
        {"hook_event_name": "tool.execute.before", "tool_name": "probe_touch", "tool_input": {"path": "/w/x"}},
        {},
        ToolCall(
            agent=AGENT,
            event_name="tool.execute.before",
            tool="probe_touch",
            kind=ToolKind.OTHER,
            paths=("/w/x",),
            input={"path": "/w/x"},
        ),
        id="mcp without a list of servers",
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
            "tool_input": {"command": "ls", "description": "d"},
            "session_id": "ses_1",
            "tool_use_id": "call_1",
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

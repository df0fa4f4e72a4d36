"""OpenHands' payloads and answers."""

import pytest
from tests.agents.hooks.speaking import (
    SILENT,
    answers,
    decoded,
    line,
    refused,
    stopped,
)

from spawngate.model.call import Edit, HookEvent, ToolCall, ToolKind
from spawngate.model.json import Json

AGENT = "openhands"
CALLS = [
    pytest.param(
        {
            "event_type": "pre_tool_use",
            "tool_name": "terminal",
            "tool_input": {"command": "rm -rf ~"},
            "session_id": "o",
            "working_dir": "/w",
        },
        {},
        ToolCall(
            agent=AGENT,
            event_name="pre_tool_use",
            session="o",
            cwd="/w",
            tool="terminal",
            kind=ToolKind.SHELL,
            commands=("rm -rf ~",),
            input={"command": "rm -rf ~"},
        ),
        id="documented",
    ),
    pytest.param(
        {"event_type": "PreToolUse", "tool_name": "file_editor", "tool_input": {"command": "view", "path": "/w/a"}},
        {},
        ToolCall(
            agent=AGENT,
            event_name="PreToolUse",
            tool="file_editor",
            kind=ToolKind.READ,
            paths=("/w/a",),
            input={"command": "view", "path": "/w/a"},
        ),
        id="view",
    ),
    pytest.param(
        {
            "event_type": "PreToolUse",
            "tool_name": "file_editor",
            "tool_input": {"command": "insert", "path": "/w/a", "insert_line": 1, "new_str": "x"},
        },
        {},
        ToolCall(
            agent=AGENT,
            event_name="PreToolUse",
            tool="file_editor",
            kind=ToolKind.WRITE,
            paths=("/w/a",),
            edits=(Edit("/w/a", "", "x"),),
            input={"command": "insert", "path": "/w/a", "insert_line": 1, "new_str": "x"},
        ),
        id="insert",
    ),
    pytest.param(
        {"event_type": "UserPromptSubmit", "message": "hello", "session_id": "o"},
        {},
        ToolCall(
            agent=AGENT,
            event_name="UserPromptSubmit",
            event=HookEvent.PROMPT,
            session="o",
            tool="",
            kind=ToolKind.OTHER,
            prompt="hello",
        ),
        id="prompt",
    ),
]


@pytest.mark.parametrize(("payload", "environment", "expected"), CALLS)
def test_payload(payload: Json, environment: dict[str, str], expected: ToolCall) -> None:
    assert decoded(AGENT, payload, environment) == expected


def test_answers() -> None:
    call = decoded(
        AGENT,
        {
            "event_type": "pre_tool_use",
            "tool_name": "terminal",
            "tool_input": {"command": "rm -rf ~"},
            "session_id": "o",
            "working_dir": "/w",
        },
    )
    assert answers(AGENT, call) == [
        line({"decision": "deny", "reason": refused()}),
        line({"decision": "deny", "reason": stopped()}),
        SILENT,
        SILENT,
        SILENT,
    ]
    assert answers(AGENT, None) == [
        line({"decision": "deny", "reason": refused("this call")}),
        line({"decision": "deny", "reason": stopped("this call")}),
        SILENT,
        SILENT,
        SILENT,
    ]

"""Antigravity's payloads and answers."""

import pytest
from tests.agents.hooks.speaking import (
    EMPTY,
    answers,
    asked,
    decoded,
    line,
    refused,
)

from spawngate.model.call import Edit, ToolCall, ToolKind
from spawngate.model.json import Json

AGENT = "antigravity"
CALLS = [
    pytest.param(
        {
            "hookEventName": "PreToolUse",
            "conversationId": "f74b",
            "workspacePaths": ["/home/dev/app"],
            "stepIdx": 21,
            "toolCall": {"name": "run_command", "args": {"CommandLine": "terraform destroy", "Cwd": "/home/dev/app/x"}},
        },
        {},
        ToolCall(
            agent=AGENT,
            event_name="PreToolUse",
            session="f74b",
            cwd="/home/dev/app/x",
            tool="run_command",
            kind=ToolKind.SHELL,
            commands=("terraform destroy",),
            input={"CommandLine": "terraform destroy", "Cwd": "/home/dev/app/x"},
        ),
        id="documented",
    ),
    pytest.param(
        {"conversationId": "f", "toolCall": {"name": "view_file", "args": {"AbsolutePath": "/w/a"}}},
        {},
        ToolCall(
            agent=AGENT,
            session="f",
            tool="view_file",
            kind=ToolKind.READ,
            paths=("/w/a",),
            input={"AbsolutePath": "/w/a"},
        ),
        id="older, without an event",
    ),
    pytest.param(
        {"toolCall": {"name": "write_to_file", "args": {"TargetFile": "/w/a", "CodeContent": "x", "Overwrite": True}}},
        {},
        ToolCall(
            agent=AGENT,
            tool="write_to_file",
            kind=ToolKind.WRITE,
            paths=("/w/a",),
            edits=(Edit("/w/a", None, "x"),),
            input={"TargetFile": "/w/a", "CodeContent": "x", "Overwrite": True},
        ),
        id="write",
    ),
    pytest.param(
        {
            "toolCall": {
                "name": "multi_replace_file_content",
                "args": {
                    "TargetFile": "/w/a",
                    "ReplacementChunks": [{"TargetContent": "x", "ReplacementContent": "y", "AllowMultiple": True}],
                },
            }
        },
        {},
        ToolCall(
            agent=AGENT,
            tool="multi_replace_file_content",
            kind=ToolKind.WRITE,
            paths=("/w/a",),
            edits=(Edit("/w/a", "x", "y", everywhere=True),),
            input={
                "TargetFile": "/w/a",
                "ReplacementChunks": [{"TargetContent": "x", "ReplacementContent": "y", "AllowMultiple": True}],
            },
        ),
        id="replace",
    ),
    pytest.param(
        {"toolCall": {"name": "read_url_content", "args": {"Url": "https://a.test"}}},
        {},
        ToolCall(
            agent=AGENT,
            tool="read_url_content",
            kind=ToolKind.FETCH,
            urls=("https://a.test",),
            input={"Url": "https://a.test"},
        ),
        id="fetch",
    ),
    pytest.param(
        {"toolCall": {"name": "invoke_subagent", "args": {"Subagents": [{"Prompt": "one"}, {"Prompt": "two"}]}}},
        {},
        ToolCall(
            agent=AGENT,
            tool="invoke_subagent",
            kind=ToolKind.SUBAGENT,
            prompt="one\ntwo",
            input={"Subagents": [{"Prompt": "one"}, {"Prompt": "two"}]},
        ),
        id="sub-agents",
    ),
]


@pytest.mark.parametrize(("payload", "environment", "expected"), CALLS)
def test_payload(payload: Json, environment: dict[str, str], expected: ToolCall) -> None:
    assert decoded(AGENT, payload, environment) == expected


def test_answers() -> None:
    call = decoded(
        AGENT,
        {
            "hookEventName": "PreToolUse",
            "conversationId": "f74b",
            "workspacePaths": ["/home/dev/app"],
            "stepIdx": 21,
            "toolCall": {"name": "run_command", "args": {"CommandLine": "terraform destroy", "Cwd": "/home/dev/app/x"}},
        },
    )
    assert answers(AGENT, call) == [
        line({"decision": "deny", "reason": refused()}),
        line({"decision": "force_ask", "reason": asked()}),
        EMPTY,
        EMPTY,
        EMPTY,
    ]
    assert answers(AGENT, None) == [
        line({"decision": "deny", "reason": refused("this call")}),
        line({"decision": "force_ask", "reason": asked("this call")}),
        EMPTY,
        EMPTY,
        EMPTY,
    ]


def test_a_call_of_another_type() -> None:
    call = decoded(AGENT, {"toolCall": "run_command", "tool_name": "x"})
    assert call.problems == ("toolCall: expected a map",)

"""Copilot CLI's payloads, in both casings, and answers."""

import pytest
from tests.agents.hooks.speaking import (
    SILENT,
    answers,
    asked,
    decoded,
    line,
    nested,
    refused,
)

from spawngate.model.call import Edit, ToolCall, ToolKind
from spawngate.model.json import Json

AGENT = "copilot-cli"
CALLS = [
    pytest.param(
        {
            "sessionId": "s-77",
            "timestamp": 1795000000000,
            "cwd": "/home/dev/app",
            "toolName": "bash",
            "toolArgs": '{"command":"npm publish","description":"release"}',
        },
        {},
        ToolCall(
            agent=AGENT,
            tool="bash",
            kind=ToolKind.SHELL,
            session="s-77",
            cwd="/home/dev/app",
            commands=("npm publish",),
            input={"command": "npm publish", "description": "release"},
        ),
        id="documented",
    ),
    pytest.param(
        {
            "sessionId": "c5e2",
            "timestamp": 1795205615596,
            "cwd": "/w",
            "toolName": "bash",
            "toolArgs": {"command": "touch x", "mode": "sync"},
        },
        {},
        ToolCall(
            agent=AGENT,
            tool="bash",
            kind=ToolKind.SHELL,
            session="c5e2",
            cwd="/w",
            commands=("touch x",),
            input={"command": "touch x", "mode": "sync"},
        ),
        id="as sent",
    ),
    pytest.param(
        {
            "sessionId": "0f1a",
            "cwd": "/w",
            "toolName": "bash",
            "toolArgs": {"command": "ls"},
            "agentId": "0f1a",
            "agentType": "g",
            "parentAgentId": "c5e2",
        },
        {},
        ToolCall(
            agent=AGENT,
            tool="bash",
            kind=ToolKind.SHELL,
            session="0f1a",
            cwd="/w",
            commands=("ls",),
            subagent=True,
            input={"command": "ls"},
        ),
        id="sub-agent call",
    ),
    pytest.param(
        {"sessionId": "s", "toolName": "bash", "toolArgs": "rm -rf /"},
        {},
        ToolCall(
            agent=AGENT,
            tool="bash",
            kind=ToolKind.SHELL,
            session="s",
            commands=("rm -rf /",),
            problems=("toolArgs: expected a map",),
        ),
        id="arguments that are no JSON",
    ),
    pytest.param(
        {"toolName": "powershell", "toolArgs": {"command": "ls"}},
        {},
        ToolCall(
            agent=AGENT,
            tool="powershell",
            kind=ToolKind.SHELL,
            commands=("ls",),
            dialect="powershell",
            input={"command": "ls"},
        ),
        id="powershell",
    ),
    pytest.param(
        {"toolName": "write_bash", "toolArgs": {"sessionId": "1", "input": "rm -rf ~\n"}},
        {},
        ToolCall(
            agent=AGENT,
            tool="write_bash",
            kind=ToolKind.SHELL,
            commands=("rm -rf ~\n",),
            input={"sessionId": "1", "input": "rm -rf ~\n"},
        ),
        id="typed into a shell",
    ),
    pytest.param(
        {"toolName": "view", "toolArgs": {"path": "/w/a"}},
        {},
        ToolCall(agent=AGENT, tool="view", kind=ToolKind.READ, paths=("/w/a",), input={"path": "/w/a"}),
        id="view",
    ),
    pytest.param(
        {"toolName": "create", "toolArgs": {"path": "/w/a", "file_text": "x"}},
        {},
        ToolCall(
            agent=AGENT,
            tool="create",
            kind=ToolKind.WRITE,
            paths=("/w/a",),
            edits=(Edit("/w/a", None, "x"),),
            input={"path": "/w/a", "file_text": "x"},
        ),
        id="create",
    ),
    pytest.param(
        {"toolName": "edit", "toolArgs": {"path": "/w/a", "old_str": "x", "new_str": "y"}},
        {},
        ToolCall(
            agent=AGENT,
            tool="edit",
            kind=ToolKind.WRITE,
            paths=("/w/a",),
            edits=(Edit("/w/a", "x", "y"),),
            input={"path": "/w/a", "old_str": "x", "new_str": "y"},
        ),
        id="edit",
    ),
    pytest.param(
        {"toolName": "web_fetch", "toolArgs": {"url": "https://a.test"}},
        {},
        ToolCall(
            agent=AGENT,
            tool="web_fetch",
            kind=ToolKind.FETCH,
            urls=("https://a.test",),
            input={"url": "https://a.test"},
        ),
        id="fetch",
    ),
    pytest.param(
        {"toolName": "task", "toolArgs": {"prompt": "do it", "agent_type": "x"}},
        {},
        ToolCall(
            agent=AGENT,
            tool="task",
            kind=ToolKind.SUBAGENT,
            prompt="do it",
            input={"prompt": "do it", "agent_type": "x"},
        ),
        id="sub-agent",
    ),
    pytest.param(
        {"toolName": "probe-touch", "toolArgs": {"path": "/w/x"}},
        {},
        ToolCall(agent=AGENT, tool="probe-touch", kind=ToolKind.OTHER, paths=("/w/x",), input={"path": "/w/x"}),
        id="mcp without a list of servers",
    ),
    pytest.param(
        {
            "hook_event_name": "PreToolUse",
            "session_id": "s",
            "timestamp": "2026-11-20T10:00:00Z",
            "cwd": "/w",
            "tool_name": "Bash",
            "tool_input": {"command": "ls"},
        },
        {},
        ToolCall(
            agent=AGENT,
            tool="Bash",
            kind=ToolKind.SHELL,
            event_name="PreToolUse",
            session="s",
            cwd="/w",
            commands=("ls",),
            input={"command": "ls"},
        ),
        id="claude form",
    ),
]


@pytest.mark.parametrize(("payload", "environment", "expected"), CALLS)
def test_payload(payload: Json, environment: dict[str, str], expected: ToolCall) -> None:
    assert decoded(AGENT, payload, environment) == expected


def test_answers() -> None:
    call = decoded(
        AGENT,
        {
            "sessionId": "s-77",
            "timestamp": 1795000000000,
            "cwd": "/home/dev/app",
            "toolName": "bash",
            "toolArgs": '{"command":"npm publish","description":"release"}',
        },
    )
    assert answers(AGENT, call) == [
        line({"permissionDecision": "deny", "permissionDecisionReason": refused()}),
        line({"permissionDecision": "ask", "permissionDecisionReason": asked()}),
        SILENT,
        SILENT,
        SILENT,
    ]
    assert answers(AGENT, None) == [
        line({"permissionDecision": "deny", "permissionDecisionReason": refused("this call")}),
        line({"permissionDecision": "ask", "permissionDecisionReason": asked("this call")}),
        SILENT,
        SILENT,
        SILENT,
    ]


def test_answers_of_the_other_casing() -> None:
    call = decoded(AGENT, {"hook_event_name": "PreToolUse", "tool_name": "Bash", "tool_input": {"command": "ls"}})
    assert answers(AGENT, call) == [nested("deny", refused()), nested("ask", asked()), SILENT, SILENT, SILENT]

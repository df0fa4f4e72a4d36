"""Cline's payloads, of the editor and of the CLI, and answers: exit codes mean nothing."""

import pytest
from tests.agents.hooks.speaking import (
    EMPTY,
    answers,
    decoded,
    line,
    refused,
    stopped,
)

from spawngate.model.call import Edit, HookEvent, ToolCall, ToolKind
from spawngate.model.json import Json

AGENT = "cline"
CALLS = [
    pytest.param(
        {
            "clineVersion": "4.0.0",
            "hookName": "PreToolUse",
            "taskId": "1",
            "workspaceRoots": ["/home/dev/app"],
            "preToolUse": {
                "toolName": "execute_command",
                "parameters": {"command": "chmod -R 777 /", "requires_approval": "false"},
            },
        },
        {},
        ToolCall(
            agent=AGENT,
            event_name="PreToolUse",
            session="1",
            cwd="/home/dev/app",
            tool="execute_command",
            kind=ToolKind.SHELL,
            commands=("chmod -R 777 /",),
            input={"command": "chmod -R 777 /", "requires_approval": "false"},
        ),
        id="editor",
    ),
    pytest.param(
        {
            "clineVersion": "",
            "taskId": "conv_1",
            "workspaceRoots": ["/w"],
            "agent_id": "agent_1",
            "parent_agent_id": None,
            "hookName": "tool_call",
            "iteration": 1,
            "tool_call": {"id": "call_1", "name": "run_commands", "input": {"commands": ["touch a", "touch b"]}},
            "preToolUse": {"toolName": "run_commands", "parameters": {"commands": '["touch a", "touch b"]'}},
        },
        {},
        ToolCall(
            agent=AGENT,
            event_name="tool_call",
            session="conv_1",
            turn="1",
            call="call_1",
            cwd="/w",
            tool="run_commands",
            kind=ToolKind.SHELL,
            commands=("touch a", "touch b"),
            input={"commands": ["touch a", "touch b"]},
        ),
        id="cli as sent",
    ),
    pytest.param(
        {
            "hookName": "PreToolUse",
            "preToolUse": {"toolName": "run_commands", "parameters": {"commands": '["touch a"]'}},
        },
        {},
        ToolCall(
            agent=AGENT,
            event_name="PreToolUse",
            tool="run_commands",
            kind=ToolKind.SHELL,
            commands=("touch a",),
            input={"commands": '["touch a"]'},
        ),
        id="commands as texts of the editor",
    ),
    pytest.param(
        {
            "hookName": "tool_call",
            "tool_call": {"name": "run_commands", "input": {"commands": [{"command": "a"}, {"cmd": "b"}, "c"]}},
        },
        {},
        ToolCall(
            agent=AGENT,
            event_name="tool_call",
            tool="run_commands",
            kind=ToolKind.SHELL,
            commands=("c", "a", "b"),
            input={"commands": [{"command": "a"}, {"cmd": "b"}, "c"]},
        ),
        id="commands as maps",
    ),
    pytest.param(
        {"hookName": "tool_call", "tool_call": {"name": "run_commands", "input": {"commands": "ls"}}},
        {},
        ToolCall(
            agent=AGENT,
            event_name="tool_call",
            tool="run_commands",
            kind=ToolKind.SHELL,
            commands=("ls",),
            input={"commands": "ls"},
        ),
        id="one command",
    ),
    pytest.param(
        {
            "hookName": "tool_call",
            "parent_agent_id": "a",
            "tool_call": {"name": "run_commands", "input": {"commands": "ls"}},
        },
        {},
        ToolCall(
            agent=AGENT,
            event_name="tool_call",
            tool="run_commands",
            kind=ToolKind.SHELL,
            commands=("ls",),
            subagent=True,
            input={"commands": "ls"},
        ),
        id="call of a sub-agent",
    ),
    pytest.param(
        {
            "hookName": "PreToolUse",
            "preToolUse": {
                "toolName": "replace_in_file",
                "parameters": {"path": "a", "diff": "------- SEARCH\nx\n=======\ny\n+++++++ REPLACE\n"},
            },
        },
        {},
        ToolCall(
            agent=AGENT,
            event_name="PreToolUse",
            tool="replace_in_file",
            kind=ToolKind.WRITE,
            paths=("a",),
            edits=(Edit("a", "x\n", "y\n"),),
            input={"path": "a", "diff": "------- SEARCH\nx\n=======\ny\n+++++++ REPLACE\n"},
        ),
        id="diff",
    ),
    pytest.param(
        {
            "hookName": "PreToolUse",
            "preToolUse": {
                "toolName": "use_mcp_tool",
                "parameters": {"server_name": "gh", "tool_name": "get", "arguments": '{"id": 1}'},
            },
        },
        {},
        ToolCall(
            agent=AGENT,
            event_name="PreToolUse",
            tool="use_mcp_tool",
            kind=ToolKind.MCP,
            server="gh",
            server_tool="get",
            input={"id": 1},
        ),
        id="mcp by fields",
    ),
    pytest.param(
        {"hookName": "tool_call", "tool_call": {"name": "probe__touch", "input": {"path": "/w/x"}}},
        {},
        ToolCall(
            agent=AGENT,
            event_name="tool_call",
            tool="probe__touch",
            kind=ToolKind.MCP,
            server="probe",
            server_tool="touch",
            paths=("/w/x",),
            input={"path": "/w/x"},
        ),
        id="mcp by name",
    ),
    pytest.param(
        {"hookName": "tool_call", "tool_call": {"name": "read_files", "input": {"files": [{"path": "a"}, "b"]}}},
        {},
        ToolCall(
            agent=AGENT,
            event_name="tool_call",
            tool="read_files",
            kind=ToolKind.READ,
            paths=("a", "b"),
            input={"files": [{"path": "a"}, "b"]},
        ),
        id="read",
    ),
    pytest.param(
        {
            "hookName": "tool_call",
            "tool_call": {
                "name": "fetch_web_content",
                "input": {"requests": [{"url": "https://a.test", "prompt": "p"}]},
            },
        },
        {},
        ToolCall(
            agent=AGENT,
            event_name="tool_call",
            tool="fetch_web_content",
            kind=ToolKind.FETCH,
            urls=("https://a.test",),
            input={"requests": [{"url": "https://a.test", "prompt": "p"}]},
        ),
        id="fetch",
    ),
    pytest.param(
        {
            "hookName": "tool_call",
            "tool_call": {"name": "editor", "input": {"command": "create", "path": "a", "file_text": "x"}},
        },
        {},
        ToolCall(
            agent=AGENT,
            event_name="tool_call",
            tool="editor",
            kind=ToolKind.WRITE,
            paths=("a",),
            edits=(Edit("a", None, "x"),),
            input={"command": "create", "path": "a", "file_text": "x"},
        ),
        id="editor tool",
    ),
    pytest.param(
        {"hookName": "UserPromptSubmit", "taskId": "1", "userPromptSubmit": {"prompt": "hello"}},
        {},
        ToolCall(
            agent=AGENT,
            event_name="UserPromptSubmit",
            event=HookEvent.PROMPT,
            session="1",
            tool="",
            kind=ToolKind.OTHER,
            prompt="hello",
        ),
        id="prompt",
    ),
    pytest.param(
        {
            "hookName": "PostToolUse",
            "postToolUse": {"toolName": "read_file", "parameters": {"path": "a"}, "result": "text", "success": True},
        },
        {},
        ToolCall(
            agent=AGENT,
            event_name="PostToolUse",
            event=HookEvent.AFTER_TOOL,
            tool="read_file",
            kind=ToolKind.READ,
            paths=("a",),
            response="text",
            input={"path": "a"},
        ),
        id="after",
    ),
]


@pytest.mark.parametrize(("payload", "environment", "expected"), CALLS)
def test_payload(payload: Json, environment: dict[str, str], expected: ToolCall) -> None:
    assert decoded(AGENT, payload, environment) == expected


def test_answers() -> None:
    call = decoded(
        AGENT,
        {
            "clineVersion": "4.0.0",
            "hookName": "PreToolUse",
            "taskId": "1",
            "workspaceRoots": ["/home/dev/app"],
            "preToolUse": {
                "toolName": "execute_command",
                "parameters": {"command": "chmod -R 777 /", "requires_approval": "false"},
            },
        },
    )
    assert answers(AGENT, call) == [
        line({"cancel": True, "errorMessage": refused()}),
        line({"cancel": True, "errorMessage": stopped()}),
        EMPTY,
        EMPTY,
        EMPTY,
    ]
    assert answers(AGENT, None) == [
        line({"cancel": True, "errorMessage": refused("this call")}),
        line({"cancel": True, "errorMessage": stopped("this call")}),
        EMPTY,
        EMPTY,
        EMPTY,
    ]

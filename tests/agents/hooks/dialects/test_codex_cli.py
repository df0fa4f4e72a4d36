"""Codex CLI's payloads and answers; an answer holds exactly the fields of a refusal."""

import pytest
from tests.agents.hooks.speaking import (
    ASK,
    DENY,
    SILENT,
    answered,
    answers,
    decoded,
    line,
    nested,
    refused,
    stopped,
)

from spawngate.model.call import Edit, ToolCall, ToolKind
from spawngate.model.json import Json

AGENT = "codex-cli"
PATCH = (
    "*** Begin Patch\n*** Add File: ran-write\n+x\n*** Update File: src/a.py\n*** Move to: src/b.py\n"
    "@@ def f():\n-    1\n+    2\n*** Delete File: old\n*** End Patch\n"
)
CALLS = [
    pytest.param(
        {
            "session_id": "019a",
            "turn_id": "t-3",
            "transcript_path": None,
            "cwd": "/home/dev/app",
            "hook_event_name": "PreToolUse",
            "model": "gpt-5.5",
            "permission_mode": "default",
            "tool_use_id": "call_8",
            "tool_name": "Bash",
            "tool_input": {"command": "cat ~/.ssh/id_ed25519"},
        },
        {},
        ToolCall(
            agent=AGENT,
            event_name="PreToolUse",
            session="019a",
            turn="t-3",
            cwd="/home/dev/app",
            permission_mode="default",
            call="call_8",
            tool="Bash",
            kind=ToolKind.SHELL,
            input={"command": "cat ~/.ssh/id_ed25519"},
            commands=("cat ~/.ssh/id_ed25519",),
        ),
        id="bash",
    ),
    pytest.param(
        {
            "session_id": "019a",
            "turn_id": "t-3",
            "transcript_path": None,
            "cwd": "/home/dev/app",
            "hook_event_name": "PreToolUse",
            "model": "gpt-5.5",
            "permission_mode": "default",
            "tool_use_id": "call_8",
            "tool_name": "apply_patch",
            "tool_input": {"command": PATCH},
        },
        {},
        ToolCall(
            agent=AGENT,
            event_name="PreToolUse",
            session="019a",
            turn="t-3",
            cwd="/home/dev/app",
            permission_mode="default",
            call="call_8",
            tool="apply_patch",
            kind=ToolKind.WRITE,
            input={"command": PATCH},
            paths=("ran-write", "src/a.py", "src/b.py", "old"),
            edits=(
                Edit("ran-write", None, "x\n"),
                Edit("src/a.py", "    1\n", "    2\n", moved_to="src/b.py"),
                Edit("old"),
            ),
        ),
        id="patch",
    ),
    pytest.param(
        {
            "session_id": "019a",
            "turn_id": "t-3",
            "transcript_path": None,
            "cwd": "/home/dev/app",
            "hook_event_name": "PreToolUse",
            "model": "gpt-5.5",
            "permission_mode": "default",
            "tool_use_id": "call_8",
            "tool_name": "apply_patch",
            "tool_input": {"command": "hello"},
        },
        {},
        ToolCall(
            agent=AGENT,
            event_name="PreToolUse",
            session="019a",
            turn="t-3",
            cwd="/home/dev/app",
            permission_mode="default",
            call="call_8",
            tool="apply_patch",
            kind=ToolKind.WRITE,
            input={"command": "hello"},
            problems=("tool_input.patch: not understood",),
        ),
        id="patch that is none",
    ),
    pytest.param(
        {
            "session_id": "019a",
            "turn_id": "t-3",
            "transcript_path": None,
            "cwd": "/home/dev/app",
            "hook_event_name": "PreToolUse",
            "model": "gpt-5.5",
            "permission_mode": "default",
            "tool_use_id": "call_8",
            "tool_name": "mcp__probe__touch",
            "tool_input": {"path": "/w/ran-mcp"},
        },
        {},
        ToolCall(
            agent=AGENT,
            event_name="PreToolUse",
            session="019a",
            turn="t-3",
            cwd="/home/dev/app",
            permission_mode="default",
            call="call_8",
            tool="mcp__probe__touch",
            kind=ToolKind.MCP,
            input={"path": "/w/ran-mcp"},
            server="probe",
            server_tool="touch",
            paths=("/w/ran-mcp",),
        ),
        id="mcp",
    ),
    pytest.param(
        {
            "session_id": "019a",
            "turn_id": "t-3",
            "transcript_path": None,
            "cwd": "/home/dev/app",
            "hook_event_name": "PreToolUse",
            "model": "gpt-5.5",
            "permission_mode": "default",
            "tool_use_id": "call_8",
            "tool_name": "spawn_agent",
            "tool_input": {"message": "do it"},
        },
        {},
        ToolCall(
            agent=AGENT,
            event_name="PreToolUse",
            session="019a",
            turn="t-3",
            cwd="/home/dev/app",
            permission_mode="default",
            call="call_8",
            tool="spawn_agent",
            kind=ToolKind.SUBAGENT,
            input={"message": "do it"},
            prompt="do it",
        ),
        id="sub-agent",
    ),
    pytest.param(
        {
            "session_id": "019a",
            "turn_id": "t-3",
            "transcript_path": None,
            "cwd": "/home/dev/app",
            "hook_event_name": "PreToolUse",
            "model": "gpt-5.5",
            "permission_mode": "default",
            "tool_use_id": "call_8",
            "tool_name": "collaborationspawn_agent",
            "tool_input": {"message": "ciphertext"},
        },
        {},
        ToolCall(
            agent=AGENT,
            event_name="PreToolUse",
            session="019a",
            turn="t-3",
            cwd="/home/dev/app",
            permission_mode="default",
            call="call_8",
            tool="collaborationspawn_agent",
            kind=ToolKind.SUBAGENT,
            input={"message": "ciphertext"},
            prompt="ciphertext",
        ),
        id="sub-agent of current models",
    ),
    pytest.param(
        {
            "session_id": "019a",
            "turn_id": "t-3",
            "transcript_path": None,
            "cwd": "/home/dev/app",
            "hook_event_name": "PreToolUse",
            "model": "gpt-5.5",
            "permission_mode": "default",
            "tool_use_id": "call_8",
            "agent_id": "01a1",
            "agent_type": "default",
            "tool_name": "Bash",
            "tool_input": {"command": "ls"},
        },
        {},
        ToolCall(
            agent=AGENT,
            event_name="PreToolUse",
            session="019a",
            turn="t-3",
            cwd="/home/dev/app",
            permission_mode="default",
            call="call_8",
            tool="Bash",
            kind=ToolKind.SHELL,
            input={"command": "ls"},
            commands=("ls",),
            subagent=True,
        ),
        id="call of a sub-agent",
    ),
    pytest.param(
        {
            "session_id": "019a",
            "turn_id": "t-3",
            "transcript_path": None,
            "cwd": "/home/dev/app",
            "hook_event_name": "PreToolUse",
            "model": "gpt-5.5",
            "permission_mode": "default",
            "tool_use_id": "call_8",
            "tool_name": "Bash",
            "tool_input": {"command": ["bash", "-lc", "rm -rf /"]},
        },
        {},
        ToolCall(
            agent=AGENT,
            event_name="PreToolUse",
            session="019a",
            turn="t-3",
            cwd="/home/dev/app",
            permission_mode="default",
            call="call_8",
            tool="Bash",
            kind=ToolKind.SHELL,
            input={"command": ["bash", "-lc", "rm -rf /"]},
            argvs=(("bash", "-lc", "rm -rf /"),),
        ),
        id="words instead of a text",
    ),
]


@pytest.mark.parametrize(("payload", "environment", "expected"), CALLS)
def test_payload(payload: Json, environment: dict[str, str], expected: ToolCall) -> None:
    assert decoded(AGENT, payload, environment) == expected


def test_answers() -> None:
    call = decoded(
        AGENT,
        {
            "session_id": "019a",
            "turn_id": "t-3",
            "transcript_path": None,
            "cwd": "/home/dev/app",
            "hook_event_name": "PreToolUse",
            "model": "gpt-5.5",
            "permission_mode": "default",
            "tool_use_id": "call_8",
            "tool_name": "Bash",
            "tool_input": {"command": "cat ~/.ssh/id_ed25519"},
        },
    )
    assert answers(AGENT, call) == [nested("deny", refused()), nested("deny", stopped()), SILENT, SILENT, SILENT]
    assert answers(AGENT, None) == [
        nested("deny", refused("this call")),
        nested("deny", stopped("this call")),
        SILENT,
        SILENT,
        SILENT,
    ]


def test_permission_request() -> None:
    call = decoded(
        AGENT, {"hook_event_name": "PermissionRequest", "tool_name": "Bash", "tool_input": {"command": "ls"}}
    )
    assert answered(AGENT, DENY, call) == line(
        {
            "hookSpecificOutput": {
                "hookEventName": "PermissionRequest",
                "decision": {"behavior": "deny", "message": refused()},
            }
        }
    )
    assert answered(AGENT, ASK, call) == SILENT

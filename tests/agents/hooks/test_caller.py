"""Who calls: the file's own agent, unless one that runs foreign files shows itself."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.agents import AGENTS, load_agent
from spawngate.agents.hooks.caller import RUNS, caller, keys, opened
from spawngate.agents.hooks.dialect import Loaded
from spawngate.model.json import Json

CLAUDE: dict[str, Json] = {
    "session_id": "b1c7",
    "prompt_id": "0f6c",
    "transcript_path": "/home/dev/.claude/projects/x/b1c7.jsonl",
    "cwd": "/home/dev/app",
    "permission_mode": "default",
    "hook_event_name": "PreToolUse",
    "tool_name": "Bash",
    "tool_input": {"command": "ls"},
    "tool_use_id": "toolu_01A",
}
COPILOT: dict[str, Json] = {
    "hook_event_name": "PreToolUse",
    "session_id": "s",
    "timestamp": "2026-11-20T10:00:00.000Z",
    "cwd": "/home/dev/app",
    "tool_name": "Bash",
    "tool_input": {"command": "ls"},
}
VSCODE: dict[str, Json] = {
    **COPILOT,
    "transcript_path": "/home/dev/.config/Code/User/workspaceStorage/x/chat.json",
    "tool_name": "run_in_terminal",
    "tool_use_id": "call_1",
}
CURSOR: dict[str, Json] = {**CLAUDE, "conversation_id": "c-1", "generation_id": "g-9", "cursor_version": "3.4.1"}
GROK: dict[str, Json] = {
    "hookEventName": "pre_tool_use",
    "hook_event_name": "pre_tool_use",
    "sessionId": "x",
    "toolName": "run_terminal_command",
    "toolInput": {"command": "ls"},
}
DEVIN: dict[str, Json] = {
    "session_id": "d1",
    "prompt_id": "p1",
    "hook_event_name": "PreToolUse",
    "tool_name": "exec",
    "tool_input": {"command": "ls"},
}
TRAE: dict[str, Json] = {**DEVIN, "tool_name": "RunCommand", "llm_tool_name": "run_command"}
CAMEL: dict[str, Json] = {
    "sessionId": "s",
    "timestamp": 1,
    "cwd": "/w",
    "toolName": "bash",
    "toolArgs": '{"command":"ls"}',
}


@pytest.mark.parametrize(
    ("registered", "payload", "environment", "expected"),
    [
        ("claude-code", CLAUDE, {}, "claude-code"),
        (
            "claude-code",
            CLAUDE,
            {"COPILOT_CLI": "1", "TRAE_PROJECT_DIR": "/w", "DEVIN_PROJECT_DIR": "/w"},
            "claude-code",
        ),
        ("", CLAUDE, {}, "claude-code"),
        ("", CURSOR, {}, "cursor"),
        ("claude-code", CURSOR, {}, "cursor"),
        ("claude-code", GROK, {}, "grok-build"),
        ("cursor", GROK, {}, "grok-build"),
        ("claude-code", COPILOT, {"COPILOT_CLI": "1"}, "copilot-cli"),
        ("claude-code", COPILOT, {}, "claude-code"),
        ("claude-code", CAMEL, {}, "copilot-cli"),
        ("claude-code", VSCODE, {}, "vscode"),
        ("claude-code", VSCODE, {"COPILOT_CLI": "1"}, "vscode"),
        ("copilot-cli", VSCODE, {}, "vscode"),
        ("copilot-cli", CAMEL, {}, "copilot-cli"),
        ("vscode", COPILOT, {"COPILOT_CLI": "1"}, "copilot-cli"),
        ("vscode", VSCODE, {}, "vscode"),
        ("claude-code", DEVIN, {}, "devin-cli"),
        ("claude-code", {**DEVIN, "tool_name": "Bash"}, {"DEVIN_PROJECT_DIR": "/w"}, "devin-cli"),
        ("claude-code", TRAE, {}, "trae"),
        ("codex-cli", CURSOR, {}, "codex-cli"),
        ("gemini-cli", GROK, {}, "gemini-cli"),
    ],
)
def test_caller(registered: str, payload: Json, environment: dict[str, str], expected: str) -> None:
    assert caller(registered, json.dumps(payload).encode(), environment) == expected


FIELDS = st.sampled_from(
    ["hook_event_name", "hookEventName", "timestamp", "tool_name", "toolName", "transcript_path", "cursor_version", "x"]
)
VALUES = (
    st.none() | st.booleans() | st.text(max_size=5) | st.lists(st.text(max_size=3)) | st.dictionaries(FIELDS, st.text())
)


@given(
    st.sampled_from(("", *AGENTS)),
    st.binary() | st.builds(lambda value: json.dumps(value).encode(), st.dictionaries(FIELDS, VALUES)),
)
def test_a_payload_chooses_only_among_agents_that_run_the_file(registered: str, payload: bytes) -> None:
    owner = registered or "claude-code"
    assert caller(registered, payload, {"COPILOT_CLI": "1"}) in (owner, *RUNS.get(owner, ()))


def test_every_agent_that_may_call_has_a_hook() -> None:
    named = {name for owner, others in RUNS.items() for name in (owner, *others)}
    assert [name for name in sorted(named) if load_agent(name).hook is None] == []


def _keys(agent: str, payload: dict[str, Json]) -> set[str]:
    hook = load_agent(agent).hook
    assert hook is not None
    return set(keys(hook.decode(json.dumps(payload).encode(), {})))


BASE: dict[str, Json] = {"conversation_id": "c", "generation_id": "g", "cursor_version": "3.4.1", "session_id": "s"}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (
            {
                "hook_event_name": "preToolUse",
                "tool_name": "Shell",
                "tool_input": {"command": "ls -l"},
                "tool_use_id": "t",
            },
            {"hook_event_name": "beforeShellExecution", "command": "ls -l"},
        ),
        (
            {"hook_event_name": "preToolUse", "tool_name": "MCP:get", "tool_input": {"a": [1]}, "tool_use_id": "t"},
            {
                "hook_event_name": "beforeMCPExecution",
                "tool_name": "get",
                "tool_input": '{"a": [1]}',
                "url": "http://x",
            },
        ),
        (
            {
                "hook_event_name": "preToolUse",
                "tool_name": "Read",
                "tool_input": {"file_path": "/w/a"},
                "tool_use_id": "t",
            },
            {"hook_event_name": "beforeReadFile", "file_path": "/w/a", "content": "text"},
        ),
    ],
)
def test_two_events_of_one_call_share_a_key(first: dict[str, Json], second: dict[str, Json]) -> None:
    assert len(_keys("cursor", BASE | first) & _keys("cursor", BASE | second)) == 1


def test_other_calls_share_none() -> None:
    shell: dict[str, Json] = {"hook_event_name": "beforeShellExecution", "command": "ls"}
    other = _keys("cursor", BASE | shell | {"command": "ls -l"})
    later = _keys("cursor", BASE | shell | {"generation_id": "h"})
    after = _keys("cursor", BASE | shell | {"hook_event_name": "afterShellExecution"})
    mine = _keys("cursor", BASE | shell)
    assert (mine & other, mine & later, mine & after, len(mine)) == (set(), set(), set(), 1)


def test_the_same_command_twice_in_claude_code_is_two_calls() -> None:
    assert _keys("claude-code", CLAUDE) & _keys("claude-code", CLAUDE | {"tool_use_id": "toolu_2"}) == set()
    assert len(_keys("claude-code", CLAUDE)) == 1


def test_a_payload_is_decoded_once_for_caller_and_decoder() -> None:
    given = opened(json.dumps(CURSOR).encode())
    assert given == Loaded(CURSOR)
    assert caller("claude-code", given, {}) == "cursor"
    hook = load_agent("cursor").hook
    assert hook is not None
    assert hook.decode(given, {}) == hook.decode(json.dumps(CURSOR).encode(), {})


def test_what_cannot_be_read_stays_as_it_is() -> None:
    assert opened(b"{") == b"{"
    assert caller("claude-code", opened(b"{"), {}) == "claude-code"

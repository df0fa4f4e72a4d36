"""The decoder: events, places of fields, environments, and what is wrong."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.agents.hooks.decode import EVENTS, Shape, decoder, event_of
from spawngate.agents.hooks.dialect import HookInputError
from spawngate.agents.hooks.payload import MAX_ITEMS
from spawngate.model.call import HookEvent, ToolCall, ToolKind
from spawngate.model.json import Json


def decode(payload: Json, shape: Shape | None = None, environment: dict[str, str] | None = None) -> ToolCall:
    return decoder("x", shape or Shape())(json.dumps(payload).encode(), environment or {})


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("PreToolUse", HookEvent.BEFORE_TOOL),
        ("pre_tool_use", HookEvent.BEFORE_TOOL),
        ("tool.execute.before", HookEvent.BEFORE_TOOL),
        ("BEFORE-TOOL", HookEvent.BEFORE_TOOL),
        ("PermissionRequest", HookEvent.PERMISSION),
        ("beforeSubmitPrompt", HookEvent.PROMPT),
        ("post_mcp_tool_use", HookEvent.AFTER_TOOL),
        ("SessionStart", HookEvent.SESSION_START),
        ("sessionEnd", HookEvent.SESSION_END),
        ("ConfigChange", HookEvent.CONFIG_CHANGE),
        ("Stop", HookEvent.OTHER),
        ("PreToolUseV2", None),
        ("", None),
    ],
)
def test_event_of(name: str, expected: HookEvent | None) -> None:
    assert event_of(name) is expected


def test_event_names_are_written_as_they_are_looked_up() -> None:
    assert [name for name in EVENTS if event_of(name) is not EVENTS[name]] == []


def test_agents_own_event_goes_first() -> None:
    shape = Shape(events={"Stop": HookEvent.BEFORE_TOOL})
    assert decode({"event": "Stop", "tool": "Bash", "input": {"command": "ls"}}, shape).event is HookEvent.BEFORE_TOOL


def test_unknown_event_about_no_tool_is_another() -> None:
    assert decode({"event": "Sunrise"}) == ToolCall("x", "", ToolKind.OTHER, HookEvent.OTHER, event_name="Sunrise")


def test_a_number_is_a_name() -> None:
    assert (decode({"tool_name": 5}).tool, decode({"tool_name": 5}).kind) == ("5", ToolKind.OTHER)


@pytest.mark.parametrize("payload", [{}, {"event": "PreToolUse"}, {"tool_name": ["Bash"]}, {"tool_name": None}])
def test_no_tool(payload: Json) -> None:
    with pytest.raises(HookInputError, match=r"^payload: names no tool$"):
        decode(payload)


@pytest.mark.parametrize(
    ("given", "commands", "problems"),
    [
        ({"command": "ls"}, ("ls",), ()),
        ('{"command": "ls"}', ("ls",), ()),
        ("ls", ("ls",), ("tool_input: expected a map",)),
        ('{"command": "ls"', ('{"command": "ls"',), ("tool_input: expected a map",)),
        (["ls"], (), ("tool_input: expected a map", "tool_input.command: missing")),
        (5, (), ("tool_input: expected a map", "tool_input.command: missing")),
        (None, (), ("tool_input.command: missing",)),
        ({}, (), ("tool_input.command: missing",)),
    ],
)
def test_input_of_other_types(given: Json, commands: tuple[str, ...], problems: tuple[str, ...]) -> None:
    call = decode({"tool_name": "Bash", "tool_input": given})
    assert (call.kind, call.commands, call.problems) == (ToolKind.SHELL, commands, problems)


@pytest.mark.parametrize(
    ("cwd", "own", "expected"),
    [
        ("/w", "", "/w"),
        ("/w", "x", "/w/x"),
        ("/w", "../y", "/y"),
        ("/w", "/z", "/z"),
        ("/w", "~/z", "~/z"),
        ("", "x", "x"),
        ("C:\\w", "x", "C:\\w\\x"),
        ("/w", "D:\\x", "D:\\x"),
    ],
)
def test_folder(cwd: str, own: str, expected: str) -> None:
    call = decode({"cwd": cwd, "tool_name": "Bash", "tool_input": {"command": "ls", "workdir": own}})
    assert call.cwd == expected


def test_folder_and_session_of_the_environment_stand_in() -> None:
    shape = Shape(folder=("NONE", "DIR"), session=("SESSION",))
    environment = {"DIR": "/p", "SESSION": "s"}
    payload: dict[str, Json] = {"tool_name": "Bash", "tool_input": {"command": "ls"}}
    call = decode(payload, shape, environment)
    told = decode(payload | {"cwd": "/w", "session_id": "t"}, shape, environment)
    assert (call.cwd, call.session, told.cwd, told.session) == ("/p", "s", "/w", "t")


def test_shell_of_the_system() -> None:
    payload: dict[str, Json] = {"tool_name": "run_shell_command", "tool_input": {"command": "dir"}}
    assert decode(payload | {"cwd": "C:\\w"}).dialect == "powershell"
    assert decode(payload | {"cwd": "/w"}).dialect == "posix"
    assert decode({"tool_name": "Bash", "cwd": "C:\\w", "tool_input": {"command": "ls"}}).dialect == "posix"


def test_response_is_every_text_in_order() -> None:
    answer: Json = {"content": [{"type": "text", "text": "one"}, {"text": "two"}], "code": 0}
    call = decode({"event": "PostToolUse", "tool_name": "Read", "tool_input": {"path": "a"}, "tool_response": answer})
    assert call.response == "text\none\ntwo"
    assert decode({"event": "PreToolUse", "tool_name": "x", "tool_response": answer}).response == ""


def test_too_many_changes_are_said() -> None:
    patch = "*** Delete File: a\n" * (MAX_ITEMS + 1)
    call = decode({"tool_name": "apply_patch", "tool_input": {"input": patch}})
    assert (len(call.edits), call.problems) == (MAX_ITEMS, (f"edits: more than {MAX_ITEMS}; the rest was left out",))


@given(st.text(max_size=30), st.text(max_size=30))
def test_problems_hold_no_value(secret: str, name: str) -> None:
    marked = f"SECRET{secret}"
    payload: Json = {"tool_name": name or "x", "tool_input": [marked], "cwd": [marked], "session_id": {marked: 1}}
    call = decode(payload)
    assert [problem for problem in call.problems if "SECRET" in problem] == []
    assert "SECRET" not in repr(call) or "SECRET" in name

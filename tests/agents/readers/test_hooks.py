"""`readers.hooks`: the table of events, its handlers, and that nothing secret in one crosses."""

import random
import shlex
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spawngate.agents.formats import Format
from spawngate.agents.readers.hooks import HookFile, Hooks, hook, hook_table
from spawngate.model.artifact import Scope
from spawngate.model.json import Json
from tests.agents.readers.planted import leaks
from tests.agents.readers.seen import (
    anything,
    given_text,
    given_value,
    item,
    nested,
    read,
    record,
    survive,
    survive_all,
    wrong,
    wrong_everywhere,
)
from tests.redact.generators import SECRET_TYPES, VENDOR_TYPES, percent

HOOKS = Hooks()


@pytest.mark.parametrize(
    ("handler", "detail", "left"),
    [
        ({"type": "command", "command": "guard"}, {"type": "command", "command": "guard"}, []),
        ({"command": "guard"}, {"type": "command", "command": "guard"}, []),
        ({"command": ["guard", "-x", 7]}, {"type": "command", "argv": ["guard", "-x", "7"]}, []),
        (
            {"bash": "a", "powershell": "b", "windows": "c"},
            {"type": "command", "command": "a", "other_commands": ["b", "c"]},
            [],
        ),
        ({"command": "", "script": "s"}, {"type": "command", "command": "s"}, []),
        ({"exec": ["y", "z"], "bash": "a"}, {"type": "command", "argv": ["y", "z"], "command": "a"}, []),
        ({"exec": "y", "bash": "a"}, {"type": "command", "command": "y", "other_commands": ["a"]}, []),
        *(
            ({"command": "a", key: "b"}, {"type": "command", "command": "a", "other_commands": ["b"]}, [])
            for key in ("windows", "commandWindows", "command_windows")
        ),
        # What runs is the list of words alone.
        ({"argv": ["y", 1], "command": "a"}, {"type": "command", "argv": ["y", "1"]}, []),
        ({"argv": [], "command": "a"}, {"type": "command", "command": "a"}, []),
        ({"argv": "y", "command": "a"}, {"type": "command", "argv": ["y"]}, []),
        ({"argv": {"a": 1}, "command": "a"}, {"type": "command", "command": "a"}, [wrong("p.argv", "a list")]),
        ({"command": "x", "working_directory": "/w"}, {"type": "command", "command": "x", "cwd": "/w"}, []),
        (
            {"command": "x", "working_directory": "/w", "cwd": "/v"},
            {"type": "command", "command": "x", "cwd": "/v"},
            [],
        ),
        (
            {"command": "x", "args": ["a", 1], "cwd": "/w", "env": {"A": "b", "N": 1, "E": None}},
            {"type": "command", "command": "x", "args": ["a", "1"], "cwd": "/w", "env": {"A": "b", "N": "1", "E": ""}},
            [],
        ),
        (
            {"url": "https://x", "headers": {"A": "b"}},
            {"type": "http", "url": "https://x", "headers": {"A": "b"}},
            [],
        ),
        ({"type": "prompt", "prompt": "öh"}, {"type": "prompt", "prompt_bytes": 3}, []),
        ({"prompt": ["a"]}, {"type": "unknown"}, []),
        ({"command": "x", "timeout": 1.5}, {"type": "command", "command": "x", "timeout_ms": 1500}, []),
        ({"command": "x", "timeout": 1.001}, {"type": "command", "command": "x", "timeout_ms": 1001}, []),
        ({"command": "x", "timeoutSec": 5}, {"type": "command", "command": "x", "timeout_ms": 5000}, []),
        ({"command": "x", "timeoutMs": 5}, {"type": "command", "command": "x", "timeout_ms": 5}, []),
        ({"command": "x", "timeout": float("inf")}, {"type": "command", "command": "x"}, []),
        ({"command": "x", "timeout": float("nan")}, {"type": "command", "command": "x"}, []),
        ({"command": "x", "timeout": 1e300}, {"type": "command", "command": "x"}, []),
        ({"command": "x", "timeout": 2**62}, {"type": "command", "command": "x"}, []),
        ({"command": "x", "timeout": True}, {"type": "command", "command": "x"}, []),
        ({"command": "x", "onFailure": "block"}, {"type": "command", "command": "x", "on_failure": "block"}, []),
        ({"command": "x", "failClosed": False}, {"type": "command", "command": "x", "fail_closed": False}, []),
        ({"command": "x", "strict": "yes"}, {"type": "command", "command": "x"}, []),
        (
            {"command": {"a": 1}, "args": "a", "env": [], "headers": 7, "url": [], "type": {}, "on_failure": []},
            {"type": "unknown", "args": ["a"]},
            [
                wrong("p.type", "text"),
                wrong("p.command", "text"),
                wrong("p.url", "text"),
                wrong("p.env"),
                wrong("p.headers"),
                wrong("p.on_failure", "text"),
            ],
        ),
        (
            {"command": "x", "env": None, "headers": None, "args": None, "url": None, "timeout": None},
            {"type": "command", "command": "x"},
            [],
        ),
    ],
)
def test_handler(handler: dict[str, Json], detail: dict[str, Json], left: list[tuple[str, str]]) -> None:
    document = given_value(None)
    found = record(hook(document, "Stop", None, handler, "p"))
    assert found == item("hook", "Stop", pointer="p", detail={"event": "Stop", **detail})
    assert [(note.reason, note.message) for note in document.notes] == left


@pytest.mark.parametrize(
    ("extra", "status"),
    [
        ({}, "enabled"),
        ({"disabled": True}, "disabled"),
        ({"enabled": False}, "disabled"),
        ({"enabled": True, "disabled": False}, "enabled"),
        ({"disabled": "true", "enabled": None}, "enabled"),
    ],
)
def test_handler_that_is_off(extra: dict[str, Json], status: str) -> None:
    found = hook(given_value(None), "Stop", None, {"command": "x", **extra}, "p")
    assert found.status == status


@pytest.mark.parametrize(
    ("matcher", "name"), [(None, "Stop"), ("", "Stop"), ("*", "Stop"), ("Bash|Edit", "Stop:Bash|Edit")]
)
def test_matcher_is_part_of_the_name(matcher: str | None, name: str) -> None:
    found = hook(given_value(None), "Stop", matcher, {"command": "x"}, "p")
    assert (found.name, found.detail.get("matcher")) == (name, matcher)


def entry(name: str, pointer: str, **detail: Json) -> dict[str, Json]:
    return item("hook", name, pointer=pointer, detail=detail)


def test_table() -> None:
    table: Json = {
        "hooks": {
            "PreToolUse": [
                {"matcher": "Bash", "hooks": [{"type": "command", "command": "a"}, "b"]},
                {"matcher": 7, "hooks": {"command": "c"}},
                {"hooks": []},
            ],
            "Stop": [{"command": "d", "match": "*"}, "e", {}],
            "Start": {"command": "f"},
            "End": "g",
            "Note": None,
            "version": 1,
        }
    }
    assert read(Hooks(ignore=("version",)), given_value(table)) == (
        [
            entry(
                "PreToolUse:Bash",
                "hooks.PreToolUse[0].hooks[0]",
                event="PreToolUse",
                matcher="Bash",
                command="a",
                type="command",
            ),
            entry(
                "PreToolUse:Bash",
                "hooks.PreToolUse[0].hooks[1]",
                event="PreToolUse",
                matcher="Bash",
                command="b",
                type="command",
            ),
            entry(
                "PreToolUse:7",
                "hooks.PreToolUse[1].hooks[0]",
                event="PreToolUse",
                matcher="7",
                command="c",
                type="command",
            ),
            entry("Stop", "hooks.Stop[0]", event="Stop", matcher="*", command="d", type="command"),
            entry("Stop", "hooks.Stop[1]", event="Stop", command="e", type="command"),
            entry("Start", "hooks.Start[0]", event="Start", command="f", type="command"),
            entry("End", "hooks.End[0]", event="End", command="g", type="command"),
        ],
        [],
    )


def test_wrong_types_keep_the_good_neighbours() -> None:
    table: Json = {
        "hooks": {
            "A": 7,
            "B": [None, 7, ["x"], {"command": "b"}],
            "C": [{"hooks": [None, 7, {"command": "c"}, {}]}],
            "D": [{"hooks": 7}],
        }
    }
    assert read(HOOKS, given_value(table)) == (
        [
            entry("B", "hooks.B[3]", event="B", command="b", type="command"),
            entry("C", "hooks.C[0].hooks[2]", event="C", command="c", type="command"),
        ],
        [
            wrong("hooks.A", "a list"),
            wrong("hooks.B[1]"),
            wrong("hooks.B[2]"),
            wrong("hooks.C[0].hooks[1]"),
            wrong("hooks.D[0].hooks", "a list"),
        ],
    )


@pytest.mark.parametrize(
    ("table", "left"),
    [(None, []), ({}, []), ([], [wrong("hooks")]), ("x", [wrong("hooks")]), (7, [wrong("hooks")])],
)
def test_no_table(table: Json, left: list[tuple[str, str]]) -> None:
    assert read(HOOKS, given_value({"hooks": table})) == ([], left)


def test_unit_scope_and_depth() -> None:
    value: Json = {"a": {"b": {"Stop": [{"hooks": [{"command": "x", "timeout": 50}]}]}}}
    found, left = read(Hooks(("a", "b"), timeout_unit="ms"), given_value(value, project="/w"))
    expected = entry("Stop", "a.b.Stop[0].hooks[0]", event="Stop", command="x", type="command", timeout_ms=50)
    assert (found, left) == ([expected | {"project": "/w"}], [])
    scoped = list(hook_table(given_value(None), {"Stop": "x"}, "p", scope=Scope.SUBAGENT))
    assert [record(observed) for observed in scoped] == [
        entry("Stop", "p.Stop[0]", event="Stop", command="x", type="command") | {"scope": "subagent"}
    ]


def test_whole_document_is_the_table() -> None:
    found = read(Hooks((), ignore=("version",)), given_value({"Stop": {"command": "x"}, "version": 1}))
    assert found == ([entry("Stop", "$.Stop[0]", event="Stop", command="x", type="command")], [])


@pytest.mark.parametrize(
    ("path", "event"),
    [
        ("/home/ana/.cline/hooks/TaskStart", "TaskStart"),
        ("/home/ana/.cline/hooks/TaskStart.py", "TaskStart"),
        ("C:\\Users\\ana\\hooks\\PreToolUse.ps1", "PreToolUse"),
    ],
)
def test_hook_file(path: str, event: str) -> None:
    found = read(HookFile(), given_text("#!/bin/sh\nexit 1\n", Format.NONE, path=path, digest="abc"))
    detail = {"event": event, "type": "file", "command": path}
    assert found == ([item("hook", event, path=path, detail=detail, content="abc")], [])


GOOD: Json = {
    "hooks": {
        "A": [
            {"matcher": "x", "hooks": [{"type": "command", "command": ["a"], "env": {"A": "b"}, "timeout": 1}]},
            {"url": "https://x", "headers": {"A": "b"}, "failClosed": True, "args": ["a"], "prompt": "p"},
        ]
    }
}


def test_wrong_types_everywhere() -> None:
    survive_all(HOOKS, wrong_everywhere(GOOD))


WORDS = (
    "hooks",
    "matcher",
    "match",
    "command",
    "argv",
    "exec",
    "bash",
    "args",
    "env",
    "headers",
    "url",
    "cwd",
    "working_directory",
    "type",
    "prompt",
    "timeout",
)


@given(anything(*WORDS, "timeoutMs", "onFailure", "strict", "disabled", "*"), st.booleans())
@settings(deadline=None)
def test_no_value_raises(value: Json, below: bool) -> None:
    survive(HOOKS, given_value(nested(("hooks",), value) if below else value))


PLACES: dict[str, Callable[[str], Json]] = {
    "command": lambda s: {"command": f"guard --token {shlex.quote(s)}"},
    "second command": lambda s: {"bash": "a", "powershell": f"guard --token {shlex.quote(s)}"},
    "assignment": lambda s: {"command": f"API_KEY={shlex.quote(s)} guard"},
    "argv": lambda s: {"command": ["guard", "--token", s]},
    "argv by its name": lambda s: {"argv": ["guard", "--token", s]},
    "program of its own": lambda s: {"exec": ["guard", "--token", s]},
    "command for Windows": lambda s: {"command": "a", "commandWindows": f"guard --token {shlex.quote(s)}"},
    "arguments": lambda s: {"command": "guard", "args": ["--token", s]},
    "first argument": lambda s: {"command": "guard", "args": [f"--token={s}", "x"]},
    "argument of a known program": lambda s: {"command": "curl", "args": ["-u", f"me:{s}", "https://example.com"]},
    "arguments without a command": lambda s: {"args": ["--token", s]},
    "env": lambda s: {"command": "guard", "env": {"SETTING": s}},
    "header": lambda s: {"url": "https://x", "headers": {"X-Setting": s}},
    "address query": lambda s: {"url": f"https://x.example.com/hook?token={percent(s)}"},
    "address userinfo": lambda s: {"url": f"https://me:{percent(s)}@x.example.com/hook"},
    "prompt": lambda s: {"type": "prompt", "prompt": s},
}
"""Handlers with a secret where its place gives it away, and the prompt, which is never kept."""

VENDOR_PLACES: dict[str, Callable[[str], Json]] = {
    "bare word of a line": lambda s: {"command": f"guard {shlex.quote(s)}"},
    "bare word": lambda s: {"command": ["x", s]},
    "bare argument": lambda s: {"command": "x", "args": [s]},
    "cwd": lambda s: {"command": "x", "cwd": f"/srv/{s}"},
    "working directory": lambda s: {"command": "x", "working_directory": f"/srv/{s}"},
    "type": lambda s: {"command": "x", "type": s},
    "on failure": lambda s: {"command": "x", "onFailure": s},
    "name of a variable": lambda s: {"command": "x", "env": {s: "1"}},
    "name of a header": lambda s: {"url": "https://x", "headers": {s: "1"}},
    "wrong type": lambda s: {"command": {s: s}, "env": [s], "url": [s], "prompt": [s]},
    "matcher": lambda s: {"matcher": s, "hooks": [{"command": "x"}]},
    "key nobody knows": lambda s: {"command": "x", s: {s: s}},
}
"""Handlers with a secret that only its own look gives away."""


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("type_", SECRET_TYPES)
def test_planted_secret_does_not_cross(type_: str, place: str) -> None:
    rng = random.Random(f"{type_} {place}")
    for _ in range(3):
        secret = SECRET_TYPES[type_](rng)
        assert leaks(HOOKS, given_value({"hooks": {"Stop": [PLACES[place](secret)]}}), secret) == []


@pytest.mark.parametrize("place", VENDOR_PLACES)
@pytest.mark.parametrize("type_", VENDOR_TYPES)
def test_planted_secret_of_a_known_format_does_not_cross(type_: str, place: str) -> None:
    rng = random.Random(f"{type_} {place}")
    for _ in range(2):
        secret = VENDOR_TYPES[type_](rng)
        handler = VENDOR_PLACES[place](secret)
        assert leaks(HOOKS, given_value({"hooks": {"Stop": [handler]}}), secret) == []
        assert leaks(HOOKS, given_value({"hooks": {secret: [handler]}}), secret) == []

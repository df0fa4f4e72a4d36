"""Inputs of tools: every kind's reader, over the names that agents give fields, and over anything else."""

from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.agents.hooks import fields
from spawngate.agents.hooks.fields import Parts
from spawngate.agents.hooks.inputs import ReadInput, addresses, is_windows
from spawngate.agents.hooks.payload import MAX_ITEMS, Reader
from spawngate.agents.hooks.tools import COMMON, MCP, OTHER, tool_of
from spawngate.model.call import Edit
from spawngate.model.json import Json


def read(tool: str, source: dict[str, Json]) -> tuple[dict[str, object], list[str]]:
    """What differs from nothing found, and the problems."""
    described = tool_of(tool, {}) or OTHER
    parts, problems = Parts(described.kind), list[str]()
    described.read(source, parts, Reader(problems))
    nothing = asdict(Parts(described.kind))
    found = {name: getattr(parts, name) for name in nothing if getattr(parts, name) != nothing[name]}
    return found, problems


@pytest.mark.parametrize(
    ("tool", "source", "expected"),
    [
        ("bash", {"command": "ls", "workdir": "/w"}, {"commands": ["ls"], "cwd": "/w"}),
        ("bash", {"cmd": ["ls", "-l"]}, {"argvs": [("ls", "-l")]}),
        ("bash", {"command": "[ -f a ] && rm a"}, {"commands": ["[ -f a ] && rm a"]}),
        ("bash", {"commands": ["a", "b"]}, {"commands": ["a", "b"]}),
        ("bash", {"command": {"command": "ls"}}, {"commands": ["ls"]}),
        ("write_stdin", {"chars": "rm x\n"}, {"commands": ["rm x\n"]}),
        ("write_stdin", {"chars": "\x03", "session_id": 1}, {"commands": ["\x03"]}),
        ("execute_code", {"code": "1", "language": "python"}, {"argvs": [("python3", "-c", "1")]}),
        ("execute_code", {"code": "1", "language": "js"}, {"argvs": [("node", "-e", "1")]}),
        ("execute_code", {"code": "ls", "language": "bash"}, {"commands": ["ls"]}),
        (
            "use_aws",
            {
                "service_name": "iam",
                "operation_name": "CreateAccessKey",
                "parameters": {"user": "x", "dry": True, "n": 1},
            },
            {"argvs": [("aws", "iam", "create-access-key", "--user", "x", "--dry", "--n", "1")]},
        ),
        ("web_fetch", {"prompt": "none here"}, {}),
        ("web_fetch", {"prompt": "see (https://a.test/x)."}, {"urls": ["https://a.test/x"]}),
        ("fetch", {"url": ["http://a", "http://b"]}, {"urls": ["http://a", "http://b"]}),
        ("grep", {"pattern": "x", "path": ["a", "b"]}, {"paths": ["a", "b"]}),
        ("task", {"description": "only this"}, {"prompt": "only this"}),
        (
            "access_mcp_resource",
            {"server_name": "s", "uri": "db://x"},
            {"server": "s", "urls": ["db://x"]},
        ),
    ],
)
def test_read(tool: str, source: dict[str, Json], expected: dict[str, object]) -> None:
    found, problems = read(tool, source)
    assert found == expected
    assert problems in ([], ["diff: not understood"])


@pytest.mark.parametrize(
    ("tool", "source", "expected"),
    [
        ("bash", {}, ["command: missing"]),
        ("bash", {"command": ""}, ["command: missing"]),
        ("bash", {"command": [1]}, ["command: holds what is no command, or too much", "command: missing"]),
        ("use_mcp_tool", {"tool_name": "t", "arguments": 3}, ["arguments: expected a map", "server_name: missing"]),
        ("use_aws", {}, ["service_name: missing"]),
        ("execute_code", {}, ["code: missing"]),
        ("read_files", {"files": [7]}, ["files: expected a list of paths"]),
    ],
)
def test_problems_name_fields_only(tool: str, source: dict[str, Json], expected: list[str]) -> None:
    assert read(tool, source)[1] == expected


def test_unknown_tool_and_mcp_tool_give_what_looks_like_something() -> None:
    source: dict[str, Json] = {
        "shell_command": "id",
        "commands": ["a", 1],
        "where": {"root": "/etc/passwd", "win": "C:\\x", "rel": "../x", "file": "notes.txt"},
        "note": "not/a path, but see https://a.test/x?y.",
        "db": "postgres://u@h/x",
        "mail": "a@b.test",
        "long": "/" + "x" * 5_000,
    }
    expected = {
        "commands": ["id", "a"],
        "paths": ["/etc/passwd", "C:\\x", "../x", "notes.txt"],
        "urls": ["https://a.test/x?y", "postgres://u@h/x"],
    }
    for described in (OTHER, MCP):
        parts, problems = Parts(described.kind), list[str]()
        described.read(source, parts, Reader(problems))
        assert (parts.commands, parts.paths, parts.urls) == tuple(expected.values())
        assert problems == []


def test_what_is_found_is_bounded() -> None:
    parts = Parts(OTHER.kind)
    problems: list[str] = []
    OTHER.read({"x": [f"/p{number}" for number in range(MAX_ITEMS * 2)]}, parts, Reader(problems))
    assert len(parts.paths) == MAX_ITEMS
    assert problems == ["*: more than 2000 paths or addresses; the rest was left out"]


def test_what_is_not_looked_at_is_said() -> None:
    problems: list[str] = []
    MCP.read({"x": ["a"] * 30_000, "path": "/hidden"}, Parts(MCP.kind), Reader(problems))
    assert problems == ["*: more than 20000 values; the rest was not looked at"]


def test_addresses() -> None:
    assert addresses("a http://a.test/x, (https://b.test) <ftp://c.test> `ws://d.test`; HTTP://E.test!") == [
        "http://a.test/x",
        "https://b.test",
        "ftp://c.test",
        "ws://d.test",
        "HTTP://E.test",
    ]


@pytest.mark.parametrize(
    ("path", "expected"), [("C:\\w", True), ("c:/w", True), ("\\\\host\\s", True), ("/c/w", False)]
)
def test_windows_paths(path: str, expected: bool) -> None:
    assert is_windows(path) is expected


READERS: list[ReadInput] = sorted(
    {tool.read for tool in COMMON.values()} | {OTHER.read, MCP.read}, key=lambda f: f.__name__
)
KEYS = sorted(
    {name for key in vars(fields) if key.isupper() for name in getattr(fields, key)}
    | {"files", "action", "requests", "x"}
)
VALUES: st.SearchStrategy[Json] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=10)
    | st.sampled_from(["view", "create", "[]", '["a"]', "{}", "*** Delete File: a"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=15,
)


@given(st.sampled_from(READERS), st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=8))
def test_any_input(reader: ReadInput, source: dict[str, Json]) -> None:
    parts, problems = Parts(OTHER.kind), list[str]()
    reader(source, parts, Reader(problems, "tool_input."))
    assert all(isinstance(text, str) for text in (*parts.commands, *parts.paths, *parts.urls, parts.prompt, parts.cwd))
    assert all(isinstance(item, Edit) and isinstance(item.path, str) for item in parts.edits)
    assert all(problem.startswith("tool_input.") for problem in problems)

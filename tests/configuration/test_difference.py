"""What changes between two contents, as the agents that read the file see it."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.command.context import CallContext
from spawngate.configuration.change import Difference
from spawngate.configuration.difference import Surroundings, difference
from spawngate.configuration.files import MISSING, Content, Unknown
from spawngate.configuration.recognise import recognise
from spawngate.launch.definition import Definition

CONTEXT = CallContext(home="/home/dev", cwd="/p")
SETTINGS = "/home/dev/.claude/settings.json"


def of(path: str, before: Any, after: Any) -> tuple[tuple[Difference, ...], str]:
    def content(value: Any) -> Content:
        return json.dumps(value).encode() if isinstance(value, dict) else value

    return difference(content(before), content(after), recognise(path, CONTEXT), Surroundings(path, CONTEXT.home))


def told(path: str, before: Any, after: Any) -> list[tuple[str, ...]]:
    differences, reason = of(path, before, after)
    assert reason == ""
    return [(one.facts.what, one.facts.change, one.facts.name, *one.facts.labels) for one in differences]


def test_a_server_is_added_for_all_that_read_the_file() -> None:
    (one,), reason = of(
        "/p/.mcp.json", {}, {"mcpServers": {"x": {"command": "npx", "args": ["-y", "p"], "env": {"A": "b"}}}}
    )
    assert reason == ""
    facts = one.facts
    assert (facts.what, facts.change, facts.name, facts.line, facts.scope) == (
        "server",
        "added",
        "x",
        "npx -y p",
        "project",
    )
    assert facts.agent == "Claude Code"
    assert {"claude-code", "copilot-cli", "visual-studio"} <= set(facts.agents)
    assert one.definition == Definition(
        "npx", ("-y", "p"), {"A": "b"}, transport="stdio", agent="claude-code", platform="linux"
    )


def test_other_formats() -> None:
    codex = b'model = "a"\n[mcp_servers.x]\ncommand = "npx"\nargs = ["p"]\n'
    assert told("/home/dev/.codex/config.toml", b'model = "a"\n', codex) == [("server", "added", "x")]
    assert told("/home/dev/.codex/config.toml", codex, codex.replace(b'model = "a"', b'model = "b"')) == []
    goose = b"extensions:\n  x:\n    type: stdio\n    cmd: npx\n    args: [p]\n    enabled: true\n"
    assert told("/home/dev/.config/goose/config.yaml", MISSING, goose) == [("server", "added", "x")]


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ({}, Unknown("network"), "network"),
        ({}, b"{ not json", "malformed"),
        (b"{ not json", b"{ not json either", ""),
        ({}, b'{"mcpServers": {}, "mcpServers": {"x": {"command": "a"}}}', "malformed"),
        (Unknown("oversized"), {}, "oversized"),
        (Unknown("not-read"), {}, ""),
        (MISSING, {}, ""),
        ({}, MISSING, ""),
    ],
)
def test_reasons(before: Any, after: Any, reason: str) -> None:
    assert of("/p/.mcp.json", before, after)[1] == reason


def test_binary_files_are_not_read() -> None:
    path = "/home/dev/.config/Code/User/globalStorage/state.vscdb"
    readers = recognise(path, CONTEXT)
    assert readers
    assert difference(b"a", b"b", readers, Surroundings(path)) == ((), "binary")
    assert difference(b"a", b"a", readers, Surroundings(path)) == ((), "")


@pytest.mark.parametrize("before", [MISSING, Unknown("not-read")])
@pytest.mark.parametrize(
    ("path", "after", "reason"),
    [
        (SETTINGS, {}, "emptied"),
        (SETTINGS, b"", "emptied"),
        ("/home/dev/.cursor/hooks.json", {"version": 1, "hooks": {}}, "emptied"),
        (SETTINGS, {"theme": "dark"}, ""),
        ("/p/.mcp.json", {"mcpServers": {}}, ""),
        ("/home/dev/.claude/CLAUDE.md", b"", ""),
    ],
)
def test_a_file_that_is_emptied(before: Content, path: str, after: Any, reason: str) -> None:
    """What stood there is gone, whatever it was."""
    assert of(path, before, after) == ((), reason)


FILES = [
    "/p/.mcp.json",
    SETTINGS,
    "/home/dev/.codex/config.toml",
    "/home/dev/.config/goose/config.yaml",
    "/p/CLAUDE.md",
]


@given(st.sampled_from(FILES), st.binary(max_size=80), st.binary(max_size=80))
def test_any_bytes_give_an_answer(path: str, before: bytes, after: bytes) -> None:
    one, other = of(path, before, after), of(path, before, after)
    assert [each.facts for each in one[0]] == [each.facts for each in other[0]]
    assert one[1] == other[1]

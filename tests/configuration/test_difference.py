"""What changes between two contents, as the agents that read the file see it."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.command.context import CallContext
from spawngate.configuration.difference import Difference, Surroundings, definition_of, difference, line_of
from spawngate.configuration.files import MISSING, Content, Unknown
from spawngate.configuration.recognise import recognise
from spawngate.launch.definition import Definition
from spawngate.model.artifact import Kind, Scope, Transport
from spawngate.model.observed import Observed, ObservedLaunch

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


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"theme": "dark"}, {"theme": "light"}, []),
        ({"model": "a"}, {"model": "b", "verbose": True}, []),
        ({}, {"disableAllHooks": True}, [("switch", "added", "disableAllHooks", "hooks-off", "protection-off")]),
        ({"disableAllHooks": True}, {}, [("switch", "removed", "disableAllHooks")]),
        (
            {},
            {"permissions": {"allow": ["Bash(*)", "Read"]}},
            [
                ("permission", "added", "Bash(*)", "any-command", "blanket"),
                ("permission", "added", "Read"),
            ],
        ),
        (
            {"permissions": {"deny": ["Bash(rm:*)"]}},
            {"permissions": {}},
            [("permission", "removed", "Bash(rm:*)", "refusal-removed")],
        ),
        (
            {},
            {"permissions": {"defaultMode": "bypassPermissions"}},
            [
                ("switch", "added", "permissions.defaultMode"),
                ("approval", "added", "bypassPermissions", "unattended"),
            ],
        ),
        ({}, {"env": {"NODE_OPTIONS": "-r x"}}, [("switch", "added", "env.NODE_OPTIONS", "loads-code")]),
        (
            {},
            {"env": {"ANTHROPIC_BASE_URL": "https://e"}},
            [("switch", "added", "env.ANTHROPIC_BASE_URL", "redirects")],
        ),
        ({}, {"apiKeyHelper": "./k"}, [("switch", "added", "apiKeyHelper", "runs-command")]),
        (
            {},
            {"enableAllProjectMcpServers": True},
            [
                ("approval", "added", "project MCP servers", "servers-approved"),
                ("approval", "added", "*", "servers-approved"),
                ("switch", "added", "enableAllProjectMcpServers"),
            ],
        ),
        ({}, {"enabledPlugins": {"a@b": True}}, [("plugin", "added", "a@b")]),
    ],
)
def test_settings(before: Any, after: Any, expected: list[tuple[str, ...]]) -> None:
    assert sorted(told(SETTINGS, before, after)) == sorted(expected)


def hooks(*commands: str) -> dict[str, Any]:
    return {
        "hooks": {"PreToolUse": [{"matcher": "Bash", "hooks": [{"type": "command", "command": c} for c in commands]}]}
    }


def test_hooks_are_what_they_run() -> None:
    (one,), _ = of(SETTINGS, hooks("a"), hooks("a", "b"))
    assert (one.facts.what, one.facts.change, one.facts.line, one.commands) == ("hook", "added", "b", ("b",))
    (gone,), _ = of(SETTINGS, hooks("a"), {})
    assert (gone.facts.what, gone.facts.change, gone.facts.line, gone.commands) == ("hook", "removed", "a", ())
    assert told(SETTINGS, hooks("a", "b"), hooks("b", "a")) == []


def test_our_own_hook_and_launcher() -> None:
    assert told(SETTINGS, hooks("/opt/spawngate-hook claude-code"), {}) == [
        ("hook", "removed", "PreToolUse:Bash", "ours")
    ]
    ours = {"mcpServers": {"x": {"command": "/opt/spawngate-launch", "args": ["--id", "1", "--", "npx", "p"]}}}
    direct = {"mcpServers": {"x": {"command": "npx", "args": ["p"]}}}
    assert told("/p/.mcp.json", ours, direct) == [("server", "changed", "x", "ours")]
    assert told("/p/.mcp.json", direct, ours) == [("server", "changed", "x")]


def test_a_server_that_changes_or_goes_or_is_off() -> None:
    def server(**more: Any) -> dict[str, Any]:
        return {"mcpServers": {"x": {"command": "a", **more}}}

    (one,), _ = of("/p/.mcp.json", server(), server(args=["--evil"]))
    assert (one.facts.change, one.facts.line, one.facts.was) == ("changed", "a --evil", "a")
    assert told("/p/.mcp.json", server(), {}) == [("server", "removed", "x")]
    cursor, _ = of("/home/dev/.cursor/mcp.json", {}, server(disabled=True))
    assert [one.facts.off for one in cursor] == [True]
    trusted, _ = of("/home/dev/.gemini/settings.json", server(), server(trust=True))
    assert [one.definition.auto_approve for one in trusted if one.definition] == [("*",)]


def test_other_formats() -> None:
    codex = b'model = "a"\n[mcp_servers.x]\ncommand = "npx"\nargs = ["p"]\n'
    assert told("/home/dev/.codex/config.toml", b'model = "a"\n', codex) == [("server", "added", "x")]
    assert told("/home/dev/.codex/config.toml", codex, codex.replace(b'model = "a"', b'model = "b"')) == []
    goose = b"extensions:\n  x:\n    type: stdio\n    cmd: npx\n    args: [p]\n    enabled: true\n"
    assert told("/home/dev/.config/goose/config.yaml", MISSING, goose) == [("server", "added", "x")]


def test_hidden_text_in_instructions() -> None:
    (one,), _ = of("/p/CLAUDE.md", b"Be kind.", "Be kind.\u200b\u200b\u200b\u200b\u200b\u200b\u200b\u200b".encode())
    assert (one.facts.what, one.facts.labels) == ("instruction", ("hidden-text",))


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


def test_lines_and_definitions() -> None:
    launch = ObservedLaunch(Transport.HTTP, url="https://a.example", headers={"B": "c"})
    item = Observed(Kind.MCP_SERVER, "cursor", Scope.USER, "x", "/f", launch=launch, detail={"trust": True})
    assert line_of(launch) == "https://a.example"
    assert line_of(None) == ""
    assert definition_of(item, "macos") == Definition(
        url="https://a.example",
        header_names=("B",),
        transport="http",
        platform="macos",
        agent="cursor",
        auto_approve=("*",),
    )


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

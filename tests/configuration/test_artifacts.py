"""Changes of servers, hooks and texts, and what each amounts to."""

from typing import Any

from spawngate.configuration.artifacts import definition_of, entry_change, line_of
from spawngate.launch.definition import Definition
from spawngate.model.artifact import Kind, Scope, Transport
from spawngate.model.observed import Observed, ObservedLaunch
from tests.configuration.compared import SETTINGS, of, told


def hooks(*commands: str) -> dict[str, Any]:
    return {
        "hooks": {"PreToolUse": [{"matcher": "Bash", "hooks": [{"type": "command", "command": c} for c in commands]}]}
    }


def test_hooks_are_what_they_run() -> None:
    (one,) = of(SETTINGS, hooks("a"), hooks("a", "b"))
    assert (one.facts.what, one.facts.change, one.facts.line, one.commands) == ("hook", "added", "b", ("b",))
    (gone,) = of(SETTINGS, hooks("a"), {})
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

    (one,) = of("/p/.mcp.json", server(), server(args=["--evil"]))
    assert (one.facts.change, one.facts.line, one.facts.was) == ("changed", "a --evil", "a")
    assert told("/p/.mcp.json", server(), {}) == [("server", "removed", "x")]
    cursor = of("/home/dev/.cursor/mcp.json", {}, server(disabled=True))
    assert [one.facts.off for one in cursor] == [True]
    trusted = of("/home/dev/.gemini/settings.json", server(), server(trust=True))
    assert [one.definition.auto_approve for one in trusted if one.definition] == [("*",)]


def test_hidden_text_in_instructions() -> None:
    (one,) = of("/p/CLAUDE.md", b"Be kind.", "Be kind.\u200b\u200b\u200b\u200b\u200b\u200b\u200b\u200b".encode())
    assert (one.facts.what, one.facts.labels) == ("instruction", ("hidden-text",))


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


def test_an_entry_alone() -> None:
    one = entry_change(
        "claude-code",
        "Claude Code",
        "x",
        {"command": "npx", "args": ["p"], "env": {"A": "b"}, "trust": True},
        "project",
    )
    facts = one.facts
    assert (facts.what, facts.change, facts.agent, facts.agents) == ("server", "added", "Claude Code", ("claude-code",))
    assert (facts.name, facts.line, facts.scope, facts.off) == ("x", "npx p", "project", False)
    assert one.definition == Definition(
        "npx", ("p",), {"A": "b"}, transport="stdio", agent="claude-code", auto_approve=("*",)
    )
    assert entry_change("", "odd", "x", {"url": "https://a.example"}, "nowhere").facts.scope == "user"
    assert entry_change("", "odd", "x", {"cmd": "a", "enabled": False}, "user").facts.off


def test_a_command_for_headers_is_run_too() -> None:
    server = {"type": "http", "url": "https://a.example/mcp", "headersHelper": "./token.sh"}
    (one,) = of("/p/.mcp.json", {}, {"mcpServers": {"x": server}})
    assert (one.facts.line, one.commands) == ("https://a.example/mcp", ("./token.sh",))

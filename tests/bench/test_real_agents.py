"""The parsers of what agents print, on output of the real programs, and the comparison with a scan."""

import json
from pathlib import Path
from typing import Any

import pytest
from bench.__main__ import BENCHMARKS
from bench.__main__ import main as bench
from bench.real_agents import PRODUCTS, Place, of_agent, version_of
from bench.real_listings import (
    OFF,
    ON,
    PENDING,
    Comparison,
    Listed,
    claude_get,
    claude_list,
    claude_session,
    codex_list,
    compare,
    copilot_list,
    extension_states,
    gemini_list,
    opencode_list,
    version,
    with_states,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2.1.197 (Claude Code)\n", "2.1.197"),
        ("codex-cli 0.169.0\n", "0.169.0"),
        ("GitHub Copilot CLI 1.0.102.\nRun 'copilot update' to check for updates.\n", "1.0.102"),
        ("0.62.0-preview.1\n", "0.62.0-preview.1"),
        ("no such thing", ""),
    ],
)
def test_version(text: str, expected: str) -> None:
    assert version(text) == expected


CLAUDE_OLD = """Checking MCP server health…

plugin:plug:plug-srv: /b/stub /m/plug/x - ✘ Failed to connect
plugin:plug:second: /b/stub  - ✘ Failed to connect
u-stdio: /b/stub one --flag two words - ✘ Failed to connect
u-http: https://u.example.com/mcp (HTTP) - ✘ Failed to connect
p-stdio: /b/stub proj - ⏸ Pending approval (run `claude` to approve)
good: npx -y - thing - ✔ Connected

MCP config diagnostics ⚠

For help configuring MCP servers, see: https://code.claude.com/docs/en/mcp

[Conflicting scopes]
├ Server "both" is defined in multiple scopes with different endpoints: user (/b/stub u), project (/b/stub p). OAuth
└ Keep the correct endpoint and remove the others: `claude mcp remove both -s user`
"""
CLAUDE_NEW = """plugin:plug:second: /b/stub  - ⊘ Disabled for this project (re-enable via /mcp)
u-http: https://u.example.com/mcp (HTTP) - ✘ Failed to connect — EAI_AGAIN: getaddrinfo EAI_AGAIN u.example.com
l-ws: wss://l.example.com/x (WS) - ✘ Failed to connect — ENOTFOUND: WebSocket connection to 'wss://l' failed: Failed
"""


def test_claude_list() -> None:
    assert claude_list(CLAUDE_OLD) == {
        "plug-srv": Listed("plug-srv", "stdio", "/b/stub /m/plug/x", "plugin", ON),
        "second": Listed("second", "stdio", "/b/stub", "plugin", ON),
        "u-stdio": Listed("u-stdio", "stdio", "/b/stub one --flag two words", None, ON),
        "u-http": Listed("u-http", "http", "https://u.example.com/mcp", None, ON),
        "p-stdio": Listed("p-stdio", "stdio", "/b/stub proj", None, PENDING),
        "good": Listed("good", "stdio", "npx -y - thing", None, ON),
    }
    assert claude_list(CLAUDE_NEW) == {
        "second": Listed("second", "stdio", "/b/stub", "plugin", OFF),
        "u-http": Listed("u-http", "http", "https://u.example.com/mcp", None, ON),
        "l-ws": Listed("l-ws", "ws", "wss://l.example.com/x", None, ON),
    }
    assert claude_list("No MCP servers configured. Use `claude mcp add` to add a server.\n") == {}


GET = """u-stdio:
  Scope: User config (available in all your projects)
  Status: ✘ Failed to connect
  Type: stdio
  Command: /b/stub
  Args: one --flag two words
  Environment:
    TOKEN=abc123

To remove this server, run: claude mcp remove u-stdio -s user
"""


def test_claude_get() -> None:
    assert claude_get(GET) == Listed("u-stdio", "stdio", "/b/stub one --flag two words", "user", ON)
    rejected = "p:\n  Scope: Project config (shared via .mcp.json)\n  Status: ✘ Rejected (see settings)\n"
    assert claude_get(f"{rejected}  Type: http\n  URL: https://p.example.com/mcp\n") == Listed(
        "p", "http", "https://p.example.com/mcp", "project", OFF
    )
    # Version 2.1.197 says neither type nor address of a server it could not reach over a web socket.
    bare = "l-ws:\n  Scope: Local config (private to you in this project)\n  Status: ✘ Failed to connect\n"
    assert claude_get(bare) == Listed("l-ws", None, None, "local", ON)
    assert claude_get('No MCP server found with name: "x".\n') is None
    assert claude_get("") is None


def test_claude_session() -> None:
    event = {
        "type": "system",
        "subtype": "init",
        "mcp_servers": [{"name": "plugin:plug:a", "status": "disabled"}, {"name": "b", "status": "failed"}],
    }
    assert claude_session(f"a warning\n{json.dumps(event)}\n{{}}\n") == {"a": OFF, "b": None}
    assert claude_session('[1]\n{"type": "system"}\n') == {}


def test_codex_list() -> None:
    http = {"type": "streamable_http", "url": "https://u.example.com/mcp", "bearer_token_env_var": "T"}
    stdio = {"type": "stdio", "command": "/b/stub", "args": ["-y", "two words"], "env": {"A": "b"}, "cwd": None}
    items = [
        {"name": "h", "enabled": True, "disabled_reason": None, "transport": http},
        {"name": "s", "enabled": False, "disabled_reason": None, "transport": stdio},
    ]
    assert codex_list(json.dumps(items)) == {
        "h": Listed("h", "http", "https://u.example.com/mcp", None, ON),
        "s": Listed("s", "stdio", ("/b/stub", "-y", "two words"), None, OFF),
    }


def test_copilot_list() -> None:
    servers = {
        "u": {"tools": ["*"], "type": "local", "command": "/b/stub", "args": ["x"], "source": "user", "enabled": True},
        "w": {"type": "sse", "url": "https://w.example.com", "source": "workspace", "enabled": False},
        "p": {"command": "/b/stub", "args": [], "source": "plugin", "enabled": True},
    }
    assert copilot_list(json.dumps({"mcpServers": servers})) == {
        "u": Listed("u", "stdio", ("/b/stub", "x"), "user", ON),
        "w": Listed("w", "sse", "https://w.example.com", "project", OFF),
        "p": Listed("p", "stdio", ("/b/stub",), "plugin", ON),
    }


GEMINI = """Configured MCP servers:

✗ u-stdio: /b/stub one --flag two words (stdio) - Disconnected
✓ u-sse: https://u.example.com/sse (sse) - Connected
○ mcpServers: /b/stub off (stdio) - Disabled
⛔ hurl: https://h.example.com/x (http) - Blocked
✗ gext-srv (from gext): /b/stub ext /e/x (stdio) - Disconnected
"""


def test_gemini_list() -> None:
    assert gemini_list(GEMINI) == {
        "u-stdio": Listed("u-stdio", "stdio", "/b/stub one --flag two words", None, ON),
        "u-sse": Listed("u-sse", "sse", "https://u.example.com/sse", None, ON),
        "mcpServers": Listed("mcpServers", "stdio", "/b/stub off", None, OFF),
        "hurl": Listed("hurl", "http", "https://h.example.com/x", None, OFF),
        "gext-srv": Listed("gext-srv", "stdio", "/b/stub ext /e/x", "plugin", ON),
    }
    warning = "Warning: MCP servers are configured but disabled because this folder is untrusted.\n"
    untrusted = f"{warning}Configured MCP servers:\n\n○ u: /b/stub (stdio) - Disabled\n"
    assert gemini_list(untrusted) == {"u": Listed("u", "stdio", "/b/stub", None, PENDING)}


def test_qwen_list() -> None:
    text = (
        "Configured MCP servers:\n"
        "\x1b[31m✗\x1b[0m u: /b/stub one (stdio) - Disconnected\n"
        "\x1b[33m●\x1b[0m p: https://p.example.com/mcp (http) - Pending approval\n"
        "\x1b[33m●\x1b[0m r: /b/stub r (stdio) - Rejected\n"
    )
    assert gemini_list(text) == {
        "u": Listed("u", "stdio", "/b/stub one", None, ON),
        "p": Listed("p", "http", "https://p.example.com/mcp", None, PENDING),
        "r": Listed("r", "stdio", "/b/stub r", None, OFF),
    }


EXTENSIONS = """✗ gext (0.1.0)
 ID: b4b0
 Path: /h/.gemini/extensions/gext
 Source: /w/gext (Type: local)
 Enabled (User): false
 Enabled (Workspace): false
 MCP servers:
  gext-srv
  gext-two

✓ bare (0.1.0)
 Path: /h/.gemini/extensions/bare
 Enabled (Workspace): true

\x1b[32m✓\x1b[0m glink (0.1.0)
 Enabled (User): true
 Enabled (Workspace): true
 MCP servers:
  glink-srv
 Settings:
  key
"""


def test_extension_states() -> None:
    assert extension_states(EXTENSIONS) == {"gext-srv": OFF, "gext-two": OFF, "glink-srv": None}
    assert extension_states("No extensions installed.\n") == {}


def test_opencode_list() -> None:
    text = (
        "┌  MCP Servers\n│\n"
        "●  ✗ u-local \x1b[90mfailed\n│      MCP error -32000: Connection closed\n"
        "│      \x1b[90m/b/stub one two words\n│\n"
        "●  ○ u-remote \x1b[90mdisabled\n│      \x1b[90mhttps://u.example.com/mcp\n│\n"
        "●  ✓ gone \x1b[90mconnected\n│\n"
        "└  3 server(s)\n"
    )
    config = {
        "mcp": {
            "u-local": {"type": "local", "command": ["/b/stub", "one", "two words"], "environment": {"T": "***"}},
            "u-remote": {"type": "remote", "url": "https://u.example.com/mcp", "enabled": False},
        }
    }
    assert opencode_list(text, json.dumps(config)) == {
        "u-local": Listed("u-local", "stdio", ("/b/stub", "one", "two words"), None, ON),
        "u-remote": Listed("u-remote", "remote", "https://u.example.com/mcp", None, OFF),
        "gone": Listed("gone", None, None, None, ON),
    }
    assert opencode_list("┌  MCP Servers\n│\n▲  No MCP servers configured\n", "{}") == {}


def test_with_states_adds_and_overrides_but_never_forgets() -> None:
    listing = {"a": Listed("a", "stdio", "x", "user", ON), "b": Listed("b", state=ON)}
    assert with_states(listing, {"a": None, "b": OFF, "c": OFF}) == {
        "a": Listed("a", "stdio", "x", "user", ON),
        "b": Listed("b", state=OFF),
        "c": Listed("c", state=OFF),
    }


def record(name: str, scope: str = "user", status: str = "enabled", **changes: Any) -> dict[str, Any]:
    launch = {"transport": "stdio", "command": "/b/stub", "args": [name], "url": None}
    project = changes.pop("project", None)
    detail = {"project": project} if project else {}
    return {"name": name, "scope": scope, "status": status, "detail": detail, "launch": {**launch, **changes}}


def listed(name: str, **changes: Any) -> Listed:
    return Listed(
        name,
        changes.get("transport", "stdio"),
        changes.get("launch", ("/b/stub", name)),
        changes.get("scope"),
        changes.get("state", ON),
    )


def check(listing: list[Listed], artifacts: list[dict[str, Any]]) -> Comparison:
    return compare({item.name: item for item in listing}, artifacts, "/f", "w")


def test_equal_servers() -> None:
    remote: dict[str, Any] = {"transport": "sse", "command": None, "args": [], "url": "https://r.example.com"}
    found = [
        record("a"),
        record("b", args=["two words", "x"]),
        record("c", "project", "approved", project="/f"),
        record("r", **remote),
    ]
    asked = [
        listed("a", scope="user"),
        listed("b", launch="/b/stub two words x"),
        listed("c", scope="project"),
        listed("r", launch="https://r.example.com", transport="remote"),
    ]
    assert check(asked, found) == Comparison(4, 4, 4, 4, 4)


@pytest.mark.parametrize(
    ("asked", "found", "line"),
    [
        (listed("a"), record("b", status="disabled"), "w: a is listed and was not found"),
        (listed("a"), record("a", project="/elsewhere"), "w: a is listed and was not found"),
        (
            listed("a"),
            record("a", args=["other"]),
            "w: a: launch ('/b/stub', 'a') found as ('/b/stub', 'other')",
        ),
        (listed("a", launch="/b/stub a b"), record("a"), "w: a: launch '/b/stub a b' found as '/b/stub a'"),
        (listed("a", transport="sse"), record("a"), "w: a: transport 'sse' found as 'stdio'"),
        (listed("a", transport="remote"), record("a"), "w: a: transport 'remote' found as 'stdio'"),
        (listed("a", scope="local"), record("a"), "w: a: scope 'local' found as 'user'"),
        (listed("a", state=OFF), record("a"), "w: a (user): listed as off, found as enabled"),
        (listed("a", state=ON), record("a", "project", "pending"), "w: a (project): listed as on, found as pending"),
        (listed("a", state=ON), record("a", status="shadowed"), "w: a (user): listed as on, found as shadowed"),
        (listed("a", state=ON), record("a", status="unknown"), "w: a (user): listed as on, found as unknown"),
    ],
)
def test_differences_are_named(asked: Listed, found: dict[str, Any], line: str) -> None:
    assert check([asked], [found]).differing == [line]


def test_what_an_agent_does_not_tell_is_not_compared() -> None:
    silent = Listed("a")
    assert check([silent], [record("a", "local", "pending", transport="ws")]) == Comparison(1, 1, 1, 0, 0)


def test_a_folder_without_trust_says_nothing_about_the_machine() -> None:
    found = [record("u"), record("p", "project", "pending", project="/f")]
    asked = [listed("u", state=PENDING), listed("p", state=PENDING)]
    assert check(asked, found) == Comparison(2, 2, 2, 1, 1)


def test_variables_of_a_plugin_stand_for_some_text_in_one_argument() -> None:
    found = record("a", "plugin", args=["${CLAUDE_PLUGIN_ROOT}/x", "y"])
    for launch in ("/b/stub /m/plug/x y", ("/b/stub", "/m/plug/x", "y")):
        assert check([listed("a", launch=launch)], [found]).equal == 1
    for wrong in (("/b/stub", "/x", "z"), ("/b/stub", "/m/plug/x"), ("/b/stub", "/m/plug/z", "y")):
        assert check([listed("a", launch=wrong)], [found]).equal == 0


def test_the_best_of_several_definitions_is_compared_and_the_rest_explained() -> None:
    found = [
        record("both", args=["of-user"]),
        record("both", "project", "approved", project="/f", args=["of-project"]),
        record("waits", "project", "pending", project="/f"),
        record("extra"),
    ]
    result = check([listed("both", launch=("/b/stub", "of-project"))], found)
    assert result == Comparison(
        1,
        1,
        1,
        1,
        1,
        hidden=["w: both (user, enabled)", "w: waits (project, pending)"],
        unlisted=["w: extra (user, enabled)"],
    )


def test_comparisons_add_up() -> None:
    one = Comparison(1, 2, 3, 4, 5, ["a"], ["b"], ["c"])
    two = Comparison(10, 20, 30, 40, 50, ["d"], ["e"], ["f"])
    assert one + two == Comparison(11, 22, 33, 44, 55, ["a", "d"], ["b", "e"], ["c", "f"])


def test_servers_and_version_of_one_agent() -> None:
    items = [
        {"kind": "agent", "agent": "a", "detail": {"version": "1.2.3"}},
        {"kind": "agent", "agent": "b", "detail": {}},
        {"kind": "mcp_server", "agent": "a", "name": "s"},
        {"kind": "mcp_server", "agent": "b", "name": "t"},
        {"kind": "hook", "agent": "a", "name": "h"},
    ]
    document = {"artifacts": items}
    assert of_agent(document, "a") == [items[2]]
    assert [version_of(document, agent) for agent in ("a", "b", "c")] == ["1.2.3", "", ""]


def test_editing_keeps_what_stands_in_the_file(tmp_path: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    place = Place(work, tmp_path / "npm")
    path = place.home / "x/config.json"
    place.write(path, '// written by the program\n{"a": 1}')
    place.edit(path, lambda values: values.update(b=2))
    place.edit(place.home / "new.json", lambda values: values.update(c=3))
    assert json.loads(path.read_text()) == {"a": 1, "b": 2}
    assert json.loads((place.home / "new.json").read_text()) == {"c": 3}
    assert place.foreign.is_dir()
    assert place.stub.stat().st_mode & 0o111
    with pytest.raises(FileNotFoundError, match="none of a/\\*/b"):
        place.program("a/*/b")


def test_the_platform_package_is_found_and_no_other(tmp_path: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    place = Place(work, tmp_path / "npm")
    names = ("opencode-linux-x64-baseline/bin/opencode", "opencode-linux-x64/bin/opencode")
    for name in names:
        place.write(place.prefix / "node_modules" / name, "")
    opencode = next(product for product in PRODUCTS if product.id == "opencode")
    assert opencode.program(place) == [str(place.prefix / "node_modules/opencode-linux-x64/bin/opencode")]


def test_a_name_with_a_dash_is_a_module_with_an_underscore(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "real-agents" in BENCHMARKS
    monkeypatch.setattr("bench.real_agents.main", lambda arguments: 40 + len(arguments))
    assert bench(["real-agents", "--agent", "codex-cli"]) == 42

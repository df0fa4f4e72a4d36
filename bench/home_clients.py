"""Agents whose servers are one map (or list) in one file: a table of places and dialects, and their hooks.

Facts: the agents' entries in the vendors' documentation, as collected in the project's reference table.
Must not be here: agents with state, plugins or several kinds of file (`home_agents`), and project files
(`home_projects`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.builder import Builder, Entry, Style
from bench.catalogue import draw

HTTP = {"stdio": "stdio", "http": "http", "sse": "sse"}
CAMEL = {"stdio": "stdio", "http": "streamableHttp", "sse": "sse"}
KEBAB = {"stdio": "stdio", "http": "streamable-http", "sse": "sse"}
LOCAL = {"stdio": "local", "http": "remote", "sse": "remote"}

PLAIN = Style()
TYPED = Style(types=HTTP)
DISABLED = Style(off=("disabled", True))
TYPED_DISABLED = Style(types=HTTP, off=("disabled", True))
ENABLED = Style(off=("enabled", False))
CLINE = Style(types=CAMEL, off=("disabled", True), always={"autoApprove": ["list_items"], "timeout": 60})
ROO = Style(types=KEBAB, off=("disabled", True), always={"alwaysAllow": ["search"], "timeout": 60})
GEMINI = Style(http_url="httpUrl", always={"timeout": 30000})
SERVER_URL = Style(url="serverUrl", off=("disabled", True))
DEVIN = Style(types=HTTP, type_key="transport", off=("disabled", True))
TRANSPORT = Style(types=HTTP, type_key="transport")
OPENCODE_1 = Style(types=LOCAL, array=True, env="environment", off=("enabled", False))
OPENCODE_2 = Style(types=LOCAL, array=True, env="environment", off=("disabled", True))


@dataclass(frozen=True, slots=True)
class Place:
    """One file that maps names to servers. `key` is the path of keys to that map."""

    agent: str
    path: str
    key: tuple[str, ...]
    style: Style
    scope: str = "user"
    format: str = "json"
    local: int = 2
    remote: int = 1
    off: bool = True
    """The last server is switched off, where the dialect can say so."""


M = ("mcpServers",)
VSC = ".config/Code/User/globalStorage/"

USER_PLACES: tuple[Place, ...] = (
    Place("claude-desktop", ".config/Claude/claude_desktop_config.json", M, PLAIN, local=4, remote=0),
    Place("windsurf", ".codeium/windsurf/mcp_config.json", M, SERVER_URL, local=3),
    Place("windsurf", ".codeium/mcp_config.json", M, SERVER_URL, local=1, remote=0),
    Place("devin-cli", ".config/devin/mcp_config.json", M, DEVIN),
    Place("antigravity", ".gemini/config/mcp_config.json", M, SERVER_URL),
    Place("antigravity", ".gemini/antigravity/mcp_config.json", M, SERVER_URL, local=1),
    Place("cline", VSC + "saoudrizwan.claude-dev/settings/cline_mcp_settings.json", M, CLINE, local=3),
    Place("cline", ".cline/data/settings/cline_mcp_settings.json", M, CLINE, local=1),
    Place(
        "cline",
        ".config/Cursor/User/globalStorage/saoudrizwan.claude-dev/settings/cline_mcp_settings.json",
        M, CLINE, local=1, remote=0,
    ),
    Place("roo-code", VSC + "rooveterinaryinc.roo-cline/settings/mcp_settings.json", M, ROO),
    Place("kilo-code", VSC + "kilocode.kilo-code/settings/mcp_settings.json", M, ROO, local=1),
    Place("kilo-code", ".config/kilo/kilo.jsonc", ("mcp",), OPENCODE_1, format="jsonc"),
    Place("jetbrains-ai-assistant", ".ai/mcp/mcp.json", M, PLAIN),
    Place("junie", ".junie/mcp/mcp.json", M, PLAIN),
    Place("kiro", ".kiro/settings/mcp.json", M, Style(off=("disabled", True), always={"autoApprove": ["read_file"]})),
    Place("amazon-q-cli", ".aws/amazonq/mcp.json", M, DISABLED),
    Place("factory-droid", ".factory/mcp.json", M, TYPED_DISABLED),
    Place("trae", ".config/Trae/User/mcp.json", M, PLAIN),
    Place("qoder", ".qoder/mcp.json", M, TYPED_DISABLED, local=1),
    Place("kimi-code", ".kimi-code/mcp.json", M, ENABLED),
    Place("kimi-code", ".kimi/mcp.json", M, ENABLED, local=1, remote=0),
    Place("openhands", ".openhands/mcp.json", M, PLAIN),
    Place("warp", ".warp/.mcp.json", M, PLAIN),
    Place("lm-studio", ".lmstudio/mcp.json", M, PLAIN),
    Place("lm-studio", ".cache/lm-studio/mcp.json", M, PLAIN, local=1, remote=0),
    Place("fiveire", ".config/5ire/mcp.json", M, Style(types=LOCAL, off=("isActive", False))),
    Place("jan", ".local/share/Jan/data/mcp_config.json", M, Style(off=("active", False)), remote=0),
    Place("anythingllm", ".config/anythingllm-desktop/storage/plugins/anythingllm_mcp_servers.json", M, TYPED),
    Place("witsy", ".config/Witsy/settings.json", M, PLAIN, local=1, remote=0),
    Place("sema4", ".sema4ai/sema4ai-studio/mcp_servers.json", M, Style(types=HTTP, type_key="transport"), remote=0),
    Place("pi", ".pi/agent/mcp.json", M, PLAIN, local=1),
    Place("rovo-dev", ".rovodev/mcp.json", M, TRANSPORT),
    Place("deepagents-cli", ".deepagents/.mcp.json", M, TYPED, local=1),
    Place("muse-code", ".config/muse/settings.json", ("mcp_servers",), PLAIN, local=1, remote=0),
    Place("codebuddy", ".codebuddy/.mcp.json", M, TYPED, local=1),
    Place("abacus", ".abacusai/mcp.json", M, PLAIN),
)  # fmt: skip


def write_place(b: Builder, base: Path, place: Place, rest: Mapping[str, Any] | None = None) -> Path:
    """Write one place below `base`, with the other settings `rest` beside the servers."""
    path = base / place.path
    entries = draw(b, place.local, place.remote, disable_last=place.off)
    return write_servers(b, path, place, entries, rest)


def write_servers(
    b: Builder, path: Path, place: Place, entries: list[Entry], rest: Mapping[str, Any] | None = None
) -> Path:
    """Write the given entries as `place` says, to `path`."""
    value: Any = b.servers_map(place.agent, path, place.scope, entries, place.style)
    for key in reversed(place.key):
        value = {key: value}
    document = {**(rest or {}), **value}
    writer = {"json": b.json, "jsonc": b.jsonc, "yaml": b.yaml, "toml": b.toml}[place.format]
    return writer(path, document)


def guard_hook(b: Builder, agent: str, secret: str | None = None) -> str:
    """A hook command line: an absolute stub, the agent's name, and sometimes a secret."""
    line = f"{b.stub('guard-hook')} {agent}"
    return f"{line} --token {b.mint(secret, 'hook command line')}" if secret else line


def grouped(event: str, command: str, timeout: int = 10, matcher: str = "*") -> dict[str, Any]:
    """The Claude-shaped form: event, groups with a matcher, handlers."""
    return {event: [{"matcher": matcher, "hooks": [{"type": "command", "command": command, "timeout": timeout}]}]}


def write_user_hooks(b: Builder) -> None:
    """Hooks of the agents in this module that keep them in files of their own."""
    home = b.home
    files: dict[str, Any] = {
        ".codeium/windsurf/hooks.json": {
            "hooks": {"pre_run_command": [{"command": guard_hook(b, "windsurf", "hex-32"), "show_output": True}]}
        },
        ".config/devin/config.json": {"hooks": grouped("PreToolUse", guard_hook(b, "devin"), matcher=".*")},
        ".gemini/config/hooks.json": {
            "guard": {"enabled": True, **grouped("PreToolUse", guard_hook(b, "antigravity"))}
        },
        ".junie/config.json": {"hooks": grouped("PreToolUse", guard_hook(b, "junie"), matcher=".*")},
        ".kiro/hooks/guard.json": {
            "version": "v1",
            "hooks": [
                {
                    "name": "guard",
                    "trigger": "PreToolUse",
                    "matcher": ".*",
                    "action": {"type": "command", "command": guard_hook(b, "kiro", "grafana")},
                    "timeout": 10,
                    "enabled": True,
                }
            ],
        },
        ".factory/hooks.json": {"hooks": grouped("PreToolUse", guard_hook(b, "droid", "password"))},
        ".trae/hooks.json": {"version": 1, "hooks": grouped("PreToolUse", guard_hook(b, "trae"))},
        ".openhands/hooks.json": {"pre_tool_use": grouped("x", guard_hook(b, "openhands"))["x"]},
        ".codebuddy/settings.json": {"hooks": grouped("PreToolUse", guard_hook(b, "codebuddy"))},
        ".abacusai/config.json": {"hooks": grouped("PreToolUse", guard_hook(b, "abacus", "uuid"))},
        ".agents/plugins/guard/hooks/hooks.json": {
            "hooks": grouped("PreToolUse", "${PLUGIN_ROOT}/guard goose", matcher=".*")
        },
    }
    for name, value in files.items():
        b.json(home / name, value)
        b.count("hook")
    b.text(home / "Documents/Cline/Hooks/PreToolUse", "#!/bin/sh\nexec guard-hook cline\n", executable=True)
    b.toml(
        home / ".vibe/hooks.toml",
        {
            "hooks": [
                {"name": "guard", "type": "pre_tool", "match": "*", "command": guard_hook(b, "vibe"), "timeout": 10.0}
            ]
        },
    )
    b.count("hook", 2)


def write(b: Builder) -> None:
    """All agents of the table, their hooks, and their settings with grants."""
    for place in USER_PLACES:
        write_place(b, b.home, place)
    write_user_hooks(b)
    b.json(
        b.home / ".factory/settings.json",
        {
            "commandAllowlist": ["ls", f"curl -u ci:{b.mint('password', 'permission entry')}"],
            "commandDenylist": ["rm -rf /"],
        },
    )
    b.json(b.home / ".agents/plugins/guard/plugin.json", {"name": "guard", "version": "1.0.0", "description": "policy"})
    plugin = b.home / ".agents/plugins/guard/.mcp.json"
    write_servers(b, plugin, Place("goose", "", M, PLAIN, "plugin"), draw(b, 1))
    b.count("plugin")
    b.json(
        b.home / ".junie/allowlist.json", {"defaultBehavior": "ask", "rules": {"executables": ["git"], "mcpTools": []}}
    )

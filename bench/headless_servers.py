"""MCP servers in the configuration of agents that run headless, as a person would write them.

Formats: docs/agents.md. Must not be here: starting the agents (`bench.headless`).
"""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bench.headless import Stage
from spawngate.endpoint.rehearsal.model import Tool


def _json(place: str, *keys: str, shape: Callable[[Sequence[str]], Mapping[str, Any]]) -> Callable[..., None]:
    def add(stage: Stage, name: str, argv: Sequence[str]) -> None:
        path = stage.home / place
        document = json.loads(path.read_text()) if path.exists() else {}
        table = document
        for key in keys:
            table = table.setdefault(key, {})
        table[name] = shape(argv)
        stage.write(place, document)

    return add


def _codex(stage: Stage, name: str, argv: Sequence[str]) -> None:
    path = stage.home / ".codex/config.toml"
    held = path.read_text() if path.exists() else ""
    entry = f"[mcp_servers.{name}]\ncommand = {json.dumps(argv[0])}\nargs = {json.dumps(list(argv[1:]))}\n"
    stage.write(".codex/config.toml", held + entry)


def _usual(argv: Sequence[str]) -> Mapping[str, Any]:
    return {"command": argv[0], "args": list(argv[1:])}


ADD: Mapping[str, Callable[[Stage, str, Sequence[str]], None]] = {
    "claude-code": _json(".claude.json", "mcpServers", shape=_usual),
    "codex-cli": _codex,
    "gemini-cli": _json(".gemini/settings.json", "mcpServers", shape=_usual),
    "qwen-code": _json(".qwen/settings.json", "mcpServers", shape=_usual),
    "copilot-cli": _json(
        ".copilot/mcp-config.json",
        "mcpServers",
        shape=lambda argv: {"type": "local", "tools": ["*"], **_usual(argv)},
    ),
    "opencode": _json(
        ".config/opencode/opencode.json",
        "mcp",
        shape=lambda argv: {"type": "local", "command": list(argv), "enabled": True},
    ),
}
"""By agent: put a server of that name and command line into its configuration, which `prepare` has written."""


ENVIRONMENT: Mapping[str, Mapping[str, str]] = {"claude-code": {"ENABLE_TOOL_SEARCH": "false"}}
"""By agent: what makes it offer the tools of its servers at once."""


def calls(agent: str, server: str, tool: str, given: Mapping[str, Any]) -> list[Tool]:
    """What a model has to ask for so that the agent calls one tool of one server."""
    if agent == "qwen-code":
        # Tools of servers are looked up by one tool and called by another.
        name = f"mcp__{server}__{tool}"
        return [("tool_search", {"query": f"select:{name}"}), ("tool_call", {"name": name, "arguments": given})]
    return [(rf".*{server}[_-]+{tool}", given)]

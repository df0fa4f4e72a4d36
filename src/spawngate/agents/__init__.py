"""What Spawngate knows about each agent: where its files lie and how they are read.

Belongs here: one module per agent holding `AGENT`, one per surface that belongs to no single agent (editor and
browser extensions, bundles) holding `SURFACE`, the two written tables, and what these modules share.
Must not be here: opening files (`endpoint`), redaction (`redact`), judgement (`launch`, `rules`).
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # whoever wants a format alone needs no agent
    from spawngate.agents.agent import Agent

AGENTS: tuple[str, ...] = (
    "abacus",
    "amazon-q-cli",
    "amp",
    "antigravity",
    "anythingllm",
    "augment",
    "boltai",
    "claude-code",
    "claude-desktop",
    "cline",
    "codebuddy",
    "codex-cli",
    "continue",
    "copilot-cli",
    "copilot-xcode",
    "crush",
    "cursor",
    "deepagents-cli",
    "devin-cli",
    "factory-droid",
    "fiveire",
    "gemini-cli",
    "goose",
    "grok-build",
    "hermes",
    "jan",
    "jetbrains-ai-assistant",
    "junie",
    "kilo-code",
    "kimi-code",
    "kiro",
    "lm-studio",
    "mistral-vibe",
    "muse-code",
    "openclaw",
    "opencode",
    "openhands",
    "pi",
    "qoder",
    "qwen-code",
    "reasonix",
    "replit",
    "roo-code",
    "rovo-dev",
    "sema4",
    "trae",
    "visual-studio",
    "vscode",
    "warp",
    "windsurf",
    "witsy",
    "zed",
    "zoo-code",
)
"""Ids of all agents. The module of `claude-code` is `agents.claude_code`; `continue` is a keyword of Python, so
its module is `agents.continue_`."""

SURFACES: dict[str, str] = {
    "chromium-extensions": "Chromium extensions",
    "firefox-extensions": "Firefox extensions",
    "jetbrains-plugins": "JetBrains plugins",
    "mcp-bundles": "MCP bundles",
    "native-messaging": "Native messaging hosts",
    "shared-instructions": "Shared by several agents",
    "vscode-extensions": "Editor extensions",
}
"""Ids and names of what belongs to no single agent; modules of `agents.surfaces`."""


def load_agent(agent_id: str) -> Agent:
    """The agent of that id. Raises KeyError for an id that is not in the table."""
    if agent_id not in AGENTS:
        raise KeyError(agent_id)
    name = "continue_" if agent_id == "continue" else agent_id.replace("-", "_")
    agent: Agent = import_module(f"spawngate.agents.{name}").AGENT
    return agent


def load_surface(surface_id: str) -> Agent:
    """The surface of that id, described like an agent. Raises KeyError for an id that is not in the table."""
    if surface_id not in SURFACES:
        raise KeyError(surface_id)
    surface: Agent = import_module(f"spawngate.agents.surfaces.{surface_id.replace('-', '_')}").SURFACE
    return surface

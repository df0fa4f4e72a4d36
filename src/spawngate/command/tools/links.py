"""Addresses and files that a desktop hands to a program: `open`, `xdg-open` and their like.

Belongs here: links and bundles by which an agent is given a server, an extension or a skill.
Must not be here: what other modules of `command.tools` read; each program stands in one of them only.
Sources: deep links of Cursor (docs.cursor.com/tools/developers), VS Code (`vscode:mcp/install`, code.visualstudio.com
on MCP), Goose (`goose://extension`), LM Studio (`lmstudio://add_mcp`), Kiro, Raycast and Cherry Studio; bundles by
github.com/modelcontextprotocol/mcpb (`.mcpb`, formerly `.dxt`).
"""

import re

from spawngate.command.scene import Scene
from spawngate.command.tools.reader import Reader, readers

_LINK = re.compile(
    r"(?i)(?:cursor|vscode|vscode-insiders|code-oss|vscodium|windsurf|codeium|kiro|trae|antigravity|zed|goose|claude"
    r"|lmstudio|warp|raycast|jan|cherrystudio|5ire|cline|roo|void|qoder|codebuddy|chatbox|witsy|opencode|codex|gemini"
    r"|aionui|msty|boltai|chatwise|deepchat|hyperchat|tome|amp|factory|augment|continue):"
    r"[^\s]{0,400}?(?:mcp|install|extension|skill|plugin|recipe|hook)"
)
_BUNDLE = re.compile(r"(?i)[^\s]+\.(?:mcpb|dxt)(?:[?#]\S*)?")


def adds_to_agent(word: str) -> bool:
    """Whether opening the address or file gives an agent a server or an extension."""
    return _LINK.match(word) is not None or _BUNDLE.fullmatch(word) is not None


def opened(scene: Scene) -> None:
    """Programs that open what they are given with whatever is meant for it."""
    found = scene.arguments(("-a", "-b", "-t"))
    names = [word for word in found.rest if "://" not in word]
    scene.read(*names)
    if any(map(adds_to_agent, found.rest)):
        scene.act("agent-server-add")


READERS: dict[str, Reader] = readers(("open xdg-open wslview explorer sensible-browser", opened))

"""What the inventory knows about MCP servers, as far as a decision about a call needs it.

Belongs here: the view's types and the finding of a server by the name that an agent's tool call gives.
Must not be here: how tier and capabilities are established (`launch`), and where the inventory is kept (`endpoint`).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ServerView:
    """One MCP server, as a call to one of its tools sees it."""

    name: str
    tier: str = "unknown"
    """official, community, unknown."""
    capabilities: tuple[str, ...] = ()
    """filesystem, shell, network, credentials."""
    approved: bool = False
    """A person approved its launch as it is now."""
    transport: str = "unknown"
    """stdio, http, sse, ws, builtin, unknown."""
    fingerprint: str = ""
    launch: str = ""
    """Which launch it is (`configuration.identity`), to tell one that is configured already from a new one."""
    words: tuple[str, ...] = ()
    """Command, arguments, address and package of its launch, redacted."""
    hints: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """By tool: what its annotations say. destructive, read-only, open-world, idempotent."""


@dataclass(frozen=True, slots=True)
class InventoryView:
    """The servers of one endpoint that one agent may call, by name."""

    servers: Mapping[str, ServerView] = field(default_factory=dict)
    complete: bool = False
    """An inventory was taken. Without one, a server that is not listed is not known to be missing."""

    def server(self, name: str) -> ServerView | None:
        """The server of that name: as written, or as agents spell it in the names of tools (other characters as `_`).

        None where two servers are spelled alike, unless one bears the very name.
        """
        if not name:
            return None
        if name in self.servers:
            return self.servers[name]
        wanted = tool_spelling(name)
        found = [server for key, server in self.servers.items() if tool_spelling(key) == wanted]
        return found[0] if len(found) == 1 else None


def tool_spelling(name: str) -> str:
    """A server's name as it stands in names of tools: lower case, all but letters, digits and dashes as `_`."""
    return re.sub(r"[^a-z0-9_-]", "_", name.lower())

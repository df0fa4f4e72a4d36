"""MCP bundles that lie about as archives: downloaded or in a project, not yet (or no longer) installed.

Opening one in a host installs its server, so it is recorded before that. What a host has installed belongs to the
host's own module (`claude_desktop`). Format: `agents.readers.bundles`.
"""

from spawngate.agents.agent import Agent, Location
from spawngate.agents.formats import Format
from spawngate.agents.readers.bundles import Bundle
from spawngate.model.artifact import Scope

_FOLDERS = (
    ("~/Downloads", Scope.USER),
    ("~/Desktop", Scope.USER),
    ("~/Documents", Scope.USER),
    ("{project}", Scope.PROJECT),
)

SURFACE = Agent(
    id="mcp-bundles",
    name="MCP bundles",
    vendor="",
    locations=tuple(
        Location(f"{folder}/*.{ending}", scope, Bundle(), Format.ZIP, members=("manifest.json",))
        for folder, scope in _FOLDERS
        for ending in ("mcpb", "dxt")
    ),
    notes={"signatures": "whether an archive is signed is not looked at"},
)

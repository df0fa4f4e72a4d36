"""Sema4.ai Studio.

Source: docker/mcp-gateway pkg/client/config.yml (file and key); entries carry `transport: stdio`. No vendor page
states the file, and nothing is known about approvals. Other folders of the Sema4.ai tools are not looked into.
"""

from spawngate.agents.agent import Agent, Detect, Location
from spawngate.agents.readers.servers import Servers
from spawngate.model.artifact import Scope

AGENT = Agent(
    id="sema4",
    name="Sema4.ai Studio",
    vendor="Sema4.ai",
    detect=Detect(
        paths=("~/.sema4ai/sema4ai-studio", "%LOCALAPPDATA%/sema4ai/sema4ai-studio"),
        apps=("/Applications/Sema4.ai Studio.app",),
    ),
    locations=(
        Location("~/.sema4ai/sema4ai-studio/mcp_servers.json", Scope.USER, Servers(), on=("linux", "macos")),
        Location("%LOCALAPPDATA%/sema4ai/sema4ai-studio/mcp_servers.json", Scope.USER, Servers(), on=("windows",)),
    ),
    notes={"approvals": "not known"},
)

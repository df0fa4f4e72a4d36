"""BoltAI (macOS).

No vendor page states the file; several third-party installers write `~/.boltai/mcp.json`, one with the key `servers`
instead of `mcpServers`. Both keys are read. Everything else about the application is unknown.
"""

from collections.abc import Iterable

from spawngate.agents.agent import Agent, Detect, Location
from spawngate.agents.document import Document, Sighting
from spawngate.agents.readers.servers import servers
from spawngate.model.artifact import Scope


def read_servers(document: Document) -> Iterable[Sighting]:
    """Servers under either key."""
    content = document.map()
    for key in ("mcpServers", "servers"):
        yield from servers(document, content.get(key), key)


AGENT = Agent(
    id="boltai",
    name="BoltAI",
    vendor="BoltAI",
    detect=Detect(
        paths=("~/.boltai",),
        apps=("/Applications/BoltAI.app", "/Applications/BoltAI 2.app", "/Applications/Setapp/BoltAI.app"),
    ),
    locations=(Location("~/.boltai/mcp.json", Scope.USER, read_servers, on=("macos",)),),
    process_names=("BoltAI",),
    notes={"sources": "the file is known from third-party installers only"},
)

"""GitHub Copilot for Xcode.

Sources, read 2026-11: github/CopilotForXcode (the folder `github-copilot/xcode` below the configuration folder, in its
ConfigPathUtils), and guides of MCP servers that name the file `~/.config/github-copilot/xcode/mcp.json` with the
container `servers`. That headers stand below `requestInit` is from prior knowledge; plain `headers` are read as well.
Tool approvals are in the app's own store, which is not read.
"""

from collections.abc import Iterable, Mapping

from spawngate.agents.agent import Agent, Detect, Location
from spawngate.agents.document import Document, Sighting
from spawngate.agents.readers import as_map
from spawngate.agents.readers.named_settings import lookup
from spawngate.agents.readers.servers import Fields, servers
from spawngate.model.artifact import Scope
from spawngate.model.json import Json

FIELDS = Fields(auto_approve=(), trust=(), sandbox=())


def read_servers(document: Document) -> Iterable[Sighting]:
    """`mcp.json`: servers whose headers may stand below `requestInit`."""
    found: dict[str, Json] = {}
    for name, item in as_map(document, document.map().get("servers"), "servers").items():
        headers = lookup(item, "requestInit.headers")
        plain = isinstance(item, Mapping) and item.get("headers") is None and headers is not None
        found[name] = {**item, "headers": headers} if plain and isinstance(item, Mapping) else item
    yield from servers(document, found, "servers", FIELDS)


AGENT = Agent(
    id="copilot-xcode",
    name="GitHub Copilot for Xcode",
    vendor="GitHub",
    detect=Detect(
        paths=("~/Library/Application Support/GitHub Copilot for Xcode", "~/.config/github-copilot/xcode"),
        apps=("/Applications/GitHub Copilot for Xcode.app",),
        sessions=("~/.config/github-copilot/xcode/*/conversations/*.db",),
    ),
    process_names=("GitHub Copilot for Xcode", "GitHub Copilot for Xcode Extension", "copilot-language-server"),
    locations=(Location("~/.config/github-copilot/xcode/mcp.json", Scope.USER, read_servers, on=("macos",)),),
    notes={
        "approvals": "which tools run without asking is in the app's own store, which is not read",
        "headers": "the form of headers is from prior knowledge",
        "projects": "conversations are kept by a hash of the project's path, so no project can be named",
    },
)

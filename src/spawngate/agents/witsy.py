"""Witsy.

Sources, read 2026-11: nbonamy/witsy src/main/mcp.ts. Servers are in settings.json of Electron's userData folder, twice:
`mcpServers` is the usual map (written by installers), `mcp.servers` the list made in the application, where a local
server keeps its arguments as one text in `url`. `mcp.mcpServersExtra` holds state and label of the map's entries,
`mcp.disabledMcpServers` is its older form. Only servers whose state is `enabled` (the default in the map) are started.
"""

from collections.abc import Iterable, Mapping

from spawngate.agents.agent import Agent, Detect, Location
from spawngate.agents.document import Document, Sighting
from spawngate.agents.readers import as_list, as_map, as_texts
from spawngate.agents.readers.servers import Fields, server
from spawngate.model.artifact import Scope, Status
from spawngate.model.json import Json

FIELDS = Fields(enabled=(), disabled=(), env_file=(), auto_approve=(), trust=(), sandbox=())


def read_settings(document: Document) -> Iterable[Sighting]:
    """`settings.json`: both kinds of servers, with their states."""
    settings = document.map()
    mcp = as_map(document, settings.get("mcp"), "mcp")
    extra = as_map(document, mcp.get("mcpServersExtra"), "mcp.mcpServersExtra")
    disabled = as_texts(document, mcp.get("disabledMcpServers"), "mcp.disabledMcpServers")
    for name, item in as_map(document, settings.get("mcpServers"), "mcpServers").items():
        more = as_map(document, extra.get(name), f"mcp.mcpServersExtra.{name}")
        off = name in disabled or more.get("state", "enabled") != "enabled"
        yield server(document, name, item, f"mcpServers.{name}", FIELDS, status=Status.DISABLED if off else None)
    for index, item in enumerate(as_list(document, mcp.get("servers"), "mcp.servers")):
        entry = as_map(document, item, f"mcp.servers[{index}]")
        if not entry:
            continue
        name = next((text for key in ("label", "uuid") if isinstance(text := entry.get(key), str) and text), "")
        name = name or f"#{index + 1}"
        off = entry.get("state") != "enabled"
        yield server(
            document,
            name,
            _plain(entry),
            f"mcp.servers[{name}]",
            FIELDS,
            status=Status.DISABLED if off else None,
        )


def _plain(entry: Mapping[str, Json]) -> Mapping[str, Json]:
    """The usual form of an entry of the list: for a local server `url` is its arguments, split at spaces."""
    if entry.get("type") != "stdio":
        return {**entry, "command": None}
    arguments = entry.get("url")
    words = arguments.split(" ") if isinstance(arguments, str) and arguments else []
    return {**entry, "url": None, "args": words}


AGENT = Agent(
    id="witsy",
    name="Witsy",
    vendor="Witsy",
    detect=Detect(
        paths=("{appdata}/Witsy",),
        apps=("/Applications/Witsy.app", "%LOCALAPPDATA%/witsy/Witsy.exe"),
    ),
    locations=(Location("{appdata}/Witsy/settings.json", Scope.USER, read_settings, keep=(("mcp",), ("mcpServers",))),),
    process_names=("Witsy",),
    notes={"tools": "the application's own tools (files, code, browser) and its agents are not recorded"},
)

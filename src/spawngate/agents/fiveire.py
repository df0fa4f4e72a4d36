"""5ire.

Source, read 2026-11: nanbingxyz/5ire src/main/mcp.ts. One file, `mcp.json` in Electron's userData folder. A server runs
only with a truthy `isActive`; `servers[]` (name in `key`) is the older form, taken over by the app when `mcpServers` is
missing. A remote server is tried as SSE first where its address ends in `sse`. `proxy` becomes HTTP_PROXY, HTTPS_PROXY
and ALL_PROXY of a local server.
"""

from collections.abc import Iterable, Mapping

from spawngate.agents.agent import Agent, Detect, Location
from spawngate.agents.document import Document, Sighting
from spawngate.agents.readers import as_list, as_text
from spawngate.agents.readers.servers import Fields, server
from spawngate.model.artifact import Scope
from spawngate.model.json import Json

FIELDS = Fields(enabled=("isActive",), disabled=(), env_file=(), auto_approve=(), trust=(), sandbox=())


def read_servers(document: Document) -> Iterable[Sighting]:
    """`mcp.json`, in the present form or the older one."""
    content = document.map()
    current = content.get("mcpServers")
    if isinstance(current, Mapping):
        for name, item in current.items():
            pointer = f"mcpServers.{name}"
            yield server(document, name, _plain(document, item, pointer), pointer, FIELDS)
        return
    if current is not None:
        document.note("wrong-type", "mcpServers is not a map")
    for index, item in enumerate(as_list(document, content.get("servers"), "servers")):
        key = item.get("key") if isinstance(item, Mapping) else None
        name = key if isinstance(key, str) and key else f"#{index + 1}"
        pointer = f"servers[{name}]"
        yield server(document, name, _plain(document, item, pointer), pointer, FIELDS)


def _plain(document: Document, item: Json, pointer: str) -> Json:
    """The definition with what 5ire derives from it."""
    if not isinstance(item, Mapping):
        return item
    plain = {**item, "isActive": bool(item.get("isActive"))}
    url = item.get("url")
    if isinstance(url, str) and url:
        plain["type"] = "sse" if url.endswith("sse") else "http"
        return plain
    proxy = as_text(document, item.get("proxy"), f"{pointer}.proxy")
    env = item.get("env")
    if proxy and (env is None or isinstance(env, Mapping)):
        plain["env"] = {**(env or {}), **dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"), proxy)}
    return plain


AGENT = Agent(
    id="fiveire",
    name="5ire",
    vendor="5ire",
    detect=Detect(
        paths=("{appdata}/5ire",),
        apps=("/Applications/5ire.app", "%LOCALAPPDATA%/Programs/5ire/5ire.exe"),
    ),
    locations=(Location("{appdata}/5ire/mcp.json", Scope.USER, read_servers),),
    process_names=("5ire",),
    notes={"approvals": "whether tools run unasked is kept in the app's own store and was not looked into"},
)

"""External agents that an editor starts and speaks the Agent Client Protocol with: `agent_servers`.

Format sources: https://zed.dev/docs/ai/external-agents (Zed's settings.json); JetBrains writes the same map into
~/.jetbrains/acp.json (https://www.jetbrains.com/help/ai-assistant/acp.html).
Must not be here: the agents' own files; each of them has its module.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from spawngate.agents.document import Document, Sighting
from spawngate.agents.readers import as_map, as_text, observe
from spawngate.agents.readers.permissions import setting
from spawngate.agents.readers.servers import server
from spawngate.model.artifact import Kind, Status, Transport
from spawngate.model.json import Json
from spawngate.model.observed import Observed, ObservedLaunch, Topic


def agent_servers(document: Document, container: Json, pointer: str) -> Iterable[Sighting]:
    """Every agent of the map: a child process with its launch, or one that the editor itself installs."""
    for name, item in as_map(document, container, pointer).items():
        where = f"{pointer}.{name}"
        entry = as_map(document, item, where)
        word = as_text(document, entry.get("type"), f"{where}.type")
        if entry.get("command") is not None:
            launch = server(document, name, {**entry, "type": "stdio"}, where)
            yield replace(launch, kind=Kind.AGENT, detail={"type": word or "custom"})
        elif isinstance(item, Mapping):
            yield _installed(document, name, entry, where, word or "builtin")
        elif item is None:
            document.note("wrong-type", f"{where} is null where an agent was meant")
        for key in ("default_mode", "use_idea_mcp", "use_custom_mcp"):
            if isinstance(entry.get(key), str | bool):
                yield setting(document, Topic.SWITCH, f"{where}.{key}", entry[key], f"{where}.{key}")


def _installed(document: Document, name: str, entry: Mapping[str, Json], where: str, word: str) -> Observed:
    """An agent without a command: the editor knows or downloads the program. Its variables are still set here."""
    env = {
        key: as_text(document, value, f"{where}.env.{key}") or ""
        for key, value in as_map(document, entry.get("env"), f"{where}.env").items()
    }
    return observe(
        document,
        Kind.AGENT,
        name,
        where,
        status=Status.CONFIGURED,
        launch=ObservedLaunch(transport=Transport.STDIO, env=env),
        detail={"type": word},
    )

"""AnythingLLM (Mintplex Labs): desktop, and the folder its container image is given by the vendor's instructions.

Sources, read 2026-11: Mintplex-Labs/anything-llm server/utils/MCP/hypervisor/index.js (servers and their
`anythingllm.autoStart`), https://docs.anythingllm.com/mcp-compatibility/overview. Custom agent skills
(`agent-skills/<id>/plugin.json`) and agent flows (`agent-flows/<id>.json`) lie beside the servers; their fields
(`active`, `hubId`, `entrypoint`, `config.steps`) and `anythingllm.suppressedTools` are from memory. Skills are
JavaScript that the application loads and runs: they are listed, never run. Which skills are switched on for the agent
is in its database.
"""

from collections.abc import Iterable, Mapping

from spawngate.agents.agent import Agent, Detect, Location
from spawngate.agents.document import Document, Sighting
from spawngate.agents.readers import as_list, as_map, as_text, as_texts, descend, observe, pure_path
from spawngate.agents.readers.plugins import describe
from spawngate.agents.readers.servers import Fields, server
from spawngate.agents.readers.texts import content_digest, list_files
from spawngate.model.artifact import Kind, Scope, Status
from spawngate.model.json import Json
from spawngate.model.observed import Observed

FIELDS = Fields(
    type=("type",),
    url={"url": None},
    enabled=(),
    disabled=(),
    env_file=(),
    auto_approve=(),
    trust=(),
    sandbox=(),
    include_tools=(),
    exclude_tools=("suppressedTools",),
)


def read_servers(document: Document) -> Iterable[Sighting]:
    """`anythingllm_mcp_servers.json`: the usual map, with the application's own fields under `anythingllm`."""
    found = as_map(document, descend(document, ("mcpServers",)), "mcpServers")
    for name, item in found.items():
        pointer = f"mcpServers.{name}"
        status = None
        plain = item
        if isinstance(item, Mapping):
            own = as_map(document, item.get("anythingllm"), f"{pointer}.anythingllm")
            plain = {**item, "suppressedTools": own.get("suppressedTools")}
            status = Status.DISABLED if own.get("autoStart") is False else None
        yield server(document, name, plain, pointer, FIELDS, status=status)


def read_skill(document: Document) -> Iterable[Sighting]:
    """`plugin.json` of a custom agent skill: code the application runs for its agent."""
    manifest = document.map()
    entry = as_map(document, manifest.get("entrypoint"), "entrypoint")
    detail: dict[str, Json] = {"type": "agent-skill", **describe(document, manifest)}
    detail["file"] = as_text(document, entry.get("file"), "entrypoint.file") or "handler.js"
    hub = as_text(document, manifest.get("hubId"), "hubId")
    if hub:
        detail["hub_id"] = hub
    if document.siblings:
        detail["files"] = list_files(document)
    yield _skill(document, manifest, pure_path(document.path).parent.name, detail)


def read_flow(document: Document) -> Iterable[Sighting]:
    """One agent flow: steps that call addresses, read pages or use a model, without code of its own."""
    flow = document.map()
    steps = as_list(document, descend(document, ("config", "steps")), "config.steps")
    kinds = [step.get("type") if isinstance(step, Mapping) else None for step in steps]
    detail: dict[str, Json] = {"type": "agent-flow", "steps": list(as_texts(document, kinds, "config.steps"))}
    yield _skill(document, flow, pure_path(document.path).stem, {**detail, **describe(document, flow)})


def _skill(document: Document, manifest: Mapping[str, Json], fallback: str, detail: Mapping[str, Json]) -> Observed:
    name = manifest.get("name")
    status = Status.DISABLED if manifest.get("active") is False else Status.ENABLED
    return observe(
        document,
        Kind.SKILL,
        name if isinstance(name, str) and name else fallback,
        status=status if manifest else Status.UNREADABLE,
        detail=detail,
        content=content_digest(document),
    )


_STORAGES = ("{appdata}/anythingllm-desktop/storage", "~/anythingllm")

AGENT = Agent(
    id="anythingllm",
    name="AnythingLLM",
    vendor="Mintplex Labs",
    detect=Detect(
        paths=("{appdata}/anythingllm-desktop", "~/anythingllm/plugins/anythingllm_mcp_servers.json"),
        apps=("/Applications/AnythingLLM.app", "%LOCALAPPDATA%/Programs/anythingllm-desktop/AnythingLLM.exe"),
    ),
    locations=tuple(
        location
        for storage in _STORAGES
        for location in (
            Location(f"{storage}/plugins/anythingllm_mcp_servers.json", Scope.USER, read_servers),
            Location(f"{storage}/plugins/agent-skills/*/plugin.json", Scope.USER, read_skill, siblings=True),
            Location(f"{storage}/plugins/agent-flows/*.json", Scope.USER, read_flow),
        )
    ),
    process_names=("AnythingLLM",),
    notes={
        "containers": "a container's storage is found only at ~/anythingllm, where the vendor's instructions put it",
        "database": "which skills the agent may use, and its system prompts, are in a database that is not read",
    },
)

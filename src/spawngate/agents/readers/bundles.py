"""MCP bundles: archives `.mcpb` (formerly `.dxt`) with a manifest and the server inside.

Format source: modelcontextprotocol/mcpb MANIFEST.md (manifest versions 0.1 to 0.4). The server's command is
`server.mcp_config`, changed by its `platform_overrides` for the platform the bundle would run on. Variables such as
`${__dirname}` and `${user_config.key}` are kept as written: the host fills them in when the bundle is installed.
Must not be here: bundles that a host has unpacked and their settings (the host's own module).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from spawngate.agents.document import Document, Platform, Sighting
from spawngate.agents.formats import Format
from spawngate.agents.formats.jsontext import parse_json
from spawngate.agents.readers import as_list, as_map, as_text, observe, pure_path
from spawngate.agents.readers.plugins import describe
from spawngate.agents.readers.servers import Fields, server
from spawngate.model.artifact import Kind, Scope, Status
from spawngate.model.json import Json
from spawngate.model.observed import Observed

_PLATFORMS: Mapping[Platform, str] = {"linux": "linux", "macos": "darwin", "windows": "win32"}
_FIELDS = Fields(auto_approve=(), trust=(), sandbox=(), include_tools=(), exclude_tools=(), env_file=())


@dataclass(frozen=True, slots=True)
class Bundle:
    """Reads an archive's `manifest.json`: the bundle as an extension, and its server."""

    status: Status = Status.PENDING
    """State of both. An archive does nothing until a person opens it in a host."""

    def __call__(self, document: Document) -> Iterable[Sighting]:
        data = document.members.get("manifest.json")
        manifest = _manifest(document, data)
        stated = manifest.get("name")
        name = stated if isinstance(stated, str) and stated else pure_path(document.path).stem
        yield observe(
            document,
            Kind.EXTENSION,
            name,
            status=self.status if manifest else Status.UNREADABLE,
            detail=bundle_detail(document, manifest),
            content=document.digest,
        )
        if manifest:
            yield bundle_server(document, name, manifest, self.status)


def bundle_detail(document: Document, manifest: Mapping[str, Json]) -> dict[str, Json]:
    """What a manifest says of the bundle itself."""
    detail: dict[str, Json] = {"type": "mcp-bundle", **describe(document, manifest)}
    for key, plain in (("display_name", "display_name"), ("manifest_version", "manifest_version")):
        text = as_text(document, manifest.get(key), key)
        if text:
            detail[plain] = text
    definition = as_map(document, manifest.get("server"), "server")
    for key, plain in (("type", "server_type"), ("entry_point", "entry_point")):
        text = as_text(document, definition.get(key), f"server.{key}")
        if text:
            detail[plain] = text
    tools = _tools(document, manifest)
    if tools:
        detail["tools"] = tools
    if isinstance(manifest.get("tools_generated"), bool):
        detail["tools_generated"] = manifest["tools_generated"]
    asked: list[Json] = []
    for key, raw in as_map(document, manifest.get("user_config"), "user_config").items():
        item = as_map(document, raw, f"user_config.{key}")
        kind = as_text(document, item.get("type"), f"user_config.{key}.type") or "string"
        asked.append({"name": key, "type": kind, "sensitive": item.get("sensitive") is True})
    if asked:
        detail["user_config"] = asked
    return detail


def bundle_server(document: Document, name: str, manifest: Mapping[str, Json], status: Status | None) -> Observed:
    """The bundle's server as it would be started on the document's platform."""
    definition = as_map(document, manifest.get("server"), "server")
    config = dict(as_map(document, definition.get("mcp_config"), "server.mcp_config"))
    overrides = as_map(document, config.pop("platform_overrides", None), "server.mcp_config.platform_overrides")
    platform = _PLATFORMS[document.platform]
    pointer = f"server.mcp_config.platform_overrides.{platform}"
    for key, value in as_map(document, overrides.get(platform), pointer).items():
        base = config.get(key)
        if key == "env" and isinstance(base, Mapping) and isinstance(value, Mapping):
            config[key] = {**base, **value}
        elif value is not None:
            config[key] = value
    if not config:
        document.note("unknown-shape", "server.mcp_config says nothing about how the server is started")
    found = server(document, name, config, "server.mcp_config", _FIELDS, scope=Scope.EXTENSION, status=status)
    # What is wrong with the list was said when the bundle itself was described.
    tools = _tools(replace(document, notes=[]), manifest)
    return replace(found, detail={**found.detail, "tools": tools}) if tools else found


def _tools(document: Document, manifest: Mapping[str, Json]) -> list[Json]:
    """Names of the tools that the manifest declares: the server's tool list as the host keeps it on disk."""
    tools: list[Json] = []
    for index, raw in enumerate(as_list(document, manifest.get("tools"), "tools")):
        tool = as_map(document, raw, f"tools[{index}]").get("name")
        if isinstance(tool, str):
            tools.append(tool)
    return tools


def _manifest(document: Document, data: bytes | None) -> Mapping[str, Json]:
    if data is None:
        document.note("unknown-shape", "the archive holds no manifest.json at its root")
        return {}
    text = document.map().get("manifest.json")
    value, problems = parse_json(text if isinstance(text, str) else "", Format.JSON)
    for problem in problems:
        document.note(problem.reason, f"manifest.json: {problem.message}")
    return as_map(document, value, "manifest.json")

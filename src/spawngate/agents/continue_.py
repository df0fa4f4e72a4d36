"""Continue: the IDE extensions and the `cn` CLI (archived read-only after 2.0.0).

Sources, read 2026-11: continuedev/continue:packages/config-yaml/src/schemas/mcp/index.ts,
core/context/mcp/json/loadJsonMcpConfigs.ts (a JSON file in `mcpServers/` is Claude's file, a map, or one server),
core/config/types.ts (config.json), core/config/markdown/, core/config/ConfigHandler.ts (assistants, agents,
configs), extensions/cli/src/hooks/hookConfig.ts, extensions/cli/src/permissions/permissionsYamlLoader.ts.
The CLI reads hooks in Claude Code's form, its own and Claude's, and the released code never raises the tool events:
a guard that is installed there does not guard.
"""

from collections.abc import Iterable, Mapping
from urllib.parse import unquote, urlsplit

from spawngate.agents.agent import Agent, Detect, Location, Moved
from spawngate.agents.document import Document, Sighting
from spawngate.agents.formats import Format
from spawngate.agents.readers import as_list, as_map, as_text, many, observe, pure_path
from spawngate.agents.readers.hooks import Hooks
from spawngate.agents.readers.permissions import rule_lists, setting
from spawngate.agents.readers.reshape import lay_flat, reshape
from spawngate.agents.readers.scripts import STARTUP
from spawngate.agents.readers.servers import Fields, server, servers
from spawngate.agents.readers.texts import COMMAND, RULES, SKILL, SUBAGENT
from spawngate.model.artifact import Kind, Scope, Status, Transport
from spawngate.model.json import Json
from spawngate.model.observed import Observed, ObservedLaunch, Topic

FIELDS = Fields(auto_approve=(), trust=(), sandbox=(), timeout=("connectionTimeout", "timeout"))

_BLOCKS = ("agents", "assistants", "configs")
_LAY_FLAT = lay_flat("transport")


def read_config(document: Document) -> Iterable[Sighting]:
    """`config.yaml`, an assistant, or a block of `mcpServers/*.yaml`: servers, inline rules and prompts."""
    config = document.map()
    yield from _servers(document, config.get("mcpServers"), "mcpServers")
    yield from _inline(document, config.get("rules"), "rules", Kind.INSTRUCTION, "rules", "rule")
    yield from _inline(document, config.get("prompts"), "prompts", Kind.SKILL, "command", "prompt")


def read_legacy_config(document: Document) -> Iterable[Sighting]:
    """`config.json` and `.continuerc.json`: servers without names, their launch under `transport`."""
    config = document.map()
    experimental = as_map(document, config.get("experimental"), "experimental")
    key = "modelContextProtocolServers"
    container = reshape(experimental.get(key), _LAY_FLAT)
    yield from servers(document, container, f"experimental.{key}", FIELDS)
    yield from _servers(document, config.get("mcpServers"), "mcpServers")
    text = config.get("systemMessage")
    if isinstance(text, str) and text:
        yield _text(document, Kind.INSTRUCTION, "systemMessage", "systemMessage", "rules", text)


def read_json_servers(document: Document) -> Iterable[Sighting]:
    """A JSON file of `mcpServers/`: copied from Claude (with `projects`), a map of servers, or one server."""
    whole = document.map()
    if "mcpServers" not in whole and "projects" not in whole:
        if whole:
            yield server(document, pure_path(document.path).stem, _LAY_FLAT(whole), "", FIELDS)
        return
    yield from _servers(document, whole.get("mcpServers"), "mcpServers")
    for project, entry in as_map(document, whole.get("projects"), "projects").items():
        pointer = f"projects.{project}"
        nested = as_map(document, entry, pointer).get("mcpServers")
        yield from _servers(document, nested, f"{pointer}.mcpServers")


def read_permissions(document: Document) -> Iterable[Sighting]:
    """`permissions.yaml` of the CLI."""
    yield from rule_lists(document, document.map(), "", ("allow", "ask", "exclude"))


def read_switches(document: Document) -> Iterable[Sighting]:
    """`settings.json` beside the hooks."""
    value = document.map().get("disableAllHooks")
    if isinstance(value, bool):
        yield setting(document, Topic.SWITCH, "disableAllHooks", value, "disableAllHooks")


def read_sessions(document: Document) -> Iterable[Sighting]:
    """`sessions.json`: past sessions with the folder they belong to, as a path or a `file:` address."""
    seen: dict[str, str] = {}
    for index, item in enumerate(as_list(document, document.value(), "the list of sessions")):
        folder = item.get("workspaceDirectory") if isinstance(item, Mapping) else None
        if isinstance(folder, str) and folder:
            path = unquote(urlsplit(folder).path) if folder.startswith("file://") else folder
            seen.setdefault(path, f"[{index}].workspaceDirectory")
    for path, where in seen.items():
        yield setting(document, Topic.PROJECT, path, True, where)


def _servers(document: Document, container: Json, pointer: str) -> Iterable[Sighting]:
    if isinstance(container, Mapping):
        laid: Json = {name: _laid(item) for name, item in container.items()}
        yield from servers(document, laid, pointer, FIELDS)
        return
    for index, item in enumerate(as_list(document, container, pointer)):
        where = f"{pointer}[{index}]"
        uses = item.get("uses") if isinstance(item, Mapping) else None
        if isinstance(uses, str):
            yield _hub_block(document, uses, where)
            continue
        stated = item.get("name") if isinstance(item, Mapping) else None
        name = stated if isinstance(stated, str) and stated else f"#{index + 1}"
        yield server(document, name, _laid(item), where, FIELDS)


def _laid(item: Json) -> Json:
    """Headers lie under `requestOptions`, and `apiKey` stands for the header it becomes."""
    if not isinstance(item, Mapping):
        return item
    laid = dict(item)
    options = item.get("requestOptions")
    stated = options.get("headers") if isinstance(options, Mapping) else None
    headers: dict[str, Json] = dict(stated) if isinstance(stated, Mapping) else {}
    if isinstance(item.get("apiKey"), str):
        headers.setdefault("Authorization", f"Bearer {item['apiKey']}")
    if headers:
        laid["headers"] = headers
    return laid


def _hub_block(document: Document, uses: str, pointer: str) -> Observed:
    """A server that Continue's hub or another file defines: `owner/name` or a `file:` address."""
    return observe(
        document,
        Kind.MCP_SERVER,
        uses,
        pointer,
        status=Status.UNKNOWN,
        launch=ObservedLaunch(transport=Transport.UNKNOWN),
        detail={"source": uses},
    )


def _inline(document: Document, container: Json, pointer: str, kind: Kind, sort: str, body: str) -> Iterable[Sighting]:
    for index, item in enumerate(as_list(document, container, pointer)):
        where = f"{pointer}[{index}]"
        if isinstance(item, str):
            yield _text(document, kind, f"#{index + 1}", where, sort, item)
        elif isinstance(item, Mapping):
            name = item.get("name", item.get("uses"))
            text = as_text(document, item.get(body), f"{where}.{body}") or ""
            yield _text(document, kind, name if isinstance(name, str) else f"#{index + 1}", where, sort, text)
        else:
            document.note("wrong-type", f"{where} is neither text nor a map")


def _text(document: Document, kind: Kind, name: str, pointer: str, sort: str, text: str) -> Observed:
    return observe(document, kind, name, pointer, detail={"type": sort, "bytes": len(text.encode("utf-8", "replace"))})


_SETTINGS = many(read_switches, Hooks())


def _parts(folder: str, scope: Scope) -> tuple[Location, ...]:
    return (
        *(
            Location(f"{folder}/{name}/*.{ending}", scope, read_config, Format.YAML)
            for name in ("mcpServers", *_BLOCKS)
            for ending in ("yaml", "yml")
        ),
        Location(f"{folder}/mcpServers/*.json", scope, read_json_servers, Format.JSONC),
        *(Location(f"{folder}/{name}/*.md", scope, SUBAGENT, Format.FRONTMATTER) for name in ("agents", "assistants")),
        Location(f"{folder}/rules/**/*.md", scope, RULES, Format.FRONTMATTER),
        *(
            Location(f"{folder}/prompts/**/*.{ending}", scope, COMMAND, Format.FRONTMATTER)
            for ending in ("md", "prompt")
        ),
        Location(f"{folder}/skills/*/SKILL.md", scope, SKILL, Format.FRONTMATTER, siblings=True),
    )


AGENT = Agent(
    id="continue",
    name="Continue",
    vendor="Continue",
    detect=Detect(
        binaries=("cn",),
        paths=("~/.continue",),
        extension_ids=("continue.continue",),
        packages=("@continuedev/cli",),
        sessions=("~/.continue/sessions/*.json",),
    ),
    moved=(Moved("CONTINUE_GLOBAL_DIR", "~/.continue"),),
    precedence=(Scope.LOCAL, Scope.PROJECT, Scope.USER),
    project_approval="none",
    locations=(
        Location("~/.continue/config.yaml", Scope.USER, read_config, Format.YAML),
        Location("~/.continue/config.json", Scope.USER, read_legacy_config, Format.JSONC),
        Location("~/.continue/config.ts", Scope.USER, STARTUP, Format.NONE),
        Location("{project}/.continuerc.json", Scope.PROJECT, read_legacy_config, Format.JSONC),
        Location("~/.continue/permissions.yaml", Scope.USER, read_permissions, Format.YAML),
        Location("~/.continue/settings.json", Scope.USER, _SETTINGS),
        Location("{project}/.continue/settings.json", Scope.PROJECT, _SETTINGS),
        Location("{project}/.continue/settings.local.json", Scope.LOCAL, _SETTINGS),
        Location("~/.claude/settings.json", Scope.USER, Hooks(), shared=True),
        Location("{project}/.claude/settings.json", Scope.PROJECT, Hooks(), shared=True),
        Location("{project}/.claude/settings.local.json", Scope.LOCAL, Hooks(), shared=True),
        Location("~/.continue/sessions/sessions.json", Scope.USER, read_sessions),
        *_parts("~/.continue", Scope.USER),
        *_parts("{project}/.continue", Scope.PROJECT),
    ),
    notes={
        "hooks": "parsed by the CLI, never raised for tools: they protect nothing",
        "hub": "blocks given with `uses` are defined on Continue's hub and are not on disk",
        "permissions": "one wrong key makes the CLI ignore the whole of permissions.yaml; here its good part is read",
    },
)

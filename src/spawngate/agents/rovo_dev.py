"""Rovo Dev CLI (Atlassian).

Sources: https://support.atlassian.com/rovo/docs/manage-rovo-dev-cli-settings, .../use-tools-in-rovo-dev-cli,
.../connect-to-an-mcp-server-in-rovo-dev-cli (read 2026-11 as excerpts); dyoshikawa/rulesync
src/features/{mcp,permissions,subagents}/rovodev-*.ts (shapes, the project's `.rovodev/mcp.json` and config.yml).
From memory: `toolPermissions.allowAll`, `allowedMcpServers` holding commands or addresses instead of names, the form
of `eventHooks`, `prompts.yml`, `.agent.md` and the sessions' metadata.json. `eventHooks` notify; they gate no tool.
Whether a server of the user's file needs a first approval depends on `allowedMcpServers`, whose entries cannot be
matched to names safely, so such servers are shown as enabled.
"""

from collections.abc import Iterable, Mapping

from spawngate.agents.agent import Agent, Detect, Location
from spawngate.agents.document import Document, Sighting
from spawngate.agents.formats import Format
from spawngate.agents.readers import as_list, as_map, as_text, as_texts, descend, observe
from spawngate.agents.readers.hooks import hook
from spawngate.agents.readers.permissions import setting
from spawngate.agents.readers.servers import Fields, Servers
from spawngate.agents.readers.texts import COMMAND, MEMORY, RULES, SKILL, SUBAGENT
from spawngate.model.artifact import Kind, Scope, Status
from spawngate.model.json import Json
from spawngate.model.observed import Topic

FIELDS = Fields(env_file=(), auto_approve=(), trust=(), sandbox=())


def read_config(document: Document) -> Iterable[Sighting]:
    """`config.yml`: permissions, lists of servers and hooks."""
    config = document.map()
    yield from _permissions(document, as_map(document, config.get("toolPermissions"), "toolPermissions"))
    mcp = as_map(document, config.get("mcp"), "mcp")
    for name in as_texts(document, mcp.get("disabledMcpServers"), "mcp.disabledMcpServers"):
        yield setting(document, Topic.SERVER_STATUS, name, Status.DISABLED, "mcp.disabledMcpServers")
    for entry in as_texts(document, mcp.get("allowedMcpServers"), "mcp.allowedMcpServers"):
        yield setting(document, Topic.PERMISSION, f"MCP({entry})", "allow", "mcp.allowedMcpServers")
    elsewhere = as_text(document, mcp.get("mcpConfigPath"), "mcp.mcpConfigPath")
    if elsewhere:
        yield setting(document, Topic.SWITCH, "mcp.mcpConfigPath", elsewhere, "mcp.mcpConfigPath")
    events = as_list(document, descend(document, ("eventHooks", "events")), "eventHooks.events")
    for index, raw in enumerate(events):
        pointer = f"eventHooks.events[{index}]"
        entry_map = as_map(document, raw, pointer)
        event = as_text(document, entry_map.get("name"), f"{pointer}.name") or "unknown"
        for inner, command in enumerate(as_list(document, entry_map.get("commands"), f"{pointer}.commands")):
            place = f"{pointer}.commands[{inner}]"
            fields: Mapping[str, Json] = (
                {"command": command} if isinstance(command, str) else as_map(document, command, place)
            )
            if fields:
                yield hook(document, event, None, fields, place)


def _permissions(document: Document, table: Mapping[str, Json]) -> Iterable[Sighting]:
    pointer = "toolPermissions"
    if table.get("allowAll") is True:
        yield setting(document, Topic.AUTO_APPROVE, "all tools", True, f"{pointer}.allowAll")
    general = table.get("default")
    if isinstance(general, str):
        yield setting(document, Topic.PERMISSION, "*", general, f"{pointer}.default")
    for tool, level in as_map(document, table.get("tools"), f"{pointer}.tools").items():
        text = as_text(document, level, f"{pointer}.tools.{tool}")
        if text:
            yield setting(document, Topic.PERMISSION, tool, text, f"{pointer}.tools.{tool}")
    shell = as_map(document, table.get("bash"), f"{pointer}.bash")
    level = as_text(document, shell.get("default"), f"{pointer}.bash.default")
    if level:
        yield setting(document, Topic.PERMISSION, "bash(*)", level, f"{pointer}.bash.default")
    for index, raw in enumerate(as_list(document, shell.get("commands"), f"{pointer}.bash.commands")):
        place = f"{pointer}.bash.commands[{index}]"
        entry = as_map(document, raw, place)
        command = as_text(document, entry.get("command"), f"{place}.command")
        verdict = as_text(document, entry.get("permission"), f"{place}.permission")
        if command and verdict:
            yield setting(document, Topic.PERMISSION, f"bash({command})", verdict, place)
    for folder in as_texts(document, table.get("allowedExternalPaths"), f"{pointer}.allowedExternalPaths"):
        yield setting(document, Topic.PERMISSION, f"Directory({folder})", "allow", f"{pointer}.allowedExternalPaths")
    for entry_text in as_texts(document, table.get("allowedMcpServers"), f"{pointer}.allowedMcpServers"):
        yield setting(document, Topic.PERMISSION, f"MCP({entry_text})", "allow", f"{pointer}.allowedMcpServers")


def read_prompts(document: Document) -> Iterable[Sighting]:
    """`prompts.yml`: saved prompts, each naming the file that holds its text."""
    for index, raw in enumerate(as_list(document, document.map().get("prompts"), "prompts")):
        pointer = f"prompts[{index}]"
        prompt = as_map(document, raw, pointer)
        name = as_text(document, prompt.get("name"), f"{pointer}.name")
        if not name:
            continue
        detail: dict[str, Json] = {"type": "command"}
        for key, plain in (("description", "description"), ("content_file", "file")):
            text = as_text(document, prompt.get(key), f"{pointer}.{key}")
            if text:
                detail[plain] = text
        yield observe(document, Kind.SKILL, name, pointer, detail=detail)


def read_session(document: Document) -> Iterable[Sighting]:
    """`metadata.json` of a session: the project it ran in."""
    workspace = document.map().get("workspace_path")
    if isinstance(workspace, str) and workspace:
        yield setting(document, Topic.PROJECT, workspace, True, "workspace_path")


def _tree(root: str, scope: Scope) -> Iterable[Location]:
    yield Location(f"{root}/mcp.json", scope, Servers(fields=FIELDS))
    for name in ("config.yml", "config.yaml"):
        yield Location(f"{root}/{name}", scope, read_config, Format.YAML)
    yield Location(f"{root}/skills/*/SKILL.md", scope, SKILL, Format.FRONTMATTER, siblings=True)
    yield Location(f"{root}/subagents/*.md", scope, SUBAGENT, Format.FRONTMATTER)
    yield Location(f"{root}/prompts.yml", scope, read_prompts, Format.YAML)
    yield Location(f"{root}/prompts/*.md", scope, COMMAND, Format.FRONTMATTER)


AGENT = Agent(
    id="rovo-dev",
    name="Rovo Dev CLI",
    vendor="Atlassian",
    detect=Detect(
        binaries=("rovodev",),
        paths=("~/.rovodev",),
        sessions=("~/.rovodev/sessions/*/session_context.json", "~/.rovodev/sessions/*/metadata.json"),
    ),
    locations=(
        *_tree("~/.rovodev", Scope.USER),
        *_tree("{project}/.rovodev", Scope.PROJECT),
        Location("~/.rovodev/sessions/*/metadata.json", Scope.USER, read_session, keep=(("workspace_path",),)),
        Location("~/.rovodev/AGENTS.md", Scope.USER, RULES, Format.TEXT),
        Location("~/.rovodev/.agent.md", Scope.USER, MEMORY, Format.TEXT),
        Location("{project}/.agent.md", Scope.PROJECT, MEMORY, Format.TEXT),
        Location("{project}/.agent.local.md", Scope.LOCAL, MEMORY, Format.TEXT),
        Location("{project}/.rovodev/.review-agent.md", Scope.PROJECT, RULES, Format.TEXT),
    ),
    process_names=("atlassian_cli_rovodev",),
    notes={
        "binary": "`acli` is Atlassian's general program and does not count as a sign",
        "hooks": "eventHooks notify and cannot refuse a tool call",
        "approval": "allowedMcpServers is reported as permissions; it is not matched to servers",
    },
)

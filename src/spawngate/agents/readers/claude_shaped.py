"""Settings, state and hook files in the shape that Claude Code made and its forks kept.

Format source: https://code.claude.com/docs/en/settings and /hooks; the forks that share it name their own pages
(CodeBuddy Code, Qoder CLI, Factory Droid, Abacus AI).
Must not be here: what one agent adds (its module).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from spawngate.agents.document import Document, Sighting
from spawngate.agents.formats.jsonlarge import Path
from spawngate.agents.readers import as_list, as_map, as_texts
from spawngate.agents.readers.hooks import hook_table
from spawngate.agents.readers.named_settings import Environment, PluginFlags, Switches, lookup
from spawngate.agents.readers.permissions import claude_permissions, setting
from spawngate.agents.readers.servers import FIELDS, Fields, servers
from spawngate.model.artifact import Scope, Status
from spawngate.model.json import Json
from spawngate.model.observed import Topic

SWITCHES: tuple[str, ...] = (
    "disableAllHooks",
    "allowManagedHooksOnly",
    "allowManagedMcpServersOnly",
    "allowManagedPermissionRulesOnly",
    "strictKnownMarketplaces",
    "extraKnownMarketplaces",
    "enableAllProjectMcpServers",
    "apiKeyHelper",
    "statusLine.command",
    "otelHeadersHelper",
)
"""Settings that switch protection off, or name a command that the agent runs by itself."""

STATE_KEEP: tuple[Path, ...] = (
    ("mcpServers",),
    *(
        ("projects", "*", key)
        for key in (
            "mcpServers",
            "enabledMcpjsonServers",
            "disabledMcpjsonServers",
            "disabledMcpServers",
            "enableAllProjectMcpServers",
            "hasTrustDialogAccepted",
            "allowedTools",
        )
    ),
)
"""What `ClaudeState` reads of a file that otherwise holds history."""


@dataclass(frozen=True, slots=True)
class ClaudeSettings:
    """Reads permissions, approvals of project servers, plugins, variables and switches. Hooks and servers are
    read by `Hooks` and `Servers` beside it, where the agent keeps them in the same file."""

    switches: tuple[str, ...] = ()
    """The agent's own, beside `SWITCHES`."""
    blanket_modes: tuple[str, ...] = ()
    """The agent's own names of permission modes that ask for less than the default."""

    def __call__(self, document: Document) -> Iterable[Sighting]:
        settings = document.map()
        yield from claude_permissions(document)
        mode = lookup(settings, "permissions.defaultMode")
        if isinstance(mode, str) and mode in self.blanket_modes:
            yield setting(document, Topic.AUTO_APPROVE, mode, True, "permissions.defaultMode")
        yield from approvals(document, settings, "")
        yield from PluginFlags()(document)
        yield from Switches((*SWITCHES, *self.switches))(document)
        yield from Environment()(document)
        yield from server_lists(document, settings)


@dataclass(frozen=True, slots=True)
class ClaudeState:
    """Reads `~/.claude.json`, or what a fork calls it: the user's servers; by project its servers, approvals, trust."""

    fields: Fields = FIELDS

    def __call__(self, document: Document) -> Iterable[Sighting]:
        state = document.map()
        yield from servers(document, state.get("mcpServers"), "mcpServers", self.fields)
        for project, raw in as_map(document, state.get("projects"), "projects").items():
            pointer = f"projects.{project}"
            entry = as_map(document, raw, pointer)
            yield setting(document, Topic.PROJECT, project, True, pointer)
            if isinstance(entry.get("hasTrustDialogAccepted"), bool):
                accepted = entry["hasTrustDialogAccepted"]
                yield setting(document, Topic.TRUST, project, accepted, pointer, project=project)
            yield from servers(
                document,
                entry.get("mcpServers"),
                f"{pointer}.mcpServers",
                self.fields,
                scope=Scope.LOCAL,
                project=project,
            )
            yield from approvals(document, entry, pointer, project=project)
            for name in as_texts(document, entry.get("disabledMcpServers"), f"{pointer}.disabledMcpServers"):
                yield setting(document, Topic.SERVER_STATUS, name, Status.DISABLED, pointer, project=project)
            for rule in as_texts(document, entry.get("allowedTools"), f"{pointer}.allowedTools"):
                yield setting(document, Topic.PERMISSION, rule, "allow", pointer, project=project)


def server_lists(document: Document, settings: Mapping[str, Json]) -> Iterable[Sighting]:
    """Which servers may run and which may not: entries `{serverName}`, `{serverCommand}` or `{serverUrl}`."""
    for key, word in (("allowedMcpServers", "allow"), ("deniedMcpServers", "deny")):
        for entry in as_list(document, settings.get(key), key):
            yield setting(document, Topic.SERVER_POLICY, word, entry, key)


def approvals(
    document: Document, container: Mapping[str, Json], pointer: str, *, project: str | None = None
) -> Iterable[Sighting]:
    """Which servers of a project's `.mcp.json` a person let in or refused."""
    prefix = f"{pointer}." if pointer else ""
    for key, status in (("enabledMcpjsonServers", Status.APPROVED), ("disabledMcpjsonServers", Status.DISABLED)):
        for name in as_texts(document, container.get(key), f"{prefix}{key}"):
            yield setting(document, Topic.SERVER_STATUS, name, status, f"{prefix}{key}", project=project)
    if container.get("enableAllProjectMcpServers") is True:
        where = f"{prefix}enableAllProjectMcpServers"
        yield setting(document, Topic.AUTO_APPROVE, "project MCP servers", True, where, project=project)
        yield setting(document, Topic.SERVER_STATUS, "*", Status.APPROVED, where, project=project)


@dataclass(frozen=True, slots=True)
class HookDocument:
    """Reads a file of hooks: the table of events under `hooks`, or the table as the whole document."""

    timeout_unit: str = "s"
    ignore: tuple[str, ...] = ("$schema", "version", "description")
    """Keys beside the events where the document is the table."""

    def __call__(self, document: Document) -> Iterable[Sighting]:
        table = document.map()
        if "hooks" in table:
            yield from hook_table(document, table["hooks"], "hooks", timeout_unit=self.timeout_unit)
            return
        for found in hook_table(document, table, "", timeout_unit=self.timeout_unit, ignore=self.ignore):
            yield replace(found, pointer=found.pointer.lstrip("."))

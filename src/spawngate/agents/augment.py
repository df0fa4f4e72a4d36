"""Augment Code: Auggie CLI and the Augment extension.

Sources, read 2026-11: https://docs.augmentcode.com/cli/permissions, /cli/hooks, /cli/integrations, /cli/config,
/cli/reference; dyoshikawa/rulesync:src/constants/augmentcode-paths.ts and src/features/mcp/augmentcode-mcp.ts. One
settings.json holds servers, hooks (timeout in ms) and `toolPermissions`, of which the first match counts; the
machine-wide one cannot be overridden and is therefore `managed`. Not read at the vendor: the Windows path of that
file, the extension's own file of servers (`augment-global-state/mcpServers.json`, a list), the folder of plugins, the
key of the start-up script.
"""

from collections.abc import Iterable, Mapping

from spawngate.agents.agent import UNIX, Agent, Detect, Location
from spawngate.agents.document import Document, Sighting
from spawngate.agents.formats import Format
from spawngate.agents.hooks.dialects.augment import HOOK
from spawngate.agents.readers import as_map, as_text, many, records
from spawngate.agents.readers.hooks import Hooks
from spawngate.agents.readers.named_settings import PluginFlags, Switches, lookup
from spawngate.agents.readers.permissions import setting
from spawngate.agents.readers.reshape import reshape, split_command
from spawngate.agents.readers.servers import Fields, Servers, servers
from spawngate.agents.readers.texts import COMMAND, RULES, SKILL, SUBAGENT
from spawngate.model.artifact import Scope
from spawngate.model.observed import Topic

FIELDS = Fields(args=("args", "arguments"), env_file=(), auto_approve=(), trust=(), sandbox=())

_VERDICTS: Mapping[str, str] = {"allow": "allow", "deny": "deny", "ask-user": "ask"}
_SWITCHES = Switches(("startupScript",))


def read_permissions(document: Document) -> Iterable[Sighting]:
    """`toolPermissions`: rules in the order in which they count. A policy asks a script or an address instead."""
    for pointer, rule in records(document, document.map().get("toolPermissions"), "toolPermissions"):
        tool = as_text(document, rule.get("toolName"), f"{pointer}.toolName")
        permission = as_map(document, rule.get("permission"), f"{pointer}.permission")
        kind = permission.get("type")
        if not tool or not isinstance(kind, str):
            document.note("unknown-shape", f"{pointer} has no tool or no permission")
            continue
        pattern = as_text(document, rule.get("shellInputRegex"), f"{pointer}.shellInputRegex")
        name = f"{tool}({pattern})" if pattern else tool
        if kind in _VERDICTS:
            yield setting(document, Topic.PERMISSION, name, _VERDICTS[kind], pointer)
            if kind == "allow" and name == "*":
                yield setting(document, Topic.AUTO_APPROVE, "*", True, pointer)
            continue
        for key in ("script", "webhookUrl"):
            target = as_text(document, permission.get(key), f"{pointer}.permission.{key}")
            if target:
                yield setting(document, Topic.SWITCH, f"toolPermissions.{name}.{key}", target, pointer)


def read_extension_servers(document: Document) -> Iterable[Sighting]:
    """The extension's list of servers; a command is a whole command line unless arguments stand beside it."""
    value = document.value()
    container = value.get("mcpServers", value.get("servers")) if isinstance(value, Mapping) else value
    yield from servers(document, reshape(container, split_command), "mcpServers", FIELDS)


def read_editor_settings(document: Document) -> Iterable[Sighting]:
    """`augment.advanced.mcpServers` of the editor's settings: a list, in older versions of the extension."""
    container = lookup(lookup(document.map(), "augment.advanced"), "mcpServers")
    yield from servers(document, reshape(container, split_command), "augment.advanced.mcpServers", FIELDS)


_SETTINGS = many(Servers(fields=FIELDS), read_permissions, Hooks(timeout_unit="ms"), PluginFlags(), _SWITCHES)

AGENT = Agent(
    id="augment",
    name="Augment Code",
    vendor="Augment",
    detect=Detect(
        binaries=("auggie",),
        paths=("~/.augment",),
        extension_ids=("augment.vscode-augment",),
        packages=("@augmentcode/auggie",),
        sessions=("~/.augment/sessions/*.json",),
    ),
    locations=(
        Location("/etc/augment/settings.json", Scope.MANAGED, _SETTINGS, Format.JSONC, on=UNIX),
        Location("%PROGRAMDATA%/Augment/settings.json", Scope.MANAGED, _SETTINGS, Format.JSONC, on=("windows",)),
        Location("~/.augment/settings.json", Scope.USER, _SETTINGS, Format.JSONC),
        Location("{project}/.augment/settings.json", Scope.PROJECT, _SETTINGS, Format.JSONC),
        Location("{project}/.augment/settings.local.json", Scope.LOCAL, _SETTINGS, Format.JSONC),
        Location(
            "{vscode_user}/globalStorage/augment.vscode-augment/augment-global-state/mcpServers.json",
            Scope.USER,
            read_extension_servers,
        ),
        Location("{vscode_user}/settings.json", Scope.USER, read_editor_settings, Format.JSONC, shared=True),
        Location("~/.augment/skills/*/SKILL.md", Scope.USER, SKILL, Format.FRONTMATTER, siblings=True),
        Location("{project}/.augment/skills/*/SKILL.md", Scope.PROJECT, SKILL, Format.FRONTMATTER, siblings=True),
        Location("~/.augment/commands/**/*.md", Scope.USER, COMMAND, Format.FRONTMATTER),
        Location("{project}/.augment/commands/**/*.md", Scope.PROJECT, COMMAND, Format.FRONTMATTER),
        Location("~/.augment/agents/*.md", Scope.USER, SUBAGENT, Format.FRONTMATTER),
        Location("{project}/.augment/agents/*.md", Scope.PROJECT, SUBAGENT, Format.FRONTMATTER),
        Location("~/.augment/rules/**/*.md", Scope.USER, RULES, Format.FRONTMATTER),
        Location("{project}/.augment/rules/**/*.md", Scope.PROJECT, RULES, Format.FRONTMATTER),
        Location("{project}/.augment/guidelines.md", Scope.PROJECT, RULES, Format.TEXT),
        Location("{project}/.augment-guidelines", Scope.PROJECT, RULES, Format.TEXT),
    ),
    hook=HOOK,
    notes={
        "permissions": "toolPermissions binds the command line and cloud agents, not the extension",
        "integrations": "native integrations (GitHub, Linear, ...) belong to the account and are not on disk",
        "plugins": "the folder of installed plugins is not documented; only their switches are read",
    },
)

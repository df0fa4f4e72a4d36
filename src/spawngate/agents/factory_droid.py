"""Factory Droid (Factory).

Sources, read 2026-11: https://docs.factory.ai/enterprise/hierarchical-settings-and-org-control, /harness/hooks,
Factory-AI/factory:docs/cli/configuration/{settings,mcp,plugins}.mdx,
dyoshikawa/rulesync:src/features/permissions/factorydroid-permissions.ts. Every `.factory` folder holds the same files;
a machine-wide settings.json belongs to the administrator. `commandDenylist` makes Droid ask, `commandBlocklist`
forbids. Not read at the vendor: where installed plugins lie (Claude Code's layout is assumed), the shape of
`permissionRules` and `mcpPolicy`, the Windows path of the machine-wide file.
"""

from collections.abc import Iterable

from spawngate.agents.agent import Agent, Detect, Location, Moved
from spawngate.agents.document import Document, Platform, Sighting
from spawngate.agents.formats import Format
from spawngate.agents.hooks.dialects.factory_droid import HOOK
from spawngate.agents.readers import as_map, as_texts, many
from spawngate.agents.readers.claude_shaped import HookDocument
from spawngate.agents.readers.hooks import Hooks
from spawngate.agents.readers.named_settings import PluginFlags, Switches, lookup
from spawngate.agents.readers.permissions import setting
from spawngate.agents.readers.plugins import MARKETPLACE, PLUGIN
from spawngate.agents.readers.servers import Fields, Servers
from spawngate.agents.readers.texts import COMMAND, RULES, SKILL, SUBAGENT
from spawngate.model.artifact import Scope
from spawngate.model.observed import Topic

FIELDS = Fields(env_file=(), auto_approve=(), trust=(), sandbox=())

_COMMANDS = (("commandAllowlist", "allow"), ("commandDenylist", "ask"), ("commandBlocklist", "deny"))
_AUTONOMY = (
    "autonomyMode",
    "autonomyLevel",
    "sessionDefaultSettings.autonomyMode",
    "sessionDefaultSettings.autonomyLevel",
    "subagentAutonomyLevel",
)
_AUTOMATIC = ("auto-low", "auto-medium", "auto-high", "low", "medium", "high")
_SWITCHES = Switches(
    (
        "hooksDisabled",
        "allowManagedHooksOnly",
        "enableDroidShield",
        "maxAutonomyLevel",
        "interactionMode",
        "cloudSessionSync",
        "permissionRules",
        "mcpPolicy",
        "networkPolicy",
        "sandbox",
        "disabledSkills",
        "extraKnownMarketplaces",
        "strictKnownMarketplaces",
    )
)


def read_settings(document: Document) -> Iterable[Sighting]:
    """Commands that run, ask or are forbidden, how much Droid does alone, plugins and switches."""
    settings = document.map()
    for key, verdict in _COMMANDS:
        for command in as_texts(document, settings.get(key), key):
            yield setting(document, Topic.PERMISSION, f"Execute({command})", verdict, key)
    for key in _AUTONOMY:
        level = lookup(settings, key)
        if isinstance(level, str):
            yield setting(document, Topic.SWITCH, key, level, key)
            if level in _AUTOMATIC:
                yield setting(document, Topic.AUTO_APPROVE, key, level, key)
    for tool, level in as_map(document, settings.get("mcpAutonomyOverrides"), "mcpAutonomyOverrides").items():
        yield setting(document, Topic.AUTO_APPROVE, tool, level, f"mcpAutonomyOverrides.{tool}")
    yield from PluginFlags()(document)
    yield from _SWITCHES(document)


_SETTINGS = many(read_settings, Hooks())
_HOOKS = HookDocument()
_PLUGINS = "~/.factory/plugins/cache/**"
_MANAGED: tuple[tuple[str, tuple[Platform, ...]], ...] = (
    ("/etc/factory", ("linux",)),
    ("/Library/Application Support/Factory", ("macos",)),
    ("%PROGRAMDATA%/Factory", ("windows",)),
)

AGENT = Agent(
    id="factory-droid",
    name="Factory Droid",
    vendor="Factory",
    detect=Detect(
        binaries=("droid",),
        paths=("~/.factory",),
        sessions=("~/.factory/sessions/**/*.jsonl",),
    ),
    moved=(Moved("FACTORY_HOME_OVERRIDE", "~/.factory", "{value}/.factory"),),
    precedence=(Scope.MANAGED, Scope.USER, Scope.PROJECT, Scope.LOCAL, Scope.SYSTEM, Scope.PLUGIN, Scope.EXTENSION),
    locations=(
        Location("~/.factory/mcp.json", Scope.USER, Servers(fields=FIELDS)),
        Location("{project}/.factory/mcp.json", Scope.PROJECT, Servers(fields=FIELDS)),
        *(
            location
            for folder, on in _MANAGED
            for location in (
                Location(f"{folder}/settings.json", Scope.MANAGED, _SETTINGS, on=on),
                Location(f"{folder}/mcp.json", Scope.MANAGED, Servers(fields=FIELDS), on=on),
            )
        ),
        Location("~/.factory/settings.json", Scope.USER, _SETTINGS),
        Location("~/.factory/settings.local.json", Scope.USER, _SETTINGS),
        Location("{project}/.factory/settings.json", Scope.PROJECT, _SETTINGS),
        Location("{project}/.factory/settings.local.json", Scope.LOCAL, _SETTINGS),
        Location("~/.factory/hooks.json", Scope.USER, _HOOKS),
        Location("{project}/.factory/hooks.json", Scope.PROJECT, _HOOKS),
        Location("~/.factory/hooks/hooks.json", Scope.USER, _HOOKS),
        Location("{project}/.factory/hooks/hooks.json", Scope.PROJECT, _HOOKS),
        Location(f"{_PLUGINS}/.factory-plugin/plugin.json", Scope.PLUGIN, PLUGIN),
        Location(f"{_PLUGINS}/.claude-plugin/plugin.json", Scope.PLUGIN, PLUGIN),
        Location(f"{_PLUGINS}/mcp.json", Scope.PLUGIN, Servers(fields=FIELDS)),
        Location(f"{_PLUGINS}/hooks/hooks.json", Scope.PLUGIN, _HOOKS),
        Location(f"{_PLUGINS}/skills/*/SKILL.md", Scope.PLUGIN, SKILL, Format.FRONTMATTER, siblings=True),
        Location(f"{_PLUGINS}/commands/*.md", Scope.PLUGIN, COMMAND, Format.FRONTMATTER),
        Location(f"{_PLUGINS}/droids/*.md", Scope.PLUGIN, SUBAGENT, Format.FRONTMATTER),
        Location("~/.factory/plugins/marketplaces/*/.factory-plugin/marketplace.json", Scope.PLUGIN, MARKETPLACE),
        Location("~/.factory/skills/*/SKILL.md", Scope.USER, SKILL, Format.FRONTMATTER, siblings=True),
        Location("{project}/.factory/skills/*/SKILL.md", Scope.PROJECT, SKILL, Format.FRONTMATTER, siblings=True),
        Location("~/.factory/commands/**/*.md", Scope.USER, COMMAND, Format.FRONTMATTER),
        Location("{project}/.factory/commands/**/*.md", Scope.PROJECT, COMMAND, Format.FRONTMATTER),
        # A command may be a script with a `#!` line; it is never run here.
        Location("~/.factory/commands/*.sh", Scope.USER, COMMAND, Format.TEXT),
        Location("{project}/.factory/commands/*.sh", Scope.PROJECT, COMMAND, Format.TEXT),
        Location("~/.factory/droids/*.md", Scope.USER, SUBAGENT, Format.FRONTMATTER),
        Location("{project}/.factory/droids/*.md", Scope.PROJECT, SUBAGENT, Format.FRONTMATTER),
        Location("~/.factory/AGENTS.md", Scope.USER, RULES, Format.TEXT),
        Location("{project}/.factory/AGENTS.md", Scope.PROJECT, RULES, Format.TEXT),
    ),
    hook=HOOK,
    notes={
        "organisation": "settings and servers of the organisation come from Factory's service and are not on disk",
        "plugins": "the folder of installed plugins was not read at the vendor",
        "precedence": "a user's server hiding a project's of the same name is third-party knowledge",
        "projects": "sessions lie under an encoded path, which cannot be turned back into a folder",
    },
)

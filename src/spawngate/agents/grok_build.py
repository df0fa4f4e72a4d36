"""Grok Build (xAI).

Sources, read 2026-11: https://docs.x.ai/build/settings, /build/settings/reference, /build/features/mcp-servers,
/build/features/hooks, /build/features/skills-plugins-marketplaces, /build/enterprise; the start of xai-org/grok-build's
config reference; dyoshikawa/rulesync:src/constants/grokcli-paths.ts, src/features/permissions/grokcli-permissions.ts;
stbenjam/skillsaw:docs/rules/grok-plugin-structure.md. Layers from weak to strong: managed_config.toml (defaults for a
fleet), config.toml, requirements.toml (cannot be changed). Claude Code's and Cursor's servers and hooks are loaded
unless `[compat.*]` says no. Project files count in a trusted folder. Not read at the vendor: the shape of
trusted_folders.toml (every shape that names absolute paths is taken) and of the plugins section.
"""

from collections.abc import Iterable, Mapping

from spawngate.agents.agent import UNIX, Agent, Detect, Location, Moved
from spawngate.agents.document import Document, Sighting
from spawngate.agents.formats import Format
from spawngate.agents.hooks.dialects.grok_build import HOOK
from spawngate.agents.readers import as_flag, as_map, as_text, many, pure_path, records
from spawngate.agents.readers.hooks import Hooks
from spawngate.agents.readers.named_settings import PluginFlags, Switches, lookup
from spawngate.agents.readers.permissions import rule_lists, setting
from spawngate.agents.readers.plugins import PLUGIN, Plugin
from spawngate.agents.readers.servers import Fields, Servers
from spawngate.agents.readers.texts import COMMAND, RULES, SKILL, SUBAGENT
from spawngate.model.artifact import Scope
from spawngate.model.json import Json
from spawngate.model.observed import Topic

FIELDS = Fields(env_file=(), auto_approve=(), trust=(), sandbox=(), timeout=("tool_timeout_sec", "startup_timeout_sec"))

_SWITCHES = Switches(
    (
        "allow_managed_hooks_only",
        "compat.claude",
        "compat.cursor",
        "sandbox",
        "hooks-paths",
        "hooks_paths",
        "plugins.paths",
        "marketplace.sources",
    )
)


def read_permissions(document: Document) -> Iterable[Sighting]:
    """`[permission]` lists and rules, and the mode of the terminal."""
    permission = as_map(document, document.map().get("permission"), "permission")
    yield from rule_lists(document, permission, "permission", ("allow", "ask", "deny"))
    for pointer, rule in records(document, permission.get("rules"), "permission.rules"):
        tool = as_text(document, rule.get("tool"), f"{pointer}.tool") or "any"
        action = as_text(document, rule.get("action"), f"{pointer}.action")
        pattern = as_text(document, rule.get("pattern"), f"{pointer}.pattern")
        if action not in ("allow", "ask", "deny"):
            document.note("unknown-shape", f"{pointer} has no known action")
            continue
        yield setting(document, Topic.PERMISSION, f"{tool}({pattern})" if pattern else tool, action, pointer)
    mode = lookup(document.map(), "ui.permission_mode")
    if isinstance(mode, str):
        yield setting(document, Topic.SWITCH, "ui.permission_mode", mode, "ui.permission_mode")
        if mode in ("always-approve", "auto"):
            yield setting(document, Topic.AUTO_APPROVE, mode, True, "ui.permission_mode")


def read_trusted_folders(document: Document) -> Iterable[Sighting]:
    """`trusted_folders.toml`: absolute paths, as keys with an answer, in lists, or under `path` of a table."""
    yield from _folders(document, document.map(), "", True)


def _folders(document: Document, value: Json, pointer: str, trusted: bool) -> Iterable[Sighting]:
    if isinstance(value, str):
        if pure_path(value).is_absolute():
            yield setting(document, Topic.TRUST, value, trusted, pointer)
            if trusted:
                yield setting(document, Topic.PROJECT, value, True, pointer)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _folders(document, item, f"{pointer}[{index}]", trusted)
    elif isinstance(value, Mapping):
        if isinstance(value.get("path"), str):
            yield from _folders(document, value["path"], f"{pointer}.path", _answer(value, trusted))
            return
        for key, item in value.items():
            where = f"{pointer}.{key}" if pointer else key
            if pure_path(key).is_absolute():
                yield from _folders(document, key, where, _answer(item, trusted))
            elif isinstance(item, list | Mapping):
                yield from _folders(document, item, where, trusted and "untrusted" not in key.lower())


def _answer(item: Json, default: bool) -> bool:
    """What an entry says of its folder; standing in the file without an answer means trusted."""
    if isinstance(item, Mapping):
        item = next((item[key] for key in ("trusted", "trust", "trust_level") if key in item), None)
    flag = as_flag(item)
    if flag is not None:
        return flag
    return default and not (isinstance(item, str) and item.lower() in ("untrusted", "denied", "no"))


_CONFIG = many(Servers(("mcp_servers",), FIELDS), read_permissions, Hooks(), PluginFlags("plugins.enabled"), _SWITCHES)
_OFF = PluginFlags("plugins.disabled", listed=False)
_USER = many(_CONFIG, _OFF)

AGENT = Agent(
    id="grok-build",
    name="Grok Build",
    vendor="xAI",
    detect=Detect(
        paths=("~/.grok/config.toml", "~/.grok/bundled", "~/.grok/bin/grok"),
        packages=("@xai-official/grok",),
        sessions=("~/.grok/sessions/*",),
    ),
    moved=(Moved("GROK_HOME", "~/.grok"),),
    project_approval="trust",
    locations=(
        Location("~/.grok/config.toml", Scope.USER, _USER, Format.TOML),
        Location("{project}/.grok/config.toml", Scope.PROJECT, _USER, Format.TOML),
        Location("/etc/grok/managed_config.toml", Scope.SYSTEM, _USER, Format.TOML, on=UNIX),
        Location("~/.grok/managed_config.toml", Scope.SYSTEM, _USER, Format.TOML),
        Location("/etc/grok/requirements.toml", Scope.MANAGED, _USER, Format.TOML, on=UNIX),
        Location("~/.grok/requirements.toml", Scope.MANAGED, _USER, Format.TOML),
        Location("~/.grok/trusted_folders.toml", Scope.USER, read_trusted_folders, Format.TOML),
        Location("~/.claude.json", Scope.USER, Servers(fields=FIELDS), keep=(("mcpServers",),), shared=True),
        Location("{project}/.mcp.json", Scope.PROJECT, Servers(fields=FIELDS), shared=True),
        Location("{project}/.cursor/mcp.json", Scope.PROJECT, Servers(fields=FIELDS), shared=True),
        Location("~/.grok/hooks/*.json", Scope.USER, Hooks()),
        Location("{project}/.grok/hooks/*.json", Scope.PROJECT, Hooks()),
        Location("~/.claude/settings.json", Scope.USER, Hooks(), shared=True),
        Location("{project}/.claude/settings.json", Scope.PROJECT, Hooks(), shared=True),
        Location("{project}/.claude/settings.local.json", Scope.LOCAL, Hooks(), shared=True),
        Location("~/.cursor/hooks.json", Scope.USER, Hooks(), shared=True),
        *(
            location
            for folder in ("~/.grok/plugins/*", "{project}/.grok/plugins/*")
            for location in (
                Location(f"{folder}/plugin.json", Scope.PLUGIN, Plugin(levels=0, fields=FIELDS)),
                Location(f"{folder}/.grok-plugin/plugin.json", Scope.PLUGIN, PLUGIN),
                Location(f"{folder}/.claude-plugin/plugin.json", Scope.PLUGIN, PLUGIN),
                Location(f"{folder}/.mcp.json", Scope.PLUGIN, Servers(fields=FIELDS)),
                Location(f"{folder}/hooks/hooks.json", Scope.PLUGIN, Hooks()),
                Location(f"{folder}/skills/*/SKILL.md", Scope.PLUGIN, SKILL, Format.FRONTMATTER, siblings=True),
                Location(f"{folder}/agents/*.md", Scope.PLUGIN, SUBAGENT, Format.FRONTMATTER),
                Location(f"{folder}/commands/*.md", Scope.PLUGIN, COMMAND, Format.FRONTMATTER),
            )
        ),
        Location("~/.grok/skills/*/SKILL.md", Scope.USER, SKILL, Format.FRONTMATTER, siblings=True),
        Location("{project}/.grok/skills/*/SKILL.md", Scope.PROJECT, SKILL, Format.FRONTMATTER, siblings=True),
        Location("~/.grok/commands/*.md", Scope.USER, COMMAND, Format.FRONTMATTER),
        Location("{project}/.grok/commands/*.md", Scope.PROJECT, COMMAND, Format.FRONTMATTER),
        Location("~/.grok/agents/*.md", Scope.USER, SUBAGENT, Format.FRONTMATTER),
        Location("{project}/.grok/agents/*.md", Scope.PROJECT, SUBAGENT, Format.FRONTMATTER),
        Location("~/.grok/rules/*.md", Scope.USER, RULES, Format.TEXT),
        Location("{project}/.grok/rules/*.md", Scope.PROJECT, RULES, Format.TEXT),
        Location("~/.grok/AGENTS.md", Scope.USER, RULES, Format.TEXT),
    ),
    process_names=("grok",),
    hook=HOOK,
    notes={
        "name": "a community grok-cli uses the same program name and home; the binary alone proves nothing",
        "compat": "with [compat] switched off the servers and hooks of Claude Code and Cursor are still listed",
        "requirements": "macOS device management can also hold requirements; that is not a file",
    },
)

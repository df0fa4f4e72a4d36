"""Hermes Agent (Nous Research).

Sources, read 2026-11: NousResearch/hermes-agent:website/docs/reference/mcp-config-reference.md, agent/shell_hooks.py,
cli-config.yaml.example (in part), .hermes/profiles; dyoshikawa/rulesync:src/constants/hermesagent-paths.ts,
src/features/hooks/hermesagent-hooks.ts and src/features/permissions/hermesagent-permissions.ts. One config.yaml holds
servers, hooks and permissions; each profile has its own below `profiles/`. A hook of the configuration runs only after
a first consent, kept in shell-hooks-allowlist.json, unless `hooks_auto_accept` is set. `hooks.outbound` lists addresses
that are told of events. Not read at the vendor: quick_commands, gateway hooks (HOOK.yaml), the memory files.
"""

from collections.abc import Iterable, Mapping

from spawngate.agents.agent import UNIX, Agent, Detect, Location, Moved
from spawngate.agents.document import Document, Platform, Sighting
from spawngate.agents.formats import Format
from spawngate.agents.hooks.dialects.hermes import HOOK
from spawngate.agents.readers import as_map, as_text, as_texts, many, records
from spawngate.agents.readers.hook_lists import HookFolder
from spawngate.agents.readers.hooks import Hooks, hook
from spawngate.agents.readers.named_settings import PluginFlags, Switches, lookup
from spawngate.agents.readers.permissions import setting
from spawngate.agents.readers.plugins import Plugin
from spawngate.agents.readers.reshape import lift_filter, reshape
from spawngate.agents.readers.servers import Fields, servers
from spawngate.agents.readers.texts import MEMORY, RULES, SKILL
from spawngate.model.artifact import Scope
from spawngate.model.json import Json
from spawngate.model.observed import Topic

FIELDS = Fields(
    env_file=(),
    auto_approve=(),
    include_tools=("includeTools",),
    exclude_tools=("excludeTools",),
    sandbox=(),
)
_SWITCHES = Switches(
    (
        "hooks_auto_accept",
        "approvals.mode",
        "approvals.cron_mode",
        "terminal.backend",
        "security.website_blocklist.enabled",
        "secrets.command",
        "skills.external_dirs",
        "model.base_url",
    )
)


def read_servers(document: Document) -> Iterable[Sighting]:
    """`mcp_servers`; tool filters lie under `tools`, and `trust` is a word."""
    declared = reshape(document.map().get("mcp_servers"), lift_filter("tools"), _trust)
    yield from servers(document, declared, "mcp_servers", FIELDS)


def _trust(item: Mapping[str, Json]) -> Mapping[str, Json]:
    """`trust: full` is the default; every other word makes Hermes ask before a tool that writes."""
    word = item.get("trust")
    return {**item, "trust": word.lower() == "full"} if isinstance(word, str) else item


def read_config(document: Document) -> Iterable[Sighting]:
    """Commands allowed and denied, blocked sites, approval mode, and commands that Hermes runs by itself."""
    config = document.map()
    for rule in as_texts(document, config.get("command_allowlist"), "command_allowlist"):
        yield setting(document, Topic.PERMISSION, f"terminal({rule})", "allow", "command_allowlist")
    for rule in as_texts(document, lookup(config, "approvals.deny"), "approvals.deny"):
        yield setting(document, Topic.PERMISSION, f"terminal({rule})", "deny", "approvals.deny")
    if lookup(config, "security.website_blocklist.enabled") is True:
        pointer = "security.website_blocklist.domains"
        for domain in as_texts(document, lookup(config, pointer), pointer):
            yield setting(document, Topic.PERMISSION, f"web({domain})", "deny", pointer)
    mode = lookup(config, "approvals.mode")
    # YAML 1.1 reads a bare `off` as false.
    if mode is False or (isinstance(mode, str) and mode.lower() in ("off", "yolo")):
        yield setting(document, Topic.AUTO_APPROVE, "approvals", True, "approvals.mode")
    if config.get("hooks_auto_accept") is True:
        yield setting(document, Topic.AUTO_APPROVE, "hooks", True, "hooks_auto_accept")
    for name, raw in as_map(document, config.get("providers"), "providers").items():
        command = lookup(raw, "key_cmd")
        if isinstance(command, str):
            yield setting(document, Topic.SWITCH, f"providers.{name}.key_cmd", command, f"providers.{name}.key_cmd")
    for name, raw in as_map(document, config.get("quick_commands"), "quick_commands").items():
        command = lookup(raw, "command")
        if isinstance(command, str):
            yield setting(document, Topic.SWITCH, f"quick_commands.{name}.command", command, f"quick_commands.{name}")


def read_outbound(document: Document) -> Iterable[Sighting]:
    """`hooks.outbound`: addresses that Hermes sends its events to."""
    for pointer, target in records(document, lookup(document.map(), "hooks.outbound"), "hooks.outbound"):
        matcher = as_text(document, target.get("matcher"), f"{pointer}.matcher")
        for event in as_texts(document, target.get("events"), f"{pointer}.events") or ("*",):
            yield hook(document, event, matcher, target, pointer)


def read_consents(document: Document) -> Iterable[Sighting]:
    """`shell-hooks-allowlist.json`: the hooks that a person let run, by event and command."""
    for pointer, entry in records(document, document.map().get("approvals"), "approvals"):
        event = as_text(document, entry.get("event"), f"{pointer}.event")
        command = as_text(document, entry.get("command"), f"{pointer}.command")
        if event and command:
            yield setting(document, Topic.PERMISSION, f"Hook({event}: {command})", "allow", pointer)
        else:
            document.note("unknown-shape", f"{pointer} has no event or no command")


_CONFIG = many(
    read_servers,
    read_config,
    Hooks(ignore=("outbound", "output_spill")),
    read_outbound,
    PluginFlags("plugins.enabled"),
    PluginFlags("plugins.disabled", listed=False),
    _SWITCHES,
)
_GATEWAY_HOOK = HookFolder()
_PLUGIN = Plugin(levels=0)
_HOMES: tuple[tuple[str, tuple[Platform, ...], Scope], ...] = (
    ("~/.hermes", UNIX, Scope.USER),
    ("~/.hermes/profiles/*", UNIX, Scope.PROFILE),
    ("%LOCALAPPDATA%/hermes", ("windows",), Scope.USER),
    ("%LOCALAPPDATA%/hermes/profiles/*", ("windows",), Scope.PROFILE),
)

AGENT = Agent(
    id="hermes",
    name="Hermes Agent",
    vendor="Nous Research",
    detect=Detect(
        paths=("~/.hermes/config.yaml", "~/.hermes/hermes-agent", "%LOCALAPPDATA%/hermes/config.yaml"),
        packages=("hermes-agent",),
        sessions=("~/.hermes/sessions/*", "~/.hermes/state.db", "%LOCALAPPDATA%/hermes/state.db"),
    ),
    moved=(Moved("HERMES_HOME", "~/.hermes"), Moved("HERMES_HOME", "%LOCALAPPDATA%/hermes")),
    locations=(
        *(
            location
            for home, on, scope in _HOMES
            for location in (
                Location(f"{home}/config.yaml", scope, _CONFIG, Format.YAML, on=on),
                Location(f"{home}/shell-hooks-allowlist.json", scope, read_consents, on=on),
                Location(f"{home}/skills/**/SKILL.md", scope, SKILL, Format.FRONTMATTER, on=on, siblings=True),
                Location(f"{home}/plugins/*/plugin.yaml", Scope.PLUGIN, _PLUGIN, Format.YAML, siblings=True, on=on),
                Location(f"{home}/hooks/*/HOOK.yaml", scope, _GATEWAY_HOOK, Format.YAML, on=on, siblings=True),
                Location(f"{home}/SOUL.md", scope, RULES, Format.TEXT, on=on),
                Location(f"{home}/memories/*.md", scope, MEMORY, Format.TEXT, on=on),
            )
        ),
        Location("{project}/.hermes/plugins/*/plugin.yaml", Scope.PLUGIN, _PLUGIN, Format.YAML, siblings=True),
        Location("{project}/.hermes.md", Scope.PROJECT, RULES, Format.TEXT),
        Location("{project}/HERMES.md", Scope.PROJECT, RULES, Format.TEXT),
    ),
    process_names=("hermes",),
    hook=HOOK,
    notes={
        "hooks": "a hook without a consent in shell-hooks-allowlist.json is listed and does not run",
        "environment": "HERMES_SAFE_MODE and HERMES_ACCEPT_HOOKS decide about hooks too and are not on disk",
        "plugins": "a project's plugins load only with HERMES_ENABLE_PROJECT_PLUGINS",
        "binary": "the program is called `hermes`, a name other programs have",
    },
)

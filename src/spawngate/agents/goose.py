"""Goose (Block, Agentic AI Foundation): CLI and desktop.

Sources, read 2026-11: block/goose:crates/goose/src/config/paths.rs (folders; `GOOSE_PATH_ROOT`), base.rs,
documentation/docs/guides/config-files.md, crates/goose-cli/src/project_tracker.rs; permission.yaml as in
dyoshikawa/rulesync:src/features/permissions/goose-permissions.ts. Servers are the `extensions` of config.yaml; names in
`env_keys` are looked up in the secret store. Hooks and servers of plugins lie below `.agents/plugins`: the servers and
hooks are read here for Goose, the manifests are recorded by the surface `shared-instructions`.
"""

from collections.abc import Iterable, Mapping

from spawngate.agents.agent import UNIX, Agent, Detect, Location, Moved
from spawngate.agents.document import Document, Platform, Sighting
from spawngate.agents.formats import Format
from spawngate.agents.hooks.dialects.goose import HOOK
from spawngate.agents.readers import as_list, as_map, as_text, as_texts, observe
from spawngate.agents.readers.hooks import Hooks
from spawngate.agents.readers.named_settings import switches
from spawngate.agents.readers.permissions import rule_lists, setting
from spawngate.agents.readers.servers import Fields, Servers, server
from spawngate.agents.readers.texts import MEMORY, RULES, SKILL, SUBAGENT, Text
from spawngate.model.artifact import Kind, Scope, Status, Transport
from spawngate.model.json import Json
from spawngate.model.observed import Observed, ObservedLaunch, Topic

FIELDS = Fields(
    type=("type",),
    command=("cmd", "command"),
    env=("envs", "env"),
    env_names=("env_keys",),
    url={"uri": None, "url": None},
    auto_approve=(),
    trust=(),
    sandbox=(),
    include_tools=("available_tools",),
    exclude_tools=(),
)
_PLUGIN_FIELDS = Fields(auto_approve=(), trust=(), sandbox=())
_RECIPE = Text(Kind.INSTRUCTION, "recipe")
_SWITCHES = (
    "GOOSE_MODE",
    "GOOSE_ALLOWLIST",
    "GOOSE_ALLOWLIST_BYPASS",
    "GOOSE_DISABLE_KEYRING",
    "GOOSE_RECIPE_GITHUB_REPO",
    "GOOSE_RECIPE_PATH",
    "CONTEXT_FILE_NAMES",
    "SECURITY_PROMPT_ENABLED",
    "SECURITY_PROMPT_THRESHOLD",
    "SECURITY_COMMAND_CLASSIFIER_ENABLED",
)
_LISTS = ("always_allow", "ask_before", "never_allow")


def read_config(document: Document) -> Iterable[Sighting]:
    """`config.yaml`: extensions, mode and switches, slash commands."""
    config = document.map()
    for name, item in as_map(document, config.get("extensions"), "extensions").items():
        yield extension(document, name, item, f"extensions.{name}")
    yield from switches(document, config, _SWITCHES)
    mode = config.get("GOOSE_MODE")
    if isinstance(mode, str) and mode.lower() == "auto":
        yield setting(document, Topic.AUTO_APPROVE, "GOOSE_MODE", mode, "GOOSE_MODE")
    for index, raw in enumerate(as_list(document, config.get("slash_commands"), "slash_commands")):
        where = f"slash_commands[{index}]"
        entry = as_map(document, raw, where)
        command = as_text(document, entry.get("command"), f"{where}.command")
        recipe = as_text(document, entry.get("recipe_path"), f"{where}.recipe_path")
        if command:
            yield observe(
                document,
                Kind.SKILL,
                command,
                where,
                detail={"type": "command", **({"source": recipe} if recipe else {})},
            )


def read_recipe(document: Document) -> Iterable[Sighting]:
    """A recipe: instructions, and extensions that run only while it does."""
    yield from _RECIPE(document)
    for index, item in enumerate(as_list(document, document.map().get("extensions"), "extensions")):
        named = item.get("name") if isinstance(item, Mapping) else None
        name = named if isinstance(named, str) and named else f"#{index + 1}"
        yield extension(document, name, item, f"extensions[{index}]", Scope.SUBAGENT)


def extension(document: Document, name: str, item: Json, pointer: str, scope: Scope | None = None) -> Observed:
    """One extension. Code written into the configuration (`inline_python`) has no command; Goose runs it itself."""
    if isinstance(item, Mapping) and item.get("type") == "inline_python":
        code = as_text(document, item.get("code"), f"{pointer}.code") or ""
        return observe(
            document,
            Kind.MCP_SERVER,
            name,
            pointer,
            scope=scope,
            status=Status.DISABLED if item.get("enabled") is False else Status.ENABLED,
            launch=ObservedLaunch(transport=Transport.STDIO),
            detail={
                "type": "inline_python",
                "bytes": len(code.encode("utf-8", "replace")),
                "dependencies": list(as_texts(document, item.get("dependencies"), f"{pointer}.dependencies")),
            },
        )
    return server(document, name, item, pointer, FIELDS, scope=scope)


def read_permissions(document: Document) -> Iterable[Sighting]:
    """`permission.yaml`: the person's decisions under `user`, the model's cached ones under `smart_approve`."""
    for section, raw in document.map().items():
        yield from rule_lists(document, as_map(document, raw, section), section, _LISTS)


def read_tool_permissions(document: Document) -> Iterable[Sighting]:
    """`tool_permissions.json`: decisions on single calls, remembered by tool."""
    for tool, records in as_map(document, document.map().get("permissions"), "permissions").items():
        where = f"permissions.{tool}"
        for record in as_list(document, records, where):
            allowed = record.get("allowed") if isinstance(record, Mapping) else None
            if isinstance(record, Mapping) and isinstance(allowed, bool):
                name = as_text(document, record.get("tool_name"), where) or tool
                yield setting(document, Topic.PERMISSION, name, "allow" if allowed else "deny", where)


def read_settings(document: Document) -> Iterable[Sighting]:
    """`settings.json`: plugins that are switched off."""
    for plugin in as_texts(document, document.map().get("disabledPlugins"), "disabledPlugins"):
        yield setting(document, Topic.PLUGIN_STATUS, plugin, False, "disabledPlugins")
    yield from switches(document, document.map(), ("disabledPlugins",))


def read_projects(document: Document) -> Iterable[Sighting]:
    """`projects.json`: folders that Goose was used in."""
    for folder in as_map(document, document.map().get("projects"), "projects"):
        yield setting(document, Topic.PROJECT, folder, True, f"projects.{folder}")


_ROOTS: tuple[tuple[str, tuple[Platform, ...]], ...] = (
    ("~/.config/goose", UNIX),
    ("%APPDATA%/Block/goose/config", ("windows",)),
)


def _recipes(folder: str, scope: Scope, on: tuple[Platform, ...]) -> tuple[Location, ...]:
    return tuple(
        Location(f"{folder}/recipes/**/*.{ending}", scope, read_recipe, format_, on=on)
        for ending, format_ in (("yaml", Format.YAML), ("yml", Format.YAML), ("json", Format.JSON))
    )


AGENT = Agent(
    id="goose",
    name="Goose",
    vendor="Block",
    detect=Detect(
        binaries=("goose",),
        paths=("~/.config/goose", "~/.local/share/goose", "%APPDATA%/Block/goose"),
        apps=("/Applications/Goose.app",),
        sessions=("~/.local/share/goose/sessions/*", "%APPDATA%/Block/goose/data/sessions/*"),
    ),
    moved=(
        Moved("GOOSE_PATH_ROOT", "~/.config/goose", "{value}/config"),
        Moved("GOOSE_PATH_ROOT", "%APPDATA%/Block/goose/config", "{value}/config"),
        Moved("GOOSE_PATH_ROOT", "~/.local/share/goose", "{value}/data"),
    ),
    precedence=(Scope.USER, Scope.PROJECT, Scope.PLUGIN),
    project_approval="none",
    process_names=("goosed",),
    locations=(
        *(
            location
            for folder, on in _ROOTS
            for location in (
                Location(f"{folder}/config.yaml", Scope.USER, read_config, Format.YAML, on=on),
                Location(f"{folder}/permission.yaml", Scope.USER, read_permissions, Format.YAML, on=on),
                Location(f"{folder}/permissions/tool_permissions.json", Scope.USER, read_tool_permissions, on=on),
                Location(f"{folder}/settings.json", Scope.USER, read_settings, on=on),
                Location(f"{folder}/projects.json", Scope.USER, read_projects, on=on),
                *_recipes(folder, Scope.USER, on),
                Location(f"{folder}/agents/*.md", Scope.USER, SUBAGENT, Format.FRONTMATTER, on=on),
                Location(f"{folder}/skills/*/SKILL.md", Scope.USER, SKILL, Format.FRONTMATTER, on=on, siblings=True),
                Location(f"{folder}/.goosehints", Scope.USER, RULES, Format.TEXT, on=on),
                Location(f"{folder}/memory/*.txt", Scope.USER, MEMORY, Format.TEXT, on=on),
            )
        ),
        Location("{project}/.config/goose/settings.json", Scope.PROJECT, read_settings),
        *_recipes("{project}/.goose", Scope.PROJECT, ("linux", "macos", "windows")),
        Location("{project}/.goose/agents/*.md", Scope.PROJECT, SUBAGENT, Format.FRONTMATTER),
        Location("{project}/.goose/skills/*/SKILL.md", Scope.PROJECT, SKILL, Format.FRONTMATTER, siblings=True),
        Location("{project}/.goose/memory/*.txt", Scope.PROJECT, MEMORY, Format.TEXT),
        Location("{project}/.goosehints", Scope.PROJECT, RULES, Format.TEXT),
        Location("{project}/.goosehints.local", Scope.LOCAL, RULES, Format.TEXT),
        *(
            location
            for folder in ("~/.agents/plugins/*", "{project}/.agents/plugins/*")
            for location in (
                Location(f"{folder}/.mcp.json", Scope.PLUGIN, Servers(fields=_PLUGIN_FIELDS), shared=True),
                Location(f"{folder}/hooks/hooks.json", Scope.PLUGIN, Hooks(), shared=True),
            )
        ),
    ),
    hook=HOOK,
    notes={
        "secrets": "values of `env_keys` lie in the keyring, or in secrets.yaml where GOOSE_DISABLE_KEYRING is set",
        "allow list": "GOOSE_ALLOWLIST names an address; what it lists is not on disk",
        "projects": "projects.json was written by older versions; newer ones keep folders with the sessions' database",
        "plugins": "whether a project's plugins ask before they run was not found out; `disabledPlugins` is honoured",
        "schedules": "scheduled recipes (schedule.json) are not read",
    },
)

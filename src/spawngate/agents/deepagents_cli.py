"""Deep Agents (LangChain): the interactive agent `dcode` (package deepagents-code) and its older name, deepagents-cli.

Sources, read 2026-11 in langchain-ai/deepagents: libs/code/HOOKS.md, libs/code/deepagents_code/{mcp_tools,mcp_disabled,
model_config,config,config_manifest,subagents}.py, configuration/paths.py (managed file), hooks/{trust,legacy}.py,
plugins/{store,manifest}.py; https://docs.langchain.com/oss/deepagents/code/mcp-tools. Precedence of servers, lowest
first: ~/.deepagents/.mcp.json, .deepagents/.mcp.json, .mcp.json. Servers of a project run only once approved:
`[mcp] enabled_project_server_approvals` of the user's config.toml binds name, project and fingerprint, and a name in
`disabled_project_servers` is refused always. Project hooks need a trusted workspace (hooks_trust.json).
Plugins in the cache lie in folders named `<slug>-<digest>`, so a plugin that is installed but not enabled cannot be
told from one that is, by its folder. Approvals by environment variables are not seen.
"""

from collections.abc import Iterable, Mapping

from spawngate.agents.agent import Agent, Detect, Location, Moved
from spawngate.agents.document import Document, Platform, Sighting
from spawngate.agents.formats import Format
from spawngate.agents.hooks.dialects.deepagents_cli import HOOK
from spawngate.agents.readers import as_list, as_map, as_text, as_texts
from spawngate.agents.readers.hooks import hook, hook_table
from spawngate.agents.readers.permissions import setting
from spawngate.agents.readers.plugins import MARKETPLACE, PLUGIN, Plugin
from spawngate.agents.readers.servers import Fields, Servers
from spawngate.agents.readers.texts import MEMORY, RULES, SKILL, Text
from spawngate.model.artifact import Kind, Scope, Status
from spawngate.model.json import Json
from spawngate.model.observed import Topic

FIELDS = Fields(
    type=("type", "transport"),
    include_tools=("allowedTools",),
    exclude_tools=("disabledTools",),
    enabled=(),
    disabled=(),
    env_file=(),
    auto_approve=(),
    trust=(),
    sandbox=(),
)

_SWITCHES: Mapping[str, tuple[str, ...]] = {
    "startup": ("mode", "yolo_switcher", "read_project_dotenv"),
    "interpreter": ("enable_interpreter", "ptc_acknowledge_unsafe"),
}
_REFUSALS: Mapping[str, tuple[str, ...]] = {
    "mcp": ("disabled_servers", "disabled_project_servers"),
    "mcp_disabled": ("servers",),
}
"""Lists of servers that are never started; the second table is the older place."""


def read_config(document: Document) -> Iterable[Sighting]:
    """`config.toml` or the managed file: switches, approvals and refusals of servers, shell commands run unasked."""
    config = document.map()
    for section, keys in _SWITCHES.items():
        table = as_map(document, config.get(section), section)
        for key in keys:
            value = table.get(key)
            if isinstance(value, bool | str):
                yield setting(document, Topic.SWITCH, f"{section}.{key}", value, f"{section}.{key}")
            if key == "mode" and value in ("auto", "yolo"):
                yield setting(document, Topic.AUTO_APPROVE, str(value), True, f"{section}.{key}")
    yield from _shell(document, as_map(document, config.get("shell"), "shell").get("allow_list"))
    skills = as_map(document, config.get("skills"), "skills")
    for folder in as_texts(document, skills.get("extra_allowed_dirs"), "skills.extra_allowed_dirs"):
        yield setting(document, Topic.PERMISSION, f"Skills({folder})", "allow", "skills.extra_allowed_dirs")
    for section, keys in _REFUSALS.items():
        table = as_map(document, config.get(section), section)
        for key in keys:
            for refused in as_texts(document, table.get(key), f"{section}.{key}"):
                yield setting(document, Topic.SERVER_STATUS, refused, Status.DISABLED, f"{section}.{key}")
        approvals = table.get("enabled_project_server_approvals")
        for index, raw in enumerate(as_list(document, approvals, f"{section}.enabled_project_server_approvals")):
            pointer = f"{section}.enabled_project_server_approvals[{index}]"
            entry = as_map(document, raw, pointer)
            name = as_text(document, entry.get("name"), f"{pointer}.name")
            root = as_text(document, entry.get("project_root"), f"{pointer}.project_root")
            if name and root:
                yield setting(document, Topic.PROJECT, root, True, pointer)
                yield setting(document, Topic.SERVER_STATUS, name, Status.APPROVED, pointer, project=root)


def _shell(document: Document, allowed: Json) -> Iterable[Sighting]:
    """Shell commands that run unasked. Text is a list at commas; two words stand for lists of their own."""
    pointer = "shell.allow_list"
    words = allowed.split(",") if isinstance(allowed, str) else as_texts(document, allowed, pointer)
    for word in (word.strip() for word in words):
        if word in ("all", "recommended"):
            yield setting(document, Topic.AUTO_APPROVE, "shell commands", word, pointer)
        elif word:
            yield setting(document, Topic.PERMISSION, f"Shell({word})", "allow", pointer)


def read_hooks(document: Document) -> Iterable[Sighting]:
    """`hooks.json`: a table of events, or the older list of commands with the events they want."""
    table = document.map().get("hooks")
    if table is None or isinstance(table, Mapping):
        yield from hook_table(document, table, "hooks")
        return
    for index, raw in enumerate(as_list(document, table, "hooks")):
        pointer = f"hooks[{index}]"
        entry = as_map(document, raw, pointer)
        if not entry:
            continue
        # No events named means all of them.
        for event in as_texts(document, entry.get("events"), f"{pointer}.events") or ("*",):
            yield hook(document, event, None, entry, pointer)


def read_trust(document: Document) -> Iterable[Sighting]:
    """`hooks_trust.json`: projects whose hooks may run."""
    for root in as_map(document, document.map().get("projects"), "projects"):
        yield setting(document, Topic.PROJECT, root, True, f"projects.{root}")
        yield setting(document, Topic.TRUST, root, True, f"projects.{root}", project=root)


def read_skill_trust(document: Document) -> Iterable[Sighting]:
    """`skill_trust.json`: folders outside the usual ones from which skills may be read."""
    for folder in as_map(document, document.map().get("dirs"), "dirs"):
        yield setting(document, Topic.PERMISSION, f"Skills({folder})", "allow", f"dirs.{folder}")


def read_plugins(document: Document) -> Iterable[Sighting]:
    """`plugin_state.json`: plugins that are switched on, as `name@marketplace`."""
    for name, on in as_map(document, document.map().get("enabledPlugins"), "enabledPlugins").items():
        yield setting(document, Topic.PLUGIN_STATUS, name, on is True, f"enabledPlugins.{name}")


_SUBAGENT = Text(Kind.INSTRUCTION, "subagent", named_by_folder=True)
_MANAGED: tuple[tuple[str, tuple[Platform, ...]], ...] = (
    ("/etc/dcode/managed_config.toml", ("linux",)),
    ("/Library/Application Support/dcode/managed_config.toml", ("macos",)),
    ("%PROGRAMDATA%/dcode/managed_config.toml", ("windows",)),
)
_PLUGIN = "~/.deepagents/plugins/cache/*/*/*"

AGENT = Agent(
    id="deepagents-cli",
    name="Deep Agents Code",
    vendor="LangChain",
    detect=Detect(
        binaries=("deepagents", "deepagents-code"),
        paths=("~/.deepagents",),
        packages=("deepagents-code", "deepagents-cli"),
        sessions=("~/.deepagents/.state/sessions.db",),
    ),
    moved=(Moved("DEEPAGENTS_CODE_PLUGIN_CACHE_DIR", "~/.deepagents/plugins"),),
    project_approval="pending",
    locations=(
        *(Location(path, Scope.MANAGED, read_config, Format.TOML, on=on) for path, on in _MANAGED),
        Location("~/.deepagents/.mcp.json", Scope.USER, Servers(fields=FIELDS)),
        Location("{project}/.deepagents/.mcp.json", Scope.PROJECT, Servers(fields=FIELDS)),
        Location("{project}/.mcp.json", Scope.PROJECT, Servers(fields=FIELDS), shared=True),
        Location("~/.deepagents/config.toml", Scope.USER, read_config, Format.TOML),
        Location("~/.deepagents/.state/hooks_trust.json", Scope.USER, read_trust),
        Location("~/.deepagents/.state/skill_trust.json", Scope.USER, read_skill_trust),
        Location("~/.deepagents/.state/plugin_state.json", Scope.USER, read_plugins),
        Location("~/.deepagents/hooks.json", Scope.USER, read_hooks),
        Location("{project}/.deepagents/hooks.json", Scope.PROJECT, read_hooks),
        Location("~/.deepagents/*/skills/*/SKILL.md", Scope.USER, SKILL, Format.FRONTMATTER, siblings=True),
        Location("{project}/.deepagents/skills/*/SKILL.md", Scope.PROJECT, SKILL, Format.FRONTMATTER, siblings=True),
        Location("~/.deepagents/*/agents/*/AGENTS.md", Scope.USER, _SUBAGENT, Format.FRONTMATTER),
        Location("{project}/.deepagents/agents/*/AGENTS.md", Scope.PROJECT, _SUBAGENT, Format.FRONTMATTER),
        Location("~/.deepagents/*/AGENTS.md", Scope.USER, MEMORY, Format.TEXT),
        Location("{project}/.deepagents/AGENTS.md", Scope.PROJECT, RULES, Format.TEXT),
        Location(f"{_PLUGIN}/plugin.json", Scope.PLUGIN, Plugin(levels=0, fields=FIELDS)),
        Location(f"{_PLUGIN}/.claude-plugin/plugin.json", Scope.PLUGIN, PLUGIN),
        Location(f"{_PLUGIN}/.codex-plugin/plugin.json", Scope.PLUGIN, PLUGIN),
        Location(f"{_PLUGIN}/.mcp.json", Scope.PLUGIN, Servers(fields=FIELDS)),
        Location(f"{_PLUGIN}/hooks/hooks.json", Scope.PLUGIN, read_hooks),
        Location(f"{_PLUGIN}/skills/*/SKILL.md", Scope.PLUGIN, SKILL, Format.FRONTMATTER, siblings=True),
        Location("~/.deepagents/plugins/marketplaces/*/.claude-plugin/marketplace.json", Scope.PLUGIN, MARKETPLACE),
    ),
    process_names=("dcode",),
    hook=HOOK,
    notes={
        "environment": "approvals and switches given by environment variables are not seen",
        "plugins": "installed plugins that are not enabled are shown as installed",
        "binary": "`dcode` is also the name of other programs and does not count as a sign",
    },
)

"""GitHub Copilot CLI (GitHub); the same files serve the Copilot app and the cloud agent.

Sources, read 2026-11: https://docs.github.com/en/copilot/reference/copilot-cli-reference/cli-config-dir-reference
(the folder ~/.copilot, settings.json in JSONC, the state file config.json, permissions-config.json with
`locations.<path>.tool_approvals[]`), /hooks-configuration, /enterprise-managed-settings (managed-settings.json), the
change log of github/copilot-cli. config.json is written by the program and starts with comment lines. Deny rules are
not stored for a user; `permissions` lists count only in managed settings. Project servers and hooks wait for a
trusted folder (`trusted_folders`, in newer builds spelled `trustedFolders`). What a plugin's folder is called below
installed-plugins (marketplace, or `_direct`) is partly verified. `.github/skills`, agents and instructions of a
repository are recorded by vscode, which reads the same files. In a folder with a `.mcp.json`, even an empty or broken
one, `.github/mcp.json` is not read (observed with 1.0.102).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from spawngate.agents.agent import UNIX, Agent, Detect, Location, Moved
from spawngate.agents.document import Document, Platform, Sighting
from spawngate.agents.formats import Format
from spawngate.agents.hooks.dialects.copilot_cli import HOOK
from spawngate.agents.readers import as_list, as_map, as_text, as_texts, many
from spawngate.agents.readers.claude_shaped import server_lists
from spawngate.agents.readers.copilot_files import read_agent
from spawngate.agents.readers.hooks import Hooks
from spawngate.agents.readers.named_settings import PluginFlags, Switches, switches, variables
from spawngate.agents.readers.permissions import claude_permissions, setting
from spawngate.agents.readers.plugins import MARKETPLACE, Plugin
from spawngate.agents.readers.scripts import Script
from spawngate.agents.readers.servers import Fields, Servers, servers
from spawngate.agents.readers.texts import COMMAND, RULES, SKILL
from spawngate.agents.settle import project_of
from spawngate.agents.settle import settle as settle_by_fields
from spawngate.model.artifact import Artifact, Kind, Scope, Status
from spawngate.model.json import Json
from spawngate.model.observed import Topic
from spawngate.model.setting import Setting

FIELDS = Fields(auto_approve=(), trust=(), sandbox=(), include_tools=("tools",))
HOOKS = Hooks()

_SWITCHES = (
    "disableAllHooks",
    "askUser",
    "bashEnv",
    "permissions.disableBypassPermissionsMode",
    "statusLine.command",
    "sandbox",
    "experimental",
    "remoteSessions",
    "remoteControl",
    "extraKnownMarketplaces",
    "strictKnownMarketplaces",
    "forceRemoteSettingsRefresh",
    "githubMcpToolsets",
    "githubMcpTools",
    "skillDirectories",
    "disabledSkills",
    "telemetry",
)


def read_project_servers(document: Document) -> Iterable[Sighting]:
    """`.mcp.json` of a project: under `mcpServers`, or the bare map of servers."""
    values = document.map()
    if "mcpServers" in values:
        yield from servers(document, values.get("mcpServers"), "mcpServers", FIELDS)
    elif values and all(isinstance(item, Mapping) and ("command" in item or "url" in item) for item in values.values()):
        yield from servers(document, values, "$", FIELDS)


def read_settings(document: Document) -> Iterable[Sighting]:
    """`settings.json` of any scope, `config.json`, and managed settings."""
    values = document.map()
    yield from switches(document, values, _SWITCHES)
    if document.scope is Scope.MANAGED:
        yield from claude_permissions(document)
    for key, word in (("allowedUrls", "allow"), ("deniedUrls", "deny")):
        for pattern in as_texts(document, values.get(key), key):
            yield setting(document, Topic.PERMISSION, f"Url({pattern})", word, key)
    for key, status in (("enabledMcpServers", Status.ENABLED), ("disabledMcpServers", Status.DISABLED)):
        for name in as_texts(document, values.get(key), key):
            yield setting(document, Topic.SERVER_STATUS, name, status, key)
    yield from PluginFlags()(document)
    yield from server_lists(document, values)
    yield from variables(document, values.get("env"), "env")


def read_state(document: Document) -> Iterable[Sighting]:
    """`config.json`: trusted folders and installed plugins, and settings that older versions kept there."""
    values = document.map()
    for key in ("trusted_folders", "trustedFolders"):
        for folder in as_texts(document, values.get(key), key):
            yield setting(document, Topic.TRUST, folder, True, key)
            yield setting(document, Topic.PROJECT, folder, True, key)
    for key in ("installed_plugins", "installedPlugins"):
        for index, entry in enumerate(as_list(document, values.get(key), key)):
            plugin = as_map(document, entry, f"{key}[{index}]")
            name = as_text(document, plugin.get("name"), f"{key}[{index}].name")
            market = as_text(document, plugin.get("marketplace"), f"{key}[{index}].marketplace")
            if name:
                whole = f"{name}@{market}" if market else name
                yield setting(document, Topic.PLUGIN_STATUS, whole, plugin.get("enabled") is not False, key)


def read_approvals(document: Document) -> Iterable[Sighting]:
    """`permissions-config.json`: what a person approved for good, by folder."""
    for folder, raw in as_map(document, document.map().get("locations"), "locations").items():
        pointer = f"locations.{folder}"
        location = as_map(document, raw, pointer)
        yield setting(document, Topic.PROJECT, folder, True, pointer)
        approvals = as_list(document, location.get("tool_approvals"), f"{pointer}.tool_approvals")
        for index, entry in enumerate(approvals):
            where = f"{pointer}.tool_approvals[{index}]"
            for rule in _rules(document, as_map(document, entry, where), where):
                yield setting(document, Topic.PERMISSION, rule, "allow", where, project=folder)
        for key in ("allowed_directories", "allowedDirectories"):
            for allowed in as_texts(document, location.get(key), f"{pointer}.{key}"):
                yield setting(
                    document, Topic.PERMISSION, f"Directory({allowed})", "allow", f"{pointer}.{key}", project=folder
                )


def _rules(document: Document, entry: Mapping[str, Json], pointer: str) -> Iterable[str]:
    kind = entry.get("kind")
    if kind == "commands":
        names = entry.get("command_identifiers", entry.get("commandIdentifiers"))
        for name in names if isinstance(names, list) else ():
            if isinstance(name, str):
                yield f"shell({name})"
    elif kind == "mcp" or kind == "mcp-sampling":
        server = entry.get("serverName", entry.get("server_name"))
        tool = entry.get("toolName", entry.get("tool_name"))
        yield f"{kind}({server}:{tool if isinstance(tool, str) else '*'})"
    elif kind == "custom-tool":
        yield f"custom-tool({entry.get('toolName')})"
    elif isinstance(kind, str):
        yield kind
    else:
        document.note("unknown-shape", f"{pointer} has no kind")


def settle(artifacts: Sequence[Artifact], settings: Sequence[Setting]) -> Sequence[Artifact]:
    """The common rules, but where a `.mcp.json` defines servers those of `.github/mcp.json` do not load."""
    plain = {project_of(item) for item in artifacts if _from(item, "/.mcp.json")}
    return [
        replace(item, status=Status.SHADOWED)
        if _from(item, "/.github/mcp.json") and project_of(item) in plain and item.status in _LOADING
        else item
        for item in settle_by_fields(replace(AGENT, settle=None), artifacts, settings)
    ]


_LOADING = (Status.ENABLED, Status.APPROVED, Status.PENDING)


def _from(item: Artifact, ending: str) -> bool:
    named = item.path.replace("\\", "/").endswith(ending)
    return named and item.kind is Kind.MCP_SERVER and item.scope is Scope.PROJECT


def read_language_servers(document: Document) -> Iterable[Sighting]:
    """`lsp-config.json`: programs that Copilot starts as language servers."""
    table = as_map(document, document.map().get("lspServers"), "lspServers")
    for name, raw in table.items():
        pointer = f"lspServers.{name}"
        entry = as_map(document, raw, pointer)
        command = as_text(document, entry.get("command"), f"{pointer}.command")
        if command:
            words = [command, *as_texts(document, entry.get("args"), f"{pointer}.args")]
            yield setting(document, Topic.SWITCH, pointer, " ".join(words), pointer)


def read_session(document: Document) -> Iterable[Sighting]:
    """`workspace.yaml` of a session: the folder it ran in and the root of its repository."""
    values = document.map()
    for key in ("git_root", "cwd"):
        folder = as_text(document, values.get(key), key)
        if folder:
            yield setting(document, Topic.PROJECT, folder, True, key)


_EXTENSION = Script("extension", named_by_folder=True)
_SETTINGS = many(read_settings, HOOKS)
_OTHERS = many(HOOKS, Switches(("disableAllHooks",)))
_MANAGED: tuple[tuple[str, tuple[Platform, ...]], ...] = (
    ("/etc/github-copilot/managed-settings.json", ("linux",)),
    ("/Library/Application Support/GitHubCopilot/managed-settings.json", ("macos",)),
    ("%PROGRAMFILES%/GitHubCopilot/managed-settings.json", ("windows",)),
)
_PLUGINS = "~/.copilot/installed-plugins/*/*"

AGENT = Agent(
    id="copilot-cli",
    name="GitHub Copilot CLI",
    vendor="GitHub",
    detect=Detect(
        binaries=("copilot",),
        paths=("~/.copilot/config.json", "~/.copilot/session-state", "~/.copilot/settings.json"),
        packages=("@github/copilot",),
        sessions=("~/.copilot/session-state/*/*",),
    ),
    moved=(Moved("COPILOT_HOME", "~/.copilot"),),
    project_approval="trust",
    settle=settle,
    locations=(
        Location("~/.copilot/mcp-config.json", Scope.USER, Servers(fields=FIELDS)),
        Location("{project}/.github/mcp.json", Scope.PROJECT, read_project_servers),
        Location("{project}/.mcp.json", Scope.PROJECT, read_project_servers, shared=True),
        Location("~/.copilot/settings.json", Scope.USER, _SETTINGS, Format.JSONC),
        Location("~/.copilot/config.json", Scope.USER, many(read_state, read_settings, HOOKS), Format.JSONC),
        Location("~/.copilot/permissions-config.json", Scope.USER, read_approvals),
        Location("~/.copilot/lsp-config.json", Scope.USER, read_language_servers),
        Location("{project}/.github/lsp.json", Scope.PROJECT, read_language_servers),
        Location("{project}/.github/copilot/settings.json", Scope.PROJECT, _SETTINGS, Format.JSONC),
        Location("{project}/.github/copilot/settings.local.json", Scope.LOCAL, _SETTINGS, Format.JSONC),
        *(Location(path, Scope.MANAGED, _SETTINGS, on=on) for path, on in _MANAGED),
        Location("/etc/github-copilot/policy.d/*.json", Scope.MANAGED, HOOKS, on=UNIX),
        Location("%PROGRAMDATA%/GitHub/Copilot/policy.d/*.json", Scope.MANAGED, HOOKS, on=("windows",)),
        Location("~/.copilot/hooks/*.json", Scope.USER, HOOKS),
        Location("{project}/.github/hooks/*.json", Scope.PROJECT, HOOKS),
        Location("{project}/.claude/settings.json", Scope.PROJECT, _OTHERS, shared=True),
        Location("{project}/.claude/settings.local.json", Scope.LOCAL, _OTHERS, shared=True),
        Location(f"{_PLUGINS}/.github/plugin/plugin.json", Scope.PLUGIN, Plugin(2, FIELDS)),
        Location(f"{_PLUGINS}/.claude-plugin/plugin.json", Scope.PLUGIN, Plugin(1, FIELDS)),
        Location(f"{_PLUGINS}/.plugin/plugin.json", Scope.PLUGIN, Plugin(1, FIELDS)),
        Location(f"{_PLUGINS}/plugin.json", Scope.PLUGIN, Plugin(0, FIELDS)),
        Location(f"{_PLUGINS}/.mcp.json", Scope.PLUGIN, read_project_servers),
        Location(f"{_PLUGINS}/mcp.json", Scope.PLUGIN, read_project_servers),
        Location(f"{_PLUGINS}/.github/mcp.json", Scope.PLUGIN, read_project_servers),
        Location(f"{_PLUGINS}/hooks.json", Scope.PLUGIN, HOOKS),
        Location(f"{_PLUGINS}/hooks/hooks.json", Scope.PLUGIN, HOOKS),
        Location(f"{_PLUGINS}/skills/*/SKILL.md", Scope.PLUGIN, SKILL, Format.FRONTMATTER, siblings=True),
        Location(f"{_PLUGINS}/commands/**/*.md", Scope.PLUGIN, COMMAND, Format.FRONTMATTER),
        Location(f"{_PLUGINS}/agents/*.md", Scope.PLUGIN, read_agent, Format.FRONTMATTER),
        Location(f"{_PLUGINS}/extensions/*/extension.mjs", Scope.PLUGIN, _EXTENSION, Format.NONE),
        Location("{project}/.github/plugin/marketplace.json", Scope.PROJECT, MARKETPLACE),
        Location("~/.copilot/extensions/*/extension.mjs", Scope.USER, _EXTENSION, Format.NONE),
        Location("{project}/.github/extensions/*/extension.mjs", Scope.PROJECT, _EXTENSION, Format.NONE),
        Location("~/.copilot/skills/*/SKILL.md", Scope.USER, SKILL, Format.FRONTMATTER, siblings=True),
        Location("~/.copilot/agents/*.md", Scope.USER, read_agent, Format.FRONTMATTER),
        Location("~/.copilot/copilot-instructions.md", Scope.USER, RULES, Format.TEXT),
        Location("~/.copilot/instructions/**/*.instructions.md", Scope.USER, RULES, Format.FRONTMATTER),
        Location("~/.copilot/session-state/*/workspace.yaml", Scope.USER, read_session, Format.YAML),
    ),
    hook=HOOK,
    notes={
        "headless": "`copilot -p` loads project servers only in a trusted folder or with "
        "GITHUB_COPILOT_PROMPT_MODE_WORKSPACE_MCP",
        "precedence": "a `.mcp.json` without servers or with a syntax error hides .github/mcp.json too; the servers of "
        "the latter are then still shown as if they loaded",
        "policy": "policies in the Windows registry and in macOS managed preferences are not read",
        "plugins": "the names of folders below installed-plugins are partly verified",
        "builtin": "the built-in GitHub MCP server needs no configuration and is not listed",
        "sessions": "the fields of workspace.yaml are a third-party reading",
    },
)

"""Cline: the extension of the VS Code family, the CLI and the SDK.

Sources, read 2026-11: cline/cline:docs/getting-started/config.mdx, sdk/packages/shared/src/storage/paths.ts (every
path below), sdk/packages/core/src/extensions/mcp/config-loader.ts (both shapes of a server),
sdk/packages/core/src/hooks/hook-file-config.ts (names of hook files),
sdk/packages/core/src/services/global-settings.ts,
apps/vscode/src/shared/{AutoApprovalSettings,storage/state-keys,remote-config/schema}.ts. Newer builds keep the editor's
state in `~/.cline/data`; older ones in the editor's storage and in its state.vscdb. A hook is a script named after its
event, without a matcher; it needs no execute bit. There is no project file for servers.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from spawngate.agents.agent import Agent, Detect, Location, Moved
from spawngate.agents.document import Document, Sighting
from spawngate.agents.formats import Format
from spawngate.agents.hooks.dialects.cline import HOOK
from spawngate.agents.readers import as_list, as_map, as_text, as_texts, pure_path
from spawngate.agents.readers.dotenv import read_project_dotenv
from spawngate.agents.readers.histories import visited
from spawngate.agents.readers.hooks import HookFile
from spawngate.agents.readers.memento import memento
from spawngate.agents.readers.named_settings import switches
from spawngate.agents.readers.permissions import setting
from spawngate.agents.readers.reshape import lay_flat, reshape
from spawngate.agents.readers.scripts import SCRIPT
from spawngate.agents.readers.servers import Fields, servers
from spawngate.agents.readers.texts import COMMAND, RULES, SKILL, SUBAGENT, Text
from spawngate.model.artifact import Kind, Scope, Transport
from spawngate.model.json import Json
from spawngate.model.observed import Observed, Topic

FIELDS = Fields(
    type=("type", "transportType"),
    url={"url": Transport.SSE},
    auto_approve=("autoApprove", "alwaysAllow"),
    trust=(),
    sandbox=(),
    include_tools=(),
    exclude_tools=(),
)

_REMOTE = Fields(auto_approve=(), trust=(), sandbox=())
"""Servers that the organisation prescribes have no type and are spoken to with Streamable HTTP."""
_ROW = "saoudrizwan.claude-dev"
_STORAGE = f"{{vscode_user}}/globalStorage/{_ROW}"
_EVENTS = {
    event.lower(): event
    for event in (
        "TaskStart",
        "TaskResume",
        "TaskCancel",
        "TaskComplete",
        "TaskError",
        "PreToolUse",
        "PostToolUse",
        "UserPromptSubmit",
        "PreCompact",
        "Notification",
        "SessionShutdown",
    )
}
"""The agent takes file names in any case."""
_ENDINGS = {"", ".sh", ".bash", ".zsh", ".js", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".py", ".ps1"}
_HOOK = HookFile()
_SCHEDULE = Text(Kind.INSTRUCTION, "schedule")
_SWITCHES = (
    "hooksEnabled",
    "subagentsEnabled",
    "optOutOfRemoteConfig",
    "mcpMarketplaceEnabled",
    "strictPlanModeEnabled",
    "claudeCodePath",
)
_FOLDER = "cwdOnTaskInitialization"
_YOLO = ("yoloModeToggled", "autoApproveAllToggled")


def read_servers(document: Document) -> Iterable[Sighting]:
    """`cline_mcp_settings.json`; the SDK also writes a definition's launch one level down, under `transport`."""
    container = reshape(document.map().get("mcpServers"), lay_flat("transport"))
    yield from servers(document, container, "mcpServers", FIELDS)


def read_global_state(document: Document) -> Iterable[Sighting]:
    """`~/.cline/data/globalState.json`."""
    yield from _state(document, document.map(), "")


def read_editor_state(document: Document) -> Iterable[Sighting]:
    """The extension's row in the editor's database, where older versions keep the same state."""
    state = memento(document, _ROW)
    yield from _state(document, state, _ROW)
    yield from visited(document, state.get("taskHistory"), f"{_ROW}.taskHistory", _FOLDER)


def read_history(document: Document) -> Iterable[Sighting]:
    """`taskHistory.json`: a list of past tasks, each with the folder it was started in."""
    yield from visited(document, document.value(), "", _FOLDER)


def read_global_settings(document: Document) -> Iterable[Sighting]:
    """`global-settings.json` of the CLI and the SDK."""
    settings = document.map()
    if isinstance(settings.get("toolAutoApprove"), bool):
        yield setting(document, Topic.SWITCH, "toolAutoApprove", settings["toolAutoApprove"], "toolAutoApprove")
        if settings["toolAutoApprove"] is True:
            yield setting(document, Topic.AUTO_APPROVE, "tools", True, "toolAutoApprove")
    yield from switches(document, settings, ("hooksEnabled",))
    for tool in as_texts(document, settings.get("disabledTools"), "disabledTools"):
        yield setting(document, Topic.PERMISSION, tool, "deny", "disabledTools")
    for plugin in as_texts(document, settings.get("disabledPlugins"), "disabledPlugins"):
        yield setting(document, Topic.PLUGIN_STATUS, plugin, False, "disabledPlugins")


def read_remote_config(document: Document) -> Iterable[Sighting]:
    """`cache/remote_config_<organisation>.json`: what the organisation prescribes, as last fetched."""
    config = document.map()
    yield from servers(document, config.get("remoteMCPServers"), "remoteMCPServers", _REMOTE)
    keys = ("blockPersonalRemoteMCPServers", "yoloModeAllowed", "mcpMarketplaceEnabled", "allowedMCPServers")
    yield from switches(document, config, keys)


def read_hook_file(document: Document) -> Iterable[Sighting]:
    """A file in a hook folder, where its name is that of an event."""
    path = pure_path(document.path)
    event = _EVENTS.get(path.stem.lower())
    if event is None or path.suffix.lower() not in _ENDINGS:
        return
    for found in _HOOK(document):
        if isinstance(found, Observed):
            yield replace(found, name=event, detail={**found.detail, "event": event})


def _state(document: Document, state: Mapping[str, Json], pointer: str) -> Iterable[Sighting]:
    prefix = f"{pointer}." if pointer else ""
    approvals = as_map(document, state.get("autoApprovalSettings"), f"{prefix}autoApprovalSettings")
    where = f"{prefix}autoApprovalSettings.actions"
    if approvals.get("enabled") is not False:
        for action, on in as_map(document, approvals.get("actions"), where).items():
            if on is True:
                yield setting(document, Topic.AUTO_APPROVE, action, True, f"{where}.{action}")
    for key in _YOLO:
        if state.get(key) is True:
            yield setting(document, Topic.AUTO_APPROVE, key, True, f"{prefix}{key}")
    for key in _SWITCHES:
        if isinstance(state.get(key), str | bool):
            yield setting(document, Topic.SWITCH, key, state[key], f"{prefix}{key}")
    version = as_text(document, state.get("clineVersion"), f"{prefix}clineVersion")
    if version:
        yield setting(document, Topic.VERSION, "cline", version, f"{prefix}clineVersion")
    where = f"{prefix}workspaceRoots"
    for index, item in enumerate(as_list(document, state.get("workspaceRoots"), where)):
        root = item.get("path") if isinstance(item, Mapping) else None
        if isinstance(root, str) and root:
            yield setting(document, Topic.PROJECT, root, True, f"{where}[{index}].path")


_STATE_KEEP = tuple((key,) for key in ("autoApprovalSettings", "clineVersion", "workspaceRoots", *_SWITCHES, *_YOLO))


def _scripts(folder: str, scope: Scope) -> tuple[Location, ...]:
    return tuple(
        Location(f"{folder}/{name}.{ending}", scope, SCRIPT, Format.NONE)
        for name in ("*", "*/index", "_installed/*/package/index")
        for ending in ("ts", "js")
    )


AGENT = Agent(
    id="cline",
    name="Cline",
    vendor="Cline",
    detect=Detect(
        binaries=("cline",),
        paths=("~/.cline", "~/Documents/Cline", _STORAGE),
        extension_ids=(_ROW,),
        packages=("cline",),
        sessions=(f"{_STORAGE}/tasks/*/ui_messages.json", "~/.cline/data/sessions/*"),
    ),
    moved=(
        Moved("CLINE_MCP_SETTINGS_PATH", "~/.cline/data/settings/cline_mcp_settings.json"),
        Moved("CLINE_GLOBAL_SETTINGS_PATH", "~/.cline/data/settings/global-settings.json"),
        Moved("CLINE_DATA_DIR", "~/.cline/data"),
        Moved("CLINE_DIR", "~/.cline"),
    ),
    precedence=(Scope.MANAGED, Scope.USER),
    project_approval="none",
    locations=(
        Location("~/.cline/data/settings/cline_mcp_settings.json", Scope.USER, read_servers),
        Location(f"{_STORAGE}/settings/cline_mcp_settings.json", Scope.USER, read_servers),
        Location("~/.cline/data/globalState.json", Scope.USER, read_global_state, keep=_STATE_KEEP),
        Location("~/.cline/data/settings/global-settings.json", Scope.USER, read_global_settings),
        Location("~/.cline/data/cache/remote_config_*.json", Scope.MANAGED, read_remote_config),
        Location(f"{_STORAGE}/cache/remote_config_*.json", Scope.MANAGED, read_remote_config),
        Location(
            "{vscode_user}/globalStorage/state.vscdb",
            Scope.USER,
            read_editor_state,
            Format.SQLITE,
            members=(_ROW,),
            shared=True,
        ),
        Location("~/.cline/data/state/taskHistory.json", Scope.USER, read_history),
        Location(f"{_STORAGE}/state/taskHistory.json", Scope.USER, read_history),
        *(
            Location(f"{folder}/*", scope, read_hook_file, Format.NONE)
            for folder, scope in (
                ("~/Documents/Cline/Hooks", Scope.USER),
                ("~/.cline/hooks", Scope.USER),
                ("{project}/.clinerules/hooks", Scope.PROJECT),
                ("{project}/.cline/hooks", Scope.PROJECT),
            )
        ),
        *(
            Location(f"{folder}/*/SKILL.md", scope, SKILL, Format.FRONTMATTER, siblings=True)
            for folder, scope in (
                ("~/.cline/skills", Scope.USER),
                ("{project}/.cline/skills", Scope.PROJECT),
                ("{project}/.clinerules/skills", Scope.PROJECT),
            )
        ),
        *(
            Location(f"{folder}/*.md", scope, COMMAND, Format.FRONTMATTER)
            for folder, scope in (
                ("~/Documents/Cline/Workflows", Scope.USER),
                ("~/.cline/workflows", Scope.USER),
                ("~/.cline/data/workflows", Scope.USER),
                ("{project}/.clinerules/workflows", Scope.PROJECT),
                ("{project}/.cline/workflows", Scope.PROJECT),
            )
        ),
        *(
            Location(f"{folder}/*.{ending}", scope, SUBAGENT, Format.FRONTMATTER)
            for folder, scope in (
                ("~/.cline/agents", Scope.USER),
                ("{project}/.cline/agents", Scope.PROJECT),
            )
            for ending in ("yaml", "yml")
        ),
        *(
            location
            for folder, scope in (
                ("~/.cline/plugins", Scope.USER),
                ("~/Documents/Cline/Plugins", Scope.USER),
                ("{project}/.cline/plugins", Scope.PROJECT),
            )
            for location in _scripts(folder, scope)
        ),
        Location("~/.cline/cron/*.md", Scope.USER, _SCHEDULE, Format.FRONTMATTER),
        Location("{project}/.cline/cron/*.md", Scope.PROJECT, _SCHEDULE, Format.FRONTMATTER),
        Location("{project}/.clinerules", Scope.PROJECT, RULES, Format.TEXT),
        Location("{project}/.env", Scope.PROJECT, read_project_dotenv, Format.TEXT, shared=True),
        *(
            Location(f"{folder}.{ending}", scope, RULES, Format.FRONTMATTER)
            for folder, scope in (
                ("~/Documents/Cline/Rules/**/*", Scope.USER),
                ("~/.cline/rules/**/*", Scope.USER),
                ("{project}/.clinerules/*", Scope.PROJECT),
                ("{project}/.cline/rules/**/*", Scope.PROJECT),
            )
            for ending in ("md", "txt")
        ),
    ),
    hook=HOOK,
    notes={
        "documents": "where Documents is moved (OneDrive, XDG), the agent follows and this module does not",
        "commands": "CLINE_COMMAND_PERMISSIONS, the policy for commands, is an environment variable and on no disk",
        "hooks": "--yolo of the CLI switches hooks off; that is no setting on disk",
    },
)

"""Visual Studio Code with GitHub Copilot (Microsoft); also VSCodium, Insiders and the remote servers.

Sources, read 2026-11: https://code.visualstudio.com/docs/copilot/customization/{mcp-servers,hooks,agent-skills,
custom-instructions,prompt-files,custom-agents}, https://code.visualstudio.com/docs/agents/approvals,
https://code.visualstudio.com/docs/setup/enterprise (policy names; `/etc/vscode/policy.json` on Linux, managed
preferences on macOS, the registry on Windows). Settings are flat keys in JSONC. `false` in an automatic approval map
means "always ask", not "never". Every product of the family has a `{vscode_user}` folder: those of other agents
(Cursor, Windsurf, Antigravity, Kiro, Trae) are left to their modules. `~/.copilot` and `.github/hooks` belong to
copilot-cli and are read here because Copilot sessions of the editor run on the same runtime. Under which key
state.vscdb keeps the trust of a server is not known, so project servers stay pending here.
"""

from collections.abc import Iterable, Mapping

from spawngate.agents.agent import Agent, Detect, Location
from spawngate.agents.document import Document, Sighting
from spawngate.agents.formats import Format
from spawngate.agents.hooks.dialects.vscode import HOOK
from spawngate.agents.readers import as_map, descend, many
from spawngate.agents.readers.copilot_files import read_agent, read_prompt
from spawngate.agents.readers.hooks import Hooks
from spawngate.agents.readers.named_settings import lookup, switches
from spawngate.agents.readers.permissions import setting
from spawngate.agents.readers.servers import Fields, Servers, servers
from spawngate.agents.readers.texts import MEMORY, RULES, SKILL
from spawngate.agents.readers.vscode_projects import OfProducts, remembered
from spawngate.model.artifact import Scope
from spawngate.model.json import Json
from spawngate.model.observed import Topic

PRODUCTS = frozenset(
    {"vscode", "vscode-insiders", "vscodium", "positron", "vscode-server", "vscode-server-insiders", "code-server"}
)
FIELDS = Fields(sandbox=("sandboxEnabled",), auto_approve=(), trust=())

_SWITCHES = (
    "chat.mcp.access",
    "chat.mcp.enabled",
    "chat.mcp.autostart",
    "chat.mcp.discovery.enabled",
    "chat.mcp.gallery.serviceUrl",
    "chat.agent.enabled",
    "chat.useHooks",
    "chat.useClaudeHooks",
    "chat.hookFilesLocations",
    "chat.useAgentSkills",
    "chat.agentSkillsLocations",
    "chat.agentFilesLocations",
    "chat.instructionsFilesLocations",
    "chat.promptFilesLocations",
    "chat.useAgentsMdFile",
    "chat.useClaudeMdFile",
    "chat.plugins.enabled",
    "chat.plugins.marketplaces",
    "chat.plugins.paths",
    "chat.permissions.default",
    "chat.tools.eligibleForAutoApproval",
    "chat.tools.terminal.enableAutoApprove",
    "chat.tools.terminal.ignoreDefaultAutoApproveRules",
    "chat.tools.terminal.autoApproveWorkspaceNpmScripts",
    "chat.tools.terminal.sandbox.enabled",
    "chat.agent.sandbox.enabled",
    "github.copilot.chat.claudeAgent.allowDangerouslySkipPermissions",
    "extensions.allowed",
    "security.workspace.trust.enabled",
    "task.allowAutomaticTasks",
)
_POLICIES = (
    "AllowedExtensions",
    "ChatAgentExtensionTools",
    "ChatAgentMode",
    "ChatHooks",
    "ChatMCP",
    "ChatToolsAutoApprove",
    "ChatToolsEligibleForAutoApproval",
    "ChatToolsTerminalEnableAutoApprove",
    "McpGalleryServiceUrl",
)
_MAPS = (
    ("chat.tools.terminal.autoApprove", "Terminal"),
    ("chat.tools.edits.autoApprove", "Edit"),
    ("chat.tools.urls.autoApprove", "Fetch"),
)
_BLANKET = ("chat.tools.global.autoApprove", "chat.tools.autoApprove")


def read_settings(document: Document) -> Iterable[Sighting]:
    """`settings.json` of a user, a profile or a project."""
    yield from _settings(document, document.map(), "")


def read_workspace_file(document: Document) -> Iterable[Sighting]:
    """`*.code-workspace`: the same settings under `settings`."""
    yield from _settings(document, as_map(document, document.map().get("settings"), "settings"), "settings.")


def read_sandbox(document: Document) -> Iterable[Sighting]:
    """The `sandbox` part of `mcp.json`: what sandboxed servers may reach."""
    yield from switches(document, document.map(), ("sandbox",))


def read_devcontainer(document: Document) -> Iterable[Sighting]:
    """`devcontainer.json`: servers and settings for the editor inside the container."""
    part = as_map(document, descend(document, ("customizations", "vscode")), "customizations.vscode")
    yield from servers(document, lookup(part, "mcp.servers"), "customizations.vscode.mcp.servers", FIELDS)
    inside = as_map(document, part.get("settings"), "customizations.vscode.settings")
    yield from _settings(document, inside, "customizations.vscode.settings.")


def read_policy(document: Document) -> Iterable[Sighting]:
    """Policies of the organisation, by their policy names. `ChatMCP` has the values none, registry and all."""
    yield from switches(document, document.map(), _POLICIES, prefix="policy.")
    if document.map().get("ChatMCP") == "none":
        yield setting(document, Topic.SERVER_POLICY, "deny", {"serverName": "*"}, "ChatMCP")


def _settings(document: Document, values: Mapping[str, Json], pointer: str) -> Iterable[Sighting]:
    legacy = values.get("mcp")
    container = legacy.get("servers") if isinstance(legacy, Mapping) else None
    yield from servers(document, container, f"{pointer}mcp.servers", FIELDS)
    yield from servers(document, values.get("mcp.servers"), f"{pointer}mcp.servers", FIELDS)
    yield from switches(document, values, _SWITCHES)
    for key in _BLANKET:
        if values.get(key) is True:
            yield setting(document, Topic.AUTO_APPROVE, "all tools", True, f"{pointer}{key}")
    mode = values.get("chat.permissions.default")
    if mode in ("autoApprove", "bypassApprovals", "autopilot"):
        yield setting(document, Topic.AUTO_APPROVE, str(mode), True, f"{pointer}chat.permissions.default")
    for key, tool in _MAPS:
        where = f"{pointer}{key}"
        for pattern, verdict in as_map(document, values.get(key), where).items():
            word = _verdict(document, verdict, f"{where}.{pattern}")
            if word is not None:
                yield setting(document, Topic.PERMISSION, f"{tool}({pattern})", word, where)


def _verdict(document: Document, verdict: Json, pointer: str) -> str | None:
    """allow, ask, or None for an entry that takes back a default (null) or is not understood."""
    if isinstance(verdict, Mapping):
        both = [verdict[key] for key in ("approve", "approveRequest", "approveResponse") if key in verdict]
        verdict = both[0] if both else None
    if isinstance(verdict, bool):
        return "allow" if verdict else "ask"
    if verdict is not None:
        document.note("wrong-type", f"{pointer} is neither a boolean nor a map")
    return None


_MCP = many(Servers(("servers",), FIELDS), read_sandbox)
_SHARED = Servers(fields=FIELDS)


def _editor(root: str, scope: Scope) -> tuple[Location, ...]:
    """What lies in a user's folder and in each profile's."""
    return (
        Location(f"{root}/mcp.json", scope, OfProducts(PRODUCTS, _MCP), Format.JSONC),
        Location(f"{root}/settings.json", scope, OfProducts(PRODUCTS, read_settings), Format.JSONC),
        Location(f"{root}/prompts/*.prompt.md", scope, OfProducts(PRODUCTS, read_prompt), Format.FRONTMATTER),
        Location(f"{root}/prompts/*.agent.md", scope, OfProducts(PRODUCTS, read_agent), Format.FRONTMATTER),
        Location(f"{root}/prompts/*.chatmode.md", scope, OfProducts(PRODUCTS, read_agent), Format.FRONTMATTER),
        Location(f"{root}/prompts/*.instructions.md", scope, OfProducts(PRODUCTS, RULES), Format.FRONTMATTER),
    )


AGENT = Agent(
    id="vscode",
    name="Visual Studio Code with GitHub Copilot",
    vendor="Microsoft",
    detect=Detect(
        binaries=("code", "code-insiders", "codium"),
        paths=(
            "{appdata}/Code/User",
            "{appdata}/Code - Insiders/User",
            "{appdata}/VSCodium/User",
            "~/.vscode/argv.json",
            "~/.vscode-server/data",
        ),
        apps=(
            "/Applications/Visual Studio Code.app",
            "/Applications/Visual Studio Code - Insiders.app",
            "/Applications/VSCodium.app",
            "/usr/share/code/code",
            "%LOCALAPPDATA%/Programs/Microsoft VS Code/Code.exe",
            "%PROGRAMFILES%/Microsoft VS Code/Code.exe",
        ),
        extension_ids=("github.copilot-chat", "github.copilot"),
        sessions=(
            "{appdata}/Code/User/workspaceStorage/*/chatSessions/*",
            "{appdata}/Code/User/globalStorage/state.vscdb",
        ),
    ),
    project_approval="pending",
    process_names=("Code", "Code Helper", "Code Helper (Plugin)", "Code.exe"),
    locations=(
        *_editor("{vscode_user}", Scope.USER),
        *_editor("{vscode_user}/profiles/*", Scope.PROFILE),
        Location("{project}/.vscode/mcp.json", Scope.PROJECT, _MCP, Format.JSONC),
        Location("{project}/.vscode/settings.json", Scope.PROJECT, read_settings, Format.JSONC),
        Location("{project}/*.code-workspace", Scope.PROJECT, read_workspace_file, Format.JSONC),
        Location("{project}/.devcontainer/devcontainer.json", Scope.PROJECT, read_devcontainer, Format.JSONC),
        Location("{project}/.devcontainer/*/devcontainer.json", Scope.PROJECT, read_devcontainer, Format.JSONC),
        Location("{project}/.devcontainer.json", Scope.PROJECT, read_devcontainer, Format.JSONC),
        Location("{project}/.mcp.json", Scope.PROJECT, _SHARED, shared=True),
        Location("{project}/.github/mcp.json", Scope.PROJECT, _SHARED, shared=True),
        Location("~/.copilot/mcp-config.json", Scope.USER, _SHARED, shared=True),
        *remembered(PRODUCTS),
        Location("/etc/vscode/policy.json", Scope.MANAGED, read_policy, on=("linux",)),
        Location(
            "/Library/Managed Preferences/com.microsoft.VSCode.plist",
            Scope.MANAGED,
            read_policy,
            Format.PLIST,
            on=("macos",),
        ),
        Location("{project}/.github/hooks/*.json", Scope.PROJECT, Hooks(), shared=True),
        Location("~/.copilot/hooks/*.json", Scope.USER, Hooks(), shared=True),
        Location("~/.claude/settings.json", Scope.USER, Hooks(), shared=True),
        Location("{project}/.claude/settings.json", Scope.PROJECT, Hooks(), shared=True),
        Location("{project}/.claude/settings.local.json", Scope.LOCAL, Hooks(), shared=True),
        Location("{project}/.github/skills/*/SKILL.md", Scope.PROJECT, SKILL, Format.FRONTMATTER, siblings=True),
        Location("{project}/.github/prompts/*.prompt.md", Scope.PROJECT, read_prompt, Format.FRONTMATTER),
        Location("{project}/.github/agents/*.md", Scope.PROJECT, read_agent, Format.FRONTMATTER),
        Location("{project}/.github/chatmodes/*.chatmode.md", Scope.PROJECT, read_agent, Format.FRONTMATTER),
        Location("{project}/.github/copilot-instructions.md", Scope.PROJECT, RULES, Format.TEXT),
        Location("{project}/.github/instructions/**/*.instructions.md", Scope.PROJECT, RULES, Format.FRONTMATTER),
        Location(
            "{vscode_user}/globalStorage/github.copilot-chat/memory-tool/memories/*.md",
            Scope.USER,
            OfProducts(PRODUCTS, MEMORY),
            Format.TEXT,
        ),
    ),
    hook=HOOK,
    notes={
        "approvals": "the trust of a server is in state.vscdb under a key that is not known",
        "extensions": "servers that an extension provides are made at run time; see the surface vscode-extensions",
        "policy": "on Windows the policies are in the registry, which is not read",
        "portable": "a portable installation (VSCODE_PORTABLE, --user-data-dir) is not found",
        "memory": "the folder of the memory tool is partly verified",
    },
)

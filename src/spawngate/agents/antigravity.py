"""Google Antigravity: the editor (2.x) and the CLI `agy`.

Sources, read 2026-11: https://antigravity.google/docs/{mcp,hooks,permissions,cli-permissions,subagents} through
dyoshikawa/rulesync (src/constants/antigravity*.ts, src/features/hooks/antigravity-hooks.ts: a hooks file maps a hook's
name to its events, older files hold the events themselves; permissions are allow, ask and deny lists of
`action(target)`); stacklok/toolhive pkg/client/config.go (the legacy MCP file). `trustedWorkspaces` of the CLI's
settings.json is a third-party reading. `~/.gemini/antigravity-cli/mcp_config.json` is no longer read by new
releases, so its servers have no known state; `~/.gemini/antigravity-cli/hooks.json` is documented in places and
ignored at run time, so it is not listed. The first editor releases had `.agent` where `.agents` is now.
`.agents/skills` is recorded by shared-instructions, `~/.gemini/GEMINI.md` by gemini-cli.
"""

from collections.abc import Iterable
from dataclasses import replace

from spawngate.agents.agent import Agent, Detect, Location
from spawngate.agents.document import Document, Sighting
from spawngate.agents.formats import Format
from spawngate.agents.hooks.dialects.antigravity import HOOK
from spawngate.agents.readers import as_map, as_texts, many
from spawngate.agents.readers.hooks import hook_table
from spawngate.agents.readers.named_settings import switches
from spawngate.agents.readers.permissions import claude_permissions, setting
from spawngate.agents.readers.plugins import Plugin
from spawngate.agents.readers.servers import Fields, Servers, servers
from spawngate.agents.readers.texts import COMMAND, MEMORY, RULES, SKILL, SUBAGENT
from spawngate.agents.readers.vscode_projects import OfProducts, remembered
from spawngate.model.artifact import Scope, Status
from spawngate.model.json import Json
from spawngate.model.observed import Observed, Topic

PRODUCTS = frozenset({"antigravity"})
FIELDS = Fields(url={"serverUrl": None, "url": None, "httpUrl": None}, auto_approve=(), sandbox=())

EVENTS = frozenset({"PreInvocation", "PreToolUse", "PostToolUse", "PostInvocation", "Stop"})
_SWITCHES = (
    "toolPermission",
    "enableTerminalSandbox",
    "artifactReviewPolicy",
    "allowNonWorkspaceAccess",
    "agentMode",
)
_EDITOR = ("security.workspace.trust.enabled", "task.allowAutomaticTasks")


def read_hooks(document: Document) -> Iterable[Sighting]:
    """`hooks.json`: named hooks with an `enabled` flag each, or the events at the top."""
    yield from _hooks(document, document.map(), "")


def read_settings(document: Document) -> Iterable[Sighting]:
    """`settings.json` of the CLI or of a project: permissions, approval presets, trusted folders and hooks."""
    values = document.map()
    yield from claude_permissions(document)
    yield from switches(document, values, _SWITCHES)
    if values.get("toolPermission") == "always-proceed":
        yield setting(document, Topic.AUTO_APPROVE, "always-proceed", True, "toolPermission")
    for folder in as_texts(document, values.get("trustedWorkspaces"), "trustedWorkspaces"):
        yield setting(document, Topic.TRUST, folder, True, "trustedWorkspaces")
        yield setting(document, Topic.PROJECT, folder, True, "trustedWorkspaces")
    yield from _hooks(document, values.get("hooks"), "hooks.")


def read_editor(document: Document) -> Iterable[Sighting]:
    """`settings.json` of the editor."""
    yield from switches(document, document.map(), _EDITOR)


def read_former(document: Document) -> Iterable[Sighting]:
    """The CLI's own MCP file, which only older releases read."""
    container = document.map().get("mcpServers")
    yield from servers(document, container, "mcpServers", FIELDS, status=Status.UNKNOWN)


def _hooks(document: Document, table: Json, prefix: str) -> Iterable[Observed]:
    for name, raw in as_map(document, table, prefix.rstrip(".") or "$").items():
        if name in EVENTS:
            yield from hook_table(document, {name: raw}, prefix.rstrip(".") or "$")
            continue
        named = as_map(document, raw, f"{prefix}{name}")
        off = named.get("enabled") is False
        events = {event: groups for event, groups in named.items() if event != "enabled"}
        for found in hook_table(document, events, f"{prefix}{name}"):
            yield replace(found, status=Status.DISABLED) if off else found


_SETTINGS = many(read_settings, Servers(fields=FIELDS))


def _plugin(root: str) -> tuple[Location, ...]:
    return (
        Location(f"{root}/plugin.json", Scope.PLUGIN, Plugin(0, FIELDS)),
        Location(f"{root}/mcp_config.json", Scope.PLUGIN, Servers(fields=FIELDS)),
        Location(f"{root}/hooks.json", Scope.PLUGIN, read_hooks),
        Location(f"{root}/skills/*/SKILL.md", Scope.PLUGIN, SKILL, Format.FRONTMATTER, siblings=True),
        Location(f"{root}/agents/*.md", Scope.PLUGIN, SUBAGENT, Format.FRONTMATTER),
        Location(f"{root}/rules/*.md", Scope.PLUGIN, RULES, Format.FRONTMATTER),
    )


AGENT = Agent(
    id="antigravity",
    name="Google Antigravity",
    vendor="Google",
    detect=Detect(
        binaries=("agy", "antigravity"),
        paths=(
            "~/.gemini/config/mcp_config.json",
            "~/.gemini/antigravity",
            "~/.gemini/antigravity-cli",
            "{appdata}/Antigravity/User",
            "~/.antigravity/extensions",
        ),
        apps=(
            "/Applications/Antigravity.app",
            "%LOCALAPPDATA%/Programs/Antigravity/Antigravity.exe",
            "/usr/share/antigravity/antigravity",
        ),
        sessions=("~/.gemini/antigravity/conversations/*", "~/.gemini/antigravity-cli/conversations/*"),
    ),
    project_approval="trust",
    process_names=("Antigravity",),
    locations=(
        Location("~/.gemini/config/mcp_config.json", Scope.USER, Servers(fields=FIELDS)),
        Location("~/.gemini/antigravity/mcp_config.json", Scope.USER, Servers(fields=FIELDS)),
        Location("~/.gemini/antigravity-cli/mcp_config.json", Scope.USER, read_former),
        Location("{project}/.agents/mcp_config.json", Scope.PROJECT, Servers(fields=FIELDS)),
        Location("~/.gemini/config/hooks.json", Scope.USER, read_hooks),
        Location("~/.gemini/hooks.json", Scope.USER, read_hooks),
        Location("{project}/.agents/hooks.json", Scope.PROJECT, read_hooks),
        Location("~/.gemini/antigravity-cli/settings.json", Scope.USER, _SETTINGS),
        Location("{project}/.antigravity/settings.json", Scope.PROJECT, _SETTINGS, Format.JSONC),
        Location("{vscode_user}/settings.json", Scope.USER, OfProducts(PRODUCTS, read_editor), Format.JSONC),
        *remembered(PRODUCTS),
        *_plugin("~/.gemini/config/plugins/*"),
        *_plugin("~/.gemini/antigravity-cli/plugins/*"),
        Location("~/.gemini/config/skills/*/SKILL.md", Scope.USER, SKILL, Format.FRONTMATTER, siblings=True),
        Location("~/.gemini/antigravity/skills/*/SKILL.md", Scope.USER, SKILL, Format.FRONTMATTER, siblings=True),
        Location("~/.gemini/antigravity-cli/skills/*/SKILL.md", Scope.USER, SKILL, Format.FRONTMATTER, siblings=True),
        Location("{project}/.agent/skills/*/SKILL.md", Scope.PROJECT, SKILL, Format.FRONTMATTER, siblings=True),
        Location("~/.gemini/config/global_workflows/*.md", Scope.USER, COMMAND, Format.FRONTMATTER),
        Location("~/.gemini/antigravity/global_workflows/*.md", Scope.USER, COMMAND, Format.FRONTMATTER),
        Location("~/.gemini/antigravity-cli/global_workflows/*.md", Scope.USER, COMMAND, Format.FRONTMATTER),
        Location("{project}/.agents/workflows/*.md", Scope.PROJECT, COMMAND, Format.FRONTMATTER),
        Location("{project}/.agent/workflows/*.md", Scope.PROJECT, COMMAND, Format.FRONTMATTER),
        Location("~/.gemini/config/agents/*.md", Scope.USER, SUBAGENT, Format.FRONTMATTER),
        Location("{project}/.agents/agents/*.md", Scope.PROJECT, SUBAGENT, Format.FRONTMATTER),
        Location("{project}/.agents/rules/*.md", Scope.PROJECT, RULES, Format.FRONTMATTER),
        Location("{project}/.agent/rules/*.md", Scope.PROJECT, RULES, Format.FRONTMATTER),
        Location("~/.gemini/antigravity/knowledge/**/*.md", Scope.USER, MEMORY, Format.TEXT),
    ),
    hook=HOOK,
    notes={
        "approvals": "the editor keeps its approvals and its terminal policy in its own state, which is not read",
        "interpolation": "whether variables in the MCP file are replaced is not documented",
        "legacy": "servers of ~/.gemini/antigravity-cli/mcp_config.json are in force in older releases only",
        "trust": "trustedWorkspaces and the folder of knowledge items are third-party readings",
    },
)

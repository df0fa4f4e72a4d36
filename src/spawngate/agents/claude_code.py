"""Claude Code (Anthropic).

Sources, read 2026-11: https://code.claude.com/docs/en/mcp, /settings, /hooks, /skills, /plugins-reference,
/memory; the change log of anthropics/claude-code. Precedence of servers: local, project, user, plugin; a
managed-mcp.json is exclusive, and one without servers switches MCP off (/managed-mcp). Approvals of project servers
lie in the project's settings.local.json (`enabledMcpjsonServers`, `disabledMcpjsonServers`,
`enableAllProjectMcpServers`), in older versions in `~/.claude.json` under the project. Approvals committed to the
project's own settings.json count only once the folder is trusted. These
approvals and refusals concern `.mcp.json` alone: 2.1.197 and 2.1.330 start a user's or local server that
`disabledMcpjsonServers` names all the same (observed).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from spawngate.agents.agent import Agent, Detect, Location, Moved
from spawngate.agents.document import Document, Platform, Sighting
from spawngate.agents.formats import Format
from spawngate.agents.hooks.dialects.claude_code import HOOK
from spawngate.agents.readers import as_map, descend, many
from spawngate.agents.readers.claude_shaped import STATE_KEEP, ClaudeSettings, ClaudeState
from spawngate.agents.readers.hooks import Hooks
from spawngate.agents.readers.permissions import setting
from spawngate.agents.readers.plugins import MARKETPLACE, PLUGIN
from spawngate.agents.readers.servers import Fields, Servers, servers
from spawngate.agents.readers.texts import COMMAND, MEMORY, RULES, SKILL, SUBAGENT, Text
from spawngate.agents.settle import settle as settle_by_fields
from spawngate.model.artifact import Artifact, Kind, Scope
from spawngate.model.observed import Topic
from spawngate.model.setting import Setting

FIELDS = Fields(header_command=("headersHelper",), env_file=(), auto_approve=(), trust=(), sandbox=())

_SWITCHES = ("skipDangerousModePermissionPrompt", "awsAuthRefresh", "awsCredentialExport")


def read_managed_servers(document: Document) -> Iterable[Sighting]:
    """`managed-mcp.json`: where it exists, its servers are the only ones; with an empty map there are none."""
    listed = descend(document, ("mcpServers",))
    yield from servers(document, listed, "mcpServers", FIELDS)
    if isinstance(listed, Mapping) and not listed:
        yield setting(document, Topic.SERVER_POLICY, "deny", {"serverName": "*"}, "mcpServers")


def read_installed_plugins(document: Document) -> Iterable[Sighting]:
    """`installed_plugins.json`: which plugin versions are in place."""
    for name in as_map(document, descend(document, ("plugins",)), "plugins"):
        yield setting(document, Topic.PLUGIN_STATUS, name, True, f"plugins.{name}")


def settle(artifacts: Sequence[Artifact], settings: Sequence[Setting]) -> Sequence[Artifact]:
    """The common rules, but what is stored about `.mcp.json` servers touches no server of another scope."""
    agent = replace(AGENT, settle=None)
    others = [item for item in settings if not _is_approval(item)]
    shared = iter(settle_by_fields(agent, [item for item in artifacts if item.scope is Scope.PROJECT], settings))
    own = iter(settle_by_fields(agent, [item for item in artifacts if item.scope is not Scope.PROJECT], others))
    return [next(shared if item.scope is Scope.PROJECT else own) for item in artifacts]


def _is_approval(item: Setting) -> bool:
    return item.topic is Topic.SERVER_STATUS and (item.name == "*" or item.pointer.endswith("McpjsonServers"))


_SETTINGS = many(ClaudeSettings(_SWITCHES), Hooks())
_STYLE = Text(Kind.INSTRUCTION, "output-style")
_MANAGED: tuple[tuple[str, tuple[Platform, ...]], ...] = (
    ("/etc/claude-code", ("linux",)),
    ("/Library/Application Support/ClaudeCode", ("macos",)),
    ("%PROGRAMFILES%/ClaudeCode", ("windows",)),
)

AGENT = Agent(
    id="claude-code",
    name="Claude Code",
    vendor="Anthropic",
    detect=Detect(
        binaries=("claude",),
        paths=(
            "~/.claude.json",
            "~/.claude/settings.json",
            "~/.claude/projects",
            "~/.local/share/claude/versions",
        ),
        extension_ids=("anthropic.claude-code",),
        packages=("@anthropic-ai/claude-code",),
        sessions=("~/.claude/projects/*/*.jsonl",),
    ),
    moved=(
        Moved("CLAUDE_CONFIG_DIR", "~/.claude.json", "{value}/.claude.json"),
        Moved("CLAUDE_CONFIG_DIR", "~/.claude"),
    ),
    exclusive=(Scope.MANAGED,),
    project_approval="pending",
    settle=settle,
    locations=(
        Location("~/.claude.json", Scope.USER, ClaudeState(FIELDS), keep=STATE_KEEP),
        Location("{project}/.mcp.json", Scope.PROJECT, Servers(fields=FIELDS)),
        *(
            location
            for folder, on in _MANAGED
            for location in (
                Location(f"{folder}/managed-mcp.json", Scope.MANAGED, read_managed_servers, on=on),
                Location(f"{folder}/managed-settings.json", Scope.MANAGED, _SETTINGS, on=on),
                Location(f"{folder}/managed-settings.d/*.json", Scope.MANAGED, _SETTINGS, on=on),
                Location(f"{folder}/CLAUDE.md", Scope.MANAGED, RULES, Format.TEXT, on=on),
                Location(f"{folder}/.claude/agents/*.md", Scope.MANAGED, SUBAGENT, Format.FRONTMATTER, on=on),
            )
        ),
        Location("~/.claude/settings.json", Scope.USER, _SETTINGS),
        Location("~/.claude/remote-settings.json", Scope.MANAGED, _SETTINGS),
        Location("{project}/.claude/settings.json", Scope.PROJECT, _SETTINGS),
        Location("{project}/.claude/settings.local.json", Scope.LOCAL, _SETTINGS),
        Location("~/.claude/plugins/installed_plugins.json", Scope.USER, read_installed_plugins),
        Location("~/.claude/plugins/cache/*/*/*/.claude-plugin/plugin.json", Scope.PLUGIN, PLUGIN),
        Location("~/.claude/plugins/cache/*/*/*/.mcp.json", Scope.PLUGIN, Servers(fields=FIELDS)),
        Location("~/.claude/plugins/cache/*/*/*/hooks/hooks.json", Scope.PLUGIN, Hooks()),
        Location(
            "~/.claude/plugins/cache/*/*/*/skills/*/SKILL.md",
            Scope.PLUGIN,
            SKILL,
            Format.FRONTMATTER,
            siblings=True,
        ),
        Location("~/.claude/plugins/cache/*/*/*/commands/**/*.md", Scope.PLUGIN, COMMAND, Format.FRONTMATTER),
        Location("~/.claude/plugins/cache/*/*/*/agents/*.md", Scope.PLUGIN, SUBAGENT, Format.FRONTMATTER),
        Location("~/.claude/plugins/marketplaces/*/.claude-plugin/marketplace.json", Scope.PLUGIN, MARKETPLACE),
        Location("~/.claude/skills/*/SKILL.md", Scope.USER, SKILL, Format.FRONTMATTER, siblings=True),
        Location("{project}/.claude/skills/*/SKILL.md", Scope.PROJECT, SKILL, Format.FRONTMATTER, siblings=True),
        Location("~/.claude/commands/**/*.md", Scope.USER, COMMAND, Format.FRONTMATTER),
        Location("{project}/.claude/commands/**/*.md", Scope.PROJECT, COMMAND, Format.FRONTMATTER),
        Location("~/.claude/agents/*.md", Scope.USER, SUBAGENT, Format.FRONTMATTER),
        Location("{project}/.claude/agents/*.md", Scope.PROJECT, SUBAGENT, Format.FRONTMATTER),
        Location("~/.claude/output-styles/*.md", Scope.USER, _STYLE, Format.FRONTMATTER),
        Location("{project}/.claude/output-styles/*.md", Scope.PROJECT, _STYLE, Format.FRONTMATTER),
        Location("~/.claude/CLAUDE.md", Scope.USER, RULES, Format.TEXT),
        Location("~/.claude/rules/**/*.md", Scope.USER, RULES, Format.FRONTMATTER),
        Location("{project}/CLAUDE.md", Scope.PROJECT, RULES, Format.TEXT),
        Location("{project}/.claude/CLAUDE.md", Scope.PROJECT, RULES, Format.TEXT),
        Location("{project}/CLAUDE.local.md", Scope.LOCAL, RULES, Format.TEXT),
        Location("{project}/.claude/rules/**/*.md", Scope.PROJECT, RULES, Format.FRONTMATTER),
        Location("~/.claude/projects/*/memory/*.md", Scope.USER, MEMORY, Format.TEXT),
    ),
    hook=HOOK,
    notes={
        "headless": "`claude -p` and the SDK load project servers without the approval recorded here",
        "connectors": "servers of the claude.ai account are not on disk",
    },
)

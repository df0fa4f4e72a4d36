"""CodeBuddy Code and WorkBuddy (Tencent).

Sources, read 2026-11: https://www.codebuddy.ai/docs/cli/settings, /docs/cli/plugins-reference,
https://cloud.tencent.com/document/product/1831/137039 and its copy at w3cschool.cn (servers: user in ~/.codebuddy.json,
local under its `projects`, project in .mcp.json; local beats project beats user; project servers need an approval).
A fork of Claude Code in every file read. Not read at the vendor: the folders of plugins, everything of WorkBuddy,
whose mcp-approvals.json is keyed by a hash of the definition and cannot be matched to names.
"""

from spawngate.agents.agent import Agent, Detect, Location
from spawngate.agents.formats import Format
from spawngate.agents.hooks.dialects.codebuddy import HOOK
from spawngate.agents.readers import many
from spawngate.agents.readers.claude_shaped import STATE_KEEP, ClaudeSettings, ClaudeState
from spawngate.agents.readers.hooks import Hooks
from spawngate.agents.readers.plugins import MARKETPLACE, PLUGIN
from spawngate.agents.readers.servers import Fields, Servers
from spawngate.agents.readers.texts import COMMAND, RULES, SKILL, SUBAGENT
from spawngate.model.artifact import Scope

FIELDS = Fields(env_file=(), auto_approve=(), trust=(), sandbox=())

_SERVERS = Servers(fields=FIELDS)
_SETTINGS = many(ClaudeSettings(switches=("sandbox.enabled", "autoUpdates")), Hooks())
_HOME = "~/.codebuddy"
_PLUGINS = f"{_HOME}/plugins/cache/*/*/*"

AGENT = Agent(
    id="codebuddy",
    name="CodeBuddy Code",
    vendor="Tencent",
    detect=Detect(
        binaries=("codebuddy",),
        paths=(_HOME, "~/.codebuddy.json", "~/.workbuddy", "{appdata}/CodeBuddy", "{appdata}/CodeBuddy CN"),
        apps=("/Applications/CodeBuddy.app", "/Applications/CodeBuddy CN.app", "/Applications/WorkBuddy.app"),
        extension_ids=("tencent-cloud.coding-copilot",),
        packages=("@tencent-ai/codebuddy-code",),
        sessions=("~/.codebuddy/projects/*/*.jsonl",),
    ),
    project_approval="pending",
    locations=(
        Location("~/.codebuddy.json", Scope.USER, ClaudeState(FIELDS), keep=STATE_KEEP),
        Location(f"{_HOME}/.mcp.json", Scope.USER, _SERVERS),
        Location(f"{_HOME}/mcp.json", Scope.USER, _SERVERS),
        Location("~/.workbuddy/mcp.json", Scope.USER, _SERVERS),
        Location("{project}/.mcp.json", Scope.PROJECT, _SERVERS, shared=True),
        Location(f"{_HOME}/settings.json", Scope.USER, _SETTINGS),
        Location("~/.workbuddy/settings.json", Scope.USER, _SETTINGS),
        Location("{project}/.codebuddy/settings.json", Scope.PROJECT, _SETTINGS),
        Location("{project}/.codebuddy/settings.local.json", Scope.LOCAL, _SETTINGS),
        Location(f"{_PLUGINS}/.codebuddy-plugin/plugin.json", Scope.PLUGIN, PLUGIN),
        Location(f"{_PLUGINS}/.mcp.json", Scope.PLUGIN, _SERVERS),
        Location(f"{_PLUGINS}/hooks/hooks.json", Scope.PLUGIN, Hooks()),
        Location(f"{_PLUGINS}/skills/*/SKILL.md", Scope.PLUGIN, SKILL, Format.FRONTMATTER, siblings=True),
        Location(f"{_PLUGINS}/commands/**/*.md", Scope.PLUGIN, COMMAND, Format.FRONTMATTER),
        Location(f"{_PLUGINS}/agents/*.md", Scope.PLUGIN, SUBAGENT, Format.FRONTMATTER),
        Location(f"{_HOME}/plugins/marketplaces/*/.codebuddy-plugin/marketplace.json", Scope.PLUGIN, MARKETPLACE),
        Location(f"{_HOME}/skills/*/SKILL.md", Scope.USER, SKILL, Format.FRONTMATTER, siblings=True),
        Location("~/.workbuddy/skills/*/SKILL.md", Scope.USER, SKILL, Format.FRONTMATTER, siblings=True),
        Location("{project}/.codebuddy/skills/*/SKILL.md", Scope.PROJECT, SKILL, Format.FRONTMATTER, siblings=True),
        Location(f"{_HOME}/commands/**/*.md", Scope.USER, COMMAND, Format.FRONTMATTER),
        Location("{project}/.codebuddy/commands/**/*.md", Scope.PROJECT, COMMAND, Format.FRONTMATTER),
        Location(f"{_HOME}/agents/*.md", Scope.USER, SUBAGENT, Format.FRONTMATTER),
        Location("{project}/.codebuddy/agents/*.md", Scope.PROJECT, SUBAGENT, Format.FRONTMATTER),
        Location(f"{_HOME}/CODEBUDDY.md", Scope.USER, RULES, Format.TEXT),
        Location("{project}/CODEBUDDY.md", Scope.PROJECT, RULES, Format.TEXT),
        Location("{project}/.codebuddy/CODEBUDDY.md", Scope.PROJECT, RULES, Format.TEXT),
        Location("{project}/CODEBUDDY.local.md", Scope.LOCAL, RULES, Format.TEXT),
        Location(f"{_HOME}/rules/**/*.md", Scope.USER, RULES, Format.FRONTMATTER),
        Location("{project}/.codebuddy/rules/**/*.md", Scope.PROJECT, RULES, Format.FRONTMATTER),
        Location("{project}/.codebuddy/rules/**/*.mdc", Scope.PROJECT, RULES, Format.FRONTMATTER),
    ),
    hook=HOOK,
    notes={
        "headless": "`codebuddy -p` takes approvals from --settings, which leaves no trace on disk",
        "WorkBuddy": "its approvals are keyed by a hash and are not read; its servers count as in force",
        "plugins": "the folders of plugins follow Claude Code and were not read at the vendor",
        "home": "a variable that moves the home (CODEBUDDY_CONFIG_DIR) is likely and was not verified",
    },
)

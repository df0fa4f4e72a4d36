"""Trae and Trae CN (ByteDance).

Sources, by way of the reference of 2026-11 and not read again: https://docs.trae.ai/ide/model-context-protocol,
/ide/hooks; stacklok/toolhive:pkg/client/config.go.
Two products with one layout: `~/.trae` and `~/.trae-cn`, and the editor's folders `Trae` and `Trae CN`. A project's
mcp.json and hooks.json take effect only after a toggle in Settings, which the editor keeps in its own state.
A further toggle, off by default, loads Claude Code's hooks; those belong to claude-code and are not read again.
"""

from collections.abc import Iterable

from spawngate.agents.agent import Agent, Detect, Location
from spawngate.agents.document import Document, Sighting
from spawngate.agents.formats import Format
from spawngate.agents.hooks.dialects.trae import HOOK
from spawngate.agents.readers import many
from spawngate.agents.readers.claude_shaped import HookDocument
from spawngate.agents.readers.permissions import setting
from spawngate.agents.readers.servers import Fields, Servers
from spawngate.agents.readers.texts import COMMAND, RULES, SKILL, SUBAGENT
from spawngate.agents.readers.vscode_projects import remembered
from spawngate.model.artifact import Scope, Status
from spawngate.model.observed import Topic

FIELDS = Fields(env_file=(), auto_approve=(), trust=(), sandbox=())


def read_toggle(document: Document) -> Iterable[Sighting]:
    """Whether a project's servers run is a toggle that this file does not hold: their state is unknown."""
    if document.map().get("mcpServers"):
        yield setting(document, Topic.SERVER_STATUS, "*", Status.UNKNOWN, "mcpServers")


_SERVERS = Servers(fields=FIELDS)
_HOOKS = HookDocument()

AGENT = Agent(
    id="trae",
    name="Trae",
    vendor="ByteDance",
    detect=Detect(
        binaries=("trae", "trae-cn"),
        paths=("~/.trae", "~/.trae-cn", "{appdata}/Trae", "{appdata}/Trae CN"),
        apps=(
            "/Applications/Trae.app",
            "/Applications/Trae CN.app",
            "%LOCALAPPDATA%/Programs/Trae/Trae.exe",
            "%LOCALAPPDATA%/Programs/Trae CN/Trae CN.exe",
        ),
        sessions=("{appdata}/Trae/User/workspaceStorage/*", "{appdata}/Trae CN/User/workspaceStorage/*"),
    ),
    project_approval="pending",
    locations=(
        Location("{appdata}/Trae/User/mcp.json", Scope.USER, _SERVERS),
        Location("{appdata}/Trae CN/User/mcp.json", Scope.USER, _SERVERS),
        Location("{project}/.trae/mcp.json", Scope.PROJECT, many(_SERVERS, read_toggle)),
        Location("{project}/.trae/hooks.json", Scope.PROJECT, _HOOKS),
        *(
            location
            for folder in ("~/.trae", "~/.trae-cn")
            for location in (
                Location(f"{folder}/hooks.json", Scope.USER, _HOOKS),
                Location(f"{folder}/skills/*/SKILL.md", Scope.USER, SKILL, Format.FRONTMATTER, siblings=True),
                Location(f"{folder}/user_rules.md", Scope.USER, RULES, Format.TEXT),
            )
        ),
        Location("{project}/.trae/skills/*/SKILL.md", Scope.PROJECT, SKILL, Format.FRONTMATTER, siblings=True),
        Location("{project}/.trae/commands/**/*.md", Scope.PROJECT, COMMAND, Format.FRONTMATTER),
        Location("{project}/.trae/agents/*.md", Scope.PROJECT, SUBAGENT, Format.FRONTMATTER),
        Location("{project}/.trae/rules/**/*.md", Scope.PROJECT, RULES, Format.FRONTMATTER),
        *remembered(frozenset({"trae", "trae-cn"})),
    ),
    process_names=("Trae", "Trae CN"),
    hook=HOOK,
    notes={
        "approval": "the toggles for a project's servers and hooks lie in the editor's state and were not read",
        "agents": "agents made in the editor are kept in its state, not in files",
        "command line": "the open-source trae-agent and its trae_config.yaml are another product",
    },
)

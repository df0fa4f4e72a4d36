"""Qoder (Alibaba): the IDE, Qoder CLI and QoderWork; Qoder CN is the same under `~/.qoder-cn`.

Sources, read 2026-11: https://docs.qoder.com/cli/mcp-servers, /cli/mcp-reference, /cli/permissions, /cli/hooks,
/cli/memory, /cli/subagent; dyoshikawa/rulesync#2949 (files, order, QODER_CONFIG_DIR); stacklok/toolhive#5870 and
RealZST/HarnessKit#142 (which product reads which mcp.json). The command line keeps servers in settings.json (user,
project), .mcp.json and settings.local.json; the IDE keeps its own in SharedClientCache/mcp.json, and makes an
`~/.qoder/mcp.json` that nothing was seen to load. Not read at the vendor: the file of trusted folders, where plugins
lie.
"""

from collections.abc import Iterable, Mapping

from spawngate.agents.agent import Agent, Detect, Location, Moved
from spawngate.agents.document import Document, Sighting
from spawngate.agents.formats import Format
from spawngate.agents.hooks.dialects.qoder import HOOK
from spawngate.agents.readers import many
from spawngate.agents.readers.claude_shaped import ClaudeSettings, approvals
from spawngate.agents.readers.hooks import Hooks
from spawngate.agents.readers.plugins import PLUGIN
from spawngate.agents.readers.servers import Fields, Servers
from spawngate.agents.readers.texts import COMMAND, RULES, SKILL, SUBAGENT
from spawngate.agents.readers.vscode_projects import read_workspace
from spawngate.model.artifact import Scope

FIELDS = Fields(env_file=(), auto_approve=("alwaysAllow",), sandbox=())


def read_mcp_section(document: Document) -> Iterable[Sighting]:
    """Approvals of project servers, which this fork keeps under `mcp`."""
    section = document.map().get("mcp")
    if isinstance(section, Mapping):
        yield from approvals(document, section, "mcp")


_SETTINGS = many(
    Servers(fields=FIELDS),
    ClaudeSettings(
        switches=("context.fileName",),
        blanket_modes=("bypass_permissions", "accept_edits", "auto", "yolo", "YOLO"),
    ),
    read_mcp_section,
    Hooks(),
)
_HOMES = ("~/.qoder", "~/.qoder-cn")

AGENT = Agent(
    id="qoder",
    name="Qoder",
    vendor="Alibaba",
    detect=Detect(
        binaries=("qoder", "qodercli", "qoderclicn"),
        paths=(*_HOMES, "~/.qoderwork", "{appdata}/Qoder"),
        apps=("/Applications/Qoder.app", "/Applications/QoderWork.app", "%LOCALAPPDATA%/Programs/Qoder/Qoder.exe"),
        packages=("@qoder-ai/qodercli", "@qodercn-ai/qoderclicn"),
        sessions=("~/.qoder/projects/*/*.jsonl",),
    ),
    moved=(Moved("QODER_CONFIG_DIR", "~/.qoder"),),
    project_approval="pending",
    locations=(
        *(
            location
            for home in _HOMES
            for location in (
                Location(f"{home}/settings.json", Scope.USER, _SETTINGS, Format.JSONC),
                Location(f"{home}/mcp.json", Scope.USER, Servers(fields=FIELDS)),
                Location(f"{home}/plugins/cache/*/*/*/.qoder-plugin/plugin.json", Scope.PLUGIN, PLUGIN),
                Location(f"{home}/plugins/cache/*/*/*/.claude-plugin/plugin.json", Scope.PLUGIN, PLUGIN),
                Location(f"{home}/plugins/cache/*/*/*/.mcp.json", Scope.PLUGIN, Servers(fields=FIELDS)),
                Location(f"{home}/plugins/cache/*/*/*/hooks/hooks.json", Scope.PLUGIN, Hooks()),
                Location(f"{home}/skills/*/SKILL.md", Scope.USER, SKILL, Format.FRONTMATTER, siblings=True),
                Location(f"{home}/commands/**/*.md", Scope.USER, COMMAND, Format.FRONTMATTER),
                Location(f"{home}/agents/*.md", Scope.USER, SUBAGENT, Format.FRONTMATTER),
                Location(f"{home}/rules/**/*.md", Scope.USER, RULES, Format.FRONTMATTER),
                Location(f"{home}/AGENTS.md", Scope.USER, RULES, Format.TEXT),
            )
        ),
        Location("~/.qoderwork/settings.json", Scope.USER, _SETTINGS, Format.JSONC),
        Location("~/.qoderwork/mcp.json", Scope.USER, Servers(fields=FIELDS)),
        Location("~/.qoderwork/skills/*/SKILL.md", Scope.USER, SKILL, Format.FRONTMATTER, siblings=True),
        Location("{appdata}/Qoder/SharedClientCache/mcp.json", Scope.USER, Servers(fields=FIELDS)),
        Location("{appdata}/Qoder/User/workspaceStorage/*/workspace.json", Scope.USER, read_workspace),
        Location("{project}/.mcp.json", Scope.PROJECT, Servers(fields=FIELDS), shared=True),
        Location("{project}/.qoder/settings.json", Scope.PROJECT, _SETTINGS, Format.JSONC),
        Location("{project}/.qoder/settings.local.json", Scope.LOCAL, _SETTINGS, Format.JSONC),
        Location("{project}/.qoder/skills/*/SKILL.md", Scope.PROJECT, SKILL, Format.FRONTMATTER, siblings=True),
        Location("{project}/.qoder/commands/**/*.md", Scope.PROJECT, COMMAND, Format.FRONTMATTER),
        Location("{project}/.qoder/agents/*.md", Scope.PROJECT, SUBAGENT, Format.FRONTMATTER),
        Location("{project}/.qoder/rules/**/*.md", Scope.PROJECT, RULES, Format.FRONTMATTER),
        Location("{project}/AGENTS.local.md", Scope.LOCAL, RULES, Format.TEXT),
    ),
    process_names=("Qoder", "QoderWork"),
    hook=HOOK,
    notes={
        "products": "the IDE and the command line read different files; a server in one is not in force in the other",
        "trust": "where the command line keeps trusted folders was not read; project servers count as pending",
        "memory": "where automatic memory lies was not read",
        "plugins": "the folders of plugins follow Claude Code and were not read at the vendor",
    },
)

"""Instructions, skills and plugins in places that many agents read and none owns.

Sources: https://agents.md (AGENTS.md), https://agentskills.io/specification (`.agents/skills`), the documentation of
Zed (`.rules`), Amp (`AGENT.md`), Codex and Pi (`AGENTS.override.md`), Warp (`~/.agents/AGENTS.md`), Goose and Codex
(`.agents/plugins`). Each agent's module names what it reads of these; they are recorded once, here.
Files nested deeper in a project, which several agents read too, are not looked for.
"""

from collections.abc import Iterable

from spawngate.agents.agent import Agent, Location
from spawngate.agents.formats import Format
from spawngate.agents.readers.hooks import Hooks
from spawngate.agents.readers.plugins import MARKETPLACE, PLUGIN, Plugin
from spawngate.agents.readers.servers import Servers
from spawngate.agents.readers.texts import COMMAND, RULES, SKILL, SUBAGENT
from spawngate.model.artifact import Scope


def _plugins(root: str) -> Iterable[Location]:
    plugin = f"{root}/*"
    scope = Scope.PROJECT if root.startswith("{project}") else Scope.PLUGIN
    yield Location(f"{root}/marketplace.json", scope, MARKETPLACE)
    yield Location(f"{plugin}/plugin.json", Scope.PLUGIN, Plugin(levels=0))
    for folder in (".claude-plugin", ".codex-plugin"):
        yield Location(f"{plugin}/{folder}/plugin.json", Scope.PLUGIN, PLUGIN)
    yield Location(f"{plugin}/.mcp.json", Scope.PLUGIN, Servers())
    yield Location(f"{plugin}/hooks/hooks.json", Scope.PLUGIN, Hooks())
    yield Location(f"{plugin}/skills/*/SKILL.md", Scope.PLUGIN, SKILL, Format.FRONTMATTER, siblings=True)
    yield Location(f"{plugin}/commands/**/*.md", Scope.PLUGIN, COMMAND, Format.FRONTMATTER)
    yield Location(f"{plugin}/agents/*.md", Scope.PLUGIN, SUBAGENT, Format.FRONTMATTER)


SURFACE = Agent(
    id="shared-instructions",
    name="Shared instructions",
    vendor="",
    locations=(
        *(
            Location(f"{{project}}/{name}", Scope.PROJECT, RULES, Format.TEXT)
            for name in ("AGENTS.md", "AGENTS.override.md", "AGENT.md", ".rules")
        ),
        Location("~/.agents/AGENTS.md", Scope.USER, RULES, Format.TEXT),
        Location("{project}/.agents/skills/*/SKILL.md", Scope.PROJECT, SKILL, Format.FRONTMATTER, siblings=True),
        Location("~/.agents/skills/*/SKILL.md", Scope.USER, SKILL, Format.FRONTMATTER, siblings=True),
        Location("~/.config/agents/skills/*/SKILL.md", Scope.USER, SKILL, Format.FRONTMATTER, siblings=True),
        *_plugins("~/.agents/plugins"),
        *_plugins("{project}/.agents/plugins"),
    ),
    notes={"nested": "instruction files below a project's root are not looked for"},
)

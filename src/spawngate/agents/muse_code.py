"""Muse Code (Meta).

Source, read 2026-11: dyoshikawa/rulesync src/constants/musecode-paths.ts, src/features/mcp/musecode-mcp.ts and
docs/reference/file-formats.md, which cite https://dev.meta.ai/docs/muse-code/{configuration,extending}.md. Servers are
in `mcp_servers` of the user's settings.json only (`transport`: stdio or streamable_http; `enabled`); no file of a
project holds servers. Skills of the user lie in ~/.config/muse/skills. Committed memory lies in `.agents/memory` of a
project and reaches the model even before the workspace is trusted.
Unknown: the form of its hooks, where trust is kept, permissions, and the folder on Windows (taken to be the same).
"""

from spawngate.agents.agent import Agent, Detect, Location
from spawngate.agents.formats import Format
from spawngate.agents.readers.servers import Fields, Servers
from spawngate.agents.readers.texts import MEMORY, SKILL
from spawngate.model.artifact import Scope

FIELDS = Fields(type=("transport", "type"), env_file=(), auto_approve=(), trust=(), sandbox=())

AGENT = Agent(
    id="muse-code",
    name="Muse Code",
    vendor="Meta",
    detect=Detect(paths=("~/.config/muse/settings.json", "~/.config/muse/skills")),
    locations=(
        Location("~/.config/muse/settings.json", Scope.USER, Servers(("mcp_servers",), FIELDS)),
        Location("~/.config/muse/skills/*/SKILL.md", Scope.USER, SKILL, Format.FRONTMATTER, siblings=True),
        Location("{project}/.agents/memory/*.md", Scope.PROJECT, MEMORY, Format.TEXT),
    ),
    notes={
        "hooks": "Muse Code has hooks; their file and form are not known",
        "permissions": "not known",
        "trust": "a workspace is trusted before its rules, skills and hooks load; where that is kept is not known",
    },
)

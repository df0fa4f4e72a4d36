"""Replit Agent: a cloud agent; what a cloned project shows of it.

Sources: dyoshikawa/rulesync src/constants/replit-paths.ts (`replit.md`; skills in the common `.agents/skills`);
https://docs.replit.com/replit-app/configuration for `.replit`. Servers are kept in the account and never on disk. The
`[agent]` table of `.replit` (integrations and modes) is from memory and reported as it stands.
"""

from collections.abc import Iterable

from spawngate.agents.agent import Agent, Detect, Location
from spawngate.agents.document import Document, Sighting
from spawngate.agents.formats import Format
from spawngate.agents.readers import as_map
from spawngate.agents.readers.permissions import setting
from spawngate.agents.readers.texts import RULES
from spawngate.model.artifact import Scope
from spawngate.model.observed import Topic


def read_project(document: Document) -> Iterable[Sighting]:
    """`.replit`: settings of the agent for this project."""
    for key, value in as_map(document, document.map().get("agent"), "agent").items():
        yield setting(document, Topic.SWITCH, f"agent.{key}", value, f"agent.{key}")


AGENT = Agent(
    id="replit",
    name="Replit Agent",
    vendor="Replit",
    detect=Detect(paths=("{project}/.replit", "{project}/replit.md")),
    locations=(
        Location("{project}/.replit", Scope.PROJECT, read_project, Format.TOML),
        Location("{project}/replit.md", Scope.PROJECT, RULES, Format.TEXT),
    ),
    notes={"servers": "kept in the Replit account"},
)

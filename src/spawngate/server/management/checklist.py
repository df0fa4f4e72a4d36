"""SHELL. The six questions of the checklist over the fleet, and coverage by agent and endpoint. Read only.

Must not be here: the answers (`views.checklist`, `views.coverage`).
"""

from fastapi import APIRouter
from starlette.responses import Response

from spawngate.server.access.guard import needs
from spawngate.server.access.roles import Permission
from spawngate.server.management import listed
from spawngate.server.management.answers import Who, gives, item
from spawngate.server.management.answers import router as fresh
from spawngate.server.services import Services
from spawngate.server.views import coverage
from spawngate.server.views.checklist import Question, checklist


def router(services: Services) -> APIRouter:
    """The route."""
    made = fresh("checklist")

    @made.get("/checklist", responses=gives(list[Question], "The answers, in order."))
    @needs(Permission.INVENTORY_READ)
    def get_checklist(who: Who) -> Response:
        """The six questions about MCP launches: yes, partly or no, with the evidence and what is missing."""
        return item(checklist(services, who.teams(Permission.INVENTORY_READ)))

    listed.add(
        made, services, "/coverage", Permission.INVENTORY_READ, coverage.Row, coverage.FACETS, coverage.coverage,
        "Agents on endpoints: whether their calls are decided, and where the gap is.",
    )  # fmt: skip

    @made.get("/coverage/agents", responses=gives(list[coverage.AgentRow], "Agents, most endpoints first."))
    @needs(Permission.INVENTORY_READ)
    def list_agents(who: Who) -> Response:
        """Agents over the fleet: what can be enforced in each, and on how many endpoints it is."""
        return item(coverage.agents(services, who.teams(Permission.INVENTORY_READ)))

    return made

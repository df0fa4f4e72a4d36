"""SHELL. The six questions of the checklist over the fleet. Read only.

Must not be here: the answers (`views.checklist`).
"""

from fastapi import APIRouter
from starlette.responses import Response

from spawngate.server.access.guard import needs
from spawngate.server.access.roles import Permission
from spawngate.server.management.answers import Who, gives, item
from spawngate.server.management.answers import router as fresh
from spawngate.server.services import Services
from spawngate.server.views.checklist import Question, checklist


def router(services: Services) -> APIRouter:
    """The route."""
    made = fresh("checklist")

    @made.get("/checklist", responses=gives(list[Question], "The answers, in order."))
    @needs(Permission.INVENTORY_READ)
    def get_checklist(who: Who) -> Response:
        """The six questions about MCP launches: yes, partly or no, with the evidence and what is missing."""
        return item(checklist(services, who.teams(Permission.INVENTORY_READ)))

    return made

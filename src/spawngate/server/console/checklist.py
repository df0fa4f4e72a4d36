"""The console's first page: the six questions, with their evidence and what is missing.

Must not be here: the answers (`views.checklist`).
"""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from spawngate.server.access.guard import require
from spawngate.server.access.roles import Permission
from spawngate.server.console import page
from spawngate.server.services import Services
from spawngate.server.views.checklist import checklist


def routes(services: Services) -> Sequence[BaseRoute]:
    """/."""

    @require(Permission.INVENTORY_READ)
    def shown(request: Request) -> Response:
        questions = checklist(services, page.teams(request, Permission.INVENTORY_READ))
        return page.render(
            request, services, "checklist.html", active="checklist", title="Checklist", questions=questions
        )

    return [Route("/", shown)]

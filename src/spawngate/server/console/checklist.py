"""The console's first page: the six questions, with their evidence, what is missing, and what to do next.

Must not be here: the answers (`views.checklist`).
"""

from collections.abc import Sequence
from functools import partial

from sqlalchemy import select
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from spawngate.server.access.guard import require
from spawngate.server.access.roles import Permission
from spawngate.server.console import page
from spawngate.server.fleet.tables import ENDPOINTS
from spawngate.server.services import Services
from spawngate.server.views.checklist import checklist
from spawngate.server.views.steps import steps


def routes(services: Services) -> Sequence[BaseRoute]:
    """/."""

    @require(Permission.INVENTORY_READ)
    def shown(request: Request) -> Response:
        questions = checklist(services, page.teams(request, Permission.INVENTORY_READ))
        return page.render(
            request, services, "checklist.html", active="checklist", title="Checklist", questions=questions,
            steps=partial(
                steps, local=services.local and not services.synthetic, empty=not _any(services), base=services.base
            ),
        )  # fmt: skip

    return [Route("/", shown)]


def _any(services: Services) -> bool:
    """Whether an endpoint was ever taken in, of whichever team: what is to be done first does not depend on teams."""
    with services.database.read() as connection:
        return connection.execute(select(ENDPOINTS.c.id).limit(1)).first() is not None

"""The pages of advisories: those that hit something, and one of them with where it hits.

Must not be here: importing records (`administration`).
"""

from collections.abc import Sequence

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from spawngate.server.access.guard import principal_of, require
from spawngate.server.access.roles import Permission
from spawngate.server.console import lists, page
from spawngate.server.console.lists import ListPage
from spawngate.server.services import Services
from spawngate.server.views import advisories
from spawngate.server.views.places import text_of

ALL = ListPage(
    path="/advisories",
    name="advisories",
    title="Advisories",
    template="advisories.html",
    permission=Permission.INVENTORY_READ,
    facets=advisories.FACETS,
    row=advisories.AdvisoryRow,
    ask=advisories.advisories,
)


def routes(services: Services) -> Sequence[BaseRoute]:
    """/advisories with its exports, /advisories/ID."""

    @require(Permission.INVENTORY_READ)
    def one(request: Request) -> Response:
        teams = principal_of(request).teams(Permission.INVENTORY_READ)
        found = advisories.advisory(services, teams, text_of(request.path_params["id"]))
        if found is None:
            raise HTTPException(404, "No endpoint has anything that this advisory is about.")
        return page.render(
            request, services, "advisory.html", active="advisories", title=found.advisory, advisory=found
        )

    return [*lists.routes(services, ALL), Route("/advisories/{id}", one)]

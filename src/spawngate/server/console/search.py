"""The page of the search that stands above every page.

Must not be here: what is looked through (`views.search`).
"""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from spawngate.server.access.guard import require
from spawngate.server.access.roles import Permission
from spawngate.server.console import page
from spawngate.server.services import Services
from spawngate.server.views import search
from spawngate.server.views.filters import LONGEST


def routes(services: Services) -> Sequence[BaseRoute]:
    """/search."""

    @require(Permission.INVENTORY_READ)
    def shown(request: Request) -> Response:
        text = " ".join(request.query_params.get("q", "")[:LONGEST].split())
        teams = page.teams(request, Permission.INVENTORY_READ)
        # Findings of a team are for those who may read its findings, which a role gives together with its inventory.
        found = search.search(services, teams, text)
        return page.render(request, services, "search.html", active="search", title="Search", text=text, found=found)

    return [Route("/search", shown)]

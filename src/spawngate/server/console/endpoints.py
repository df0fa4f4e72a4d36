"""The page of all endpoints.

Must not be here: one endpoint (`endpoint`).
"""

from collections.abc import Sequence

from starlette.routing import BaseRoute

from spawngate.server.access.roles import Permission
from spawngate.server.console import lists
from spawngate.server.console.lists import ListPage
from spawngate.server.services import Services
from spawngate.server.views import endpoints

PAGE = ListPage(
    path="/endpoints",
    name="endpoints",
    title="Endpoints",
    template="endpoints.html",
    permission=Permission.INVENTORY_READ,
    facets=endpoints.FACETS,
    row=endpoints.EndpointRow,
    ask=endpoints.endpoints,
    more=lambda services, teams, filters: {"states": endpoints.states(services, teams)},
)


def routes(services: Services) -> Sequence[BaseRoute]:
    """/endpoints, /endpoints.csv, /endpoints.json."""
    return lists.routes(services, PAGE)

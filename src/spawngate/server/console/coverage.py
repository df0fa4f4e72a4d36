"""The page of coverage: agents over the fleet with what can be enforced, and every gap by endpoint.

Must not be here: what covers what (`views.coverage`).
"""

from collections.abc import Mapping, Sequence

from starlette.routing import BaseRoute

from spawngate.server.access.roles import Permission
from spawngate.server.console import lists
from spawngate.server.console.lists import ListPage
from spawngate.server.services import Services
from spawngate.server.views import coverage
from spawngate.server.views.filters import Filters


def _agents(services: Services, teams: frozenset[int] | None, filters: Filters) -> Mapping[str, object]:
    found = coverage.agents(services, teams)
    wanted = filters.chosen.get("agent", ())
    return {"agents": [row for row in found if not wanted or row.agent in wanted]}


ALL = ListPage(
    path="/coverage",
    name="coverage",
    title="Coverage",
    template="coverage.html",
    permission=Permission.INVENTORY_READ,
    facets=coverage.FACETS,
    row=coverage.Row,
    ask=coverage.coverage,
    more=_agents,
)


def routes(services: Services) -> Sequence[BaseRoute]:
    """/coverage with its exports."""
    return lists.routes(services, ALL)

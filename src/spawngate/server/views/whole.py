"""Views of what concerns all teams at once, asked as lists of teams are: routes, deliveries, destinations, people.

Must not be here: the views.
"""

from collections.abc import Callable
from typing import TypeVar

from spawngate.server.services import Services
from spawngate.server.views.filters import Filters
from spawngate.server.views.listing import Listing

Row = TypeVar("Row")


def whole(view: Callable[..., Listing[Row]]) -> Callable[..., Listing[Row]]:
    """A view (services, filters, facets=...) that is given teams too. Only a role in the organisation lets one in."""

    def ask(services: Services, teams: frozenset[int] | None, filters: Filters, *, facets: bool = True) -> Listing[Row]:
        return view(services, filters, facets=facets)

    return ask

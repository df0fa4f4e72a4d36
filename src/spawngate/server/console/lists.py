"""The pages of lists: one declaration gives the page, its CSV and its JSON.

Must not be here: what a list holds (`server.views`) and how its rows look (each template).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from spawngate.server.access.guard import principal_of, require, signed_in
from spawngate.server.access.roles import Permission
from spawngate.server.console import export, page
from spawngate.server.fleet import searches
from spawngate.server.services import Services
from spawngate.server.views.filters import Filters
from spawngate.server.views.listing import Listing


@dataclass(frozen=True, slots=True)
class ListPage:
    """One list of the console."""

    path: str
    """Without an ending: `/endpoints`, and `/endpoints.csv`, `/endpoints.json` beside it."""
    name: str
    """Of the page, for saved searches and files."""
    title: str
    template: str
    permission: Permission | None
    """None: everybody who has signed in."""
    facets: tuple[str, ...]
    row: type[msgspec.Struct]
    ask: Callable[..., Listing[Any]]
    """(services, teams, filters, facets=...): a view."""
    active: str = ""
    """Entry of the side bar, where it has another name."""
    own: bool = False
    """Its rows are the viewer's: the view is given who asks (`Principal`) in place of teams."""
    more: Callable[[Services, frozenset[int] | None, Filters], Mapping[str, object]] = field(
        default=lambda services, teams, filters: {}
    )
    """What else its template prints."""


def filters_of(request: Request, facets: Sequence[str]) -> Filters:
    """What an address asks of a list."""
    return Filters.of(request.query_params.multi_items(), facets)


def routes(services: Services, listed: ListPage) -> list[BaseRoute]:
    """The page and its exports. A list that has `team` among its facets narrows by it itself."""

    guarded = signed_in if listed.permission is None else require(listed.permission)

    def scope(request: Request) -> Any:
        if listed.own or listed.permission is None:
            return principal_of(request)
        if "team" in listed.facets:
            return principal_of(request).teams(listed.permission)
        return page.teams(request, listed.permission)

    @guarded
    def shown(request: Request) -> Response:
        filters = filters_of(request, listed.facets)
        teams = scope(request)
        return page.render(
            request,
            services,
            listed.template,
            active=listed.active or listed.name,
            title=listed.title,
            listing=listed.ask(services, teams, filters),
            filters=filters,
            searches=searches.of_page(services.database, principal_of(request).user, listed.name),
            name=listed.name,
            viewer=principal_of(request),
            **dict[str, Any](listed.more(services, teams, filters)),
        )

    def exported(make: Callable[..., Response]) -> Callable[[Request], Any]:
        @guarded
        def answer(request: Request) -> Response:
            ask = partial(listed.ask, services, scope(request), facets=False)
            return make(ask, filters_of(request, listed.facets), listed.row, listed.name)

        return answer

    return [
        Route(listed.path, shown),
        Route(f"{listed.path}.csv", exported(export.csv)),
        Route(f"{listed.path}.json", exported(export.json)),
    ]

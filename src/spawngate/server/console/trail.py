"""The pages of the trail: decisions, changes, each with its live tail, and one event.

Must not be here: what they show (`views.trail`, `views.happening`).
"""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from spawngate.server.access.guard import principal_of, require
from spawngate.server.access.roles import Permission
from spawngate.server.console import export, page
from spawngate.server.fleet import searches
from spawngate.server.services import Services
from spawngate.server.views import happening, trail
from spawngate.server.views.filters import Filters
from spawngate.server.views.trail import SPANS, USUAL, EventRow, Kind, Trail
from spawngate.trail.query import QueryError

_NOTHING = Trail((), None, (), 0, (), (), USUAL)


def routes(services: Services) -> Sequence[BaseRoute]:
    """/decisions and /changes with their exports and /rows (the newest, for the live tail); /events/KEY."""

    @require(Permission.EVENTS_READ)
    def one(request: Request) -> Response:
        given = request.path_params
        teams = principal_of(request).teams(Permission.EVENTS_READ)
        found = happening.happening(services, teams, (given["endpoint"], given["stream"], given["sequence"]))
        if found is None:
            raise HTTPException(404, "There is no such event.")
        active = "decisions" if found.row.type in trail.DECISIONS.types else "changes"
        return page.render(
            request, services, "event.html", active=active, title=found.row.type.capitalize(), found=found
        )

    return [
        *_list(services, "/decisions", "decisions", "Decisions", trail.DECISIONS),
        *_list(services, "/changes", "changes", "Changes", trail.CHANGES),
        Route("/events/{endpoint}/{stream}/{sequence:int}", one),
    ]


def _list(services: Services, path: str, name: str, title: str, kind: Kind) -> list[BaseRoute]:
    def asked(request: Request) -> tuple[Filters, str]:
        pairs = request.query_params.multi_items()
        given = request.query_params.get("span", "")
        # The text is of the query language, which knows facets as fields: it is read whole and not taken apart.
        filters = Filters.of([pair for pair in pairs if pair[0] != "q"], kind.facets)
        text = " ".join(request.query_params.get("q", "").split())
        return msgspec.structs.replace(filters, text=text), given if given in SPANS else USUAL

    @require(Permission.EVENTS_READ)
    def shown(request: Request) -> Response:
        filters, span = asked(request)
        wrong: QueryError | None = None
        try:
            listing = trail.trail(services, page.teams(request, Permission.EVENTS_READ), kind, filters, span=span)
        except QueryError as error:
            listing, wrong = _NOTHING, error
        return page.render(
            request,
            services,
            "trail.html",
            status=400 if wrong is not None else 200,
            active=name,
            title=title,
            listing=listing,
            filters=filters,
            wrong=wrong,
            spans=SPANS,
            span=span,
            is_live=request.query_params.get("live") == "1" and not filters.cursor,
            rows_path=page.address(request).on(f"{path}/rows"),
            searches=searches.of_page(services.database, principal_of(request).user, name),
            name=name,
            path=path,
        )

    @require(Permission.EVENTS_READ)
    def rows(request: Request) -> Response:
        filters, span = asked(request)
        teams = page.teams(request, Permission.EVENTS_READ)
        listing = trail.trail(services, teams, kind, filters, span=span, facets=False)
        return page.render(
            request,
            services,
            "trail_live.html",
            active=name,
            title=title,
            listing=listing,
            is_live=True,
            rows_path=page.address(request),
            name=name,
        )

    def exported(make: Callable[..., Response]) -> Callable[[Request], Any]:
        @require(Permission.EVENTS_READ)
        def answer(request: Request) -> Response:
            filters, span = asked(request)
            teams = page.teams(request, Permission.EVENTS_READ)

            def ask(part: Filters) -> Trail:
                return trail.trail(services, teams, kind, part, span=span, facets=False)

            return make(ask, filters, EventRow, name)

        return answer

    return [
        Route(path, shown),
        Route(f"{path}/rows", rows),
        Route(f"{path}.csv", exported(export.csv)),
        Route(f"{path}.json", exported(export.json)),
    ]

"""The pages of the trail: decisions, changes, each with its live tail, and one event.

Must not be here: what they show (`views.trail`, `views.happening`).
"""

import re
from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from spawngate.server import deciding
from spawngate.server.access.guard import fields_of, form_of, principal_of, require
from spawngate.server.access.roles import Permission
from spawngate.server.console import export, page
from spawngate.server.fleet import searches
from spawngate.server.services import Services
from spawngate.server.views import happening, trail
from spawngate.server.views.filters import Filters
from spawngate.server.views.trail import SPANS, USUAL, EventRow, Kind, Trail
from spawngate.trail.query import QueryError
from spawngate.trail.retention import is_day

_DAY = re.compile(r"(?<!\S)at:(\d{4}-\d{2}-\d{2})(?!\S)")
_NOTHING = Trail((), None, (), 0, (), (), USUAL)


def routes(services: Services) -> Sequence[BaseRoute]:
    """/decisions and /changes with their exports and /rows (the newest, for the live tail); /events/KEY, and
    approving the launch that it refused."""

    @require(Permission.EVENTS_READ)
    def one(request: Request) -> Response:
        given = request.path_params
        teams = principal_of(request).teams(Permission.EVENTS_READ)
        found = happening.happening(services, teams, (given["endpoint"], given["stream"], given["sequence"]))
        if found is None:
            raise HTTPException(404, "There is no such event.")
        active = "decisions" if found.row.type in trail.DECISIONS.types else "changes"
        viewer = principal_of(request)
        may = found.team is not None and viewer.may(Permission.APPROVALS_DECIDE, found.team)
        about = deciding.refused(found.event) if may and found.intact and found.event is not None else None
        return page.render(
            request, services, "event.html", active=active, title=found.row.type.capitalize(), found=found,
            about=about, everywhere=viewer.may(Permission.APPROVALS_DECIDE),
        )  # fmt: skip

    @require(Permission.APPROVALS_DECIDE)
    def approve(request: Request) -> Response:
        fields, viewer, given = fields_of(form_of(request)), principal_of(request), request.path_params
        key = (given["endpoint"], given["stream"], given["sequence"])
        found = happening.happening(services, viewer.teams(Permission.EVENTS_READ), key)
        if found is None or found.event is None or not found.intact:
            raise HTTPException(404, "There is no such event.")
        made = deciding.approve_refused(
            services, viewer, given["endpoint"], found.event, reach=fields.get("where", ""),
            reason=fields.get("reason", ""), expires=fields.get("expires", ""),
        )  # fmt: skip
        return RedirectResponse(f"/approvals/{made.id}", 303)

    return [
        *_list(services, "/decisions", "decisions", "Decisions", trail.DECISIONS),
        *_list(services, "/changes", "changes", "Changes", trail.CHANGES),
        Route("/events/{endpoint}/{stream}/{sequence:int}", one),
        Route("/events/{endpoint}/{stream}/{sequence:int}/approve", approve, methods=["POST"]),
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
        day = request.query_params.get("day", "")
        if day:
            text = of_day(request.query_params.get("q", ""), day)
            return RedirectResponse(page.address(request).with_(q=text, day=""), 303)
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
            day=_DAY.search(filters.text),
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


def of_day(text: str, day: str) -> str:
    """A query with another day, or none where the day is none. What it asks beside that day stays one condition."""
    rest = " ".join(_DAY.sub(" ", text).split())
    if not is_day(day):
        return rest
    whole = rest.startswith("(") and rest.endswith(")") and ")" not in rest[:-1]
    if re.search(r"\bor\b", rest, re.IGNORECASE) and not whole:
        rest = f"({rest})"
    return f"{rest} at:{day}".strip()

"""The pages of what administrators did, how long events are kept and what is held.

Must not be here: what is recorded (`server.administration`).
"""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from spawngate.model.errors import UsageError
from spawngate.server import administering, holding
from spawngate.server.access.guard import fields_of, form_of, principal_of, require
from spawngate.server.access.roles import Permission
from spawngate.server.console import lists, page
from spawngate.server.console.lists import ListPage
from spawngate.server.console.numbers import number_in
from spawngate.server.services import Services
from spawngate.server.views.filters import Filters
from spawngate.server.views.listing import Listing
from spawngate.server.views.trail import EventRow, Kind, trail
from spawngate.trail import retention

ACTS = Kind(("administration", "approval"), ("user", "type"), ("type", ("approval",)))
SPAN = "90d"


def acts(
    services: Services, teams: frozenset[int] | None, filters: Filters, *, facets: bool = True
) -> Listing[EventRow]:
    """What administrators did. An act is no team's: people of some teams only see nothing of it. Raises QueryError."""
    if teams is not None:
        return Listing((), None, (), 0)
    found = trail(services, None, ACTS, filters, span=SPAN, facets=facets)
    return Listing(found.rows, found.cursor, found.facets, found.total)


AUDIT = ListPage(
    path="/administration/audit",
    name="audit",
    title="Audit · Administration",
    template="audit.html",
    permission=Permission.AUDIT_READ,
    facets=ACTS.facets,
    row=EventRow,
    ask=acts,
    active="administration",
    more=lambda services, teams, filters: {"tab": "audit", "everywhere": teams is None},
)


def routes(services: Services) -> Sequence[BaseRoute]:
    """/administration/audit with its exports, /administration/retention with its forms."""

    @require(Permission.STORE_READ)
    def kept(request: Request) -> Response:
        return page.render(
            request, services, "administration.html", active="administration",
            title="Retention and holds · Administration", tab="retention", days=administering.kept(services),
            most=retention.LONGEST, holds=holding.holds(services), stored=services.events.days(),
        )  # fmt: skip

    @require(Permission.STORE_WRITE)
    def keep(request: Request) -> Response:
        wrong = f"events are kept 1 to {retention.LONGEST} days"
        days = number_in(fields_of(form_of(request)), "days", wrong)
        if not 1 <= days <= retention.LONGEST:
            raise UsageError(wrong)
        administering.keep(services, principal_of(request), days)
        return RedirectResponse("/administration/retention", 303)

    @require(Permission.STORE_WRITE)
    def hold(request: Request) -> Response:
        given, viewer = fields_of(form_of(request)), principal_of(request)
        name = given.get("name", "").strip()
        if given.get("act") == "lift":
            holding.lift(services, viewer, given.get("name", ""))
        else:
            holding.hold(
                services, viewer, name, since=given.get("since", ""), until=given.get("until", ""),
                reason=given.get("reason", ""),
            )  # fmt: skip
        return RedirectResponse("/administration/retention", 303)

    return [
        *lists.routes(services, AUDIT),
        Route("/administration/retention", kept),
        Route("/administration/retention", keep, methods=["POST"]),
        Route("/administration/holds", hold, methods=["POST"]),
    ]

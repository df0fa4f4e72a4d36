"""SHELL. Routes, attempts to deliver, dead letters: looked at, sent again, deleted; and how long events are kept.

    GET /routes, /deliveries, /dead-letters    POST /dead-letters/{replay,discard}, /routes/{route}/{on,off}
    GET, PUT /retention

Routes and destinations are added by `spawngate server route add`: their secrets are sealed on the server's machine.
Must not be here: delivering (`server.deliver`).
"""

from typing import Annotated, Literal

import msgspec
from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field, StringConstraints
from starlette.responses import Response

from spawngate.routing.route import RouteText
from spawngate.server import administering, dispatching
from spawngate.server.access.guard import needs
from spawngate.server.access.roles import Permission
from spawngate.server.deliver import replays
from spawngate.server.management.answers import Done, Who, gives, item, items, lists
from spawngate.server.management.answers import router as fresh
from spawngate.server.services import Services
from spawngate.server.store.port import Delivery
from spawngate.trail import retention
from spawngate.trail.moment import text as moment

MOST = 1_000
Name = Annotated[str, Path(min_length=1, max_length=200)]


class RouteView(msgspec.Struct, frozen=True):
    """One route."""

    name: str
    destination: str
    match: str
    enabled: bool
    problem: str = ""
    """Why it cannot be understood."""


class LetterView(msgspec.Struct, frozen=True):
    """One dead letter."""

    id: str
    route: str
    destination: str
    what: str
    reason: str
    died_at: str
    kind: str


class Letters(BaseModel):
    """Some dead letters."""

    ids: Annotated[list[Annotated[str, StringConstraints(max_length=300)]], Field(min_length=1, max_length=MOST)]


class Kept(BaseModel):
    """How long."""

    days: Annotated[int, Field(ge=1, le=retention.LONGEST)]


class Retention(msgspec.Struct, frozen=True):
    """How long events are kept."""

    days: int


def router(services: Services) -> APIRouter:
    """The routes."""
    made = fresh("deliveries")
    control = services.control

    @made.get("/routes", responses=lists(RouteView, "Routes by name."))
    @needs(Permission.ROUTES_READ)
    def list_routes() -> Response:
        """Which events go where."""
        found = []
        for each in control.items("route", limit=MOST):
            try:
                text = msgspec.json.decode(each.value, type=RouteText)
                found.append(RouteView(each.name, text.destination, text.match, text.enabled))
            except (msgspec.MsgspecError, UnicodeDecodeError):
                found.append(RouteView(each.name, "", "", False, "is not stored as a route is"))
        return items(found, None)

    @made.get("/deliveries", responses=lists(Delivery, "Attempts, the newest first."))
    @needs(Permission.ROUTES_READ)
    def list_deliveries(
        route: Annotated[str, Query(max_length=200)] = "",
        outcome: Annotated[str, Query(max_length=50, description="delivered, retry, refused, dead, ...")] = "",
        cursor: Annotated[int, Query(ge=0, le=1 << 53, description="`cursor` of the page before.")] = 0,
        limit: Annotated[int, Query(ge=1, le=MOST)] = 100,
    ) -> Response:
        """Attempts to deliver."""
        found = control.deliveries(route=route, outcome=outcome, before=cursor, limit=limit)
        return items(found, str(found[-1].number) if len(found) == limit else None)

    @made.get("/dead-letters", responses=lists(LetterView, "Dead letters, the oldest first."))
    @needs(Permission.ROUTES_READ)
    def list_dead_letters(
        route: Annotated[str, Query(max_length=200)] = "",
        cursor: Annotated[str, Query(max_length=300, description="`cursor` of the page before.")] = "",
        limit: Annotated[int, Query(ge=1, le=MOST)] = 100,
    ) -> Response:
        """What was refused, or not taken for a day."""
        found = sorted((each for each in replays.dead(control) if route in ("", each.route)), key=lambda each: each.id)
        page = [each for each in found if each.id > cursor][: limit + 1]
        shown = [
            LetterView(
                each.id, each.route, each.destination, each.what, each.reason, moment(int(each.died * 1e6)), each.kind
            )
            for each in page[:limit]
        ]
        return items(shown, shown[-1].id if len(page) > limit else None)

    @made.post("/dead-letters/replay", responses=gives(Done, "They are on their way again."))
    @needs(Permission.DELIVERIES_REPLAY)
    def replay_dead_letters(who: Who, body: Letters) -> Response:
        """Send dead letters once more, under the same ids."""
        dispatching.replay(services, who, body.ids)
        return item(Done())

    @made.post("/dead-letters/discard", responses=gives(Done, "They are gone."))
    @needs(Permission.DELIVERIES_REPLAY)
    def discard_dead_letters(who: Who, body: Letters) -> Response:
        """Delete dead letters for good."""
        dispatching.discard(services, who, body.ids)
        return item(Done())

    @made.post("/routes/{route}/{state}", responses=gives(Done, "It is switched."))
    @needs(Permission.ROUTES_WRITE)
    def switch_route(who: Who, route: Name, state: Literal["on", "off"]) -> Response:
        """Switch a route on or off. What happens while it is off goes to it no more."""
        dispatching.switch(services, who, route, on=state == "on")
        return item(Done())

    @made.get("/retention", responses=gives(Retention, "How long events are kept."))
    @needs(Permission.STORE_READ)
    def get_retention() -> Response:
        """How many days events are kept."""
        return item(Retention(administering.kept(services)))

    @made.put("/retention", responses=gives(Retention, "How long events are kept."))
    @needs(Permission.STORE_WRITE)
    def set_retention(who: Who, body: Kept) -> Response:
        """Set how many days events are kept. What is older goes within a minute, but for legal holds."""
        administering.keep(services, who, body.days)
        return item(Retention(body.days))

    return made

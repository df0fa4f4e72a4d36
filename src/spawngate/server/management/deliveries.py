"""SHELL. Attempts to deliver and dead letters: looked at, sent again, deleted.

    GET /deliveries, /dead-letters    POST /dead-letters/{replay,discard}

Must not be here: delivering (`server.deliver`), routes and destinations (`routing`).
"""

from typing import Annotated

import msgspec
from fastapi import APIRouter, Query
from pydantic import BaseModel, Field, StringConstraints
from starlette.responses import Response

from spawngate.server import dispatching
from spawngate.server.access.guard import needs
from spawngate.server.access.roles import Permission
from spawngate.server.deliver import replays
from spawngate.server.management.answers import Done, Who, gives, item, items, lists
from spawngate.server.management.answers import router as fresh
from spawngate.server.services import Services
from spawngate.server.store.port import Delivery
from spawngate.trail.moment import text as moment

MOST = 1_000


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


def router(services: Services) -> APIRouter:
    """The routes."""
    made = fresh("deliveries")
    control = services.control

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

    return made

"""SHELL. Attempts to deliver and dead letters: looked at, sent again, deleted.

    GET /deliveries, /dead-letters    POST /dead-letters/{replay,discard}

Must not be here: delivering (`server.deliver`), routes and destinations (`routing`).
"""

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field, StringConstraints
from starlette.responses import Response

from spawngate.server import dispatching
from spawngate.server.access.guard import needs
from spawngate.server.access.roles import Permission
from spawngate.server.management import listed
from spawngate.server.management.answers import Done, Who, gives, item
from spawngate.server.management.answers import router as fresh
from spawngate.server.services import Services
from spawngate.server.views import deliveries
from spawngate.server.views.deliveries import AttemptRow, LetterRow
from spawngate.server.views.whole import whole

MOST = 1_000


class Letters(BaseModel):
    """Some dead letters."""

    ids: Annotated[list[Annotated[str, StringConstraints(max_length=300)]], Field(min_length=1, max_length=MOST)]


def router(services: Services) -> APIRouter:
    """The routes."""
    made = fresh("deliveries")
    listed.add(
        made, services, "/deliveries", Permission.ROUTES_READ, AttemptRow, deliveries.ATTEMPT_FACETS,
        whole(deliveries.attempts),
        "Attempts, the newest first. Facets and the total are of the newest ones.",
    )  # fmt: skip
    listed.add(
        made, services, "/dead-letters", Permission.ROUTES_READ, LetterRow, deliveries.LETTER_FACETS,
        whole(deliveries.letters),
        "Dead letters, those that died last first: what was refused, or not taken for a day.",
    )  # fmt: skip

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

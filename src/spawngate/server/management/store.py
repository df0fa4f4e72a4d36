"""SHELL. How long events are kept: retention, and legal holds.

    GET, PUT /retention    GET /holds    PUT, DELETE /holds/{name}

Must not be here: deleting days (`server.store`), what a hold means (`trail.retention`).
"""

from typing import Annotated

import msgspec
from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from spawngate.server import administering, holding
from spawngate.server.access.guard import needs
from spawngate.server.access.roles import Permission
from spawngate.server.holding import HoldView
from spawngate.server.management.answers import Done, Who, gives, item, items, lists
from spawngate.server.management.answers import router as fresh
from spawngate.server.services import Services
from spawngate.trail import retention

Name = Annotated[str, Path(min_length=1, max_length=200)]
Fresh = Annotated[str, Path(pattern=rf"^({holding.NAME.pattern})$")]
Day = Annotated[str, Field(max_length=10, description="2026-11-21; empty: no bound.")]


class Kept(BaseModel):
    """How long."""

    days: Annotated[int, Field(ge=1, le=retention.LONGEST)]


class Retention(msgspec.Struct, frozen=True):
    """How long events are kept."""

    days: int


class HoldBody(BaseModel):
    """Which days are kept, and why."""

    model_config = ConfigDict(extra="forbid")

    since: Day = ""
    until: Day = ""
    reason: Annotated[str, Field(min_length=1, max_length=holding.LONGEST)]


def router(services: Services) -> APIRouter:
    """The routes."""
    made = fresh("store")

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

    @made.get("/holds", responses=lists(HoldView, "Legal holds by name."))
    @needs(Permission.STORE_READ)
    def list_holds() -> Response:
        """Days that are kept whatever the retention says."""
        return items(holding.holds(services), None)

    @made.put("/holds/{name:path}", responses=gives(HoldView, "The hold as it is now."))
    @needs(Permission.STORE_WRITE)
    def put_hold(who: Who, name: Fresh, body: HoldBody) -> Response:
        """Keep days, over a hold of the same name."""
        return item(holding.hold(services, who, name, since=body.since, until=body.until, reason=body.reason))

    @made.delete("/holds/{name:path}", responses=gives(Done, "It is lifted."))
    @needs(Permission.STORE_WRITE)
    def lift_hold(who: Who, name: Name) -> Response:
        """Lift a hold. What it kept goes as the retention says, within a minute."""
        holding.lift(services, who, name)
        return item(Done())

    return made

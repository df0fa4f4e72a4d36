"""SHELL. Enrolment secrets and codes: GET, POST /enrolments; DELETE /enrolments/{enrolment}.

Must not be here: enrolling (`intake`).
"""

from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field, StringConstraints
from starlette.responses import Response

from spawngate.server import administering
from spawngate.server.access.guard import needs
from spawngate.server.access.roles import Permission
from spawngate.server.fleet import enrolments
from spawngate.server.fleet.enrolments import LARGEST, MOST_DAYS, Enrolment
from spawngate.server.management import listed
from spawngate.server.management.answers import Done, Number, Secret, Who, gives, item
from spawngate.server.management.answers import router as fresh
from spawngate.server.services import Services
from spawngate.server.views import access
from spawngate.server.views.filters import Filters
from spawngate.server.views.listing import Listing


class NewEnrolment(BaseModel):
    """A secret or code that shall be made."""

    kind: Literal["secret", "code"] = "secret"
    """secret: many uses, for device management; code: one use within a day, typed by people."""
    name: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    team: Annotated[int, Field(ge=0, le=2**31 - 1)] = 0
    group: Annotated[str, StringConstraints(max_length=200)] = ""
    most: Annotated[int, Field(ge=0, le=LARGEST)] = 0
    """Uses; 0: without a limit."""
    days: Annotated[int, Field(ge=0, le=MOST_DAYS)] = 0
    """Until it ends; 0: a secret never, a code after 24 hours."""


def router(services: Services) -> APIRouter:
    """The routes."""
    made = fresh("enrolments")

    listed.add(
        made, services, "/enrolments", Permission.ENROLMENTS_READ, Enrolment, access.ENROLMENT_FACETS, _listed,
        "Secrets and codes of the teams that may be seen, without their texts, the newest first.",
    )  # fmt: skip

    @made.post("/enrolments", status_code=201, responses=gives(Secret, "The secret or code, this once.", 201))
    @needs(Permission.ENROLMENTS_WRITE)
    def create_enrolment(who: Who, body: NewEnrolment) -> Response:
        """Make a secret or a code. Its text is in this answer and nowhere else."""
        enrolment, text = administering.create_enrolment(
            services, who, body.name, kind=body.kind, team=body.team, group=body.group, most=body.most, days=body.days
        )
        return item(Secret(enrolment.id, text), 201)

    @made.delete("/enrolments/{enrolment}", responses=gives(Done, "It enrols nobody any more."))
    @needs(Permission.ENROLMENTS_WRITE)
    def revoke_enrolment(who: Who, enrolment: Number) -> Response:
        """Take a secret or code out of force. Endpoints that it enrolled stay."""
        administering.revoke_enrolment(services, who, enrolment)
        return item(Done())

    return made


def _listed(
    services: Services, teams: frozenset[int] | None, filters: Filters, *, facets: bool = True
) -> Listing[Enrolment]:
    found = access.enrolments_of(services, teams, filters, facets=facets)
    with services.database.read() as connection:
        held = enrolments.of(connection, [each.id for each in found.rows])
    return Listing(held, found.cursor, found.facets, found.total, found.sort)

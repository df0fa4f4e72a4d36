"""SHELL. Which policy is in force where: GET, POST /rollouts; PATCH, DELETE /rollouts/{rollout}.

Must not be here: what people do with policies (`server.governing`), which roll-out counts (`fleet.rollouts`).
"""

from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field, StringConstraints
from starlette.responses import Response

from spawngate.server import governing
from spawngate.server.access.guard import needs
from spawngate.server.access.roles import Permission
from spawngate.server.fleet.rolling import LONGEST_GROUP, RollOut
from spawngate.server.management import listed
from spawngate.server.management.answers import Number, Who, gives, item
from spawngate.server.management.answers import router as fresh
from spawngate.server.services import Services
from spawngate.server.views import rollouts
from spawngate.server.views.rollouts import RollOutRow

Percent = Annotated[int, Field(ge=1, le=100)]


class Course(BaseModel):
    """How far, and what happens."""

    mode: Literal["monitor", "ask", "enforce"]
    percent: Percent = 100
    """Of the endpoints in reach, always the same ones first."""


class NewRollOut(Course):
    """A revision that shall be in force."""

    policy: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    """Its name."""
    revision: Annotated[int, Field(ge=0, le=2**31 - 1)]
    team: Annotated[int, Field(ge=0, le=2**31 - 1)] = 0
    group: Annotated[str, StringConstraints(max_length=LONGEST_GROUP)] = ""
    """Only endpoints of this group; empty: all."""


def router(services: Services) -> APIRouter:
    """The routes."""
    made = fresh("rollouts")

    listed.add(
        made, services, "/rollouts", Permission.POLICIES_READ, RollOutRow, rollouts.FACETS, rollouts.roll_outs,
        "Roll-outs of the teams that may be seen and of the organisation; those in force where no state is chosen.",
    )  # fmt: skip

    @made.post("/rollouts", status_code=201, responses=gives(RollOut, "The roll-out.", 201))
    @needs(Permission.ROLLOUTS_WRITE)
    def start_rollout(who: Who, body: NewRollOut) -> Response:
        """Put a revision that is ready in force. To all endpoints of a reach it takes the place of those before."""
        started = governing.start(
            services, who, body.policy, body.revision, team=body.team, group=body.group, mode=body.mode,
            percent=body.percent,
        )  # fmt: skip
        return item(started, 201)

    @made.patch("/rollouts/{rollout}", responses=gives(RollOut, "The roll-out."))
    @needs(Permission.ROLLOUTS_WRITE)
    def change_rollout(who: Who, rollout: Number, body: Course) -> Response:
        """Move a roll-out on, or back."""
        return item(governing.change(services, who, rollout, mode=body.mode, percent=body.percent))

    @made.delete("/rollouts/{rollout}", responses=gives(RollOut, "The roll-out, which counts no more."))
    @needs(Permission.ROLLOUTS_WRITE)
    def end_rollout(who: Who, rollout: Number) -> Response:
        """End a roll-out: what covered its endpoints before covers them again, or their own policy."""
        return item(governing.end(services, who, rollout))

    return made

"""SHELL. Endpoints: listed, looked at, named, moved, retired and let in again.

Must not be here: enrolling and syncing (`intake`).
"""

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field, StringConstraints
from sqlalchemy import Connection
from starlette.responses import Response

from spawngate.model.snapshot import Difference
from spawngate.server.access.guard import needs
from spawngate.server.access.principal import Principal
from spawngate.server.access.roles import Permission
from spawngate.server.administration import changed, recorded
from spawngate.server.fleet import endpoints as fleet
from spawngate.server.fleet import teams
from spawngate.server.fleet.database import MissingError
from spawngate.server.management import listed
from spawngate.server.management.answers import Who, gives, item
from spawngate.server.management.answers import router as fresh
from spawngate.server.services import Services
from spawngate.server.views import endpoint as one
from spawngate.server.views import endpoints

Id = Annotated[str, Path(max_length=64)]
Short = Annotated[str, StringConstraints(max_length=200)]


class ChangedEndpoint(BaseModel):
    """What shall be another value; what is left out stays."""

    label: Short | None = None
    group: Short | None = None
    team: Annotated[int, Field(ge=0, le=2**31 - 1)] | None = None


def router(services: Services) -> APIRouter:
    """The routes."""
    made = fresh("endpoints")
    database = services.database
    listed.add(
        made, services, "/endpoints", Permission.INVENTORY_READ, endpoints.EndpointRow, endpoints.FACETS,
        endpoints.endpoints, "Endpoints with their state.",
    )  # fmt: skip

    @made.get("/endpoints/{endpoint}", responses=gives(one.EndpointPage, "The endpoint."))
    @needs(Permission.INVENTORY_READ)
    def get_endpoint(who: Who, endpoint: Id) -> Response:
        """One endpoint: artifacts by agent, enforcement with its gaps, findings."""
        return item(shown(who, endpoint))

    @made.patch("/endpoints/{endpoint}", responses=gives(one.EndpointPage, "The endpoint."))
    @needs(Permission.ENDPOINTS_WRITE)
    def change_endpoint(who: Who, endpoint: Id, body: ChangedEndpoint) -> Response:
        """Name an endpoint, or put it into another team or group: it obeys another policy then."""
        with database.begin() as connection:
            held = theirs(connection, who, endpoint)
            differences: list[Difference] = []
            team = held.team if body.team is None else body.team
            group = held.group if body.group is None else body.group.strip()
            if (team, group) != (held.team, held.group):
                if not who.may(Permission.ENDPOINTS_WRITE, team):
                    raise MissingError(f"there is no team {team}")
                teams.get(connection, team)
                fleet.move(connection, endpoint, team=team, group=group, now=services.now())
                differences += [changed("team", held.team, team)] if team != held.team else []
                differences += [changed("group", held.group, group)] if group != held.group else []
            if body.label is not None:
                fleet.label(connection, endpoint, body.label.strip())
                differences.append(changed("label", None, body.label.strip()))
            if differences:
                recorded(
                    services, who, kind="endpoint", id=endpoint, name=endpoint, action="changed",
                    differences=differences,
                )  # fmt: skip
        return item(shown(who, endpoint))

    @made.post("/endpoints/{endpoint}/retire", responses=gives(one.EndpointPage, "The endpoint."))
    @needs(Permission.ENDPOINTS_WRITE)
    def retire_endpoint(who: Who, endpoint: Id) -> Response:
        """Let an endpoint in no more. What it sent stays."""
        with database.begin() as connection:
            if not theirs(connection, who, endpoint).retired_at:
                fleet.retire(connection, endpoint, services.now())
                recorded(services, who, kind="endpoint", id=endpoint, name=endpoint, action="retired")
        return item(shown(who, endpoint))

    @made.post("/endpoints/{endpoint}/restore", responses=gives(one.EndpointPage, "The endpoint."))
    @needs(Permission.ENDPOINTS_WRITE)
    def restore_endpoint(who: Who, endpoint: Id) -> Response:
        """Let a retired endpoint in again."""
        with database.begin() as connection:
            if theirs(connection, who, endpoint).retired_at:
                fleet.restore(connection, endpoint)
                recorded(services, who, kind="endpoint", id=endpoint, name=endpoint, action="restored")
        return item(shown(who, endpoint))

    def shown(who: Principal, endpoint: str) -> one.EndpointPage:
        found = one.endpoint(services, who.teams(Permission.INVENTORY_READ), endpoint)
        if found is None:
            raise MissingError("there is no such endpoint")
        return found

    return made


def theirs(connection: Connection, who: Principal, endpoint: str) -> fleet.Endpoint:
    """An endpoint that may be changed. Raises MissingError."""
    held = fleet.get(connection, endpoint)
    if held is None or not who.may(Permission.ENDPOINTS_WRITE, held.team):
        raise MissingError("there is no such endpoint")
    return held

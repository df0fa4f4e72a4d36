"""SHELL. Endpoints: listed, looked at, named, moved, retired, let in again, and told what to do.

Must not be here: enrolling and syncing (`intake`).
"""

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field, StringConstraints
from sqlalchemy import Connection
from starlette.responses import Response

from spawngate.model.snapshot import Difference
from spawngate.server import commanding
from spawngate.server.access.guard import needs
from spawngate.server.access.principal import Principal
from spawngate.server.access.roles import Permission
from spawngate.server.administration import changed, recorded
from spawngate.server.fleet import commands, generation, teams
from spawngate.server.fleet import endpoints as fleet
from spawngate.server.fleet.commands import Given
from spawngate.server.fleet.database import MissingError
from spawngate.server.management import listed
from spawngate.server.management.answers import Who, gives, item, items, lists
from spawngate.server.management.answers import router as fresh
from spawngate.server.services import Services
from spawngate.server.views import endpoint as one
from spawngate.server.views import endpoints
from spawngate.sync.command import What

Id = Annotated[str, Path(max_length=64)]
Command = Annotated[int, Path(ge=1, le=2**53)]
Short = Annotated[str, StringConstraints(max_length=200)]


class ChangedEndpoint(BaseModel):
    """What shall be another value; what is left out stays."""

    label: Short | None = None
    group: Short | None = None
    team: Annotated[int, Field(ge=0, le=2**31 - 1)] | None = None


class NewCommand(BaseModel):
    """What an endpoint shall do."""

    what: What
    """`scan`: take an inventory now; `reenroll`: enrol again, which gives it another token; `unenroll`: leave."""
    reason: Annotated[str, StringConstraints(max_length=commanding.LONGEST)] = ""
    """Wanted of `unenroll`."""


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
        generation.change_here()
        return item(shown(who, endpoint))

    @made.post("/endpoints/{endpoint}/retire", responses=gives(one.EndpointPage, "The endpoint."))
    @needs(Permission.ENDPOINTS_WRITE)
    def retire_endpoint(who: Who, endpoint: Id) -> Response:
        """Let an endpoint in no more. What it sent stays."""
        commanding.let_in(services, who, endpoint, again=False)
        return item(shown(who, endpoint))

    @made.post("/endpoints/{endpoint}/restore", responses=gives(one.EndpointPage, "The endpoint."))
    @needs(Permission.ENDPOINTS_WRITE)
    def restore_endpoint(who: Who, endpoint: Id) -> Response:
        """Let a retired endpoint in again."""
        commanding.let_in(services, who, endpoint, again=True)
        return item(shown(who, endpoint))

    @made.get("/endpoints/{endpoint}/commands", responses=lists(Given, "The newest commands."))
    @needs(Permission.ENDPOINTS_WRITE)
    def list_commands(who: Who, endpoint: Id) -> Response:
        """What an endpoint was told to do, newest first, and what became of it."""
        with database.read() as connection:
            theirs(connection, who, endpoint)
            return items(commands.at(commands.of(connection, endpoint), services.now()), None)

    @made.post("/endpoints/{endpoint}/commands", status_code=201, responses=gives(Given, "The command.", 201))
    @needs(Permission.ENDPOINTS_WRITE)
    def give_command(who: Who, endpoint: Id, body: NewCommand) -> Response:
        """Tell an endpoint what to do: it gets it, signed, with its next sync, and obeys it once."""
        return item(commanding.order(services, who, endpoint, body.what, body.reason), 201)

    @made.delete("/endpoints/{endpoint}/commands/{command}", responses=gives(Given, "The command."))
    @needs(Permission.ENDPOINTS_WRITE)
    def withdraw_command(who: Who, endpoint: Id, command: Command) -> Response:
        """Take a command back that was not obeyed yet."""
        return item(commanding.withdraw(services, who, endpoint, command))

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

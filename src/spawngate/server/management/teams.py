"""SHELL. Teams and their members.

    GET, POST /teams            PATCH, DELETE /teams/{team}
    GET /teams/{team}/members   PUT, DELETE /teams/{team}/members/{user}

Nobody gives a role above the own, nor takes one. Must not be here: people as such (`users`).
"""

from typing import Annotated

import msgspec
from fastapi import APIRouter
from pydantic import BaseModel, StringConstraints
from starlette.requests import Request
from starlette.responses import Response

from spawngate.server import administering
from spawngate.server.access.account import renewed
from spawngate.server.access.guard import needs
from spawngate.server.access.roles import Permission, Role
from spawngate.server.fleet import teams, users
from spawngate.server.fleet.teams import Team
from spawngate.server.management import listed
from spawngate.server.management.answers import (
    USUAL_LIMIT,
    Cursor,
    Done,
    Limit,
    Number,
    Who,
    gives,
    item,
    items,
    lists,
)
from spawngate.server.management.answers import router as fresh
from spawngate.server.services import Services
from spawngate.server.views import access
from spawngate.server.views.filters import Filters
from spawngate.server.views.listing import Listing

Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class NamedTeam(BaseModel):
    """A team's name."""

    name: Name


class Membership(BaseModel):
    """A role in a team."""

    role: Role


class Member(msgspec.Struct, frozen=True):
    """One person of a team."""

    user: int
    name: str
    role: Role


def router(services: Services) -> APIRouter:
    """The routes."""
    made = fresh("teams")
    database = services.database

    listed.add(
        made, services, "/teams", Permission.INVENTORY_READ, Team, access.TEAM_FACETS, _listed,
        "Teams that may be seen, by name.",
    )  # fmt: skip

    @made.post("/teams", status_code=201, responses=gives(Team, "The team.", 201))
    @needs(Permission.TEAMS_WRITE)
    def create_team(who: Who, body: NamedTeam) -> Response:
        """Make a team."""
        return item(administering.create_team(services, who, body.name), 201)

    @made.patch("/teams/{team}", responses=gives(Team, "The team."))
    @needs(Permission.TEAMS_WRITE)
    def rename_team(who: Who, team: Number, body: NamedTeam) -> Response:
        """Give a team another name."""
        return item(administering.rename_team(services, who, team, body.name))

    @made.delete("/teams/{team}", responses=gives(Done, "It is gone."))
    @needs(Permission.TEAMS_WRITE)
    def delete_team(who: Who, team: Number) -> Response:
        """Delete a team that holds nothing, with its memberships, tokens and enrolment secrets."""
        administering.remove_team(services, who, team)
        return item(Done())

    @made.get("/teams/{team}/members", responses=lists(Member, "People of the team, by name."))
    @needs(Permission.MEMBERS_READ)
    def list_members(who: Who, team: Number, cursor: Cursor = "", limit: Limit = USUAL_LIMIT) -> Response:
        """People who have a role in a team, by name."""
        administering.within(who, Permission.MEMBERS_READ, team)
        with database.read() as connection:
            teams.get(connection, team)
            found, following = users.page(connection, team, cursor, limit)
        return items([Member(each.id, each.name, each.roles[team]) for each in found if team in each.roles], following)

    @made.put("/teams/{team}/members/{user}", responses=gives(Member, "The member."))
    @needs(Permission.MEMBERS_WRITE)
    def set_member(request: Request, who: Who, team: Number, user: Number, body: Membership) -> Response:
        """Give somebody a role in a team. Where it is another one, their sessions end."""
        name = administering.set_role(services, who, user, team, body.role)
        return renewed(services, request, item(Member(user, name, body.role)), user)

    @made.delete("/teams/{team}/members/{user}", responses=gives(Done, "They have no role there."))
    @needs(Permission.MEMBERS_WRITE)
    def remove_member(request: Request, who: Who, team: Number, user: Number) -> Response:
        """Take somebody's role in a team. Their sessions end."""
        administering.set_role(services, who, user, team, None)
        return renewed(services, request, item(Done()), user)

    return made


def _listed(
    services: Services, teams_seen: frozenset[int] | None, filters: Filters, *, facets: bool = True
) -> Listing[Team]:
    found = access.teams_of(services, teams_seen, filters, facets=facets)
    with services.database.read() as connection:
        held = teams.of(connection, [each.id for each in found.rows])
    return Listing(held, found.cursor, found.facets, found.total, found.sort)

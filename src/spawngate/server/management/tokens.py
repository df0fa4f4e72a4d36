"""SHELL. API tokens: GET, POST /tokens; DELETE /tokens/{token}.

A token is never worth more than who makes it: no role above the own, no permission that the own token lacks.
Must not be here: how tokens are kept (`fleet.tokens`).
"""

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field, StringConstraints
from starlette.responses import Response

from spawngate.server import administering
from spawngate.server.access.guard import needs
from spawngate.server.access.roles import Permission, Role
from spawngate.server.fleet import tokens
from spawngate.server.fleet.tokens import MOST_DAYS, USUAL_DAYS, Token
from spawngate.server.management import listed
from spawngate.server.management.answers import Done, Number, Secret, Who, gives, item
from spawngate.server.management.answers import router as fresh
from spawngate.server.services import Services
from spawngate.server.views import access
from spawngate.server.views.filters import Filters
from spawngate.server.views.listing import Listing


class NewToken(BaseModel):
    """A token that shall be made."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    team: Annotated[int, Field(ge=0, le=2**31 - 1)] = 0
    role: Role = Role.READER
    scopes: Annotated[list[Permission], Field(max_length=len(Permission))] = []
    """Nothing but these; empty: all that the role gives."""
    days: Annotated[int, Field(ge=1, le=MOST_DAYS)] = USUAL_DAYS


def router(services: Services) -> APIRouter:
    """The routes."""
    made = fresh("tokens")

    listed.add(
        made, services, "/tokens", Permission.TOKENS_READ, Token, access.TOKEN_FACETS, _listed,
        "Tokens of the teams whose tokens may be seen, the newest first.",
    )  # fmt: skip

    @made.post("/tokens", status_code=201, responses=gives(Secret, "The token, this once.", 201))
    @needs(Permission.TOKENS_WRITE)
    def create_token(who: Who, body: NewToken) -> Response:
        """Make a token. Its secret is in this answer and nowhere else. One that a token makes ends with that."""
        token, secret = administering.create_token(
            services, who, body.name, team=body.team, role=body.role, scopes=body.scopes, days=body.days
        )
        return item(Secret(token.id, secret), 201)

    @made.delete("/tokens/{token}", responses=gives(Done, "It is out of force."))
    @needs(Permission.TOKENS_WRITE)
    def revoke_token(who: Who, token: Number) -> Response:
        """Take a token out of force, at once."""
        administering.revoke_token(services, who, token)
        return item(Done())

    return made


def _listed(
    services: Services, teams: frozenset[int] | None, filters: Filters, *, facets: bool = True
) -> Listing[Token]:
    found = access.tokens_of(services, teams, filters, facets=facets)
    with services.database.read() as connection:
        held = tokens.of(connection, [each.id for each in found.rows])
    return Listing(held, found.cursor, found.facets, found.total, found.sort)

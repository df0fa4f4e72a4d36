"""SHELL. API tokens: GET, POST /tokens; DELETE /tokens/{token}.

A token is never worth more than who makes it: no role above the own, no permission that the own token lacks.
Must not be here: how tokens are kept (`fleet.tokens`).
"""

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field, StringConstraints
from starlette.responses import Response

from spawngate.server.access.guard import Forbidden, needs
from spawngate.server.access.principal import Principal
from spawngate.server.access.roles import MATRIX, ORGANISATION_WIDE, Permission, Role
from spawngate.server.administration import recorded
from spawngate.server.fleet import tokens
from spawngate.server.fleet.database import MissingError
from spawngate.server.fleet.tables import ORGANISATION
from spawngate.server.fleet.tokens import MOST_DAYS, USUAL_DAYS, Token
from spawngate.server.management.answers import (
    USUAL_LIMIT,
    Cursor,
    Done,
    Limit,
    Number,
    Secret,
    Who,
    gives,
    item,
    items,
    lists,
)
from spawngate.server.management.answers import router as fresh
from spawngate.server.services import Services


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
    database = services.database

    @made.get("/tokens", responses=lists(Token, "Tokens, the newest first."))
    @needs(Permission.TOKENS_READ)
    def list_tokens(who: Who, cursor: Cursor = "", limit: Limit = USUAL_LIMIT) -> Response:
        """Tokens of the teams whose tokens may be seen."""
        with database.read() as connection:
            return items(*tokens.page(connection, who.teams(Permission.TOKENS_READ), cursor, limit))

    @made.post("/tokens", status_code=201, responses=gives(Secret, "The token, this once.", 201))
    @needs(Permission.TOKENS_WRITE)
    def create_token(who: Who, body: NewToken) -> Response:
        """Make a token. Its secret is in this answer and nowhere else."""
        if not who.may(Permission.TOKENS_WRITE, body.team):
            raise MissingError(f"there is no team {body.team}")
        _no_more_than(who, body)
        with database.begin() as connection:
            token, secret = tokens.create(
                connection,
                name=body.name,
                team=body.team,
                role=body.role,
                scopes=body.scopes,
                days=body.days,
                by=who.name,
                now=services.now(),
            )
            detail = {"team": token.team, "role": token.role.value, "scopes": list(token.scopes or ())}
            recorded(
                services, who, kind="token", id=token.id, name=token.name, action="created",
                detail={**detail, "expires_at": token.expires_at},
            )  # fmt: skip
        return item(Secret(token.id, secret), 201)

    @made.delete("/tokens/{token}", responses=gives(Done, "It is out of force."))
    @needs(Permission.TOKENS_WRITE)
    def revoke_token(who: Who, token: Number) -> Response:
        """Take a token out of force, at once."""
        with database.begin() as connection:
            there = tokens.get(connection, token)
            if not who.may(Permission.TOKENS_WRITE, there.team):
                raise MissingError(f"there is no token {token}")
            tokens.revoke(connection, token, services.now())
            recorded(services, who, kind="token", id=token, name=there.name, action="revoked")
        return item(Done())

    return made


def _no_more_than(who: Principal, body: NewToken) -> None:
    """Raises Forbidden for a token that may more than who makes it."""
    wanted = MATRIX[body.role] & frozenset(body.scopes) if body.scopes else MATRIX[body.role]
    more = sorted(each for each in wanted if not who.may(each, body.team) and _counts(each, body.team))
    if body.role.rank > who.rank(body.team) or more:
        raise Forbidden("A token may do no more than who makes it.")


def _counts(permission: Permission, team: int) -> bool:
    """Whether a role in this team gives the permission at all: some need one in the organisation."""
    return team == ORGANISATION or permission not in ORGANISATION_WIDE

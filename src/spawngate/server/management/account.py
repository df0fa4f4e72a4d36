"""SHELL. GET /me: who asks, and what they may do; DELETE /me/sessions: signed in nowhere else any more; PUT
/me/password: another password.

Must not be here: others (`users`).
"""

from typing import Annotated

import msgspec
from fastapi import APIRouter
from pydantic import BaseModel, Field
from starlette.responses import Response

from spawngate.server import administering
from spawngate.server.access import account, passwords
from spawngate.server.access.guard import needs
from spawngate.server.access.principal import Kind
from spawngate.server.access.roles import Permission, Role
from spawngate.server.management.answers import Done, Who, gives, item
from spawngate.server.management.answers import router as fresh
from spawngate.server.services import Services


class Account(msgspec.Struct, frozen=True):
    """Who asks."""

    name: str
    kind: Kind
    roles: dict[int, Role]
    """By team; 0 is the organisation."""
    permissions: list[Permission]
    """What may be done in at least one team."""


class NewPassword(BaseModel):
    """What one signs in with from now on."""

    old: Annotated[str, Field(max_length=passwords.LONGEST)]
    new: Annotated[str, Field(min_length=passwords.SHORTEST, max_length=passwords.LONGEST)]


def router(services: Services) -> APIRouter:
    """The routes."""
    made = fresh("account")

    @made.get("/me", responses=gives(Account, "Who asks."))
    @needs(None)
    def me(who: Who) -> Response:
        """Who asks, and what they may do."""
        return item(Account(who.name, who.kind, dict(who.roles), sorted(who.permissions)))

    @made.delete("/me/sessions", responses=gives(Done, "They have ended."))
    @needs(None)
    def end_own_sessions(who: Who) -> Response:
        """End every session of one's own, on every machine, but for the one with which this is asked."""
        if who.user is not None:
            administering.end_sessions(services, who, who.user)
        return item(Done())

    @made.put("/me/password", responses=gives(Done, "It is changed, and who asked is signed in here alone."))
    @needs(None)
    def change_own_password(who: Who, body: NewPassword) -> Response:
        """Give oneself another password. Every session of one's own ends; the answer's cookie is a new one."""
        word = account.change_password(services, who, body.old, body.new)
        return account.signed_in_by(services, item(Done()), word)

    return made

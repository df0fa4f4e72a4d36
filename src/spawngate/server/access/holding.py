"""SHELL. What a token is worth now: what it was given, as far as who made it still has that.

A token of somebody who was let go opens nothing; one of somebody whose role was lowered gives no more than theirs.
Must not be here: tokens as they are kept (`fleet.tokens`), what a role may do (`roles`).
"""

from collections.abc import Mapping

from sqlalchemy import Connection

from spawngate.server.access.principal import Kind, Principal
from spawngate.server.access.roles import Role
from spawngate.server.fleet import users
from spawngate.server.fleet.database import MissingError
from spawngate.server.fleet.tokens import Token


def held_by(connection: Connection, token: Token, now: str) -> Principal | None:
    """Who asks with this token; None where it is in force no more, or nobody who made it may come in."""
    if token.revoked_at or token.expires_at <= now:
        return None
    role: Role | None = token.role
    if token.maker:
        try:
            maker = users.get(connection, token.maker)
        except MissingError:
            return None
        if maker.disabled_at:
            return None
        role = lower(token.role, maker.roles, token.team)
    scopes = None if token.scopes is None else frozenset(token.scopes)
    return Principal(token.name, Kind.TOKEN, {} if role is None else {token.team: role}, scopes, token=token.id)


def lower(role: Role, roles: Mapping[int, Role], team: int) -> Role | None:
    """A role in a team, or what somebody with these roles (by team) is there where that is lower; None for no role."""
    rank = Principal("", Kind.USER, roles).rank(team)
    return list(Role)[min(role.rank, rank)] if rank >= 0 else None

"""SHELL. API tokens: of programs, with a role in one team, fewer permissions where wanted, and always an end.

A token is never worth more than who made it: the person who did is known (`access.holding` says what that means at each
use), and one that is revoked takes with it all that were made with it.
Must not be here: tokens of endpoints (`endpoints`), what a role may do (`access.roles`).
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, insert, select, update

from spawngate.model.errors import UsageError
from spawngate.server.access.roles import Permission, Role
from spawngate.server.fleet import rows
from spawngate.server.fleet.database import MissingError
from spawngate.server.fleet.tables import TOKENS
from spawngate.server.fleet.teams import get as team_of
from spawngate.server.fleet.teams import named
from spawngate.server.fleet.words import digest, fresh
from spawngate.trail.moment import stamp

PREFIX = "sgt_"
SHOWN = 10
"""Characters of a token that lists show."""
USUAL_DAYS, MOST_DAYS = 90, 366
USED_EVERY = timedelta(minutes=1)


class Token(msgspec.Struct, frozen=True):
    """One token, without its secret."""

    id: int
    prefix: str
    name: str
    team: int
    role: Role
    scopes: tuple[Permission, ...] | None
    """Nothing but these; None: all that the role gives."""
    created_by: str
    created_at: str
    expires_at: str
    used_at: str = ""
    revoked_at: str = ""
    maker: int = 0
    """Id of the person who made it, themselves or with a token; 0: the operator of the server."""
    parent: int = 0
    """Id of the token that made it; 0: none did."""


def create(
    connection: Connection,
    *,
    name: str,
    team: int,
    role: Role,
    scopes: Iterable[Permission] = (),
    days: int = USUAL_DAYS,
    by: str,
    now: str,
    maker: int = 0,
    parent: int = 0,
) -> tuple[Token, str]:
    """Make a token; it, and the secret, which is shown this once.

    `maker`: the person who makes it; `parent`: the token that does, whose maker and end it has. Raises UsageError;
    MissingError where that is in force no more.
    """
    if not 1 <= days <= MOST_DAYS:
        raise UsageError(f"a token ends after 1 to {MOST_DAYS} days")
    until = ""
    if parent:
        before = _making(connection, parent, now)
        maker, until = before.maker, before.expires_at
    team_of(connection, team)
    secret = fresh(PREFIX)
    end = stamp(datetime.fromisoformat(now) + timedelta(days=days))
    token = Token(
        id=0,
        prefix=secret[:SHOWN],
        name=named(name),
        team=team,
        role=role,
        scopes=tuple(sorted(set(scopes))) or None,
        created_by=by,
        created_at=now,
        expires_at=min(end, until or end),
        maker=maker,
        parent=parent,
    )
    values = msgspec.to_builtins(token) | {"hash": digest(secret), "scopes": list(token.scopes or ())}
    del values["id"]
    made = connection.execute(insert(TOKENS).values(values)).inserted_primary_key
    assert made is not None
    return msgspec.structs.replace(token, id=made[0]), secret


def find(connection: Connection, secret: str, now: str) -> Token | None:
    """The token of a secret that is in force."""
    row = connection.execute(select(TOKENS).where(TOKENS.c.hash == digest(secret))).first()
    if row is None or row.revoked_at or row.expires_at <= now:
        return None
    return _token(row)


def used(connection: Connection, token: Token, now: str) -> None:
    """Note that a token is used."""
    connection.execute(update(TOKENS).where(TOKENS.c.id == token.id).values(used_at=now))


def is_stale(token: Token, now: str) -> bool:
    """Whether it is time to note that a token is used."""
    return not token.used_at or stamp(datetime.fromisoformat(token.used_at) + USED_EVERY) <= now


def revoke(connection: Connection, token: int, now: str) -> tuple[Token, ...]:
    """Take a token out of force, and all that were made with it; they as they were, the token itself first.

    Raises MissingError where there is none.
    """
    found, behind = [get(connection, token)], [token]
    while behind:
        # Whoever makes one with one of these waits for this transaction (`_making`), and then finds it revoked.
        connection.execute(select(TOKENS.c.id).where(TOKENS.c.id.in_(behind)).with_for_update()).all()
        rows_of = select(TOKENS).where(TOKENS.c.parent.in_(behind), TOKENS.c.revoked_at == "").order_by(TOKENS.c.id)
        made = [_token(row) for row in connection.execute(rows_of)]
        in_force = (TOKENS.c.id.in_(behind), TOKENS.c.revoked_at == "")
        connection.execute(update(TOKENS).where(*in_force).values(revoked_at=now))
        found += made
        behind = [each.id for each in made]
    return tuple(found)


def _making(connection: Connection, token: int, now: str) -> Token:
    row = connection.execute(select(TOKENS).where(TOKENS.c.id == token).with_for_update()).first()
    if row is None or row.revoked_at or row.expires_at <= now:
        raise MissingError(f"there is no token {token}")
    return _token(row)


def get(connection: Connection, token: int) -> Token:
    """One token. Raises MissingError where there is none."""
    row = connection.execute(select(TOKENS).where(TOKENS.c.id == token)).first()
    if row is None:
        raise MissingError(f"there is no token {token}")
    return _token(row)


def of(connection: Connection, ids: Sequence[int]) -> tuple[Token, ...]:
    """Those of these tokens that are there, in this order."""
    found = {row.id: _token(row) for row in connection.execute(select(TOKENS).where(TOKENS.c.id.in_(ids)))}
    return tuple(found[each] for each in ids if each in found)


def page(
    connection: Connection, teams: frozenset[int] | None, cursor: str | None = None, limit: int = rows.USUAL
) -> tuple[Sequence[Token], str | None]:
    """Tokens of these teams, the newest first. Raises CursorError."""
    statement = select(TOKENS).where(rows.of_teams(TOKENS.c.team, teams))
    chosen = connection.execute(rows.paged(statement, [TOKENS.c.id], cursor, limit, descending=True))
    return rows.cut([_token(row) for row in chosen], limit, lambda token: [token.id])


def _token(row: Row[Any]) -> Token:
    given = rows.plain(row)
    del given["hash"]
    known = {each.value for each in Permission}
    # A permission of a later version gives nothing here, and a token of nothing else is not one of everything.
    given["scopes"] = [each for each in given["scopes"] if each in known] if given["scopes"] else None
    return msgspec.convert(given, Token)

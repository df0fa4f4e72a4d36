"""SHELL. Enrolment secrets (many uses, for device management) and codes (one use, typed by people), each of one team.

Must not be here: what enrolling makes (`endpoints`).
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, false, insert, or_, select, update

from spawngate.model.errors import UsageError
from spawngate.server.fleet import rows
from spawngate.server.fleet.database import MissingError
from spawngate.server.fleet.tables import ENROLMENTS
from spawngate.server.fleet.teams import get as team_of
from spawngate.server.fleet.teams import named
from spawngate.server.fleet.words import digest, fresh, fresh_code, typed
from spawngate.trail.moment import stamp

PREFIX = "sge_"
CODE_HOURS = 24
MOST_DAYS = 3660
LARGEST = 1_000_000_000


class Enrolment(msgspec.Struct, frozen=True):
    """One secret or code, without its text."""

    id: int
    kind: Literal["secret", "code"]
    name: str
    team: int
    group: str
    most: int
    """Uses; 0: without a limit."""
    uses: int
    created_by: str
    created_at: str
    expires_at: str = ""
    """Empty: never."""
    revoked_at: str = ""


class Redeemed(msgspec.Struct, frozen=True):
    """What a secret or code lets somebody do: enrol an endpoint into this team and group."""

    id: int
    kind: Literal["secret", "code"]
    team: int
    group: str


def create(
    connection: Connection,
    *,
    kind: Literal["secret", "code"],
    name: str,
    team: int,
    group: str = "",
    most: int = 0,
    days: int = 0,
    by: str,
    now: str,
    text: str = "",
) -> tuple[Enrolment, str]:
    """Make a secret or a code; it, and its text, which is shown this once.

    `days` until it ends; 0: a secret never, a code after 24 hours. `text`: what it is, where it is not drawn here.
    Raises UsageError.
    """
    if not 0 <= days <= MOST_DAYS:
        raise UsageError(f"days are 0 to {MOST_DAYS}")
    if not 0 <= most <= LARGEST:
        raise UsageError(f"uses are 0 to {LARGEST}")
    if len(group) > 200 or not group.isprintable():
        raise UsageError("a group has up to 200 printable characters")
    team_of(connection, team)
    text = text or (fresh_code() if kind == "code" else fresh(PREFIX))
    span = timedelta(days=days) if days else timedelta(hours=CODE_HOURS)
    made = Enrolment(
        id=0,
        kind=kind,
        name=named(name),
        team=team,
        group=group.strip(),
        most=1 if kind == "code" else most,
        uses=0,
        created_by=by,
        created_at=now,
        expires_at=stamp(datetime.fromisoformat(now) + span) if days or kind == "code" else "",
    )
    values = msgspec.to_builtins(made) | {"hash": digest(text)}
    del values["id"]
    key = connection.execute(insert(ENROLMENTS).values(values)).inserted_primary_key
    assert key is not None
    return msgspec.structs.replace(made, id=key[0]), text


def redeem(connection: Connection, secret: str, now: str) -> Redeemed | None:
    """Use a secret or a code once; None where it is unknown, revoked, expired or used up.

    One statement counts and checks, so two who come at once do not both get the last use.
    """
    statement = (
        update(ENROLMENTS)
        .where(*_in_force(secret, now))
        .values(uses=ENROLMENTS.c.uses + 1)
        .returning(ENROLMENTS.c.id, ENROLMENTS.c.kind, ENROLMENTS.c.team, ENROLMENTS.c.group)
    )
    row = connection.execute(statement).first()
    return None if row is None else Redeemed(*row)


def is_in_force(connection: Connection, secret: str, now: str) -> bool:
    """Whether a secret or a code would enrol somebody. Uses nothing up."""
    return connection.execute(select(ENROLMENTS.c.id).where(*_in_force(secret, now))).first() is not None


def _in_force(secret: str, now: str) -> tuple[ColumnElement[bool], ...]:
    text = secret.strip()
    hash_ = digest(text) if text.startswith(PREFIX) else digest(typed(text))
    return (
        ENROLMENTS.c.hash == hash_ if hash_ else false(),
        ENROLMENTS.c.revoked_at == "",
        or_(ENROLMENTS.c.expires_at == "", ENROLMENTS.c.expires_at > now),
        or_(ENROLMENTS.c.most == 0, ENROLMENTS.c.uses < ENROLMENTS.c.most),
    )


def revoke(connection: Connection, enrolment: int, now: str) -> Enrolment:
    """Take a secret or code out of force; it as it was. Raises MissingError where there is none."""
    there = get(connection, enrolment)
    where = (ENROLMENTS.c.id == enrolment, ENROLMENTS.c.revoked_at == "")
    connection.execute(update(ENROLMENTS).where(*where).values(revoked_at=now))
    return there


def revoke_text(connection: Connection, text: str, now: str) -> None:
    """Take the secret or code of a text out of force, if there is one."""
    where = (ENROLMENTS.c.hash == digest(text), ENROLMENTS.c.revoked_at == "")
    connection.execute(update(ENROLMENTS).where(*where).values(revoked_at=now))


def get(connection: Connection, enrolment: int) -> Enrolment:
    """One secret or code. Raises MissingError where there is none."""
    row = connection.execute(select(ENROLMENTS).where(ENROLMENTS.c.id == enrolment)).first()
    if row is None:
        raise MissingError(f"there is no enrolment secret {enrolment}")
    return _enrolment(row)


def of(connection: Connection, ids: Sequence[int]) -> tuple[Enrolment, ...]:
    """Those of these that are there, in this order."""
    asked = select(ENROLMENTS).where(ENROLMENTS.c.id.in_(ids))
    found = {row.id: _enrolment(row) for row in connection.execute(asked)}
    return tuple(found[each] for each in ids if each in found)


def page(
    connection: Connection, teams: frozenset[int] | None, cursor: str | None = None, limit: int = rows.USUAL
) -> tuple[Sequence[Enrolment], str | None]:
    """Secrets and codes of these teams, the newest first. Raises CursorError."""
    statement = select(ENROLMENTS).where(rows.of_teams(ENROLMENTS.c.team, teams))
    chosen = connection.execute(rows.paged(statement, [ENROLMENTS.c.id], cursor, limit, descending=True))
    return rows.cut([_enrolment(row) for row in chosen], limit, lambda each: [each.id])


def _enrolment(row: Row[Any]) -> Enrolment:
    given = rows.plain(row)
    del given["hash"]
    return msgspec.convert(given, Enrolment)

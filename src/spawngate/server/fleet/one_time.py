"""SHELL. Words that work once: the first-run link, invitations, new passwords, the state of a login at a provider.

Must not be here: what they open.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import Connection, delete, insert, select

from spawngate.model.json import Json
from spawngate.server.fleet.tables import ONE_TIME
from spawngate.server.fleet.words import digest, fresh
from spawngate.trail.moment import stamp

Purpose = Literal["first-run", "invitation", "oidc-state"]


def issue(
    connection: Connection, purpose: Purpose, detail: Mapping[str, Json], now: str, lasts: timedelta, word: str = ""
) -> str:
    """A word for one use; `word`: one that the caller made. Those of the same purpose that have ended are deleted."""
    connection.execute(delete(ONE_TIME).where(ONE_TIME.c.purpose == purpose, ONE_TIME.c.expires_at <= now))
    word = word or fresh()
    ends = stamp(datetime.fromisoformat(now) + lasts)
    values = {"hash": digest(word), "purpose": purpose, "detail": dict(detail), "expires_at": ends}
    connection.execute(insert(ONE_TIME).values(**values))
    return word


def peek(connection: Connection, purpose: Purpose, word: str, now: str) -> Mapping[str, Json] | None:
    """What a word opens, without using it; None where it is none, was used or has ended."""
    row = connection.execute(
        select(ONE_TIME.c.detail).where(
            ONE_TIME.c.hash == digest(word), ONE_TIME.c.purpose == purpose, ONE_TIME.c.expires_at > now
        )
    ).first()
    return None if row is None else row.detail


def take(connection: Connection, purpose: Purpose, word: str, now: str) -> Mapping[str, Json] | None:
    """Use a word. One statement finds and deletes it, so two who come at once do not both get in."""
    row = connection.execute(
        delete(ONE_TIME)
        .where(ONE_TIME.c.hash == digest(word), ONE_TIME.c.purpose == purpose)
        .returning(ONE_TIME.c.detail, ONE_TIME.c.expires_at)
    ).first()
    return None if row is None or row.expires_at <= now else row.detail


def withdraw(connection: Connection, purpose: Purpose, **detail: Json) -> int:
    """Delete every word of a purpose, or those whose detail holds these members; how many."""
    rows = connection.execute(select(ONE_TIME.c.hash, ONE_TIME.c.detail).where(ONE_TIME.c.purpose == purpose))
    gone = [row.hash for row in rows if all(row.detail.get(name) == value for name, value in detail.items())]
    for hash_ in gone:
        connection.execute(delete(ONE_TIME).where(ONE_TIME.c.hash == hash_))
    return len(gone)


def sweep(connection: Connection, now: str) -> int:
    """Delete what has ended; how many."""
    return connection.execute(delete(ONE_TIME).where(ONE_TIME.c.expires_at <= now)).rowcount

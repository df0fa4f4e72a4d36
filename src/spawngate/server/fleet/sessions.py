"""SHELL. Sessions of people, kept at the server; the browser holds a random word that means nothing elsewhere.

A session ends after `LONGEST` and after `IDLE` without a request. Every login makes a new one, so a word that somebody
planted before is none. Must not be here: cookies (`access.authenticate`), logins (`access.login`).
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Connection, delete, insert, select, update

from spawngate.server.fleet.tables import SESSIONS, USERS
from spawngate.server.fleet.words import digest, fresh
from spawngate.trail.moment import stamp

LONGEST = timedelta(hours=12)
IDLE = timedelta(hours=2)
SEEN_EVERY = timedelta(minutes=1)
"""How exactly is known when a session was used last."""


class Session(msgspec.Struct, frozen=True):
    """One session."""

    id: str
    """Hash of the word."""
    user: int
    csrf: str
    created_at: str
    seen_at: str
    expires_at: str


def begin(connection: Connection, user: int, now: str, replaces: str = "") -> str:
    """A new session; the word for the cookie. `replaces`: the word of one that ends with it."""
    if replaces:
        end(connection, digest(replaces))
    word = fresh()
    values = {"id": digest(word), "user": user, "csrf": fresh(), "created_at": now, "seen_at": now}
    connection.execute(insert(SESSIONS).values(**values, expires_at=_after(now, LONGEST)))
    return word


def find(connection: Connection, word: str, now: str) -> Session | None:
    """The session of a word, of somebody who may still sign in."""
    statement = select(SESSIONS).join(USERS, USERS.c.id == SESSIONS.c.user)
    row = connection.execute(statement.where(SESSIONS.c.id == digest(word), USERS.c.disabled_at == "")).first()
    if row is None or row.expires_at <= now or _after(row.seen_at, IDLE) <= now:
        return None
    return Session(**row._mapping)


def is_stale(session: Session, now: str) -> bool:
    """Whether it is time to note that a session is used."""
    return _after(session.seen_at, SEEN_EVERY) <= now


def seen(connection: Connection, session: str, now: str) -> None:
    """Note that a session is used."""
    connection.execute(update(SESSIONS).where(SESSIONS.c.id == session).values(seen_at=now))


def renew(connection: Connection, session: str) -> str:
    """Give a session another word; it, or nothing where the session has ended. The word before opens nothing then."""
    word = fresh()
    done = connection.execute(
        update(SESSIONS).where(SESSIONS.c.id == session).values(id=digest(word), csrf=fresh())
    ).rowcount
    return word if done else ""


def end(connection: Connection, session: str) -> bool:
    """End a session; whether there was one."""
    return bool(connection.execute(delete(SESSIONS).where(SESSIONS.c.id == session)).rowcount)


def end_all(connection: Connection, user: int, but: str = "") -> int:
    """End somebody's sessions, but for one; how many."""
    return connection.execute(delete(SESSIONS).where(SESSIONS.c.user == user, SESSIONS.c.id != but)).rowcount


def of(connection: Connection, user: int, now: str) -> Sequence[Session]:
    """Somebody's sessions, the newest first."""
    found = connection.execute(select(SESSIONS).where(SESSIONS.c.user == user).order_by(SESSIONS.c.created_at.desc()))
    return [Session(**row._mapping) for row in found if row.expires_at > now and _after(row.seen_at, IDLE) > now]


def sweep(connection: Connection, now: str) -> int:
    """Delete what has ended; how many."""
    idle = _after(now, -IDLE)
    ended = (SESSIONS.c.expires_at <= now) | (SESSIONS.c.seen_at <= idle)
    return connection.execute(delete(SESSIONS).where(ended)).rowcount


def _after(time: str, span: timedelta) -> str:
    return stamp(datetime.fromisoformat(time) + span)

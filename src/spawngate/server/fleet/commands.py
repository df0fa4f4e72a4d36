"""SHELL. Commands to endpoints: what somebody told one to do, whether it got that, and what became of it.

    waiting -> done | failed | withdrawn

One that waits longer than its time is not given any more. Numbers rise like the serial of bundles, also behind an older
copy of the database: an endpoint obeys none that is not above the last.
Must not be here: who may command (`server.commanding`), the signed form (`sync.command`), how it travels (`intake`).
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, insert, select, update

from spawngate.server.fleet import rows
from spawngate.server.fleet.bundles import raise_counter
from spawngate.server.fleet.database import ConflictError, MissingError
from spawngate.server.fleet.endpoints import clean
from spawngate.server.fleet.tables import COMMANDS, ENDPOINTS
from spawngate.sync.command import What
from spawngate.sync.messages import Outcome
from spawngate.trail.moment import stamp

COUNTER = "command"
DAYS = 7
"""For how long one waits for its endpoint."""
SHOWN = 20
MOST_GIVEN = 5
"""Commands of one sync."""
EXPIRED = "expired"
"""The state that one has which waited too long; in the table it waits on."""


class Given(msgspec.Struct, frozen=True):
    """One command as it is kept."""

    id: int
    endpoint: str
    what: str
    state: str
    """waiting, done, failed, withdrawn; expired, as `at` has it."""
    asked_by: str
    asked_at: str
    reason: str
    until: str
    given_at: str
    ended_at: str
    result: str


def create(connection: Connection, endpoint: str, what: What, *, by: str, reason: str, now: str) -> Given:
    """Command an endpoint. Raises ConflictError where the same waits for it already."""
    known = [each for each in waiting(connection, endpoint, now) if each.what == what]
    if known:
        raise ConflictError(f"it was told to {what} already, and has not answered yet")
    made = Given(
        id=raise_counter(connection, COUNTER, now),
        endpoint=endpoint,
        what=what,
        state="waiting",
        asked_by=by[:200],
        asked_at=now,
        reason=str(clean(reason)),
        until=stamp(datetime.fromisoformat(now) + timedelta(days=DAYS)),
        given_at="",
        ended_at="",
        result="",
    )
    connection.execute(insert(COMMANDS).values(msgspec.to_builtins(made)))
    return made


def waiting(connection: Connection, endpoint: str, now: str) -> tuple[Given, ...]:
    """Those that an endpoint has still to obey, in the order of their numbers."""
    wanted = (COMMANDS.c.state == "waiting", COMMANDS.c.endpoint == endpoint, COMMANDS.c.until > now)
    found = connection.execute(select(COMMANDS).where(*wanted).order_by(COMMANDS.c.id))
    return tuple(_given(row) for row in found)


def awaited(connection: Connection, now: str) -> frozenset[str]:
    """The endpoints that have something to obey."""
    wanted = (COMMANDS.c.state == "waiting", COMMANDS.c.until > now)
    return frozenset(connection.execute(select(COMMANDS.c.endpoint).where(*wanted)).scalars())


def told(connection: Connection, numbers: Sequence[int], now: str) -> None:
    """These were given to their endpoint; only the first time is noted."""
    wanted = (COMMANDS.c.id.in_(numbers), COMMANDS.c.given_at == "")
    connection.execute(update(COMMANDS).where(*wanted).values(given_at=now))


def settle(connection: Connection, endpoint: str, outcomes: Sequence[Outcome], now: str) -> tuple[Given, ...]:
    """Note what became of commands; those that waited for it. What an endpoint says of any other is passed over."""
    found: list[Given] = []
    for each in outcomes:
        values = {"state": each.state, "ended_at": now, "result": str(clean(each.message))}
        wanted = (COMMANDS.c.id == each.id, COMMANDS.c.endpoint == endpoint, COMMANDS.c.state == "waiting")
        row = connection.execute(update(COMMANDS).where(*wanted).values(values).returning(*COMMANDS.c)).first()
        if row is not None:
            found.append(_given(row))
    if any(each.what == "scan" and each.state == "done" for each in found):
        # What it holds may be what it held: then nothing else comes that would say so.
        connection.execute(update(ENDPOINTS).where(ENDPOINTS.c.id == endpoint).values(scanned_at=now))
    return tuple(found)


def withdraw(connection: Connection, endpoint: str, number: int, now: str) -> Given:
    """Take a command back that was not obeyed yet. Raises MissingError, ConflictError."""
    wanted = (COMMANDS.c.id == number, COMMANDS.c.endpoint == endpoint)
    there = connection.execute(select(COMMANDS).where(*wanted)).first()
    if there is None:
        raise MissingError(f"there is no command {number} to this endpoint")
    values = {"state": "withdrawn", "ended_at": now}
    statement = update(COMMANDS).where(*wanted, COMMANDS.c.state == "waiting").values(values).returning(*COMMANDS.c)
    row = connection.execute(statement).first()
    if row is None:
        raise ConflictError(f"the command is {there.state} already")
    return _given(row)


def of(connection: Connection, endpoint: str) -> tuple[Given, ...]:
    """The newest commands to an endpoint, newest first."""
    wanted = select(COMMANDS).where(COMMANDS.c.endpoint == endpoint).order_by(COMMANDS.c.id.desc()).limit(SHOWN)
    return tuple(_given(row) for row in connection.execute(wanted))


def at(found: Sequence[Given], now: str) -> tuple[Given, ...]:
    """The same as they stand at a time: those that waited too long as `expired`."""
    late = (each.state == "waiting" and each.until <= now for each in found)
    return tuple(
        msgspec.structs.replace(each, state=EXPIRED) if old else each for each, old in zip(found, late, strict=True)
    )


def _given(row: Row[Any]) -> Given:
    return Given(**rows.plain(row))

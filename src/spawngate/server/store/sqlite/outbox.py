"""The outbox, in the newest day's file: claimed with a lease, settled by who holds it.

Must not be here: how rows come in (`writer`), what is delivered.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from spawngate.model.errors import UsageError
from spawngate.server.store.port import Settled
from spawngate.trail import moment


@dataclass(frozen=True, slots=True)
class Held:
    """One row that a worker has claimed."""

    id: int
    route: str
    day: str
    event: int
    due: str
    attempts: int


def claim(
    connection: sqlite3.Connection, worker: str, now: str, lease_seconds: float, limit: int, route: str
) -> list[Held]:
    """Claim what is due. Raises UsageError for a time that is none, sqlite3.Error."""
    try:
        begin = moment.normal(now)
        end = moment.text(moment.microseconds(now) + int(lease_seconds * 1_000_000))
    except ValueError:
        raise UsageError("a lease needs a time with a zone") from None
    only = "AND route=?" if route else ""
    rows = connection.execute(
        "UPDATE outbox SET worker=?, lease=?, attempts=attempts+1 WHERE id IN ("  # noqa: S608  # no value in it
        f"SELECT id FROM outbox WHERE due<=? AND lease<=? {only} ORDER BY due, id LIMIT ?"
        ") RETURNING id, route, day, event, due, attempts-1",
        (worker, end, begin, begin, *((route,) if route else ()), limit),
    ).fetchall()
    return sorted((Held(*row) for row in rows), key=lambda held: (held.due, held.id))


def settle(connection: sqlite3.Connection, worker: str, settled: Sequence[Settled]) -> int:
    """Take away or put back, in one transaction; how many this worker held. Raises UsageError, sqlite3.Error."""
    try:
        rows = [(int(each.id), moment.normal(each.due) if each.due else "") for each in settled]
    except ValueError:
        raise UsageError("what is settled is named by its id and a time") from None
    held = 0
    connection.execute("BEGIN IMMEDIATE")
    for number, due in rows:
        if due:
            cursor = connection.execute(
                "UPDATE outbox SET due=?, worker='', lease='' WHERE id=? AND worker=?", (due, number, worker)
            )
        else:
            cursor = connection.execute("DELETE FROM outbox WHERE id=? AND worker=?", (number, worker))
        held += cursor.rowcount
    connection.execute("COMMIT")
    return held

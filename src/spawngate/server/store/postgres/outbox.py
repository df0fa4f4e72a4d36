"""The outbox in PostgreSQL: claimed with a lease by one of several workers, settled by who holds it.

Must not be here: how rows come in (`shared`), what is delivered.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from spawngate.model.errors import UsageError
from spawngate.server.store.port import Settled
from spawngate.server.store.postgres.connection import Connection, rows
from spawngate.trail import moment


@dataclass(frozen=True, slots=True)
class Held:
    """One row that a worker has claimed."""

    id: int
    route: str
    event: int
    """The event's id (`tables`)."""
    due: str
    attempts: int


def put(connection: Connection, waiting: Sequence[tuple[str, int, str]]) -> None:
    """Route, event's id and due time of what waits from now on; what waits already is left. Raises psycopg.Error."""
    if waiting:
        rows(
            connection,
            "INSERT INTO outbox(route, event, due) SELECT * FROM unnest(%s::text[], %s::bigint[], %s::text[]) "
            "ON CONFLICT DO NOTHING",
            [route for route, _, _ in waiting],
            [event for _, event, _ in waiting],
            [due for _, _, due in waiting],
        )


def claim(connection: Connection, worker: str, now: str, lease_seconds: float, limit: int, route: str) -> list[Held]:
    """Claim what is due and nobody else is claiming just now. Raises UsageError for a wrong time, psycopg.Error."""
    try:
        begin = moment.normal(now)
        end = moment.text(moment.microseconds(now) + int(lease_seconds * 1_000_000))
    except ValueError:
        raise UsageError("a lease needs a time with a zone") from None
    only, values = ("AND route=%s", [route]) if route else ("", [])
    found = rows(
        connection,
        "WITH picked AS MATERIALIZED ("  # noqa: S608  # no value in it
        f"SELECT id FROM outbox WHERE due<=%s AND lease<=%s {only} ORDER BY due, id LIMIT %s FOR UPDATE SKIP LOCKED) "
        "UPDATE outbox SET worker=%s, lease=%s, attempts=attempts+1 FROM picked WHERE outbox.id=picked.id "
        "RETURNING outbox.id, route, event, due, attempts-1",
        begin, begin, *values, limit, worker, end,
    )  # fmt: skip
    return sorted((Held(*row) for row in found), key=lambda held: (held.due, held.id))


def settle(connection: Connection, worker: str, settled: Sequence[Settled]) -> int:
    """Take away or put back; how many this worker held. Inside a transaction. Raises UsageError, psycopg.Error."""
    try:
        found = [(int(each.id), moment.normal(each.due) if each.due else "") for each in settled]
    except ValueError:
        raise UsageError("what is settled is named by its id and a time") from None
    done = [number for number, due in found if not due]
    back = [(number, due) for number, due in found if due]
    gone = rows(connection, "DELETE FROM outbox WHERE id=ANY(%s) AND worker=%s RETURNING 1", done, worker)
    put_back = rows(
        connection,
        "UPDATE outbox SET due=w.due, worker='', lease='' FROM unnest(%s::bigint[], %s::text[]) AS w(id, due) "
        "WHERE outbox.id=w.id AND worker=%s RETURNING 1",
        [number for number, _ in back],
        [due for _, due in back],
        worker,
    )
    return len(gone) + len(put_back)

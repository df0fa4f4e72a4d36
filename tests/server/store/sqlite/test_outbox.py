"""What the port's tests do not see of the outbox: order, and leases of parts of a second."""

import sqlite3

from spawngate.server.store.port import Settled
from spawngate.server.store.sqlite import outbox, tables


def made(rows: list[tuple[str, str]]) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.executescript(tables.CREATE)
    for number, (route, due) in enumerate(rows, 1):
        connection.execute(
            "INSERT INTO outbox(route, endpoint, stream, sequence, day, event, due) VALUES(?,'e','s',?,'d',?,?)",
            (route, number, number, due),
        )
    return connection


def test_the_oldest_due_comes_first() -> None:
    at = "2026-11-21T10:00:0{}.000000Z"
    connection = made([("r", at.format(3)), ("r", at.format(1)), ("r", at.format(2)), ("r", at.format(9))])
    now = at.format(5)
    assert [held.event for held in outbox.claim(connection, "w", now, 0.5, 2, "")] == [2, 3]
    assert [held.event for held in outbox.claim(connection, "w", now, 0.5, 9, "")] == [1]
    assert outbox.claim(connection, "w", "2026-11-21T10:00:05.499999Z", 1, 9, "") == []
    later = outbox.claim(connection, "v", "2026-11-21T10:00:05.500000Z", 1, 9, "")
    assert [(held.event, held.attempts) for held in later] == [(2, 1), (3, 1), (1, 1)]
    assert outbox.settle(connection, "v", [Settled("2"), Settled("1", "2026-11-21T11:00:00+00:00")]) == 2
    assert connection.execute("SELECT due, worker, lease FROM outbox WHERE id=1").fetchall() == [
        ("2026-11-21T11:00:00.000000Z", "", "")
    ]
    connection.close()

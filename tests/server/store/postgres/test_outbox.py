"""Workers claim at once and get different entries."""

import threading

import pytest

from spawngate.model.errors import UsageError
from spawngate.server.store.port import OutboxEntry, Settled
from spawngate.server.store.postgres import outbox
from spawngate.server.store.postgres.events import PostgresEvents
from tests.server.store.conformance import DAY, Source, stamp


def test_no_entry_is_claimed_twice(database: str) -> None:
    stores = [PostgresEvents(database) for _ in range(4)]
    entries = Source().entries(300)
    stores[0].append(entries, [OutboxEntry("r", entry.key, stamp(DAY)) for entry in entries])
    found: list[str] = []
    settled: list[int] = []

    def run(number: int) -> None:
        while claimed := stores[number].claim(f"w{number}", stamp(DAY), 60, 7):
            found.extend(each.id for each in claimed)
            settled.append(stores[number].settle(f"w{number}", [Settled(each.id) for each in claimed]))

    threads = [threading.Thread(target=run, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(found), len(set(found)), sum(settled)) == (300, 300, 300)
    assert stores[0].waiting() == 0
    for store in stores:
        store.close()


def test_what_is_asked_wrongly(database: str) -> None:
    store = PostgresEvents(database)
    with store.pool.lent() as connection:
        with pytest.raises(UsageError):
            outbox.claim(connection, "w", "yesterday", 1, 1, "")
        with pytest.raises(UsageError):
            outbox.settle(connection, "w", [Settled("1; DROP TABLE outbox")])
        assert outbox.settle(connection, "w", [Settled("7"), Settled("8", stamp(DAY))]) == 0
        outbox.put(connection, [])
    store.close()

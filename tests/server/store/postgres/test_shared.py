"""Appending where PostgreSQL goes away: what was answered is there, what was refused is not."""

import threading
import time
from collections import Counter

import psycopg
import pytest

from spawngate.server.store.port import Appended, Entry, Position, StoreError, StoreReadOnlyError
from spawngate.server.store.postgres.events import PostgresEvents
from tests.server.postgres import Cluster, running
from tests.server.store.conformance import DAY, Source


class Lossy:
    """A connection whose commits are done, and answered by nobody."""

    def __init__(self, connection: object, *, before: bool) -> None:
        self._connection, self._before = connection, before

    def execute(self, statement: object, *values: object) -> object:
        if statement == "COMMIT":
            self._connection.execute("ROLLBACK" if self._before else "COMMIT")  # type: ignore[attr-defined]
            self._connection.close()  # type: ignore[attr-defined]
            raise psycopg.OperationalError("gone")
        return self._connection.execute(statement, *values)  # type: ignore[attr-defined]

    def __getattr__(self, name: str) -> object:
        return getattr(self._connection, name)


@pytest.mark.parametrize("before", [True, False])
def test_a_commit_whose_answer_got_lost_is_looked_up(
    database: str, monkeypatch: pytest.MonkeyPatch, before: bool
) -> None:
    store, source = PostgresEvents(database), Source()
    store.append(source.entries(2))
    take, lossy = store.pool._take, [True]

    def taken() -> object:
        connection = take()
        return Lossy(connection, before=before) if lossy and lossy.pop() else connection

    monkeypatch.setattr(store.pool, "_take", taken)
    assert store.append(source.entries(3)) == Appended(3, 0, Position("2026-11-19", 5))
    assert len(store.query(None).entries) == 5
    store.close()


def test_who_only_reads_appends_nothing(database: str) -> None:
    PostgresEvents(database).close()
    store = PostgresEvents(database, read_only=True)
    with pytest.raises(StoreReadOnlyError):
        store.append(Source().entries(1))
    store.close()


def test_days_are_made_ahead(database: str) -> None:
    store = PostgresEvents(database)
    store.make_days("2026-11-19", 2)
    store.make_days("2026-11-19", 2)
    assert store.pool.one("SELECT count(*) FROM pg_tables WHERE tablename LIKE 'events_2026%'") == 3
    assert store.days() == []
    store.append(Source().entries(1))
    assert store.days() == ["2026-11-19"]
    store.close()


def test_a_server_that_is_killed_under_load_loses_nothing(cluster: Cluster) -> None:  # skips where there is none
    answered: list[Entry] = []
    stop = threading.Event()
    with running() as mine:
        store = PostgresEvents(mine.url())

        def run(number: int) -> None:
            source = Source(f"laptop-{number}")
            while not stop.is_set():
                batch = source.entries(7, DAY)
                while not stop.is_set():
                    try:
                        store.append(batch)
                        answered.extend(batch)
                        break
                    except StoreError:
                        time.sleep(0.05)

        threads = [threading.Thread(target=run, args=(number,)) for number in range(3)]
        for thread in threads:
            thread.start()
        for _ in range(2):
            time.sleep(0.7)
            mine.kill()
            mine.start()
        time.sleep(0.5)
        stop.set()
        for thread in threads:
            thread.join()
        found: Counter[object] = Counter()
        position = Position()
        while True:
            entries, position = store.after(position, 5000)
            if not entries:
                break
            found.update(entry.key for entry in entries)
        assert set(found.values()) == {1}
        assert {entry.key for entry in answered} <= set(found)
        assert len(answered) > 20
        store.close()

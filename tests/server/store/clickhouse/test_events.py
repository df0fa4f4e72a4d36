"""Events in ClickHouse, against its real engine (`chdb`, in this process): the conformance suite, twice.

Once with every event moved right behind its append, once with every event still staged in PostgreSQL. `make
test-engines` runs this; elsewhere it skips.
"""

import tempfile
import threading
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from spawngate.server.store.port import Appended, Entry, OutboxEntry, Position, StoreError
from tests.server.store.conformance import DAY, EventStoreConformance, Source, keys, varied
from tests.server.store.postgres.test_events import schema_of

pytest.importorskip("chdb", reason="the engine of ClickHouse is not installed: make test-engines")
from spawngate.server.store.clickhouse import events, staging, tables  # behind the skip
from spawngate.server.store.clickhouse.client import Client
from spawngate.server.store.clickhouse.events import ClickHouseEvents
from spawngate.server.store.clickhouse.settings import Settings


class Moved(ClickHouseEvents):
    """Every event is in ClickHouse when its append returns."""

    _moving = threading.Lock()

    def append(self, batch: Sequence[Entry], outbox: Sequence[OutboxEntry] = ()) -> Appended:
        done = super().append(batch, outbox)
        with self._moving:
            self.move()
        return done


@pytest.fixture(scope="module")
def engine() -> Iterator[str]:
    """Folder of the engine: one for a process, kept open. Every store has a table of its own in it."""
    with tempfile.TemporaryDirectory(prefix="spawngate-chdb-") as name:
        client = Client(Settings(path=name))
        client.command("SELECT 1")
        yield name
        client.close()


@pytest.fixture(autouse=True)
def _dropped(engine: str, tmp_path: Path) -> Iterator[None]:
    yield
    client = Client(Settings(path=engine))
    for folder in (tmp_path, tmp_path / "store"):
        client.command(f"DROP TABLE IF EXISTS {tables.table(settings(engine, folder))} SYNC")
    client.close()


def settings(engine: str, folder: Path) -> Settings:
    return Settings(path=engine, table=schema_of(folder))


class Conformance(EventStoreConformance):
    """ClickHouse behind the port."""

    kind: type[ClickHouseEvents]

    @pytest.fixture(autouse=True)
    def _engine(self, module_database: str, engine: str) -> None:
        self.address, self.engine = module_database, engine

    def open_store(self, folder: Path) -> ClickHouseEvents:
        return self.kind(self.address, settings(self.engine, folder), schema_of(folder), moves=False)


class TestMoved(Conformance):
    """What ClickHouse itself answers."""

    kind = Moved


class TestStaged(Conformance):
    """What is answered before anything is moved."""

    kind = ClickHouseEvents


@pytest.fixture
def store(module_database: str, engine: str, tmp_path: Path) -> Iterator[ClickHouseEvents]:
    store = ClickHouseEvents(module_database, settings(engine, tmp_path), schema_of(tmp_path), moves=False)
    yield store
    store.close()


def count(store: ClickHouseEvents) -> tuple[int, int]:
    """Rows in ClickHouse, and how many different ones."""
    table = f"`default`.`{store.client.settings.table}`"
    ((rows, different),) = store.client.rows(f"SELECT count(), uniqExact(id) FROM {table}")
    return int(rows), int(different)


def test_half_moved_is_whole(store: ClickHouseEvents) -> None:
    entries = varied()
    for at in range(0, len(entries), 7):
        store.append(entries[at : at + 7])
        if at == 14:
            store.move()
    assert count(store) == (21, 21)
    page = store.query(None, limit=100, newest_first=False)
    assert keys(page.entries) == keys(sorted(entries, key=lambda entry: entry.time))
    found: list[Entry] = []
    cursor: str | None = None
    while True:
        page = store.query(None, cursor=cursor, limit=4)
        found += page.entries
        cursor = page.cursor
        if cursor is None:
            break
    assert keys(found) == keys(sorted(entries, key=lambda entry: entry.time, reverse=True))
    assert sum(each.count for each in store.aggregate("type")) == 30
    assert [entry.key for entry in store.after(Position(), 100)[0]] == [entry.key for entry in entries]


def test_a_move_that_was_broken_off_is_repeated_exactly(
    store: ClickHouseEvents, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = Source()
    store.append(source.entries(1200))
    insert = store.client.insert

    def broken(*arguments: object) -> None:
        insert(*arguments)  # type: ignore[arg-type]  # handed through
        raise StoreError("the answer got lost")

    for _ in range(3):
        monkeypatch.setattr(store.client, "insert", broken)
        with pytest.raises(StoreError):
            store.move()
        monkeypatch.setattr(store.client, "insert", insert)
        store.append(source.entries(100, DAY + timedelta(hours=1)))
        assert len(store.query(None, limit=5000).entries) == source.head.sequence
    assert store.move() == 200  # each round finished the move before it
    assert count(store) == (1500, 1500)
    assert len(store.query(None, limit=5000).entries) == 1500
    assert store.pool.one("SELECT count(*) FROM staged") == 0


def test_too_many_that_wait_are_left_out_and_told(store: ClickHouseEvents, monkeypatch: pytest.MonkeyPatch) -> None:
    source = Source()
    store.append(source.entries(5))
    store.move()
    store.append(source.entries(4))
    monkeypatch.setattr(events, "LOOKED", 3)
    page = store.query(None)
    assert keys(page.entries) == [5, 4, 3, 2, 1]
    assert page.problems == ("4 events wait to be moved to ClickHouse, and are left out",)
    with pytest.raises(StoreError, match="4 events wait"):
        store.aggregate("type")


def test_one_block_under_one_token_is_inserted_once(store: ClickHouseEvents) -> None:
    rows = [staging.row_of((20776 << 40) + number, entry) for number, entry in enumerate(Source().entries(5), 1)]
    for _ in range(3):
        store.client.insert(tables.table(store.client.settings), rows, tables.COLUMNS, "one")
    assert count(store) == (5, 5)


def test_events_move_by_themselves(module_database: str, engine: str, tmp_path: Path) -> None:
    store = ClickHouseEvents(module_database, settings(engine, tmp_path), schema_of(tmp_path))
    store.append(Source().entries(10))
    for _ in range(100):
        if count(store) == (10, 10):
            break
        threading.Event().wait(0.1)
    assert store.pool.one("SELECT count(*) FROM staged") in (0, 1)
    store.close()


def test_clickhouse_away_stops_no_append(store: ClickHouseEvents, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*arguments: object) -> None:
        raise StoreError("ClickHouse: OperationalError")

    entries = Source().entries(5)
    monkeypatch.setattr(store.client, "insert", away)
    monkeypatch.setattr(store.client, "rows", away)
    assert store.append(entries).stored == 5
    with pytest.raises(StoreError):
        store.move()
    with pytest.raises(StoreError):
        store.query(None)
    assert store.claim("w", entries[0].time, 1, 1) == []
    monkeypatch.undo()
    assert keys(store.query(None).entries) == [5, 4, 3, 2, 1]

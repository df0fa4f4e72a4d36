"""The embedded events pass what every adapter passes, closed days or not, and outlive their files' failures."""

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from spawngate.server.store.port import (
    Appended,
    EventStore,
    Position,
    StoreBusyError,
    StoreError,
    StoreFullError,
    StoreReadOnlyError,
)
from spawngate.server.store.sqlite import files
from spawngate.server.store.sqlite.events import SqliteEvents
from spawngate.server.store.sqlite.writer import Writer
from spawngate.trail import leaf, tree
from tests.server.store.conformance import DAY, EventStoreConformance, Source, stamp


class TestConformance(EventStoreConformance):
    """As they are written."""

    def open_store(self, folder: Path) -> EventStore:
        return SqliteEvents(folder)


class TestTidied(EventStoreConformance):
    """With every day that is over closed: indexes, counts, another journal."""

    def open_store(self, folder: Path) -> EventStore:
        return _Tidy(folder)


class _Tidy(SqliteEvents):
    def append(self, batch, outbox=()):  # type: ignore[no-untyped-def]  # as the class says
        done = super().append(batch, outbox)
        self.tidy()
        return done


def test_one_process_writes(tmp_path: Path) -> None:
    store = SqliteEvents(tmp_path)
    with pytest.raises(StoreBusyError):
        SqliteEvents(tmp_path)
    store.append(Source().entries(3))
    reader = SqliteEvents(tmp_path, read_only=True)
    assert len(reader.query(None).entries) == 3
    with pytest.raises(StoreReadOnlyError):
        reader.append([])
    with pytest.raises(StoreReadOnlyError):
        reader.claim("w", stamp(DAY), 1, 1)
    store.append(Source(stream="s2").entries(2))
    assert len(reader.query(None).entries) == 5
    reader.close()
    store.close()
    SqliteEvents(tmp_path).close()


def test_a_damaged_newest_day_is_put_aside_and_goes_on_in_a_new_part(tmp_path: Path) -> None:
    source = Source()
    first, second, third = (source.entries(5, DAY + timedelta(days=number)) for number in range(3))
    store = SqliteEvents(tmp_path)
    store.append(first)
    store.append(second)
    store.close()
    path = files.day_path(tmp_path, "2026-11-20")
    path.write_bytes(b"rubbish" * 5000)
    store = SqliteEvents(tmp_path)
    (incident,) = store.incidents()
    assert (incident.kind, incident.day) == ("damaged", "2026-11-20")
    assert store.incidents() == []
    assert (tmp_path / files.DAMAGED / path.name).read_bytes() == b"rubbish" * 5000
    assert store.head("laptop", "s1")[0] == 5  # what is lost is taken again when it is sent again
    assert store.append([*second, *first]) == Appended(5, 5, Position("2026-11-20.01", 5))
    assert store.append(third).position == Position("2026-11-21", 5)
    assert store.days() == ["2026-11-19", "2026-11-20.01", "2026-11-21"]
    assert [entry.sequence for entry in store.query(None, newest_first=False).entries] == list(range(1, 16))
    store.close()


def test_a_failed_commit_stores_nothing_and_the_next_one_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = Source()
    store = SqliteEvents(tmp_path)
    store.append(source.entries(5))
    more = source.entries(5)

    def fail(self: Writer, *arguments: object) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    with monkeypatch.context() as patch:
        patch.setattr(Writer, "_put_out", fail)
        with pytest.raises(StoreError):
            store.append(more)
    assert store.stats().problem != ""
    assert len(store.query(None).entries) == 5
    assert store.append(more) == Appended(5, 0, Position("2026-11-19", 10))
    assert store.stats().problem == ""
    leaves = [leaf.hashed(each.received, each.endpoint, each.record) for each in store.after(Position(), 99)[0]]
    assert store.tree("2026-11-19").root == tree.root_of(leaves)
    store.close()


def test_a_fault_of_ours_in_one_commit_is_told_to_all_who_wait(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = SqliteEvents(tmp_path)
    store.append(Source().entries(1))
    with monkeypatch.context() as patch:
        patch.setattr(Writer, "append", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            store.append(Source(stream="s2").entries(1))
    assert store.append(Source(stream="s2").entries(1)).stored == 1
    store.close()


def test_a_held_day_stays(tmp_path: Path) -> None:
    source = Source()
    store = SqliteEvents(tmp_path, held=lambda day: day == "2026-11-19")
    store.append(source.entries(1))
    store.append(source.entries(1, DAY + timedelta(days=1)))
    with pytest.raises(StoreError, match="legal hold"):
        store.drop_day("2026-11-19")
    assert [each.held for each in store.stats().days] == [True, False]
    store.close()


def test_half_a_new_day_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / files.EVENTS).mkdir(parents=True)
    (tmp_path / files.EVENTS / "new.sqlite").write_bytes(b"half")
    (tmp_path / files.EVENTS / "new.sqlite-journal").write_bytes(b"half")
    store = SqliteEvents(tmp_path)
    store.append(Source().entries(2))
    assert sorted(path.name for path in (tmp_path / files.EVENTS).glob("*.sqlite*")) == [
        "2026-11-19.sqlite",
        "2026-11-19.sqlite-shm",
        "2026-11-19.sqlite-wal",
    ]
    store.close()


def test_no_room_and_then_room(tmp_path: Path) -> None:
    source = Source()
    store = SqliteEvents(tmp_path)
    store.append(source.entries(5))
    assert store._writer is not None
    pages = store._writer.connection.execute("PRAGMA page_count").fetchone()[0]
    store._writer.connection.execute(f"PRAGMA max_page_count={pages}")
    big = [source.entry(DAY, message=f"{number}" * 9000) for number in range(50)]
    with pytest.raises(StoreFullError, match="no room"):
        store.append(big)
    assert len(store.query(None).entries) == 5
    assert store.append(big).stored == 50
    store.close()

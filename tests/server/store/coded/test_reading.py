"""Several days: only those that an answer needs are asked, scans have an end, and a day that fails is named."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from spawngate.server.store.coded import reading
from spawngate.server.store.coded.compile import Condition
from spawngate.server.store.coded.view import Row, Span
from spawngate.server.store.port import Bucket, Entry, StoreError, TooWideError
from spawngate.server.store.sqlite import files
from spawngate.server.store.sqlite.day import Day
from spawngate.server.store.sqlite.events import SqliteEvents
from spawngate.trail.query import read
from tests.server.store.conformance import DAY, Source

NOW = datetime(2026, 11, 30, tzinfo=UTC)


def filled(folder: Path, days: int = 4, each: int = 5) -> SqliteEvents:
    store, source = SqliteEvents(folder), Source()
    for number in range(days):
        store.append(source.entries(each, DAY + timedelta(days=number), call=None, detail={"n": str(number)}))
    return store


def test_days_that_are_not_needed_are_not_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = filled(tmp_path)
    asked: list[str] = []
    rows = Day.rows

    def noted(self: Day, where: Condition, span: Span, *, newest_first: bool) -> Iterator[Row]:
        asked.append(self.name)
        return rows(self, where, span, newest_first=newest_first)

    monkeypatch.setattr(Day, "rows", noted)
    assert len(store.query(None, limit=4).entries) == 4
    assert asked == ["2026-11-22"]
    asked.clear()
    store.query(read("at:2026-11-20", NOW))
    assert asked == ["2026-11-20"]
    asked.clear()
    store.query(None, limit=6, newest_first=False)
    assert asked == ["2026-11-19", "2026-11-20"]
    store.close()


def test_a_page_reads_so_much_and_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "SCANNED", 3)
    store = filled(tmp_path)
    wanted = read("detail.n:1", NOW)
    found: list[Entry] = []
    pages, cursor = 0, None
    while True:
        page = store.query(wanted, cursor=cursor)
        found += page.entries
        pages += 1
        cursor = page.cursor
        if cursor is None:
            break
    assert [entry.sequence for entry in found] == [10, 9, 8, 7, 6]
    assert pages == 7
    store.close()


def test_counting_what_must_be_read_has_an_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = filled(tmp_path)
    wanted = read("detail.n:1", NOW)
    assert [bucket.count for bucket in store.aggregate("type", wanted)] == [5]
    monkeypatch.setattr(reading, "TOO_WIDE", 9)
    with pytest.raises(TooWideError, match="shorter time"):
        store.aggregate("type", wanted)
    assert store.aggregate("type", wanted, since="2026-11-22T00:00:00Z") == []
    store.close()


def test_a_day_that_cannot_be_read_is_named_and_passed_over(tmp_path: Path) -> None:
    store = filled(tmp_path)
    store.close()
    files.day_path(tmp_path, "2026-11-20").write_bytes(b"rubbish" * 1000)
    store = SqliteEvents(tmp_path)
    page = store.query(None)
    assert [entry.sequence for entry in page.entries] == [20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 5, 4, 3, 2, 1]
    assert len(page.problems) == 1
    assert "2026-11-20.sqlite: it is damaged" in page.problems[0]
    with pytest.raises(StoreError, match="2026-11-20"):
        store.aggregate("type")
    assert store.aggregate("type", since="2026-11-22T00:00:00Z") == [Bucket("decision", 5)]
    assert [each.problem != "" for each in store.stats().days] == [False, True, False, False]
    store.close()

"""One day read in windows, and what a closed day has counted."""

import random
from datetime import timedelta

import pytest

from spawngate.server.store.port import StoreDamagedError
from spawngate.server.store.postgres.day import text_of
from spawngate.server.store.postgres.events import PostgresEvents
from spawngate.trail.query import read
from tests.server.store.conformance import DAY, NOW, Source, decision


def filled(database: str) -> tuple[PostgresEvents, list[int]]:
    """2,000 events whose times lie unevenly, far from their order of arrival; their times."""
    store, source, draw = PostgresEvents(database), Source(), random.Random(1)
    entries = []
    for number in range(2000):
        moment = DAY + timedelta(seconds=int(draw.paretovariate(0.3)) % 40_000)
        entries.append(source.entry(moment, DAY, **decision(("allow", "deny")[number % 7 == 0], f"git {number % 11}")))
    for at in range(0, 2000, 250):
        store.append(entries[at : at + 250])
    return store, [entry.sequence for entry in sorted(entries, key=lambda each: (each.time, each.sequence))]


@pytest.mark.parametrize("newest_first", [True, False])
@pytest.mark.parametrize("limit", [100, 700, 5000])
def test_pages_of_windows_join(database: str, newest_first: bool, limit: int) -> None:
    store, expected = filled(database)
    found: list[int] = []
    cursor = None
    while True:
        page = store.query(None, cursor=cursor, limit=limit, newest_first=newest_first)
        found += [entry.sequence for entry in page.entries]
        cursor = page.cursor
        if cursor is None:
            break
    assert found == (expected[::-1] if newest_first else expected)
    store.close()


def test_a_closed_day_counts_as_an_open_one(database: str) -> None:
    store, _ = filled(database)
    questions = [("verdict", ""), ("verdict", "verdict:deny"), ("program", "verdict>=log"), ("time:5m", ""),
                 ("time:1h", "verdict:allow"), ("command", "git"), ("agent", "-verdict:*"), ("stream", "")]  # fmt: skip
    before = [list(store.aggregate(by, read(text, NOW), limit=1000)) for by, text in questions]
    store.append(Source("other").entries(1, DAY + timedelta(days=1)))
    assert store.tidy() == ["2026-11-19"]
    assert store.tidy() == []
    after = [
        list(store.aggregate(by, read(text, NOW), limit=1000, until="2026-11-20T00:00:00Z")) for by, text in questions
    ]
    assert after == before
    assert [each.count for each in before[0]] == [1714, 286]
    assert [each.closed for each in store.stats().days] == [True, False]
    store.close()


def test_a_record_that_was_altered_is_left_out_and_named(database: str) -> None:
    store, _ = filled(database)
    store.pool.all("UPDATE events_20261119 SET mark=1 WHERE id=%s", (20776 << 40) + 5)
    page = store.query(None, limit=5000)
    assert (len(page.entries), page.problems) == (
        1999,
        ("the store: event 5 of 2026-11-19 is not as it was stored",),
    )
    assert store.find(("laptop", "s1", 5)) is None
    with pytest.raises(StoreDamagedError):
        store.subtree("2026-11-19", 4, 6)
    store.close()


def test_times_without_a_date() -> None:
    assert (text_of(0), text_of(1 << 62)) == ("1970-01-01T00:00:00.000000Z", "")

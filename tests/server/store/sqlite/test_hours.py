"""Counts by the hour: of a day that grows and of closed ones, the same as counting every event."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from spawngate.server.store.sqlite import hours
from spawngate.server.store.sqlite.events import SqliteEvents
from spawngate.trail.query import read
from tests.server.store.conformance import DAY, Source, decision, stamp

NOW = datetime(2026, 11, 22, tzinfo=UTC)
QUESTIONS = ("", "verdict:deny", "agent:cursor", "type:decision -agent:cursor", "agent:cursor verdict:allow,log")
MINUTE = timedelta(minutes=1)


def _event(number: int) -> tuple[datetime, str, str]:
    """Time, verdict and agent: over two days, not in order."""
    return (
        DAY + timedelta(minutes=(number * 37) % 2_900),
        ("allow", "deny", "log")[number % 3],
        ("cursor", "zed")[number % 5 == 0],
    )


def _counted(number: int, question: str, since: datetime | None, until: datetime | None) -> Counter[str]:
    """By agent, from what was made."""
    found: Counter[str] = Counter()
    for at, verdict, agent in map(_event, range(number)):
        fits = {
            "": True,
            "verdict:deny": verdict == "deny",
            "agent:cursor": agent == "cursor",
            "type:decision -agent:cursor": agent != "cursor",
            "agent:cursor verdict:allow,log": agent == "cursor" and verdict != "deny",
        }[question]
        if fits and (since is None or since <= at) and (until is None or at < until):
            found[agent] += 1
    return found


def _all_the_same(store: SqliteEvents, number: int) -> None:
    spans = [
        (None, None),
        (DAY + 5 * 60 * MINUTE, None),
        (None, DAY + 30 * 60 * MINUTE),
        (DAY + 7 * 60 * MINUTE, DAY + 26 * 60 * MINUTE),
        (DAY + 7 * 60 * MINUTE + MINUTE, DAY + 26 * 60 * MINUTE),
    ]
    for question in QUESTIONS:
        for first, behind in spans:
            since, until = stamp(first) if first else "", stamp(behind) if behind else ""
            wanted = _counted(number, question, first, behind)
            asked = read(question, NOW)
            agents = store.aggregate("agent", asked, since=since, until=until)
            assert Counter({each.value: each.count for each in agents}) == wanted
            for step in ("1h", "1d", "5m"):
                bars = store.aggregate(f"time:{step}", asked, since=since, until=until, limit=10_000)
                assert sum(each.count for each in bars) == wanted.total()


@pytest.mark.parametrize("most", [hours.MOST, 5])
def test_counts_of_a_day_that_grows_and_when_it_is_over(
    tmp_path: Path, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hours, "MOST", most)
    store, source, number = SqliteEvents(tmp_path), Source(), 0
    for count in (40, 1, 0, 60):
        for at, verdict, agent in map(_event, range(number, number + count)):
            store.append([source.entry(at, received=DAY, **decision(verdict, "ls", agent=agent))])
        number += count
        _all_the_same(store, number)
    at, verdict, agent = _event(number)
    store.append([source.entry(at, received=DAY + timedelta(days=1), **decision(verdict, "ls", agent=agent))])
    store.tidy()
    _all_the_same(store, number + 1)
    store.close()


def test_a_step_gives_the_events_of_its_hour(tmp_path: Path) -> None:
    store, source = SqliteEvents(tmp_path), Source()
    for minute in (0, 59, 60, 61, 200):
        store.append([source.entry(DAY + minute * MINUTE, **decision("allow", "ls"))])
    found = [(each.value, each.count) for each in store.aggregate("time:1h", read("type:decision", NOW))]
    assert found == [(stamp(DAY), 2), (stamp(DAY + 60 * MINUTE), 2), (stamp(DAY + 180 * MINUTE), 1)]
    store.close()

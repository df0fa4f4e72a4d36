"""A day's file, read: words by what they hold, counts that closing keeps, and what is no day."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from spawngate.server.store.coded.compile import EVERY
from spawngate.server.store.coded.folded import Folded
from spawngate.server.store.coded.view import Span
from spawngate.server.store.port import StoreDamagedError
from spawngate.server.store.sqlite import files
from spawngate.server.store.sqlite.day import Day
from spawngate.server.store.sqlite.events import SqliteEvents
from spawngate.trail.query import Query, read
from tests.server.store.conformance import DAY, Source, decision

NOW = datetime(2026, 11, 22, tzinfo=UTC)
TEXTS = ("git status", "Straße", 'a"b\\n', "İstanbul", "GIT push")


def filled(folder: Path) -> None:
    store, source = SqliteEvents(folder), Source()
    for number, text in enumerate(TEXTS * 60):
        more = decision("deny" if number % 3 else "allow", text, rules=(f"r{number % 4}",))
        store.append([source.entry(DAY + timedelta(seconds=number), **more)])
    store.append([source.entry(DAY + timedelta(days=1))])
    store.tidy()
    store.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("day")
    filled(folder)
    return folder


def test_words_that_hold_a_text(folder: Path) -> None:
    day = Day("2026-11-19", files.day_path(folder, "2026-11-19"))
    assert [words for _, words in day.words("command")] == [(text,) for text in TEXTS]
    assert [(code, words) for code, words in day.words("command", "git")] == [(1, ("git status",)), (5, ("GIT push",))]
    assert [words for _, words in day.words("command", "strasse")] == [("Straße",)]
    assert [words for _, words in day.words("command", 'a"b\\')] == [('a"b\\n',)]
    assert list(day.words("command", "none")) == []
    assert list(day.words("url")) == []
    day.close()


def without_texts(path: Path, how: str) -> Path:
    path.chmod(0o600)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(how)
    return path


@pytest.mark.parametrize("how", ["", "DROP TABLE texts", "DELETE FROM texts", "UPDATE texts SET data='x'"])
@pytest.mark.parametrize("kept", [True, False])
def test_texts_are_found_in_what_closing_left_and_without_it(tmp_path: Path, how: str, *, kept: bool) -> None:
    filled(tmp_path)
    path = files.day_path(tmp_path, "2026-11-19")
    day = Day("2026-11-19", without_texts(path, how) if how else path, Folded() if kept else None)
    for _ in range(2):
        assert day.holding("git") == {"program": [1, 5], "command": [1, 5]}
        assert day.holding("straße".casefold())["command"] == [2]
        assert day.holding("\\n")["command"] == [3]
        assert not any(day.holding("\n").values())
        assert [code for code, _ in day.words("command", "push")] == [5]
    day.close()


def test_texts_of_the_open_day_grow(tmp_path: Path) -> None:
    store, source = SqliteEvents(tmp_path), Source()
    found = []
    for text in TEXTS:
        store.append([source.entry(DAY, **decision("allow", text))])
        found.append(store.day("2026-11-19").holding("git").get("command"))
    assert found == [[1], [1], [1], [1], [1, 5]]
    store.close()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "verdict:deny",
        "verdict:allow,deny",
        "-verdict:deny",
        "rule:r1",
        "type:decision",
        "agent:claude-code verdict:deny",
        "-agent:claude-code",
        "severity:high",
        "severity:* mode:enforce",
        "kind:shell or verdict:allow",
        "git",
        "user:nobody",
        "at>=2026-11-01",
        "at<2026-11-01",
        "at>=2026-11-01 verdict:deny",
        "moment:* channel:hook",
    ],
)
def test_what_closing_counted_is_what_there_is(folder: Path, text: str) -> None:
    day = Day("2026-11-19", files.day_path(folder, "2026-11-19"))
    assert day.closed
    assert files.day_path(folder, "2026-11-19").stat().st_mode & 0o777 == 0o400
    wanted = read(text, NOW)
    where = day.condition(wanted)
    part = Span(until=(day.times() or (0, 0))[1])  # not the whole day: counted from the rows
    last = Span(since=part.until)
    for dimension in ("rule", "verdict", "program", "user", "agent", "type", "mode", "moment", "command", "stream"):
        whole = day.count(dimension, where, Span())
        assert whole == day.count(dimension, where, part) + day.count(dimension, where, last)
        assert whole == day.count(dimension, where, Span())
    for step in (300_000_000, 3_600_000_000, 7_200_000_000, 86_400_000_000, 60_000_000):
        whole_ = day.histogram(step, where, Span())
        assert whole_ == day.histogram(step, where, part) + day.histogram(step, where, last)
    day.close()


def test_what_is_no_day(tmp_path: Path) -> None:
    empty = files.open_to_write(tmp_path / "2026-11-19.sqlite")
    empty.close()
    with pytest.raises(StoreDamagedError):
        Day("2026-11-19", tmp_path / "2026-11-19.sqlite")
    other = files.open_to_write(tmp_path / "2026-11-20.sqlite")
    other.execute("CREATE TABLE meta(name, value)")
    other.close()
    with pytest.raises(StoreDamagedError, match="another format"):
        Day("2026-11-20", tmp_path / "2026-11-20.sqlite")


def test_an_altered_record_is_not_handed_out(tmp_path: Path) -> None:
    store, source = SqliteEvents(tmp_path), Source()
    store.append(source.entries(3))
    store.append(source.entries(3, DAY + timedelta(minutes=1)))
    store.close()
    path = files.day_path(tmp_path, "2026-11-19")
    connection = files.open_to_write(path)
    connection.execute("UPDATE events SET mark=mark+1 WHERE id=2")
    connection.execute("UPDATE blocks SET data=x'00' WHERE first=4")
    connection.close()
    store = SqliteEvents(tmp_path)
    page = store.query(Query(), newest_first=False)
    assert [entry.sequence for entry in page.entries] == [1, 3]
    assert [problem.split(": ")[1] for problem in page.problems] == [
        f"event {number} is not as it was stored; see `audit verify`" for number in (2, 4, 5, 6)
    ]
    store.close()


def test_what_was_counted_is_remembered_within_bounds(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("spawngate.server.store.sqlite.day.REMEMBERED", 48)
    day = Day("2026-11-19", files.day_path(folder, "2026-11-19"))
    for number in range(60):
        where = day.condition(read(f"latency>={number}", NOW))
        assert day.count("verdict", where, Span()) == day.count("verdict", where, Span())
        assert sum(map(len, day._counted.values())) <= 48
    assert len(day._counted) > 5
    day.close()


def test_a_day_that_was_closed_before_there_were_more_counts(tmp_path: Path) -> None:
    filled(tmp_path)
    path = files.day_path(tmp_path, "2026-11-19")
    new = Day("2026-11-19", path)
    wanted = [read(text, NOW) for text in ("agent:claude-code", "type:decision verdict:deny", "kind:shell")]
    expected = [
        (
            new.count("rule", new.condition(each), Span()),
            new.histogram(3_600_000_000, new.condition(each), Span()),
        )
        for each in wanted
    ]
    new.close()
    without_texts(path, "DROP TABLE hours")
    old = Day("2026-11-19", without_texts(path, "DROP TABLE counts_by"))
    assert expected == [
        (
            old.count("rule", old.condition(each), Span()),
            old.histogram(3_600_000_000, old.condition(each), Span()),
        )
        for each in wanted
    ]
    assert sum(expected[0][0].values()) == 300
    old.close()


@pytest.mark.parametrize("text", ["sequence:{}", "latency:{}", "command:{}", "sequence:{} verdict:deny"])
def test_a_question_of_very_many_values(folder: Path, text: str) -> None:
    day = Day("2026-11-19", files.day_path(folder, "2026-11-19"))
    wanted = read(text.format(",".join(str(number % 300) for number in range(1900))), NOW)
    found = [row.sequence for row in day.rows(day.condition(wanted), Span(), newest_first=False)]
    every = {"sequence:{}": range(1, 300), "latency:{}": range(1, 301), "command:{}": ()}
    assert found == list(every.get(text, [number for number in range(1, 300) if (number - 1) % 3]))
    day.close()


SECOND = 1_000_000
BEGIN = int(DAY.timestamp()) * SECOND


@pytest.mark.parametrize("newest_first", [True, False])
@pytest.mark.parametrize("text", ["verdict:allow", "sequence:7,250", "rule:r3", "git", "sequence:300"])
@pytest.mark.parametrize("at", [0, 1, 7, 150, 299, 300])
def test_rows_come_in_one_order_however_they_are_read(folder: Path, text: str, at: int, *, newest_first: bool) -> None:
    """A part of a day is read in the order of time, the rest perhaps as it lies."""
    day = Day("2026-11-19", files.day_path(folder, "2026-11-19"))
    where = day.condition(read(text, NOW))
    taken = {number for (number,) in day._all(f"SELECT id FROM events WHERE {where.sql}", where.parameters)}
    time = BEGIN + at * SECOND
    for span in (
        Span(),
        Span(since=time),
        Span(until=time),
        Span(since=BEGIN + 3 * SECOND, until=time),
        Span(behind=(time, "2026-11-19", at + 1)),
        Span(until=time + SECOND, behind=(time, "2026-11-20", 1)),
        Span(since=time, behind=(time, "2026-11-18", 9)),
    ):
        every = list(day.rows(EVERY, span, newest_first=newest_first))
        assert every == sorted(every, key=lambda row: (row.time, row.id), reverse=newest_first)
        assert list(day.rows(where, span, newest_first=newest_first)) == [row for row in every if row.id in taken]
    day.close()


def test_of_events_at_one_moment_the_order_of_arrival_counts(tmp_path: Path) -> None:
    store, source = SqliteEvents(tmp_path), Source()
    for number in range(40):
        store.append([source.entry(DAY, **decision("deny" if number % 2 else "allow", "git"))])
    day = store.day("2026-11-19")
    where = day.condition(read("verdict:deny", NOW))
    for behind in (None, (BEGIN, "2026-11-19", 20)):
        numbers = [row.id for row in day.rows(where, Span(behind=behind), newest_first=True)]
        assert numbers == list(range(40 if behind is None else 18, 0, -2))
    store.close()


def plans(day: Day, ask: Callable[[], object]) -> str:
    """How SQLite finds what is asked."""
    asked: list[str] = []
    day._connection.set_trace_callback(asked.append)
    ask()
    day._connection.set_trace_callback(None)
    found = [row[3] for each in asked if "FROM events" in each for row in day._all(f"EXPLAIN QUERY PLAN {each}")]
    return "; ".join(found)


def test_rows_are_not_read_by_an_index_of_all_of_them(tmp_path: Path) -> None:
    """Ten times a scan: a count by a column under a condition on others, and the few rows of a rare one."""
    store, source = SqliteEvents(tmp_path), Source()
    for number in range(200):
        store.append([source.entry(DAY + timedelta(seconds=number), **decision("allow", "git"))])
    day = store.day("2026-11-19")
    rare = day.condition(read("agent:claude-code latency>=0", NOW))
    counted = plans(day, lambda: day.count("endpoint", rare, Span()))
    alone = plans(day, lambda: day.count("endpoint", EVERY, Span()))
    few = plans(day, lambda: list(day.rows(day.condition(read("sequence:7", NOW)), Span(), newest_first=True)))
    store.close()
    assert counted == "SCAN events; USE TEMP B-TREE FOR GROUP BY"
    assert "COVERING INDEX events_endpoint" in alone
    assert few.endswith("SCAN events; USE TEMP B-TREE FOR ORDER BY")


def test_a_bound_that_leaves_nothing_out_is_no_reason_to_read_by_time(folder: Path) -> None:
    day = Day("2026-11-19", files.day_path(folder, "2026-11-19"))
    where, whole = day.condition(read("latency>=0", NOW)), Span(since=BEGIN - SECOND)
    found = [
        plans(day, lambda: day.count("verdict", where, whole)),
        plans(day, lambda: day.count("program", where, whole)),
        plans(day, lambda: day.histogram(60 * SECOND, where, whole)),
    ]
    counts = day.count("verdict", where, Span()), day.count("verdict", where, Span(since=BEGIN + SECOND))
    day.close()
    assert found == ["SCAN events; USE TEMP B-TREE FOR GROUP BY"] * 3
    assert [sum(each.values()) for each in counts] == [300, 299]

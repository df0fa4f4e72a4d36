"""Six questions to a filled store, and the same to plain SQL on one SQLite table, interleaved; milliseconds.

`python -m bench store-fill FOLDER/store` and `store-query FOLDER --prepare` first; the table has the columns and the
indexes that the questions call for, and no records: it answers with rows where the store answers with whole events.
Without `--prepare` only the store is asked; `--engine` asks another one than the embedded store.
First of all questions with everything closed, as after a restart; then warm, the median of `--runs`.
"""

import argparse
import sqlite3
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from bench import engines
from bench.store_data import Fleet
from bench.store_fill import LAST
from spawngate.server.store.port import EventStore
from spawngate.trail.query import read

BUDGET = 300.0
"""Milliseconds of a page of the console."""
LONG = 20_000.0
"""Milliseconds beyond which a question is asked once."""
NOW = datetime(2026, 11, 21, tzinfo=UTC)
_PLAIN = """
CREATE TABLE events(time TEXT, endpoint TEXT, user TEXT, agent TEXT, session TEXT, fingerprint TEXT, tool TEXT,
  program TEXT, command TEXT, path TEXT, verdict TEXT, rule TEXT, latency INTEGER, sequence INTEGER);
"""
_INDEXES = (
    "CREATE INDEX events_time ON events(time)",
    "CREATE INDEX events_endpoint ON events(endpoint, time)",
    "CREATE INDEX events_fingerprint ON events(fingerprint, time)",
    "CREATE INDEX events_verdict ON events(verdict, time)",
    "ANALYZE",
)


def main(arguments: Sequence[str]) -> int:
    """Run and print. Exit code 1 where a page is over the budget."""
    parser = argparse.ArgumentParser(prog="store-query", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--prepare", action="store_true", help="Make the plain table.")
    parser.add_argument("--events", type=int, default=10_000_000)
    parser.add_argument("--days", type=int, default=90)
    parser.add_argument("--endpoints", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--now", default=f"{NOW:%Y-%m-%d}", help="The day behind the last one that is filled.")
    engines.option(parser)
    given = parser.parse_args(arguments)
    fleet = Fleet(given.endpoints)
    plain = given.folder / "plain.sqlite"
    if given.prepare:
        _prepare(plain, fleet, given.events // given.days, given.days)
        return 0
    with ExitStack() as stack:
        store = stack.enter_context(engines.store_of(given.engine, given.folder / "store", read_only=True))
        table = None
        if plain.exists():
            table = stack.enter_context(closing(sqlite3.connect(f"file:{plain}?mode=ro", uri=True)))
            table.execute("PRAGMA cache_size=-200000")
        return 0 if _ask(store, table, fleet, given.runs, datetime.fromisoformat(given.now).replace(tzinfo=UTC)) else 1


def _questions(
    store: EventStore, table: sqlite3.Connection | None, fleet: Fleet, now: datetime
) -> list[tuple[str, Callable[[], object], Callable[[], object]]]:
    day, week = (f"{now - timedelta(days=days):%Y-%m-%dT%H:%M:%S.%fZ}" for days in (1, 7))
    server, endpoint = fleet.fingerprints[40], fleet.names[7]

    def ask(text: str) -> Callable[[], object]:
        return lambda: len(store.query(read(text, now), limit=100).entries)

    def count(dimension: str, text: str, since: str = "") -> Callable[[], object]:
        return lambda: [
            (each.value, each.count) for each in store.aggregate(dimension, read(text, now), since=since, limit=10)
        ]

    def sql(statement: str, *values: object) -> Callable[[], object]:
        return lambda: None if table is None else table.execute(statement, values).fetchall()

    def rows(statement: str, *values: object) -> Callable[[], object]:
        return lambda: None if table is None else len(table.execute(statement, values).fetchall())

    return [
        (
            "denies of the last 24 hours by rule",
            count("rule", "verdict:deny", day),
            sql(
                "SELECT rule, count(*) FROM events WHERE verdict='deny' AND time>=? AND rule IS NOT NULL "
                "GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 10",
                day,
            ),
        ),
        (
            "newest 100 of one server",
            ask(f"fingerprint:{server}"),
            rows("SELECT * FROM events WHERE fingerprint=? ORDER BY time DESC LIMIT 100", server),
        ),
        (
            "newest 100 with a text in the command, of 90 days",
            ask('"kubectl get pods -n team-77"'),
            rows(
                "SELECT * FROM events WHERE command LIKE '%kubectl get pods -n team-77%' ORDER BY time DESC LIMIT 100"
            ),
        ),
        (
            "newest 100 of a page of one endpoint's history",
            ask(f"endpoint:{endpoint}"),
            rows("SELECT * FROM events WHERE endpoint=? ORDER BY time DESC LIMIT 100", endpoint),
        ),
        (
            "endpoints with the most denies, 90 days",
            count("endpoint", "verdict:deny"),
            sql("SELECT endpoint, count(*) FROM events WHERE verdict='deny' GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 10"),
        ),
        (
            "tools of one server, 7 days",
            count("tool", f"fingerprint:{fleet.fingerprints[0]}", week),
            sql(
                "SELECT tool, count(*) FROM events WHERE fingerprint=? AND time>=? "
                "GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 10",
                fleet.fingerprints[0],
                week,
            ),
        ),
        (
            "histogram of everything by day, 90 days",
            lambda: [(each.value[:10], each.count) for each in store.aggregate("time:1d")],
            sql("SELECT substr(time, 1, 10), count(*) FROM events GROUP BY 1 ORDER BY 1"),
        ),
        (
            "how often a text stands in commands, 90 days, by verdict",
            count("verdict", "terraform"),
            sql("SELECT verdict, count(*) FROM events WHERE command LIKE '%terraform%' GROUP BY 1 ORDER BY 2 DESC, 1"),
        ),
    ]


def _ask(store: EventStore, table: sqlite3.Connection | None, fleet: Fleet, runs: int, now: datetime) -> bool:
    good = True
    print(f"{store.stats().events:,} events; milliseconds: store first, store warm; plain SQL first, warm")
    for name, ours, theirs in _questions(store, table, fleet, now):
        found: dict[str, list[float]] = {"ours": [], "theirs": []}
        answers: dict[str, object] = {}
        for _ in range(runs):
            for who, question in (("ours", ours), ("theirs", theirs)):
                if found[who] and found[who][-1] > LONG:
                    continue  # it will not get shorter than the budget
                begun = time.perf_counter()
                answers[who] = question()
                found[who].append((time.perf_counter() - begun) * 1000)
        one, two = (found[who] for who in ("ours", "theirs"))
        same = "" if table is None or answers["ours"] == answers["theirs"] else "  ANSWERS DIFFER"
        good &= not same and statistics.median(one) <= BUDGET
        print(
            f"{name:<58}{one[0]:>8.0f}{statistics.median(one[1:] or one):>8.1f}"
            f"{two[0]:>10.0f}{statistics.median(two[1:] or two):>9.1f}{same}",
            flush=True,
        )
    print("kept" if good else "MISSED", f"(budget {BUDGET:.0f} ms for a page, warm)")
    return good


def _prepare(path: Path, fleet: Fleet, each: int, days: int) -> None:
    path.unlink(missing_ok=True)
    decode = msgspec.json.Decoder().decode
    with closing(sqlite3.connect(path, isolation_level=None)) as table:
        table.execute("PRAGMA journal_mode=OFF")
        table.execute("PRAGMA synchronous=OFF")
        table.execute(_PLAIN)
        for number in range(days):
            table.execute("BEGIN")
            for batch in fleet.day(LAST - timedelta(days=days - 1 - number), each):
                table.executemany(
                    "INSERT INTO events VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
                    [_row(decode(entry.record)) for entry in batch],
                )
            table.execute("COMMIT")
            print(number, file=sys.stderr, flush=True)
        for statement in _INDEXES:
            table.execute(statement)


def _row(value: dict[str, dict[str, object]]) -> tuple[object, ...]:
    actor, call, decision = value["actor"], value["call"], value["decision"]
    first = {name: (call.get(name) or [None])[0] for name in ("commands", "programs", "paths")}  # type: ignore[index]  # lists
    hits = decision.get("hits")
    return (
        value["at"],
        value["endpoint"],
        actor["user"],
        actor["agent"],
        actor["session"],
        value["question"].get("fingerprint"),
        call.get("tool") or call.get("server_tool"),
        first["programs"],
        first["commands"],
        first["paths"],
        decision["verdict"],
        hits[0]["rule"] if hits else None,  # type: ignore[index]  # a list of maps
        decision["latency_us"],
        value["sequence"],
    )

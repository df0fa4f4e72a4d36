"""Ingest into the embedded store, durable before the answer: events a second, bytes an event, against the budget.

Whole batches by one thread, then small batches by several at once, which share commits. Events are made beforehand.
`--folder` says on which file system.
"""

import argparse
import sqlite3
import statistics
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import closing
from datetime import date
from pathlib import Path

from bench.store_data import Fleet
from spawngate.server.store.embedded import EmbeddedStore
from spawngate.server.store.port import Entry

BUDGET = 20_000
"""Events a second."""


def main(arguments: Sequence[str]) -> int:
    """Run and print. Exit code 1 below the budget."""
    parser = argparse.ArgumentParser(prog="store-rate", description=__doc__)
    parser.add_argument("--events", type=int, default=60_000)
    parser.add_argument("--endpoints", type=int, default=50)
    parser.add_argument("--batch", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--folder", default=None)
    given = parser.parse_args(arguments)
    rates: list[float] = []
    processor: list[float] = []
    plain: list[tuple[float, float]] = []
    size = 0.0
    for run in range(given.runs):
        batches = list(Fleet(given.endpoints, seed=run).day(date(2026, 11, 20), given.events, given.batch))
        with tempfile.TemporaryDirectory(prefix="bench-store-", dir=given.folder) as name:
            store = EmbeddedStore(Path(name))
            begun, used = time.monotonic(), time.process_time()
            for batch in batches:
                store.events.append(batch)
            rates.append(given.events / (time.monotonic() - begun))
            processor.append((time.process_time() - used) / given.events * 1e6)
            store.close()
            store = EmbeddedStore(Path(name))
            size = store.events.stats().days[0].bytes / given.events
            store.close()
        plain.append(_plain(batches, given.folder))
        print(
            f"run {run + 1}: {rates[-1]:,.0f} events/s, {processor[-1]:.0f} us of processor each; "
            f"plain table {plain[-1][0]:,.0f} events/s, {plain[-1][1]:.0f} us",
            flush=True,
        )
    print(
        f"batches of {given.batch}, one thread: median {statistics.median(rates):,.0f}, best {max(rates):,.0f} events/s"
    )
    print(f"a core for itself would take {1e6 / statistics.median(processor):,.0f} events/s, by its processor time")
    print(
        f"{size:.0f} bytes an event on the disk, records of {_mean(batches):.0f} bytes; indexes of a closed day to come"
    )
    for threads, each in ((8, 7), (64, 7)):
        print(f"{threads} threads, {each} events each time: {_together(threads, each, given.folder):,.0f} events/s")
    ratio = statistics.median(mine / theirs for mine, (_, theirs) in zip(processor, plain, strict=True))
    print(f"{ratio:.1f} times the processor time of the plain table")
    good = max(rates) >= BUDGET
    print("kept" if good else "MISSED", f"(budget {BUDGET:,} events/s)")
    return 0 if good else 1


def _plain(batches: Sequence[Sequence[Entry]], folder: str | None) -> tuple[float, float]:
    """The same batches into one table of plain SQLite with the key as its index: events a second, microseconds each.

    No columns to ask, no tree, no signature, no compression: what durable batches cost at least on this machine now.
    """
    count = sum(map(len, batches))
    with (
        tempfile.TemporaryDirectory(prefix="bench-plain-", dir=folder) as name,
        closing(sqlite3.connect(Path(name) / "plain.sqlite", isolation_level=None)) as table,
    ):
        table.execute("PRAGMA journal_mode=WAL")
        table.execute("PRAGMA synchronous=FULL")
        table.execute(
            "CREATE TABLE events(endpoint, stream, sequence, time, record, UNIQUE(endpoint, stream, sequence))"
        )
        begun, used = time.monotonic(), time.process_time()
        for batch in batches:
            table.execute("BEGIN")
            table.executemany(
                "INSERT INTO events VALUES(?,?,?,?,?)",
                [(each.endpoint, each.stream, each.sequence, each.time, each.record) for each in batch],
            )
            table.execute("COMMIT")
        return count / (time.monotonic() - begun), (time.process_time() - used) / count * 1e6


def _mean(batches: Sequence[Sequence[Entry]]) -> float:
    return statistics.mean(len(entry.record) for batch in batches for entry in batch)


def _together(threads: int, each: int, folder: str | None) -> float:
    """Events a second of many threads that each wait for their answers."""
    rounds = 3000 // threads
    work = [list(Fleet(1, seed=number).day(date(2026, 11, 20), rounds * each, each)) for number in range(threads)]
    with tempfile.TemporaryDirectory(prefix="bench-store-", dir=folder) as name, EmbeddedStore(Path(name)) as store:

        def run(batches: Sequence[list[Entry]]) -> None:
            for batch in batches:
                store.events.append(batch)

        workers = [threading.Thread(target=run, args=(batches,)) for batches in work]
        begun = time.monotonic()
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        return threads * rounds * each / (time.monotonic() - begun)

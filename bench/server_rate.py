"""Ingest by several server processes into one shared store, durable before the answer: events a second, bytes an event.

`--engine postgres` or `clickhouse` (then events are staged in PostgreSQL and moved meanwhile by this process, so there
is one). Each process appends batches as endpoints send them: stretches of `--post` events of one stream, of which
`--posts` share a commit. Events are made beforehand. PostgreSQL runs on the same machine, with its share of it.
"""

import argparse
import multiprocessing
import tempfile
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from bench.engines import server_of
from bench.store_data import Fleet
from spawngate.server.store.port import Entry, EventStore


def main(arguments: Sequence[str]) -> int:
    """Run and print."""
    parser = argparse.ArgumentParser(prog="server-rate", description=__doc__)
    parser.add_argument("--engine", choices=("postgres", "clickhouse"), default="postgres")
    parser.add_argument("--events", type=int, default=40_000, help="Of each process.")
    parser.add_argument("--processes", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--post", type=int, default=20)
    parser.add_argument("--posts", type=int, default=50)
    given = parser.parse_args(arguments)
    if given.engine == "clickhouse":
        given.processes = [1]
    for count in given.processes:
        with tempfile.TemporaryDirectory(prefix="bench-rate-") as name:
            folder = Path(name)
            folder.chmod(0o755)
            with server_of(folder) as address:
                _round(given, count, address, folder)
    return 0


def _round(given: argparse.Namespace, count: int, address: str, folder: Path) -> None:
    if given.engine == "postgres":
        _open(given.engine, address, folder).close()  # the engine of ClickHouse does not outlive a fork
    context = multiprocessing.get_context("fork")
    barrier = context.Barrier(count + 1)
    results: Any = context.Queue()
    workers = [
        context.Process(target=_work, args=(given, address, folder / "engine", number, barrier, results))
        for number in range(count)
    ]
    for worker in workers:
        worker.start()
    barrier.wait()
    spent = [results.get() for _ in workers]
    for worker in workers:
        worker.join()
    store = _open(given.engine, address, folder / "engine")
    try:
        stats = store.stats()
    finally:
        store.close()
    total = count * given.events
    processor = sum(each["processor"] for each in spent) / total * 1e6
    moved = max(each["moved"] for each in spent)
    print(
        f"{given.engine}, {count} processes: {total / max(each['seconds'] for each in spent):,.0f} events/s, "
        f"{processor:.0f} us of processor each beside the database's; {stats.days[0].bytes / stats.events:.0f} bytes "
        f"an event of {spent[0]['size']:.0f}" + (f"; moved {moved:.1f} s later" if moved else ""),
        flush=True,
    )
    assert stats.events == total, (stats.events, total)


def _open(engine: str, address: str, folder: Path) -> EventStore:
    if engine == "clickhouse":
        from spawngate.server.store.clickhouse.events import ClickHouseEvents
        from spawngate.server.store.clickhouse.settings import Settings

        return ClickHouseEvents(address, Settings(path=str(folder)))
    from spawngate.server.store.postgres.events import PostgresEvents

    return PostgresEvents(address)


def _work(given: argparse.Namespace, address: str, folder: Path, number: int, barrier: Any, results: Any) -> None:
    batches = list(_batches(given, number))
    store = _open(given.engine, address, folder)
    try:
        barrier.wait()
        begun, used = time.monotonic(), time.process_time()
        for batch in batches:
            store.append(batch)
        seconds, processor, moved = time.monotonic() - begun, time.process_time() - used, 0.0
        if given.engine == "clickhouse":
            while store.pool.one("SELECT count(*) FROM staged"):  # type: ignore[attr-defined]  # of that engine
                time.sleep(0.05)
            moved = time.monotonic() - begun - seconds
        size = sum(len(entry.record) for batch in batches for entry in batch) / given.events
        results.put({"seconds": seconds, "processor": processor, "moved": moved, "size": size})
    finally:
        store.close()


def _batches(given: argparse.Namespace, number: int) -> list[list[Entry]]:
    """Events of as many endpoints as share a commit, in stretches of one stream."""
    fleet = Fleet(given.posts, seed=number + 1)
    whole = given.post * given.posts
    return [
        sorted(batch, key=lambda entry: (entry.endpoint, entry.sequence))
        for batch in fleet.day(date(2026, 11, 20), given.events, whole)
    ]

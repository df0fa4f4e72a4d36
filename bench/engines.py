"""Event stores of every engine, for the benchmarks that compare them: `--engine sqlite|postgres|clickhouse`.

PostgreSQL is Debian's, in a folder of its own, with 512 MB of shared buffers and everything else as it comes;
ClickHouse is the engine of `chdb` in this process, with its order and its outbox in that same PostgreSQL.
Must not be here: anything a benchmark measures.
"""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.server.postgres import Cluster, binaries

from spawngate.server.store.port import EventStore
from spawngate.server.store.sqlite.events import SqliteEvents

ENGINES = ("sqlite", "postgres", "clickhouse")


def option(parser: argparse.ArgumentParser) -> None:
    """Let a benchmark be told which engine."""
    parser.add_argument("--engine", choices=ENGINES, default="sqlite")


@contextmanager
def store_of(engine: str, folder: Path, *, read_only: bool = False) -> Iterator[EventStore]:
    """The store of a folder, which goes on with what it holds."""
    if engine == "sqlite":
        store: EventStore = SqliteEvents(folder, read_only=read_only)
        try:
            yield store
        finally:
            store.close()
        return
    from spawngate.server.store.postgres.events import PostgresEvents

    with server_of(folder) as address:
        if engine == "clickhouse":
            from spawngate.server.store.clickhouse.events import ClickHouseEvents
            from spawngate.server.store.clickhouse.settings import Settings

            store = ClickHouseEvents(address, Settings(path=str(folder / "clickhouse")))
        else:
            store = PostgresEvents(address)
        try:
            yield store
        finally:
            store.close()


@contextmanager
def server_of(folder: Path) -> Iterator[str]:
    """Address of the PostgreSQL in a folder, while the context lasts."""
    with cluster_of(folder) as cluster:
        yield cluster.url()


@contextmanager
def cluster_of(folder: Path) -> Iterator[Cluster]:
    """The PostgreSQL in a folder, which goes on with what it holds."""
    programs = binaries()
    assert programs is not None, "no PostgreSQL is installed"
    place = folder / "postgres"
    place.mkdir(parents=True, exist_ok=True, mode=0o755)
    cluster = Cluster(place, programs)
    cluster.start("shared_buffers=512MB", "max_wal_size=4GB")
    try:
        yield cluster
    finally:
        cluster.stop()

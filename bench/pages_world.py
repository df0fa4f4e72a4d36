"""The world that the console's pages are measured over: the synthetic fleet of `up --demo`, as large as is asked for,
and as many events of its endpoints as is asked for, over 90 days that end now.

Fleet data, inventories, findings and people's work are the demo's own; calls are those of `store_data`, whose servers
are the ones that the inventories hold. Must not be here: pages, measuring.
"""

import time
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select

from bench.store_data import Fleet
from spawngate.server.demo import history
from spawngate.server.demo.fill import _enrol, _Judge, _scans, _teams
from spawngate.server.demo.work import work
from spawngate.server.demo.world import machines
from spawngate.server.fleet.database import Database, open_fleet
from spawngate.server.fleet.tables import ARTIFACTS
from spawngate.server.store.embedded import EmbeddedStore
from spawngate.server.store.port import FOLDER, Entry

DAYS = 90
_PART = 500
"""Machines of one commit."""


def fill(folder: Path, endpoints: int, events: int) -> None:
    """Fill an empty folder, and print how far it is."""
    begun = time.monotonic()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    now = datetime.now(UTC)
    with EmbeddedStore(folder / FOLDER) as store, open_fleet(folder / FOLDER) as database:
        changes = _fleet(store.folder, database, endpoints, now)
        print(f"{endpoints} endpoints after {time.monotonic() - begun:.0f} s", flush=True)
        known = [(each.id, each.installation, each.user) for each in machines(endpoints)]
        fleet = Fleet(endpoints, known=known)
        there = _fingerprints(database)
        fleet.fingerprints[: len(there)] = there
        for number in range(DAYS):
            day = now.date() - timedelta(days=DAYS - 1 - number)
            _day(store, fleet, day, events // DAYS, changes.pop(day.isoformat(), []), now)
            print(f"{day} after {time.monotonic() - begun:.0f} s", flush=True)
        outside = folder / "siem"
        outside.mkdir(mode=0o700)
        work(store, database, outside, now, {})
        store.upkeep()
        print(f"{store.events.stats().events:,} events, {time.monotonic() - begun:.0f} s")


def _fleet(folder: Path, database: Database, endpoints: int, now: datetime) -> dict[str, list[Entry]]:
    """Rows of the machines; the events of their changes by day."""
    fleet = machines(endpoints)
    judge = _Judge(folder)
    happened: list[history.Happened] = []
    with database.begin() as connection:
        _teams(connection, now)
    for begin in range(0, endpoints, _PART):
        with database.begin() as connection:
            for machine in fleet[begin : begin + _PART]:
                _enrol(connection, machine, now)
                happened += _scans(connection, machine, judge, now)
    found: dict[str, list[Entry]] = defaultdict(list)
    for batch in history.entries([*happened, *history.lives(fleet, now, DAYS)]):
        for entry in batch:
            found[entry.received[:10]].append(entry)
    return found


def _fingerprints(database: Database) -> list[str]:
    """Of the servers in use, the most used first."""
    columns = ARTIFACTS.c
    asked = (
        select(columns.fingerprint)
        .where(columns.kind == "mcp_server")
        .group_by(columns.fingerprint)
        .order_by(func.count().desc(), columns.fingerprint)
    )
    with database.read() as connection:
        return list(connection.execute(asked).scalars())


def _day(store: EmbeddedStore, fleet: Fleet, day: date, count: int, changes: list[Entry], now: datetime) -> None:
    last = day == now.date()
    begin = datetime(day.year, day.month, day.day, tzinfo=UTC)
    span = now - begin if last else timedelta(days=1)
    for batch in fleet.day(day, count, span=span):
        store.events.append(batch)
    for at in range(0, len(changes), 1_000):
        store.events.append(changes[at : at + 1_000])
    store.events.tidy()

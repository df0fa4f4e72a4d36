"""Fills a folder with the store that `store-query` asks: events of many endpoints over days that are over.

`python -m bench store-fill FOLDER --events 10000000 --days 90 --engine postgres`. Goes on where it was broken off, day
by day.
"""

import argparse
import time
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from bench import engines
from bench.store_data import Fleet

LAST = date(2026, 11, 20)
"""The newest day that is filled."""


def main(arguments: Sequence[str]) -> int:
    """Fill and print what it took."""
    parser = argparse.ArgumentParser(prog="store-fill", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--events", type=int, default=10_000_000)
    parser.add_argument("--days", type=int, default=90)
    parser.add_argument("--endpoints", type=int, default=1000)
    parser.add_argument("--batch", type=int, default=1000)
    engines.option(parser)
    given = parser.parse_args(arguments)
    fleet = Fleet(given.endpoints)
    each = given.events // given.days
    spent = 0.0
    begun = time.monotonic()
    with engines.store_of(given.engine, given.folder) as store:
        for number in range(given.days):
            day = LAST - timedelta(days=given.days - 1 - number)
            for batch in fleet.day(day, each, given.batch):
                if store.days() and day.isoformat() < store.days()[-1]:
                    continue
                start = time.monotonic()
                store.append(batch)
                spent += time.monotonic() - start
            start = time.monotonic()
            store.tidy()  # type: ignore[attr-defined]  # every adapter has it; the port leaves upkeep to them
            closing = time.monotonic() - start
            print(f"{day} {each} events, closed in {closing:.1f} s; {time.monotonic() - begun:.0f} s", flush=True)
        stats = store.stats()
        print(f"{stats.events} events, {stats.bytes / stats.events:.0f} bytes each; {spent:.0f} s in append")
    return 0

"""Rescan of the generated home with nothing changed, inside one process, as the watcher and the page do it.

Prints milliseconds of the first inventory and the median of ten later ones, with what each read. Imports the product,
unlike the other benchmarks, because a rescan of this kind has no process of its own.
"""

import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bench.home import generate
from spawngate.endpoint.inventory import Inventory, Request
from spawngate.endpoint.state import State

ROUNDS = 10


def main(arguments: Sequence[str]) -> int:
    """Run it; takes no arguments. Exit code 0."""
    with tempfile.TemporaryDirectory(prefix="rescan-") as name:
        folder = Path(name)
        generate(folder)
        request = Request(
            homes=(str(folder / "home"),), system_root=str(folder / "system"), processes=False, environment={}
        )
        inventory = Inventory(State(folder / "state"), request)
        started = time.perf_counter()
        first = inventory.take()
        took = time.perf_counter() - started
        rounds: list[float] = []
        for _ in range(ROUNDS):
            started = time.perf_counter()
            result = inventory.take()
            rounds.append(time.perf_counter() - started)
            assert result.changes == ()
        print(f"artifacts   {len(first.snapshot.artifacts)}")
        print(f"first       {took * 1000:.0f} ms, {first.snapshot.statistics['files_read']} files read")
        print(
            f"rescan      median {statistics.median(rounds) * 1000:.0f} ms ({min(rounds) * 1000:.0f} to "
            f"{max(rounds) * 1000:.0f}), {result.snapshot.statistics['files_read']} files read anew"
        )
    return 0

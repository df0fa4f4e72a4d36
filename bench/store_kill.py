"""Kills a process that appends to a store with SIGKILL at random moments, again and again: every event that it had been
answered for must be there once, with the outbox rows of its commit, and verification must find nothing.

The process appends and claims and settles outbox entries by several threads, closes days, and writes what was answered
to a pipe. `--kills 500` is the full run.
"""

import argparse
import os
import random
import signal
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from spawngate.server.store.embedded import EmbeddedStore
from spawngate.server.store.port import Claimed, Delivery, Entry, OutboxEntry, Position, Settled
from spawngate.server.store.verify import verify_store
from spawngate.trail import chain
from spawngate.trail.event import Event

DAY = datetime(2026, 11, 1, tzinfo=UTC)
THREADS = 4


def main(arguments: Sequence[str]) -> int:
    """Run and print. Exit code 1 where an event is lost or doubled, or the store does not verify."""
    parser = argparse.ArgumentParser(prog="store-kill", description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", default=None)
    given = parser.parse_args(arguments)
    source = random.Random(given.seed)
    answered: dict[tuple[str, int], int] = {}
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="bench-kill-", dir=given.folder) as name:
        folder = Path(name)
        findings = 0
        for number in range(given.kills):
            _one(folder, number, source, answered)
            if number % 25 == 24:
                findings += len(verify_store(folder).findings)
        with EmbeddedStore(folder) as store:
            store.upkeep()
            held = _held(store)
            delivered = {(each.first[1], each.first[2]) for each in _deliveries(store) if each.first is not None}
            waiting = {(each.entry.stream, each.entry.sequence) for each in _claim_all(store)}
            days = len(store.events.days())
        report = verify_store(folder)
    lost = [key for key in answered if not held[key]]
    doubled = [key for key, count in held.items() if count > 1]
    undelivered = [key for key in answered if key[1] % 5 == 0 and key not in delivered and key not in waiting]
    findings += len(report.findings)
    print(f"{given.kills} kills in {time.monotonic() - begun:.0f} s; {len(answered)} events answered, {days} days")
    print(f"stored {sum(held.values())}; lost {len(lost)}, doubled {len(doubled)}")
    print(f"outbox: {len(delivered)} settled, {len(waiting)} waiting; neither {len(undelivered)}")
    print(f"verification: {findings} findings over {given.kills // 25 + 1} runs, {len(report.gaps)} gaps")
    for finding in report.findings[:5]:
        print(f"  {finding.file}: {finding.message}")
    good = not (lost or doubled or undelivered or findings) and bool(answered)
    print("kept" if good else "MISSED")
    return 0 if good else 1


def _one(folder: Path, number: int, source: random.Random, answered: dict[tuple[str, int], int]) -> None:
    """One process, killed when so many answers have come, and a moment later."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        try:
            _work(folder, number, writing)
        finally:
            os._exit(3)
    os.close(writing)
    wanted, until = source.randrange(1, 40), time.monotonic() + 20
    data = b""
    with os.fdopen(reading, "rb", buffering=0) as pipe:
        while data.count(b"\n") < wanted and time.monotonic() < until:
            block = pipe.read(65536)
            if not block:
                break
            data += block
        time.sleep(source.uniform(0, 0.02))
        os.kill(child, signal.SIGKILL)
        while block := pipe.read(65536):
            data += block
    os.waitpid(child, 0)
    for line in data.split(b"\n")[:-1]:
        stream, sequence = line.decode().split(" ")
        answered[stream, int(sequence)] = 1


def _work(folder: Path, number: int, writing: int) -> None:
    """Append until killed. A day passes every 40 rounds of processes."""
    moment = DAY + timedelta(days=number // 40, seconds=number % 40 * 60)
    store = EmbeddedStore(folder, clock=lambda: moment)

    def append(stream: str) -> None:
        source = random.Random(number)
        head = chain.Head(stream, *store.events.head("laptop", stream))
        while True:
            batch: list[Entry] = []
            for _ in range(source.randrange(1, 30)):
                at = store.now()
                record, head = chain.seal(Event("decision", at, 1, message="m" * source.randrange(200)), head)
                batch.append(Entry("laptop", stream, head.sequence, at, at, "decision", record))
            rows = [OutboxEntry("siem", each.key, store.now()) for each in batch if each.sequence % 5 == 0]
            store.events.append(batch, rows)
            os.write(writing, b"".join(b"%b %d\n" % (stream.encode(), each.sequence) for each in batch))

    def deliver() -> None:
        while True:
            claimed = store.events.claim(f"w{number}", store.now(), 0.0, 20)
            if not claimed:
                time.sleep(0.001)
                continue
            # Delivered first, settled then: a kill between gives a second delivery under the same key, never none.
            store.control.delivered(
                *(Delivery(store.now(), "siem", "siem", "delivered", first=each.entry.key) for each in claimed)
            )
            store.events.settle(f"w{number}", [Settled(each.id) for each in claimed])

    workers = [threading.Thread(target=append, args=(f"s{each}",), daemon=True) for each in range(THREADS)]
    workers.append(threading.Thread(target=deliver, daemon=True))
    for worker in workers:
        worker.start()
    while True:
        store.upkeep()
        time.sleep(0.01)


def _held(store: EmbeddedStore) -> "Counter[tuple[str, int]]":
    found: Counter[tuple[str, int]] = Counter()
    position = Position()
    while True:
        entries, position = store.events.after(position, 5000)
        if not entries:
            return found
        found.update((each.stream, each.sequence) for each in entries if each.endpoint == "laptop")


def _deliveries(store: EmbeddedStore) -> Iterator[Delivery]:
    before = 0
    while True:
        found = store.control.deliveries(before=before, limit=5000)
        if not found:
            return
        yield from found
        before = found[-1].number


def _claim_all(store: EmbeddedStore) -> Iterator[Claimed]:
    while True:
        found = store.events.claim("last", "2999-01-01T00:00:00.000000Z", 86_400.0, 1000)
        if not found:
            return
        yield from found

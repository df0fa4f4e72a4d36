"""Several server workers on one PostgreSQL under load, with one killed every few seconds, or PostgreSQL itself.

Every worker is a process that appends, keeps up the store, and delivers when it is its turn, as `server run` does. Each
event that was answered must be there once, every refused call must reach the receiver under one id, the counts of
grouped notices must add up to exactly the events, and the store must verify. A batch that is answered with an error is
sent again.

`--kill worker` ends one of the workers with SIGKILL (a new one takes its place), `--kill postgres` ends PostgreSQL's
first process with SIGKILL and starts it again, `--kill restart` restarts it as an administrator does. Processes are
forked from one that has imported everything. `delivery-kill` is the same for the embedded store, and has the receiver.
"""

import argparse
import contextlib
import os
import random
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from tests.server.postgres import Cluster

from bench.delivery_kill import Receiver, _entry, _judge, _routes
from bench.engines import cluster_of
from spawngate.model.errors import StateError
from spawngate.server.deliver.ledger import Ledger
from spawngate.server.deliver.routes import add
from spawngate.server.deliver.secrets import sealer
from spawngate.server.deliver.service import delivering
from spawngate.server.store.open import open_store
from spawngate.server.store.port import Key, Position
from spawngate.server.store.whole import Store

BATCH = 6
ROOM = 1_000_000
"""Numbers of events that each worker's life has for itself."""


def main(arguments: Sequence[str]) -> int:
    """Run and print. Exit code 1 where an event is lost or counted twice, or the store does not verify."""
    parser = argparse.ArgumentParser(prog="server-kill", description=__doc__)
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--kill", choices=("worker", "postgres", "restart", "none"), default="worker")
    parser.add_argument("--every", type=float, default=20.0, help="Seconds between two kills.")
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--pause", type=float, default=0.03, help="Seconds between two batches of a thread.")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--drain", type=float, default=300.0, help="Seconds for what is left after the last kill.")
    given = parser.parse_args(arguments)
    source = random.Random(given.seed)
    with tempfile.TemporaryDirectory(prefix="bench-servers-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        receiver = Receiver(folder / "received.json", given.seed)
        try:
            with cluster_of(folder) as cluster:
                with open_store(cluster.url(), folder / "state", {}) as store:
                    add(store.control, sealer(folder / "state", {}), _routes(receiver.port), {})
                fleet = Fleet(cluster, folder / "state", given.pause)
                begun = time.monotonic()
                for _ in range(given.workers):
                    fleet.start()
                for _ in range(given.kills):
                    time.sleep(given.every * source.uniform(0.8, 1.2))
                    if given.kill == "worker":
                        fleet.kill(source.randrange(given.workers))
                        fleet.start()
                    elif given.kill != "none":
                        (cluster.kill if given.kill == "postgres" else cluster.stop)()
                        time.sleep(source.uniform(0.2, 2.0))
                        cluster.start()
                time.sleep(given.every / 2)
                fleet.end()
                killed = time.monotonic()
                left = _drain(cluster.url(), folder / "state", given.drain)
                drained = time.monotonic() - killed
                receiver.stop()
                received = receiver.received()
                with open_store(cluster.url(), folder / "state", {}) as store:
                    stored, keys, waiting = _stored(store)
                findings = _verified(cluster.url(), folder / "state")
        finally:
            receiver.stop()
    print(f"{given.workers} workers on one PostgreSQL, killed: {given.kill}; errors that were told: {fleet.errors}")
    return _judge(
        given.kills, killed - begun, drained, left, fleet.acknowledged, stored, keys, waiting, received, findings
    )


def _verified(address: str, folder: Path) -> Sequence[object]:
    from spawngate.server.store.postgres.verify import verify_server

    return verify_server(address, folder, {}).findings


class Fleet:
    """The workers that run now, and what was answered until now."""

    def __init__(self, cluster: Cluster, folder: Path, pause: float) -> None:
        self._address, self._folder, self._pause = cluster.url(), folder, pause
        self._children: list[int] = []
        self._readers: list[threading.Thread] = []
        self._lives = 0
        self._lock = threading.Lock()
        self.acknowledged: list[int] = []
        self.errors = 0

    def start(self) -> None:
        """One more worker."""
        reading, writing = os.pipe()
        number = self._lives * ROOM
        self._lives += 1
        child = os.fork()
        if not child:
            os.close(reading)
            _work(self._address, self._folder, number, self._pause, writing)
        os.close(writing)
        self._children.append(child)
        reader = threading.Thread(target=self._read, args=(reading,))
        self._readers.append(reader)
        reader.start()

    def kill(self, place: int, number: int = signal.SIGKILL) -> None:
        """End one at once."""
        child = self._children.pop(place)
        os.kill(child, number)
        os.waitpid(child, 0)

    def end(self) -> None:
        """End all, and read what they said last."""
        while self._children:
            self.kill(0)
        for reader in self._readers:
            reader.join()

    def _read(self, reading: int) -> None:
        with os.fdopen(reading, "rb") as pipe:
            for line in pipe:
                if not line.endswith(b"\n"):
                    continue
                with self._lock:
                    if line.startswith(b"!"):
                        self.errors += 1
                    else:
                        low, high = map(int, line.split())
                        self.acknowledged += range(low, high)


def _work(address: str, folder: Path, number: int, pause: float, writing: int) -> None:
    """Append, keep up and deliver until killed."""
    try:
        while True:
            try:
                with open_store(address, folder, {}) as store, delivering(store, {}, lambda said: None) as outbox:
                    threading.Thread(target=_keep_up, args=(store,), daemon=True).start()
                    second = threading.Thread(
                        target=_append, args=(store, outbox, number + ROOM // 2, pause, writing), daemon=True
                    )
                    second.start()
                    _append(store, outbox, number, pause, writing)
            except StateError:
                time.sleep(0.2)  # PostgreSQL is away while this worker starts
    except BaseException as error:  # noqa: BLE001  # whatever ends this process must not return into the parent's code
        os.write(2, f"the process ended by itself: {error!r}\n".encode())
    os._exit(1)


def _append(store: Store, outbox: object, number: int, pause: float, writing: int) -> None:
    while True:
        now = store.now()
        batch = [_entry(each, now) for each in range(number, number + BATCH)]
        while True:
            try:
                store.events.append(batch, outbox(batch))  # type: ignore[operator]  # what `delivering` gives
                break
            except StateError:
                os.write(writing, b"!\n")
                time.sleep(0.1)
        os.write(writing, b"%d %d\n" % (number, number + BATCH))
        number += BATCH
        time.sleep(pause)


def _keep_up(store: Store) -> None:
    while True:
        with contextlib.suppress(StateError):  # the next round does what is left
            store.upkeep()
        time.sleep(1)


def _drain(address: str, folder: Path, seconds: float) -> int:
    """Deliver what is left, without more events; how many were left when the time was over."""
    until = time.monotonic() + seconds
    left, pause = -1, 0.5
    with open_store(address, folder, {}) as store, delivering(store, {}, lambda said: print(said, file=sys.stderr)):
        while time.monotonic() < until:
            time.sleep(pause)
            looked = time.monotonic()
            groups = Ledger(store.control).groups().values()
            untold = sum(group.fresh for found in groups for group in found.values())
            left = store.events.waiting() + len(Ledger(store.control).pending()) + untold
            if not left:
                return 0
            # To look at all that waits takes this process a second where thousands wait, and it delivers too.
            pause = max(0.5, 10 * (time.monotonic() - looked))
    return left


def _stored(store: Store) -> tuple[list[int], int, int]:
    """Numbers of the stored events in their order, how many different keys they have, and what waits."""
    numbers: list[int] = []
    keys: set[Key] = set()
    position = Position()
    while True:
        entries, position = store.events.after(position, 1000)
        if not entries:
            return numbers, len(keys), store.events.waiting()
        ours = [entry for entry in entries if entry.stream == "s"]
        numbers += [entry.sequence - 1 for entry in ours]
        keys |= {entry.key for entry in ours}

"""Kills a process that appends and delivers, with SIGKILL at random moments under load: no acknowledged event may be
missing from the store or be there twice, every refused call must reach the receiver at least once under its own id, the
counts of grouped notices must add up to exactly the events, and the store must verify. `--kills 500` is the full run.

Processes are forked from one that has imported everything. The receiver is a process of its own that speaks HTTP,
holds signatures against Standard Webhooks, and answers some requests with 500, some after a while, some not at all.
"""

import argparse
import json
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.stubs.http import Asked, Reply, Stub, serving
from tests.stubs.webhook import SECRET, WebhookStub

from spawngate.server.deliver.ledger import Ledger
from spawngate.server.deliver.routes import add
from spawngate.server.deliver.secrets import sealer
from spawngate.server.deliver.service import delivering
from spawngate.server.store.embedded import EmbeddedStore
from spawngate.server.store.port import Entry, Position
from spawngate.server.store.verify import verify_store
from spawngate.trail.event import canonical

ENDPOINTS = 40
BATCH = 6


def main(arguments: Sequence[str]) -> int:
    """Run and print. Exit code 1 where an event is lost or counted twice, or the store does not verify."""
    parser = argparse.ArgumentParser(prog="delivery-kill", description=__doc__)
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--drain", type=float, default=300.0, help="Seconds for what is left after the last kill.")
    given = parser.parse_args(arguments)
    source = random.Random(given.seed)
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="bench-delivery-") as name:
        folder = Path(name) / "store"
        receiver = Receiver(Path(name) / "received.json", given.seed)
        try:
            with EmbeddedStore(folder) as store:
                add(store.control, sealer(folder, {}), _routes(receiver.port), {})
            acknowledged: list[int] = []
            number = 0
            for _ in range(given.kills):
                number, taken = _life(folder, number, source.uniform(0.03, 0.5))
                acknowledged += taken
            killed = time.monotonic()
            left = _drain(folder, given.drain)
            drained = time.monotonic() - killed
            receiver.stop()
            received = receiver.received()
            stored, keys, pending = _stored(folder)
        finally:
            receiver.stop()
        report = verify_store(folder)
    return _judge(
        given.kills, killed - begun, drained, left, acknowledged, stored, keys, pending, received, report.findings
    )


def _routes(port: int) -> str:
    return f"""
[destination.hook]
type = "webhook"
url = "http://127.0.0.1:{port}/x"
secrets = ["{SECRET}"]
allow_internal = ["127.0.0.1"]
timeout_seconds = 1

[[route]]
name = "each"
destination = "hook"
match = "verdict:deny"
group_by = ["..."]
group_wait = "0"
limit = "100000/1s"

[destination.groups]
type = "webhook"
url = "http://127.0.0.1:{port}/groups"
secrets = ["{SECRET}"]
allow_internal = ["127.0.0.1"]
timeout_seconds = 1

[[route]]
name = "grouped"
destination = "groups"
match = "type:decision"
group_by = ["rule"]
group_wait = "100ms"
group_interval = "100ms"
repeat_interval = "100ms"
limit = "100000/1s"
"""


def _life(folder: Path, number: int, seconds: float) -> tuple[int, list[int]]:
    """One process from its fork to its death; the next number, and what was acknowledged."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        _work(folder, number, writing)
    os.close(writing)
    taken: list[int] = []
    with os.fdopen(reading, "rb") as pipe:
        first = pipe.readline()  # its first acknowledgement: a process that is killed before has shown nothing
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        lines = [first, *pipe.readlines()]
    for line in lines:
        if line.endswith(b"\n"):
            low, high = map(int, line.split())
            taken += range(low, high)
    return max([number + 1000, *(each + 1 for each in taken)]), taken


def _work(folder: Path, number: int, writing: int) -> None:
    """Append and deliver until killed."""
    try:
        with EmbeddedStore(folder) as store, delivering(store, {}, lambda said: None) as outbox:
            while True:
                now = store.now()
                batch = [_entry(each, now) for each in range(number, number + BATCH)]
                store.events.append(batch, outbox(batch))
                os.write(writing, b"%d %d\n" % (number, number + BATCH))
                number += BATCH
                time.sleep(0.03)
    except BaseException as error:  # noqa: BLE001  # whatever ends this process must not return into the parent's code
        os.write(2, f"the process ended by itself: {error!r}\n".encode())
    os._exit(1)


def _entry(number: int, now: str) -> Entry:
    verdict = "deny" if number % 2 else "allow"
    record: dict[str, Any] = {
        "type": "decision",
        "at": now,
        "schema_version": 1,
        "endpoint": f"laptop-{number % ENDPOINTS}",
        "stream": "s",
        "sequence": number + 1,
        "call": {"tool": "Bash", "commands": [f"command {number}"]},
        "decision": {
            "verdict": verdict,
            "mode": "enforce",
            "hits": [{"rule": f"rule-{number % 3}", "severity": "high", "confidence": "high"}],
        },
    }
    return Entry(record["endpoint"], "s", number + 1, now, now, "decision", canonical(record))


def _drain(folder: Path, seconds: float) -> int:
    """Deliver what is left, without more events; how many were left when the time was over."""
    until = time.monotonic() + seconds
    left, pause = -1, 0.5
    with EmbeddedStore(folder) as store, delivering(store, {}, lambda said: None):
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


def _stored(folder: Path) -> tuple[list[int], int, int]:
    """Numbers of the stored events in their order, how many different keys they have, and what waits."""
    numbers: list[int] = []
    keys = set()
    with EmbeddedStore(folder) as store:
        position = Position()
        while True:
            entries, position = store.events.after(position, 1000)
            if not entries:
                break
            ours = [entry for entry in entries if entry.stream == "s"]
            numbers += [entry.sequence - 1 for entry in ours]
            keys |= {entry.key for entry in ours}
        return numbers, len(keys), store.events.waiting()


def _judge(
    kills: int,
    seconds: float,
    drained: float,
    left: int,
    acknowledged: Sequence[int],
    stored: Sequence[int],
    keys: int,
    waiting: int,
    received: dict[str, Any],
    findings: Sequence[object],
) -> int:
    each = {notice["title"]: Counter(notice["ids"]) for notice in received["each"]}
    denies = {number for number in stored if number % 2}
    arrived = {int(title.rsplit(" ", 1)[1]) for title in each}
    several = [title for title, ids in each.items() if len(ids) > 1]
    repeats = sum(sum(ids.values()) - len(ids) for ids in each.values())
    counted = sum(notice["fresh"] for notice in received["grouped"])
    lost = set(acknowledged) - set(stored)
    print(f"{kills} kills in {seconds:.0f} s; drained in {drained:.0f} s; left over {left}, waiting {waiting}")
    print(f"acknowledged {len(acknowledged)}, stored {len(stored)}, lost {len(lost)}, doubled {len(stored) - keys}")
    print(
        f"refused calls {len(denies)}: received {len(arrived & denies)}, missing {len(denies - arrived)}, "
        f"never stored {len(arrived - denies)}; requests repeated {repeats}, under another id {len(several)}"
    )
    print(f"grouped notices {len(received['grouped'])} count {counted} of {len(stored)} events")
    print(f"requests {received['requests']}, wrong signatures {received['wrong']}, faults {received['faults']}")
    print(f"verify: {'green' if not findings else findings[:3]}")
    wrong = (
        left or waiting or lost or len(stored) != keys or denies - arrived or several or received["wrong"] or findings
    )
    return 1 if wrong or arrived - denies or counted != len(stored) else 0


class Receiver:
    """The process that receives."""

    def __init__(self, path: Path, seed: int) -> None:
        self._path = path
        reading, writing = os.pipe()
        self._child = os.fork()
        if not self._child:
            os.close(reading)
            try:
                _receive(path, seed, writing)
            finally:
                os._exit(0)
        os.close(writing)
        with os.fdopen(reading, "rb") as pipe:
            self.port = int(pipe.readline())

    def stop(self) -> None:
        """End it; it writes what it has received."""
        if self._child:
            os.kill(self._child, signal.SIGTERM)
            os.waitpid(self._child, 0)
            self._child = 0

    def received(self) -> dict[str, Any]:
        """What it has received."""
        found: dict[str, Any] = json.loads(self._path.read_text())
        return found


def _receive(path: Path, seed: int, writing: int) -> None:
    source = random.Random(seed)
    hook = WebhookStub()
    faults = Counter[str]()
    wrong = [0]

    def answer(asked: Asked) -> Reply:
        draw = source.random()
        if draw < 0.02:
            faults["500 before"] += 1
            return Reply(500)
        reply = hook.receive(asked)
        wrong[0] += reply.status != 204
        if draw < 0.03:
            faults["500 after"] += 1
            return Reply(500)
        if draw < 0.04:
            faults["answer lost"] += 1
            return Reply(drop=True)
        return reply

    ended: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, frame: ended.append(number))
    with serving(Stub(answer)) as stub:
        os.write(writing, b"%d\n" % stub.port)
        while not ended:
            time.sleep(0.05)
    each: dict[str, dict[str, Any]] = {}
    grouped = []
    for id, body in hook.notices.items():
        data = body["data"]
        if data["route"] == "each":
            known = each.setdefault(data["title"], {"title": data["title"], "ids": []})
            known["ids"] += [id] * hook.seen[id]
        else:
            grouped.append({"id": id, "fresh": data.get("fresh", 0)})
    path.write_text(
        json.dumps(
            {
                "each": list(each.values()),
                "grouped": grouped,
                "requests": sum(hook.seen.values()),
                "wrong": wrong[0],
                "faults": sum(faults.values()),
            }
        )
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

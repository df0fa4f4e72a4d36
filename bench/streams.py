"""Streams: what a mapping costs for one event, and how many events a second reach a real rsyslog and a file.

The rsyslog (Debian: rsyslog, rsyslog-gnutls) is asked over TLS and TCP; with `--restarts N` it is restarted N times
while the events go through it, and every one must be there afterwards, first arrivals in order. `--batch 5000` makes it
likely that a restart falls into a batch. Exit code 1 where an event is missing.
"""

import argparse
import random
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
from tests.server.deliver.authority import Authority
from tests.server.deliver.rsyslog import HAS_TLS, PROGRAM, Rsyslog
from tests.server.deliver.test_rsyslog import CONFIGURATION, keys_in_order, storm

from spawngate.routing.stream import source
from spawngate.server.deliver import routes
from spawngate.server.deliver.secrets import Sealer
from spawngate.server.deliver.streams import Streams, cursor_of
from spawngate.server.store.port import Entry
from spawngate.server.store.sqlite.control import SqliteControl
from spawngate.server.store.sqlite.events import SqliteEvents
from spawngate.trail.mappings.cef import cef
from spawngate.trail.mappings.ecs import ecs
from spawngate.trail.mappings.leef import leef
from spawngate.trail.mappings.ocsf import ocsf
from spawngate.trail.mappings.otel import export, log_record
from spawngate.trail.mappings.protobuf import export_request
from spawngate.trail.mappings.syslog import message

PAUSE = 0.08
"""Seconds from the start of a receiver to its restart, on the average: at any point of a batch."""
MAPPINGS: dict[str, Callable[[Entry], bytes]] = {
    "read": lambda entry: source(entry).key.encode(),
    "ocsf": lambda entry: msgspec.json.encode(ocsf(source(entry))),
    "ecs": lambda entry: msgspec.json.encode(ecs(source(entry))),
    "cef": lambda entry: message(source(entry), cef(source(entry))),
    "leef": lambda entry: message(source(entry), leef(source(entry))),
    "syslog": lambda entry: message(source(entry), entry.record.decode()),
    "otlp": lambda entry: export_request(export([log_record(source(entry), 0)], {})),
}


def main(arguments: Sequence[str]) -> int:
    """Run and print."""
    parser = argparse.ArgumentParser(prog="streams", description=__doc__)
    parser.add_argument("--restarts", type=int, default=2)
    parser.add_argument("--batch", type=int, default=500, help="Events of one batch.")
    given = parser.parse_args(arguments)
    entries = storm()
    print(f"{'mapping':<12}{'us/event':>10}{'bytes':>8}")
    for name, make in MAPPINGS.items():
        begun = time.process_time()
        size = sum(len(make(entry)) for entry in entries[:2000])
        print(f"{name:<12}{(time.process_time() - begun) / 2000 * 1e6:>10.1f}{size // 2000:>8}")
    bad = _to_file(entries)
    if not PROGRAM:
        print("rsyslogd is not installed: not run")
        return bad
    for tls in (False, True):
        if tls and not HAS_TLS:
            print("rsyslog has no TLS here: not run")
            continue
        for restarts in (0, given.restarts):
            bad |= _to_rsyslog(entries, tls=tls, restarts=restarts, batch=given.batch)
    return bad


def _to_file(entries: Sequence[Entry]) -> int:
    with tempfile.TemporaryDirectory(prefix="bench-streams-") as name:
        path = Path(name) / "ocsf.ndjson"
        text = f'[destination.f]\ntype = "ocsf-file"\npath = "{path}"\n[[route]]\nname = "siem"\ndestination = "f"\n'
        seconds = _followed(Path(name) / "store", text, entries, lambda done: None)
        lines = len(path.read_bytes().splitlines())
    print(f"ocsf-file: {lines} of {len(entries)}, {len(entries) / seconds:,.0f} events/s")
    return int(lines != len(entries))


def _to_rsyslog(entries: Sequence[Entry], *, tls: bool, restarts: int, batch: int) -> int:
    with tempfile.TemporaryDirectory(prefix="bench-streams-") as name:
        folder = Path(name)
        authority = Authority(folder)
        receiver = Rsyslog(folder / "rsyslog", tls=authority if tls else None)
        receiver.start()
        left, due = [restarts], [time.monotonic() + PAUSE]

        def watched(done: int) -> None:
            if left[0] and time.monotonic() >= due[0]:
                left[0] -= 1
                receiver.stop()
                receiver.start()
                due[0] = time.monotonic() + random.uniform(0.0, 2 * PAUSE)  # no secret

        try:
            ca = authority.ca_file if tls else ""
            text = CONFIGURATION.format(type="syslog", port=receiver.port, tls=str(tls).lower(), ca=ca)
            text = text.replace("tls =", f"batch_events = {batch}\ntls =")
            seconds = _followed(folder / "store", text, entries, watched)
            end = time.monotonic() + 20
            while len(receiver.lines()) < len(entries) and time.monotonic() < end:
                time.sleep(0.05)
        finally:
            receiver.stop()
        lines = receiver.lines()
    found = keys_in_order(lines)
    in_order = found == [(entry.endpoint, entry.sequence) for entry in entries]
    again = len(lines) - len(found)
    how = f"rsyslog {'TLS' if tls else 'TCP'}, restarted {restarts - left[0]} times"
    print(
        f"{how}: {len(found)} of {len(entries)}, {'in order' if in_order else 'NOT IN ORDER'}, {again} twice, "
        f"{len(entries) / seconds:,.0f} events/s"
    )
    return int(not in_order)


def _followed(folder: Path, text: str, entries: Sequence[Entry], watched: Callable[[int], None]) -> float:
    """Seconds until every event of a full store is delivered."""
    events, control, stop = SqliteEvents(folder), SqliteControl(folder, b"k" * 32), threading.Event()
    try:
        sealer = Sealer(b"s" * 32)
        routes.add(control, sealer, text, {})
        for start in range(0, len(entries), 1000):
            events.append(entries[start : start + 1000])
        thread = threading.Thread(target=Streams(events, control, sealer).run, args=(stop,))
        begun = time.monotonic()
        thread.start()
        while (done := cursor_of(control, "siem").delivered) < len(entries) and time.monotonic() < begun + 120:
            watched(done)
            time.sleep(0.01)
        seconds = time.monotonic() - begun
        stop.set()
        thread.join()
        return seconds
    finally:
        control.close()
        events.close()

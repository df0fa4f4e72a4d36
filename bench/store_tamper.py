"""Tampers with every kind of file of a store, of a local trail and of an export, at random: what does verification see?

Flips of bytes anywhere; rows, lines or notes that are dropped, inserted, swapped or altered by somebody who knows the
format. A flip that changes nothing that can be read (unused room of a page) is counted apart: both stores then hold
the same, and only a closed day's file is held byte for byte.
"""

import argparse
import random
import shutil
import sqlite3
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.store_data import Fleet
from spawngate.endpoint.trail import reader
from spawngate.endpoint.trail.store import TrailStore
from spawngate.server.ingest import Ingest
from spawngate.server.store.embedded import EmbeddedStore
from spawngate.server.store.port import Item
from spawngate.server.store.verify import verify_store
from spawngate.trail import manifest
from spawngate.trail.manifest import Making
from spawngate.trail.note import NoteError

LAST = datetime(2026, 11, 20, 23, tzinfo=UTC)
EVENTS = 600
"""Of each of three days."""


def main(arguments: Sequence[str]) -> int:
    """Run and print. Exit code 1 where something was tampered with and not seen."""
    parser = argparse.ArgumentParser(prog="store-tamper", description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(arguments)
    source = random.Random(given.seed)
    seen: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    same: Counter[str] = Counter()
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="bench-tamper-") as name:
        made = Path(name) / "made"
        _make(made)
        clean = verify_store(made / "store").findings
        for kind, tamper in TAMPERINGS.items():
            for _ in range(given.rounds):
                copy = Path(name) / "copy"
                shutil.copytree(made, copy)
                for path in copy.rglob("*"):
                    path.chmod(0o700)
                tamper(copy, source)
                if _finds(copy):
                    seen[kind] += 1
                elif kind.startswith("flip") and _contents(copy) == _contents(made):
                    same[kind] += 1
                else:
                    missed[kind] += 1
                shutil.rmtree(copy)
    for kind in TAMPERINGS:
        print(f"{kind:<44} seen {seen[kind]:>4}, nothing changed {same[kind]:>3}, missed {missed[kind]:>3}")
    good = not missed and not clean
    print(f"{sum(seen.values())} of {sum(seen.values()) + sum(missed.values())} in {time.monotonic() - begun:.0f} s;",
          f"untouched: {len(clean)} findings;", "kept" if good else "MISSED")  # fmt: skip
    return 0 if good else 1


def _make(folder: Path) -> None:
    """A store of three days, the last still in SQLite's log; the local trail; an export with its manifest."""
    fleet = Fleet(5)
    moment = [LAST]
    live = folder.parent / "live"
    with EmbeddedStore(live / "store", clock=lambda: moment[0]) as store:
        for ago in (2, 1, 0):
            moment[0] = LAST - timedelta(days=ago)
            for batch in fleet.day(moment[0].date(), EVENTS, 50):
                store.events.append(batch)
            store.upkeep()
        store.control.put(Item("route", "siem", b"{}"), Item("hold", "case", b"{}"))
        with TrailStore(live / "trail", clock=lambda: LAST, retention=999) as trail:
            trail.append([entry.event for entry in store.events.query(None, limit=200).entries])
        Ingest(live / "trail", store, "laptop").take()
        making = Making.begin()
        lines = [entry.record for entry in store.events.query(None, limit=150, newest_first=False).entries]
        for line in lines:
            making.add(line)
        (live / "export.ndjson").write_bytes(b"\n".join(lines) + b"\n")
        (live / "export.ndjson.manifest").write_text(making.signed("", store.signer))
        (live / "key.pub").write_text(str(store.evidence.verifier))
        shutil.copytree(live, folder)


def _finds(folder: Path) -> bool:
    from spawngate.trail.note import read_verifier

    if verify_store(folder / "store").findings or reader.verify(folder / "trail").fault is not None:
        return True
    lines = (folder / "export.ndjson").read_bytes().split(b"\n")[:-1]
    try:
        text = (folder / "export.ndjson.manifest").read_text("utf-8")
        return bool(manifest.check(text, lines, [read_verifier((folder / "key.pub").read_text())]))
    except (NoteError, UnicodeDecodeError):
        return True


def _contents(folder: Path) -> object:
    """What can be read of the databases."""
    found: dict[str, list[str]] = {}
    for path in sorted((folder / "store").rglob("*.sqlite")):
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            try:
                found[path.name] = list(connection.iterdump())
            except sqlite3.Error:
                found[path.name] = []
    return found


def _flip(name: str) -> Callable[[Path, random.Random], None]:
    def tamper(folder: Path, source: random.Random) -> None:
        (path,) = folder.glob(name)
        data = bytearray(path.read_bytes())
        end = len(data.rstrip(b"\0\n")) or 1
        data[source.randrange(end)] ^= 1 << source.randrange(8)
        path.write_bytes(data)
        for shm in path.parent.glob("*-shm"):
            shm.unlink()

    return tamper


def _sql(name: str, *statements: str) -> Callable[[Path, random.Random], None]:
    def tamper(folder: Path, source: random.Random) -> None:
        (path,) = folder.glob(name)
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            n, m = source.randrange(2, EVENTS), source.randrange(2, 9)
            for statement in statements:
                connection.execute(statement.format(n=n, m=m))

    return tamper


def _lines(name: str, change: Callable[[list[bytes], random.Random], None]) -> Callable[[Path, random.Random], None]:
    def tamper(folder: Path, source: random.Random) -> None:
        (path,) = folder.glob(name)
        lines = path.read_bytes().rstrip(b"\0").split(b"\n")[:-1]
        change(lines, source)
        path.write_bytes(b"\n".join(lines) + b"\n")

    return tamper


def _drop(lines: list[bytes], source: random.Random) -> None:
    del lines[source.randrange(len(lines))]


def _insert(lines: list[bytes], source: random.Random) -> None:
    lines.insert(source.randrange(len(lines)), lines[source.randrange(len(lines))])


def _swap(lines: list[bytes], source: random.Random) -> None:
    one, two = source.sample(range(len(lines)), 2)
    lines[one], lines[two] = lines[two], lines[one]


_OVER, _OPEN = "store/events/2026-11-19.sqlite", "store/events/2026-11-20.sqlite"
_CONTROL = "store/control.sqlite"
TAMPERINGS: dict[str, Callable[[Path, random.Random], None]] = {
    "flip: day that is over": _flip(_OVER),
    "flip: open day": _flip(_OPEN),
    "flip: log of the open day": _flip(f"{_OPEN}-wal"),
    "flip: control data": _flip(_CONTROL),
    "flip: head": _flip("store/head"),
    "flip: key": _flip("store/key"),
    "flip: public key": _flip("store/key.pub"),
    "flip: local trail": _flip("trail/*.ndjson"),
    "flip: export": _flip("export.ndjson"),
    "flip: manifest": _flip("export.ndjson.manifest"),
    **{
        f"{what}: {where}": _sql(name, *statements)
        for where, name in (("day that is over", _OVER), ("open day", _OPEN))
        for what, statements in {
            "drop": ("DELETE FROM events WHERE id={n}",),
            "drop with its block": ("DELETE FROM events WHERE id={n}", "DELETE FROM blocks WHERE first=1+{m}*50"),
            "alter a column": ("UPDATE events SET agent=agent%8+1 WHERE id={n}",),
            "alter a mark": ("UPDATE events SET mark=mark+1 WHERE id={n}",),
            "alter a word": ("UPDATE words SET value='[\"x\"]' WHERE field=7 AND code=1",),
            "swap": (
                "UPDATE events SET id=-1 WHERE id=5",
                "UPDATE events SET id=5 WHERE id=5+{m}",
                "UPDATE events SET id=5+{m} WHERE id=-1",
            ),
            "swap blocks": (
                "UPDATE blocks SET first=-1 WHERE first=1",
                "UPDATE blocks SET first=1 WHERE first=51",
                "UPDATE blocks SET first=51 WHERE first=-1",
            ),
        }.items()
    },
    **{
        f"{what}: control data": _sql(_CONTROL, statement)
        for what, statement in {
            "drop an item": "DELETE FROM items WHERE rowid=(SELECT min(rowid)+{m}%4 FROM items)",
            "alter an item": "UPDATE items SET value=x'00' WHERE rowid=(SELECT min(rowid)+{m}%4 FROM items)",
            "insert an item": "INSERT INTO items SELECT 'route', 'n{n}', value, seal FROM items LIMIT 1",
            "drop a line of the log": "DELETE FROM log WHERE number={m}%2",
            "alter a line of the log": "UPDATE log SET text=replace(text, '2026', '2025') WHERE number={m}%2",
            "insert a line of the log": "INSERT INTO log VALUES(7, 'damaged 2026-11-19', x'00')",
            "swap lines of the log": "UPDATE log SET text=(SELECT text FROM log AS o WHERE o.number=1-log.number)",
        }.items()
    },
    **{
        f"{what}: {where}": _lines(name, change)
        for where, name in (("local trail", "trail/*.ndjson"), ("export", "export.ndjson"))
        for what, change in {"drop": _drop, "insert": _insert, "swap": _swap}.items()
    },
}  # fmt: skip

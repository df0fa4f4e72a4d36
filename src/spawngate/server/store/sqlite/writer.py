"""The newest day's file, written: one writer, one transaction a batch.

After any failure the writer is thrown away and opened anew from what is on the disk: nothing that it holds in memory
can differ from that. Must not be here: which day it is and who waits (`events`), the outbox's leases (`outbox`).
"""

import json
import os
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import call
from pathlib import Path

from spawngate.server.store.coded.columns import CODED, Words
from spawngate.server.store.coded.prepare import Prepared, record_hash
from spawngate.server.store.coded.writing import CACHED, FIXED, blocks, encoded
from spawngate.server.store.port import Key, OutboxEntry, StoreDamagedError
from spawngate.server.store.ranges import Ranges
from spawngate.server.store.sqlite import files, tables
from spawngate.server.store.sqlite.day import Day
from spawngate.trail import chain, tree

_FRESH = "new.sqlite"


@dataclass(slots=True)
class Stream:
    """What is known of one stream of one endpoint, over all days."""

    number: int
    last: int = 0
    """The highest sequence."""
    hash: str = chain.GENESIS
    """Of that record, as it says."""
    ranges: Ranges = field(default_factory=Ranges)


class Writer:
    """The file of the newest day. Raises StoreError."""

    def __init__(self, name: str, path: Path) -> None:
        self.name, self.path = name, path
        self.newest: dict[Key, int] = {}
        """Events of the last batch that were new, and their numbers."""
        day = Day(name, path)
        try:
            self._load(day)
            with files.understood(path):
                self.connection = files.open_to_write(path)
        finally:
            day.close()

    def _load(self, day: Day) -> None:
        if day.closed:
            raise StoreDamagedError(f"{self.path}: the newest day is closed")
        self.size = day.size
        self.tiles = tree.Growing()
        rows = day._all("SELECT root FROM tiles ORDER BY number")
        if len(rows) != self.size // tables.TILE:
            raise StoreDamagedError(f"{self.path}: it has {len(rows)} tiles, and {self.size} events")
        for (root,) in rows:
            self.tiles.append(root)
        self.tile = tree.Growing()
        for hashed in day.leaves(len(rows) * tables.TILE, self.size):
            self.tile.append(hashed)
        self.streams: dict[tuple[str, str], Stream] = {}
        for number, endpoint, stream, last, digest, ranges in day._all("SELECT * FROM streams"):
            try:
                known = Ranges(json.loads(ranges))
            except (ValueError, TypeError):
                raise StoreDamagedError(f"{self.path}: a stream's ranges are none") from None
            self.streams[endpoint, stream] = Stream(number, last, digest, known)
        self._codes: list[dict[Words | None, int]] = [{} for _ in CODED]
        self._known = [codes.get for codes in self._codes]
        self._next = [1] * len(CODED)
        for place, column in enumerate(CODED):
            for code, words in day.words(column):
                self._next[place] = code + 1
                if len(self._codes[place]) < CACHED:
                    self._codes[place].setdefault(words, code)

    @property
    def root(self) -> bytes:
        """Root of the day's tree."""
        return tree.fold([*self.tiles.parts, *self.tile.parts])

    def close(self) -> None:
        """Let the file go."""
        self.connection.close()

    def append(self, batch: Sequence[Prepared], outbox: Sequence[tuple[OutboxEntry, str, int]]) -> int:
        """Store those that are new, and outbox rows: of the batch (day and number empty) and of older events. How many
        were stored. One transaction; durable on return. Raises sqlite3.Error, and then this writer is of no more use.
        """
        placed: dict[Key, int] = {}
        self.newest = placed
        known: set[Key] = set()
        rows: list[list[object]] = []
        words: list[tuple[int, int, str]] = []
        tiles: list[tuple[int, bytes]] = []
        touched: dict[tuple[str, str], Stream] = {}
        records: list[bytes] = []
        connection = self.connection
        connection.execute("BEGIN IMMEDIATE")
        for each in batch:
            entry = each.entry
            name = (entry.endpoint, entry.stream)
            stream = self.streams.get(name)
            if stream is None:
                stream = self._new_stream(name)
            if not stream.ranges.add(entry.sequence):
                known.add(entry.key)
                continue
            touched[name] = stream
            if entry.sequence > stream.last:
                stream.last, stream.hash = entry.sequence, record_hash(entry.record)
            self.size += 1
            placed[entry.key] = self.size
            rows.append(self._row(each, stream.number, words))
            records.append(entry.record)
            self.tile.append(each.leaf)
            if self.tile.size == tables.TILE:
                tiles.append((self.tiles.size, self.tile.root))
                self.tiles.append(self.tile.root)
                self.tile = tree.Growing()
        if words:
            connection.executemany("INSERT INTO words VALUES(?,?,?)", words)
        connection.executemany(tables.INSERT, rows)
        first = self.size - len(records) + 1
        found = [(first + at, count, data) for at, count, data in blocks(records)]
        connection.executemany("INSERT INTO blocks VALUES(?,?,?)", found)
        if tiles:
            connection.executemany("INSERT INTO tiles VALUES(?,?)", tiles)
        connection.executemany(
            "UPDATE streams SET last=?, hash=?, ranges=? WHERE number=?",
            [(each.last, each.hash, json.dumps(list(each.ranges)), each.number) for each in touched.values()],
        )
        self._put_out(outbox, placed, known)
        connection.execute("COMMIT")
        return len(rows)

    def _new_stream(self, name: tuple[str, str]) -> Stream:
        number = len(self.streams) + 1
        self.connection.execute("INSERT INTO streams VALUES(?,?,?,0,?,'[]')", (number, *name, chain.GENESIS))
        stream = self.streams[name] = Stream(number)
        return stream

    def _row(self, each: Prepared, stream: int, fresh: list[tuple[int, int, str]]) -> list[object]:
        words = each.columns.words
        codes: list[int | None] = list(map(call, self._known, words))
        if codes.count(None) != words.count(None):
            for place, word in enumerate(words):
                if word is not None and codes[place] is None:
                    codes[place] = self._coin(place, word, fresh)
        entry = each.entry
        return [self.size, each.time, each.received, stream, entry.sequence, each.mark, *each.columns.numbers, *codes]

    def _coin(self, place: int, word: Words, fresh: list[tuple[int, int, str]]) -> int:
        """A code for a word that has none yet."""
        known = self._codes[place]
        if len(known) >= CACHED:
            known.clear()
        code = known[word] = self._next[place]
        self._next[place] += 1
        fresh.append((place, code, encoded(word)))
        return code

    def _put_out(self, outbox: Sequence[tuple[OutboxEntry, str, int]], placed: dict[Key, int], known: set[Key]) -> None:
        rows = []
        for each, day, number in outbox:
            if each.key in placed:
                rows.append((each.route, *each.key, self.name, placed[each.key], each.due))
            elif day and each.key not in known:
                rows.append((each.route, *each.key, day, number, each.due))
        self.connection.executemany(
            "INSERT OR IGNORE INTO outbox(route, endpoint, stream, sequence, day, event, due) VALUES(?,?,?,?,?,?,?)",
            rows,
        )


def create(folder: Path, name: str, before: Path | None) -> Path:
    """Make the file of a new day, which takes over streams and outbox from the day before. All or nothing.

    Raises StoreError.
    """
    path = files.day_path(folder, name)
    fresh = path.with_name(_FRESH)
    with files.understood(path):
        for end in files.COMPANIONS:
            Path(f"{fresh}{end}").unlink(missing_ok=True)
        os.close(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600))
        connection = sqlite3.connect(fresh, isolation_level=None)
        try:
            connection.execute("PRAGMA synchronous=FULL")
            if before is not None:
                connection.execute("ATTACH ? AS before", (os.fspath(before),))
            connection.execute("BEGIN IMMEDIATE")
            for statement in tables.CREATE.split(";"):
                connection.execute(statement)
            connection.executemany(
                "INSERT INTO meta VALUES(?,?)", [("format", files.FORMAT), ("day", name), ("closed", 0)]
            )
            for column, fixed in FIXED.items():
                place = CODED.index(column)
                connection.executemany(
                    "INSERT INTO words VALUES(?,?,?)",
                    [(place, code, encoded((word,))) for code, word in enumerate(fixed, 1)],
                )
            if before is not None:
                connection.execute("INSERT INTO streams SELECT * FROM before.streams")
                connection.execute("INSERT INTO outbox SELECT * FROM before.outbox")
            connection.execute("COMMIT")
        finally:
            connection.close()
        os.replace(fresh, path)
        files.sync_folder(path.parent)
    return path

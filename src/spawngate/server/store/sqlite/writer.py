"""The newest day's file, written: one writer, one transaction a batch.

After any failure the writer is thrown away and opened anew from what is on the disk: nothing that it holds in memory
can differ from that. Must not be here: which day it is and who waits (`events`), the outbox's leases (`outbox`).
"""

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import call
from pathlib import Path

from spawngate.server.store.coded.columns import CODED, Word, word
from spawngate.server.store.coded.prepare import Prepared, record_hash
from spawngate.server.store.coded.writing import CACHED, FIXED, blocks, encoded
from spawngate.server.store.port import OutboxEntry, StoreDamagedError
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
        self.newest: list[int] = []
        """The last batch: the number of each event that was new, 0 of the others."""
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
        self.tile.extend(day.leaves(len(rows) * tables.TILE, self.size))
        self.streams: dict[tuple[str, str], Stream] = {}
        for number, endpoint, stream, last, digest, ranges in day._all("SELECT * FROM streams"):
            try:
                known = Ranges(json.loads(ranges))
            except (ValueError, TypeError):
                raise StoreDamagedError(f"{self.path}: a stream's ranges are none") from None
            self.streams[endpoint, stream] = Stream(number, last, digest, known)
        self._codes: list[dict[Word | None, int]] = [{} for _ in CODED]
        self._known = [codes.get for codes in self._codes]
        self._next = [1] * len(CODED)
        for place, column in enumerate(CODED):
            for code, words in day.words(column):
                self._next[place] = code + 1
                if len(self._codes[place]) < CACHED:
                    self._codes[place].setdefault(word(words), code)

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
        connection = self.connection
        connection.execute("BEGIN IMMEDIATE")
        fresh, touched = self._fresh(batch)
        begin = self.size + 1
        coined: list[tuple[int, int, str]] = []
        connection.executemany(tables.INSERT, self._rows(begin, fresh, coined))
        if coined:
            connection.executemany("INSERT INTO words VALUES(?,?,?)", coined)
        found = [(begin + at, count, data) for at, count, data in blocks([each.entry.record for each, _ in fresh])]
        connection.executemany("INSERT INTO blocks VALUES(?,?,?)", found)
        tiles = list(self._grow([each.leaf for each, _ in fresh]))
        if tiles:
            connection.executemany("INSERT INTO tiles VALUES(?,?)", tiles)
        connection.executemany(
            "UPDATE streams SET last=?, hash=?, ranges=? WHERE number=?",
            [(each.last, each.hash, json.dumps(list(each.ranges)), each.number) for each in touched],
        )
        self._put_out(outbox, batch)
        connection.execute("COMMIT")
        self.size += len(fresh)
        return len(fresh)

    def _fresh(self, batch: Sequence[Prepared]) -> tuple[list[tuple[Prepared, int]], Iterable[Stream]]:
        """Events that are new, each with the number of its stream, and their streams."""
        streams, number = self.streams, self.size
        numbers: list[int] = []
        fresh: list[tuple[Prepared, int]] = []
        newest: dict[int, tuple[Stream, bytes]] = {}
        for each in batch:
            entry = each.entry
            name = (entry.endpoint, entry.stream)
            stream = streams.get(name)
            if stream is None:
                stream = self._new_stream(name)
            if not stream.ranges.add(entry.sequence):
                numbers.append(0)
                continue
            if entry.sequence > stream.last:
                stream.last = entry.sequence
                newest[stream.number] = (stream, entry.record)
            elif stream.number not in newest:
                newest[stream.number] = (stream, b"")
            number += 1
            numbers.append(number)
            fresh.append((each, stream.number))
        for stream, record in newest.values():
            if record:
                stream.hash = record_hash(record)
        self.newest = numbers
        return fresh, [stream for stream, _ in newest.values()]

    def _new_stream(self, name: tuple[str, str]) -> Stream:
        number = len(self.streams) + 1
        self.connection.execute("INSERT INTO streams VALUES(?,?,?,0,?,'[]')", (number, *name, chain.GENESIS))
        stream = self.streams[name] = Stream(number)
        return stream

    def _rows(
        self, begin: int, fresh: Sequence[tuple[Prepared, int]], coined: list[tuple[int, int, str]]
    ) -> Iterator[tuple[object, ...]]:
        """One by one: a list of them would be looked through by the collector of circles again and again."""
        known = self._known
        for number, (each, stream) in enumerate(fresh, begin):
            coded = each.columns.coded
            codes: list[int | None] = list(map(call, known, coded))
            if codes.count(None) != coded.count(None):
                for place, word_ in enumerate(coded):
                    if word_ is not None and codes[place] is None:
                        codes[place] = self._coin(place, word_, coined)
            yield (
                number, each.time, each.received, stream, each.entry.sequence, each.mark, *each.columns.numbers, *codes
            )  # fmt: skip

    def _coin(self, place: int, word_: Word, fresh: list[tuple[int, int, str]]) -> int:
        """A code for a word that has none yet."""
        known = self._codes[place]
        if len(known) >= CACHED:
            known.clear()
        code = known[word_] = self._next[place]
        self._next[place] += 1
        fresh.append((place, code, encoded(word_)))
        return code

    def _grow(self, leaves: Sequence[bytes]) -> Iterator[tuple[int, bytes]]:
        """Put leaves into the tree; number and root of each tile that is full now."""
        at = 0
        while at < len(leaves):
            end = at + tables.TILE - self.tile.size
            self.tile.extend(leaves[at:end])
            at = end
            if self.tile.size == tables.TILE:
                yield self.tiles.size, self.tile.root
                self.tiles.append(self.tile.root)
                self.tile = tree.Growing()

    def _put_out(self, outbox: Sequence[tuple[OutboxEntry, str, int]], batch: Sequence[Prepared]) -> None:
        if not outbox:
            return
        placed = {each.entry.key: number for each, number in zip(batch, self.newest, strict=True) if number}
        known = {each.entry.key for each, number in zip(batch, self.newest, strict=True) if not number}
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

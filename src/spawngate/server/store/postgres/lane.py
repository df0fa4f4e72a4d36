"""The lane: the one place through which events of all processes come into one order.

Whoever appends locks the row of `head`, finds out which of its events are new, numbers them behind those of the open
day, and keeps the lock until its commit. So numbers have no gaps, are committed in their order, and make an RFC 6962
tree; and an event is stored once although no index is over all of them: what is there of each stream stands in
`streams` as ranges of sequences. A process that dies lets the lock go with its connection.

Must not be here: what becomes of the events themselves (`rows`, `clickhouse`), who waits for a commit (`shared`).
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

import msgspec

from spawngate.server.store.coded.prepare import Prepared, record_hash
from spawngate.server.store.port import Key, StoreDamagedError
from spawngate.server.store.postgres.connection import Connection, rows
from spawngate.server.store.postgres.tables import FIXED_CODES, SHARED, TILE, first_id, make_day, name_of, table_of
from spawngate.server.store.ranges import Ranges
from spawngate.trail import chain, tree


@dataclass(slots=True)
class Stream:
    """What is there of one stream of one endpoint, over all days."""

    number: int
    last: int = 0
    """The highest sequence."""
    hash: str = chain.GENESIS
    """Of that record, as it says."""
    ranges: Ranges = field(default_factory=Ranges)


@dataclass(frozen=True, slots=True)
class Fresh:
    """One event that is new, and its stream's number."""

    prepared: Prepared
    stream: int


@dataclass(slots=True)
class Lane:
    """The open day while this transaction holds the head. Every method may raise psycopg.Error."""

    connection: Connection
    parents: tuple[str, ...]
    """Tables whose parts a new day needs, beside those of the lane."""
    transaction: str = ""
    day: int = -1
    """Days after 1970; -1 where there is none."""
    size: int = 0
    codes: int = FIXED_CODES
    """Codes of words that are given away in the day."""
    first: int | None = None
    last: int | None = None
    tiles: tree.Growing = field(default_factory=tree.Growing)
    tile: tree.Growing = field(default_factory=tree.Growing)

    def enter(self) -> None:
        """Wait for the head, and see the open day as it was committed last. Raises StoreDamagedError."""
        # Two statements: the second one sees what was committed while the first one waited.
        ((self.day, self.transaction),) = rows(
            self.connection, "SELECT day, pg_current_xact_id()::text FROM head FOR UPDATE"
        )
        if self.day >= 0:
            self._load()

    def _load(self) -> None:
        found = rows(self.connection, "SELECT size, parts, codes, first, last FROM days WHERE day=%s", self.day)
        if not found:
            raise StoreDamagedError(f"the store: {name_of(self.day)} is open, and there is no such day")
        self.size, parts, self.codes, self.first, self.last = found[0]
        roots = [parts[at : at + tree.SIZE] for at in range(0, len(parts), tree.SIZE)]
        whole = (self.size // TILE).bit_count()
        if len(parts) != tree.SIZE * self.size.bit_count():
            raise StoreDamagedError(f"the store: the tree of {name_of(self.day)} is not one of {self.size} events")
        self.tiles = tree.Growing(self.size // TILE, roots[:whole])
        self.tile = tree.Growing(self.size % TILE, roots[whole:])

    def fresh(self, batch: Sequence[Prepared]) -> list[Fresh]:
        """Those of a batch that are not there yet, in their order; their streams know them from now on."""
        names = list({(each.entry.endpoint, each.entry.stream): None for each in batch})
        known = self._streams(names)
        touched: dict[tuple[str, str], Stream] = {}
        found: list[Fresh] = []
        for each in batch:
            entry = each.entry
            name = (entry.endpoint, entry.stream)
            stream = known[name]
            if not stream.ranges.add(entry.sequence):
                continue
            touched[name] = stream
            if entry.sequence > stream.last:
                stream.last, stream.hash = entry.sequence, record_hash(entry.record)
            found.append(Fresh(each, stream.number))
        if touched:
            rows(
                self.connection,
                "UPDATE streams SET last=w.last, hash=w.hash, ranges=w.ranges FROM unnest(%s::int[], %s::bigint[], "
                "%s::text[], %s::text[]) AS w(number, last, hash, ranges) WHERE streams.number=w.number",
                [each.number for each in touched.values()],
                [each.last for each in touched.values()],
                [each.hash for each in touched.values()],
                [json.dumps(list(each.ranges)) for each in touched.values()],
            )
        return found

    def _streams(self, names: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Stream]:
        found = self._known(names)
        new = [name for name in names if name not in found]
        if new:
            made = rows(
                self.connection,
                "INSERT INTO streams(endpoint, stream, last, hash, ranges) "
                "SELECT endpoint, stream, 0, %s, '[]' FROM unnest(%s::text[], %s::text[]) AS w(endpoint, stream) "
                "RETURNING number, endpoint, stream",
                chain.GENESIS,
                [name[0] for name in new],
                [name[1] for name in new],
            )
            found |= {(endpoint, stream): Stream(number) for number, endpoint, stream in made}
        return found

    def _known(self, names: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Stream]:
        given = rows(
            self.connection,
            "SELECT number, endpoint, stream, last, hash, ranges FROM streams "
            "JOIN unnest(%s::text[], %s::text[]) AS w(endpoint, stream) USING (endpoint, stream)",
            [name[0] for name in names],
            [name[1] for name in names],
        )
        return {
            (endpoint, stream): Stream(number, last, digest, ranges_of(ranges))
            for number, endpoint, stream, last, digest, ranges in given
        }

    def begin(self, day: int) -> None:
        """Go over to a later day; an earlier one changes nothing: the newest day goes on."""
        if day <= self.day:
            return
        make_day(self.connection, day, (*SHARED, *self.parents))
        rows(
            self.connection,
            "INSERT INTO days(day, size, parts, codes, closed, note) VALUES(%s, 0, '', %s, false, '')",
            day,
            FIXED_CODES,
        )
        rows(self.connection, "UPDATE head SET day=%s", day)
        self.day, self.size, self.codes, self.first, self.last = day, 0, FIXED_CODES, None, None
        self.tiles, self.tile = tree.Growing(), tree.Growing()

    def take(self, fresh: Sequence[Fresh]) -> int:
        """Number them behind the events of the open day, and note where they are; the number of the first."""
        low = first_id(self.day)
        begin = self.size + 1
        tiles: list[tuple[int, bytes]] = []
        runs: list[list[int]] = []
        for each in fresh:
            self.size += 1
            self.tile.append(each.prepared.leaf)
            if self.tile.size == TILE:
                tiles.append((low + self.tiles.size, self.tile.root))
                self.tiles.append(self.tile.root)
                self.tile = tree.Growing()
            sequence = each.prepared.entry.sequence
            if runs and runs[-1][1] == each.stream and runs[-1][2] + runs[-1][3] == sequence:
                runs[-1][3] += 1
            else:
                runs.append([low + self.size, each.stream, sequence, 1])
        times = [each.prepared.time for each in fresh]
        self.first = min(times if self.first is None else [self.first, *times])
        self.last = max(times if self.last is None else [self.last, *times])
        columns = [list(column) for column in zip(*runs, strict=True)]
        rows(
            self.connection,
            f"INSERT INTO {table_of('runs', self.day)} SELECT * FROM "  # noqa: S608  # our own name
            "unnest(%s::bigint[], %s::int[], %s::bigint[], %s::int[])",
            *columns,
        )
        if tiles:
            rows(
                self.connection,
                f"INSERT INTO {table_of('tiles', self.day)} "  # noqa: S608  # our own name
                "SELECT * FROM unnest(%s::bigint[], %s::bytea[])",
                [number for number, _ in tiles],
                [root for _, root in tiles],
            )
        return begin

    @property
    def root(self) -> bytes:
        """Root of the open day's tree."""
        return tree.fold([*self.tiles.parts, *self.tile.parts])

    def leave(self, note: str) -> None:
        """Note the day's state, before the commit; `note`: that state signed."""
        rows(
            self.connection,
            "UPDATE days SET size=%s, parts=%s, codes=%s, first=%s, last=%s, note=%s WHERE day=%s",
            self.size,
            b"".join([*self.tiles.parts, *self.tile.parts]),
            self.codes,
            self.first,
            self.last,
            note,
            self.day,
        )


def ranges_of(text: str) -> Ranges:
    """The ranges of a stream. Raises StoreDamagedError."""
    try:
        return Ranges(msgspec.json.decode(text, type=list[tuple[int, int]]))
    except (msgspec.MsgspecError, ValueError):
        raise StoreDamagedError("the store: a stream's ranges are none") from None


def place_of(connection: Connection, key: Key) -> int | None:
    """The id of an event, by its key; None where it is not there. Raises psycopg.Error."""
    found = rows(connection, "SELECT number FROM streams WHERE endpoint=%s AND stream=%s", key[0], key[1])
    if not found:
        return None
    # Runs do not overlap: the one that begins nearest before it has it, or none has.
    run = rows(
        connection,
        "SELECT id, sequence, count FROM runs WHERE stream=%s AND sequence<=%s ORDER BY sequence DESC LIMIT 1",
        found[0][0],
        key[2],
    )
    if not run or key[2] >= run[0][1] + run[0][2]:
        return None
    return int(run[0][0] + key[2] - run[0][1])

"""Events on their way from PostgreSQL to ClickHouse: staged with their commit, moved in large blocks, exactly once.

What is moved next is planned first, in a transaction of its own: whoever repeats a move that was broken off inserts the
same block under the same token, and looks beforehand at what is there already. Must not be here: the order of events.
"""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

import msgspec
import zstandard

from spawngate.server.store.clickhouse.client import Client
from spawngate.server.store.clickhouse.tables import COLUMNS, FIELDS, table
from spawngate.server.store.coded.columns import CODED, CUT, REST
from spawngate.server.store.coded.prepare import prepare
from spawngate.server.store.port import Entry, StoreDamagedError
from spawngate.server.store.postgres.connection import Connection, Pool, rows
from spawngate.server.store.postgres.tables import day_and_number, name_of
from spawngate.trail.query.match import texts

CREATE = """
CREATE TABLE staged(id bigint PRIMARY KEY, count integer NOT NULL, data bytea NOT NULL);
ALTER TABLE staged ALTER data SET STORAGE EXTERNAL;
CREATE TABLE moving(one boolean PRIMARY KEY DEFAULT true CHECK (one), first bigint NOT NULL, last bigint NOT NULL);
"""
PART = 500
"""Events of one staged row."""
BLOCK = 50_000
"""Events that are moved together."""
_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(list[tuple[str, str, int, str, str, str, bytes]])
_LARGEST = 1 << 31
_NONE: list[str] = []
assert (*FIELDS, REST) == CODED


def stage(connection: Connection, begin: int, entries: Sequence[Entry]) -> None:
    """Keep events until they are moved; `begin` is the id of the first. Raises psycopg.Error."""
    packer = zstandard.ZstdCompressor(level=1)
    for at in range(0, len(entries), PART):
        part = entries[at : at + PART]
        plain = _ENCODER.encode(
            [(e.endpoint, e.stream, e.sequence, e.time, e.received, e.type, e.record) for e in part]
        )
        rows(connection, "INSERT INTO staged VALUES(%s,%s,%s)", begin + at, len(part), packer.compress(plain))


def staged(pool: Pool, first: int = 0, last: int = 1 << 62) -> dict[int, Entry]:
    """Events that are not moved yet, by their ids, from one to another, in the order of arrival. Raises StoreError."""
    found: dict[int, Entry] = {}
    for id, _, data in pool.all(
        "SELECT id, count, data FROM staged WHERE id+count>%s AND id<=%s ORDER BY id", first, last
    ):
        try:
            plain = zstandard.ZstdDecompressor().decompress(data, max_output_size=_LARGEST)
            entries = [Entry(*each) for each in _DECODER.decode(plain)]
        except (zstandard.ZstdError, msgspec.MsgspecError):
            raise StoreDamagedError("the store: events that wait for ClickHouse cannot be read") from None
        found |= {id + at: entry for at, entry in enumerate(entries) if first <= id + at <= last}
    return found


def move(pool: Pool, client: Client) -> tuple[int, bool]:
    """Move one block of what is staged: how many events, and whether there is more that should not wait for company.

    For one process at a time. Raises StoreError.
    """
    planned = _plan(pool)
    if planned is None:
        return 0, False
    first, last, more = planned
    waiting = staged(pool, first, last)
    there = client.rows(
        f"SELECT max(id) FROM {table(client.settings)} "  # noqa: S608  # our own name
        "WHERE day={day:Date} AND id>={first:UInt64} AND id<={last:UInt64}",
        {"day": name_of(day_and_number(first)[0]), "first": first, "last": last},
    )
    known = int(there[0][0]) if there else 0
    block = [row_of(id, entry) for id, entry in waiting.items() if id > known]
    if block:
        client.insert(table(client.settings), block, COLUMNS, f"{pool.schema}-{first}-{last}")
    with pool.transaction() as connection:
        rows(connection, "DELETE FROM staged WHERE id>=%s AND id<=%s", first, last)
        rows(connection, "DELETE FROM moving")
    return len(waiting), more


def _plan(pool: Pool) -> tuple[int, int, bool] | None:
    """First and last id of the block that is moved next, noted until it is moved, and whether it is as large as a block
    can be; None where nothing waits."""
    with pool.transaction() as connection:
        found = rows(connection, "SELECT first, last FROM moving FOR UPDATE")
        if found:
            return int(found[0][0]), int(found[0][1]), True
        waiting = rows(connection, "SELECT id, count FROM staged ORDER BY id LIMIT %s", BLOCK)
        if not waiting:
            return None
        first = last = int(waiting[0][0])
        more = False
        for id, count in waiting:
            # One block is of one partition: else its parts would not be inserted together.
            if day_and_number(id)[0] != day_and_number(first)[0] or id + count - first > BLOCK:
                more = True
                break
            last = int(id + count - 1)
        rows(connection, "INSERT INTO moving(first, last) VALUES(%s,%s)", first, last)
    return first, last, more


def row_of(id: int, entry: Entry) -> list[object]:
    """An event as a row of ClickHouse. Raises UsageError for one that is none."""
    prepared = prepare(entry)
    found: list[list[str]] = []
    folded: list[list[str]] = []
    every: list[str] = []
    *columns, rest = prepared.columns.words
    for words in columns:
        if words is None:
            found.append(_NONE)
            folded.append(_NONE)
            continue
        plain = list(dict.fromkeys(words)) if len(words) > 1 else list(words)
        small = [word.casefold() for word in plain]
        every += small
        found.append(plain)
        folded.append(_NONE if small == plain else small)
    if rest is not None and rest[-1] == CUT:
        every = [text.casefold() for text in texts(msgspec.json.decode(entry.record))]
    elif rest is not None:
        every += [word.casefold() for word in rest]
    return [
        id,
        _date(day_and_number(id)[0]),
        prepared.time,
        prepared.received,
        entry.endpoint,
        entry.stream,
        entry.sequence,
        *prepared.columns.numbers,
        *found,
        *folded,
        "\0".join(dict.fromkeys(every)),
        entry.record.decode(),
    ]


@lru_cache(16)
def _date(day: int) -> date:
    return date.fromisoformat(name_of(day))

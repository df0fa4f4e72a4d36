"""`audit verify` where events are in ClickHouse: each day read back and held against the tree that PostgreSQL keeps.

Columns that conditions are answered from are made anew from the records and compared. Must not be here: signatures.
"""

from collections.abc import Sequence
from typing import Any

from spawngate.model.errors import UsageError
from spawngate.server.store.clickhouse import staging
from spawngate.server.store.clickhouse.client import Client
from spawngate.server.store.clickhouse.settings import Settings
from spawngate.server.store.clickhouse.tables import COLUMNS, table
from spawngate.server.store.coded.look import TILE, Link, Seen
from spawngate.server.store.port import Entry
from spawngate.server.store.postgres.connection import Pool
from spawngate.server.store.postgres.tables import first_id, name_of, table_of
from spawngate.server.store.postgres.verify import Look
from spawngate.trail import leaf, moment, tree

ROWS = 5000


def look_with(settings: Settings) -> Look:
    """How days are held against themselves where ClickHouse has them."""

    def look(pool: Pool, number: int, link: Link) -> Seen:
        client = Client(settings)
        try:
            return _look(pool, client, number, link)
        finally:
            client.close()

    return look


def _look(pool: Pool, client: Client, number: int, link: Link) -> Seen:
    seen = Seen()
    low = first_id(number)
    size = int(pool.one("SELECT size FROM days WHERE day=%s", number) or 0)
    place = 0
    while True:
        first, last = low + place + 1, low + place + ROWS
        rows = {int(row[0]): row for row in _rows(client, number, first, last)}
        for id, entry in staging.staged(pool, first, last).items():
            rows.setdefault(id, staging.row_of(id, entry))
        if not rows and place >= size:
            break
        for id in range(first, (last if place + ROWS < size else max(max(rows, default=0), low + size)) + 1):
            _one(id - low, rows.get(id), seen, link)
        place += ROWS
    seen.size = len(seen.leaves)
    kept = {id - low: bytes(root) for id, root in pool.all(f"SELECT id, root FROM {table_of('tiles', number)}")}  # noqa: S608  # our own name
    for tile in range(seen.size // TILE):
        if kept.get(tile) != tree.root_of(seen.leaves[tile * TILE : (tile + 1) * TILE]):
            seen.bad_tiles.append((tile * TILE + 1, (tile + 1) * TILE))
    return seen


def _rows(client: Client, number: int, first: int, last: int) -> Sequence[Sequence[Any]]:
    return client.rows(
        f"SELECT {', '.join(COLUMNS)} FROM {table(client.settings)} "  # noqa: S608  # our own names
        "WHERE day={day:Date} AND id>={first:UInt64} AND id<={last:UInt64} ORDER BY id",
        {"day": name_of(number), "first": first, "last": last},
    )


def _one(number: int, row: Sequence[Any] | None, seen: Seen, link: Link) -> None:
    if row is None:
        seen.leaves.append(b"")
        seen.tell("dropped", number, "", f"event {number} is missing")
        return
    given = dict(zip(COLUMNS, row, strict=True))
    entry = Entry(
        given["sender"],
        given["stream"],
        int(given["sequence"]),
        _text(given["time"]),
        _text(given["received"]),
        given["c_type"][0] if given["c_type"] else "",
        given["record"].encode(),
    )
    name = f"{entry.endpoint} {entry.stream} {entry.sequence}"
    seen.leaves.append(leaf.hashed(entry.received, entry.endpoint, entry.record))
    try:
        expected = staging.row_of(int(given["id"]), entry)
    except UsageError:
        expected = []
    if expected != [list(each) if isinstance(each, tuple) else each for each in row]:
        seen.tell("altered", number, name, f"event {number} ({name}): its columns are not those of its record")
    link(entry.endpoint, entry.stream, entry.sequence, entry.record, number)


def _text(microseconds: int) -> str:
    try:
        return moment.text(int(microseconds))
    except ValueError:
        return ""

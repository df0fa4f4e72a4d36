"""`ControlStore` in PostgreSQL, sealed as the embedded one is, under a key that lies outside of the database.

Every change locks the counts of its tables, so changes of all processes follow each other. A fence (`leases`) makes
every change of one owner depend on the lease under which it works. Must not be here: what the values mean.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

import msgspec

from spawngate.server.store.port import (
    AlteredError,
    Delivery,
    Item,
    Kind,
    LogLine,
    StoreDamagedError,
    StoreReadOnlyError,
)
from spawngate.server.store.postgres import tables
from spawngate.server.store.postgres.connection import Connection, Pool, many, rows
from spawngate.server.store.sealing import MODULUS, Seals, Totals, kept_sum

MOST = 10_000
"""Rows of one answer."""
TABLES = ("items", "deliveries", "log")

Fence = Callable[[Connection], None]
"""Raises StoreError inside of a transaction whose owner may not write any more."""


class PostgresControl:
    """The control data of one schema. `key` seals its rows. Raises StoreError."""

    def __init__(
        self, pool: Pool, key: bytes, *, statements: str = tables.CREATE, fence: Fence = lambda connection: None
    ) -> None:
        """`statements`: makes the tables where there are none. The pool stays its owner's."""
        self.pool, self._seals, self._fence = pool, Seals(key), fence
        self.is_new = False
        """The tables were made just now, or hold what new ones do."""
        if pool.read_only:
            return
        with pool.lent() as connection:
            tables.create(connection, pool.schema, statements)
            with connection.transaction():
                rows(connection, "SELECT pg_advisory_xact_lock(hashtextextended(%s, 20261121))", pool.schema)
                if not rows(connection, "SELECT 1 FROM meta WHERE name='sealed'"):
                    self.is_new = True
                    rows(connection, "INSERT INTO meta VALUES('sealed', '1')")
                    for table in TABLES:
                        total = self._seals.total(table, 0, 0)
                        # A total that is there stays: whoever took the mark away alone does not make it anew.
                        rows(connection, "INSERT INTO seals VALUES(%s, 0, %s) ON CONFLICT DO NOTHING", table, total)

    def fenced(self, fence: Fence) -> "PostgresControl":
        """The same data, for an owner whose every change depends on its lease."""
        made = PostgresControl.__new__(PostgresControl)
        made.pool, made._seals, made._fence, made.is_new = self.pool, self._seals, fence, False
        return made

    def put(self, *items: Item) -> None:
        """See the port."""
        if items:
            with self._changing("items") as (connection, totals):
                self._put(connection, items, totals)

    def _put(self, connection: Connection, items: Sequence[Item], totals: Totals) -> None:
        # The last one of a name counts, and each name is written once.
        wanted = {(item.kind, item.name): item for item in items}
        kinds, names = [kind for kind, _ in wanted], [name for _, name in wanted]
        held = rows(
            connection,
            "SELECT i.kind, i.name, i.seal FROM items i "
            "JOIN unnest(%s::text[], %s::text[]) AS w(kind, name) ON i.kind=w.kind AND i.name=w.name",
            kinds, names,
        )  # fmt: skip
        before = {(kind, name): seal for kind, name, seal in held}
        made: list[tuple[object, ...]] = []
        for place, item in wanted.items():
            seal = self._seals.seal("items", item.kind, item.name, item.value)
            totals("items", before.get(place), seal)
            made.append((item.kind, item.name, item.value, seal))
        many(
            connection,
            "INSERT INTO items VALUES(%s,%s,%s,%s) "
            "ON CONFLICT(kind, name) DO UPDATE SET value=excluded.value, seal=excluded.seal",
            made,
        )

    def get(self, kind: Kind, name: str) -> bytes | None:
        """See the port."""
        found = self.pool.all("SELECT value, seal FROM items WHERE kind=%s AND name=%s", kind, name)
        if not found:
            return None
        value, seal = map(bytes, found[0])
        if not self._seals.is_item(kind, name, value, seal):
            raise AlteredError(f"the store: {kind} {name!r} was altered; see `audit verify`")
        return value

    def items(self, kind: Kind, *, after: str = "", limit: int = 1000) -> Sequence[Item]:
        """See the port."""
        found = self.pool.all(
            "SELECT name, value, seal FROM items WHERE kind=%s AND name>%s ORDER BY name LIMIT %s",
            kind, after, max(0, min(limit, MOST)),
        )  # fmt: skip
        return [
            Item(kind, name, bytes(value), not self._seals.is_item(kind, name, bytes(value), bytes(seal)))
            for name, value, seal in found
        ]

    def remove(self, kind: Kind, *names: str) -> int:
        """See the port."""
        if not names:
            return 0
        with self._changing("items") as (connection, totals):
            return self._remove(connection, kind, names, totals)

    def _remove(self, connection: Connection, kind: Kind, names: Sequence[str], totals: Totals) -> int:
        gone = rows(connection, "DELETE FROM items WHERE kind=%s AND name=ANY(%s) RETURNING seal", kind, list(names))
        for (seal,) in gone:
            totals("items", seal, None)
        return len(gone)

    def delivered(self, *deliveries: Delivery) -> None:
        """See the port."""
        if not deliveries:
            return
        with self._changing("deliveries") as (connection, totals):
            self._delivered(connection, deliveries, totals)

    def _delivered(self, connection: Connection, deliveries: Sequence[Delivery], totals: Totals) -> None:
        made: list[tuple[object, ...]] = []
        for each in deliveries:
            value = msgspec.json.encode(msgspec.structs.replace(each, number=0))
            seal = self._seals.seal("deliveries", each.at, each.route, each.outcome, value)
            totals("deliveries", None, seal)
            made.append((each.at, each.route, each.outcome, value, seal))
        many(connection, "INSERT INTO deliveries(at, route, outcome, value, seal) VALUES(%s,%s,%s,%s,%s)", made)

    def change(
        self, *, put: Sequence[Item] = (), remove: Sequence[tuple[Kind, str]] = (), delivered: Sequence[Delivery] = ()
    ) -> None:
        """See the port."""
        if not (put or remove or delivered):
            return
        by_kind: dict[Kind, list[str]] = {}
        for kind, name in remove:
            by_kind.setdefault(kind, []).append(name)
        with self._changing("deliveries", "items") as (connection, totals):
            self._put(connection, put, totals)
            for kind, names in by_kind.items():
                self._remove(connection, kind, names, totals)
            self._delivered(connection, delivered, totals)

    def deliveries(
        self, *, route: str = "", outcome: str = "", before: int = 0, limit: int = 100
    ) -> Sequence[Delivery]:
        """See the port."""
        clauses, values = ["true"], list[object]()
        for clause, value in (("route=%s", route), ("outcome=%s", outcome), ("number<%s", before)):
            if value:
                clauses.append(clause)
                values.append(value)
        found = self.pool.all(
            f"SELECT number, value FROM deliveries WHERE {' AND '.join(clauses)} ORDER BY number DESC LIMIT %s",  # noqa: S608  # our own texts
            *values,
            max(0, min(limit, MOST)),
        )
        try:
            return [
                msgspec.structs.replace(msgspec.json.decode(value, type=Delivery), number=number)
                for number, value in found
            ]
        except msgspec.MsgspecError:
            raise StoreDamagedError("the store: a delivery is none; see `audit verify`") from None

    def forget_deliveries(self, before: str) -> int:
        """See the port."""
        with self._changing("deliveries") as (connection, totals):
            gone = rows(connection, "DELETE FROM deliveries WHERE at<%s RETURNING seal", before)
            for (seal,) in gone:
                totals("deliveries", seal, None)
        return len(gone)

    def log(self, *texts: str, items: Sequence[Item] = ()) -> int:
        """See the port."""
        with self._changing("items", "log") as (connection, totals):
            ((size,),) = rows(connection, "SELECT count(*) FROM log")
            for text in texts:
                seal = self._seals.seal("log", str(size), text)
                totals("log", None, seal)
                rows(connection, "INSERT INTO log VALUES(%s,%s,%s)", size, text, seal)
                size += 1
            self._put(connection, items, totals)
        return int(size)

    def log_lines(self, start: int = 0) -> Sequence[LogLine]:
        """See the port."""
        found = self.pool.all("SELECT number, text FROM log WHERE number>=%s ORDER BY number", start)
        return [LogLine(number, text) for number, text in found]

    def snapshot(self) -> AbstractContextManager[None]:
        """What is read inside is of one moment where the pool's connection is (`verify.Pinned`)."""
        return nullcontext()

    def faults(self) -> Iterator[str]:
        """Every row that is not as it was written, by name. Raises StoreError."""
        with self.pool.transaction() as connection:
            counted = {name: (count, total) for name, count, total in rows(connection, "SELECT * FROM seals")}
            sealed = {table: list(self._sealed(connection, table)) for table in TABLES}
        for table, found in sealed.items():
            yield from self._seals.faults(table, found, counted.get(table))

    def _sealed(self, connection: Connection, table: str) -> Iterator[tuple[str, bytes, bytes]]:
        """Name, seal as it must be and as it is of each row."""
        seal: Any
        if table == "items":
            for kind, name, value, seal in rows(connection, "SELECT kind, name, value, seal FROM items"):
                yield f"{kind} {name!r}", self._seals.seal(table, kind, name, value), seal
        elif table == "deliveries":
            for number, at, route, outcome, value, seal in rows(connection, "SELECT * FROM deliveries"):
                yield f"delivery {number}", self._seals.seal(table, at, route, outcome, value), seal
        else:
            for place, (number, text, seal) in enumerate(rows(connection, "SELECT * FROM log ORDER BY number")):
                yield f"line {number}", self._seals.seal(table, str(place), text), seal

    def close(self) -> None:
        """See the port."""
        self.pool.close()

    @contextmanager
    def _changing(self, *names: str) -> "Iterator[tuple[Connection, Totals]]":
        """One transaction, which keeps the tables' counts. One that is not as it was written stays so."""
        if self.pool.read_only:
            raise StoreReadOnlyError("the store: it is open to be read")
        with self.pool.transaction() as connection:
            self._fence(connection)
            counted = rows(
                connection,
                "SELECT name, rows, total FROM seals WHERE name=ANY(%s) ORDER BY name FOR UPDATE",
                list(names),
            )
            totals = Totals()
            yield connection, totals
            for name, count, total in counted:
                more, added = totals.changes.get(name, (0, 0))
                if (more or added) and self._seals.is_total(name, count, total):
                    fresh = self._seals.total(name, count + more, (kept_sum(total) + added) % MODULUS)
                    rows(connection, "UPDATE seals SET rows=%s, total=%s WHERE name=%s", count + more, fresh, name)

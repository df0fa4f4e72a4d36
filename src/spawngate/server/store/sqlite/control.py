"""`ControlStore` in one SQLite file: small, changed in place.

Every row is sealed, and so are the tables' counts (`sealing`), which shows in `audit verify`; items are held against
their seals whenever they are read, and all of them when a store is opened (`faults`).
Must not be here: what the values mean, the key's file (`server.store.keys`).
"""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
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
from spawngate.server.store.sealing import MODULUS, Seals, Totals, kept_sum
from spawngate.server.store.sqlite import files

MOST = 10_000
"""Rows of one answer."""
_TABLES = ("items", "deliveries", "log")
_CREATE = """
CREATE TABLE IF NOT EXISTS meta(name TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS items(
  kind TEXT NOT NULL, name TEXT NOT NULL, value BLOB NOT NULL, seal BLOB NOT NULL, PRIMARY KEY(kind, name));
CREATE TABLE IF NOT EXISTS deliveries(
  number INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, route TEXT NOT NULL, outcome TEXT NOT NULL,
  value BLOB NOT NULL, seal BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS deliveries_route ON deliveries(route, number);
CREATE INDEX IF NOT EXISTS deliveries_at ON deliveries(at);
CREATE TABLE IF NOT EXISTS log(number INTEGER PRIMARY KEY, text TEXT NOT NULL, seal BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS seals(name TEXT PRIMARY KEY, rows INTEGER NOT NULL, total BLOB NOT NULL);
"""


class SqliteControl:
    """The control data of one folder. `key` seals its rows. Raises StoreError."""

    def __init__(self, folder: Path, key: bytes, *, read_only: bool = False) -> None:
        self.path = folder / files.CONTROL
        self._seals = Seals(key)
        self._read_only = read_only
        self._lock = threading.RLock()
        self.is_new = False
        """The file was made, or holds what a new one does."""
        if read_only:
            self._connection = files.open_to_read(self.path)
            return
        files.private_folder(folder)
        self._connection = files.open_to_write(self.path)
        try:
            with files.understood(self.path):
                for statement in _CREATE.split(";"):
                    self._connection.execute(statement)
                self._begun()
                found = self._connection.execute("SELECT value FROM meta WHERE name='format'").fetchone()
                if found[0] != files.FORMAT:
                    raise StoreDamagedError(f"{self.path}: it is of another format")
        except BaseException:
            self._connection.close()
            raise

    def _begun(self) -> None:
        """A new file's format and empty totals, in one commit. A total that is missing later was taken away."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            if not self._connection.execute("SELECT 1 FROM meta WHERE name='format'").fetchone():
                self.is_new = True
                self._connection.execute("INSERT INTO meta VALUES('format', ?)", (files.FORMAT,))
                for table in _TABLES:
                    self._connection.execute("INSERT INTO seals VALUES(?,0,?)", (table, self._seals.total(table, 0, 0)))
            self._connection.execute("COMMIT")
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise

    def put(self, *items: Item) -> None:
        """See the port."""
        with self._changing() as total:
            self._put(items, total)

    def _put(self, items: Sequence[Item], total: "Totals") -> None:
        for item in items:
            seal = self._seals.seal("items", item.kind, item.name, item.value)
            before = self._seal_of("SELECT seal FROM items WHERE kind=? AND name=?", item.kind, item.name)
            total("items", before, seal)
            self._connection.execute(
                "INSERT INTO items VALUES(?,?,?,?) ON CONFLICT DO UPDATE SET value=excluded.value, seal=excluded.seal",
                (item.kind, item.name, item.value, seal),
            )

    def get(self, kind: Kind, name: str) -> bytes | None:
        """See the port."""
        found = self._all("SELECT value, seal FROM items WHERE kind=? AND name=?", kind, name)
        if not found:
            return None
        value, seal = map(_bytes, found[0])
        if not self._seals.is_item(kind, name, value, seal):
            raise AlteredError(f"{self.path}: {kind} {name!r} was altered; see `audit verify`")
        return value

    def items(self, kind: Kind, *, after: str = "", limit: int = 1000) -> Sequence[Item]:
        """See the port."""
        rows = self._all(
            "SELECT name, value, seal FROM items WHERE kind=? AND name>? ORDER BY name LIMIT ?",
            kind,
            after,
            min(limit, MOST),
        )
        return [
            Item(kind, name, _bytes(value), not self._seals.is_item(kind, name, _bytes(value), _bytes(seal)))
            for name, value, seal in rows
        ]

    def remove(self, kind: Kind, *names: str) -> int:
        """See the port."""
        with self._changing() as total:
            return self._remove([(kind, name) for name in names], total)

    def _remove(self, names: Sequence[tuple[Kind, str]], total: "Totals") -> int:
        gone = 0
        for kind, name in names:
            before = self._seal_of("SELECT seal FROM items WHERE kind=? AND name=?", kind, name)
            if before is not None:
                total("items", before, None)
                self._connection.execute("DELETE FROM items WHERE kind=? AND name=?", (kind, name))
                gone += 1
        return gone

    def delivered(self, *deliveries: Delivery) -> None:
        """See the port."""
        with self._changing() as total:
            self._delivered(deliveries, total)

    def _delivered(self, deliveries: Sequence[Delivery], total: "Totals") -> None:
        for each in deliveries:
            value = msgspec.json.encode(msgspec.structs.replace(each, number=0))
            seal = self._seals.seal("deliveries", each.at, each.route, each.outcome, value)
            total("deliveries", None, seal)
            self._connection.execute(
                "INSERT INTO deliveries(at, route, outcome, value, seal) VALUES(?,?,?,?,?)",
                (each.at, each.route, each.outcome, value, seal),
            )

    def change(
        self, *, put: Sequence[Item] = (), remove: Sequence[tuple[Kind, str]] = (), delivered: Sequence[Delivery] = ()
    ) -> None:
        """See the port."""
        with self._changing() as total:
            self._put(put, total)
            self._remove(remove, total)
            self._delivered(delivered, total)

    def deliveries(
        self, *, route: str = "", outcome: str = "", before: int = 0, limit: int = 100
    ) -> Sequence[Delivery]:
        """See the port."""
        rows = self._all(
            "SELECT number, value FROM deliveries WHERE (?1='' OR route=?1) AND (?2='' OR outcome=?2) "
            "AND (?3=0 OR number<?3) ORDER BY number DESC LIMIT ?4",
            route,
            outcome,
            before,
            min(limit, MOST),
        )
        try:
            return [
                msgspec.structs.replace(msgspec.json.decode(value, type=Delivery), number=number)
                for number, value in rows
            ]
        except msgspec.MsgspecError:
            raise StoreDamagedError(f"{self.path}: a delivery is none; see `audit verify`") from None

    def forget_deliveries(self, before: str) -> int:
        """See the port."""
        gone = 0
        with self._changing() as total:
            for (seal,) in self._all("SELECT seal FROM deliveries WHERE at<?", before):
                total("deliveries", seal, None)
                gone += 1
            self._connection.execute("DELETE FROM deliveries WHERE at<?", (before,))
        return gone

    def log(self, *texts: str, items: Sequence[Item] = ()) -> int:
        """See the port."""
        with self._changing() as total:
            (size,) = self._all("SELECT COUNT(*) FROM log")[0]
            for text in texts:
                seal = self._seals.seal("log", str(size), text)
                total("log", None, seal)
                self._connection.execute("INSERT INTO log VALUES(?,?,?)", (size, text, seal))
                size += 1
            self._put(items, total)
        return int(size)

    def log_lines(self, start: int = 0) -> Sequence[LogLine]:
        """See the port."""
        rows = self._all("SELECT number, text FROM log WHERE number>=? ORDER BY number", start)
        return [LogLine(number, text) for number, text in rows]

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """What is read inside is of one moment, whatever others write meanwhile. Raises StoreError."""
        with self._lock:
            self._all("BEGIN")
            try:
                yield
            finally:
                self._all("ROLLBACK")

    def item_faults(self) -> list[str]:
        """What is wrong with the items. Raises StoreError where the file cannot be read."""
        with self.snapshot():
            counted = {name: (rows, _bytes(total)) for name, rows, total in self._all("SELECT * FROM seals")}
            return list(self._seals.faults("items", self._sealed("items"), counted.get("items")))

    def faults(self) -> Iterator[str]:
        """Every row that is not as it was written, by name. Raises StoreError where the file cannot be read."""
        for problem in self._all("PRAGMA integrity_check(10)"):
            if problem[0] != "ok":
                yield f"the file is damaged: {problem[0]}"
                return
        counted = {name: (rows, _bytes(total)) for name, rows, total in self._all("SELECT * FROM seals")}
        for table in _TABLES:
            yield from self._seals.faults(table, self._sealed(table), counted.get(table))

    def _sealed(self, table: str) -> Iterator[tuple[str, bytes, bytes]]:
        """Name, seal as it must be and as it is of each row."""
        if table == "items":
            for kind, name, value, seal in self._all("SELECT kind, name, value, seal FROM items"):
                yield f"{kind} {name!r}", self._seals.seal(table, kind, name, value), _bytes(seal)
        elif table == "deliveries":
            for number, at, route, outcome, value, seal in self._all("SELECT * FROM deliveries"):
                yield f"delivery {number}", self._seals.seal(table, at, route, outcome, value), _bytes(seal)
        else:
            for place, (number, text, seal) in enumerate(
                self._all("SELECT number, text, seal FROM log ORDER BY number")
            ):
                yield f"line {number}", self._seals.seal(table, str(place), text), _bytes(seal)

    def close(self) -> None:
        """See the port."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def _changing(self) -> "Iterator[Totals]":
        """One transaction, which keeps the tables' totals."""
        if self._read_only:
            raise StoreReadOnlyError(f"{self.path}: it is open to be read")
        with self._lock, files.understood(self.path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                total = Totals()
                yield total
                for table, (rows, added) in total.changes.items():
                    self._count(table, rows, added)
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def _count(self, table: str, added_rows: int, added: int) -> None:
        """Change a table's total. One that is not as it was written stays so: its seal is not made anew."""
        found = self._connection.execute("SELECT rows, total FROM seals WHERE name=?", (table,)).fetchone()
        if found is None:
            return
        rows, total = found[0], _bytes(found[1])
        if self._seals.is_total(table, rows, total):
            total = self._seals.total(table, rows + added_rows, (kept_sum(total) + added) % MODULUS)
            self._connection.execute("UPDATE seals SET rows=?, total=? WHERE name=?", (rows + added_rows, total, table))

    def _seal_of(self, statement: str, *values: object) -> bytes | None:
        found = self._connection.execute(statement, values).fetchone()
        return None if found is None else _bytes(found[0])

    def _all(self, statement: str, *values: object) -> list[Any]:
        with self._lock, files.understood(self.path):
            return self._connection.execute(statement, values).fetchall()


def _bytes(value: object) -> bytes:
    """What a column holds that must hold bytes; somebody else's text is no value of ours."""
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")

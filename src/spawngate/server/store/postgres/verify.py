"""`audit verify` of a store in PostgreSQL: what is asked of the embedded one too (`server.store.verify`).

Each day is read at one moment, so that servers may go on writing. Must not be here: what is asked of a day.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import psycopg

from spawngate.server.store.coded.columns import CODED, NUMBERS
from spawngate.server.store.coded.look import Link, Seen, look
from spawngate.server.store.evidence import day_of
from spawngate.server.store.port import StoreError
from spawngate.server.store.postgres.connection import SCHEMA, Connection, Pool, understood
from spawngate.server.store.postgres.control import PostgresControl
from spawngate.server.store.postgres.day import Day
from spawngate.server.store.postgres.store import signer_of
from spawngate.server.store.postgres.tables import first_id, name_of, number_of, table_of
from spawngate.server.store.verify import Report, SealedControl, verify_place
from spawngate.trail import note, tree
from spawngate.trail.note import Checkpoint, NoteError, Signer, Verifier, read_verifier

ROWS = 2048
Look = Callable[[Pool, int, Link], Seen]
"""Holds a day against itself, by its number; what a store adds that keeps its events elsewhere."""


def verify_server(
    address: str,
    folder: Path,
    environment: Mapping[str, str],
    verifier: Verifier | None = None,
    noted: Sequence[str] = (),
    *,
    schema: str = SCHEMA,
    look_at: Look | None = None,
) -> Report:
    """Check everything. `folder` and `environment`: where the signing key is. Raises StoreError, UsageError."""
    place = Place(address, schema, folder, environment, look_at or look_at_day)
    return verify_place(place, verifier, noted)


class Pinned(Pool):
    """One connection in one transaction that only reads: everything is of the moment of its first question."""

    def __init__(self, address: str, schema: str) -> None:
        super().__init__(address, schema, read_only=True)
        self._pinned: Connection | None = None

    @contextmanager
    def lent(self) -> Iterator[Connection]:
        """The one connection. Raises StoreError."""
        if self._pinned is None:
            self._pinned = self._connected()
            with understood():
                self._pinned.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        with understood():
            yield self._pinned

    def close(self) -> None:
        """Let it go."""
        if self._pinned is not None:
            self._pinned.close()
        super().close()


class Place:
    """A store in PostgreSQL, as `server.store.verify` asks for it."""

    key, public, control, head = "key", "key.pub", "control", "head"

    def __init__(self, address: str, schema: str, folder: Path, environment: Mapping[str, str], look_at: Look) -> None:
        self._address, self._schema = address, schema
        self._folder, self._environment, self._look = folder, environment, look_at

    def check(self) -> None:
        """See `verify.Place`."""
        with self._pinned() as pool:
            if not pool.all("SELECT 1 FROM pg_tables WHERE schemaname=%s AND tablename='days'", self._schema):
                raise StoreError(f"there is no store in the schema {self._schema!r} of this database")

    def signer(self) -> Signer:
        """See `verify.Place`."""
        return signer_of(self._folder, self._environment, make=False)

    def published(self) -> Verifier:
        """See `verify.Place`."""
        with self._pinned() as pool:
            text = pool.one("SELECT value FROM meta WHERE name='verifier'")
        try:
            return read_verifier(str(text))
        except NoteError as error:
            raise StoreError(f"the public key that the store names is none ({error})") from None

    def open_control(self, key: bytes) -> SealedControl:
        """See `verify.Place`."""
        return PostgresControl(Pinned(self._address, self._schema), key)

    def last_signed(self, verifiers: Sequence[Verifier]) -> Checkpoint | None:
        """See `verify.Place`."""
        with self._pinned() as pool:
            found = pool.all("SELECT day, note FROM days WHERE size>0 ORDER BY day DESC LIMIT 1")
        if not found:
            return None
        day, text = found[0]
        if not text:
            raise FileNotFoundError
        signed = note.read_checkpoint(note.verify(text, verifiers)[0])
        if day_of(signed.origin) != name_of(day):
            raise NoteError(f"it is of {signed.origin!r}")
        return signed

    def days(self) -> Sequence[str]:
        """See `verify.Place`."""
        with self._pinned() as pool:
            return [name_of(day) for (day,) in pool.all("SELECT day FROM days ORDER BY day")]

    def called(self, day: str) -> str:
        """See `verify.Place`."""
        return f"events/{day}"

    def look(self, day: str, link: Link) -> Seen:
        """See `verify.Place`."""
        number = number_of(day)
        with self._pinned() as pool:
            seen = self._look(pool, number, link)
            size, parts = pool.all("SELECT size, parts FROM days WHERE day=%s", number)[0]
        roots = [parts[at : at + tree.SIZE] for at in range(0, len(parts), tree.SIZE)]
        if not seen.faults and (size, tree.fold(roots)) != (seen.size, seen.root(seen.size)):
            message = f"the tree that is kept of {day} is one of {size} events, and not that of the {seen.size} there"
            seen.tell("altered", 0, "", message)
        return seen

    def whole(self, day: str) -> tuple[int, bytes] | None:
        """See `verify.Place`: a day has no file."""
        return None

    def left_of(self, day: str) -> str:
        """See `verify.Place`: nothing is put aside."""
        return ""

    @contextmanager
    def _pinned(self) -> Iterator[Pinned]:
        pool = Pinned(self._address, self._schema)
        try:
            yield pool
        finally:
            pool.close()


class RawDay(Day):
    """A day as it is kept."""

    def problems(self) -> Iterator[str]:
        """See `coded.look`: PostgreSQL tells while it is read."""
        yield from ()

    def raw(self) -> Iterator[tuple[Any, ...]]:
        """See `coded.look`."""
        names = ", ".join(f'"{name}"' for name in ("time", "received", "stream", "sequence", "mark", *NUMBERS, *CODED))
        low = first_id(self.number)
        for page in count():
            begin = low + page * ROWS
            found = self._all(
                f"SELECT id-{low}, {names} FROM {table_of('events', self.number)} "  # noqa: S608  # our own names
                "WHERE id>%s AND id<=%s ORDER BY id",
                begin,
                begin + ROWS,
            )
            if not found:
                more = self._all(
                    f"SELECT 1 FROM {table_of('events', self.number)} WHERE id>%s LIMIT 1",  # noqa: S608  # our own names
                    begin,
                )
                if not more:
                    return
            yield from found

    def tiles(self) -> dict[int, bytes]:
        """See `coded.look`."""
        low = first_id(self.number)
        found = self._all(f"SELECT id-{low}, root FROM {table_of('tiles', self.number)}")  # noqa: S608  # our own names
        return {number: bytes(root) for number, root in found}

    def blocks(self) -> list[tuple[int, int]]:
        """See `coded.look`."""
        low = first_id(self.number)
        return self._all(f"SELECT id-{low}, count FROM {table_of('blocks', self.number)} ORDER BY id")  # noqa: S608  # our own names


def look_at_day(pool: Pool, number: int, link: Link) -> Seen:
    """Hold a day that PostgreSQL keeps against itself. Raises StoreError."""
    try:
        return look(RawDay(pool, number, 0, (0, 0), closed=False), link)
    except psycopg.Error as error:
        raise StoreError(f"{name_of(number)} cannot be read ({type(error).__name__})") from None

"""SHELL. The database of fleet data: SQLite in one file, or PostgreSQL; transactions, the schema's state, counters.

    with database.begin() as connection:    # one transaction that writes: durable behind the block, or without effect
    with database.read() as connection:     # one state of the data, seen whole; cannot write

SQLite: writers of a process wait for each other, readers wait for nobody (WAL), a commit is synced before `begin` ends.
PostgreSQL: `read` is REPEATABLE READ READ ONLY, so that a page sees one state there too.
Must not be here: what the tables hold (`tables`), how the schema is changed (`migrate`), queries.
"""

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, Table, create_engine, event, insert, inspect, make_url, select, text
from sqlalchemy import exc as failures
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL
from sqlalchemy.pool import QueuePool

from spawngate.model.errors import UsageError
from spawngate.server.fleet.tables import COUNTERS, METADATA, ORGANISATION, TEAMS
from spawngate.server.store.port import (
    StoreBusyError,
    StoreDamagedError,
    StoreError,
    StoreFullError,
    StoreReadOnlyError,
)
from spawngate.server.store.sqlite import files
from spawngate.trail.moment import stamp

FILE = "fleet.sqlite"
"""Name of the database in the folder of an embedded store."""
HEAD = "0007"
"""The newest revision in `migrations`: what this release works with."""
VERSIONS = "alembic_version"
READERS = 8
"""Connections to an SQLite file that only read."""
MAPPED = 1 << 30
"""Bytes of an SQLite file that readers map: lists go through tens of thousands of rows, each of whose pages is copied
where it is not mapped."""
WAIT = 30
"""Seconds that a request waits for a connection."""
Upsert = sqlite.Insert | postgresql.Insert

_MEANING: dict[str, type[StoreError]] = {
    "53100": StoreFullError,  # disk_full
    "25006": StoreReadOnlyError,  # read_only_sql_transaction
    "40001": StoreBusyError,  # serialization_failure
    "40P01": StoreBusyError,  # deadlock_detected
    "55P03": StoreBusyError,  # lock_not_available
    "53300": StoreBusyError,  # too_many_connections
    "XX001": StoreDamagedError,  # data_corrupted
    "XX002": StoreDamagedError,  # index_corrupted
}
"""SQLSTATE codes: https://www.postgresql.org/docs/15/errcodes-appendix.html."""


class ConflictError(UsageError):
    """What should be written contradicts what is there: a name that is taken, a row that others need."""


class MissingError(UsageError):
    """What was asked for is not there, or not for who asks: the two are not told apart."""


class SchemaError(StoreError):
    """The database's schema is not the one that this release works with; the message says what to do."""


class Database:
    """Fleet data. Every method may be called from any thread; errors of the driver leave it as StoreError."""

    def __init__(self, url: str, *, connections: int = 10) -> None:
        """`url`: sqlite:///PATH or postgresql+psycopg://... (postgresql:// is taken for that). Connects to nothing yet.

        Raises UsageError for any other. `connections`: the most that are held to PostgreSQL.
        """
        parsed = _understood(url)
        self.dialect = parsed.get_backend_name()
        """sqlite or postgresql."""
        self.path = Path(parsed.database or "") if self.dialect == "sqlite" else None
        self._held = threading.local()
        self._write, self._read = _engines(parsed, self.path, connections)

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """A transaction that writes. Raises StoreError, ConflictError; then nothing of it was written.

        Not to be nested: a second one in the same thread would wait for the first.
        """
        if getattr(self._held, "writes", False):
            raise RuntimeError("a transaction inside a transaction")
        self._held.writes = True
        try:
            with self._understood(), self._write.begin() as connection:
                yield connection
        finally:
            self._held.writes = False

    @contextmanager
    def inside(self, connection: Connection) -> Iterator[None]:
        """A part of a transaction that is undone alone where it raises. Raises StoreError, ConflictError."""
        with self._understood(), connection.begin_nested():
            yield

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that reads one state of the data. Raises StoreError."""
        with self._understood(), self._read.begin() as connection:
            yield connection

    # The schema ---------------------------------------------------------------------------------------------------

    def revision(self) -> str:
        """The schema's revision; empty where nothing is there yet. Raises StoreError."""
        with self.read() as connection:
            if not inspect(connection).has_table(VERSIONS):
                return ""
            found = connection.execute(text(f"SELECT version_num FROM {VERSIONS}")).scalar()  # noqa: S608  # a constant
            return str(found or "")

    def is_empty(self) -> bool:
        """Whether nothing is there, not even another program's tables. Raises StoreError."""
        with self.read() as connection:
            return not inspect(connection).get_table_names()

    def create(self) -> None:
        """Make the whole schema in an empty database. Raises StoreError; ConflictError where something is there."""
        with self.begin() as connection:
            if inspect(connection).get_table_names():
                raise ConflictError("the database is not empty")
            METADATA.create_all(connection)
            first_rows(connection, stamp(datetime.now(UTC)))
            connection.execute(text(f"CREATE TABLE {VERSIONS} (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
            connection.execute(text(f"INSERT INTO {VERSIONS} VALUES (:head)"), {"head": HEAD})  # noqa: S608  # constant

    def migrate(self) -> tuple[str, str]:
        """Bring the schema to this release's; the revisions before and after. Raises StoreError, SchemaError."""
        before = self.revision()
        if before == "" and self.is_empty():
            self.create()
            return "", HEAD
        if before != HEAD:
            # Alembic costs 100 ms and is needed once in a release.
            from spawngate.server.fleet.migrate import upgrade

            with self._understood():
                upgrade(self)
        return before, HEAD

    def check(self) -> None:
        """Raises SchemaError where the schema is not this release's."""
        there = self.revision()
        if there != HEAD:
            state = f"is at revision {there}" if there else "holds no schema"
            raise SchemaError(f"the fleet database {state} and should be at {HEAD}: run `spawngate server migrate`")

    @contextmanager
    def changing(self) -> Iterator[Connection]:
        """A transaction for changes of the schema: foreign keys are not enforced while tables are made anew."""
        with self._understood(), self._write.connect() as connection:
            # The pragma counts only outside of a transaction, so it goes past SQLAlchemy, which would begin one.
            raw: Any = connection.connection.driver_connection
            if self.dialect == "sqlite":
                raw.execute("PRAGMA foreign_keys=OFF")
            try:
                with connection.begin():
                    yield connection
            finally:
                if self.dialect == "sqlite":
                    raw.execute("PRAGMA foreign_keys=ON")

    def close(self) -> None:
        """Let every connection go."""
        self._write.dispose()
        self._read.dispose()

    def __enter__(self) -> "Database":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def _understood(self) -> Iterator[None]:
        try:
            yield
        except failures.IntegrityError:
            raise ConflictError("what should be written contradicts what is there") from None
        except failures.TimeoutError:
            raise StoreBusyError("the fleet database: no connection is free") from None
        except failures.DataError:
            # A NUL in a text, a number beyond its type: it does not help to ask again.
            raise UsageError("a value is none that the database can hold or be asked for") from None
        except failures.DBAPIError as error:
            raise self._meaning(error) from None
        except sqlite3.Error as error:
            raise files.meaning(error, self.path or Path()) from None

    def _meaning(self, error: failures.DBAPIError) -> StoreError:
        """What an error of the driver says. Never with the statement or its values."""
        if isinstance(error.orig, sqlite3.Error):
            return files.meaning(error.orig, self.path or Path())
        state = str(getattr(error.orig, "sqlstate", None) or "")
        kind = _MEANING.get(state, StoreError)
        if not state or error.connection_invalidated:
            return StoreError("the fleet database cannot be reached")
        return kind(f"the fleet database answers {type(error.orig).__name__} ({state})")


def open_fleet(folder: Path) -> Database:
    """The fleet database in the folder of an embedded store (`store/fleet.sqlite`), with this release's schema.

    Raises StoreError.
    """
    files.private_folder(folder)
    database = Database(f"sqlite:///{(folder / FILE).absolute()}")
    try:
        database.migrate()
    except BaseException:
        database.close()
        raise
    return database


def first_rows(connection: Connection, at: str) -> None:
    """The rows that every fleet has: the organisation, which is the team that holds all others."""
    connection.execute(insert(TEAMS).values(id=ORGANISATION, name="organisation", created_at=at))


def upsert(connection: Connection, table: Table) -> Upsert:
    """An insert that knows `on_conflict_do_update` and `on_conflict_do_nothing`, in the dialect of the connection."""
    return upserting(connection.dialect.name, table)


def upserting(dialect: str, table: Table) -> Upsert:
    """The same, for statements that are built once."""
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


def raised(connection: Connection, name: str) -> int:
    """Raise a counter by one; its value then."""
    fresh = upsert(connection, COUNTERS).values(name=name, value=1)
    more = fresh.on_conflict_do_update(index_elements=[COUNTERS.c.name], set_={"value": COUNTERS.c.value + 1})
    return int(connection.execute(more.returning(COUNTERS.c.value)).scalar_one())


def counter(connection: Connection, name: str) -> int:
    """A counter's value; 0 for one that was never raised."""
    return int(connection.execute(select(COUNTERS.c.value).where(COUNTERS.c.name == name)).scalar() or 0)


def _understood(url: str) -> URL:
    try:
        parsed = make_url(url)
    except failures.ArgumentError:
        raise UsageError("the address of the fleet database is none: sqlite:///PATH or postgresql://...") from None
    if parsed.drivername in ("sqlite", "sqlite+pysqlite"):
        if not parsed.database or parsed.database == ":memory:" or parsed.query:
            raise UsageError("sqlite:///PATH names a file and nothing else")
        return parsed
    if parsed.drivername in ("postgresql", "postgres", "postgresql+psycopg"):
        return parsed.set(drivername="postgresql+psycopg")
    raise UsageError(f"fleet data lies in sqlite:///PATH or postgresql://..., not in {parsed.drivername}")


def _packed(value: Any) -> str:
    try:
        return msgspec.json.encode(value).decode()
    except (msgspec.MsgspecError, ValueError, OverflowError, TypeError):  # numbers and texts that only the other knows
        return json.dumps(value)


def _unpacked(text: str | bytes) -> Any:
    try:
        return msgspec.json.decode(text)
    except (msgspec.MsgspecError, ValueError):
        return json.loads(text)


_JSON: dict[str, Any] = {"json_serializer": _packed, "json_deserializer": _unpacked}
"""Five times as quick as SQLAlchemy's own; most of what a row of an artifact costs."""


def _engines(url: URL, path: Path | None, connections: int) -> tuple[Engine, Engine]:
    """To write and to read."""
    if path is None:
        try:
            engine = create_engine(
                url,
                pool_size=connections,
                max_overflow=0,
                pool_timeout=WAIT,
                pool_pre_ping=True,
                hide_parameters=True,
                **_JSON,
            )
        except ModuleNotFoundError:
            raise UsageError("PostgreSQL needs the extra: pip install spawngate[postgres]") from None
        return engine, engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)

    def to_write() -> sqlite3.Connection:
        connection = files.open_to_write(path)
        connection.execute("PRAGMA foreign_keys=ON")
        return connection

    def to_read() -> sqlite3.Connection:
        if not path.exists():
            files.open_to_write(path).close()
        connection = files.open_to_read(path)
        connection.execute(f"PRAGMA mmap_size={MAPPED}")
        return connection

    shared: dict[str, Any] = {
        "poolclass": QueuePool,
        "max_overflow": 0,
        "pool_timeout": WAIT,
        "hide_parameters": True,
        **_JSON,
    }
    write = create_engine("sqlite://", creator=to_write, pool_size=1, **shared)
    read = create_engine("sqlite://", creator=to_read, pool_size=READERS, **shared)
    # The driver begins no transaction by itself (isolation_level=None): so a read is one, and a write locks at once.
    event.listen(write, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    event.listen(read, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    return write, read

"""Connections to one PostgreSQL: lent one at a time, thrown away when they break, errors in the words of the port.

A message names the kind of error and never what the server said of it, which may hold values.
Must not be here: what is asked.
"""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import errors

from spawngate.model.errors import UsageError
from spawngate.server.store.port import (
    StoreBusyError,
    StoreDamagedError,
    StoreError,
    StoreFullError,
    StoreReadOnlyError,
)

Connection = psycopg.Connection[tuple[Any, ...]]

SCHEMA = "store"
"""Schema of the store's tables: other tables of the database do not meet them."""
MOST = 16
"""Connections of one store in one process."""
WAIT = 30.0
"""Seconds to wait for a connection, and for a lock."""
CONNECT = 10
"""Seconds to wait for the server."""
_OPTIONS = (
    "-c search_path={schema} -c timezone=UTC -c client_min_messages=warning -c lock_timeout=30s "
    "-c jit=off "  # compiling a question over ninety partitions takes longer than its answer
    # A worker that is stopped while it holds the lane must not hold up the others for ever.
    "-c idle_in_transaction_session_timeout=20s -c default_transaction_isolation=read\\ committed {read_only}"
)


class Pool:
    """Connections of one process to one store. For any thread; not to be used after a fork."""

    def __init__(self, address: str, schema: str = SCHEMA, *, read_only: bool = False, most: int = MOST) -> None:
        """`address`: postgresql://USER:PASSWORD@HOST:PORT/DATABASE, or anything else that libpq understands.

        Raises UsageError for a schema that is no name. Connects when it is first asked.
        """
        if not (schema.isascii() and schema.replace("_", "a").isalnum() and schema == schema.lower()):
            raise UsageError("the store's schema is a name of small letters, digits and underscores")
        scheme, _, rest = address.partition("://")
        self._address = f"{scheme.partition('+')[0]}://{rest}" if rest else address
        self.schema, self.read_only = schema, read_only
        self._free: list[Connection] = []
        self._lock = threading.Lock()
        self._room = threading.BoundedSemaphore(most)
        self._closed = False

    @contextmanager
    def lent(self) -> Iterator[Connection]:
        """A connection in autocommit mode. Raises StoreError, also for what goes wrong inside."""
        if not self._room.acquire(timeout=WAIT):
            raise StoreBusyError("the store: every connection is in use")
        try:
            connection = self._take()
            try:
                with understood():
                    yield connection
            finally:
                self._give(connection)
        finally:
            self._room.release()

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """A connection in a transaction, which is committed behind the block. Raises StoreError."""
        with self.lent() as connection, connection.transaction():
            yield connection

    def all(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Rows of one question. Raises StoreError. One that finds its connection broken asks again on a new one."""
        for last in (False, True):
            try:
                with self.lent() as connection:
                    return rows(connection, statement, *values)
            except ConnectionLost:
                if last:
                    raise
        raise AssertionError

    def one(self, statement: str, *values: object) -> Any:
        """The first value of the first row; None where there is none. Raises StoreError."""
        found = self.all(statement, *values)
        return found[0][0] if found else None

    def close(self) -> None:
        """Let all connections go. Those that are lent go when they come back."""
        with self._lock:
            self._closed = True
            free, self._free = self._free, []
        for connection in free:
            connection.close()

    def _take(self) -> Connection:
        with self._lock:
            if self._closed:
                raise StoreError("the store: it was closed")
            while self._free:
                connection = self._free.pop()
                if not connection.closed:
                    return connection
        return self._connected()

    def _connected(self) -> Connection:
        read_only = "-c default_transaction_read_only=on" if self.read_only else ""
        options = _OPTIONS.format(schema=self.schema, read_only=read_only)
        with understood():
            connection: Connection = psycopg.connect(
                self._address,
                autocommit=True,
                prepare_threshold=None,
                connect_timeout=CONNECT,
                options=options,
                keepalives_idle=10,
                keepalives_interval=5,
                keepalives_count=3,
                application_name="spawngate",
            )
            # An answer means durable, whatever a role's settings say; a stronger promise than that stays.
            try:
                connection.execute(
                    "SELECT set_config('synchronous_commit', 'on', false) "
                    "WHERE current_setting('synchronous_commit') IN ('off', 'local')"
                )
            except BaseException:
                connection.close()
                raise
        return connection

    def _give(self, connection: Connection) -> None:
        usable = not connection.closed and connection.info.transaction_status == psycopg.pq.TransactionStatus.IDLE
        with self._lock:
            if usable and not self._closed:
                self._free.append(connection)
                return
        connection.close()


class ConnectionLost(StoreError):
    """The server went away, or cannot be reached."""


@contextmanager
def understood() -> Iterator[None]:
    """Errors of the driver as the port has them. Raises StoreError."""
    try:
        yield
    except psycopg.Error as error:
        raise told(error) from None


def told(error: psycopg.Error) -> StoreError:
    """An error of the driver in the words of the port."""
    what = f"the store: {type(error).__name__}" + (f" ({error.sqlstate})" if error.sqlstate else "")
    match error:
        case errors.DiskFull() | errors.OutOfMemory():
            return StoreFullError(what)
        case errors.ReadOnlySqlTransaction() | errors.InsufficientPrivilege():
            return StoreReadOnlyError(what)
        case errors.LockNotAvailable() | errors.SerializationFailure() | errors.DeadlockDetected():
            return StoreBusyError(what)
        case errors.DataCorrupted() | errors.IndexCorrupted() | errors.UndefinedTable() | errors.UndefinedColumn():
            return StoreDamagedError(what)
        case psycopg.OperationalError() | psycopg.InterfaceError():
            return ConnectionLost(what)
    return StoreError(what)


def rows(connection: Connection, statement: str, *values: object) -> list[tuple[Any, ...]]:
    """Rows of one statement; none where it gives none. `%s` marks the values. Raises psycopg.Error."""
    cursor = connection.execute(statement.encode(), values or None)
    return cursor.fetchall() if cursor.description is not None else []


def many(connection: Connection, statement: str, values: Sequence[Sequence[object]]) -> None:
    """One statement for each of these. Raises psycopg.Error."""
    if values:
        with connection.cursor() as cursor:
            cursor.executemany(statement.encode(), values)

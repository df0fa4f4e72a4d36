"""Connections: lent, thrown away when they break, errors without values."""

import threading

import psycopg
import pytest
from psycopg import errors

from spawngate.model.errors import UsageError
from spawngate.server.store.port import (
    StoreBusyError,
    StoreDamagedError,
    StoreError,
    StoreFullError,
    StoreReadOnlyError,
)
from spawngate.server.store.postgres.connection import ConnectionLost, Pool, told


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (errors.DiskFull("secret"), StoreFullError),
        (errors.ReadOnlySqlTransaction("secret"), StoreReadOnlyError),
        (errors.InsufficientPrivilege("secret"), StoreReadOnlyError),
        (errors.LockNotAvailable("secret"), StoreBusyError),
        (errors.DataCorrupted("secret"), StoreDamagedError),
        (errors.UndefinedTable("secret"), StoreDamagedError),
        (errors.AdminShutdown("secret"), ConnectionLost),
        (psycopg.OperationalError("secret"), ConnectionLost),
        (errors.UniqueViolation("secret"), StoreError),
    ],
)
def test_errors_are_told_without_what_they_say(error: psycopg.Error, kind: type[StoreError]) -> None:
    found = told(error)
    assert type(found) is kind
    assert "secret" not in str(found)
    assert type(error).__name__ in str(found)


def test_a_connection_that_broke_unused_is_replaced(database: str) -> None:
    pool, other = Pool(database), Pool(database)
    pid = pool.one("SELECT pg_backend_pid()")
    assert pool.one("SELECT pg_backend_pid()") == pid
    other.all("SELECT pg_terminate_backend(%s)", pid)
    assert pool.one("SELECT pg_backend_pid()") != pid
    pool.close()
    other.close()


def test_a_transaction_is_whole(database: str) -> None:
    pool = Pool(database, "public")
    pool.all("CREATE TABLE x(a int)")
    with pytest.raises(StoreError), pool.transaction() as connection:
        connection.execute("INSERT INTO x VALUES(1); SELECT 1/0")
    assert pool.one("SELECT count(*) FROM x") == 0
    with pool.transaction() as connection:
        connection.execute("INSERT INTO x VALUES(1)")
    assert pool.one("SELECT count(*) FROM x") == 1
    pool.close()


def test_an_answer_means_durable_whatever_a_role_says(database: str) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        name = connection.info.dbname
        connection.execute(f'ALTER DATABASE "{name}" SET synchronous_commit=off'.encode())
    pool = Pool(database)
    assert pool.one("SHOW synchronous_commit") == "on"
    pool.close()


def test_who_reads_only_cannot_write(database: str) -> None:
    pool = Pool(database, "public", read_only=True)
    with pytest.raises(StoreReadOnlyError):
        pool.all("CREATE TABLE x(a int)")
    pool.close()


def test_a_closed_pool_lends_nothing(database: str) -> None:
    pool = Pool(database)
    pool.one("SELECT 1")
    pool.close()
    with pytest.raises(StoreError, match="closed"):
        pool.one("SELECT 1")


def test_more_threads_than_connections_wait(database: str) -> None:
    pool = Pool(database, most=2)
    found: list[int] = []
    threads = [threading.Thread(target=lambda: found.append(pool.one("SELECT 1"))) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [1] * 10
    pool.close()


@pytest.mark.parametrize("schema", ["", "A", "a b", "a;b", 'a"', "ä"])
def test_schemas_that_are_none(schema: str) -> None:
    with pytest.raises(UsageError):
        Pool("postgresql://x/y", schema)

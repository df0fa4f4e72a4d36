"""The database of fleet data, on SQLite; on PostgreSQL where one is there (`test_database_postgres.py`)."""

import os
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete, insert, select, text, update

from spawngate.model.errors import UsageError
from spawngate.server.fleet.database import (
    FILE,
    HEAD,
    ConflictError,
    Database,
    SchemaError,
    counter,
    open_fleet,
    raised,
    upsert,
)
from spawngate.server.fleet.tables import COUNTERS, MEMBERSHIPS, METADATA, TEAMS
from spawngate.server.store.port import StoreDamagedError, StoreError, StoreReadOnlyError

AT = "2026-11-22T00:00:00.000000Z"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with open_fleet(tmp_path / "store") as opened:
        yield opened


def names(database: Database) -> list[str]:
    with database.read() as connection:
        return list(connection.execute(select(TEAMS.c.name).order_by(TEAMS.c.id)).scalars())


def test_a_new_database_has_the_schema_the_organisation_and_private_files(tmp_path: Path) -> None:
    with open_fleet(tmp_path / "store") as database:
        assert database.revision() == HEAD
        assert names(database) == ["organisation"]
        with database.read() as connection:
            tables = set(connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars())
        assert {table.name for table in METADATA.tables.values()} <= tables
    assert (tmp_path / "store").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "store" / FILE).stat().st_mode & 0o777 == 0o600


def test_opening_again_keeps_what_is_there(tmp_path: Path) -> None:
    with open_fleet(tmp_path) as database, database.begin() as connection:
        connection.execute(insert(TEAMS).values(name="platform", created_at=AT))
    with open_fleet(tmp_path) as database:
        assert names(database) == ["organisation", "platform"]


def test_a_transaction_is_all_or_nothing(database: Database) -> None:
    def half() -> None:
        with database.begin() as connection:
            connection.execute(insert(TEAMS).values(name="platform", created_at=AT))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half()
    assert names(database) == ["organisation"]


def test_a_taken_name_is_a_conflict_and_says_nothing_of_values(database: Database) -> None:
    with pytest.raises(ConflictError) as caught, database.begin() as connection:
        connection.execute(insert(TEAMS).values(name="organisation", created_at=AT))
    assert str(caught.value) == "what should be written contradicts what is there"


def test_foreign_keys_are_kept(database: Database) -> None:
    with pytest.raises(ConflictError), database.begin() as connection:
        connection.execute(insert(MEMBERSHIPS).values(user=99, team=0, role="reader"))


def test_a_reader_cannot_write(database: Database) -> None:
    with pytest.raises(StoreReadOnlyError), database.read() as connection:
        connection.execute(insert(TEAMS).values(name="platform", created_at=AT))
    assert names(database) == ["organisation"]


def test_a_reader_sees_one_state_while_others_write(database: Database) -> None:
    with database.read() as reading:
        before = reading.execute(select(TEAMS.c.name)).scalars().all()
        writer = threading.Thread(target=lambda: _add(database, "platform"))
        writer.start()
        writer.join(10)
        assert reading.execute(select(TEAMS.c.name)).scalars().all() == before
    assert names(database) == ["organisation", "platform"]


def test_writers_of_many_threads_wait_for_each_other(database: Database) -> None:
    def more() -> None:
        for _ in range(20):
            with database.begin() as connection:
                raised(connection, "bundle")

    threads = [threading.Thread(target=more) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    with database.read() as connection:
        assert counter(connection, "bundle") == 120


def test_a_transaction_in_a_transaction_is_refused_at_once(database: Database) -> None:
    with pytest.raises(RuntimeError, match="inside"), database.begin(), database.begin():
        pass
    _add(database, "platform")
    assert names(database) == ["organisation", "platform"]


def test_counters_count(database: Database) -> None:
    with database.begin() as connection:
        assert [counter(connection, "bundle"), raised(connection, "bundle"), raised(connection, "bundle")] == [0, 1, 2]
        connection.execute(update(COUNTERS).values(value=9))
        assert raised(connection, "bundle") == 10


def test_upsert_writes_over(database: Database) -> None:
    with database.begin() as connection:
        for name in ("one", "two"):
            fresh = upsert(connection, TEAMS).values(id=7, name=name, created_at=AT)
            connection.execute(fresh.on_conflict_do_update(index_elements=[TEAMS.c.id], set_={"name": name}))
    assert names(database) == ["organisation", "two"]


@pytest.mark.parametrize(
    "url",
    [
        "",
        "nothing",
        "mysql://localhost/x",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:////tmp/x?mode=memory",
        "postgresql+asyncpg://x",
    ],
)
def test_other_addresses_are_refused(url: str) -> None:
    with pytest.raises(UsageError):
        Database(url)


def test_an_unreachable_server_is_told_without_its_password() -> None:
    with (
        Database("postgresql://user:hunter2@127.0.0.1:1/fleet") as database,
        pytest.raises(StoreError) as caught,
        database.read(),
    ):
        pass
    assert str(caught.value) == "the fleet database cannot be reached"


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"not a database at all, " * 100)
    with pytest.raises(StoreDamagedError, match=FILE):
        open_fleet(tmp_path)


def test_a_link_in_the_place_of_the_file_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").touch()
    (tmp_path / FILE).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StoreError, match=FILE):
        open_fleet(tmp_path)
    assert (tmp_path / "elsewhere").read_bytes() == b""


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(StoreReadOnlyError):
        open_fleet(tmp_path)


def test_an_older_or_newer_schema_is_named(tmp_path: Path) -> None:
    open_fleet(tmp_path).close()
    with sqlite3.connect(tmp_path / FILE) as raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
    raw.close()
    with Database(f"sqlite:///{tmp_path / FILE}") as database, pytest.raises(SchemaError) as caught:
        database.check()
    assert str(caught.value) == (
        f"the fleet database is at revision 9999 and should be at {HEAD}: run `spawngate server migrate`"
    )


def test_an_empty_database_holds_no_schema(tmp_path: Path) -> None:
    with Database(f"sqlite:///{tmp_path / FILE}") as database:
        with pytest.raises(SchemaError, match="holds no schema"):
            database.check()
        assert database.migrate() == ("", HEAD)
        assert database.migrate() == (HEAD, HEAD)
        database.check()
        with pytest.raises(ConflictError):
            database.create()


def _add(database: Database, name: str) -> None:
    with database.begin() as connection:
        connection.execute(insert(TEAMS).values(name=name, created_at=AT))


def test_the_id_of_a_deleted_row_is_not_given_again(database: Database) -> None:
    ids = []
    for name in ("one", "two"):
        with database.begin() as connection:
            ids.append(connection.execute(insert(TEAMS).values(name=name, created_at=AT)).inserted_primary_key)
            connection.execute(delete(TEAMS).where(TEAMS.c.name == name))
    assert ids == [(1,), (2,)]

"""Migrations make what the tables say, on both databases."""

import re
import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from spawngate.server.fleet import migrate
from spawngate.server.fleet.database import FILE, HEAD, Database, open_fleet
from spawngate.server.fleet.tables import METADATA
from spawngate.server.store.port import StoreError
from tests.server.fleet import new_migration


def differences(database: Database) -> list[object]:
    """What the tables say and the database does not hold, or the other way round."""
    with database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        return list(compare_metadata(context, METADATA))


def schema_of(path: Path) -> set[str]:
    """Every table and index of a file, as SQLite writes them, without blanks, brackets and order of the members."""
    with sqlite3.connect(path) as raw:
        found = raw.execute("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL").fetchall()
    raw.close()
    plain = ["".join(sql.split()).lower() for (sql,) in found if "alembic_version" not in sql]
    return {",".join(sorted(re.sub(r'["()]', "", sql).split(","))) for sql in plain}


def test_the_newest_revision_is_the_one_of_this_release() -> None:
    assert migrate.revisions()[-1] == HEAD
    assert migrate.revisions() == sorted(migrate.revisions())


def test_migrations_make_what_the_tables_say(tmp_path: Path) -> None:
    """Fails after a change of the tables: `python -m tests.server.fleet.new_migration` (docs/server.md)."""
    with Database(f"sqlite:///{tmp_path / 'migrated.sqlite'}") as database:
        migrate.upgrade(database)
        assert database.revision() == HEAD
        assert differences(database) == []
        database.check()


def test_a_new_database_and_a_migrated_one_are_the_same(tmp_path: Path) -> None:
    with Database(f"sqlite:///{tmp_path / 'migrated.sqlite'}") as database:
        migrate.upgrade(database)
    open_fleet(tmp_path).close()
    assert schema_of(tmp_path / "migrated.sqlite") == schema_of(tmp_path / FILE)


def test_the_written_migration_is_what_is_there() -> None:
    """The newest is what the tables say that those before it do not make."""
    held = next(new_migration.VERSIONS.glob(f"r{HEAD}_*.py")).read_text(encoding="utf-8")
    fresh = new_migration.written(HEAD, held.partition("SHELL. ")[2].partition(".")[0])

    def plain(text: str) -> str:
        return "".join(text.replace("'", '"').split()).replace(",)", ")").replace(",]", "]")

    assert plain(fresh) == plain(held)


def test_migrations_make_what_the_tables_say_in_postgresql(database: str) -> None:
    with Database(database) as opened:
        migrate.upgrade(opened)
        assert opened.revision() == HEAD
        assert differences(opened) == []


def test_a_database_that_a_newer_release_wrote_stays_as_it_is(tmp_path: Path) -> None:
    open_fleet(tmp_path).close()
    with sqlite3.connect(tmp_path / FILE) as raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
    raw.close()
    before = schema_of(tmp_path / FILE)
    with pytest.raises(StoreError, match="9999, which this release does not know"):
        open_fleet(tmp_path)
    assert schema_of(tmp_path / FILE) == before


def test_an_upgrade_that_fails_changes_nothing(tmp_path: Path) -> None:
    """The last table of the first migration is there already: nothing of what came before it stays."""
    with Database(f"sqlite:///{tmp_path / 'x.sqlite'}") as database:
        with database.begin() as connection:
            connection.execute(text("CREATE TABLE advisory_matches (x INTEGER)"))
        with pytest.raises(StoreError):
            migrate.upgrade(database)
        assert database.revision() == ""
    assert schema_of(tmp_path / "x.sqlite") == {"createtableadvisory_matchesxinteger"}


def test_foreign_keys_count_again_after_an_upgrade(tmp_path: Path) -> None:
    with Database(f"sqlite:///{tmp_path / 'x.sqlite'}") as database:
        migrate.upgrade(database)
        with database.begin() as connection:
            assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1

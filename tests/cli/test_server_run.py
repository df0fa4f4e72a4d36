"""`spawngate server run`, `migrate`, `first-run`; the process itself is seen by tests/server/test_run.py."""

import re
import sqlite3
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from spawngate.cli.server import command
from spawngate.cli.server_run import _announce
from spawngate.model.errors import UsageError
from spawngate.server.access.roles import Role
from spawngate.server.fleet import users
from spawngate.server.fleet.database import HEAD, Database, SchemaError, open_fleet
from spawngate.server.store.postgres import texts
from tests.server.fleetdata import NOW
from tests.server.postgres import cluster, database

__all__ = ["cluster", "database"]


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SPAWNGATE_STATE_DIR", str(tmp_path / "state"))
    return tmp_path / "state" / "store"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(command, list(arguments), catch_exceptions=False)


def test_a_new_link_each_time_until_somebody_owns_it(state: Path) -> None:
    links = [run("first-run").output.strip() for _ in range(2)]
    assert all(re.fullmatch(r"http://127\.0\.0\.1:7338/first-run\?word=[\w-]{43}", link) for link in links)
    assert links[0] != links[1]
    with open_fleet(state) as opened, opened.begin() as connection:
        users.create(connection, "Ann", NOW, roles={0: Role.OWNER})
    with pytest.raises(UsageError, match="somebody owns this server already"):
        run("first-run")


def test_migrate_makes_and_checks(state: Path) -> None:
    with pytest.raises(SchemaError, match="holds no schema"):
        run("migrate", "--check")
    assert run("migrate").output == f"the schema went from nothing to {HEAD}\n"
    assert run("migrate").output == f"the schema is at {HEAD} already\n"
    assert run("migrate", "--check").output == f"the schema is at {HEAD}, as it should be\n"
    with sqlite3.connect(state / "fleet.sqlite") as raw:
        raw.execute("UPDATE alembic_version SET version_num='9'")
    raw.close()
    with pytest.raises(SchemaError):
        run("migrate", "--check")


@pytest.mark.parametrize("more", [(), ("--check",)])
def test_migrate_says_what_an_administrator_of_the_store_has_to_do(
    database: str, monkeypatch: pytest.MonkeyPatch, more: tuple[str, ...]
) -> None:
    with Database(database) as opened:
        opened.migrate()
    monkeypatch.setenv("SPAWNGATE_SERVER_DATABASE", database)
    assert run("migrate", *more).stderr == ""
    monkeypatch.setenv("SPAWNGATE_SERVER_STORE", database)
    assert run("migrate", *more).stderr == ""
    monkeypatch.setattr(texts, "wanting", lambda connection: "CREATE EXTENSION")
    assert run("migrate", *more).stderr == "searches for texts will be slow: CREATE EXTENSION\n"
    monkeypatch.setenv("SPAWNGATE_SERVER_STORE", f"clickhouse+{database}")
    assert run("migrate", *more).stderr == ""


def test_migrate_of_a_shared_database(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPAWNGATE_SERVER_DATABASE", database)
    assert run("migrate").output == f"the schema went from nothing to {HEAD}\n"
    assert run("migrate", "--check").output == f"the schema is at {HEAD}, as it should be\n"


def test_settings_that_are_wrong_start_nothing(state: Path) -> None:
    for arguments in (["--host", "0.0.0.0"], ["--base", "http://x.example"], ["--config", "/nowhere/x"]):
        with pytest.raises(UsageError):
            run("run", *arguments)
    assert run("run", "--port", "99999").exit_code == 2
    assert not state.exists()


def test_the_link_of_the_first_run_is_announced_on_stdout() -> None:
    @click.command()
    def announced() -> None:
        _announce("http://127.0.0.1:1", "http://127.0.0.1:1/first-run?word=x")
        _announce("http://127.0.0.1:1", "")

    output = CliRunner().invoke(announced).output
    assert output.count("serves http://127.0.0.1:1/") == 2
    assert output.count("first-run?word=x") == 1

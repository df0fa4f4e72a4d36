"""The parts of a server opened from its settings."""

import io
import json
import time
from pathlib import Path

import pytest

from spawngate.model.errors import UsageError
from spawngate.server import opening
from spawngate.server.administration import recorded
from spawngate.server.fleet import sessions, users
from spawngate.server.fleet.database import Database, SchemaError
from spawngate.server.log import Log
from spawngate.server.opening import beside, control_of, open_database, serving, store_folder
from spawngate.server.settings import Settings, load
from spawngate.server.store.port import Item, StoreBusyError
from spawngate.server.store.whole import Store
from tests.server.fleetdata import NOW


def settings(folder: Path, **over: str) -> Settings:
    return load(None, over, folder=str(folder))


def test_everything_is_in_one_folder_where_nothing_else_is_said(tmp_path: Path) -> None:
    with serving(settings(tmp_path / "state"), {}, Log(io.StringIO())) as parts:
        parts.database.check()
        assert parts.base == "http://127.0.0.1:7338"
        with pytest.raises(StoreBusyError), serving(settings(tmp_path / "state"), {}, Log(io.StringIO())):
            pass
    found = {path.name for path in (tmp_path / "state" / "store").iterdir()}
    assert {"key", "key.pub", "control.sqlite", "fleet.sqlite", "events"} <= found
    assert store_folder(settings(tmp_path / "state"), {}) == tmp_path / "state" / "store"


def test_what_the_command_line_does_is_recorded_by_the_server(tmp_path: Path) -> None:
    with serving(settings(tmp_path), {}, Log(io.StringIO())) as parts:
        with beside(settings(tmp_path), {}) as desk, desk.database.begin() as connection:
            user = users.create(connection, "Ann", desk.now())
            recorded(desk, "root (command line)", kind="user", id=user, name="Ann", action="created")
        for _ in range(100):
            found = [entry.event for entry in parts.events.query(None).entries]
            if found:
                break
            time.sleep(0.1)
        assert [event.message for event in found] == ["user Ann created by root (command line)"]
        with parts.database.read() as connection:
            assert users.find(connection, "ann").id == user


def test_what_was_done_while_no_server_ran_is_recorded_by_the_next(tmp_path: Path) -> None:
    with beside(settings(tmp_path), {}) as desk:
        recorded(desk, "root", kind="team", id=1, name="a", action="created")
    with serving(settings(tmp_path), {}, Log(io.StringIO())) as parts:
        for _ in range(100):
            if parts.events.query(None).entries:
                break
            time.sleep(0.1)
        assert [entry.event.message for entry in parts.events.query(None).entries] == ["team a created by root"]


def test_ended_sessions_are_swept(tmp_path: Path) -> None:
    with beside(settings(tmp_path), {}) as desk, desk.database.begin() as connection:
        ann = users.create(connection, "Ann", NOW)
        sessions.begin(connection, ann, "2020-01-01T00:00:00.000000Z")
    with serving(settings(tmp_path), {}, Log(io.StringIO())) as parts:
        for _ in range(100):
            with parts.database.read() as connection:
                left = connection.exec_driver_sql("SELECT count(*) FROM sessions").scalar()
            if not left:
                break
            time.sleep(0.1)
        assert left == 0


def test_servers_share_a_postgresql(tmp_path: Path, database: str) -> None:
    given = {"SPAWNGATE_SERVER_DATABASE": database, "SPAWNGATE_SERVER_STORE": database}
    log = io.StringIO()
    with (
        serving(settings(tmp_path, **given), {}, Log(log)) as first,
        serving(settings(tmp_path, **given), {}, Log(log)) as second,
    ):
        with beside(settings(tmp_path, **given), {}) as desk, desk.database.begin() as connection:
            users.create(connection, "Ann", desk.now())
            recorded(desk, "root", kind="user", id=1, name="Ann", action="created")
        for parts in (first, second):
            with parts.database.read() as connection:
                assert users.find(connection, "ann").name == "Ann"
            assert [entry.event.message for entry in parts.events.query(None).entries] == ["user Ann created by root"]
    assert [json.loads(line) for line in log.getvalue().splitlines()] == []


def test_a_shared_database_is_changed_by_migrate_alone(tmp_path: Path, database: str) -> None:
    given = settings(tmp_path, SPAWNGATE_SERVER_DATABASE=database)
    open_database(given, tmp_path).close()
    with Database(database) as opened, opened.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")
    with pytest.raises(SchemaError, match="run `spawngate server migrate`"):
        open_database(given, tmp_path)


def test_an_address_that_is_none_is_told(tmp_path: Path) -> None:
    for name in ("SPAWNGATE_SERVER_DATABASE", "SPAWNGATE_SERVER_STORE"):
        with (
            pytest.raises(UsageError),
            serving(settings(tmp_path, **{name: "mysql://x"}), {}, Log(io.StringIO())),
        ):
            pass


def test_control_data_of_an_embedded_and_of_a_shared_store(tmp_path: Path, database: str) -> None:
    for given in ({}, {"SPAWNGATE_SERVER_STORE": database}):
        for _ in range(2):
            with control_of(settings(tmp_path, **given), {}) as (control, folder):
                assert folder == tmp_path / "store"
                control.put(Item("setting", "x", b"1"))
                assert control.get("setting", "x") == b"1"


def test_what_would_make_a_store_quicker_is_told_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Store, "advice", lambda self: "CREATE EXTENSION x")
    monkeypatch.setattr(opening, "ROUND", 0.01)
    monkeypatch.setattr(opening, "SWEEP", 1)
    lines = io.StringIO()
    with serving(settings(tmp_path), {}, Log(lines)):
        until = time.monotonic() + 20
        while "quicker" not in lines.getvalue() and time.monotonic() < until:
            time.sleep(0.01)
        time.sleep(0.1)
    told = [json.loads(line) for line in lines.getvalue().splitlines()]
    assert [each["advice"] for each in told if each["message"] == "the store could be quicker"] == [
        "CREATE EXTENSION x"
    ]

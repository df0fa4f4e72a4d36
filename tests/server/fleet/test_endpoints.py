"""Endpoints: tokens, teams, retirement. Enrolling and syncs: tests/server/intake."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from spawngate.model.errors import UsageError
from spawngate.server.fleet import bundles, commands, endpoints
from spawngate.server.fleet.database import open_fleet
from spawngate.server.fleet.tables import ARTIFACTS, ENDPOINTS
from tests.server import fleetdata
from tests.server.intake.enrolled import enrolment

NOW = "2026-11-21T12:00:00.000000Z"


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    with open_fleet(tmp_path) as database, database.begin() as found:
        fleetdata.add_team(found, 3, "red")
        fleetdata.add_endpoint(found, "e1", token=endpoints.hashed("one"))
        fleetdata.add_endpoint(found, "e2", team=3, token=endpoints.hashed("two"))
        fleetdata.add_artifact(found, "e1", "a1")
        yield found


def test_tokens_are_random_known_for_what_they_are_and_kept_hashed(connection: Connection) -> None:
    first, second = endpoints.new_token(), endpoints.new_token()
    assert first != second
    assert first.startswith("sgn_")
    assert len(first) == 47
    found = endpoints.by_token(connection, endpoints.hashed("one"))
    assert found is not None
    assert (found.id, found.token) == ("e1", "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed")


@pytest.mark.parametrize("hash_", ["", endpoints.hashed(""), endpoints.hashed("three")])
def test_nobody_has_no_token(connection: Connection, hash_: str) -> None:
    assert endpoints.by_token(connection, hash_) is None


def test_an_endpoint_moves_with_what_it_holds_and_obeys_another_policy(connection: Connection) -> None:
    endpoints.move(connection, "e1", team=3, group="laptops", now=NOW)
    found = endpoints.get(connection, "e1")
    assert found is not None
    assert (found.team, found.group) == (3, "laptops")
    assert connection.execute(select(ARTIFACTS.c.team)).scalars().all() == [3]
    assert bundles.serial(connection) > 0


@pytest.mark.parametrize(("team", "group"), [(3, "laptops"), (0, "servers"), (0, "")])
def test_who_enrols_again_into_another_team_takes_along_what_it_holds(
    connection: Connection, team: int, group: str
) -> None:
    """Else the people of the team that it left go on seeing what it holds, and those of its team do not."""
    message = enrolment("x" * 20)
    id_, _, fresh = endpoints.enrol(connection, message, team=0, group="", now=NOW)
    assert fresh
    fleetdata.add_artifact(connection, id_, "mine")
    before = bundles.serial(connection)
    later = enrolment("x" * 20, clock="2026-11-20T13:00:00.000000Z")
    again, _, fresh = endpoints.enrol(connection, later, team=team, group=group, now=NOW)
    assert (again, fresh) == (id_, False)
    held = select(ARTIFACTS.c.team).where(ARTIFACTS.c.endpoint == id_)
    assert connection.execute(held).scalars().all() == [team]
    assert (bundles.serial(connection) > before) is ((team, group) != (0, ""))


def test_commands_of_the_team_that_it_left_are_not_given(connection: Connection) -> None:
    given = commands.create(connection, "e1", "unenroll", by="ann", reason="x", now=NOW)
    other = commands.create(connection, "e2", "scan", by="ann", reason="", now=NOW)
    endpoints.move(connection, "e1", team=3, group="", now=NOW)
    assert commands.waiting(connection, "e1", NOW) == ()
    (left,) = commands.of(connection, "e1")
    assert (left.id, left.state, left.ended_at) == (given.id, "withdrawn", NOW)
    assert commands.waiting(connection, "e2", NOW) == (other,)


def test_retired_restored_and_named(connection: Connection) -> None:
    endpoints.retire(connection, "e1", NOW)
    retired = endpoints.get(connection, "e1")
    assert retired is not None
    assert retired.retired_at == NOW
    endpoints.restore(connection, "e1")
    endpoints.label(connection, "e1", "build\0box" + "x" * 300)
    row = connection.execute(select(ENDPOINTS.c.label, ENDPOINTS.c.retired_at).where(ENDPOINTS.c.id == "e1")).one()
    assert tuple(row) == (("build\ufffdbox" + "x" * 300)[:200], "")


def test_what_is_not_there_cannot_be_changed(connection: Connection) -> None:
    changes: list[Callable[[], None]] = [
        lambda: endpoints.retire(connection, "e9", NOW),
        lambda: endpoints.restore(connection, "e9"),
        lambda: endpoints.label(connection, "e9", "x"),
        lambda: endpoints.move(connection, "e9", team=3, group="", now=NOW),
        lambda: endpoints.move(connection, "e1", team=9, group="", now=NOW),
    ]
    for change in changes:
        with pytest.raises(UsageError, match="there is no such"):
            change()


def test_foreign_values_as_every_database_holds_them() -> None:
    given = {"a\0": ["\ud800", 1, None, ("x",)]}
    assert endpoints.clean(given) == {"a\ufffd": ["?", 1, None, ["x"]]}

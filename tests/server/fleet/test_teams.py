"""Teams."""

import pytest
from sqlalchemy import Connection, insert

from spawngate.model.errors import UsageError
from spawngate.server.fleet import teams
from spawngate.server.fleet.database import ConflictError
from spawngate.server.fleet.tables import PROJECTS
from spawngate.server.fleet.teams import Team
from tests.server.fleet.fleet import NOW, connection, database

__all__ = ["connection", "database"]


def test_a_team_is_made_named_and_found(connection: Connection) -> None:
    made = teams.create(connection, "  Platform \n team ", NOW)
    assert made == Team(1, "Platform team", NOW)
    assert teams.find(connection, "Platform team") == teams.find(connection, "1") == made
    assert teams.rename(connection, 1, "Core") == ("Platform team", "Core")
    assert teams.get(connection, 1) == Team(1, "Core", NOW)


@pytest.mark.parametrize("name", ["", "  ", "x" * 201, "a\x1b[31mb", "a\u202eb"])
def test_names_that_are_none(connection: Connection, name: str) -> None:
    with pytest.raises(UsageError, match="printable"):
        teams.create(connection, name, NOW)


def test_a_name_is_given_once(connection: Connection) -> None:
    teams.create(connection, "a", NOW)
    teams.create(connection, "b", NOW)
    with pytest.raises(ConflictError, match="there is a team 'a' already"):
        teams.create(connection, " a ", NOW)
    with pytest.raises(ConflictError):
        teams.rename(connection, 2, "a")
    assert teams.rename(connection, 2, "b") == ("b", "b")


def test_the_organisation_stays(connection: Connection) -> None:
    with pytest.raises(ConflictError, match="organisation"):
        teams.remove(connection, 0)


def test_a_team_that_holds_something_stays(connection: Connection) -> None:
    teams.create(connection, "a", NOW)
    connection.execute(insert(PROJECTS).values(team=1, name="p", scanned_at=NOW, result={}))
    with pytest.raises(ConflictError, match="the team still has 1 projects"):
        teams.remove(connection, 1)


def test_an_empty_team_goes(connection: Connection) -> None:
    made = teams.create(connection, "a", NOW)
    assert teams.remove(connection, 1) == made
    for ask in (teams.get, teams.remove):
        with pytest.raises(UsageError, match="no team 1"):
            ask(connection, 1)
    for name in ("a", "1", "١", "9" * 30):
        with pytest.raises(UsageError):
            teams.find(connection, name)


def test_lists_hold_the_teams_that_may_be_seen(connection: Connection) -> None:
    for name in ("c", "a", "b"):
        teams.create(connection, name, NOW)
    assert [team.name for team in teams.page(connection, None)[0]] == ["a", "b", "c", "organisation"]
    first, cursor = teams.page(connection, frozenset({1, 3}), limit=1)
    second, end = teams.page(connection, frozenset({1, 3}), cursor, limit=1)
    assert ([team.name for team in (*first, *second)], end) == (["b", "c"], None)
    assert teams.page(connection, frozenset()) == ([], None)

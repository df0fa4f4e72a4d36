"""Who a person of a provider is to us."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection

from spawngate.server.access.members import admitted, granted
from spawngate.server.access.oidc import Grant, Person, Settings
from spawngate.server.access.roles import Role
from spawngate.server.fleet import teams, users
from spawngate.server.services import Services
from tests.server.fleetdata import NOW, services

ISSUER = "https://id.example"


@pytest.fixture
def parts(tmp_path: Path) -> Iterator[Services]:
    with services(tmp_path) as made:
        yield made


@pytest.fixture
def connection(parts: Services) -> Iterator[Connection]:
    with parts.database.begin() as opened:
        teams.create(opened, "platform", NOW)
        yield opened


def person(subject: str = "1", name: str = "Ann", email: str = "", *groups: str) -> Person:
    return Person(ISSUER, subject, name, email, frozenset(groups))


def settings(create: bool = True, default: Grant | None = None, **groups: Grant) -> Settings:
    return Settings(ISSUER, "c", create=create, default=default, groups={name: (one,) for name, one in groups.items()})


def test_groups_give_the_higher_role_and_teams_that_are_there(connection: Connection) -> None:
    given = settings(
        default=Grant("organisation", Role.READER),
        a=Grant("platform", Role.ADMINISTRATOR),
        b=Grant("platform", Role.ANALYST),
        c=Grant("nowhere", Role.OWNER),
    )
    assert granted(connection, given, frozenset("abc")) == {0: Role.READER, 1: Role.ADMINISTRATOR}
    assert granted(connection, given, frozenset({"z"})) == {0: Role.READER}
    assert granted(connection, settings(), frozenset("abc")) == {}


def test_somebody_new_needs_to_be_wanted_and_to_have_a_role(parts: Services, connection: Connection) -> None:
    role = Grant("platform", Role.READER)
    assert admitted(parts, connection, settings(create=False, default=role), person()) is None
    assert admitted(parts, connection, settings(create=True), person()) is None
    made = admitted(parts, connection, settings(create=True, default=role), person())
    assert made is not None
    assert users.get(connection, made).roles == {1: Role.READER}
    assert admitted(parts, connection, settings(create=False), person()) == made, "known from now on"


def test_a_name_that_is_taken_gets_the_subject_beside_it(parts: Services, connection: Connection) -> None:
    """Nobody becomes another one by having their name, or looking like it."""
    given = settings(default=Grant("organisation", Role.READER))
    first = admitted(parts, connection, given, person("1", "Ann"))
    second = admitted(parts, connection, given, person("2", "aNN\x1b\u202e"))
    assert first != second
    assert second is not None
    assert users.get(connection, second).name == "aNN (2)"


def test_the_last_owner_stays_one_whatever_the_groups_say(parts: Services, connection: Connection) -> None:
    ann = users.create(connection, "Ann", NOW, issuer=ISSUER, subject="1", roles={0: Role.OWNER, 1: Role.OWNER})
    given = settings(staff=Grant("platform", Role.READER))
    assert admitted(parts, connection, given, person("1", "Ann", "", "staff")) == ann
    assert users.get(connection, ann).roles == {0: Role.OWNER, 1: Role.READER}


def test_roles_that_were_given_here_stay_where_no_groups_are_set(parts: Services, connection: Connection) -> None:
    ann = users.create(connection, "Ann", NOW, issuer=ISSUER, subject="1", roles={1: Role.ANALYST})
    assert admitted(parts, connection, settings(default=Grant("organisation", Role.READER)), person()) == ann
    assert users.get(connection, ann).roles == {1: Role.ANALYST}


def test_who_is_disabled_stays_out(parts: Services, connection: Connection) -> None:
    ann = users.create(connection, "Ann", NOW, issuer=ISSUER, subject="1", roles={1: Role.ANALYST})
    users.disable(connection, ann, NOW)
    assert admitted(parts, connection, settings(default=Grant("organisation", Role.OWNER)), person()) is None
    assert users.get(connection, ann).roles == {1: Role.ANALYST}

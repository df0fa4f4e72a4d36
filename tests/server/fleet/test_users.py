"""People and their roles."""

import pytest
from sqlalchemy import Connection, insert, select

from spawngate.model.errors import UsageError
from spawngate.server.access.roles import Role
from spawngate.server.fleet import sessions, teams, users
from spawngate.server.fleet.database import ConflictError
from spawngate.server.fleet.tables import MEMBERSHIPS, SESSIONS
from spawngate.server.fleet.users import User
from tests.server.fleet.fleet import NOW, at, connection, database

__all__ = ["connection", "database"]


@pytest.fixture
def ann(connection: Connection) -> int:
    """The owner."""
    return users.create(connection, "Ann", NOW, email="ann@example.org", password="a-hash", roles={0: Role.OWNER})


def test_a_person_is_found_whatever_the_case(connection: Connection, ann: int) -> None:
    expected = User(ann, "Ann", "ann@example.org", "", True, NOW, "", {0: Role.OWNER})
    assert users.get(connection, ann) == users.find(connection, "aNN") == expected
    assert users.password_of(connection, "ANN") == (ann, "a-hash")
    with pytest.raises(ConflictError, match="there is a user 'ann' already"):
        users.create(connection, "ann", NOW)


@pytest.mark.parametrize(("name", "email"), [("", ""), ("a\x00b", ""), ("a", "x" * 321), ("a", "a\nb@example.org")])
def test_names_and_addresses_that_are_none(connection: Connection, name: str, email: str) -> None:
    with pytest.raises(UsageError):
        users.create(connection, name, NOW, email=email)


def test_roles_are_given_and_taken(connection: Connection, ann: int) -> None:
    teams.create(connection, "a", NOW)
    assert users.give(connection, ann, 1, Role.READER) is None
    assert users.give(connection, ann, 1, Role.ANALYST) is Role.READER
    assert users.roles_of(connection, ann) == {0: Role.OWNER, 1: Role.ANALYST}
    assert users.give(connection, ann, 1, None) is Role.ANALYST
    assert users.give(connection, ann, 1, None) is None
    with pytest.raises(ConflictError, match="last owner"):
        users.give(connection, ann, 0, Role.ADMINISTRATOR)
    with pytest.raises(ConflictError, match="last owner"):
        users.disable(connection, ann, NOW)
    users.create(connection, "Bob", NOW, roles={0: Role.OWNER})
    assert users.give(connection, ann, 0, None) is Role.OWNER


def test_a_role_of_a_later_version_gives_nothing(connection: Connection, ann: int) -> None:
    teams.create(connection, "a", NOW)
    connection.execute(insert(MEMBERSHIPS).values(user=ann, team=1, role="emperor"))
    assert users.roles_of(connection, ann) == {0: Role.OWNER}


def test_who_is_disabled_is_out_at_once(connection: Connection, ann: int) -> None:
    bob = users.create(connection, "Bob", NOW, password="h", roles={0: Role.OWNER})
    word = sessions.begin(connection, bob, NOW)
    assert users.disable(connection, bob, at(hours=1))
    assert not users.disable(connection, bob, at(hours=2))
    assert users.get(connection, bob).disabled_at == at(hours=1)
    assert users.password_of(connection, "Bob") is None
    assert sessions.find(connection, word, NOW) is None
    assert connection.execute(select(SESSIONS)).all() == []
    assert users.enable(connection, bob)
    assert not users.enable(connection, bob)
    assert users.password_of(connection, "Bob") == (bob, "h")
    assert sessions.find(connection, word, NOW) is None


def test_another_password_ends_the_sessions(connection: Connection, ann: int) -> None:
    word = sessions.begin(connection, ann, NOW)
    users.set_password(connection, ann, "another")
    assert users.password_of(connection, "ann") == (ann, "another")
    assert sessions.find(connection, word, NOW) is None


def test_people_of_a_provider(connection: Connection, ann: int) -> None:
    carl = users.create(connection, "Carl", NOW, email="Carl@example.org")
    waiting = users.invited(connection, "carl@EXAMPLE.org")
    assert waiting is not None
    assert waiting.id == carl
    assert users.invited(connection, "ann@example.org") is None, "she has a password"
    assert users.invited(connection, "") is None
    users.bind(connection, carl, "https://id.example", "42")
    assert users.invited(connection, "carl@example.org") is None
    found = users.of_subject(connection, "https://id.example", "42")
    assert found is not None
    assert (found.id, found.issuer) == (carl, "https://id.example")
    assert users.of_subject(connection, "https://other.example", "42") is None
    assert users.password_of(connection, "Carl") is None


def test_two_who_wait_under_one_address_are_nobody(connection: Connection) -> None:
    users.create(connection, "a", NOW, email="x@example.org")
    users.create(connection, "b", NOW, email="X@example.org")
    assert users.invited(connection, "x@example.org") is None


def test_an_owner_counts_only_while_enabled(connection: Connection) -> None:
    assert not users.has_owner(connection)
    ann = users.create(connection, "a", NOW, roles={0: Role.OWNER})
    assert users.has_owner(connection)
    users.create(connection, "b", NOW, roles={0: Role.OWNER})
    assert users.disable(connection, ann, NOW)
    assert users.has_owner(connection)


def test_lists_by_name_and_by_team(connection: Connection) -> None:
    teams.create(connection, "t", NOW)
    for name in ("c", "a", "b"):
        users.create(connection, name, NOW, roles={1: Role.READER} if name != "b" else {})
    first, cursor = users.page(connection, limit=2)
    second, end = users.page(connection, None, cursor, 2)
    assert ([user.name for user in (*first, *second)], end) == (["a", "b", "c"], None)
    assert [user.name for user in users.page(connection, 1)[0]] == ["a", "c"]


def test_nobody_is_told_as_such(connection: Connection) -> None:
    with pytest.raises(UsageError, match="there is no user 9"):
        users.get(connection, 9)
    with pytest.raises(UsageError, match="there is no user 'x'"):
        users.find(connection, "x")

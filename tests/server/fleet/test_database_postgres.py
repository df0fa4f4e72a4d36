"""The database of fleet data on PostgreSQL: the same promises."""

import threading
from collections.abc import Iterator

import pytest
from sqlalchemy import insert, select

from spawngate.server.access.roles import Role
from spawngate.server.fleet import enrolments, sessions, teams, tokens, users
from spawngate.server.fleet.database import HEAD, ConflictError, Database, counter, raised
from spawngate.server.fleet.tables import MEMBERSHIPS, TEAMS
from spawngate.server.store.port import CursorError, StoreReadOnlyError
from tests.server.fleet.fleet import NOW, at


@pytest.fixture
def fleet(database: str) -> Iterator[Database]:
    with Database(database) as opened:
        assert opened.is_empty()
        assert opened.migrate() == ("", HEAD)
        yield opened


def names(fleet: Database) -> list[str]:
    with fleet.read() as connection:
        return list(connection.execute(select(TEAMS.c.name).order_by(TEAMS.c.id)).scalars())


def test_transactions(fleet: Database) -> None:
    fleet.check()
    with fleet.begin() as connection:
        assert teams.create(connection, "platform", NOW).id == 1
    with pytest.raises(ConflictError), fleet.begin() as connection:
        connection.execute(insert(TEAMS).values(name="platform", created_at=NOW))
    with pytest.raises(ConflictError), fleet.begin() as connection:
        connection.execute(insert(MEMBERSHIPS).values(user=99, team=0, role="reader"))
    with pytest.raises(StoreReadOnlyError), fleet.read() as connection:
        connection.execute(insert(TEAMS).values(name="more", created_at=NOW))
    assert names(fleet) == ["organisation", "platform"]


def test_a_reader_sees_one_state_while_others_write(fleet: Database) -> None:
    with fleet.read() as reading:
        before = reading.execute(select(TEAMS.c.name)).scalars().all()
        with fleet.begin() as connection:
            teams.create(connection, "platform", NOW)
        assert reading.execute(select(TEAMS.c.name)).scalars().all() == before
    assert names(fleet) == ["organisation", "platform"]


def test_counters_and_last_uses_are_one_persons(fleet: Database) -> None:
    with fleet.begin() as connection:
        _, secret = enrolments.create(connection, kind="secret", name="x", team=0, most=7, by="ann", now=NOW)
    got: list[object] = []

    def use() -> None:
        for _ in range(4):
            with fleet.begin() as connection:
                got.append(enrolments.redeem(connection, secret, NOW))
                raised(connection, "bundle")

    threads = [threading.Thread(target=use) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert (len(got), sum(each is not None for each in got)) == (16, 7)
    with fleet.read() as connection:
        assert counter(connection, "bundle") == 16


def test_people_sessions_and_tokens(fleet: Database) -> None:
    with fleet.begin() as connection:
        ann = users.create(connection, "Ann", NOW, email="a@example.org", roles={0: Role.OWNER})
        users.give(connection, ann, 0, Role.OWNER)
        word = sessions.begin(connection, ann, NOW)
        assert sessions.find(connection, word, at(hours=1)) is not None
        assert sessions.sweep(connection, at(hours=3)) == 1
        token, secret = tokens.create(connection, name="ci", team=0, role=Role.READER, by="ann", now=NOW)
        assert tokens.find(connection, secret, NOW) == token
        assert users.find(connection, "ANN").roles == {0: Role.OWNER}


def test_pages_by_key(fleet: Database) -> None:
    with fleet.begin() as connection:
        for number in range(7):
            teams.create(connection, f"t{number}", NOW)
        first, cursor = teams.page(connection, None, limit=3)
        second, cursor = teams.page(connection, None, cursor, 3)
        third, end = teams.page(connection, None, cursor, 3)
        assert [team.name for team in (*first, *second, *third)] == ["organisation", *(f"t{n}" for n in range(7))]
        assert end is None
        with pytest.raises(CursorError):
            teams.page(connection, None, "nonsense")

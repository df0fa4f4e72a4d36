"""The database of fleet data on PostgreSQL: the same promises."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select

from spawngate.model.errors import UsageError
from spawngate.server.access.roles import Role
from spawngate.server.fleet import enrolments, inventory, sessions, teams, tokens, users
from spawngate.server.fleet.database import HEAD, ConflictError, Database, MissingError, counter, raised
from spawngate.server.fleet.rows import closed
from spawngate.server.fleet.tables import ARTIFACTS, MEMBERSHIPS, TEAMS
from spawngate.server.store.port import CursorError, StoreReadOnlyError
from spawngate.server.views import access
from spawngate.server.views.filters import Filters
from tests.server.fleet.fleet import NOW, at
from tests.server.fleetdata import add_endpoint, services
from tests.server.views.test_access import fill_access


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


@pytest.mark.parametrize("value", ["a\0b", 10**30])
def test_a_value_that_no_column_holds_is_the_askers_fault(fleet: Database, value: object) -> None:
    """Who asks for it is told so, and does not come again: the database is there."""
    column = TEAMS.c.name if isinstance(value, str) else TEAMS.c.id
    with pytest.raises(UsageError, match="a value is none"), fleet.read() as connection:
        connection.execute(select(TEAMS).where(column == value))
    assert names(fleet) == ["organisation"]


def test_cursors_of_others_are_refused(fleet: Database) -> None:
    for values in (["x", "y"], [1], ["a\0"]):
        with pytest.raises(CursorError), fleet.read() as connection:
            teams.page(connection, None, closed(values))


def test_two_owners_who_take_each_other_out_at_once_leave_one(fleet: Database) -> None:
    with fleet.begin() as connection:
        people = [users.create(connection, name, NOW, roles={0: Role.OWNER}) for name in ("Ann", "Bob")]
    ready, told = threading.Barrier(2), list[str]()

    def take(act: Callable[[Connection, int], object], other: int) -> None:
        try:
            with fleet.begin() as connection:
                connection.execute(select(TEAMS.c.id)).all()
                ready.wait(20)
                act(connection, other)
                # The one who is second waits for the lock now, or comes while it is held.
                time.sleep(0.2)
            told.append("done")
        except ConflictError:
            told.append("refused")

    acts: list[Callable[[Connection, int], object]] = [
        lambda connection, user: users.disable(connection, user, NOW),
        lambda connection, user: users.give(connection, user, 0, None),
    ]
    threads = [threading.Thread(target=take, args=pair) for pair in zip(acts, people, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(told) == ["done", "refused"]
    with fleet.read() as connection:
        assert users.has_owner(connection)


def test_a_token_that_is_made_while_the_one_before_is_revoked_is_none(fleet: Database) -> None:
    """Two server processes at once: whoever revokes takes along what is made meanwhile."""
    with fleet.begin() as connection:
        given: dict[str, Any] = {"name": "x", "team": 0, "role": Role.READER, "by": "ann", "now": NOW}
        first, _ = tokens.create(connection, **given)
        second, _ = tokens.create(connection, **given, parent=first.id)
    refused: list[str] = []

    def make() -> None:
        try:
            with fleet.begin() as connection:
                tokens.create(connection, **given, parent=first.id)
        except MissingError as error:
            refused.append(str(error))

    with fleet.begin() as connection:
        assert [each.id for each in tokens.revoke(connection, first.id, NOW)] == [first.id, second.id]
        thread = threading.Thread(target=make)
        thread.start()
        thread.join(0.3)
        assert thread.is_alive(), "it waits for what becomes of the one before"
    thread.join(10)
    assert refused == [f"there is no token {first.id}"]
    with fleet.read() as connection:
        assert [bool(each.revoked_at) for each in tokens.page(connection, None)[0]] == [True, True]


def test_lists_of_who_may_come_in(fleet: Database, tmp_path: Path) -> None:
    with services(tmp_path) as parts:
        there = replace(parts, database=fleet)
        with fleet.begin() as connection:
            assert [teams.create(connection, name, NOW).id for name in ("Core", "Web")] == [1, 2]
        fill_access(there)
        ana = access.people_of(there, Filters()).rows[0].id
        with fleet.begin() as connection:
            made: dict[str, Any] = {"team": 0, "role": Role.OWNER, "by": "Ana", "now": NOW, "maker": ana}
            tokens.create(connection, name="mine", **made)
        (mine,) = access.tokens_of(there, None, Filters(words=("mine",))).rows
        assert (mine.role, mine.gives, mine.state) == ("owner", "analyst", "active")
        with fleet.begin() as connection:
            users.disable(connection, ana, NOW)
        found = access.tokens_of(there, None, Filters(chosen={"state": ("maker disabled",)}))
        assert [(each.name, each.gives) for each in found.rows] == [("mine", "")]
        assert {each.value for each in found.facets[0].options} >= {"maker disabled", "active"}


def hostile(random: Random, characters: int) -> str:
    """Text that no database packs, four bytes each."""
    return "".join(chr(random.randrange(0x10000, 0x30000)) for _ in range(characters))


def test_no_text_of_an_endpoint_is_too_long_for_an_index(fleet: Database) -> None:
    random = Random(7)
    identity, digest = ("".join(random.choices("0123456789abcdef", k=size)) for size in (200, 100))
    name = hostile(random, 5_000)
    artifact = {
        "kind": hostile(random, 50), "id": identity, "name": name, "fingerprint": digest, "status": hostile(random, 50),
        "tier": hostile(random, 50), "launch": {"transport": hostile(random, 50), "package": hostile(random, 5_000)},
        **{name: hostile(random, 5_000) for name in ("agent", "scope", "path")},
    }  # fmt: skip
    finding = {
        "id": hostile(random, 100), "severity": hostile(random, 50), "confidence": "high", "fingerprint": digest,
        "artifact": identity, "title": hostile(random, 5_000), "message": hostile(random, 5_000),
    }  # fmt: skip
    match = {"id": hostile(random, 100), "artifact": identity, "answer": hostile(random, 50), "severity": "high"}
    document = json.dumps(
        {"taken_at": NOW, "platform": "linux", "artifacts": [artifact], "findings": [finding], "advisories": [match]}
    ).encode()
    with fleet.begin() as connection:
        add_endpoint(connection, "e1")
        assert inventory.hold(connection, "e1", 0, document, digest=digest[:64], now=NOW) == 1
        held = connection.execute(select(ARTIFACTS.c.id, ARTIFACTS.c.name)).one()
    assert (held.id, held.name) == (identity, name[:300])

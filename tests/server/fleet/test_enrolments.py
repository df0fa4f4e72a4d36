"""Enrolment secrets and codes."""

import threading
from typing import Any

import pytest
from sqlalchemy import Connection, select

from spawngate.model.errors import UsageError
from spawngate.server.fleet import enrolments, teams
from spawngate.server.fleet.database import Database
from spawngate.server.fleet.enrolments import Enrolment, Redeemed
from spawngate.server.fleet.tables import ENROLMENTS
from tests.server.fleet.fleet import NOW, at, connection, database

__all__ = ["connection", "database"]


def made(connection: Connection, **given: Any) -> tuple[Enrolment, str]:
    values: dict[str, Any] = {"kind": "secret", "name": "laptops", "team": 0, "by": "ann", "now": NOW}
    return enrolments.create(connection, **(values | given))


def test_a_secret_is_used_many_times(connection: Connection) -> None:
    enrolment, text = made(connection, group="berlin")
    assert enrolment == Enrolment(1, "secret", "laptops", 0, "berlin", 0, 0, "ann", NOW)
    assert text.startswith("sge_")
    for _ in range(3):
        assert enrolments.redeem(connection, f" {text}\n", at(days=1000)) == Redeemed(1, "secret", 0, "berlin")
    assert enrolments.get(connection, 1).uses == 3
    assert text not in str(connection.execute(select(ENROLMENTS)).all())


def test_a_code_is_used_once_and_within_a_day(connection: Connection) -> None:
    enrolment, text = made(connection, kind="code")
    assert (enrolment.most, enrolment.expires_at) == (1, at(hours=24))
    assert enrolments.redeem(connection, text.lower().replace("-", ""), NOW) == Redeemed(1, "code", 0, "")
    assert enrolments.redeem(connection, text, NOW) is None
    _, late = made(connection, kind="code")
    assert enrolments.redeem(connection, late, at(hours=24)) is None


def test_uses_can_be_limited_and_time_too(connection: Connection) -> None:
    _, text = made(connection, most=2, days=1)
    assert enrolments.redeem(connection, text, NOW) is not None
    assert enrolments.redeem(connection, text, at(days=1)) is None
    assert enrolments.redeem(connection, text, NOW) is not None
    assert enrolments.redeem(connection, text, NOW) is None


def test_the_last_use_is_one_persons(database: Database) -> None:
    with database.begin() as connection:
        _, text = made(connection, most=5)
    got: list[Redeemed | None] = []

    def use() -> None:
        for _ in range(4):
            with database.begin() as connection:
                got.append(enrolments.redeem(connection, text, NOW))

    threads = [threading.Thread(target=use) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert (len(got), sum(each is not None for each in got)) == (20, 5)


@pytest.mark.parametrize("text", ["", " ", "sge_", "sge_x", "AAAA-AAAA-AAAA-AAAA", "x" * 10_000, "\ud800"])
def test_other_texts_enrol_nobody(connection: Connection, text: str) -> None:
    made(connection)
    assert not enrolments.is_in_force(connection, text, NOW)
    assert enrolments.redeem(connection, text, NOW) is None


def test_looking_uses_nothing_up(connection: Connection) -> None:
    _, text = made(connection, kind="code")
    assert [enrolments.is_in_force(connection, text, NOW) for _ in range(2)] == [True, True]
    assert not enrolments.is_in_force(connection, text, at(days=2))
    assert enrolments.redeem(connection, text.lower(), NOW) is not None
    assert not enrolments.is_in_force(connection, text, NOW)


def test_a_revoked_one_enrols_nobody(connection: Connection) -> None:
    enrolment, text = made(connection)
    assert enrolments.revoke(connection, 1, at(hours=1)) == enrolment
    enrolments.revoke(connection, 1, at(hours=2))
    assert not enrolments.is_in_force(connection, text, NOW)
    assert enrolments.redeem(connection, text, NOW) is None
    assert enrolments.get(connection, 1).revoked_at == at(hours=1)


@pytest.mark.parametrize(
    "given",
    [
        {"days": -1},
        {"days": 3661},
        {"most": -1},
        {"most": 10**10},
        {"group": "x" * 201},
        {"group": "\x1b"},
        {"name": ""},
    ],
)
def test_settings_that_are_none(connection: Connection, given: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        made(connection, **given)


def test_lists_hold_those_of_teams_that_may_be_seen(connection: Connection) -> None:
    teams.create(connection, "a", NOW)
    for number in range(4):
        made(connection, name=f"e{number}", team=number % 2)
    assert [each.name for each in enrolments.page(connection, None)[0]] == ["e3", "e2", "e1", "e0"]
    assert [each.name for each in enrolments.page(connection, frozenset({1}))[0]] == ["e3", "e1"]
    with pytest.raises(UsageError, match="no enrolment secret 9"):
        enrolments.get(connection, 9)
    with pytest.raises(UsageError, match="no team 7"):
        made(connection, team=7)

"""Commands as they are kept: their numbers, their states, who has something to obey."""

from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from spawngate.server.fleet import commands
from spawngate.server.fleet.commands import create
from spawngate.server.fleet.database import ConflictError, MissingError
from spawngate.server.fleet.tables import ENDPOINTS
from spawngate.sync.messages import Outcome
from tests.server.fleetdata import NOW, add_endpoint, services

LATER = "2026-11-29T00:00:00.000000Z"


@pytest.fixture
def connection(tmp_path: Path) -> object:
    with services(tmp_path) as parts, parts.database.begin() as opened:
        for name in ("e1", "e2"):
            add_endpoint(opened, name)
        yield opened


def test_numbers_rise_and_are_at_least_the_time(connection: Connection) -> None:
    first = create(connection, "e1", "scan", by="ada", reason="", now=NOW)
    second = create(connection, "e1", "unenroll", by="ada", reason="gone\0", now=NOW)
    third = create(connection, "e2", "scan", by="ada", reason="", now=NOW)
    assert first.id >= 1_795_000_000
    assert [second.id, third.id] == [first.id + 1, first.id + 2]
    assert (second.until, second.reason) == ("2026-11-28T12:00:00.000000Z", "gone\ufffd")
    assert commands.waiting(connection, "e1", NOW) == (first, second)
    assert commands.awaited(connection, NOW) == {"e1", "e2"}
    assert commands.of(connection, "e1") == (second, first)
    with pytest.raises(ConflictError):
        create(connection, "e1", "scan", by="bob", reason="", now=NOW)


def test_one_that_waited_too_long_is_not_given(connection: Connection) -> None:
    made = create(connection, "e1", "scan", by="ada", reason="", now=NOW)
    assert commands.waiting(connection, "e1", LATER) == ()
    assert commands.awaited(connection, LATER) == frozenset()
    assert [each.state for each in commands.at(commands.of(connection, "e1"), LATER)] == ["expired"]
    assert [each.state for each in commands.at(commands.of(connection, "e1"), NOW)] == ["waiting"]
    assert create(connection, "e1", "scan", by="ada", reason="", now=LATER).id > made.id


def test_told_once_and_settled_once(connection: Connection) -> None:
    made = create(connection, "e1", "scan", by="ada", reason="", now=NOW)
    commands.told(connection, [made.id], NOW)
    commands.told(connection, [made.id], LATER)
    [held] = commands.of(connection, "e1")
    assert (held.given_at, held.state) == (NOW, "waiting")
    wrong = [Outcome(made.id, "done"), Outcome(1, "done")]
    assert commands.settle(connection, "e2", wrong, NOW) == ()
    [ended] = commands.settle(connection, "e1", [Outcome(made.id, "done", "5 artifacts\0")], LATER)
    assert (ended.state, ended.ended_at, ended.result) == ("done", LATER, "5 artifacts\ufffd")
    assert commands.settle(connection, "e1", [Outcome(made.id, "failed")], LATER) == ()
    assert commands.awaited(connection, NOW) == frozenset()
    # An inventory that is as it was is not sent: by this it is known to be fresh.
    assert connection.execute(select(ENDPOINTS.c.scanned_at).where(ENDPOINTS.c.id == "e1")).scalar() == LATER


def test_taken_back_before_it_was_obeyed(connection: Connection) -> None:
    made = create(connection, "e1", "unenroll", by="ada", reason="x", now=NOW)
    with pytest.raises(MissingError):
        commands.withdraw(connection, "e2", made.id, NOW)
    assert commands.withdraw(connection, "e1", made.id, NOW).state == "withdrawn"
    assert commands.settle(connection, "e1", [Outcome(made.id, "done")], NOW) == ()
    with pytest.raises(ConflictError, match="withdrawn already"):
        commands.withdraw(connection, "e1", made.id, NOW)

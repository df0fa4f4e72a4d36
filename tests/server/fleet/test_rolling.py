"""Roll-outs started, moved on and ended."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection

from spawngate.model.errors import UsageError
from spawngate.policy.folder import Report
from spawngate.server.fleet import bundles, policies, rolling, rollouts
from spawngate.server.fleet.database import ConflictError, MissingError
from tests.server.fleetdata import NOW, add_team, services

GOOD = Report(valid=True)


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    """A database with team 1 and a policy that is ready, of number 1, and a draft, of number 2."""
    with services(tmp_path) as parts, parts.database.begin() as opened:
        add_team(opened, 1, "Core")
        made, _ = policies.save(opened, "own", {"policy.toml": ""}, GOOD, comment="", by="Jo", now=NOW)
        policies.ready(opened, "own", made.id, GOOD)
        policies.save(opened, "own", {"policy.toml": "x"}, GOOD, comment="", by="Jo", now=NOW)
        yield opened


def start(connection: Connection, **more: object) -> tuple[rolling.RollOut, tuple[rolling.RollOut, ...]]:
    """A roll-out to team 1."""
    given = {"team": 1, "group": "", "mode": "monitor", "percent": 100} | more
    return rolling.start(connection, 1, by="Jo", now=NOW, **given)  # type: ignore[arg-type]  # as the test states it


def test_one_to_all_takes_the_place_of_those_before_and_one_to_some_does_not(connection: Connection) -> None:
    serial = bundles.serial(connection)
    first, nothing = start(connection)
    assert (nothing, bundles.serial(connection) > serial) == ((), True)
    other, _ = start(connection, group="laptops")
    some, left = start(connection, mode="enforce", percent=25)
    assert left == ()
    assert {each.id for each in rollouts.in_force(connection)} == {first.id, other.id, some.id}
    before, after, replaced = rolling.change(connection, some.id, mode="enforce", percent=100, now=NOW)
    assert ((before.percent, after.percent), [each.id for each in replaced]) == ((25, 100), [first.id])
    assert {each.id for each in rollouts.in_force(connection)} == {other.id, some.id}


def test_what_ended_counts_no_more(connection: Connection) -> None:
    made, _ = start(connection)
    serial = bundles.serial(connection)
    assert rolling.end(connection, made.id, NOW).ended_at == NOW
    assert bundles.serial(connection) > serial
    assert rollouts.in_force(connection) == ()
    for act in (
        lambda: rolling.end(connection, made.id, NOW),
        lambda: rolling.change(connection, made.id, mode="ask", percent=5, now=NOW),
    ):
        with pytest.raises(ConflictError, match="has ended"):
            act()


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"mode": "off"}, UsageError),
        ({"percent": 0}, UsageError),
        ({"percent": 101}, UsageError),
        ({"team": 9}, MissingError),
        ({"group": "g" * 201}, UsageError),
    ],
)
def test_what_cannot_be_started(connection: Connection, more: dict[str, object], error: type[Exception]) -> None:
    with pytest.raises(error):
        start(connection, **more)
    assert rollouts.in_force(connection) == ()


def test_only_what_is_ready(connection: Connection) -> None:
    for number, error in ((2, ConflictError), (99, MissingError)):
        with pytest.raises(error):
            rolling.start(connection, number, team=0, group="", mode="ask", percent=1, by="Jo", now=NOW)

"""Lines of bundles: made once for many, one's own for who has something of its own, never two of one serial."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import zstandard
from sqlalchemy import insert

from spawngate.launch.identity import Identity
from spawngate.server.fleet import approvals, bundles, endpoints
from spawngate.server.fleet.approvals import Requested
from spawngate.server.fleet.database import Database
from spawngate.server.fleet.endpoints import Endpoint
from spawngate.server.fleet.tables import ADVISORY_SETS, POLICIES, ROLLOUTS
from spawngate.server.intake.shelf import Shelf
from spawngate.sync import bundle
from tests.server import fleetdata


class World:
    """A shelf over endpoints a to d, what is made for it, and its clock."""

    def __init__(self, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
        self.database, self.now = database, 100.0
        self.made: list[str | None] = []
        original = bundles.made

        def made(connection: Any, own: str | None, *rest: Any) -> Any:
            self.made.append(own)
            return original(connection, own, *rest)

        monkeypatch.setattr(bundles, "made", made)
        self.shelf = Shelf(database, settled=6.0, clock=lambda: self.now)

    def serial(self) -> int:
        with self.database.read() as connection:
            return bundles.serial(connection)

    def endpoint(self, name: str) -> Endpoint:
        with self.database.read() as connection:
            found = endpoints.get(connection, name)
        assert found is not None
        return found

    def content(self, name: str) -> bytes:
        """What this one obeys, made by itself."""
        one = self.endpoint(name)
        with self.database.read() as connection:
            return bundle.payload(bundles.content(connection, one.id, one.team, one.group))

    def grant(self, reach: Any, *, team: int = 0, endpoint: str = "", name: str = "server") -> None:
        with self.database.begin() as connection:
            about = Requested(Identity("npx", (name,)))
            approvals.grant(connection, about, team=team, reach=reach, by="ann", now=fleetdata.NOW, endpoint=endpoint)

    def roll_out(self, percent: int) -> None:
        with self.database.begin() as connection:
            values = {"name": "p", "files": {"policy.toml": ""}, "digest": "d", "state": "ready", "created_by": "a"}
            number = connection.execute(
                insert(POLICIES).values(**values, created_at="", comment="", report={}).returning(POLICIES.c.id)
            ).scalar_one()
            connection.execute(
                insert(ROLLOUTS).values(
                    team=0,
                    group="",
                    policy=number,
                    mode="ask",
                    percent=percent,
                    created_by="a",
                    created_at="",
                    ended_at="",
                )
            )
            bundles.raise_serial(connection, fleetdata.NOW)


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    with fleetdata.services(tmp_path) as services:
        with services.database.begin() as connection:
            fleetdata.add_team(connection, 1, "red")
            for name, team in (("a", 0), ("b", 0), ("c", 0), ("d", 1)):
                fleetdata.add_endpoint(connection, name, team=team)
        yield World(services.database, monkeypatch)


def test_one_is_made_for_everybody_of_a_team(world: World) -> None:
    world.grant("team", team=1)
    world.grant("organisation")
    serial = world.serial()
    found = {name: world.shelf.line(world.endpoint(name), serial) for name in "abcdabcd"}
    assert world.made == [None, None]
    assert {name: line.data for name, line in found.items()} == {name: world.content(name) for name in "abcd"}
    assert found["a"] is found["b"] is found["c"] is not found["d"]
    assert zstandard.ZstdDecompressor().decompress(found["d"].packed) == found["d"].data
    assert {line.serial for line in found.values()} == {serial}


def test_what_is_ones_own_is_nobody_elses(world: World) -> None:
    world.grant("endpoint", endpoint="a")
    serial = world.serial()
    own = world.shelf.line(world.endpoint("a"), serial)
    assert (own.data, own.data == world.shelf.line(world.endpoint("b"), serial).data) == (world.content("a"), False)
    assert world.shelf.digest(world.endpoint("a"), serial) == (serial, own.digest)
    assert world.made == ["a", None, "a"]  # the last one by this test


def test_a_roll_out_to_a_part_makes_two(world: World) -> None:
    world.roll_out(50)
    serial = world.serial()
    for name in "abcd":
        assert world.shelf.line(world.endpoint(name), serial).data == world.content(name)
    with_policy = {name for name in "abcd" if b"policy.toml" in world.content(name)}
    assert set() < with_policy < set("abcd")


def test_a_change_is_seen_with_its_serial(world: World) -> None:
    world.grant("organisation")
    before = world.shelf.line(world.endpoint("a"), world.serial())
    world.grant("organisation", name="other")
    after = world.shelf.line(world.endpoint("a"), world.serial())
    assert (after.serial, after.data) == (before.serial + 1, world.content("a"))
    assert world.shelf.line(world.endpoint("a"), before.serial).serial == after.serial  # who looks late gets the newest


def test_a_line_is_of_its_serial_also_where_it_is_made_late(world: World) -> None:
    world.grant("organisation")
    serial = world.serial()
    world.shelf.line(world.endpoint("a"), serial)
    world.grant("team", team=1, name="other")
    found = world.shelf.line(world.endpoint("d"), serial)
    assert (found.serial, found.data) == (world.serial(), world.content("d"))


def test_who_was_moved_gets_one_line_of_a_serial(world: World) -> None:
    """A server remembers an endpoint for some seconds: what it remembers must not choose the team of a new serial."""
    world.grant("team", team=1)
    remembered = world.endpoint("a")
    with world.database.begin() as connection:
        endpoints.move(connection, "a", team=1, group="", now=fleetdata.NOW)
    found = world.shelf.line(remembered, world.serial())
    assert (found.data, found.serial) == (world.content("a"), world.serial())
    world.now += 7  # by now everybody has looked again
    assert world.shelf.line(world.endpoint("a"), world.serial()).digest == found.digest


def test_an_older_copy_of_the_database_is_noticed(world: World) -> None:
    world.grant("organisation")
    with world.database.begin() as connection:
        bundles.raise_serial(connection, "2030-01-01T00:00:00.000000Z")
    high = world.serial()
    world.shelf.line(world.endpoint("a"), high)
    with world.database.begin() as connection:
        connection.exec_driver_sql("UPDATE counters SET value=? WHERE name='bundle'", (high - 9,))
    world.now += 10
    assert world.shelf.line(world.endpoint("a"), high - 9).serial == high - 9


def test_advisories_are_read_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with world.database.begin() as connection:
        connection.execute(
            insert(ADVISORY_SETS).values(digest="f" * 64, records=b"packed", imported_by="a", imported_at="")
        )
    assert world.shelf.records("f" * 64) == b"packed"
    monkeypatch.setattr(bundles, "advisory_records", lambda *_: b"another")
    assert world.shelf.records("f" * 64) == b"packed"
    assert world.shelf.records("e" * 64) == b"another"

"""What endpoints obey, and the serial that rises with it."""

import threading
from pathlib import Path

import msgspec
import pytest

from spawngate.launch.identity import Identity
from spawngate.server.fleet import approvals, bundles
from spawngate.server.fleet.approvals import Requested
from spawngate.server.fleet.database import Database, open_fleet
from spawngate.sync import bundle
from spawngate.sync.bundle import Bundle
from tests.server import fleetdata

NOW = "2026-11-21T12:00:00.000000Z"
SECONDS = 1_795_262_400


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        ([NOW], [SECONDS]),
        ([NOW, NOW, NOW], [SECONDS, SECONDS + 1, SECONDS + 2]),
        ([NOW, "2026-11-21T12:00:09.000000Z"], [SECONDS, SECONDS + 9]),
        ([NOW, "2020-01-01T00:00:00.000000Z"], [SECONDS, SECONDS + 1]),
    ],
)
def test_a_serial_rises_and_follows_the_time(tmp_path: Path, times: list[str], expected: list[int]) -> None:
    with open_fleet(tmp_path) as database:
        found = []
        for now in times:
            with database.begin() as connection:
                found.append(bundles.raise_serial(connection, now))
        with database.read() as connection:
            assert (found, bundles.serial(connection)) == (expected, expected[-1])


def test_two_changes_at_once_have_two_serials(tmp_path: Path) -> None:
    with open_fleet(tmp_path) as database:
        found: list[int] = []

        def change(database: Database) -> None:
            with database.begin() as connection:
                found.append(bundles.raise_serial(connection, NOW))

        threads = [threading.Thread(target=change, args=(database,)) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(found) == list(range(SECONDS, SECONDS + 8))


def test_revoked_approved_and_answered(tmp_path: Path) -> None:
    first, second = Requested(Identity("npx", ("a",), cwd="/x")), Requested(Identity("npx", ("b",)))
    with open_fleet(tmp_path) as database, database.begin() as connection:
        fleetdata.add_endpoint(connection, "e1")
        given = {"team": 0, "by": "ann", "now": NOW}
        one = approvals.grant(connection, first, reach="organisation", name="a", **given)  # type: ignore[arg-type]
        two = approvals.grant(connection, second, reach="organisation", **given)  # type: ignore[arg-type]
        approvals.revoke(connection, two.id, by="bob", now=NOW, note="stolen")
        found = bundles.content(connection, "e1", 0, "")
        assert [(each.id, each.identity.cwd, each.name) for each in found.approvals] == [(one.id, None, "a")]
        assert [(each.fingerprint, each.by, each.reason) for each in found.revoked] == [
            (two.fingerprint, "bob", "stolen")
        ]
        again = approvals.grant(connection, second, reach="organisation", **given)  # type: ignore[arg-type]
        later = bundles.content(connection, "e1", 0, "")
        assert (later.revoked, [each.id for each in later.approvals]) == ((), [one.id, again.id])


def test_nothing_is_an_empty_bundle(tmp_path: Path) -> None:
    with open_fleet(tmp_path) as database, database.read() as connection:
        assert bundles.content(connection, "e1", 0, "") == Bundle(bundle.SCHEMA_VERSION)
        assert (bundles.advisories(connection), bundles.advisory_records(connection, "0" * 64)) == ("", None)


def test_a_bundle_travels_as_it_was_made(tmp_path: Path) -> None:
    about = Requested(Identity("npx", ("a",)))
    with open_fleet(tmp_path) as database, database.begin() as connection:
        approvals.grant(connection, about, team=0, reach="organisation", by="ann", now=NOW)
        found = bundles.content(connection, "e1", 0, "")
    assert msgspec.json.decode(bundle.payload(found), type=Bundle) == found

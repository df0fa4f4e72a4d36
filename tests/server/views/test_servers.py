"""MCP servers across the fleet: by what they run, and by name."""

from pathlib import Path

from spawngate.launch.identity import Identity
from spawngate.server.fleet import approvals
from spawngate.server.views import launches, servers
from spawngate.server.views.filters import Filters
from spawngate.server.views.servers import NameRow, ServerRow
from tests.server import fleetdata


def test_one_row_for_each_definition(tmp_path: Path) -> None:
    with fleetdata.services(tmp_path) as parts:
        fleetdata.fill_small(parts)
        found = servers.servers(parts, None, Filters())
    assert [(each.fingerprint, each.endpoints, each.variants) for each in found.rows] == [
        ("fp-files", 2, 2),
        ("fp-drift", 1, 2),
        ("fp-evil", 1, 1),
    ]
    assert found.rows[0] == ServerRow(
        fingerprint="fp-files",
        name="files",
        runs="npx -y some-server",
        package="",
        transport="stdio",
        endpoints=2,
        tiers=("official",),
        agents=("cursor",),
        capabilities=(),
        approval="",
        variants=2,
        advisories=1,
        first_seen="2026-11-02T09:00:00.000000Z",
    )
    assert found.rows[2].capabilities == ("shell", "network")
    assert {each.name: [o.value for o in each.options] for each in found.facets}["tier"] == ["official", "unknown"]


def test_one_name_that_runs_several_things_is_drift(tmp_path: Path) -> None:
    with fleetdata.services(tmp_path) as parts:
        fleetdata.fill_small(parts)
        found = servers.server_names(parts, None, Filters(limit=1))
        rest = servers.server_names(parts, None, Filters(limit=1, cursor=found.cursor or ""))
        mine = servers.server_names(parts, frozenset({1}), Filters())
    assert found.rows == (NameRow("files", 2, 3, ("official", "unknown"), "2026-11-02T09:00:00.000000Z"),)
    assert (rest.rows[0].name, rest.rows[0].variants, rest.cursor) == (fleetdata.HOSTILE, 1, None)
    assert mine.rows == (NameRow("files", 1, 2, ("official",), "2026-11-02T09:00:00.000000Z"),)


def test_another_teams_servers_are_not_there(tmp_path: Path) -> None:
    with fleetdata.services(tmp_path) as parts:
        fleetdata.fill_small(parts)
        found = servers.servers(parts, frozenset({1}), Filters())
    assert [(each.fingerprint, each.variants) for each in found.rows] == [("fp-files", 1)]


def test_what_was_decided_about_its_launch(tmp_path: Path) -> None:
    about = approvals.Requested(identity=Identity("npx", ("-y", "some-server")))
    with fleetdata.services(tmp_path) as parts:
        fleetdata.fill_small(parts)
        with parts.database.begin() as connection:
            approvals.grant(connection, about, team=1, reach="team", by="ada", now=parts.now())
        found = servers.servers(parts, None, Filters())
        other = servers.servers(parts, frozenset({2}), Filters())
        with parts.database.read() as connection:
            states = servers.approval_states(connection, frozenset({1}))
    assert [each.approval for each in found.rows] == ["approved", "", ""]
    assert [each.approval for each in other.rows] == ["", ""]
    assert states == {launches.key_of("npx", ["-y", "some-server"]): "approved"}


def test_kinds_of_capabilities() -> None:
    assert servers.kinds_of(["network: a", "network: b", "shell", 3]) == ("network", "shell")
    assert servers.kinds_of("text") == ()

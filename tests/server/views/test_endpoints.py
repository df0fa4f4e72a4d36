"""The list of endpoints, over a real database."""

from pathlib import Path

from spawngate.server.views import endpoints
from spawngate.server.views.endpoints import EndpointRow
from spawngate.server.views.filters import Filters
from tests.server import fleetdata


def test_rows_hold_what_is_counted_of_each(tmp_path: Path) -> None:
    with fleetdata.services(tmp_path) as parts:
        fleetdata.fill_small(parts)
        found = endpoints.endpoints(parts, None, Filters(sort="host"))
    assert found.rows[1] == EndpointRow(
        id="e1",
        label="",
        host="alpha",
        user="ada",
        team=1,
        team_name="Core",
        group="laptops",
        platform="linux",
        version="0.1.0",
        state="online",
        mode="monitor",
        seen_at=fleetdata.NOW,
        scanned_at="",
        enrolled_at="2026-11-01T09:00:00.000000Z",
        agents=("cursor",),
        servers=1,
        unknown_servers=0,
        findings=1,
        severity="critical",
        problems=0,
    )
    assert [(each.id, each.state) for each in found.rows[1:]] == [("e1", "online"), ("e2", "stale"), ("e3", "offline")]
    assert (found.rows[0].id, found.rows[0].state, found.rows[0].title) == ("e4", "retired", fleetdata.HOSTILE)


def test_only_what_a_team_may_see(tmp_path: Path) -> None:
    with fleetdata.services(tmp_path) as parts:
        fleetdata.fill_small(parts)
        found = endpoints.endpoints(parts, frozenset({1}), Filters())
        nothing = endpoints.endpoints(parts, frozenset(), Filters())
        counted = endpoints.states(parts, frozenset({2}))
    assert sorted(each.id for each in found.rows) == ["e1", "e2"]
    assert "Team" not in [each.title for each in found.facets]
    assert (nothing.rows, nothing.total) == ((), 0)
    assert counted == {"online": 0, "stale": 0, "offline": 1, "retired": 1}


def test_what_others_hold_narrows_the_list(tmp_path: Path) -> None:
    chosen: list[tuple[dict[str, tuple[str, ...]], list[str]]] = [
        ({"server": ("fp-files",)}, ["e1", "e2"]),
        ({"artifact": ("notes",)}, ["e1", "e3"]),
        ({"secret": ("secret-1",)}, ["e1", "e3"]),
        ({"advisory": ("CVE-1",)}, ["e1", "e3"]),
        ({"advisory": ("CVE-2",)}, []),
        ({"rule": ("other-rule",)}, ["e3"]),
        ({"agent": ("cursor",), "state": ("stale", "offline")}, ["e2", "e3"]),
        ({"team": ("1", "x", "-1")}, ["e1", "e2"]),
        ({"team": ("no number",)}, []),
    ]
    with fleetdata.services(tmp_path) as parts:
        fleetdata.fill_small(parts)
        for facets, wanted in chosen:
            found = endpoints.endpoints(parts, None, Filters(chosen=facets))
            assert sorted(each.id for each in found.rows) == wanted, facets

"""Suppressions as a list."""

from pathlib import Path

from spawngate.server.fleet import suppressions
from spawngate.server.fleet.suppressions import Covers
from spawngate.server.services import Services
from spawngate.server.views.filters import Filters
from spawngate.server.views.suppressed import suppressions_of
from tests.server.fleetdata import NOW, fill_small, services


def fill(parts: Services) -> None:
    """One of each reach, one of them ended."""
    with parts.database.begin() as connection:
        for covers, kind, until in (
            (Covers(0, "some-rule"), "accepted", "2026-12-01T00:00:00.000000Z"),
            (Covers(1, "some-rule"), "false-positive", ""),
            (Covers(1, "some-rule", "e1"), "accepted", "2026-12-01T00:00:00.000000Z"),
            (Covers(2, "other-rule", "e3", "f2"), "false-positive", ""),
        ):
            suppressions.add(connection, covers, kind=kind, reason="why", until=until, by="Ana", now=NOW)
        suppressions.end(connection, 3, None, NOW)


def test_live_ones_first_with_what_they_cover(tmp_path: Path) -> None:
    with services(tmp_path) as parts:
        fill_small(parts)
        fill(parts)
        found = suppressions_of(parts, None, Filters())
        assert [(each.id, each.state, each.covers, each.team_name) for each in found.rows] == [
            (4, "live", "one finding", "Web"),
            (2, "live", "a team", "Core"),
            (1, "live", "every team", ""),
            (3, "ended", "one endpoint", "Core"),
        ]
        assert [each.name for each in found.facets] == ["state", "kind", "covers", "rule"]
        mine = suppressions_of(parts, frozenset({1}), Filters())
        assert [each.id for each in mine.rows] == [2, 1, 3], "the organisation's count in every team"
        chosen = Filters(chosen={"state": ("live",), "kind": ("accepted",)})
        assert [each.id for each in suppressions_of(parts, None, chosen).rows] == [1]
        assert [each.id for each in suppressions_of(parts, None, Filters(words=("other",))).rows] == [4]

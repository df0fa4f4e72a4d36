"""Roll-outs as a list."""

from pathlib import Path

import pytest

from spawngate.model.errors import UsageError
from spawngate.server.fleet import rolling
from spawngate.server.views.filters import Filters
from spawngate.server.views.rollouts import FACETS, RollOutRow, roll_outs
from tests.server.fleetdata import NOW, services
from tests.server.views.test_policies import fill


def test_roll_outs_are_told_to_their_teams(tmp_path: Path) -> None:
    with services(tmp_path) as parts:
        first, _, _ = fill(parts)
        whole = roll_outs(parts, None, Filters())
        told = [(each.team, each.group, each.percent, each.endpoints) for each in whole.rows]
        assert told == [(0, "", 100, 3), (1, "laptops", 50, 1), (2, "", 10, 1)]
        assert whole.rows[1] == RollOutRow(
            2, 1, "Core", "laptops", first, "own", "ask", 50, "Jo", NOW, "in force", "", 1
        )
        assert [(each.name, [(one.label, one.count) for one in each.options]) for each in whole.facets] == [
            ("team", [("Core", 1), ("the organisation", 1), ("Web", 1)])
        ]
        mine = [
            (each.team, each.team_name, each.endpoints) for each in roll_outs(parts, frozenset({1}), Filters()).rows
        ]
        assert mine == [(0, "", 2), (1, "Core", 1)]
        assert roll_outs(parts, frozenset(), Filters()).rows == ()


def test_those_that_have_ended_are_there_where_they_are_asked_for(tmp_path: Path) -> None:
    with services(tmp_path) as parts:
        fill(parts)
        with parts.database.begin() as connection:
            rolling.end(connection, 3, NOW)
        assert [each.id for each in roll_outs(parts, None, Filters()).rows] == [1, 2]
        ended = roll_outs(parts, None, Filters.of([("q", "state:ended")], FACETS))
        assert [(each.id, each.state, each.ended_at) for each in ended.rows] == [(3, "ended", NOW)]
        assert [(each.value, each.count) for each in ended.facets[0].options] == [("in force", 2), ("ended", 1)]


def test_page_by_page_and_narrowed(tmp_path: Path) -> None:
    with services(tmp_path) as parts:
        fill(parts)
        seen, cursor = [], ""
        while True:
            found = roll_outs(parts, None, Filters(limit=1, cursor=cursor))
            seen += [each.id for each in found.rows]
            assert found.total == 3
            if found.cursor is None:
                break
            cursor = found.cursor
        assert seen == [1, 2, 3]
        for chosen, expected in (
            ({"team": ("2",)}, [3]),
            ({"group": ("laptops",)}, [2]),
            ({"policy": ("own",), "mode": ("ask",)}, [1, 2, 3]),
            ({"mode": ("enforce",)}, []),
            ({"by": ("Ed",)}, []),
        ):
            assert [each.id for each in roll_outs(parts, None, Filters(chosen=chosen)).rows] == expected
        assert [each.id for each in roll_outs(parts, None, Filters(words=("lapt",))).rows] == [2]
        with pytest.raises(UsageError):
            roll_outs(parts, None, Filters(cursor="x"))

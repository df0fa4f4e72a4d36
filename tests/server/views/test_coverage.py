"""Coverage over a fleet."""

from pathlib import Path
from typing import Any

import pytest

from spawngate.model.errors import UsageError
from spawngate.server.views.coverage import FACETS, Can, agents, can_of, coverage
from spawngate.server.views.filters import Filters
from tests.server.fleetdata import NOW, add_endpoint, add_team, services


def told(agent: str, state: str, mode: str = "", **more: Any) -> dict[str, Any]:
    return {"agent": agent, "name": agent.title(), "state": state, "mode": mode, **more}


def test_a_fleet(tmp_path: Path) -> None:
    with services(tmp_path) as parts:
        with parts.database.begin() as connection:
            add_team(connection, 1, "one")
            hooked = told("cursor", "installed", "enforce", servers=2, behind_launcher=2)
            add_endpoint(connection, "e1", team=1, mode="enforce", enforcement=[hooked, told("zed", "observed")])
            add_endpoint(connection, "e2", mode="ask", enforcement=[told("cursor", "installed", "enforce")])
            add_endpoint(connection, "e3", mode="monitor", enforcement=[told("cursor", "installed", "monitor")])
            add_endpoint(connection, "e4", enforcement=[told("cursor", "tampered", why=["an entry was removed"])])
            add_endpoint(connection, "gone", retired_at=NOW, enforcement=[told("cursor", "off")])
            add_endpoint(connection, "odd", enforcement={"not": "a list"})
        cursor, zed = agents(parts, None)
        assert (cursor.agent, cursor.endpoints, cursor.decided, cursor.asked, cursor.watched) == ("cursor", 4, 1, 1, 1)
        assert (cursor.servers, cursor.behind, cursor.can) == (2, 2, can_of("cursor"))
        assert (zed.endpoints, zed.decided) == (1, 0)
        everything = coverage(parts, None, Filters.of([], FACETS))
        assert [(row.endpoint, row.agent, row.stands, row.mode) for row in everything.rows] == [
            ("e4", "cursor", "tampered", ""),
            ("e1", "zed", "observed", ""),
            ("e3", "cursor", "installed", "monitor"),
            ("e1", "cursor", "installed", "enforce"),
            ("e2", "cursor", "installed", "ask"),
        ]
        assert everything.total == 5
        assert {each.name: [(o.value, o.count) for o in each.options] for each in everything.facets}["gap"] == [
            ("open", 3),
            ("none", 2),
        ]
        chosen = coverage(parts, None, Filters.of([("stands", "tampered"), ("q", "removed")], FACETS))
        assert [row.endpoint for row in chosen.rows] == ["e4"]
        mine = coverage(parts, frozenset({1}), Filters.of([], FACETS))
        assert {row.endpoint for row in mine.rows} == {"e1"}


def test_pages_go_on_behind_a_key(tmp_path: Path) -> None:
    with services(tmp_path) as parts:
        with parts.database.begin() as connection:
            for number in range(7):
                add_endpoint(connection, f"e{number}", enforcement=[told("cursor", "off")])
        seen: list[str] = []
        cursor = ""
        while True:
            found = coverage(parts, None, Filters.of([("limit", "3"), ("cursor", cursor)], FACETS))
            assert found.total == 7
            seen += [row.endpoint for row in found.rows]
            if found.cursor is None:
                break
            cursor = found.cursor
        assert seen == [f"e{number}" for number in range(7)]
        with pytest.raises(UsageError):
            coverage(parts, None, Filters.of([("cursor", "x")], FACETS))


def test_what_can_be_enforced() -> None:
    assert can_of("claude-code").hook
    assert can_of("claude-code").list
    assert can_of("claude-desktop") == Can(False, "no", False, False)
    assert can_of("<script>") == Can(False, "no", False, False, known=False)

"""Lists of code scans."""

from pathlib import Path

from spawngate.report.code_json import render_json
from spawngate.server.fleet import projects as held
from spawngate.server.views.filters import Filters
from spawngate.server.views.projects import FACETS, project, projects
from tests.codescan.findings import OUTCOME
from tests.server.fleetdata import NOW, add_team, services

TREE = held.read(render_json([OUTCOME]))


def test_a_list_and_one(tmp_path: Path) -> None:
    with services(tmp_path) as parts:
        with parts.database.begin() as connection:
            add_team(connection, 1, "one")
            held.hold(connection, 0, "b", "", TREE, NOW)
            held.hold(connection, 1, "a", "", TREE, NOW)
        everything = projects(parts, None, Filters.of([], FACETS))
        assert [(row.name, row.team_name, row.grade) for row in everything.rows] == [
            ("a", "one", "high"),
            ("b", "", "high"),
        ]
        assert [row.name for row in projects(parts, frozenset({1}), Filters.of([], FACETS)).rows] == ["a"]
        assert [row.name for row in projects(parts, None, Filters.of([("q", "b")], FACETS)).rows] == ["b"]
        found = project(parts, None, "a")
        assert found is not None
        assert [each.grade for each in found.findings] == sorted(
            (each.grade for each in found.findings), key=held.GRADES.index
        )
        assert len(found.findings) + len(found.suppressed) == len(TREE.findings)
        assert project(parts, frozenset({2}), "a") is None

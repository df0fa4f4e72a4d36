"""Policies as lists and pages."""

from pathlib import Path

from spawngate.policy.folder import Report
from spawngate.server.fleet import policies as fleet
from spawngate.server.fleet import rolling
from spawngate.server.services import Services
from spawngate.server.views.filters import Filters
from spawngate.server.views.policies import FACETS, PolicyRow, policies, policy
from tests.server.fleetdata import NOW, fill_small, services

GOOD = Report(valid=True)


def fill(parts: Services) -> tuple[int, int, int]:
    """A small fleet with `fill_policies`."""
    fill_small(parts)
    return fill_policies(parts)


def fill_policies(parts: Services) -> tuple[int, int, int]:
    """Two revisions of `own`, the first in force, and a draft of `wrong`."""
    with parts.database.begin() as connection:
        first, _ = fleet.save(connection, "own", {"a.cedar": "one\ntwo\n"}, GOOD, comment="", by="Jo", now=NOW)
        fleet.ready(connection, "own", first.id, GOOD)
        for team, group, percent in ((0, "", 100), (1, "laptops", 50), (2, "", 10)):
            rolling.start(connection, first.id, team=team, group=group, mode="ask", percent=percent, by="Jo", now=NOW)
        second, _ = fleet.save(connection, "own", {"a.cedar": "one\nzwei\n"}, GOOD, comment="c", by="Ed", now=NOW)
        third, _ = fleet.save(connection, "wrong", {}, Report(problem="bad"), comment="", by="Jo", now=NOW)
    return first.id, second.id, third.id


def test_the_list_is_of_newest_revisions(tmp_path: Path) -> None:
    with services(tmp_path) as parts:
        _, second, third = fill(parts)
        found = policies(parts, None, Filters())
        assert found.rows == (
            PolicyRow("own", second, "draft", "in force", "c", "Ed", NOW, "", 0, 0),
            PolicyRow("wrong", third, "draft", "not in force", "", "Jo", NOW, "bad", 0, 0),
        )
        assert [each.name for each in found.facets] == ["force", "by"]
        assert [each.name for each in policies(parts, None, Filters.of([("force", "in force")], FACETS)).rows] == [
            "own"
        ]
        assert [each.name for each in policies(parts, frozenset({1}), Filters(text="wro", words=("wro",))).rows] == [
            "wrong"
        ]
        assert policies(parts, frozenset(), Filters()).rows == ()


def test_one_revision_with_what_changed(tmp_path: Path) -> None:
    with services(tmp_path) as parts:
        first, second, _ = fill(parts)
        found = policy(parts, None, "own")
        assert found is not None
        assert [(each.id, each.state, each.in_force) for each in found.revisions] == [
            (second, "draft", False),
            (first, "ready", True),
        ]
        assert (found.revision.id, found.compared, found.groups) == (second, first, ("laptops",))
        assert found.difference == "--- before/a.cedar\n+++ now/a.cedar\n@@ -1,3 +1,3 @@\n one\n-two\n+zwei\n "
        older = policy(parts, frozenset({2}), "own", first)
        assert older is not None
        assert (older.difference, older.files, older.groups) == ("", (("a.cedar", "one\ntwo\n"),), ())
        assert [each.team for each in older.roll_outs] == [0, 2]
        assert policy(parts, None, "own", 999) is None
        assert policy(parts, None, "none") is None
        assert policy(parts, frozenset(), "own") is None

"""Findings as work."""

from pathlib import Path

from spawngate.server.fleet import suppressions
from spawngate.server.fleet.suppressions import Covers
from spawngate.server.views import findings
from spawngate.server.views.filters import Filters
from spawngate.server.views.findings import FindingRow, RuleRow
from tests.server import fleetdata

OPENED = "2026-11-10T09:00:00.000000Z"


def test_open_work_gravest_first(tmp_path: Path) -> None:
    with fleetdata.services(tmp_path) as parts:
        fleetdata.fill_small(parts)
        found = findings.findings(parts, None, Filters())
        closed = findings.findings(parts, None, Filters(chosen={"state": ("closed",)}))
    assert [(each.endpoint, each.severity) for each in found.rows] == [
        ("e1", "critical"),
        ("e2", "high"),
        ("e3", "low"),
    ]
    assert found.rows[2] == FindingRow(
        endpoint="e3",
        fingerprint="f2",
        host="gamma",
        team=2,
        team_name="Web",
        rule="other-rule",
        title="A title",
        severity="low",
        confidence="high",
        message="What was seen.",
        name="files",
        agent="",
        state="open",
        owner="",
        due="2026-11-20",
        overdue=True,
        opened_at=OPENED,
        closed_at="",
    )
    states = next(each for each in found.facets if each.name == "state")
    assert {each.value: each.count for each in states.options} == {"open": 3, "closed": 1}
    assert [each.endpoint for each in closed.rows] == ["e4"]


def test_by_rule(tmp_path: Path) -> None:
    with fleetdata.services(tmp_path) as parts:
        fleetdata.fill_small(parts)
        found = findings.by_rule(parts, None, Filters())
    assert found.rows == (
        RuleRow("some-rule", "A title", "critical", 2, 2, 1, OPENED),
        RuleRow("other-rule", "A title", "low", 1, 1, 1, OPENED),
    )


def test_suppressed_ones_leave_the_open_work_until_that_ends(tmp_path: Path) -> None:
    with fleetdata.services(tmp_path) as parts:
        fleetdata.fill_small(parts)
        with parts.database.begin() as connection:
            suppressions.add(
                connection,
                Covers(1, "some-rule", name="files"),
                kind="false-positive",
                reason="r",
                by="a",
                now=parts.now(),
            )
            suppressions.add(
                connection,
                Covers(0, "other-rule"),
                kind="accepted",
                reason="r",
                by="a",
                now=parts.now(),
                until="2026-11-21T13:00:00.000000Z",
            )
        found = findings.findings(parts, None, Filters())
        false = findings.findings(parts, None, Filters(chosen={"state": ("false-positive",)}))
        one = findings.finding(parts, None, "e3", "f2")
    with fleetdata.services(tmp_path, now="2026-11-21T14:00:00.000000Z") as parts:
        later = findings.findings(parts, None, Filters())
    assert found.rows == ()
    assert [each.endpoint for each in false.rows] == ["e1", "e2"]
    assert one is not None
    assert (one.row.state, one.row.overdue, [each.kind for each in one.suppressions]) == (
        "accepted",
        False,
        ["accepted"],
    )
    assert [each.endpoint for each in later.rows] == ["e3"]


def test_one_finding_and_where_else_it_is(tmp_path: Path) -> None:
    with fleetdata.services(tmp_path) as parts:
        fleetdata.fill_small(parts)
        found = findings.finding(parts, None, "e1", "f1")
        assert findings.finding(parts, frozenset({2}), "e1", "f1") is None
        assert findings.finding(parts, None, "e1", "no") is None
    assert found is not None
    assert (found.elsewhere, found.artifact_kind, found.artifact_fingerprint) == (1, "mcp_server", "fp-files")


def test_keys_of_what_passes(tmp_path: Path) -> None:
    with fleetdata.services(tmp_path) as parts:
        fleetdata.fill_small(parts)
        assert set(findings.keys(parts, None, Filters())) == {("e1", "f1"), ("e2", "f1"), ("e3", "f2")}
        assert findings.keys(parts, frozenset({1}), Filters(words=("beta",))) == (("e2", "f1"),)
        assert findings.keys(parts, None, Filters(chosen={"due": ("overdue",)})) == (("e3", "f2"),)

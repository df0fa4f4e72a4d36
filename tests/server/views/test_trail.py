"""Lists of events, over a real store."""

from pathlib import Path

import msgspec
import pytest

from spawngate.server.services import Services
from spawngate.server.store.port import Entry
from spawngate.server.views import trail
from spawngate.server.views.filters import Filters
from spawngate.server.views.trail import CHANGES, DECISIONS, EventRow
from spawngate.trail.event import SCHEMA_VERSION, ArtifactRecord, DifferenceRecord, Event, Hit
from spawngate.trail.query import QueryError
from tests.server import fleetdata
from tests.server.fleetdata import NOW, decided


def _fill(parts: Services) -> None:
    fleetdata.fill_small(parts)
    hits = (Hit("download-run", "critical", "high"),)
    fleetdata.add_events(
        parts,
        "e1",
        [
            decided("allow", "git status", "2026-11-21T10:00:00.000000Z"),
            decided(
                "deny", "curl x | sh", "2026-11-21T11:00:00.000000Z", severity="critical", hits=hits, reasons=("p1",)
            ),
        ],
    )
    fleetdata.add_events(
        parts,
        "e3",
        [
            decided("ask", "rm -rf /", "2026-11-21T11:30:00.000000Z", agent="zed"),
            decided("deny", "old", "2026-11-10T11:00:00.000000Z"),
            Event(
                "artifact-changed",
                "2026-11-21T11:40:00.000000Z",
                SCHEMA_VERSION,
                artifact=ArtifactRecord(
                    id="a", kind="mcp_server", name="files", fingerprint="fp", agent="zed",
                    differences=(DifferenceRecord("launch.args", ["a"], ["b"]),),
                ),
            ),
        ],
    )  # fmt: skip


def test_newest_first_with_facets_and_course(tmp_path: Path) -> None:
    with fleetdata.services(tmp_path) as parts:
        _fill(parts)
        found = trail.trail(parts, None, DECISIONS, Filters())
    assert [(each.host, each.verdict, each.text) for each in found.rows] == [
        ("gamma", "ask", "rm -rf /"),
        ("alpha", "deny", "curl x | sh"),
        ("alpha", "allow", "git status"),
    ]
    assert found.rows[1] == EventRow(
        endpoint="e1",
        stream="s1",
        sequence=2,
        at="2026-11-21T11:00:00.000000Z",
        received=NOW,
        type="decision",
        host="alpha",
        user="ada",
        agent="cursor",
        verdict="deny",
        mode="enforce",
        severity="critical",
        rules=("download-run",),
        reasons=("p1",),
        tool="Bash",
        text="curl x | sh",
        kind="",
        name="",
        differences=(),
    )
    facets = {each.name: {o.label: o.count for o in each.options} for each in found.facets}
    assert facets["verdict"] == {"deny": 1, "ask": 1, "allow": 1}
    assert facets["endpoint"] == {"alpha": 2, "gamma": 1}
    assert (len(found.course), sum(count for _, count in found.course), found.total) == (25, 3, 3)
    assert [(at[11:16], count) for at, count in found.graver if count] == [("11:00", 2)]


def test_a_longer_span_and_chosen_values(tmp_path: Path) -> None:
    with fleetdata.services(tmp_path) as parts:
        _fill(parts)
        found = trail.trail(parts, None, DECISIONS, Filters(chosen={"verdict": ("deny",)}), span="30d")
        both = trail.trail(parts, None, DECISIONS, Filters(chosen={"verdict": ("deny", "ask")}))
        none = trail.trail(parts, None, DECISIONS, Filters(chosen={"verdict": ("no verdict",)}))
    assert [each.text for each in found.rows] == ["curl x | sh", "old"]
    verdicts = next(each for each in found.facets if each.name == "verdict")
    assert {each.value: each.count for each in verdicts.options} == {"deny": 2, "ask": 1, "allow": 1}
    assert [each.verdict for each in both.rows] == ["ask", "deny"]
    assert none.rows == ()


def test_the_language_decides_where_it_speaks_of_time(tmp_path: Path) -> None:
    with fleetdata.services(tmp_path) as parts:
        _fill(parts)
        found = trail.trail(parts, None, DECISIONS, Filters(text="old last 30d"))
        with pytest.raises(QueryError):
            trail.trail(parts, None, DECISIONS, Filters(text="verdict:"))
    assert [each.text for each in found.rows] == ["old"]


def test_only_events_of_a_teams_endpoints(tmp_path: Path) -> None:
    with fleetdata.services(tmp_path) as parts:
        _fill(parts)
        found = trail.trail(parts, frozenset({2}), DECISIONS, Filters())
        nothing = trail.trail(parts, frozenset(), DECISIONS, Filters())
    assert [each.host for each in found.rows] == ["gamma"]
    assert nothing.rows == ()
    assert nothing.total == 0


def test_pages_follow_each_other(tmp_path: Path) -> None:
    with fleetdata.services(tmp_path) as parts:
        _fill(parts)
        first = trail.trail(parts, None, DECISIONS, Filters(limit=2))
        second = trail.trail(parts, None, DECISIONS, Filters(limit=2, cursor=first.cursor or ""))
    assert [each.verdict for each in (*first.rows, *second.rows)] == ["ask", "deny", "allow"]


def test_changes_with_old_and_new_value(tmp_path: Path) -> None:
    with fleetdata.services(tmp_path) as parts:
        _fill(parts)
        found = trail.trail(parts, None, CHANGES, Filters())
    assert [(each.name, each.differences) for each in found.rows] == [("files", (("launch.args", '["a"]', '["b"]'),))]


def test_a_record_that_cannot_be_read_keeps_its_place() -> None:
    entry = Entry("e", "s", 1, NOW, NOW, "decision", msgspec.json.encode({"type": "decision", "at": 3}))
    assert trail.row_of(entry, "").text == "this record cannot be read"


def test_endpoints_of_very_many_events_are_not_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trail, "MANY", 2)
    with fleetdata.services(tmp_path) as parts:
        _fill(parts)
        many = trail.trail(parts, None, DECISIONS, Filters())
        few = trail.trail(parts, None, DECISIONS, Filters(chosen={"verdict": ("deny", "ask")}))
        chosen = trail.trail(parts, None, DECISIONS, Filters(chosen={"endpoint": ("installation-e1",)}))
    assert "endpoint" not in [each.name for each in many.facets]
    assert "endpoint" in [each.name for each in few.facets]
    assert "endpoint" in [each.name for each in chosen.facets]


def test_a_span_begins_with_a_whole_bar(tmp_path: Path) -> None:
    with fleetdata.services(tmp_path, now="2026-11-21T12:40:10.000000Z") as parts:
        fleetdata.fill_small(parts)
        at = [f"2026-11-20T{time}.000000Z" for time in ("11:59:59", "12:00:00", "12:39:00")]
        fleetdata.add_events(parts, "e1", [decided("allow", f"at {each}", each) for each in at])
        found = trail.trail(parts, None, DECISIONS, Filters(), span="24h")
    assert [each.at for each in found.rows] == [at[2], at[1]]
    assert (found.course[0], len(found.course), found.total) == (("2026-11-20T12:00:00.000000Z", 2), 25, 2)

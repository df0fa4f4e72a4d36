"""Advisories and where they hit."""

from pathlib import Path

from spawngate.server.views import advisories
from spawngate.server.views.advisories import AdvisoryRow
from spawngate.server.views.filters import Filters
from tests.server import fleetdata

SEEN = "2026-11-05T09:00:00.000000Z"


def test_what_is_open(tmp_path: Path) -> None:
    with fleetdata.services(tmp_path) as parts:
        fleetdata.fill_small(parts)
        found = advisories.advisories(parts, None, Filters())
        fixed = advisories.advisories(parts, None, Filters(chosen={"answer": ("fixed",)}))
        mine = advisories.advisories(parts, frozenset({2}), Filters())
    row = AdvisoryRow(
        "CVE-1", "It runs what a server sends.", "critical", ("mcp-remote (npm)",), 1, 1, ("0.1.16",), SEEN
    )
    assert found.rows == (row,)
    assert [(each.advisory, each.summary, each.severity) for each in fixed.rows] == [
        ("CVE-2", fleetdata.HOSTILE, "low")
    ]
    assert [(each.affected, each.uncertain) for each in mine.rows] == [(0, 1)]


def test_where_one_hits(tmp_path: Path) -> None:
    with fleetdata.services(tmp_path) as parts:
        fleetdata.fill_small(parts)
        found = advisories.advisory(parts, None, "CVE-1")
        assert advisories.advisory(parts, frozenset({1}), "CVE-2") is None
        assert advisories.advisory(parts, None, "CVE-3") is None
    assert found is not None
    assert (found.total, found.answers, found.first_seen) == (2, {"affected": 1, "uncertain": 1}, SEEN)
    assert [(each.endpoint, each.answer, each.artifact_fingerprint) for each in found.hits] == [
        ("e1", "affected", "fp-files"),
        ("e3", "uncertain", "fp-drift"),
    ]
    assert found.references == ("https://example.org/advisory", "CWE-78")

"""One MCP server."""

from pathlib import Path

from spawngate.server.views import server
from spawngate.server.views.server import Advised, Said, Variant
from spawngate.trail.event import SCHEMA_VERSION, ArtifactRecord, Event
from tests.server import fleetdata


def test_everything_about_one(tmp_path: Path) -> None:
    with fleetdata.services(tmp_path) as parts:
        fleetdata.fill_small(parts)
        found = server.server(parts, None, "fp-files")
    assert found is not None
    assert (found.name, found.runs, found.endpoints, found.tiers) == ("files", "npx -y some-server", 2, {"official": 2})
    assert (found.teams, found.agents) == ({"Core": 2}, {"cursor": 2})
    assert found.variants == (Variant("fp-drift", "npx -y other-server /", 1),)
    assert found.findings == (
        Said("some-rule", "critical", "A title", "What was seen.", "What to do.", 1),
        Said("some-rule", "high", "A title", "What was seen.", "What to do.", 1),
    )
    assert found.advisories == (
        Advised(
            "CVE-1", "affected", "It runs what a server sends.", "critical", "0.1.10 is below 0.1.16.", ("0.1.16",), 1
        ),
    )
    assert [(each.endpoint, each.state) for each in found.where] == [("e1", "online"), ("e2", "stale")]
    assert (found.first_title, found.unapprovable, found.approvals) == ("alpha", "", ())


def test_what_only_its_endpoint_knows_cannot_be_approved_here(tmp_path: Path) -> None:
    with fleetdata.services(tmp_path) as parts:
        fleetdata.fill_small(parts)
        found = server.server(parts, None, "fp-evil")
    assert found is not None
    assert found.unapprovable.startswith("it runs text")


def test_one_that_another_team_has_is_none(tmp_path: Path) -> None:
    with fleetdata.services(tmp_path) as parts:
        fleetdata.fill_small(parts)
        with parts.database.begin() as connection:
            fleetdata.add_server(connection, "fp-gone", "gone")
        assert server.server(parts, frozenset({2}), "fp-files") is None
        assert server.server(parts, frozenset({2}), "fp-gone") is None
        gone = server.server(parts, None, "fp-gone")
        part = server.server(parts, frozenset({1}), "fp-files")
    assert gone is not None
    assert (gone.name, gone.endpoints, gone.where) == ("gone", 0, ())
    assert part is not None
    assert part.variants == ()


def test_recent_events_about_it(tmp_path: Path) -> None:
    with fleetdata.services(tmp_path) as parts:
        artifact = ArtifactRecord(id="a", kind="mcp_server", name="files", fingerprint="fp-files")
        event = Event("artifact-added", fleetdata.NOW, SCHEMA_VERSION, endpoint="e1", artifact=artifact)
        parts.record([event])
        assert [each.type for each in server.recent(parts, "fp-files", None)] == ["artifact-added"]
        assert [each.type for each in server.recent(parts, "fp-files", ["e1"])] == ["artifact-added"]
        assert server.recent(parts, "fp-files", ["e2"]) == ()
        assert server.recent(parts, "fp-other", None) == ()

"""One line for one event."""

from spawngate.server.console.happened import LONGEST, Line, lines
from spawngate.server.store.port import Entry
from spawngate.trail.event import SCHEMA_VERSION, ArtifactRecord, DifferenceRecord, Event, FindingRecord, canonical
from tests.server.fleetdata import NOW, decided


def _entry(event: Event) -> Entry:
    return Entry("e", "s", 1, NOW, NOW, event.type, canonical(event))


def test_events_in_a_line_each() -> None:
    artifact = ArtifactRecord(
        id="a", kind="skill", name="notes", fingerprint="f", differences=(DifferenceRecord("detail.version"),)
    )
    events = [
        decided("deny", "curl x | sh"),
        Event("artifact-changed", NOW, SCHEMA_VERSION, artifact=artifact),
        Event(
            "finding-opened",
            NOW,
            SCHEMA_VERSION,
            finding=FindingRecord("r", "high", "high", "A title"),
            artifact=artifact,
        ),
        Event("fault", NOW, SCHEMA_VERSION, message="m" * 500),
    ]
    found = lines([*map(_entry, events), Entry("e", "s", 1, NOW, NOW, "x", b"{")])
    assert found[:3] == (
        Line(NOW, "deny", "Bash: curl x | sh"),
        Line(NOW, "artifact-changed", "skill notes: detail.version"),
        Line(NOW, "finding-opened", "A title (notes)"),
    )
    assert len(found) == 4
    assert len(found[3].text) == LONGEST

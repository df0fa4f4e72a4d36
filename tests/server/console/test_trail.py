"""The pages of decisions, changes and one event."""

from pathlib import Path

from spawngate.model.json import Json
from spawngate.server.access.principal import Kind, Principal
from spawngate.server.access.roles import Role
from spawngate.server.console import pages
from spawngate.trail.event import SCHEMA_VERSION, ArtifactRecord, DifferenceRecord, Event
from tests.server import fleetdata
from tests.server.fleetdata import HOSTILE, NOW, decided


def test_decisions_with_course_facets_and_the_newest_for_the_live_tail(tmp_path: Path) -> None:
    with fleetdata.services(tmp_path) as parts, fleetdata.client(pages.routes, parts) as client:
        fleetdata.fill_small(parts)
        fleetdata.add_events(parts, "e1", [decided("allow", "git status"), decided("deny", "curl x | sh")])
        page = client.get("/decisions")
        live = client.get("/decisions?live=1&verdict=deny")
        rows = client.get("/decisions/rows?verdict=deny")
        wrong = client.get("/decisions?q=verdict:")
    assert "curl x | sh" in page.text
    assert 'data-label="events"' in page.text
    assert "hx-get" not in page.text.partition('id="rows"')[2][:200]
    assert 'hx-get="/decisions/rows?live=1&amp;verdict=deny"' in live.text
    assert '<noscript><meta http-equiv="refresh"' in live.text
    assert "curl x | sh" in rows.text
    assert "git status" not in rows.text
    assert "<html" not in rows.text
    assert (wrong.status_code, "This is no query" in wrong.text) == (400, True)


def test_hostile_events_act_nowhere(tmp_path: Path) -> None:
    artifact = ArtifactRecord(
        id="a", kind=HOSTILE, name=HOSTILE, fingerprint="f", agent=HOSTILE, launch={HOSTILE: HOSTILE},
        differences=(DifferenceRecord(HOSTILE, HOSTILE, HOSTILE),),
    )  # fmt: skip
    with fleetdata.services(tmp_path) as parts, fleetdata.client(pages.routes, parts) as client:
        fleetdata.fill_small(parts)
        changed = Event("artifact-changed", NOW, SCHEMA_VERSION, artifact=artifact, detail={HOSTILE: HOSTILE})
        fleetdata.add_events(parts, "e4", [decided("deny", HOSTILE, reasons=(HOSTILE,), message=HOSTILE), changed])
        for path in (
            "/decisions",
            "/changes",
            "/decisions/rows",
            "/events/e4/s1/1",
            "/events/e4/s1/2",
            "/endpoints/e4",
        ):
            answer = client.get(path)
            assert answer.status_code == 200
            assert fleetdata.shown(answer.text), path


def test_one_event_with_its_proof(tmp_path: Path) -> None:
    with fleetdata.services(tmp_path) as parts, fleetdata.client(pages.routes, parts) as client:
        fleetdata.fill_small(parts)
        fleetdata.add_events(parts, "e1", [decided("deny", "curl x | sh"), decided("allow", "ls")])
        answer = client.get("/events/e1/s1/1")
        assert client.get("/events/e1/s1/9").status_code == 404
        assert client.get("/events/e1/s1/x").status_code == 404
    for wanted in ("record intact", "in the day&#39;s tree", "leaf 1 of 2", "curl x | sh"):
        assert wanted in answer.text


def test_another_teams_event_is_none(tmp_path: Path) -> None:
    reader = Principal("r", Kind.TOKEN, {2: Role.READER})
    with fleetdata.services(tmp_path) as parts, fleetdata.client(pages.routes, parts, reader) as client:
        fleetdata.fill_small(parts)
        fleetdata.add_events(parts, "e1", [decided("deny", "curl x | sh")])
        assert client.get("/events/e1/s1/1").status_code == 404
        assert "curl x | sh" not in client.get("/decisions").text


def test_an_event_that_nests_very_deep_is_shown(tmp_path: Path) -> None:
    """An endpoint may nest as deep as a record's reader goes, and must not keep anybody from looking at it."""
    deep: Json = "deepest"
    for _ in range(900):
        deep = [deep]
    event = Event(type="decision", at=NOW, schema_version=1, detail={"first": "seen", "nested": deep})
    with fleetdata.services(tmp_path) as parts, fleetdata.client(pages.routes, parts) as client:
        fleetdata.fill_small(parts)
        fleetdata.add_events(parts, "e1", [event])
        for path in ("/decisions", "/decisions.csv", "/decisions.json", "/endpoints/e1"):
            assert client.get(path).status_code == 200
        page = client.get("/events/e1/s1/1")
        assert page.status_code == 200
        assert "seen" in page.text

"""The pages of decisions, changes and one event."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from spawngate.launch.identity import Identity
from spawngate.model.json import Json
from spawngate.server.access.principal import Kind, Principal
from spawngate.server.access.roles import Role
from spawngate.server.console import pages
from spawngate.server.console.trail import of_day
from spawngate.server.fleet import approvals
from spawngate.trail.event import (
    SCHEMA_VERSION,
    Actor,
    ArtifactRecord,
    CallRecord,
    DecisionRecord,
    DifferenceRecord,
    Event,
)
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


IDENTITY = Identity("npx", ("-y", "server"), environment={"NODE_OPTIONS": "[secret:env-value:abc]"}, unknown=("x",))


def refused(verdict: str = "deny", **more: Json) -> Event:
    detail: dict[str, Json] = {"entry": "entry-1", "identity": msgspec.to_builtins(IDENTITY), **more}
    return Event(
        type="decision",
        at=NOW,
        schema_version=SCHEMA_VERSION,
        actor=Actor(user="ada", agent="cursor"),
        call=CallRecord(kind="launch", commands=("something else",), server=f"files {HOSTILE}"),
        decision=DecisionRecord(verdict, "enforce"),
        question={"tier": "unknown"},
        detail=detail,
    )


def test_a_refused_launch_is_approved_though_nobody_asked(tmp_path: Path) -> None:
    with fleetdata.services(tmp_path) as parts, fleetdata.client(pages.routes, parts) as client:
        fleetdata.fill_small(parts)
        fleetdata.add_events(parts, "e1", [refused()])
        page = client.get("/events/e1/s1/1").text
        # What is approved is what is read, and not what the record says beside it.
        assert "<p><code>npx -y server</code></p>" in page
        assert fleetdata.shown(page)

        def approve(where: str, reason: str = "needed") -> Any:
            fields = {"csrf": fleetdata.CSRF, "where": where, "reason": reason}
            return client.post("/events/e1/s1/1/approve", data=fields, follow_redirects=False)

        assert approve("endpoint").headers["location"] == "/approvals/1"
        assert [approve(where).status_code for where in ("team", "organisation", "moon", "")] == [303, 303, 400, 400]
        assert approve("endpoint", " ").status_code == 400
        with parts.database.read() as connection:
            made = [approvals.get(connection, number) for number in (1, 2, 3)]
            given = approvals.granted(made[0])
        assert [(each.reach, each.team, each.endpoint, each.state) for each in made] == [
            ("endpoint", 1, "e1", "approved"),
            ("team", 1, "", "approved"),
            ("organisation", 0, "", "approved"),
        ]
        assert given is not None
        assert (given.identity, given.agent, given.entry) == (IDENTITY, "cursor", "entry-1")
        assert given.identity.fingerprint == made[0].fingerprint == IDENTITY.fingerprint
        assert client.get("/approvals/1").status_code == 200


def test_of_nothing_else_an_approval_is_offered(tmp_path: Path) -> None:
    events = [
        refused("allow"),
        decided("deny", "curl x | sh"),
        refused(identity=None),
        refused(identity={"command": 1}),
        refused(identity="npx"),
    ]
    with fleetdata.services(tmp_path) as parts, fleetdata.client(pages.routes, parts) as client:
        fleetdata.fill_small(parts)
        fleetdata.add_events(parts, "e1", events)
        for number in range(1, len(events) + 1):
            assert "Approve this launch" not in client.get(f"/events/e1/s1/{number}").text
            fields = {"csrf": fleetdata.CSRF, "where": "team", "reason": "x"}
            assert client.post(f"/events/e1/s1/{number}/approve", data=fields).status_code == 400
        assert client.post("/events/e1/s1/99/approve", data={"csrf": fleetdata.CSRF}).status_code == 404


def test_people_approve_in_their_own_teams_only(tmp_path: Path) -> None:
    editor = Principal("p", Kind.TOKEN, {1: Role.POLICY_EDITOR}, csrf=fleetdata.CSRF)
    reader = Principal("r", Kind.TOKEN, {1: Role.ANALYST}, csrf=fleetdata.CSRF)
    with fleetdata.services(tmp_path) as parts:
        fleetdata.fill_small(parts)
        fleetdata.add_events(parts, "e1", [refused()])
        fleetdata.add_events(parts, "e3", [refused()])
        fields = {"csrf": fleetdata.CSRF, "where": "organisation", "reason": "x"}
        with fleetdata.client(pages.routes, parts, editor) as client:
            page = client.get("/events/e1/s1/1").text
            assert ("Approve this launch" in page, "the whole organisation" in page) == (True, False)
            assert client.post("/events/e1/s1/1/approve", data=fields).status_code == 403
            assert client.post("/events/e3/s1/1/approve", data=fields).status_code == 404
        with fleetdata.client(pages.routes, parts, reader) as client:
            assert "Approve this launch" not in client.get("/events/e1/s1/1").text
            assert client.post("/events/e1/s1/1/approve", data=fields).status_code == 403


@pytest.mark.parametrize(
    ("text", "day", "expected"),
    [
        ("", "2026-11-17", "at:2026-11-17"),
        ("endpoint:a", "2026-11-17", "endpoint:a at:2026-11-17"),
        ("at:2026-11-01 endpoint:a", "2026-11-17", "endpoint:a at:2026-11-17"),
        ("endpoint:a at:2026-11-01", "", "endpoint:a"),
        ("a or b", "2026-11-17", "(a or b) at:2026-11-17"),
        ("(a or b) at:2026-11-16", "2026-11-17", "(a or b) at:2026-11-17"),
        ("(a) or (b)", "2026-11-17", "((a) or (b)) at:2026-11-17"),
        ("x", "yesterday", "x"),
        ("x", "2026-02-30 or y", "x"),
    ],
)
def test_a_query_of_one_day(text: str, day: str, expected: str) -> None:
    assert of_day(text, day) == expected


def test_a_day_is_chosen_by_a_date(tmp_path: Path) -> None:
    with fleetdata.services(tmp_path) as parts:
        http = fleetdata.client(pages.routes, parts)
        answer = http.get("/decisions?day=2026-11-17&q=curl+or+ls&span=7d&agent=cursor")
        assert answer.status_code == 303
        assert answer.headers["location"] == ("/decisions?span=7d&agent=cursor&q=%28curl+or+ls%29+at%3A2026-11-17")
        shown_day = http.get("/decisions?q=at:2026-11-17").text
        assert 'name="day" value="2026-11-17"' in shown_day
        assert 'aria-current="page">Last' not in shown_day
        assert http.get("/changes?day=none&q=x").headers["location"] == "/changes?q=x"

"""Findings as work: set one by one, in bulk, suppressed with a reason and an end, all of it recorded."""

from pathlib import Path

import pytest

from spawngate.server.access.principal import Kind, Principal
from spawngate.server.access.roles import Role
from spawngate.server.console import pages
from spawngate.server.fleet import suppressions
from spawngate.server.fleet.suppressions import Covers
from spawngate.server.services import Services
from spawngate.server.views import findings
from spawngate.server.views.filters import Filters
from spawngate.trail.event import Event
from tests.server import fleetdata
from tests.server.fleetdata import CSRF

ANALYST = Principal("ana", Kind.USER, {1: Role.ANALYST}, csrf=CSRF)
READER = Principal("rea", Kind.USER, {0: Role.READER}, csrf=CSRF)
SUPPRESS = {
    "csrf": CSRF,
    "endpoint": "e1",
    "fingerprint": "f1",
    "kind": "false-positive",
    "reach": "finding",
    "reason": "It is ours.",
    "back": "/findings/e1/f1",
}


def _events(parts: Services) -> list[Event]:
    return [each.event for each in parts.events.query(None, newest_first=False).entries]


def _state(parts: Services, endpoint: str, fingerprint: str) -> tuple[str, str, str]:
    found = findings.finding(parts, None, endpoint, fingerprint)
    assert found is not None
    return found.row.owner, found.row.due, found.row.state


def test_set_for_those_ticked(tmp_path: Path) -> None:
    form = {"csrf": CSRF, "pick": ["e1 f1", "e3 f2"], "owner": "ada", "due": "2026-12-01", "back": "/findings?q=x"}
    with fleetdata.services(tmp_path) as parts, fleetdata.client(pages.routes, parts) as client:
        fleetdata.fill_small(parts)
        answer = client.post("/findings/work", data=form)
        assert (answer.status_code, answer.headers["location"]) == (303, "/findings?q=x")
        assert _state(parts, "e1", "f1") == ("ada", "2026-12-01", "open")
        assert _state(parts, "e2", "f1") == ("ada", "", "open")
        (event,) = _events(parts)
    assert event.subject is not None
    assert (event.type, event.actor.user, event.subject.kind, event.subject.name) == (
        "administration",
        "tester",
        "finding",
        "2 findings",
    )
    assert [(each.path, each.old, each.new) for each in event.subject.differences] == [
        ("e1.f1.owner", "", "ada"),
        ("e1.f1.due", "", "2026-12-01"),
        ("e3.f2.owner", "", "ada"),
        ("e3.f2.due", "2026-11-20", "2026-12-01"),
    ]


def test_set_for_all_that_pass_the_filter_in_ones_own_teams(tmp_path: Path) -> None:
    form = {"csrf": CSRF, "all": "1", "query": "q=files", "state": "acknowledged"}
    with fleetdata.services(tmp_path) as parts, fleetdata.client(pages.routes, parts, ANALYST) as client:
        fleetdata.fill_small(parts)
        assert client.post("/findings/work", data=form).status_code == 303
        found = findings.findings(parts, None, Filters(sort="opened"))
    assert sorted((each.endpoint, each.state) for each in found.rows) == [
        ("e1", "acknowledged"),
        ("e2", "acknowledged"),
        ("e3", "open"),
    ]


def test_one_form_shows_everything_and_takes_away(tmp_path: Path) -> None:
    form = {"csrf": CSRF, "pick": "e2 f1", "whole": "1", "owner": "", "due": "", "state": "resolved"}
    with fleetdata.services(tmp_path) as parts, fleetdata.client(pages.routes, parts) as client:
        fleetdata.fill_small(parts)
        assert 'value="ada"' in client.get("/findings/e2/f1").text
        assert client.post("/findings/work", data=form).status_code == 303
        assert _state(parts, "e2", "f1") == ("", "", "resolved")


def test_suppressed_shown_and_ended(tmp_path: Path) -> None:
    with fleetdata.services(tmp_path) as parts, fleetdata.client(pages.routes, parts) as client:
        fleetdata.fill_small(parts)
        assert client.post("/findings/suppress", data=SUPPRESS | {"until": "2026-12-31"}).status_code == 303
        assert _state(parts, "e1", "f1")[2] == "false-positive"
        assert _state(parts, "e2", "f1")[2] == "open"
        assert "It is ours." in client.get("/findings/e1/f1").text
        assert "It is ours." in client.get("/findings/suppressions").text
        assert client.post("/findings/suppressions/end", data={"csrf": CSRF, "id": "1"}).status_code == 303
        assert _state(parts, "e1", "f1")[2] == "open"
        assert client.post("/findings/suppressions/end", data={"csrf": CSRF, "id": "1"}).status_code == 400
        acts = [(each.subject.kind, each.subject.action) for each in _events(parts) if each.subject]
    assert acts == [("suppression", "created"), ("suppression", "ended")]


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"reason": ""}, 400),
        ({"kind": "accepted"}, 400),
        ({"kind": "other"}, 400),
        ({"reach": "galaxy"}, 400),
        ({"until": "soon"}, 400),
        ({"until": "2026-11-01"}, 400),
        ({"endpoint": "e9"}, 404),
        ({"endpoint": "e3", "fingerprint": "f2"}, 404),
        ({"reach": "organisation"}, 403),
        ({"csrf": ""}, 403),
    ],
)
def test_what_is_refused(tmp_path: Path, change: dict[str, str], status: int) -> None:
    with fleetdata.services(tmp_path) as parts, fleetdata.client(pages.routes, parts, ANALYST) as client:
        fleetdata.fill_small(parts)
        assert client.post("/findings/suppress", data=SUPPRESS | change).status_code == status
        for form in ({}, {"pick": "e1"}, {"pick": "e1 f1"}, {"pick": "e1 f1", "due": "x"}):
            assert client.post("/findings/work", data={"csrf": CSRF, **form}).status_code == 400
        assert _events(parts) == []


def test_a_reader_reads(tmp_path: Path) -> None:
    with fleetdata.services(tmp_path) as parts, fleetdata.client(pages.routes, parts, READER) as client:
        fleetdata.fill_small(parts)
        shown = client.get("/findings/e1/f1").text
        assert "Your role reads here." in shown
        assert 'action="/findings/suppress"' not in shown
        assert 'name="pick"' not in client.get("/findings").text
        assert client.post("/findings/suppress", data=SUPPRESS).status_code == 403


def test_hostile_findings_act_nowhere(tmp_path: Path) -> None:
    with fleetdata.services(tmp_path) as parts, fleetdata.client(pages.routes, parts) as client:
        fleetdata.fill_small(parts)
        record = dict.fromkeys(("title", "message", "remediation"), fleetdata.HOSTILE)
        more = {
            "references": ["javascript:alert(1)", fleetdata.HOSTILE, "https://x.example"],
            "evidence": [fleetdata.HOSTILE],
        }
        with parts.database.begin() as connection:
            fleetdata.add_finding(connection, "e1", "f9", team=1, name=fleetdata.HOSTILE, record=record | more)
        for path in ("/findings/e1/f9", "/findings/e4/f3", "/findings", "/endpoints/e1"):
            answer = client.get(path)
            assert answer.status_code == 200
            assert fleetdata.shown(answer.text)
            assert 'href="javascript:' not in answer.text


def test_suppressions_are_a_list_like_every_other(tmp_path: Path) -> None:
    with fleetdata.services(tmp_path) as parts:
        fleetdata.fill_small(parts)
        with parts.database.begin() as connection:
            for team in (1, 0):
                suppressions.add(
                    connection, Covers(team, "some-rule"), kind="false-positive", reason=fleetdata.HOSTILE, by="Ana",
                    now=fleetdata.NOW,
                )  # fmt: skip
        http = fleetdata.client(pages.routes, parts)
        page = http.get("/findings/suppressions").text
        assert fleetdata.shown(page)
        assert page.count("End now") == 2
        assert [row["id"] for row in http.get("/findings/suppressions.json?covers=a+team").json()["rows"]] == [1]
        assert len(http.get("/findings/suppressions.csv").text.splitlines()) == 3
        analyst = Principal("Kim", Kind.USER, {1: Role.ANALYST}, csrf=CSRF)
        assert fleetdata.client(pages.routes, parts, analyst).get("/findings/suppressions").text.count("End now") == 1

"""Pages of approvals."""

import re
from pathlib import Path
from typing import Any

import pytest

from spawngate.server.access.principal import Kind, Principal
from spawngate.server.access.roles import Role
from spawngate.server.console import pages
from spawngate.server.fleet import approvals, bundles
from spawngate.server.services import Services
from tests.server.fleetdata import CSRF, HOSTILE, client, fill_small, services, shown
from tests.server.views.test_approvals import asked

EDITOR = Principal("Jo", Kind.USER, {1: Role.POLICY_EDITOR}, csrf=CSRF)
READER = Principal("Ro", Kind.USER, {1: Role.READER}, csrf=CSRF)


def state(parts: Services, number: int) -> dict[str, Any]:
    """How a request stands."""
    with parts.database.read() as connection:
        return dict(approvals.described(approvals.get(connection, number)))


def test_a_request_is_approved_with_an_end_and_a_sandbox(tmp_path: Path) -> None:
    with services(tmp_path) as parts:
        fill_small(parts)
        number = asked(parts, "e1", HOSTILE)
        http = client(pages.routes, parts, EDITOR)
        for path in ("/approvals", f"/approvals/{number}"):
            page = http.get(path)
            assert page.status_code == 200
            assert shown(page.text)
        form = {
            "csrf": CSRF,
            "verdict": "approve",
            "reach": "group",
            "expires": "2026-12-31",
            "sandbox": "confined",
            "read": "~/src\r\n\r\n/srv/data\r\n",
            "hosts": "api.example.com",
            "note": "fine",
        }
        done = http.post(f"/approvals/{number}/decide", data=form)
        assert (done.status_code, done.headers["location"]) == (303, f"/approvals/{number}")
        told = state(parts, number)
        assert {name: told[name] for name in ("state", "reach", "expires_at", "decided_by", "note")} == {
            "state": "approved",
            "reach": "group",
            "expires_at": "2026-12-31T23:59:59.999999Z",
            "decided_by": "Jo",
            "note": "fine",
        }
        with parts.database.read() as connection:
            assert approvals.get(connection, number).launch["sandbox"] == {
                "read": ["~/src", "/srv/data"],
                "hosts": ["api.example.com"],
            }
            assert len(bundles.content(connection, "e1", 1, "laptops").approvals) == 1
            assert bundles.content(connection, "e2", 1, "").approvals == ()
        events = parts.events.query(None).entries
        assert [(each.type, each.event.actor.user) for each in events] == [("approval", "Jo")]
        assert "api.example.com" in http.get(f"/approvals/{number}").text
        gone = http.post(f"/approvals/{number}/revoke", data={"csrf": CSRF, "note": "no longer"})
        assert gone.status_code == 303
        assert state(parts, number)["state"] == "revoked"


@pytest.mark.parametrize(
    ("form", "why"),
    [
        ({}, "say whether"),
        ({"verdict": "deny"}, "say why it is denied"),
        ({"verdict": "approve", "reach": "moon"}, "say where"),
        ({"verdict": "approve", "expires": "tomorrow"}, "an end is a day"),
        ({"verdict": "approve", "expires": "2026-11-20"}, "that end is over"),
        ({"verdict": "approve", "sandbox": "confined", "read": "relative"}, "sandbox: read"),
        ({"verdict": "approve", "sandbox": "glass"}, "confined to"),
        ({"verdict": "approve", "reach": "organisation"}, "needs a role in the organisation"),
    ],
)
def test_what_is_decided_wrongly_decides_nothing(tmp_path: Path, form: dict[str, str], why: str) -> None:
    with services(tmp_path) as parts:
        fill_small(parts)
        number = asked(parts, "e1")
        answer = client(pages.routes, parts, EDITOR).post(f"/approvals/{number}/decide", data={"csrf": CSRF, **form})
        assert answer.status_code in (400, 403)
        assert why in answer.text
        assert state(parts, number)["state"] == "pending"


def test_a_denial_says_why_and_the_endpoint_reads_it(tmp_path: Path) -> None:
    with services(tmp_path) as parts:
        fill_small(parts)
        number = asked(parts, "e1")
        http = client(pages.routes, parts, EDITOR)
        form = {"csrf": CSRF, "verdict": "deny", "note": "use the\nreviewed one"}
        assert http.post(f"/approvals/{number}/decide", data=form).status_code == 303
        assert state(parts, number)["note"] == "use the reviewed one"
        again = http.post(f"/approvals/{number}/decide", data=form)
        assert (again.status_code, again.text) == (400, "the request is denied already")


def test_another_team_and_a_reader_decide_nothing(tmp_path: Path) -> None:
    with services(tmp_path) as parts:
        fill_small(parts)
        mine, theirs = asked(parts, "e1"), asked(parts, "e3")
        http = client(pages.routes, parts, EDITOR)
        form = {"csrf": CSRF, "verdict": "approve", "reach": "endpoint"}
        assert http.post(f"/approvals/{theirs}/decide", data=form).text == f"there is no request or approval {theirs}"
        assert http.get(f"/approvals/{theirs}").status_code == 404
        assert http.get("/approvals.json").json()["rows"][0]["id"] == mine
        reader = client(pages.routes, parts, READER)
        assert reader.get(f"/approvals/{mine}").status_code == 200
        assert "Deciding needs the role" in reader.get(f"/approvals/{mine}").text
        assert reader.post(f"/approvals/{mine}/decide", data=form).status_code == 403
        assert http.post(f"/approvals/{mine}/decide", data={**form, "csrf": "x"}).status_code == 403
        assert http.get("/approvals/x").status_code == 404
        assert (state(parts, mine)["state"], state(parts, theirs)["state"]) == ("pending", "pending")


def test_what_is_suggested_is_approved_together(tmp_path: Path) -> None:
    with services(tmp_path) as parts:
        fill_small(parts)
        http = client(pages.routes, parts)
        page = http.get("/approvals/suggested?least=1")
        assert shown(page.text)
        assert page.text.count('name="pick"') == 2
        form: dict[str, Any] = {"csrf": CSRF, "where": "0", "reason": "reviewed", "expires": "2026-12-31"}
        refused: tuple[dict[str, Any], ...] = (
            {"pick": []},
            {"pick": ["fp-evil"]},
            {"pick": ["fp-none"]},
            {"pick": ["fp-files 00000000"]},
            {"pick": "fp-files", "reason": " "},
        )
        for wrong in refused:
            assert http.post("/approvals/suggested", data={**form, **wrong}).status_code == 400
        assert http.get("/approvals.json").json()["rows"] == []
        picked = re.findall(r'name="pick" value="([^"]+)"', page.text)
        assert [each.partition(" ")[0] for each in picked] == ["fp-files", "fp-drift"]
        assert all(len(each.partition(" ")[2]) >= 8 for each in picked), "and what each would run"
        done = http.post("/approvals/suggested", data={**form, "pick": picked})
        assert done.status_code == 303
        rows = http.get("/approvals.json").json()["rows"]
        assert [(row["command"], row["state"], row["reach"], row["reason"]) for row in rows] == [
            ("npx -y other-server /", "approved", "organisation", "reviewed"),
            ("npx -y some-server", "approved", "organisation", "reviewed"),
        ]
        assert 'name="pick"' not in http.get("/approvals/suggested?least=1").text
        assert "Nothing to suggest" in http.get("/approvals/suggested").text
        team = client(pages.routes, parts, EDITOR)
        outside = team.post("/approvals/suggested", data={**form, "pick": "fp-files"})
        assert (outside.status_code, outside.text) == (
            403,
            "An approval for all teams needs a role in the organisation.",
        )


def test_what_is_suggested_is_a_list_as_any_other(tmp_path: Path) -> None:
    with services(tmp_path) as parts:
        fill_small(parts)
        http = client(pages.routes, parts)
        page = http.get("/approvals/suggested?least=1").text
        assert 'href="/approvals/suggested?least=1&amp;stands=not+from+here"' in page
        assert 'href="/approvals/suggested.csv?least=1"' in page
        assert 'name="least" min="1" max="1000000" value="1"' in page
        rows = http.get("/approvals/suggested.json?least=1&stands=not+from+here").json()["rows"]
        assert [row["fingerprint"] for row in rows] == ["fp-evil"]
        assert len(http.get("/approvals/suggested.csv").text.splitlines()) == 2
        narrowed = http.get("/approvals/suggested?least=1&q=nothing-of-this").text
        assert "Nothing passes this filter" in narrowed
        for least in ("x", "-1", "99999999999"):
            assert 'value="2"' in http.get(f"/approvals/suggested?least={least}").text
        save = {"csrf": CSRF, "page": "suggested", "name": "all", "query": "least=1", "back": "/approvals/suggested"}
        assert http.post("/searches", data=save).status_code == 303
        assert '<a href="/approvals/suggested?least=1">all</a>' in http.get("/approvals/suggested").text

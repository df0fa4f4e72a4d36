"""Findings as work over the API."""

from starlette.testclient import TestClient

from spawngate.server.fleet import suppressions
from spawngate.server.fleet.suppressions import Covers
from tests.server.applied import World
from tests.server.management.api import admin, core, refused, server, told

__all__ = ["admin", "core", "server"]


def test_findings_are_listed_by_team(admin: TestClient, core: TestClient) -> None:
    assert {(row["endpoint"], row["fingerprint"]) for row in told(core.get("/api/v1/findings"))["items"]} == {
        ("e1", "f1"),
        ("e2", "f1"),
    }
    assert told(admin.get("/api/v1/findings?severity=critical"))["total"] == 1
    assert {row["rule"] for row in told(core.get("/api/v1/finding-rules"))["items"]} == {"some-rule"}


def test_work_is_set_and_taken_away(server: World, core: TestClient) -> None:
    body = {"owner": "kim", "due": "2026-12-01", "state": "in-progress"}
    told(core.patch("/api/v1/findings/e1/f1", json=body))
    row = told(core.get("/api/v1/findings?endpoint=e1"))["items"][0]
    assert (row["owner"], row["due"], row["state"]) == ("kim", "2026-12-01", "in-progress")
    told(core.patch("/api/v1/findings/e1/f1", json={"owner": ""}))
    row = told(core.get("/api/v1/findings?endpoint=e1"))["items"][0]
    assert (row["owner"], row["due"]) == ("", "2026-12-01")
    assert [what for _, what, _ in server.acts()] == ["finding-changed", "finding-changed"]


def test_what_is_anothers_or_wrong_is_refused(server: World, core: TestClient) -> None:
    for path in ("e3/f2", "e1/none"):
        assert refused(core.get(f"/api/v1/findings/{path}"), 404) == "there is no such finding"
        assert refused(core.patch(f"/api/v1/findings/{path}", json={"owner": "x"}), 404) == "there is no such finding"
    for body in ({"due": "tomorrow"}, {"state": "done"}, {"owner": "x" * 201}):
        refused(core.patch("/api/v1/findings/e1/f1", json=body), 422)
    assert server.acts() == []


def test_a_judgement_is_made_seen_and_ended(server: World, core: TestClient) -> None:
    body = {"team": 1, "kind": "false-positive", "rule": "some-rule", "reason": "not so here"}
    made = told(core.post("/api/v1/suppressions", json=body), 201)["item"]
    assert (made["rule"], made["created_by"]) == ("some-rule", "administrator-1")
    assert told(core.get("/api/v1/findings"))["items"] == [], "they are no open work any more"
    assert [each["id"] for each in told(core.get("/api/v1/suppressions"))["items"]] == [made["id"]]
    told(core.delete(f"/api/v1/suppressions/{made['id']}"))
    assert len(told(core.get("/api/v1/findings"))["items"]) == 2
    assert [what for _, what, _ in server.acts()] == ["suppression-created", "suppression-ended"]


def test_judgements_stay_in_their_team_and_need_what_they_need(
    server: World, admin: TestClient, core: TestClient
) -> None:
    body = {"team": 2, "kind": "accepted", "rule": "other-rule", "reason": "known", "until": "2027-01-01T00:00:00Z"}
    made = told(admin.post("/api/v1/suppressions", json=body), 201)["item"]
    assert told(core.get("/api/v1/suppressions"))["items"] == []
    assert refused(core.delete(f"/api/v1/suppressions/{made['id']}"), 400).startswith("there is no such suppression")
    assert refused(core.post("/api/v1/suppressions", json=body), 404) == "there is no team 2"
    assert "give an end" in refused(admin.post("/api/v1/suppressions", json={**body, "until": ""}), 400)
    assert "RFC 3339" in refused(admin.post("/api/v1/suppressions", json={**body, "until": "soon"}), 400)
    assert refused(admin.post("/api/v1/suppressions", json={**body, "team": 9}), 404) == "there is no team 9"


def test_suppressions_are_narrowed_as_on_the_page(admin: TestClient) -> None:
    body = {"kind": "false-positive", "rule": "some-rule", "reason": "checked"}
    first = told(admin.post("/api/v1/suppressions", json=body), 201)["item"]
    second = told(admin.post("/api/v1/suppressions", json={**body, "rule": "other-rule"}), 201)["item"]
    told(admin.delete(f"/api/v1/suppressions/{first['id']}"))
    live = told(admin.get("/api/v1/suppressions?state=live"))
    assert ([each["id"] for each in live["items"]], live["total"]) == ([second["id"]], 1)
    assert {each["name"] for each in live["facets"]} == {"state"}
    assert [each["id"] for each in told(admin.get("/api/v1/suppressions?q=some-rule"))["items"]] == [first["id"]]


def test_there_is_no_last_suppression_that_is_told(server: World, admin: TestClient) -> None:
    with server.writing() as connection:
        for number in range(1_002):
            covers = Covers(0, f"rule-{number}")
            suppressions.add(connection, covers, kind="false-positive", reason="checked", by="Ann", now=server.clock[0])
    seen, cursor = [], ""
    while cursor is not None:
        page = told(admin.get("/api/v1/suppressions", params={"limit": 500, "cursor": cursor}))
        assert page["total"] == 1_002
        seen += [each["rule"] for each in page["items"]]
        cursor = page["cursor"]
    assert seen == [f"rule-{number}" for number in reversed(range(1_002))]

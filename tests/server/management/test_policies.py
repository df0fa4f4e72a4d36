"""Policies over the API: pushed from Git, made ready, replayed."""

from starlette.testclient import TestClient

from spawngate.server.access.roles import Role
from spawngate.server.console.policies import START
from tests.server.applied import World
from tests.server.fleetdata import add_events
from tests.server.management.api import admin, core, refused, server, told
from tests.server.views.test_replay import FILES, asked

__all__ = ["admin", "core", "server"]


def test_a_folder_is_pushed_and_is_there_once(server: World, admin: TestClient) -> None:
    pushed = told(admin.put("/api/v1/policies/own", json={"files": START, "comment": "4f1e2d3c", "ready": True}))[
        "item"
    ]
    assert (pushed["id"], pushed["state"], pushed["created_by"], pushed["report"]["cases"]) == (
        1,
        "ready",
        "administrator-0",
        [{"path": "own.cases.toml", "name": "a deploy needs a person", "problem": ""}],
    )
    again = told(admin.put("/api/v1/policies/own", json={"files": START, "ready": True}))["item"]
    assert again["id"] == 1
    listed = told(admin.get("/api/v1/policies?q=own"))
    assert [(each["name"], each["revision"], each["state"]) for each in listed["items"]] == [("own", 1, "ready")]
    assert dict(told(admin.get("/api/v1/policies/own"))["item"]["files"]) == START
    assert server.acts() == [("administrator-0", "policy-drafted", "own"), ("administrator-0", "policy-ready", "own")]


def test_what_does_not_hold_stays_a_draft(admin: TestClient) -> None:
    wrong = {**START, "own.cases.toml": START["own.cases.toml"].replace('verdict = "ask"', 'verdict = "deny"')}
    answer = admin.put("/api/v1/policies/own", json={"files": wrong, "ready": True})
    assert "1 of 1 cases fail" in refused(answer, 400)
    assert told(admin.get("/api/v1/policies/own"))["item"]["revision"]["state"] == "draft"
    assert "cases fail" in refused(admin.post("/api/v1/policies/own/revisions/1/ready"), 400)
    assert told(admin.post("/api/v1/policies/own/revisions/1/retire"))["item"]["state"] == "retired"


def test_a_revision_is_replayed_over_ones_own_events(server: World, admin: TestClient, core: TestClient) -> None:
    add_events(server.parts, "e1", [asked("allow", "npm")])
    add_events(server.parts, "e3", [asked("allow", "npm"), asked("deny", "npm")])
    assert told(admin.put("/api/v1/policies/own", json={"files": FILES}))["item"]["state"] == "draft"
    whole = told(admin.get("/api/v1/policies/own/revisions/1/replay?days=30"))["item"]
    assert (whole["total"], whole["changed"], whole["after"]) == (3, 3, {"ask": 3})
    mine = told(core.get("/api/v1/policies/own/revisions/1/replay"))["item"]
    assert (mine["total"], mine["by_endpoint"]) == (1, [{"value": "e1", "label": "alpha", "count": 1}])
    refused(admin.get("/api/v1/policies/own/revisions/1/replay?days=91"), 422)


def test_who_may_not(server: World, core: TestClient) -> None:
    assert refused(core.put("/api/v1/policies/own", json={"files": {}}), 403)
    assert refused(server.program(Role.ANALYST).put("/api/v1/policies/own", json={"files": {}}), 403)
    assert refused(core.get("/api/v1/policies/none"), 404)
    assert refused(core.get("/api/v1/policies/none/revisions/1/replay"), 404)

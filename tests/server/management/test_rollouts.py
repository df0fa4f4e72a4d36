"""Roll-outs over the API."""

import pytest
from starlette.testclient import TestClient

from spawngate.server.console.policies import START
from spawngate.server.fleet import bundles
from tests.server.applied import World
from tests.server.management.api import admin, core, refused, server, told

__all__ = ["admin", "core", "server"]


@pytest.fixture(autouse=True)
def policy(admin: TestClient) -> None:
    """A policy that is ready."""
    told(admin.put("/api/v1/policies/own", json={"files": START, "ready": True}))


def in_force(server: World) -> str:
    """Mode of endpoint e1 of team 1."""
    with server.parts.database.read() as connection:
        policy = bundles.content(connection, "e1", 1, "laptops").policy
    return "" if policy is None else policy.mode


def test_a_policy_watches_then_asks_then_enforces(server: World, core: TestClient) -> None:
    body = {"policy": "own", "revision": 1, "team": 1, "mode": "monitor"}
    made = told(core.post("/api/v1/rollouts", json=body), 201)["item"]
    assert (made["id"], made["percent"], made["created_by"]) == (1, 100, "administrator-1")
    assert in_force(server) == "monitor"
    for mode in ("ask", "enforce"):
        assert told(core.patch("/api/v1/rollouts/1", json={"mode": mode}))["item"]["mode"] == mode
        assert in_force(server) == mode
    assert [each["endpoints"] for each in told(core.get("/api/v1/rollouts"))["items"]] == [2]
    narrow = told(core.get("/api/v1/rollouts?mode=enforce&policy=own&team=1"))
    assert [(each["name"], each["mode"], each["state"]) for each in narrow["items"]] == [("own", "enforce", "in force")]
    assert told(core.get("/api/v1/rollouts?mode=ask"))["items"] == []
    told(core.delete("/api/v1/rollouts/1"))
    assert told(core.get("/api/v1/rollouts"))["items"] == []
    assert [each["id"] for each in told(core.get("/api/v1/rollouts?state=ended"))["items"]] == [1]
    assert in_force(server) == ""
    assert refused(core.delete("/api/v1/rollouts/1"), 409)
    assert [what for _, what, _ in server.acts()][2:] == [
        "rollout-started",
        "rollout-changed",
        "rollout-changed",
        "rollout-ended",
    ]


def test_a_team_reaches_no_other(server: World, admin: TestClient, core: TestClient) -> None:
    body = {"policy": "own", "revision": 1, "mode": "monitor"}
    assert refused(core.post("/api/v1/rollouts", json={**body, "team": 0}), 403)
    assert refused(core.post("/api/v1/rollouts", json={**body, "team": 2}), 404)
    theirs = told(admin.post("/api/v1/rollouts", json={**body, "team": 2}), 201)["item"]["id"]
    assert refused(core.patch(f"/api/v1/rollouts/{theirs}", json={"mode": "enforce"}), 404)
    assert refused(core.delete(f"/api/v1/rollouts/{theirs}"), 404)
    assert told(core.get("/api/v1/rollouts"))["items"] == []
    assert refused(admin.post("/api/v1/rollouts", json={**body, "revision": 9}), 404)
    assert refused(admin.post("/api/v1/rollouts", json={**body, "mode": "off"}), 422)

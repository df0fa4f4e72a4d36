"""Retention and legal holds over the API."""

import pytest
from starlette.testclient import TestClient

from spawngate.server.access.roles import Role
from tests.server.applied import World
from tests.server.fleetdata import NOW
from tests.server.management.api import admin, core, refused, server, told

__all__ = ["admin", "core", "server"]


def test_how_long_events_are_kept_is_the_owners(server: World, admin: TestClient) -> None:
    assert told(admin.get("/api/v1/retention"))["item"] == {"days": 90}
    refused(admin.put("/api/v1/retention", json={"days": 30}), 403)
    owner = server.program(Role.OWNER)
    assert told(owner.put("/api/v1/retention", json={"days": 30}))["item"] == {"days": 30}
    assert told(admin.get("/api/v1/retention"))["item"] == {"days": 30}
    assert server.parts.control.get("setting", "retention") == b"30"
    for days in (0, -1, 10**9, "x"):
        refused(owner.put("/api/v1/retention", json={"days": days}), 422)
    event = server.parts.events.query(None).entries[0].event
    assert event.subject is not None
    assert [(each.path, each.old, each.new) for each in event.subject.differences] == [("days", 90, 30)]


def test_legal_holds_are_the_owners(server: World, admin: TestClient, core: TestClient) -> None:
    owner = server.program(Role.OWNER)
    body = {"since": "2026-11-01", "until": "", "reason": "a case"}
    refused(admin.put("/api/v1/holds/case-1", json=body), 403)
    made = told(owner.put("/api/v1/holds/case-1", json=body))["item"]
    assert made == {"name": "case-1", **body, "by": "owner-0", "at": NOW}
    assert told(admin.get("/api/v1/holds")) == {"schema_version": 1, "items": [made], "cursor": None}
    refused(core.get("/api/v1/holds"), 403)
    refused(admin.delete("/api/v1/holds/case-1"), 403)
    assert told(owner.delete("/api/v1/holds/case-1"))["item"] == {"done": True}
    refused(owner.delete("/api/v1/holds/case-1"), 404)
    assert [what for _, what, _ in server.acts()] == ["hold-set", "hold-lifted"]


@pytest.mark.parametrize(
    ("name", "body", "status"),
    [
        ("case", {"reason": "x", "since": "today"}, 400),
        ("case", {"reason": "x", "since": "2026-11-02", "until": "2026-11-01"}, 400),
        ("case", {"reason": ""}, 422),
        ("case", {}, 422),
        ("case", {"reason": "x", "more": 1}, 422),
        ("-case", {"reason": "x"}, 422),
    ],
)
def test_a_wrong_hold_is_refused(server: World, name: str, body: object, status: int) -> None:
    refused(server.program(Role.OWNER).put(f"/api/v1/holds/{name}", json=body), status)

"""Routes, deliveries, dead letters and retention over the API."""

import msgspec
import pytest
from starlette.testclient import TestClient

from spawngate.routing.notice import Notice
from spawngate.routing.route import RouteText
from spawngate.server.access.roles import Role
from spawngate.server.deliver.ledger import Ledger, Pending
from spawngate.server.store.port import Delivery, Item
from tests.server.applied import World
from tests.server.fleetdata import NOW
from tests.server.management.api import admin, core, refused, server, told

__all__ = ["admin", "core", "server"]


def dead(server: World, *ids: str) -> Ledger:
    """Dead letters with these ids."""
    ledger = Ledger(server.parts.control)
    for each in ids:
        notice = Notice(each, "key", "denies", "new", f"title of {each}", "high")
        ledger.died(Pending(notice, "chat", 1.0, 2.0, 3, "HTTP 400", died=50.0))
    return ledger


def test_routes_are_told_without_settings_of_destinations(server: World, admin: TestClient) -> None:
    route = RouteText(name="denies", destination="chat", match="verdict:deny")
    server.parts.control.put(
        Item("route", "denies", msgspec.json.encode(route)),
        Item("route", "broken", b"{"),
        Item("destination", "chat", b"sealed"),
    )
    assert told(admin.get("/api/v1/routes"))["items"] == [
        {"name": "broken", "destination": "", "match": "", "enabled": False, "problem": "is not stored as a route is"},
        {"name": "denies", "destination": "chat", "match": "verdict:deny", "enabled": True, "problem": ""},
    ]


def test_attempts_are_listed_by_number(server: World, admin: TestClient) -> None:
    server.parts.control.delivered(*(Delivery(NOW, "denies", "chat", "delivered", str(n)) for n in range(3)))
    first = told(admin.get("/api/v1/deliveries?limit=2"))
    rest = told(admin.get("/api/v1/deliveries", params={"limit": 2, "cursor": first["cursor"]}))
    assert [each["dedup_key"] for each in first["items"] + rest["items"]] == ["2", "1", "0"]
    assert rest["cursor"] is None
    assert told(admin.get("/api/v1/deliveries?outcome=dead"))["items"] == []


def test_a_dead_letter_is_sent_again_or_deleted(server: World, admin: TestClient) -> None:
    ledger = dead(server, "a", "b", "c")
    page = told(admin.get("/api/v1/dead-letters?limit=2"))
    assert [(each["id"], each["what"], each["reason"], each["died_at"]) for each in page["items"]] == [
        ("a", "title of a", "HTTP 400", "1970-01-01T00:00:50.000000Z"),
        ("b", "title of b", "HTTP 400", "1970-01-01T00:00:50.000000Z"),
    ]
    assert [each["id"] for each in told(admin.get(f"/api/v1/dead-letters?cursor={page['cursor']}"))["items"]] == ["c"]
    told(admin.post("/api/v1/dead-letters/replay", json={"ids": ["a"]}))
    assert (set(ledger.pending()), set(ledger.dead())) == ({"a"}, {"b", "c"})
    told(admin.post("/api/v1/dead-letters/discard", json={"ids": ["b"]}))
    assert set(ledger.dead()) == {"c"}
    assert refused(admin.post("/api/v1/dead-letters/replay", json={"ids": ["c", "b"]}), 404) == (
        "1 of these are no dead letters any more"
    )
    assert set(ledger.dead()) == {"c"}, "all or none"
    assert [what for _, what, _ in server.acts()] == ["dead-letter-replayed", "dead-letter-discarded"]


@pytest.mark.parametrize("body", [{}, {"ids": []}, {"ids": "a"}, {"ids": [1]}, {"ids": ["x" * 301]}])
def test_what_does_not_fit_is_refused(admin: TestClient, body: object) -> None:
    refused(admin.post("/api/v1/dead-letters/replay", json=body), 422)


def test_a_team_has_no_say_in_routes(server: World, core: TestClient) -> None:
    dead(server, "a")
    for path in ("routes", "deliveries", "dead-letters", "retention"):
        refused(core.get(f"/api/v1/{path}"), 403)
    refused(core.post("/api/v1/dead-letters/replay", json={"ids": ["a"]}), 403)


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

"""Deliveries and dead letters over the API."""

import pytest
from starlette.testclient import TestClient

from spawngate.routing.notice import Notice
from spawngate.server.deliver.ledger import Ledger, Pending, dead_item
from spawngate.server.store.port import Delivery
from tests.server.applied import World
from tests.server.fleetdata import NOW
from tests.server.management.api import admin, core, refused, server, told

__all__ = ["admin", "core", "server"]


def dead(server: World, *ids: str) -> Ledger:
    """Dead letters with these ids."""
    ledger = Ledger(server.parts.control)
    for each in ids:
        notice = Notice(each, "key", "denies", "new", f"title of {each}", "high")
        ledger.control.put(dead_item(Pending(notice, "chat", 1.0, 2.0, 3, "HTTP 400", died=50.0)))
    return ledger


def test_attempts_are_listed_by_number(server: World, admin: TestClient) -> None:
    server.parts.control.delivered(*(Delivery(NOW, "denies", "chat", "delivered", detail=str(n)) for n in range(3)))
    first = told(admin.get("/api/v1/deliveries?limit=2"))
    rest = told(admin.get("/api/v1/deliveries", params={"limit": 2, "cursor": first["cursor"]}))
    assert [each["detail"] for each in first["items"] + rest["items"]] == ["2", "1", "0"]
    assert rest["cursor"] is None
    assert first["total"] == 3
    assert told(admin.get("/api/v1/deliveries?outcome=dead"))["items"] == []
    assert len(told(admin.get("/api/v1/deliveries?outcome=dead&outcome=delivered&route=denies"))["items"]) == 3
    refused(admin.get("/api/v1/deliveries?cursor=x"), 400)


def test_a_dead_letter_is_sent_again_or_deleted(server: World, admin: TestClient) -> None:
    ledger = dead(server, "a", "b", "c")
    page = told(admin.get("/api/v1/dead-letters?limit=2"))
    assert [(each["id"], each["what"], each["reason"], each["died_at"]) for each in page["items"]] == [
        ("a", "title of a", "HTTP 400", "1970-01-01T00:00:50.000000Z"),
        ("b", "title of b", "HTTP 400", "1970-01-01T00:00:50.000000Z"),
    ]
    assert [each["id"] for each in told(admin.get(f"/api/v1/dead-letters?cursor={page['cursor']}"))["items"]] == ["c"]
    assert [each["id"] for each in told(admin.get("/api/v1/dead-letters?q=title of b&route=denies"))["items"]] == ["b"]
    assert told(admin.get("/api/v1/dead-letters?destination=other"))["items"] == []
    refused(admin.get("/api/v1/dead-letters?cursor=x"), 400)
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


def test_a_team_has_no_say_in_deliveries(server: World, core: TestClient) -> None:
    dead(server, "a")
    for path in ("deliveries", "dead-letters"):
        refused(core.get(f"/api/v1/{path}"), 403)
    refused(core.post("/api/v1/dead-letters/replay", json={"ids": ["a"]}), 403)

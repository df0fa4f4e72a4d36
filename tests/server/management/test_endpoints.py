"""Endpoints over the API."""

from starlette.testclient import TestClient

from tests.server.applied import World
from tests.server.management.api import admin, core, refused, server, told

__all__ = ["admin", "core", "server"]


def test_endpoints_are_listed_with_facets_and_by_key(admin: TestClient, core: TestClient) -> None:
    page = told(admin.get("/api/v1/endpoints?limit=3&sort=host"))
    assert [row["host"] for row in page["items"]][1:] == ["alpha", "beta"]
    assert page["total"] == 4
    assert {facet["name"] for facet in page["facets"]} >= {"state", "team", "platform"}
    rest = told(admin.get("/api/v1/endpoints", params={"limit": 3, "sort": "host", "cursor": page["cursor"]}))
    assert [row["host"] for row in rest["items"]] == ["gamma"]
    assert rest["cursor"] is None
    offline = told(admin.get("/api/v1/endpoints?state=offline&state=stale&facets=false"))
    assert {row["id"] for row in offline["items"]} == {"e2", "e3"}
    assert (offline["total"], offline["facets"]) == (0, [])
    assert {row["id"] for row in told(core.get("/api/v1/endpoints"))["items"]} == {"e1", "e2"}


def test_one_endpoint(core: TestClient) -> None:
    assert told(core.get("/api/v1/endpoints/e1"))["item"]["host"] == "alpha"
    for other in ("e3", "nothing"):
        assert refused(core.get(f"/api/v1/endpoints/{other}"), 404) == "there is no such endpoint"


def test_an_endpoint_is_named_and_moved(server: World, admin: TestClient) -> None:
    changed = told(admin.patch("/api/v1/endpoints/e1", json={"label": " Ada's ", "team": 2, "group": "g"}))["item"]
    assert (changed["title"], changed["team"], changed["group"]) == ("Ada's", 2, "g")
    told(admin.patch("/api/v1/endpoints/e1", json={}))
    assert [what for _, what, _ in server.acts()] == ["endpoint-changed"]
    event = server.parts.events.query(None).entries[0].event
    assert event.subject is not None
    assert {each.path: (each.old, each.new) for each in event.subject.differences} == {
        "team": (1, 2),
        "group": ("laptops", "g"),
        "label": (None, "Ada's"),
    }
    assert refused(admin.patch("/api/v1/endpoints/e1", json={"team": 9}), 404) == "there is no team 9"


def test_a_team_keeps_and_takes_nothing_that_is_anothers(server: World, core: TestClient) -> None:
    for team in (2, 0):
        assert refused(core.patch("/api/v1/endpoints/e1", json={"team": team}), 404) == f"there is no team {team}"
    for act in ("retire", "restore"):
        assert refused(core.post(f"/api/v1/endpoints/e3/{act}"), 404) == "there is no such endpoint"
    assert refused(core.patch("/api/v1/endpoints/e3", json={"label": "x"}), 404) == "there is no such endpoint"
    assert server.acts() == []


def test_an_endpoint_is_retired_and_let_in_again(server: World, core: TestClient) -> None:
    assert told(core.post("/api/v1/endpoints/e1/retire"))["item"]["state"] == "retired"
    told(core.post("/api/v1/endpoints/e1/retire"))
    assert told(core.post("/api/v1/endpoints/e1/restore"))["item"]["state"] == "online"
    assert [what for _, what, _ in server.acts()] == ["endpoint-retired", "endpoint-restored"]


def test_an_endpoint_is_told_what_to_do(server: World, core: TestClient) -> None:
    made = told(core.post("/api/v1/endpoints/e1/commands", json={"what": "scan", "reason": "why"}), 201)["item"]
    assert (made["what"], made["state"], made["endpoint"]) == ("scan", "waiting", "e1")
    assert refused(core.post("/api/v1/endpoints/e1/commands", json={"what": "scan"}), 409).endswith("not answered yet")
    assert told(core.get("/api/v1/endpoints/e1/commands"))["items"] == [made]
    gone = told(core.delete(f"/api/v1/endpoints/e1/commands/{made['id']}"))["item"]
    assert gone["state"] == "withdrawn"
    refused(core.delete(f"/api/v1/endpoints/e1/commands/{made['id']}"), 409)
    assert [what for _, what, _ in server.acts()] == ["command-given", "command-withdrawn"]


def test_what_no_endpoint_is_told(server: World, core: TestClient) -> None:
    refused(core.post("/api/v1/endpoints/e1/commands", json={"what": "run", "reason": "x"}), 422)
    refused(core.post("/api/v1/endpoints/e1/commands", json={"what": "unenroll"}), 400)
    for path in ("e3", "nothing"):
        assert refused(core.post(f"/api/v1/endpoints/{path}/commands", json={"what": "scan"}), 404)
        assert refused(core.get(f"/api/v1/endpoints/{path}/commands"), 404)
        assert refused(core.delete(f"/api/v1/endpoints/{path}/commands/5"), 404)
    assert server.acts() == []

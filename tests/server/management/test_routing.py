"""Routes and destinations over the API."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import msgspec
import pytest
from starlette.testclient import TestClient

from spawngate.routing.addresses import allowed
from spawngate.routing.route import RouteText
from spawngate.server.access.roles import Role
from spawngate.server.deliver.secrets import sealer
from spawngate.server.store.port import Item
from tests.server.applied import World, world
from tests.server.management.api import admin, core, refused, server, told

__all__ = ["admin", "core", "server"]

SPLUNK = {"url": "https://splunk.example.com:8088", "token": "t0ken-of-splunk"}


@pytest.fixture
def routing(tmp_path: Path) -> Iterator[World]:
    """A server that holds the key to secrets of destinations."""
    (tmp_path / "store").mkdir()
    with world(tmp_path, seals=sealer(tmp_path / "store", {})) as made:
        yield made


def test_routes_are_told_without_settings_of_destinations(server: World, admin: TestClient) -> None:
    route = RouteText(name="denies", destination="chat", match="verdict:deny")
    server.parts.control.put(
        Item("route", "denies", msgspec.json.encode(route)),
        Item("route", "broken", b"{"),
        Item("destination", "chat", b"sealed"),
    )
    assert [(each["name"], each["state"]) for each in told(admin.get("/api/v1/routes"))["items"]] == [
        ("broken", "broken"),
        ("denies", "broken"),
    ]


def test_a_destination_and_its_route_from_nothing_to_nothing(routing: World) -> None:
    http = routing.program(Role.ADMINISTRATOR)
    made = told(http.put("/api/v1/destinations/siem", json={"type": "splunk", "settings": SPLUNK}))["item"]
    assert (made["settings"]["token"], made["kind"], made["routes"]) == ("(set)", "stream", [])
    assert told(http.get("/api/v1/destinations/siem"))["item"] == made
    route = told(http.put("/api/v1/routes/denies", json={"destination": "siem", "match": "verdict:deny"}))["item"]
    assert route == {"name": "denies", "destination": "siem", "match": "verdict:deny"}
    assert told(http.get("/api/v1/routes/denies"))["item"] == route
    (row,) = told(http.get("/api/v1/routes?state=on&type=splunk&q=verdict"))["items"]
    assert row == {
        "name": "denies", "destination": "siem", "kind": "stream", "type": "splunk", "match": "verdict:deny",
        "limit": "", "enabled": True, "state": "on", "reason": "", "waiting": 0, "dead": 0, "last": "",
    }  # fmt: skip
    assert told(http.get("/api/v1/routes?state=off"))["items"] == []
    listed = told(http.get("/api/v1/destinations"))
    assert [(each["name"], each["routes"]) for each in listed["items"]] == [("siem", ["denies"])]
    assert told(http.get("/api/v1/destinations?type=splunk&kind=stream&q=8088"))["items"] == listed["items"]
    assert told(http.get("/api/v1/destinations?type=slack"))["items"] == []
    assert "t0ken" not in str(listed)
    refused(http.delete("/api/v1/destinations/siem"), 409)
    for path in ("routes/denies", "destinations/siem"):
        assert told(http.delete(f"/api/v1/{path}"))["item"] == {"done": True}
        refused(http.delete(f"/api/v1/{path}"), 404)
        refused(http.get(f"/api/v1/{path}"), 404)
    assert [what for _, what, _ in routing.acts()] == [
        "destination-created", "route-created", "route-removed", "destination-removed",
    ]  # fmt: skip


def test_what_the_api_gives_can_be_sent_back(routing: World) -> None:
    http = routing.program(Role.ADMINISTRATOR)
    made = told(http.put("/api/v1/destinations/siem", json={"type": "splunk", "settings": SPLUNK}))["item"]
    again = http.put("/api/v1/destinations/siem", json={"type": made["type"], "settings": made["settings"]})
    assert told(again)["item"] == made
    elsewhere = {**made["settings"], "url": "https://evil.example.com"}
    told_why = refused(http.put("/api/v1/destinations/siem", json={"type": "splunk", "settings": elsewhere}), 400)
    assert told_why == "destination.siem.url: says where secrets go: with another one, give token anew"
    body = {
        "destination": "siem", "match": "verdict:deny", "min_severity": "high", "group_by": ["rule"],
        "group_wait": "10s", "mute": [], "enabled": False,
    }  # fmt: skip
    route = told(http.put("/api/v1/routes/r", json=body))["item"]
    name = route.pop("name")
    assert told(http.put(f"/api/v1/routes/{name}", json=route))["item"] == {"name": "r", **route}


def test_nobody_reaches_the_inside_or_the_files_of_the_server(routing: World) -> None:
    http = routing.program(Role.OWNER)
    for settings, why in (
        ({**SPLUNK, "allow_internal": ["127.0.0.1"]}, "internal_destinations"),
        ({**SPLUNK, "proxy": "http://127.0.0.1:3128"}, "internal_destinations"),
        ({**SPLUNK, "ca_file": "/etc/passwd"}, "names a file of the server"),
        ({**SPLUNK, "token": {"file": "/etc/passwd"}}, "Expected `str`"),
    ):
        answer = http.put("/api/v1/destinations/x", json={"type": "splunk", "settings": settings})
        assert why in refused(answer, 400)
    file = {"type": "ocsf-file", "settings": {"path": "/tmp/x.ndjson"}}
    assert "names a file of the server" in refused(http.put("/api/v1/destinations/x", json=file), 400)
    refused(http.get("/api/v1/destinations/x"), 404)


@contextmanager
def receiver() -> Iterator[tuple[int, list[str]]]:
    """A program that takes webhooks on loopback; its port, and ids of what it took."""
    taken: list[str] = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            taken.append(self.headers["webhook-id"])
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Hook) as http:
        thread = Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield http.server_port, taken
        finally:
            http.shutdown()
            thread.join()


def test_a_destination_inside_is_refused_when_it_is_reached(routing: World) -> None:
    """The guard of deliveries judges addresses too: a name that leads inside is found out when it is looked up."""
    http = routing.program(Role.ADMINISTRATOR)
    with receiver() as (port, taken):
        settings = {"url": f"http://127.0.0.1:{port}/x", "secrets": ["whsec_" + "A" * 32]}
        told(http.put("/api/v1/destinations/soar", json={"type": "webhook", "settings": settings}))
        told(http.put("/api/v1/routes/all", json={"destination": "soar"}))
        found = told(http.post("/api/v1/routes/all/test"))["item"]
    assert (found["delivered"], taken) == (False, [])
    assert "127.0.0.1 is not a public address" in found["reason"]


def test_a_destination_inside_that_the_operator_allows_is_reached(tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    seals = sealer(tmp_path / "store", {})
    with world(tmp_path, seals=seals, inside=allowed(["127.0.0.0/8"])) as made, receiver() as (port, taken):
        http = made.program(Role.ADMINISTRATOR)
        settings = {
            "url": f"http://127.0.0.1:{port}/x", "secrets": ["whsec_" + "A" * 32], "allow_internal": ["127.0.0.1"],
        }  # fmt: skip
        told(http.put("/api/v1/destinations/soar", json={"type": "webhook", "settings": settings}))
        told(http.put("/api/v1/routes/all", json={"destination": "soar"}))
        assert told(http.post("/api/v1/routes/all/test"))["item"] == {
            "delivered": True, "state": "delivered", "reason": "204",
        }  # fmt: skip
        assert len(taken) == 1
        attempts = told(http.get("/api/v1/deliveries"))["items"]
        assert [(each["route"], each["outcome"]) for each in attempts] == [("all", "test")]


def test_a_test_says_what_became_of_it(routing: World) -> None:
    http = routing.program(Role.ADMINISTRATOR)
    refused(http.post("/api/v1/routes/none/test"), 404)
    assert routing.acts() == []


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("destinations/UPPER", {"type": "splunk", "settings": SPLUNK}, 422),
        ("destinations/x", {"type": "carrier-pigeon", "settings": {}}, 400),
        ("destinations/x", {"settings": {}}, 422),
        ("destinations/x", {"type": "splunk", "settings": []}, 422),
        ("destinations/x", {"type": "splunk", "settings": {"url": 1}}, 400),
        ("routes/x", {"destination": "none"}, 400),
        ("routes/x", {"destination": "none", "colour": "red"}, 422),
        ("routes/x", {}, 422),
    ],
)
def test_what_does_not_fit_is_refused(routing: World, path: str, body: object, status: int) -> None:
    refused(routing.program(Role.ADMINISTRATOR).put(f"/api/v1/{path}", json=body), status)
    assert routing.acts() == []


def test_only_administrators_of_the_organisation_have_a_say(server: World, core: TestClient) -> None:
    for http in (core, server.program(Role.POLICY_EDITOR)):
        refused(http.put("/api/v1/routes/x", json={"destination": "y"}), 403)
        refused(http.put("/api/v1/destinations/x", json={"type": "splunk"}), 403)
        refused(http.delete("/api/v1/routes/x"), 403)
        refused(http.delete("/api/v1/destinations/x"), 403)
        refused(http.post("/api/v1/routes/x/test"), 403)
        refused(http.post("/api/v1/routes/x/off"), 403)
    for path in ("routes", "routes/x", "destinations", "destinations/x"):
        refused(core.get(f"/api/v1/{path}"), 403)
    assert server.acts() == []

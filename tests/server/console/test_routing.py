"""Pages of routes and destinations: forms that make, change, test, switch and remove."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from spawngate.routing.destinations import DESTINATIONS
from spawngate.server import directing
from spawngate.server.access.principal import Kind, Principal
from spawngate.server.access.roles import Role
from spawngate.server.console import pages
from spawngate.server.console.routing import TYPES
from spawngate.server.deliver.secrets import sealer
from spawngate.server.services import Services
from tests.server.console.test_deliveries import ANALYST, TEAM_OWNER, acts
from tests.server.fleetdata import CSRF, HOSTILE, client, services, shown
from tests.server.views.test_deliveries import delivering

EDITOR = Principal("Eve", Kind.USER, {0: Role.POLICY_EDITOR}, csrf=CSRF)
TOKEN = "t0ken-of-splunk"
SPLUNK = {"csrf": CSRF, "type": "splunk", "name": "siem", "url": "https://splunk.example.com:8088", "token": TOKEN}


@pytest.fixture
def parts(tmp_path: Path) -> Iterator[Services]:
    (tmp_path / "store").mkdir()
    with services(tmp_path, seals=sealer(tmp_path / "store", {})) as made:
        yield made


@pytest.fixture
def http(parts: Services) -> TestClient:
    return client(pages.routes, parts)


def test_a_route_is_tested_and_switched(tmp_path: Path) -> None:
    with delivering(tmp_path) as parts:
        http = client(pages.routes, parts)
        tested = http.post("/routes/test", data={"csrf": CSRF, "name": "siem"})
        assert "It arrived." in tested.text
        assert (tmp_path / "siem.ndjson").read_bytes().count(b"\n") == 1
        assert http.get("/deliveries.json").json()["rows"][0]["outcome"] == "test"
        assert http.post("/routes/switch", data={"csrf": CSRF, "name": "quiet", "to": "on"}).status_code == 303
        assert [row["enabled"] for row in http.get("/routes.json").json()["rows"]] == [True, True]
        assert acts(parts) == ["route-tested", "route-switched-on"]
        assert parts.control.get("setting", "routes-changed-by") == b"tester"
        for path, form in (
            ("/routes/test", {"name": "none"}),
            ("/routes/switch", {"name": "none", "to": "on"}),
            ("/routes/switch", {"name": "siem", "to": "sideways"}),
        ):
            assert http.post(path, data={"csrf": CSRF, **form}).status_code == 400


def test_a_destination_is_made_and_a_route_to_it(parts: Services, http: TestClient) -> None:
    made = http.post("/destinations", data=SPLUNK)
    assert (made.status_code, made.headers["location"]) == (303, "/routes/edit?destination=siem")
    form = http.get("/routes/edit?destination=siem").text
    assert '<option value="siem" selected>' in form
    route = {"csrf": CSRF, "name": "denies", "destination": "siem", "match": "verdict:deny", "enabled": "on"}
    assert http.post("/routes", data=route).headers["location"] == "/routes"
    assert [(row["name"], row["destination"], row["state"]) for row in http.get("/routes.json").json()["rows"]] == [
        ("denies", "siem", "on")
    ]
    assert http.get("/destinations.json").json()["rows"] == [
        {
            "name": "siem", "type": "splunk", "title": "Splunk HTTP Event Collector", "kind": "stream",
            "place": "https://splunk.example.com:8088", "routes": ["denies"], "problem": "",
        }
    ]  # fmt: skip
    assert acts(parts) == ["destination-created", "route-created"]


def test_a_secret_is_never_shown_again(parts: Services, http: TestClient) -> None:
    http.post("/destinations", data=SPLUNK)
    for path in ("/destinations", "/destinations/edit?name=siem", "/destinations.json", "/destinations.csv", "/routes"):
        assert TOKEN not in http.get(path).text, path
    assert "set; leave it empty to keep it" in http.get("/destinations/edit?name=siem").text
    kept = http.post("/destinations", data={**SPLUNK, "was": "siem", "token": "", "index": "security"})
    assert kept.headers["location"] == "/destinations"
    assert directing.loaded(parts).table.destinations["siem"].values["token"] == TOKEN
    led = http.post("/destinations", data={**SPLUNK, "was": "siem", "token": "", "url": "https://evil.example.com"})
    assert led.status_code == 400
    assert "says where secrets go: with another one, give token anew" in led.text


def test_a_refused_form_keeps_what_was_typed_but_secrets(http: TestClient) -> None:
    wrong = http.post("/destinations", data={**SPLUNK, "ack_seconds": "soon", "index": HOSTILE})
    assert wrong.status_code == 400
    assert shown(wrong.text)
    assert "ack_seconds: is no number" in wrong.text
    assert 'value="https://splunk.example.com:8088"' in wrong.text
    assert TOKEN not in wrong.text
    http.post("/destinations", data=SPLUNK)
    route = {"csrf": CSRF, "name": "r", "destination": "siem", "match": "verdict:", "group_by": "rule", "mute": "[{]"}
    wrong = http.post("/routes", data=route)
    assert wrong.status_code == 400
    assert "route.r.mute: is no list in JSON" in wrong.text
    assert 'value="verdict:"' in wrong.text
    wrong = http.post("/routes", data={**route, "mute": ""})
    assert (wrong.status_code, "route.r.match: " in wrong.text) == (400, True)


def test_a_route_is_changed_and_removed(parts: Services, http: TestClient) -> None:
    http.post(
        "/destinations", data={"csrf": CSRF, "type": "teams", "name": "chat", "url": "https://teams.example.com/h"}
    )
    mute = '[{"days":["sat","sun"],"zone":"Europe/Berlin"}]'
    route = {
        "csrf": CSRF, "name": "day", "destination": "chat", "match": "", "min_severity": "high",
        "group_by": "rule, name", "digest": "1d", "mute": mute,
    }  # fmt: skip
    assert http.post("/routes", data=route).status_code == 303
    form = http.get("/routes/edit?name=day").text
    typed = dict(re.findall(r'<input name="([a-z_]+)" value="([^"]*)"', form))
    assert (typed["group_by"], typed["digest"], typed["group_wait"]) == ("rule, name", "1d", "30s")
    assert "Europe/Berlin" in form
    changed = {**route, **typed, "was": "day", "enabled": "on", "group_by": ""}
    del changed["name"]
    assert http.post("/routes", data=changed).status_code == 303
    text = directing.loaded(parts).table.routes["day"].text
    assert (text.group_by, text.enabled, text.digest, text.mute[0].days) == ((), True, "1d", ("sat", "sun"))
    assert http.post("/destinations/remove", data={"csrf": CSRF, "name": "chat"}).status_code == 400
    assert http.post("/routes/remove", data={"csrf": CSRF, "name": "day"}).headers["location"] == "/routes"
    assert http.post("/destinations/remove", data={"csrf": CSRF, "name": "chat"}).headers["location"] == "/destinations"
    assert acts(parts) == [
        "destination-created",
        "route-created",
        "route-changed",
        "route-removed",
        "destination-removed",
    ]


def test_two_people_do_not_overwrite_each_other(http: TestClient) -> None:
    http.post("/destinations", data=SPLUNK)
    form = http.get("/destinations/edit?name=siem").text
    found = re.search(r'name="revision" value="([^"]+)"', form)
    assert found is not None
    first = {**SPLUNK, "was": "siem", "revision": found[1]}
    assert http.post("/destinations", data={**first, "index": "one"}).status_code == 303
    late = http.post("/destinations", data={**first, "index": "two"})
    assert (late.status_code, "changed meanwhile" in late.text) == (409, True)
    assert http.post("/destinations", data=SPLUNK).status_code == 400, "a new one does not replace another of its name"


@pytest.mark.parametrize("kind", DESTINATIONS)
def test_every_type_has_a_form(http: TestClient, kind: str) -> None:
    answer = http.get(f"/destinations/edit?type={kind}")
    assert answer.status_code == 200
    if kind == "ocsf-file":
        assert "Where should events go?" in answer.text, "a file of the server is named on its machine"
    else:
        assert f'name="type" value="{kind}"' in answer.text


def test_the_choice_of_types_has_all_that_can_be_made_here(http: TestClient) -> None:
    assert [name for name, _, _ in TYPES] == [kind for kind in DESTINATIONS if kind != "ocsf-file"]
    page = http.get("/destinations/edit").text
    assert set(re.findall(r"/destinations/edit\?type=([a-z0-9-]+)", page)) == {name for name, _, _ in TYPES}


def test_only_administrators_of_the_organisation_change_them(parts: Services, http: TestClient) -> None:
    http.post("/destinations", data=SPLUNK)
    http.post("/routes", data={"csrf": CSRF, "name": "r", "destination": "siem"})
    forms = ("/routes", "/routes/test", "/routes/switch", "/routes/remove", "/destinations", "/destinations/remove")
    for who in (ANALYST, EDITOR, TEAM_OWNER):
        other = client(pages.routes, parts, who)
        for path in forms:
            assert other.post(path, data={**SPLUNK, "to": "off"}).status_code == 403, (who.name, path)
        for path in ("/routes/edit?name=r", "/destinations/edit?name=siem", "/destinations/edit"):
            assert other.get(path).status_code == 403, (who.name, path)
    reader = client(pages.routes, parts, ANALYST)
    for path in ("/routes", "/destinations"):
        page = reader.get(path).text
        assert "/edit" not in page
        assert "siem" in page


def test_empty_lists_say_what_to_do(http: TestClient) -> None:
    assert "/destinations/edit" in http.get("/routes").text
    assert "/destinations/edit" in http.get("/destinations").text
    assert "/destinations/edit" in http.get("/routes/edit").text
    for path in ("/routes/edit?name=none", "/destinations/edit?name=none"):
        assert http.get(path).status_code in (400, 404)

"""Refusals: inside the frame for people, plain for everybody else, and nothing on them that is not theirs."""

from collections.abc import Iterator

import pytest

from spawngate.server.access.roles import Role
from spawngate.server.console.refused import WAYS, entry_of, way_of
from spawngate.server.store.port import StoreError
from tests.server.applied import World, world
from tests.server.fleetdata import fill_small, shown

FRAME = '<nav class="side"'


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(tmp_path_factory.mktemp("refused")) as made:
        fill_small(made.parts)
        yield made


@pytest.mark.parametrize(
    ("path", "status", "active", "message"),
    [
        ("/nowhere", 404, "", "Not Found"),
        ("/endpoints/none", 404, "Endpoints", "There is no such endpoint."),
        ("/administration/people", 403, "", "This needs the permission users:read."),
        ("/decisions?q=verdict:", 400, "Decisions", "character 9"),
    ],
)
def test_people_get_the_frame(server: World, path: str, status: int, active: str, message: str) -> None:
    http = server.browser(server.person(f"Reader of {path}", {1: Role.READER}))
    answer = http.get(path, headers={"accept": "text/html"})
    assert answer.status_code == status
    assert shown(answer.text)
    assert FRAME in answer.text
    assert message in answer.text
    assert (f'aria-current="page">{active}</a>' in answer.text) is bool(active)
    assert "default-src" in answer.headers["content-security-policy"]


def test_what_belongs_to_others_is_refused_as_what_is_not_there(server: World) -> None:
    http = server.browser(server.person("Reader of one", {1: Role.READER}))
    there, nowhere = (http.get(path).text for path in ("/endpoints/e3", "/endpoints/e9"))
    assert there == nowhere.replace("e9", "e3")


def test_a_program_gets_json_and_nobody_the_door(server: World) -> None:
    program = server.program(Role.READER)
    for path in ("/api/v1/endpoints/none", "/api/v1/nowhere"):
        answer = program.get(path)
        assert (answer.status_code, answer.headers["content-type"]) == (404, "application/json")
    person = server.browser(server.person("Reader of the API", {1: Role.READER}))
    assert person.get("/api/v1/endpoints/none").headers["content-type"] == "application/json"
    assert person.get("/endpoints/none", headers={"accept": "application/json"}).json()["error"]["message"]
    assert FRAME not in program.get("/endpoints/none").text
    assert FRAME not in server.client().get("/nowhere").text


def test_a_form_that_is_refused_has_the_frame_too(server: World) -> None:
    http = server.browser(server.person("Owner", {0: Role.OWNER}))
    answer = http.post("/administration/retention", {"days": "<script>"})
    assert (answer.status_code, FRAME in answer.text) == (400, True)
    assert "events are kept 1 to" in answer.text
    forged = http.client.post("/administration/retention", data={"csrf": "x" * 43, "days": "1"})
    assert (forged.status_code, FRAME in forged.text) == (403, True)


def test_a_fault_of_ours_has_the_frame_and_says_nothing_of_itself(
    server: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    http = server.browser(server.person("Somebody", {0: Role.READER}))

    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("a secret of the inside")

    monkeypatch.setattr("spawngate.server.views.search.found", fail, raising=False)
    monkeypatch.setattr("spawngate.server.console.search.search", fail, raising=False)
    answer = http.get("/search?q=x")
    assert (answer.status_code, FRAME in answer.text) == (500, True)
    assert "a secret" not in answer.text
    assert "default-src" in answer.headers["content-security-policy"]
    monkeypatch.setattr("spawngate.server.console.page.team_names", fail)
    plain = http.get("/search?q=x")
    assert (plain.status_code, FRAME in plain.text) == (500, False)
    assert "default-src" in plain.headers["content-security-policy"]


def test_a_store_that_fails_is_answered_plainly(server: World, monkeypatch: pytest.MonkeyPatch) -> None:
    http = server.browser(server.person("Anybody", {0: Role.READER}))

    def fail(*_: object, **__: object) -> None:
        raise StoreError("/var/lib/spawngate is gone")

    monkeypatch.setattr("spawngate.server.console.page.team_names", fail)
    answer = http.get("/nowhere")
    assert (answer.status_code, FRAME in answer.text) == (404, False)
    answer = http.get("/endpoints")
    assert (answer.status_code, FRAME in answer.text, "/var/lib" in answer.text) == (503, False, False)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/", "checklist"),
        ("/endpoints/e1", "endpoints"),
        ("/servers/names", "servers"),
        ("/deliveries/dead", "deliveries"),
        ("/endpointsx", None),
        ("/nowhere", None),
    ],
)
def test_a_path_belongs_to_an_entry(path: str, name: str | None) -> None:
    entry = entry_of(path)
    assert (entry.name if entry else None) == name


@pytest.mark.parametrize(
    ("status", "message", "expected"),
    [
        (403, "This needs the permission users:read.", "An administrator of the organisation may do it."),
        (403, "This needs the permission teams:write.", "An owner of the organisation may do it."),
        (403, "This needs the permission findings:work.", "An analyst of a team, or of the organisation may do it."),
        (403, "This needs the permission policies:write.", "A policy-editor of the organisation may do it."),
        (403, "This needs the permission nonsense:x.", WAYS[403]),
        (403, "A role above your own is not yours to give.", WAYS[403]),
        (404, "This needs the permission users:read.", WAYS[404]),
        (418, "x", ""),
    ],
)
def test_a_refusal_says_who_may(status: int, message: str, expected: str) -> None:
    assert way_of(status, message).startswith(expected)

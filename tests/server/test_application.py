"""The whole application: every route has a requirement and keeps to it, and one team sees nothing of another."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.responses import PlainTextResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.testclient import TestClient

from spawngate.server.access.guard import Requirement
from spawngate.server.access.roles import MATRIX, ORGANISATION_WIDE, Permission, Role
from spawngate.server.application import make_application, requirement, walked
from spawngate.server.fleet.tables import ORGANISATION
from tests.server.applied import ORIGIN, World, world
from tests.server.fleetdata import services

TEAM = 1
"""The team that the people and programs of the matrix belong to."""
PUBLIC = {
    "GET /api/v1/openapi.json",
    "GET /first-run",
    "GET /healthz",
    "GET /invitation",
    "GET /login",
    "GET /readyz",
    "GET /sign-in.css",
    "GET /static/{name:path}",
    "POST /first-run",
    "POST /invitation",
    "POST /login",
    "POST /preferences/theme",
}
"""Every route that asks for nobody, written out: a new one is thought about here too."""
ENROLMENT = "/api/v1/agent/enroll"
"""Has no token yet: what its body holds lets an endpoint in, or does not."""
DOORS = ("/login", "/first-run", "/invitation")
NOTHING = "999999"
"""An id that nothing has: a request that passes the guard finds nothing to change."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(tmp_path_factory.mktemp("matrix")) as made:
        assert made.team("one") == TEAM
        yield made


def calls(application: Any) -> list[tuple[str, str, str, Requirement]]:
    """Every method of every route: method, path as declared, a path that meets it, what it asks for."""
    found = []
    for path, route in walked(application.routes):
        asked = requirement(route)
        assert asked is not None, path
        concrete = re.sub(r"\{[^}]+\}", NOTHING, path)
        for method in sorted(getattr(route, "methods", None) or ["GET"]):
            if method != "HEAD":
                found.append((method, path, concrete, asked))
    return found


def send(client: TestClient, method: str, path: str, **headers: str) -> int:
    """Ask with an empty body; a refusal by the guard comes before anything of it is read."""
    return client.request(method, path, headers=headers).status_code


def test_every_public_route_is_written_down(server: World) -> None:
    found = {f"{method} {path}" for method, path, _, asked in calls(server.application) if asked.is_public}
    assert found == PUBLIC


def test_routes_of_endpoints_are_theirs_alone(server: World) -> None:
    for _, path, _, asked in calls(server.application):
        assert asked.endpoint == path.startswith("/api/v1/agent/")


def test_nobody_passes_but_at_the_doors(server: World) -> None:
    client, wrong = server.client(), []
    for method, path, concrete, asked in calls(server.application):
        if path == ENROLMENT:
            continue
        status = send(client, method, concrete, accept="application/json", **ORIGIN)
        fine = status not in (401, 403) or path in DOORS if asked.is_public else status == 401
        if not fine:
            wrong.append((method, path, status))
    assert wrong == []


@pytest.mark.parametrize("given", ["Bearer sgt_" + "x" * 43, "Basic b3duZXI6eA==", "Bearer ", "bearer", ""])
def test_a_wrong_token_is_nobodys(server: World, given: str) -> None:
    client, wrong = server.client(), []
    for method, path, concrete, asked in calls(server.application):
        if not asked.is_public and path != ENROLMENT:
            status = send(client, method, concrete, accept="application/json", authorization=given, **ORIGIN)
            if status != 401:
                wrong.append((method, path, status))
    assert wrong == []


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("team", [ORGANISATION, TEAM])
def test_every_role_passes_where_it_may_and_nowhere_else(server: World, role: Role, team: int) -> None:
    """The matrix: every route, every role, in the organisation and in a team."""
    client, wrong, passed = server.program(role, team), [], 0
    for method, path, concrete, asked in calls(server.application):
        if asked.permission is None:
            continue
        may = asked.permission in MATRIX[role] and (team == ORGANISATION or asked.permission not in ORGANISATION_WIDE)
        status = send(client, method, concrete, accept="application/json")
        passed += status not in (401, 403)
        if (status not in (401, 403)) is not may or status >= 500:
            wrong.append((method, path, status, may))
    assert wrong == []
    assert passed > 0


def test_a_scope_lets_through_to_nothing_else(server: World) -> None:
    """An owner's token of one permission passes where that one is asked for."""
    wrong = []
    for permission in Permission:
        client = server.program(Role.OWNER, scopes=(permission,))
        for method, path, concrete, asked in calls(server.application):
            if asked.permission is not None:
                status = send(client, method, concrete, accept="application/json")
                if (status not in (401, 403)) is not (permission is asked.permission):
                    wrong.append((permission, method, path, status))
    assert wrong == []


@pytest.mark.parametrize("case", ["bare", "another origin", "cross-site", "no token", "wrong token"])
def test_what_changes_something_needs_the_token_of_its_form(server: World, case: str) -> None:
    """CSRF: an owner's browser that is made to send by another page, or by ours without the form's token."""
    browser = server.browser(server.person(f"Owner ({case})", {0: Role.OWNER}))
    headers = {
        "bare": {},
        "another origin": {"origin": "http://evil.example", "x-csrf-token": browser.csrf},
        "cross-site": {**ORIGIN, "sec-fetch-site": "cross-site", "x-csrf-token": browser.csrf},
        "no token": ORIGIN,
        "wrong token": {**ORIGIN, "x-csrf-token": "x" * 43},
    }[case]
    sent, wrong = 0, []
    for method, path, concrete, asked in calls(server.application):
        if method == "GET" or asked.endpoint or path in DOORS:
            continue
        sent += 1
        status = send(browser.client, method, concrete, accept="application/json", **headers)
        if status != 403:
            wrong.append((method, path, status))
    assert wrong == []
    assert sent > 10


@pytest.fixture(autouse=True)
def unlimited(monkeypatch: pytest.MonkeyPatch) -> None:
    """Thousands of requests of one test are no attack; `test_limits.py` and `test_authenticate.py` see to the rates."""
    monkeypatch.setattr("spawngate.server.access.limits.Limit._left", lambda *_: 1e9)


def test_a_route_that_nobody_thought_about_ends_the_composition(tmp_path: Path) -> None:
    async def bare(request: Any) -> PlainTextResponse:
        return PlainTextResponse("")

    more: tuple[tuple[BaseRoute, str], ...] = (
        (Route("/bare", bare), "/bare"),
        (Mount("/under", routes=[Route("/bare", bare)]), "/under/bare"),
        (Mount("/app", app=PlainTextResponse("")), "/app"),
    )
    with services(tmp_path) as parts:
        for route, path in more:
            with pytest.raises(RuntimeError, match=f"routes without a requirement: {path}$"):
                make_application(parts, more=[route])
        make_application(parts, more=[Mount("/files", StaticFiles(directory=tmp_path))])


def test_every_answer_is_bound(server: World) -> None:
    """Refusals, pages, faults: no script of others, no frame, no guessing, no cache."""
    client = server.client()
    for path in ("/login", "/nothing", "/api/v1/teams", "/api/v1/nothing", "/healthz", "/static/console.css"):
        headers = client.get(path).headers
        assert "script-src 'self'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]


def test_a_fault_of_ours_says_nothing_of_values(tmp_path: Path) -> None:
    from spawngate.server.access.guard import public

    @public("a test")
    def failing(request: Any) -> Any:
        raise KeyError("hunter2")

    with services(tmp_path) as parts:
        client = TestClient(make_application(parts, more=[Route("/failing", failing)]), raise_server_exceptions=False)
        answer = client.get("/failing")
    assert answer.status_code == 500
    assert "hunter2" not in answer.text
    assert "content-security-policy" in answer.headers


def test_the_local_server_has_no_doors_and_one_owner(tmp_path: Path) -> None:
    with world(tmp_path, local=True) as server:
        client = TestClient(server.application, base_url="http://127.0.0.1:80", raise_server_exceptions=False)
        me = client.get("/api/v1/me").json()["item"]
        assert (me["kind"], me["roles"]) == ("local", {"0": "owner"})
        assert client.get("/login", headers={"accept": "application/json"}).status_code == 404
        assert client.post("/api/v1/teams", json={"name": "a"}).status_code == 403, "a page of another origin"
        rebound = TestClient(server.application, base_url="http://evil.example", raise_server_exceptions=False)
        assert rebound.get("/api/v1/me").status_code == 403


def test_strangers_who_ask_for_the_document_cost_nothing(server: World, monkeypatch: pytest.MonkeyPatch) -> None:
    first = server.client().get("/api/v1/openapi.json")
    monkeypatch.setattr("spawngate.server.application.document", lambda made: pytest.fail("made anew"))
    assert server.client().get("/api/v1/openapi.json").content == first.content

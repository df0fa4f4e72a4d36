"""The guard: who passes, and which requests are no forgeries."""

import threading
from collections.abc import Callable, Mapping
from typing import Annotated, Any

import anyio
import pytest
from fastapi import APIRouter, Depends, FastAPI
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Receive, Scope, Send

from spawngate.server.access import guard
from spawngate.server.access.guard import (
    Apart,
    GuardedRoute,
    Requirement,
    by_endpoint,
    fields_of,
    form_of,
    needs,
    principal_of,
    public,
    require,
    requirement_of,
    signed_in,
)
from spawngate.server.access.principal import NOBODY, Kind, Principal, local
from spawngate.server.access.roles import Permission, Role

ANALYST = Principal("ann", Kind.USER, {3: Role.ANALYST}, csrf="right")
READER = Principal("rob", Kind.USER, {3: Role.READER}, csrf="right")
TOKEN = Principal("ci", Kind.TOKEN, {0: Role.ANALYST})
LOCAL = local("kim", "right")
OURS = {"origin": "http://testserver"}


class As:
    """Every request is this principal's."""

    def __init__(self, app: ASGIApp, principal: Principal) -> None:
        self.app, self.principal = app, principal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope.setdefault("state", {})["principal"] = self.principal
        await self.app(scope, receive, send)


def told(request: Request) -> Response:
    return JSONResponse({"who": principal_of(request).name, "form": dict(fields_of(form_of(request)))})


async def told_async(request: Request) -> Response:
    return told(request)


METHODS = ["GET", "POST"]
ROUTES = [
    Route("/work", require(Permission.FINDINGS_WORK)(told), methods=METHODS),
    Route("/async", require(Permission.FINDINGS_WORK)(told_async), methods=METHODS),
    Route("/own", signed_in(told), methods=METHODS),
    Route("/open", public("a test")(told), methods=METHODS),
    Route("/door", public("a test", door=True)(told), methods=METHODS),
    Route("/agent", by_endpoint(told), methods=METHODS),
]
router = APIRouter(route_class=GuardedRoute)


@router.post("/api")
@needs(Permission.FINDINGS_WORK)
def api(body: dict[str, int], who: Annotated[Principal, Depends(principal_of)]) -> dict[str, Any]:
    return {"who": who.name, "body": body}


@pytest.fixture
def client_of() -> Callable[[Principal], TestClient]:
    application = FastAPI()
    application.include_router(router)
    application.router.routes.extend(ROUTES)
    return lambda principal: TestClient(As(application, principal), base_url="http://testserver")


@pytest.mark.parametrize(
    ("principal", "answers"),
    [
        (NOBODY, {"/work": 401, "/async": 401, "/own": 401, "/open": 200, "/agent": 200}),
        (READER, {"/work": 403, "/async": 403, "/own": 200, "/open": 200, "/agent": 200}),
        (ANALYST, {"/work": 200, "/async": 200, "/own": 200, "/open": 200, "/agent": 200}),
        (TOKEN, {"/work": 200, "/async": 200, "/own": 200, "/open": 200, "/agent": 200}),
    ],
    ids=["nobody", "reader", "analyst", "token"],
)
def test_who_passes(
    client_of: Callable[[Principal], TestClient], principal: Principal, answers: Mapping[str, int]
) -> None:
    client = client_of(principal)
    assert {path: client.get(path).status_code for path in answers} == answers


@pytest.mark.parametrize("path", ["/work", "/async", "/own"])
@pytest.mark.parametrize(
    ("headers", "form", "status"),
    [
        (OURS, {"csrf": "right", "x": "1"}, 200),
        (OURS | {"x-csrf-token": "right"}, {"x": "1"}, 200),
        (OURS | {"sec-fetch-site": "same-origin"}, {"csrf": "right"}, 200),
        ({"sec-fetch-site": "same-origin"}, {"csrf": "right"}, 200),
        (OURS, {"x": "1"}, 403),
        (OURS, {"csrf": ""}, 403),
        (OURS, {"csrf": "wrong"}, 403),
        (OURS, {"csrf": "wröng"}, 403),
        ({}, {"csrf": "right"}, 403),
        ({"origin": "null"}, {"csrf": "right"}, 403),
        ({"origin": "https://testserver"}, {"csrf": "right"}, 403),
        ({"origin": "http://testserver.evil.example"}, {"csrf": "right"}, 403),
        ({"origin": "http://testserver:81"}, {"csrf": "right"}, 403),
        (OURS | {"sec-fetch-site": "cross-site"}, {"csrf": "right"}, 403),
        (OURS | {"sec-fetch-site": "same-site"}, {"csrf": "right"}, 403),
        (OURS | {"sec-fetch-site": "none"}, {"csrf": "right"}, 403),
    ],
)
def test_forgeries_are_refused(
    client_of: Callable[[Principal], TestClient],
    path: str,
    headers: Mapping[str, str],
    form: Mapping[str, str],
    status: int,
) -> None:
    for principal in (ANALYST, LOCAL):
        assert client_of(principal).post(path, data=form, headers=headers).status_code == status


def test_a_form_reaches_its_endpoint(client_of: Callable[[Principal], TestClient]) -> None:
    answer = client_of(ANALYST).post("/work", data={"csrf": "right", "x": "1"}, headers=OURS)
    assert answer.json() == {"who": "ann", "form": {"csrf": "right", "x": "1"}}


def test_a_principal_without_a_csrf_token_changes_nothing(client_of: Callable[[Principal], TestClient]) -> None:
    bare = Principal("ann", Kind.USER, {0: Role.OWNER})
    assert client_of(bare).post("/work", data={"csrf": ""}, headers=OURS).status_code == 403


def test_a_token_needs_no_origin(client_of: Callable[[Principal], TestClient]) -> None:
    assert client_of(TOKEN).post("/work").json() == {"who": "ci", "form": {}}


def test_a_public_form_is_taken_from_our_own_pages_only(client_of: Callable[[Principal], TestClient]) -> None:
    client = client_of(NOBODY)
    assert client.post("/open", data={"x": "1"}, headers=OURS).json() == {"who": "", "form": {"x": "1"}}
    assert client.post("/open", data={"x": "1"}).status_code == 403
    assert client.post("/open", data={"x": "1"}, headers={"origin": "http://evil.example"}).status_code == 403


def test_only_a_door_asks_no_token_of_a_session_that_is_there(client_of: Callable[[Principal], TestClient]) -> None:
    client = client_of(ANALYST)
    assert client.post("/open", data={"x": "1"}, headers=OURS).status_code == 403
    assert client.post("/door", data={"x": "1"}, headers=OURS).status_code == 200
    assert client.post("/door", data={"x": "1"}, headers={"origin": "http://evil.example"}).status_code == 403


def test_the_address_that_is_set_counts_and_not_the_one_that_was_asked() -> None:
    application = Starlette(routes=ROUTES)
    application.state.base = "https://Spawngate.example.org"
    client = TestClient(As(application, ANALYST), base_url="http://testserver")
    for origin, status in (("https://spawngate.example.org", 200), ("http://testserver", 403)):
        assert client.post("/work", data={"csrf": "right"}, headers={"origin": origin}).status_code == status


@pytest.mark.parametrize(
    ("principal", "headers", "status"),
    [
        (NOBODY, OURS, 401),
        (READER, OURS | {"x-csrf-token": "right"}, 403),
        (ANALYST, OURS, 403),
        (ANALYST, {"x-csrf-token": "right"}, 403),
        (ANALYST, OURS | {"x-csrf-token": "right"}, 422),
        (TOKEN, {}, 422),
    ],
)
def test_an_api_route_asks_before_it_reads(
    client_of: Callable[[Principal], TestClient], principal: Principal, headers: Mapping[str, str], status: int
) -> None:
    """422 is FastAPI's word for a body that is none: who may not pass does not hear it."""
    client = client_of(principal)
    assert client.post("/api", content=b"{broken", headers=headers).status_code == status


def test_an_api_route_passes_who_may(client_of: Callable[[Principal], TestClient]) -> None:
    assert client_of(TOKEN).post("/api", json={"x": 1}).json() == {"who": "ci", "body": {"x": 1}}


def test_a_route_says_what_it_asks_for() -> None:
    assert [requirement_of(route) for route in ROUTES] == [
        Requirement(permission=Permission.FINDINGS_WORK),
        Requirement(permission=Permission.FINDINGS_WORK),
        Requirement(login=True),
        Requirement(why="a test"),
        Requirement(why="a test"),
        Requirement(endpoint=True),
    ]
    assert requirement_of(Route("/bare", told_async)) is None


def test_a_route_of_fastapi_that_does_not_ask_is_seen() -> None:
    bare = APIRouter()
    bare.add_api_route("/bare", needs(Permission.FINDINGS_WORK)(lambda: None))
    assert [requirement_of(route) for route in bare.routes] == [None]
    with pytest.raises(RuntimeError, match="no requirement"):
        APIRouter(route_class=GuardedRoute).add_api_route("/bare", lambda: None)


def test_what_costs_much_has_threads_of_its_own_and_ends_where_too_many_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "APART", 2)
    monkeypatch.setattr(guard, "WAITING", 3)
    go, inside, answers = threading.Event(), threading.Semaphore(0), list[object]()

    def slow(request: Request) -> Response:
        inside.release()
        assert go.wait(20)
        return Response()

    def asked(number: int) -> Request:
        return Request({"type": "http", "client": (f"203.0.113.{number}", 1)})

    async def many() -> None:
        apart = Apart()

        async def one(number: int) -> None:
            try:
                answers.append((await apart.run(slow, asked(number))).status_code)
            except HTTPException as error:
                answers.append((error.status_code, error.headers))

        async with anyio.create_task_group() as group:
            for number in range(7):
                group.start_soon(one, number)
            await anyio.to_thread.run_sync(lambda: inside.acquire(timeout=20) and inside.acquire(timeout=20))
            assert answers == [(503, {"retry-after": "5"})] * 2, "five are under way or wait"
            assert not inside.acquire(blocking=False), "two have a thread"
            go.set()
        answers.append((await apart.run(slow, asked(1))).status_code)

    anyio.run(many)
    assert answers == [(503, {"retry-after": "5"})] * 2 + [200] * 6


def test_no_network_has_all_threads_of_the_doors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "DOORS_AT_ONCE", 2)
    go, inside, answers = threading.Event(), threading.Semaphore(0), list[int]()

    def slow(request: Request) -> Response:
        inside.release()
        assert go.wait(20)
        return Response()

    async def many() -> None:
        apart = Apart()

        async def one(address: str) -> None:
            try:
                answer = await apart.run(slow, Request({"type": "http", "client": (address, 1)}))
                answers.append(answer.status_code)
            except HTTPException as error:
                answers.append(error.status_code)

        async with anyio.create_task_group() as group:
            for address in ("2001:db8::1", "2001:db8::2", "2001:db8::3", "2001:db8:0:1::1"):
                group.start_soon(one, address)
            await anyio.to_thread.run_sync(lambda: [inside.acquire(timeout=20) for _ in range(3)])
            assert answers == [429]
            go.set()

    anyio.run(many)
    assert answers == [429, 200, 200, 200]

"""How long bodies may be."""

import asyncio
import time
from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.types import Message

from spawngate.server import bodies
from spawngate.server.bodies import USUAL, BodyLimit, most


async def length(request: Request) -> PlainTextResponse:
    return PlainTextResponse(str(len(await request.body())))


@pytest.fixture
def client() -> TestClient:
    application = Starlette(routes=[Route("/{path:path}", length, methods=["POST"])])
    application.add_middleware(BodyLimit)
    return TestClient(application)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/endpoints", 2 << 20),
        ("/api/v1/teams", 2 << 20),
        ("/api/v1/projects", 64 << 20),
        ("/api/v1/agent/events", 0),
        ("/v1/logs", 16 << 20),
    ],
)
def test_limits_go_by_path(path: str, expected: int) -> None:
    assert most(path) == expected


def test_a_body_within_the_limit_passes(client: TestClient) -> None:
    assert client.post("/x", content=b"a" * USUAL).text == str(USUAL)


def test_a_stated_length_is_refused_before_anything_is_read(client: TestClient) -> None:
    answer = client.post("/x", content=b"a" * (USUAL + 1))
    assert answer.status_code == 413
    for stated in ("9" * 30, str(USUAL + 1)):
        assert client.post("/x", content=b"a", headers={"content-length": stated}).status_code == 413


def test_a_body_without_a_length_is_counted(client: TestClient) -> None:
    read = 0

    def endless() -> Iterator[bytes]:
        nonlocal read
        for _ in range(100):
            read += 1
            yield b"a" * (1 << 18)

    assert client.post("/x", content=endless()).status_code == 413


def test_a_length_that_is_none_is_counted_too(client: TestClient) -> None:
    assert client.post("/x", content=b"abc", headers={b"content-length": b"\xb3"}).text == "3"


@pytest.mark.parametrize("path", ["/x", "/api/v1/agent/events"])
def test_a_body_that_trickles_is_refused(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "GRACE", 0.2)
    monkeypatch.setattr(bodies, "SLOWEST", 100)
    sent: list[Message] = []

    async def trickle() -> Message:
        await asyncio.sleep(0.05)
        return {"type": "http.request", "body": b"a", "more_body": True}

    async def send(message: Message) -> None:
        sent.append(message)

    application = Starlette(routes=[Route("/{path:path}", length, methods=["POST"])])
    application.add_middleware(BodyLimit)
    headers = [(b"host", b"x"), (b"accept", b"application/json")]
    scope = {"type": "http", "method": "POST", "path": path, "headers": headers, "query_string": b""}
    begun = time.monotonic()
    asyncio.run(application(scope, trickle, send))
    assert time.monotonic() - begun < 5
    assert sent[0]["status"] == 408
    assert (b"connection", b"close") in sent[0]["headers"]


def test_a_body_that_comes_fast_enough_may_take_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "GRACE", 0.2)
    monkeypatch.setattr(bodies, "SLOWEST", 100)
    parts = iter(range(20))
    sent: list[Message] = []

    async def steady() -> Message:
        await asyncio.sleep(0.03)
        return {"type": "http.request", "body": b"a" * 20, "more_body": next(parts) < 19}

    async def send(message: Message) -> None:
        sent.append(message)

    application = Starlette(routes=[Route("/x", length, methods=["POST"])])
    application.add_middleware(BodyLimit)
    scope = {"type": "http", "method": "POST", "path": "/x", "headers": [], "query_string": b""}
    asyncio.run(application(scope, steady, send))
    assert (sent[0]["status"], sent[1]["body"]) == (200, b"400")

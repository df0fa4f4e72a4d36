"""`server.loopback`: who may ask."""

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from spawngate.server.loopback import HEADERS, Address, Headers, Loopback, Owner, owner_of

pytestmark = pytest.mark.skipif(sys.byteorder != "little", reason="the tables below are of a little-endian machine")

HEAD = (
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode"
    "                                                     \n"
)
TCP = HEAD + (
    "   0: 0100007F:1CA9 00000000:0000 0A 00000000:00000000 00:00000000 00000000 1000        0 5001 1 0 100 0 0 10 0\n"
    "   1: 0100007F:C350 0100007F:1CA9 01 00000000:00000000 00:00000000 00000000 1000        0 5002 1 0 20 4 30 10\n"
    "   2: 0100007F:1CA9 0100007F:C350 01 00000000:00000000 00:00000000 00000000 1000        0 5003 1 0 20 4 30 10\n"
    "   3: 0100007F:C351 0100007F:1CA9 01 00000000:00000000 00:00000000 00000000 1001        0 5004 1 0 20 4 30 10\n"
    "   4: 0100007F:C352 0100007F:1CA9 06 00000000:00000000 03:000016F2 00000000     0        0 0 3 0\n"
    "   5: 0100007F:C353 0100007F:1CA9 04 00000000:00000000 00:00000000 00000000     0        0 0 1 0 20 4 30 10\n"
    "   6: 0100007F:C354 0100007F:1CA9 01 00000000:00000000 00:00000000 00000000     0        0 0 1 0 20 4 30 10\n"
    "   7: 0100007F:C355 0100007F:1CAA 01 00000000:00000000 00:00000000 00000000 1000        0 5007 1 0 20 4 30 10\n"
    "   8: 0200007F:C356 0100007F:1CA9 01 00000000:00000000 00:00000000 00000000 1002        0 5008 1 0 20 4 30 10\n"
)
TCP6 = HEAD + (
    "   0: 00000000000000000000000001000000:C350 00000000000000000000000001000000:1CA9 01 00000000:00000000 00:00000000"
    " 00000000  1003        0 6001 1 0 20 4 30 10\n"
    "   1: 0000000000000000FFFF00000100007F:C351 0000000000000000FFFF00000100007F:1CA9 01 00000000:00000000 00:00000000"
    " 00000000  1004        0 6002 1 0 20 4 30 10\n"
)
US = ("127.0.0.1", 7337)


@pytest.mark.parametrize(
    ("table", "client", "server", "uid"),
    [
        (TCP, ("127.0.0.1", 50000), US, 1000),
        (TCP, ("127.0.0.1", 50001), US, 1001),
        (TCP, ("127.0.0.2", 50006), US, 1002),
        (TCP6, ("::1", 50000), ("::1", 7337), 1003),
        (TCP6, ("127.0.0.1", 50001), US, 1004),
        (TCP6, ("::ffff:127.0.0.1", 50001), US, 1004),
        # The other end of a connection of ours, another server, another address, no such port.
        (TCP, US, ("127.0.0.1", 7337), None),
        (TCP, ("127.0.0.1", 50005), US, None),
        (TCP, ("127.0.0.1", 50006), US, None),
        (TCP, ("127.0.0.1", 50099), US, None),
        # Hung up (TIME_WAIT, FIN_WAIT1) or held by nobody: the kernel says uid 0, which must not count as root.
        (TCP, ("127.0.0.1", 50002), US, None),
        (TCP, ("127.0.0.1", 50003), US, None),
        (TCP, ("127.0.0.1", 50004), US, None),
        (TCP, ("testclient", 50000), US, None),
        ("", ("127.0.0.1", 50000), US, None),
        ("nonsense\n" * 3, ("127.0.0.1", 50000), US, None),
        (
            "0: XX:C350 0100007F:1CA9 01 0 0 0 1000 0 5 1\n"
            "0: 7F:C350 0100007F:1CA9 01 0 0 0 1000 0 5 1\n"
            "0: 0100007F:C350 0100007F:1CA9 01 0 0 0 me 0 5 1\n",
            ("127.0.0.1", 50000),
            US,
            None,
        ),
    ],
)
def test_owner_of(table: str, client: Address, server: Address, uid: int | None) -> None:
    assert owner_of(table, client, server) == uid


@given(st.text(), st.text(max_size=20), st.integers(min_value=0, max_value=65535))
def test_no_table_raises(table: str, host: str, port: int) -> None:
    assert owner_of(table + "\n" + TCP, (host, port), US) in (None, 1000, 1001, 1002)
    assert owner_of(table, ("127.0.0.1", port), US) is None


def client(owner: Owner | None = None, base_url: str = "http://127.0.0.1:7337") -> TestClient:
    async def chat(websocket: WebSocket) -> None:
        await websocket.accept()

    def hello(request: Request) -> PlainTextResponse:
        return PlainTextResponse("hello")

    app = Starlette(
        routes=[Route("/", hello, methods=["GET", "POST"]), WebSocketRoute("/ws", chat)],
        middleware=[Middleware(Headers), Middleware(Loopback, owner=owner, uids={0, 1000})],
    )
    return TestClient(app, base_url=base_url, client=("127.0.0.1", 50000))


@pytest.mark.parametrize(
    ("base_url", "host", "status"),
    [
        ("http://127.0.0.1:7337", "127.0.0.1:7337", 200),
        ("http://127.0.0.1:7337", "localhost:7337", 200),
        ("http://127.0.0.1:7337", "LOCALHOST:7337", 200),
        ("http://127.0.0.1:7337", "[::1]:7337", 200),
        ("http://127.0.0.1", "127.0.0.1", 200),
        ("http://127.0.0.1:7337", "127.0.0.1", 403),
        ("http://127.0.0.1:7337", "127.0.0.1:7338", 403),
        ("http://127.0.0.1:7337", "evil.test:7337", 403),
        ("http://127.0.0.1:7337", "127.0.0.1.evil.test:7337", 403),
        ("http://127.0.0.1:7337", "localhost.:7337", 403),
        ("http://127.0.0.1:7337", "127.0.0.1:7337@evil.test", 403),
        ("http://127.0.0.1:7337", "0.0.0.0:7337", 403),
        ("http://127.0.0.1:7337", "", 403),
    ],
)
def test_host(base_url: str, host: str, status: int) -> None:
    response = client(base_url=base_url).get("/", headers={"host": host})
    assert (response.status_code, response.text == "hello") == (status, status == 200)


def test_two_host_headers_are_refused() -> None:
    headers = [("host", "127.0.0.1:7337"), ("host", "evil.test")]
    assert client().get("/", headers=headers).status_code == 403


@pytest.mark.parametrize(
    ("method", "status"),
    [("GET", 200), ("HEAD", 200), ("POST", 405), ("PUT", 405), ("DELETE", 405), ("OPTIONS", 405), ("TRACE", 405)],
)
def test_method(method: str, status: int) -> None:
    response = client().request(method, "/")
    assert (response.status_code, response.headers.get("allow")) == (status, "GET, HEAD" if status == 405 else None)


@pytest.mark.parametrize(("uid", "status"), [(1000, 200), (0, 200), (1001, 403), (None, 403)])
def test_peer(uid: int | None, status: int) -> None:
    asked: list[tuple[Address, Address]] = []

    def owner(peer: Address, server: Address) -> int | None:
        asked.append((peer, server))
        return uid

    assert client(owner).get("/").status_code == status
    assert asked == [(("127.0.0.1", 50000), ("127.0.0.1", 7337))]


def test_websockets_are_refused() -> None:
    with pytest.raises(WebSocketDisconnect) as refused, client().websocket_connect("/ws"):
        pass
    assert refused.value.code == 1008


@pytest.mark.parametrize(
    ("method", "path", "host"),
    [("GET", "/", None), ("GET", "/x", None), ("POST", "/", None), ("GET", "/", "evil.test")],
)
def test_every_response_carries_the_headers(method: str, path: str, host: str | None) -> None:
    response = client().request(method, path, headers={"host": host} if host else {})
    assert {name: response.headers.get(name) for name in HEADERS} == HEADERS

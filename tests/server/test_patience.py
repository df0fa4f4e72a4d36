"""A connection that says nothing, or says it byte by byte, ends; one that asks is answered."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing, suppress

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from spawngate.server import patience
from spawngate.server.patience import Patient

WHOLE = b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\n"


async def length(request: Request) -> PlainTextResponse:
    return PlainTextResponse(str(len(await request.body())))


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    monkeypatch.setattr(patience, "HEAD_SECONDS", 0.4)
    application = Starlette(routes=[Route("/", length, methods=["POST"])])
    config = uvicorn.Config(application, http=Patient, ws="none", lifespan="off", log_config=None)
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join(20)


def connected(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=10)


def ended(connection: socket.socket) -> bool:
    """Whether the server ends it, and says nothing more."""
    with suppress(ConnectionResetError):
        return connection.recv(1) == b""
    return True


@pytest.mark.parametrize("said", [b"", b"POST / HTTP/1.1\r\nhost:", WHOLE[:-1]])
def test_a_head_that_does_not_come_ends_the_connection(port: int, said: bytes) -> None:
    with closing(connected(port)) as connection:
        connection.sendall(said)
        assert ended(connection)


def test_a_byte_now_and_then_is_not_enough(port: int) -> None:
    with closing(connected(port)) as connection:
        begun = time.monotonic()
        with suppress(OSError):
            for each in WHOLE:
                connection.sendall(bytes([each]))
                time.sleep(0.1)
        assert ended(connection)
        assert time.monotonic() - begun < 0.1 * len(WHOLE)


def test_who_asks_is_answered_however_slow_the_rest_is(port: int) -> None:
    with closing(connected(port)) as connection:
        for _ in range(2):
            connection.sendall(WHOLE[:10])
            time.sleep(0.1)
            connection.sendall(WHOLE[10:] + b"a")
            time.sleep(0.6)
            connection.sendall(b"b")
            answer = b""
            while not answer.endswith(b"\r\n\r\n2"):
                answer += connection.recv(4096) or pytest.fail(str(answer))
            time.sleep(0.6)
        connection.sendall(WHOLE[:10])
        assert ended(connection), "the head of a further request has its time too"

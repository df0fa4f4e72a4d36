"""Requests to the API, over a real connection."""

import asyncio
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from spawngate.model.errors import SpawngateError, StateError, UsageError
from spawngate.server.mcp.ask import Asking


class Api(BaseHTTPRequestHandler):
    answer: tuple[int, bytes] = (200, b"{}")
    asked: list[tuple[str, str | None]]

    def do_GET(self) -> None:
        self.asked.append((self.path, self.headers.get("authorization")))
        status, body = self.answer
        self.send_response(status)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""


@pytest.fixture
def api() -> Iterator[tuple[str, type[Api]]]:
    handler = type("Handler", (Api,), {"asked": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", handler
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def ask(server: str, path: str, token: str = "") -> Any:
    async def asked() -> Any:
        async with Asking(server, token) as asking:
            return await asking.get(path)

    return asyncio.run(asked())


def test_a_document_and_the_token(api: tuple[str, type[Api]]) -> None:
    server, handler = api
    handler.answer = (200, json.dumps({"items": [1]}).encode())
    assert ask(server, "events?limit=1", "sgt_x") == {"items": [1]}
    assert handler.asked == [("/api/v1/events?limit=1", "Bearer sgt_x")]


@pytest.mark.parametrize(
    ("answer", "error", "told"),
    [
        ((400, b'{"error": {"message": "a bracket is open"}}'), UsageError, "400: a bracket is open"),
        ((401, b"{}"), UsageError, "401: refused"),
        ((503, b'{"error": {"message": "starting"}}'), StateError, "503: starting"),
        ((200, b"<html>"), StateError, "no JSON"),
        ((302, b""), StateError, "302"),
    ],
)
def test_refusals(
    api: tuple[str, type[Api]], answer: tuple[int, bytes], error: type[SpawngateError], told: str
) -> None:
    server, handler = api
    handler.answer = answer
    with pytest.raises(error, match=told):
        ask(server, "events")


def test_nobody_there() -> None:
    with pytest.raises(StateError, match="is the server running"):
        ask("http://127.0.0.1:1", "events")


@pytest.mark.parametrize("server", ["http://gate.example.org", "ftp://x", "gate", "https://", "https://x/?a=b"])
def test_addresses_that_are_none(server: str) -> None:
    with pytest.raises(UsageError):
        Asking(server, "sgt_x")

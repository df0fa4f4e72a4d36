"""Which server is asked, with which token, and what its answers become."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from spawngate.cli import asking
from spawngate.cli.asking import Api, read, token_of
from spawngate.model.errors import StateError, UsageError


class Peer(BaseHTTPRequestHandler):
    status, body = 200, b"{}"
    asked: list[tuple[str, str, str | None, bytes]]

    def do_GET(self) -> None:
        size = int(self.headers.get("content-length") or 0)
        self.asked.append((self.command, self.path, self.headers.get("authorization"), self.rfile.read(size)))
        self.send_response(self.status)
        self.send_header("location", "http://127.0.0.1:1/elsewhere")
        self.send_header("content-length", str(len(self.body)))
        self.end_headers()
        self.wfile.write(self.body)

    do_PUT = do_DELETE = do_GET

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""


@pytest.fixture
def peer() -> Iterator[tuple[str, type[Peer]]]:
    handler = type("Handler", (Peer,), {"asked": []})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as http:
        thread = Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"http://127.0.0.1:{http.server_port}", handler
        finally:
            http.shutdown()
            thread.join()


def test_a_question_and_a_change(peer: tuple[str, type[Peer]]) -> None:
    url, handler = peer
    with Api(f"{url}/", "sgt_x") as api:
        assert api.get("events", query="a b", cursor="", limit=3) == b"{}"
        assert api.send("PUT", "retention", {"days": 3}) == b"{}"
        assert api.send("DELETE", "holds/a") == b"{}"
    assert handler.asked == [
        ("GET", "/api/v1/events?query=a+b&limit=3", "Bearer sgt_x", b""),
        ("PUT", "/api/v1/retention", "Bearer sgt_x", b'{"days":3}'),
        ("DELETE", "/api/v1/holds/a", "Bearer sgt_x", b""),
    ]


def test_without_a_token_none_is_sent(peer: tuple[str, type[Peer]]) -> None:
    with Api(peer[0], "") as api:
        api.get("days")
        with pytest.raises(UsageError, match="who changes something says who they are"):
            api.send("PUT", "retention", {"days": 3})
    assert [each[2] for each in peer[1].asked] == [None], "nothing was changed"


@pytest.mark.parametrize(
    ("status", "body", "kind", "told"),
    [
        (403, b'{"error": {"message": "Not you."}}', UsageError, "403: Not you."),
        (404, b'{"error": {}}', UsageError, "404: refused"),
        (503, b'{"error": {"message": "Later."}}', StateError, "503: Later."),
        (500, b"<html>", StateError, "answered 500, no JSON"),
        (302, b"", StateError, "answered 302, no JSON"),
        (200, b"x" * 2_000, StateError, "too large"),
    ],
)
def test_what_is_refused(
    peer: tuple[str, type[Peer]], monkeypatch: pytest.MonkeyPatch, status: int, body: bytes, kind: type, told: str
) -> None:
    monkeypatch.setattr(asking, "LARGEST", 1_000)
    peer[1].status, peer[1].body = status, body
    with Api(peer[0], "sgt_x") as api, pytest.raises(kind, match=told):
        api.get("events")
    assert len(peer[1].asked) == 1, "no redirect is followed with a token"


@pytest.mark.parametrize(
    "server",
    [
        "", "gate.example.org", "http://gate.example.org", "ftp://127.0.0.1", "https://u:p@x", "https://x?y",
        "http://[::1", "https://x:99999",
    ],
)  # fmt: skip
def test_what_is_no_server(server: str) -> None:
    with pytest.raises(UsageError):
        Api(server, "")


def test_a_file_of_certificates_that_has_none(tmp_path: Path) -> None:
    path = tmp_path / "ca.pem"
    path.write_text("none")
    with pytest.raises(UsageError, match="holds no certificates"):
        Api("https://gate.example.org", "", ca=path)


def test_a_token_comes_from_a_file_or_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "token"
    path.write_text("sgt_file\n")
    monkeypatch.setenv("SPAWNGATE_TOKEN", "sgt_environment")
    assert (token_of(path), token_of(None)) == ("sgt_file", "sgt_environment")
    for wrong in (b"two words", "sgt_ä".encode(), b"\xff", b"a\x00b"):
        path.write_bytes(wrong)
        with pytest.raises(UsageError):
            token_of(path)


def test_an_answer_of_another_program_is_said() -> None:
    for wrong in (b"", b"[]", b'{"a": "x"}', b"\xff"):
        with pytest.raises(StateError, match="not one of a Spawngate server"):
            read(wrong, dict[str, int])

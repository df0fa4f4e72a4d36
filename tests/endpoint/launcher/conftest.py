"""A launcher of each kind (`native`, and `python` for machines without a compiler), and a web server."""

import http.server
import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from spawngate.endpoint.launcher.place import packaged
from tests.endpoint.launcher.harness import Place, place_in, serving


@pytest.fixture(params=["native", "python"])
def alone(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """A launcher without a daemon."""
    if request.param == "native" and packaged("spawngate-launch") is None:
        pytest.skip("built without a C compiler")
    return place_in(tmp_path / "state", request.param)


@pytest.fixture
def place(alone: Place) -> Iterator[Place]:
    """A launcher and its daemon, which allows everything until a test says something else."""
    with serving(alone.socket_folder, alone.daemon):
        yield alone


class Answers(http.server.BaseHTTPRequestHandler):
    """Says what it was asked."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        body = json.dumps([self.command, self.path, self.headers["Host"], self.headers.get("Connection")]).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        data = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data[::-1])

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


@pytest.fixture
def web() -> Iterator[int]:
    """A server on this machine's loopback; its port."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()

"""A stub on a real port: whatever answers an HttpRequest with an HttpAnswer, behind the standard library's server."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Protocol

from spawngate.routing.destination import HttpAnswer, HttpRequest


class Stub(Protocol):
    """A vendor's server, without its sockets."""

    def answer(self, request: HttpRequest) -> HttpAnswer: ...


@contextmanager
def serving(stub: Stub) -> Iterator[str]:
    """Serve a stub on loopback; gives `http://127.0.0.1:PORT`."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = tuple((name.lower(), value) for name, value in self.headers.items())
            host = self.headers.get("Host", "")
            answer = stub.answer(HttpRequest(self.command, f"http://{host}{self.path}", headers, body))
            self.send_response(answer.status)
            for name, value in answer.headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        do_GET = do_POST = do_PUT = _any

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def header(request: HttpRequest, name: str) -> str:
    """A header of a request, whatever its case."""
    return next((value for key, value in request.headers if key.lower() == name.lower()), "")

"""The HTTP front of stub servers: a real server on loopback, its faults, and what it was asked.

Must not be here: what a vendor does (one file each).
"""

import contextlib
import json
import socket
import ssl
import threading
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Asked:
    """One request."""

    method: str
    path: str
    headers: dict[str, str]
    """Names in lower case."""
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Reply:
    """One answer. `drop`: the connection ends instead, after the request was carried out."""

    status: int = 200
    body: bytes | str | dict[str, Any] | list[Any] = b""
    headers: dict[str, str] = field(default_factory=dict)
    drop: bool = False

    def data(self) -> bytes:
        if isinstance(self.body, bytes):
            return self.body
        return self.body.encode() if isinstance(self.body, str) else json.dumps(self.body).encode()


class Stub:
    """A server whose `answer` is the vendor. `faults` are answered first, one for each request."""

    def __init__(self, answer: Callable[[Asked], Reply]) -> None:
        self.answer = answer
        self.asked: list[Asked] = []
        self.faults: deque[Reply] = deque()
        self.lost: deque[bool] = deque()
        """For each request, whether its answer is lost although it was carried out."""
        self.lock = threading.Lock()
        self.url = ""
        self.port = 0

    def handle(self, asked: Asked) -> Reply:
        with self.lock:
            self.asked.append(asked)
            if self.faults:
                return self.faults.popleft()
            lost = self.lost.popleft() if self.lost else False
            reply = self.answer(asked)
            return Reply(drop=True) if lost else reply


@contextlib.contextmanager
def serving(stub: Stub, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1") -> Iterator[Stub]:
    """Serve the stub on a free port; `stub.url` is its address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 10

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing."""

        def any(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            reply = stub.handle(Asked(self.command, self.path, headers, body))
            self.close_connection = True
            if reply.drop:
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            data = reply.data()
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PUT = do_DELETE = any

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = True
        request_queue_size = 128

        def handle_error(self, request: Any, client_address: Any) -> None:
            """A client that goes away is part of the tests."""

    with Server((host, 0), Handler) as server:
        if tls is not None:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        stub.port = server.server_address[1]
        stub.url = f"{'https' if tls else 'http'}://{host}:{stub.port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield stub
        finally:
            server.shutdown()
            thread.join()

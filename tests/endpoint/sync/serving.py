"""A real server of endpoints on loopback, in a thread, for tests of the endpoint's side."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette

from spawngate.server.fleet import enrolments
from spawngate.server.intake import routes
from spawngate.server.services import Services
from tests.server import fleetdata


class Served:
    """A server, and what it knows."""

    def __init__(self, services: Services, port: int) -> None:
        self.services, self.port = services, port
        self.address = f"http://127.0.0.1:{port}"
        self.asked: list[tuple[str, str, int]] = []
        """Method, path and status of each request."""

    def secret(self, *, kind: Any = "secret") -> str:
        """A fresh enrolment secret or code."""
        with self.services.database.begin() as connection:
            made = enrolments.create(
                connection, kind=kind, name="t", team=0, group="", most=0, by="ada", now=self.services.now()
            )
        return made[1]

    def stored(self, endpoint: str) -> list[bytes]:
        """The records of an endpoint, in order."""
        page = self.services.events.query(None, limit=10_000, newest_first=False)
        found = [entry for entry in page.entries if entry.endpoint == endpoint]
        return [entry.record for entry in sorted(found, key=lambda entry: (entry.stream, entry.sequence))]


class _Heard:
    """Notes what was asked."""

    def __init__(self, application: Starlette, heard: list[tuple[str, str, int]]) -> None:
        self._application, self._heard = application, heard

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        async def noted(message: Any) -> None:
            if message["type"] == "http.response.start":
                self._heard.append((scope["method"], scope["path"].rpartition("/")[2], message["status"]))
            await send(message)

        await self._application(scope, receive, noted)


@contextmanager
def serving(
    folder: Path, *, now: str = fleetdata.NOW, port: int = 0, interval: int = 60, **config: Any
) -> Iterator[Served]:
    """Serve until the context ends."""
    with fleetdata.services(folder, now=now) as services:
        application = Starlette(routes=list(routes(services, interval=interval)))
        served = Served(services, port)
        given = uvicorn.Config(
            _Heard(application, served.asked), host="127.0.0.1", port=port, log_level="error", lifespan="off", **config
        )
        server = uvicorn.Server(given)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        until = time.monotonic() + 10
        while not server.started and time.monotonic() < until:
            time.sleep(0.01)
        assert server.started
        served.port = server.servers[0].sockets[0].getsockname()[1]
        scheme = "https" if config else "http"
        served.address = f"{scheme}://127.0.0.1:{served.port}"
        try:
            yield served
        finally:
            server.should_exit = True
            thread.join(10)

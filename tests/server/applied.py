"""A whole application for tests, in a folder, with people and tokens of every kind."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from threading import Thread
from time import monotonic, sleep
from typing import Any

import httpx2
import msgspec
import uvicorn
from fastapi import FastAPI
from sqlalchemy import Connection
from starlette.testclient import TestClient

from spawngate.server.access.roles import Permission, Role
from spawngate.server.application import make_application
from spawngate.server.fleet import sessions, teams, tokens, users
from spawngate.server.services import Services
from spawngate.trail.moment import stamp
from tests.server.fleetdata import NOW, services

ORIGIN = {"origin": "http://testserver"}


@dataclass
class World:
    """A server in a folder: its parts, its application, and a clock that tests set."""

    parts: Services
    application: FastAPI
    clock: list[str] = field(default_factory=lambda: [NOW])

    def later(self, **span: float) -> None:
        """Let time pass."""
        self.clock[0] = stamp(datetime.fromisoformat(self.clock[0]) + timedelta(**span))

    def client(self, **given: Any) -> TestClient:
        """A browser or program without cookies."""
        return TestClient(self.application, raise_server_exceptions=False, follow_redirects=False, **given)

    def person(self, name: str, roles: Mapping[int, Role], **given: Any) -> int:
        """Somebody who can have sessions."""
        with self.parts.database.begin() as connection:
            return users.create(connection, name, self.clock[0], roles=roles, **given)

    def browser(self, user: int) -> "Browser":
        """A browser in which somebody has signed in."""
        with self.parts.database.begin() as connection:
            word = sessions.begin(connection, user, self.clock[0])
            found = sessions.find(connection, word, self.clock[0])
        assert found is not None
        client = self.client(cookies={"spawngate-plain": word})
        return Browser(client, found.csrf, word)

    def program(self, role: Role, team: int = 0, scopes: tuple[Permission, ...] = (), days: int = 90) -> TestClient:
        """A program with a token."""
        with self.parts.database.begin() as connection:
            _, secret = tokens.create(
                connection,
                name=f"{role.value}-{team}",
                team=team,
                role=role,
                scopes=scopes,
                days=days,
                by="test",
                now=self.clock[0],
            )
        return self.client(headers={"authorization": f"Bearer {secret}"})

    def team(self, name: str) -> int:
        """A team."""
        with self.parts.database.begin() as connection:
            return teams.create(connection, name, self.clock[0]).id

    def acts(self) -> list[tuple[str, str, str]]:
        """What was recorded of administration: who, what, on whom; oldest first."""
        page = self.parts.events.query(None, limit=1000, newest_first=False)
        found = [each.event for each in page.entries]
        return [
            (event.actor.user, str(event.detail["what"]), event.subject.name)
            for event in found
            if event.type == "administration" and event.subject is not None
        ]

    def writing(self) -> Any:
        """A transaction in the fleet database."""
        return self.parts.database.begin()


@dataclass
class Browser:
    """A client with a session."""

    client: TestClient
    csrf: str
    word: str

    def get(self, path: str, **given: Any) -> httpx2.Response:
        """A page."""
        return self.client.get(path, **given)

    def post(self, path: str, form: Mapping[str, str] | None = None, **given: Any) -> httpx2.Response:
        """A form of one of our pages."""
        return self.client.post(path, data={"csrf": self.csrf, **(form or {})}, headers=ORIGIN, **given)


@contextmanager
def world(folder: Path, *, provider: Any = None, **more: Any) -> Iterator[World]:
    """A server over a folder."""
    clock = [NOW]
    with services(folder, **more) as parts:
        moved = _with_clock(parts, clock)
        yield World(moved, make_application(moved, provider=provider), clock)


@contextmanager
def listening(application: FastAPI) -> Iterator[str]:
    """The application on a port of loopback; its address."""
    server = uvicorn.Server(uvicorn.Config(application, port=0, log_level="error", lifespan="off"))
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    until = monotonic() + 10
    while not server.started and monotonic() < until:
        sleep(0.01)
    assert server.started
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)


def _with_clock(parts: Services, clock: list[str]) -> Services:
    return replace(parts, now=lambda: clock[0])


def answered(response: Any) -> Any:
    """The JSON of an answer."""
    return msgspec.json.decode(response.content)


def owner(connection: Connection, name: str = "Owner") -> int:
    """Somebody who owns the organisation."""
    return users.create(connection, name, NOW, roles={0: Role.OWNER})

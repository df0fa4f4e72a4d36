"""Fleet data for tests of views and pages: a real database and store in a folder, and short ways to fill them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Receive, Scope, Send

from spawngate.model.errors import UsageError
from spawngate.server.access.principal import Principal, local
from spawngate.server.fleet.database import open_fleet
from spawngate.server.fleet.tables import ARTIFACTS, ENDPOINTS, FINDINGS, SERVERS, TEAMS
from spawngate.server.services import Services
from spawngate.server.store.embedded import EmbeddedStore

NOW = "2026-11-21T12:00:00.000000Z"
CSRF = "c" * 43
OWNER = local("tester", CSRF)


@contextmanager
def services(folder: Path, *, now: str = NOW, **more: Any) -> Iterator[Services]:
    """The parts of a server over a folder, closed at the end."""
    moment = datetime.fromisoformat(now)
    with EmbeddedStore(folder / "store", clock=lambda: moment.astimezone(UTC)) as store:
        database = open_fleet(folder / "store")
        try:
            yield Services(
                database=database,
                events=store.events,
                control=store.control,
                record=store.own.record,
                now=lambda: now,
                signer=store.signer,
                **more,
            )
        finally:
            database.close()


def add_team(connection: Connection, number: int, name: str) -> None:
    """A team."""
    connection.execute(insert(TEAMS).values(id=number, name=name, created_at=NOW))


def add_endpoint(connection: Connection, id: str, *, team: int = 0, **more: Any) -> None:
    """An endpoint that was heard of just now."""
    values: dict[str, Any] = {
        "id": id,
        "installation": f"installation-{id}",
        "team": team,
        "host": f"{id}.example",
        "user_name": "ada",
        "platform": "linux",
        "version": "0.1.0",
        "key": "00" * 32,
        "token": f"token-of-{id}",
        "enrolled_at": "2026-11-01T09:00:00.000000Z",
        "seen_at": NOW,
        "enforcement": [],
        "integrity": [],
        "mode": "monitor",
        "dropped": {},
    } | more
    connection.execute(insert(ENDPOINTS).values(**values))


def add_artifact(connection: Connection, endpoint: str, id: str, *, kind: str = "mcp_server", **more: Any) -> None:
    """An artifact of an endpoint."""
    values: dict[str, Any] = {
        "endpoint": endpoint,
        "id": id,
        "team": 0,
        "kind": kind,
        "name": id,
        "agent": "cursor",
        "scope": "user",
        "path": "/home/ada/.cursor/mcp.json",
        "fingerprint": f"fp-{id}",
        "status": "enabled",
        "capabilities": [],
        "first_seen": "2026-11-02T09:00:00.000000Z",
        "changed_at": "2026-11-02T09:00:00.000000Z",
    } | more
    if kind == "mcp_server":
        values = {"tier": "unknown", "transport": "stdio"} | values
    values.setdefault("record", record_of(values, more.get("launch")))
    values.pop("launch", None)
    connection.execute(insert(ARTIFACTS).values(**values))


def record_of(values: Mapping[str, Any], launch: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """An artifact as `scan --format json` prints it."""
    keys = ("kind", "id", "fingerprint", "agent", "scope", "name", "path", "status")
    record: dict[str, Any] = {key: values[key] for key in keys} | {"detail": values.get("detail", {})}
    if values["kind"] == "mcp_server":
        record["launch"] = {
            "transport": "stdio",
            "command": "npx",
            "args": ["-y", "some-server"],
            "env_names": [],
            "cwd": None,
            "url": None,
            "header_names": [],
            "package": None,
            "env": {},
            "env_file": None,
            "header_command": None,
            "digest": None,
        } | dict(launch or {})
        record |= {"tier": values.get("tier", "unknown"), "signals": [], "capabilities": values["capabilities"]}
    return record


def add_server(connection: Connection, fingerprint: str, name: str, **more: Any) -> None:
    """A fingerprint that the fleet has or had."""
    values = {"first_seen": NOW, "first_endpoint": "e1", "record": {}} | more
    connection.execute(insert(SERVERS).values(fingerprint=fingerprint, name=name, **values))


def add_finding(connection: Connection, endpoint: str, fingerprint: str, **more: Any) -> None:
    """A finding of an endpoint."""
    values: dict[str, Any] = {
        "endpoint": endpoint,
        "fingerprint": fingerprint,
        "team": 0,
        "rule": "some-rule",
        "severity": "high",
        "confidence": "high",
        "artifact": "a1",
        "name": "files",
        "opened_at": "2026-11-10T09:00:00.000000Z",
    } | more
    values.setdefault(
        "record",
        {
            "rule": values["rule"],
            "severity": values["severity"],
            "confidence": values["confidence"],
            "title": "A title",
            "message": "What was seen.",
            "remediation": "What to do.",
        },
    )
    connection.execute(insert(FINDINGS).values(**values))


class _As:
    """Middleware that lets everybody in as one principal."""

    def __init__(self, app: ASGIApp, principal: Principal) -> None:
        self._app, self._principal = app, principal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope.setdefault("state", {})["principal"] = self._principal
        await self._app(scope, receive, send)


def application(routes: Sequence[BaseRoute], principal: Principal = OWNER) -> ASGIApp:
    """Routes behind a principal, without the rest of an application."""

    def wrong(request: Request, error: Exception) -> Response:
        return PlainTextResponse(str(error), 400)

    app = Starlette(routes=routes, exception_handlers={UsageError: wrong})
    return _As(app, principal)


def client(
    make: Callable[[Services], Sequence[BaseRoute]], parts: Services, principal: Principal = OWNER
) -> TestClient:
    """A client of the routes that `make` gives."""
    return TestClient(
        application(make(parts), principal),
        base_url="http://127.0.0.1",
        headers={"sec-fetch-site": "same-origin"},
        follow_redirects=False,
    )



"""Fleet data for tests of views and pages: a real database and store in a folder, and short ways to fill them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Connection, insert, select
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Receive, Scope, Send

from spawngate.model.errors import UsageError
from spawngate.server.access.principal import Principal, local
from spawngate.server.fleet.database import open_fleet
from spawngate.server.fleet.tables import ADVISORY_MATCHES, ARTIFACTS, ENDPOINTS, FINDINGS, SERVERS, TEAMS
from spawngate.server.services import Services
from spawngate.server.store.embedded import EmbeddedStore
from spawngate.server.store.port import Entry
from spawngate.trail import chain
from spawngate.trail.event import SCHEMA_VERSION, Actor, CallRecord, DecisionRecord, Event

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
    for name in ("launch", "detail"):
        values.pop(name, None)
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


def add_match(connection: Connection, endpoint: str, advisory: str, artifact: str, **more: Any) -> None:
    """An advisory's answer about an artifact of an endpoint."""
    detail = {
        "id": advisory,
        "artifact": artifact,
        "path": "/home/ada/.cursor/mcp.json",
        "package": "pkg:npm/mcp-remote",
        "version": "0.1.10",
        "answer": more.get("state", "affected"),
        "fixed_in": ["0.1.16"],
        "summary": "It runs what a server sends.",
        "why": "0.1.10 is below 0.1.16.",
        "confidence": "high",
        "severity": "critical",
        "references": ["https://example.org/advisory", "CWE-78"],
    } | more.pop("detail", {})
    values = {
        "endpoint": endpoint,
        "advisory": advisory,
        "artifact": artifact,
        "state": "affected",
        "severity": detail["severity"],
        "detail": detail,
        "first_seen": "2026-11-05T09:00:00.000000Z",
    } | more
    connection.execute(insert(ADVISORY_MATCHES).values(**values))


HOSTILE = "<script>x</script>\"><img src=x onerror=y> =cmd()|'/c calc'!A0 \x1b[31mred\u202egnp.exe"
"""A name that wants to be markup, a formula, a terminal's orders and text in another direction."""


def fill_small(parts: Services) -> None:
    """Two teams, four endpoints, servers that drift, findings, advisories, secrets, and a hostile name in each."""
    with parts.database.begin() as connection:
        add_team(connection, 1, "Core")
        add_team(connection, 2, "Web")
        add_endpoint(connection, "e1", team=1, host="alpha", group="laptops")
        add_endpoint(connection, "e2", team=1, host="beta", seen_at="2026-11-21T11:30:00.000000Z", mode="enforce")
        add_endpoint(connection, "e3", team=2, host="gamma", seen_at="2026-11-21T09:00:00.000000Z", platform="macos")
        add_endpoint(connection, "e4", team=2, host=HOSTILE, retired_at="2026-11-20T09:00:00.000000Z")
        for endpoint, team in (("e1", 1), ("e2", 1), ("e3", 2), ("e4", 2)):
            add_artifact(connection, endpoint, "agent", kind="agent", agent="cursor", name="Cursor", team=team)
        shared = {"fingerprint": "fp-files", "name": "files", "tier": "official"}
        add_artifact(connection, "e1", "files", team=1, **shared)
        add_artifact(connection, "e2", "files", team=1, **shared)
        drifted: dict[str, Any] = {
            "fingerprint": "fp-drift",
            "name": "files",
            "launch": {"args": ["-y", "other-server", "/"]},
        }
        add_artifact(connection, "e3", "files", team=2, **drifted)
        add_artifact(
            connection,
            "e4",
            "evil",
            team=2,
            name=HOSTILE,
            fingerprint="fp-evil",
            path=HOSTILE,
            launch={"command": "bash", "args": ["-c", HOSTILE]},
            capabilities=["shell", "network: everything"],
        )
        held = select(ARTIFACTS.c.fingerprint, ARTIFACTS.c.record).where(ARTIFACTS.c.kind == "mcp_server")
        records = {row.fingerprint: row.record for row in connection.execute(held)}
        for fingerprint, name in (("fp-files", "files"), ("fp-drift", "files"), ("fp-evil", HOSTILE)):
            seen = {"first_seen": "2026-11-02T09:00:00.000000Z", "record": records[fingerprint]}
            add_server(connection, fingerprint, name, **seen)
        for endpoint, team in (("e1", 1), ("e3", 2)):
            add_artifact(
                connection,
                endpoint,
                "secret",
                kind="secret",
                name="files: TOKEN",
                fingerprint="secret-1",
                detail={"type": "github-token"},
                team=team,
            )
        add_artifact(connection, "e1", "skill", kind="skill", name="notes", detail={"version": "1"}, team=1)
        add_artifact(connection, "e3", "skill", kind="skill", name="notes", detail={"version": "2"}, team=2)
        add_artifact(connection, "e4", "skill", kind="skill", name=HOSTILE, team=2)
        add_finding(connection, "e1", "f1", team=1, artifact="files", name="files", severity="critical")
        add_finding(connection, "e2", "f1", team=1, artifact="files", name="files", severity="high", owner="ada")
        add_finding(connection, "e3", "f2", team=2, rule="other-rule", severity="low", due="2026-11-20")
        add_finding(connection, "e4", "f3", team=2, rule="other-rule", name=HOSTILE, closed_at=NOW)
        add_match(connection, "e1", "CVE-1", "files")
        add_match(connection, "e3", "CVE-1", "files", state="uncertain")
        add_match(connection, "e4", "CVE-2", "evil", state="fixed", detail={"summary": HOSTILE, "severity": "low"})


def shown(text: str) -> bool:
    """Whether a page holds nothing of `HOSTILE` that could act."""
    return not any(part in text for part in ("<script>x", "<img src=x", "\x1b", "\u202e"))


def add_events(parts: Services, endpoint: str, events: Sequence[Event], *, stream: str = "s1") -> None:
    """Events that an endpoint sent, sealed into its stream."""
    head = chain.Head(stream, *parts.events.head(endpoint, stream))
    entries: list[Entry] = []
    for event in events:
        named = msgspec.structs.replace(event, endpoint=f"installation-{endpoint}")
        record, head = chain.seal(named, head)
        entries.append(Entry(endpoint, stream, head.sequence, event.at, parts.now(), event.type, record))
    parts.events.append(entries)


def decided(verdict: str, command: str, at: str = NOW, *, agent: str = "cursor", **more: Any) -> Event:
    """A decision about a shell command."""
    return Event(
        type="decision",
        at=at,
        schema_version=SCHEMA_VERSION,
        actor=Actor(user="ada", agent=agent),
        call=CallRecord(tool="Bash", kind="shell", commands=(command,)),
        decision=DecisionRecord(verdict, "enforce", **more),
    )

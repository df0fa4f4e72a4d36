"""Every page of the console and every list of the API over 10 million events: milliseconds at the server, warm.

    python -m bench pages FOLDER --fill [--endpoints N] [--events N]      makes the world (`pages_world`), once
    python -m bench pages FOLDER [--only TEXT] [--runs N]                 asks it

Asked in this process, past the socket: processor time, which load on the machine does not change, and time on the
clock, medians of `--runs` after one that warms. Addresses are those of the application's own routes: one that is asked
nowhere here is printed as such. Exit code 1 where a page takes more processor than the budget, or is refused.
Must not be here: what the world holds.
"""

import argparse
import asyncio
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from fastapi import FastAPI
from sqlalchemy import select

from bench import pages_world
from spawngate.server.application import make_application, walked
from spawngate.server.deliver.secrets import sealer
from spawngate.server.fleet.database import Database, open_fleet
from spawngate.server.fleet.tables import (
    ADVISORY_MATCHES,
    APPROVALS,
    ARTIFACTS,
    ENDPOINTS,
    FINDINGS,
    POLICIES,
    PROJECTS,
    USERS,
)
from spawngate.server.services import Services
from spawngate.server.store.embedded import EmbeddedStore
from spawngate.server.store.port import FOLDER

BUDGET = 300.0
"""Milliseconds of a page (architecture, section 7)."""
_NEVER_BARE = ("/api/v1/counts", "/api/v1/days/{day}/growth", "/routes/edit")
_LEFT_OUT = ("/static/", "/api/v1/agent/", "/api/v1/export", "/healthz", "/readyz", "/inventory", "/report", "/events")
"""Nothing that people or programs page through. An export is the whole trail in one answer."""
_EXPORTS = (".csv", ".json")
_LISTS: Mapping[str, Sequence[str]] = {
    "/endpoints": ("state=offline", "agent=claude-code", "sort=seen", "q=lt04", "team=2"),
    "/servers": ("tier=unknown", "agent=cursor", "sort=new", "q=github", "team=1", "q=no-such-server"),
    "/servers/names": ("sort=endpoints", "tier=unknown", "q=notes"),
    "/artifacts/skill": ("q=release", "team=1"),
    "/artifacts/extension": ("q=cop",),
    "/secrets": ("q=token",),
    "/findings": ("severity=critical", "state=resolved", "q=secret", "due=overdue", "owner=Ana+Ferreira", "team=2"),
    "/findings/rules": ("severity=high", "q=unpinned"),
    "/advisories": ("severity=high", "q=CVE"),
    "/approvals": ("state=approved",),
    "/coverage": ("agent=cursor", "q=lt04"),
    "/deliveries": ("outcome=retry",),
    "/search": ("q=github", "q=lt04", "q=CVE-2025", "q=no-such-thing"),
    "/decisions": (
        "span=1h",
        "span=7d",
        "span=30d",
        "span=90d",
        "verdict=deny",
        "verdict=deny&span=7d",
        "verdict=deny&span=90d",
        "agent=cursor",
        "agent=cursor&span=90d",
        "q=kubectl",
        "q=kubectl&span=90d",
        "q=no-such-text&span=90d",
        "q=rule%3Arule-03&span=90d",
        "q=user%3Acarla&span=30d",
        "q=server%3Aserver40&span=90d",
        "severity=high&span=90d",
    ),
    "/changes": ("span=7d", "span=30d", "span=90d", "type=artifact-changed&span=90d", "q=github&span=90d"),
    "/api/v1/events": ("q=verdict%3Adeny", "q=program%3Akubectl", "q=terraform"),
    "/api/v1/days/{day}/growth": ("from=1000",),
    "/routes/edit": ("name=siem",),
    "/api/v1/counts": ("by=verdict", "by=rule&q=verdict%3Adeny", "by=time%3A1d", "by=agent"),
    "/api/v1/endpoints": ("state=offline",),
    "/api/v1/servers": ("tier=unknown",),
    "/api/v1/findings": ("severity=critical",),
    "/api/v1/search": ("q=github",),
}
"""Path to what is asked of it beside nothing at all."""


def main(arguments: Sequence[str]) -> int:
    """Run and print."""
    parser = argparse.ArgumentParser(prog="pages", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--fill", action="store_true")
    parser.add_argument("--endpoints", type=int, default=10_000)
    parser.add_argument("--events", type=int, default=10_000_000)
    parser.add_argument("--only", default="", help="Pages whose address holds this.")
    parser.add_argument("--runs", type=int, default=5)
    given = parser.parse_args(arguments)
    if given.fill:
        pages_world.fill(given.folder, given.endpoints, given.events)
        return 0
    folder = given.folder / FOLDER
    with EmbeddedStore(folder) as store, open_fleet(folder) as database:
        newest = store.events.query(None, limit=1).entries[0]
        services = Services(
            database=database,
            events=store.events,
            control=store.control,
            record=lambda events: None,
            now=lambda: newest.time,
            signer=store.signer,
            seals=sealer(folder, {}),
            local=True,
            synthetic=True,
        )
        stats = store.events.stats()
        print(f"{stats.events:,} events of {len(stats.days)} days, {stats.bytes / 1e9:.1f} GB")
        application = make_application(services)
        known = _known(database, newest.endpoint, newest.stream, newest.sequence, newest.time)
        return asyncio.run(_all(application, addresses(application, known), given.only, given.runs))


def _known(database: Database, endpoint: str, stream: str, sequence: int, at: str) -> Mapping[str, str]:
    """Words of routes' paths to values that are there."""
    A, F = ARTIFACTS.c, FINDINGS.c
    asked: dict[str, Any] = {
        "{fingerprint}": select(A.fingerprint).where(A.kind == "mcp_server", A.name == "github"),
        "{advisory}": select(ADVISORY_MATCHES.c.advisory),
        "{digest}": select(A.fingerprint).where(A.kind == "secret"),
        "/artifacts/{kind}/{name:path}": select(A.name).where(A.kind == "skill"),
        "{policy}": select(POLICIES.c.name),
        "{number}": select(POLICIES.c.id),
        "{approval}": select(APPROVALS.c.id),
        "{user}": select(USERS.c.id),
        "{project}": select(PROJECTS.c.name),
        "{finding}": select(F.fingerprint).where(F.closed_at == ""),
    }
    found: dict[str, str] = {}
    with database.read() as connection:
        for name, statement in asked.items():
            found[name] = str(connection.execute(statement.limit(1)).scalar() or "")
        owner = select(F.endpoint).where(F.fingerprint == found["{finding}"], F.closed_at == "").limit(1)
        found["{owner}"] = str(connection.execute(owner).scalar() or "")
        busy = select(ENDPOINTS.c.id).where(ENDPOINTS.c.retired_at == "").order_by(ENDPOINTS.c.id).limit(1)
        found["{id}"] = str(connection.execute(busy).scalar() or "")
    event = {"{endpoint}": endpoint, "{stream}": stream, "{sequence}": str(sequence), "{day}": at[:10]}
    return {name: quote(value, safe="/") for name, value in (found | event).items()}


def addresses(application: FastAPI, known: Mapping[str, str]) -> Mapping[str, Sequence[str]]:
    """Path of each route to the addresses under which it is asked; none for one that this benchmark does not know."""
    found: dict[str, Sequence[str]] = {}
    for path, route in walked(application.routes):
        if "GET" not in (getattr(route, "methods", None) or ()) or path.startswith(_LEFT_OUT):
            continue
        if path.endswith(_EXPORTS) and not path.startswith("/api"):
            continue
        one = _named(path, known) if "{" in path else path
        if "{" in one:
            found[path] = []
            continue
        bare = [] if path in _NEVER_BARE else [one]
        found[path] = [*bare, *(f"{one}?{each}" for each in _LISTS.get(path, ()))]
    return found


def _named(path: str, known: Mapping[str, str]) -> str:
    """The path with what is there in place of its words."""
    steps: Sequence[tuple[str, Callable[[str], str]]] = (
        ("/events/", lambda given: given.replace("{sequence:int}", known["{sequence}"])),
        ("/findings/{endpoint}", lambda given: given.replace("{endpoint}", known["{owner}"])),
        ("/endpoints/{endpoint}", lambda given: given.replace("{endpoint}", known["{id}"])),
        ("/findings/", lambda given: given.replace("{fingerprint}", known["{finding}"])),
        ("/artifacts/{kind}", lambda given: f"/artifacts/skill/{known['/artifacts/{kind}/{name:path}']}"),
        ("/advisories/{id}", lambda given: given.replace("{id}", known["{advisory}"])),
        ("/policies/{name}", lambda given: given.replace("{name}", known["{policy}"])),
        ("/policies/", lambda given: given.replace("{revision}", known["{number}"])),
        ("/projects/{name:path}", lambda given: given.replace("{name:path}", known["{project}"])),
        ("/approvals/{number}", lambda given: given.replace("{number}", known["{approval}"])),
        ("/administration/teams/", lambda given: given.replace("{number}", "1")),
        ("/administration/people/", lambda given: given.replace("{number}", known["{user}"])),
        ("/teams/{team}", lambda given: given.replace("{team}", "1")),
        ("/routes/{route}", lambda given: given.replace("{route}", "siem")),
        ("/destinations/{name}", lambda given: given.replace("{name}", "siem-file")),
    )
    path = path.replace("/search/{part}", "/search/work?q=github")
    for name in ("fingerprint", "finding", "advisory"):
        path = path.replace(f"{{{name}:path}}", f"{{{name}}}")
    for begin, step in steps:
        if begin in path:
            path = step(path)
    for name, value in known.items():
        if value:
            path = path.replace(name, value)
    return path


async def _all(application: FastAPI, asked: Mapping[str, Sequence[str]], only: str, runs: int) -> int:
    measured: list[tuple[float, float, str]] = []
    missed = 0
    for path, all_ in asked.items():
        if not all_ and only in path:
            print(f"not asked: {path}")
        for address in all_:
            if only not in address:
                continue
            status, size, processor, clock = await _one(application, address, runs)
            word = "OVER" if processor > BUDGET else "" if status == 200 else str(status)
            missed += processor > BUDGET or status >= 400
            measured.append((processor, clock, address))
            print(f"{processor:8.0f} {clock:8.0f} ms {size / 1000:8.0f} kB  {address} {word}", flush=True)
    if measured:
        by_processor = sorted(each[0] for each in measured)
        by_clock = sorted(each[1] for each in measured)
        print(
            f"{len(measured)} addresses: processor median {statistics.median(by_processor):.0f} ms, "
            f"most {by_processor[-1]:.0f} ms; clock median {statistics.median(by_clock):.0f} ms, "
            f"most {by_clock[-1]:.0f} ms; {missed} over {BUDGET:.0f} ms or refused"
        )
    return 1 if missed else 0


async def _one(application: FastAPI, address: str, runs: int) -> tuple[int, int, float, float]:
    """Status, bytes, and median milliseconds of processor and clock."""
    status, size = await _ask(application, address)
    processor, clock = [], []
    for _ in range(runs):
        used, begun = time.process_time(), time.perf_counter()
        status, size = await _ask(application, address)
        processor.append((time.process_time() - used) * 1e3)
        clock.append((time.perf_counter() - begun) * 1e3)
        if clock[-1] > 5_000:
            break
    return status, size, statistics.median(processor), statistics.median(clock)


async def _ask(application: FastAPI, address: str) -> tuple[int, int]:
    parts = urlsplit(address)
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": parts.path,
        "raw_path": parts.path.encode(),
        "query_string": parts.query.encode(),
        "root_path": "",
        "headers": [(b"host", b"127.0.0.1"), (b"accept", b"text/html, application/json")],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
    status, size, asked = 0, 0, False

    async def receive() -> dict[str, Any]:
        nonlocal asked
        if asked:
            await asyncio.sleep(3_600)
        asked = True
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        nonlocal status, size
        if message["type"] == "http.response.start":
            status = message["status"]
        size += len(message.get("body", b""))

    await application(scope, receive, send)
    return status, size


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""SHELL. The console of `spawngate up`: this machine as the only endpoint of a fleet of one, fed in this process.

The store is the embedded one, which follows the local trail; what a scan finds is held as a server holds what an
endpoint sends. Nobody signs in: the page is served on loopback to the user who started it.
Must not be here: the pages, scans, what the synthetic fleet is (`server.demo`).
"""

import getpass
import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from fastapi import FastAPI
from sqlalchemy import insert, select, update
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from spawngate import __version__
from spawngate.endpoint.protect.present import Surroundings
from spawngate.endpoint.protect.standing import standing
from spawngate.endpoint.sync.looking import enforcement
from spawngate.model.errors import StateError
from spawngate.model.snapshot import Snapshot
from spawngate.report.csv import render_csv
from spawngate.report.html import render_html, style_policy
from spawngate.report.json import render_json
from spawngate.server import api
from spawngate.server.access.guard import require
from spawngate.server.access.roles import Permission
from spawngate.server.application import make_application
from spawngate.server.deliver.secrets import sealer
from spawngate.server.fleet import inventory
from spawngate.server.fleet.database import Database, open_fleet
from spawngate.server.fleet.endpoints import fitting
from spawngate.server.fleet.tables import ENDPOINTS, ORGANISATION
from spawngate.server.inventory_page import PageState
from spawngate.server.loopback import SYSTEM_OWNER, Owner
from spawngate.server.own_scans import LookFirst, OwnScans
from spawngate.server.services import Services
from spawngate.server.store.embedded import EmbeddedStore
from spawngate.server.store.port import StoreError
from spawngate.sync.inventory import digest

BEAT = 60.0
"""Seconds between two heartbeats of this machine."""


@dataclass(frozen=True, slots=True)
class Local:
    """A fleet of one machine."""

    services: Services
    endpoint: str
    """Id of this installation, which is the endpoint's id too."""
    scans: OwnScans
    """Code scans of this machine."""

    def hold(self, state: PageState) -> None:
        """Let what a scan found be what is held of this machine. Raises StoreError."""
        snapshot = state.snapshot
        if snapshot is None:
            return
        document = render_json(snapshot, (), state.judgement)
        now = self.services.now()
        with self.services.database.begin() as connection:
            inventory.hold(connection, self.endpoint, ORGANISATION, document, digest=digest(document), now=now)

    def beat(self, stands: Mapping[str, Any]) -> None:
        """This machine is there; `stands`: columns that say how. Raises StoreError."""
        values = {"seen_at": self.services.now(), **stands}
        with self.services.database.begin() as connection:
            connection.execute(update(ENDPOINTS).where(ENDPOINTS.c.id == self.endpoint).values(values))


@contextmanager
def local(store: EmbeddedStore, folder: Path, endpoint: str, snapshot: Snapshot) -> Iterator[Local]:
    """The fleet of one over an embedded store, beside which its data lie. Raises StoreError."""
    database = open_fleet(store.folder)
    try:
        found = Local(
            Services(
                database=database,
                events=store.events,
                control=store.control,
                record=store.own.record,
                now=store.now,
                signer=store.signer,
                seals=sealer(store.folder, os.environ),
                inside=None,
                local=True,
            ),
            endpoint,
            OwnScans(database, folder, str(Path.home())),
        )
        _present(database, endpoint, snapshot, store.now())
        beats = Beats(found, folder)
        beats.start()
        try:
            yield found
        finally:
            beats.stop()
    finally:
        database.close()


def application(
    fleet: Local, store: EmbeddedStore, get_state: Callable[[], PageState], owner: Owner | None = SYSTEM_OWNER
) -> FastAPI:
    """The console and API of this machine, and the documents that its page always gave."""
    more = [*documents(get_state, fleet.endpoint), *trail(store)]
    found = make_application(fleet.services, owner=owner, more=more, local_user=user_name())
    found.add_middleware(LookFirst, scans=fleet.scans)
    return found


def trail(store: EmbeddedStore) -> list[BaseRoute]:
    """The read API over the store (`server.api`), guarded as every route is."""
    guarded = require(Permission.EVENTS_READ)
    return [Route(each.path, guarded(each.endpoint)) for each in api.routes(lambda: store)]


def user_name() -> str:
    """Who started us, for events and the page."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "local"


def documents(get_state: Callable[[], PageState], endpoint: str) -> Sequence[BaseRoute]:
    """/inventory leads to this machine; /inventory.json, /inventory.csv and /report.html are its last scan."""

    def ready() -> tuple[Snapshot, PageState]:
        state = get_state()
        if state.snapshot is None:
            raise HTTPException(503, "The first scan is still running.", headers={"retry-after": "1"})
        return state.snapshot, state

    @require(Permission.INVENTORY_READ)
    def machine(request: Request) -> Response:
        return RedirectResponse(f"/endpoints/{endpoint}", 307)

    @require(Permission.INVENTORY_READ)
    def inventory_json(request: Request) -> Response:
        snapshot, state = ready()
        return Response(render_json(snapshot, state.changes, state.judgement), media_type="application/json")

    @require(Permission.INVENTORY_READ)
    def inventory_csv(request: Request) -> Response:
        disposition = {"content-disposition": 'attachment; filename="spawngate-inventory.csv"'}
        return Response(render_csv(ready()[0]), media_type="text/csv", headers=disposition)

    @require(Permission.INVENTORY_READ)
    def report(request: Request) -> Response:
        snapshot, state = ready()
        # Its one style sheet stands in the page and is allowed by its hash.
        policy = f"{style_policy()}; frame-ancestors 'none'"
        document = render_html(snapshot, state.judgement, state.changes)
        return Response(document, media_type="text/html", headers={"content-security-policy": policy})

    return [
        Route("/inventory", machine),
        Route("/inventory.json", inventory_json),
        Route("/inventory.csv", inventory_csv),
        Route("/report.html", report),
    ]


class Beats(threading.Thread):
    """Tells the fleet's data once a minute that this machine is there and how it stands, until `stop`."""

    def __init__(self, fleet: Local, folder: Path) -> None:
        super().__init__(name="beats", daemon=True)
        self._fleet, self._folder = fleet, folder
        self._end = threading.Event()
        self.problem = ""

    def run(self) -> None:
        """Until `stop`."""
        while True:
            try:
                self._fleet.beat(stands(self._folder))
                self.problem = ""
            except (StateError, StoreError) as error:
                self.problem = str(error)
            if self._end.wait(BEAT):
                return

    def stop(self) -> None:
        """End it, behind what is under way."""
        self._end.set()
        self.join(30)


def stands(folder: Path) -> Mapping[str, Any]:
    """How this machine stands, as columns of its row. Raises StateError."""
    home = Path.home()
    found = standing(Surroundings(str(home), folder))
    return {
        "enforcement": [msgspec.to_builtins(enforcement(each, found)) for each in found.agents],
        "integrity": [each[:4_000] for each in (*found.tampered, *found.launches.tampered)][:200],
        "mode": str(found.policy.get("mode", ""))[:10],
    }


def _present(database: Database, endpoint: str, snapshot: Snapshot, now: str) -> None:
    """The row of this machine, made where it is not there."""
    values: dict[str, Any] = {
        "host": fitting(snapshot.host, "host"),
        "user_name": fitting(user_name(), "user"),
        "platform": snapshot.platform,
        "version": __version__,
        "seen_at": now,
        "retired_at": "",
    }
    fresh: dict[str, Any] = {
        "id": endpoint,
        "installation": endpoint,
        "team": ORGANISATION,
        "key": "",
        "token": "none: this machine",
        "enrolled_at": now,
        "enforcement": [],
        "integrity": [],
        "dropped": {},
    }
    with database.begin() as connection:
        known = connection.execute(select(ENDPOINTS.c.id).where(ENDPOINTS.c.id == endpoint)).first()
        if known is None:
            connection.execute(insert(ENDPOINTS).values({**values, **fresh}))
        else:
            connection.execute(update(ENDPOINTS).where(ENDPOINTS.c.id == endpoint).values(values))

"""SHELL. What `spawngate code` left on this machine, as the projects of the console of `spawngate up`.

Looked for whenever a page is asked for: a scan is there at the next load. Of a scan that did not change since, nothing
but one file's time is read.
Must not be here: results that are handed in (`scans`), what a scan leaves (`endpoint.codescan.keeping`).
"""

import contextlib
import threading
from pathlib import Path

from sqlalchemy import select
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Receive, Scope, Send

from spawngate.endpoint.codescan.keeping import changed, kept, result
from spawngate.model.errors import UsageError
from spawngate.server.fleet import projects
from spawngate.server.fleet.database import Database
from spawngate.server.fleet.tables import ORGANISATION, PROJECTS
from spawngate.server.store.port import StoreError


class OwnScans:
    """The scans of a state folder, held as projects of the organisation."""

    def __init__(self, database: Database, state: Path, home: str) -> None:
        self._database, self._state, self._home = database, state, home
        self._seen = 0
        self._lock = threading.Lock()

    def look(self) -> None:
        """Hold what was scanned since the last look. A result that cannot be read is left out. Raises StoreError."""
        now = changed(self._state)
        if now == self._seen:
            return
        with self._lock:
            self._take()
            self._seen = now

    def _take(self) -> None:
        with self._database.read() as connection:
            asked = select(PROJECTS.c.name, PROJECTS.c.scanned_at).where(PROJECTS.c.team == ORGANISATION)
            held = {row.name: row.scanned_at for row in connection.execute(asked)}
        for one in kept(self._state):
            name = name_of(one.root, self._home)
            if held.get(name, "") >= one.taken_at:
                continue
            try:
                tree = projects.read(result(self._state, one) or b"")
            except UsageError:
                continue
            with self._database.begin() as connection:
                projects.hold(connection, ORGANISATION, name, "", tree, tree.taken_at)


def name_of(root: str, home: str) -> str:
    """What a scanned folder is called: `~/src/shop` below the home, its path elsewhere; its end where that is long."""
    name = f"~{root[len(home) :]}" if home and (root == home or root.startswith(f"{home}/")) else root
    return name[-projects.LONGEST_NAME :]


class LookFirst:
    """Looks for scans before a page is made."""

    def __init__(self, app: ASGIApp, *, scans: OwnScans) -> None:
        self._app, self._scans = app, scans

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "GET" and not scope["path"].startswith("/static/"):
            # A store that cannot be used is the page's own to tell.
            with contextlib.suppress(StoreError):
                await run_in_threadpool(self._scans.look)
        await self._app(scope, receive, send)

"""SHELL. Inventories: the whole of what an endpoint holds, in place of what was known.

Must not be here: rows (`server.fleet.inventory`).
"""

import threading

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from spawngate.server.fleet import endpoints, inventory
from spawngate.server.fleet.endpoints import Endpoint
from spawngate.server.fleet.gathering import Telling
from spawngate.server.intake.desk import Desk, Refused, answer, count
from spawngate.sync.inventory import InventoryError, digest
from spawngate.sync.messages import INVENTORY, LARGEST_INVENTORY, Held, Problem

PACKED = 8 << 20
"""Bytes of one that travels."""
LARGE = 2 << 20
"""Bytes, unpacked, from which on one is large: nearly none is."""
AT_ONCE = 4
"""Large ones that are read at the same time: each may take some hundred megabytes while it is."""
PATIENCE = 1.0
"""Seconds for which one waits for a turn: it holds a thread that others need."""
WAIT = 20
"""Seconds after which one that found no turn may come again."""


def route(desk: Desk) -> Route:
    """PUT /api/v1/agent/inventory."""
    room = threading.BoundedSemaphore(AT_ONCE)

    def work(endpoint: Endpoint, body: bytes, request: Request) -> Response:
        if len(body) < LARGE:
            return answer(hold(desk, endpoint, body))
        if not room.acquire(timeout=PATIENCE):
            raise Refused(503, Problem("many inventories arrive just now", "busy"), after=WAIT)
        try:
            return answer(hold(desk, endpoint, body))
        finally:
            room.release()

    return Route(INVENTORY, desk.route(work, LARGEST_INVENTORY, PACKED, waits=True), methods=["PUT"])


def hold(desk: Desk, endpoint: Endpoint, document: bytes) -> Held:
    """Keep an inventory. Raises Refused, StoreError."""

    def work(connection: Connection, _: Telling) -> int:
        # As it is now: it may have been moved to another team since it was looked up.
        there = endpoints.get(connection, endpoint.id) or endpoint
        return inventory.keep(connection, there.id, there.team, found, digest=known, now=desk.services.now())

    try:
        known, found = digest(document), inventory.read(document)
        artifacts = desk.gathering.write(work)
    except InventoryError as error:
        raise Refused(422, Problem(str(error), "inventory")) from None
    desk.forget(endpoint)
    count("inventories")
    return Held(known, artifacts)

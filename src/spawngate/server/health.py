"""SHELL. Is it alive, can it work, and in figures: /healthz, /readyz, /metrics.

Must not be here: what is counted (`metrics`).
"""

import threading
import time
from collections.abc import Callable, Sequence

from sqlalchemy import func, select
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from spawngate import __version__
from spawngate.server.access.guard import public, require
from spawngate.server.access.roles import Permission
from spawngate.server.fleet.tables import APPROVALS, ENDPOINTS, SESSIONS
from spawngate.server.intake.desk import counted
from spawngate.server.metrics import MEDIA_TYPE, Figure, Requests, figure, rendered
from spawngate.server.services import Services
from spawngate.server.store.port import StoreError

KEPT = 1.0
"""Seconds for which one answer about readiness is given: whoever asks often costs nothing."""


def routes(services: Services, requests: Requests, is_draining: Callable[[], bool]) -> Sequence[BaseRoute]:
    """The three routes. `is_draining`: the server ends soon and should get no new work."""
    ready = Readiness(services, is_draining)

    @public("says nothing but that the process answers")
    async def healthz(request: Request) -> Response:
        return JSONResponse({"status": "ok"})

    @public("says only whether the stores can be used")
    def readyz(request: Request) -> Response:
        problem = ready.problem()
        return JSONResponse({"status": problem or "ok"}, 503 if problem else 200)

    @require(Permission.METRICS_READ)
    def metrics(request: Request) -> Response:
        return Response(requests.text() + rendered(_figures(services)), media_type=MEDIA_TYPE)

    return [Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", metrics)]


class Readiness:
    """Whether requests can be served; asks the stores at most once a second."""

    def __init__(self, services: Services, is_draining: Callable[[], bool]) -> None:
        self._services, self._is_draining = services, is_draining
        self._lock = threading.Lock()
        self._known: tuple[float, str] = (-KEPT, "")

    def problem(self) -> str:
        """A word for what is wrong; empty where nothing is."""
        if self._is_draining():
            return "draining"
        with self._lock:
            at, problem = self._known
            if time.monotonic() - at < KEPT:
                return problem
            problem = self._asked()
            self._known = (time.monotonic(), problem)
            return problem

    def _asked(self) -> str:
        try:
            self._services.database.check()
        except StoreError:
            return "fleet database"
        try:
            self._services.control.get("setting", "retention")
            self._services.events.days()
        except StoreError:
            return "event store"
        return ""


def _figures(services: Services) -> Sequence[Figure]:
    found = [Figure("spawngate_info", "Version.", "gauge", {(("version", __version__),): 1})]
    taken: dict[tuple[tuple[str, str], ...], float] = {
        (("what", what),): float(count) for what, count in sorted(counted().items())
    }
    found.append(Figure("spawngate_intake_total", "What came from endpoints to this process.", "counter", taken))
    try:
        stats = services.events.stats()
        found += [
            figure("spawngate_events", "Events in the store.", stats.events),
            figure("spawngate_event_bytes", "Bytes of the store.", stats.bytes),
            figure("spawngate_event_days", "Days in the store.", len(stats.days)),
            figure("spawngate_outbox", "Events that wait for a route.", stats.outbox),
            figure("spawngate_dead_letters", "Deliveries that were given up.", _dead(services)),
        ]
        with services.database.read() as connection:
            enrolled = select(func.count()).select_from(ENDPOINTS).where(ENDPOINTS.c.retired_at == "")
            waiting = select(func.count()).select_from(APPROVALS).where(APPROVALS.c.state == "pending")
            held = select(func.count()).select_from(SESSIONS)
            found += [
                figure("spawngate_endpoints", "Endpoints that are not retired.", connection.scalar(enrolled) or 0),
                figure("spawngate_approvals_pending", "Approvals asked for.", connection.scalar(waiting) or 0),
                figure("spawngate_sessions", "Sessions of people.", connection.scalar(held) or 0),
            ]
        found.append(figure("spawngate_stores_up", "Whether the stores answer.", 1))
    except StoreError:
        found.append(figure("spawngate_stores_up", "Whether the stores answer.", 0))
    return found


def _dead(services: Services) -> int:
    return len(services.control.items("dead-letter", limit=10_000))

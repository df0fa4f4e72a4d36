"""SHELL. What is wrong with what endpoints send, as events of the server's own stream: not more than one a minute of
one endpoint and kind, with the number of those that were left out.

Must not be here: what is wrong (`sync.batch`).
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Mapping

from spawngate.model.json import Json
from spawngate.server.services import Services
from spawngate.trail.event import SCHEMA_VERSION, Event, EventType

PAUSE = 60.0
MOST = 20_000
"""Endpoints and kinds that are remembered."""


class Alarms:
    """Of one process."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._lock = threading.Lock()
        self._told: OrderedDict[tuple[str, str], tuple[float, int]] = OrderedDict()

    def tell(self, endpoint: str, what: str, message: str, detail: Mapping[str, Json]) -> bool:
        """Record one, unless one like it was recorded just now; whether it was. Raises StoreError."""
        with self._lock:
            before = self._told.get((endpoint, what), (0.0, 0))
            until, left = before
            now = time.monotonic()
            if now < until:
                self._told[endpoint, what] = (until, left + 1)
                return False
            self._told[endpoint, what] = (now + PAUSE, 0)
            self._told.move_to_end((endpoint, what))
            while len(self._told) > MOST:
                self._told.popitem(last=False)
        try:
            self._record(endpoint, what, message, {**detail, **({"left_out": left} if left else {})})
        except BaseException:
            with self._lock:
                self._told[endpoint, what] = before  # it was not told: the next one is
            raise
        return True

    def _record(self, endpoint: str, what: str, message: str, detail: Mapping[str, Json]) -> None:
        event = Event(
            type=EventType.SELF_PROTECTION,
            at=self._services.now(),
            schema_version=SCHEMA_VERSION,
            channel="server",
            detail={"what": what, "endpoint": endpoint, **detail},
            message=f"endpoint {endpoint}: {message}",
        )
        self._services.record([event])

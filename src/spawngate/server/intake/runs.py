"""SHELL. Two machines with one identity: state folders that were copied, and speak in turn.

Each process that syncs names itself by chance. One that comes after another is a restart; one that comes back after
another spoke is a second machine. Known for as long as this process lives: who speaks on is found again.
Must not be here: telling (`alarms`), records of two that claim one place (`events`).
"""

import threading
from collections import OrderedDict

MOST = 50_000
"""Endpoints that are remembered."""


class Runs:
    """Who spoke last for each endpoint, and before. For any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: OrderedDict[str, tuple[str, str]] = OrderedDict()

    def comes_back(self, endpoint: str, run: str) -> bool:
        """Whether the one that speaks spoke before another one did."""
        if not run:
            return False
        with self._lock:
            last, before = self._known.get(endpoint, ("", ""))
            if run == last:
                return False
            self._known[endpoint] = (run, last)
            self._known.move_to_end(endpoint)
            while len(self._known) > MOST:
                self._known.popitem(last=False)
            return run == before

"""SHELL. How often somebody may ask: token buckets by key, in this process's memory.

Several workers each count for themselves, so a fleet of N workers lets through up to N times as much (docs/limits.md).
Must not be here: what a key is, what is answered.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass

MOST_KEYS = 50_000
"""Keys that are remembered; the ones that asked least lately are forgotten first."""


@dataclass(frozen=True, slots=True)
class Rate:
    """So many at once, and so many a second in the long run."""

    burst: float
    per_second: float


LOGINS = Rate(10, 10 / 60)
"""Passwords tried for one name from one address."""
LOGINS_OF_NAME = Rate(100, 0.5)
"""For one name from anywhere: wide, so that nobody can keep another one out by trying their name."""
WRONG_FROM_ADDRESS = Rate(50, 0.5)
"""Wrong ones from one address: wide, so that an office behind one address gets in every morning."""
STRANGERS = Rate(60, 2)
"""Refused requests (401) from one address."""
REQUESTS = Rate(400, 100)
"""Requests of one principal."""
ENROLMENTS = Rate(200, 20)
"""Refused enrolments from one address: a whole fleet enrols through one proxy, and only refusals count."""


class Limit:
    """One rate, kept by key. May be used from any thread."""

    def __init__(self, rate: Rate, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate, self._clock = rate, clock
        self._lock = threading.Lock()
        self._buckets: OrderedDict[Hashable, tuple[float, float]] = OrderedDict()

    def take(self, key: Hashable, cost: float = 1.0) -> float:
        """Ask for a turn: 0 where it is given, else the seconds until one would be."""
        with self._lock:
            now = self._clock()
            left = self._left(key, now)
            if left < cost:
                return (cost - left) / self._rate.per_second
            self._buckets[key] = (left - cost, now)
            self._buckets.move_to_end(key)
            while len(self._buckets) > MOST_KEYS:
                self._buckets.popitem(last=False)
            return 0.0

    def wait(self, key: Hashable) -> float:
        """Seconds until a turn would be given; takes none."""
        with self._lock:
            left = self._left(key, self._clock())
            return 0.0 if left >= 1 else (1 - left) / self._rate.per_second

    def forget(self, key: Hashable) -> None:
        """Begin anew with a key."""
        with self._lock:
            self._buckets.pop(key, None)

    def _left(self, key: Hashable, now: float) -> float:
        left, at = self._buckets.get(key, (self._rate.burst, now))
        return min(self._rate.burst, left + max(0.0, now - at) * self._rate.per_second)

"""SHELL. How often, and how much at once, somebody may ask: by key, in this process's memory.

Several workers each count for themselves, so a fleet of N workers lets through up to N times as much (docs/limits.md).
Must not be here: what a key is, what is answered.
"""

import ipaddress
import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
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
OWN_PASSWORD = Rate(5, 5 / 600)
"""Changes of the own password, and wrong old ones: who has stolen a session guesses no further."""
STRANGERS = Rate(60, 2)
"""Refused requests (401) from one address."""
REQUESTS = Rate(400, 100)
"""Requests of one principal, and those of strangers of one network."""
BEGUN = Rate(200, 5)
"""Sign-ins at a provider that are begun from one address: each is kept until it comes back or ends."""
AT_ONCE = 16
"""Requests of one principal that are under way."""
DOORS_AT_ONCE = 12
"""Requests of one network at the doors that are under way or wait for a thread there."""


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

    def give_back(self, key: Hashable, cost: float = 1.0) -> None:
        """A turn that was taken and shall not count."""
        with self._lock:
            if key in self._buckets:
                left, at = self._buckets[key]
                self._buckets[key] = (min(self._rate.burst, left + cost), at)

    def forget(self, key: Hashable) -> None:
        """Begin anew with a key."""
        with self._lock:
            self._buckets.pop(key, None)

    def _left(self, key: Hashable, now: float) -> float:
        left, at = self._buckets.get(key, (self._rate.burst, now))
        return min(self._rate.burst, left + max(0.0, now - at) * self._rate.per_second)


class Room:
    """How much of one key may be under way. May be used from any thread."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._inside: Counter[Hashable] = Counter()

    @contextmanager
    def entered(self, key: Hashable) -> Iterator[bool]:
        """Whether there was room, which is held until the block ends."""
        with self._lock:
            fits = self._inside[key] < self._most
            if fits:
                self._inside[key] += 1
        try:
            yield fits
        finally:
            with self._lock:
                if fits:
                    self._inside[key] -= 1
                if self._inside[key] <= 0:
                    del self._inside[key]


def network_of(address: str) -> str:
    """By what an address is counted: itself, of IPv6 the /64 that one host has for itself (RFC 4291, 2.5.1); what is
    no address (a socket of a proxy) by its text."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((int(found), 64), strict=False))

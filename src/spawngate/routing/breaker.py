"""Circuit breaker of one destination: after enough failures in a row that are its own, all wait and one tries.

Must not be here: what counts as a failure of the destination (`routing.destination`), the clock.
"""

import msgspec

from spawngate.routing.backoff import LONGEST, pause

FAILURES = 5
"""In a row until the breaker opens. A wrong setting opens it at once: no waiting mends it, and hammering a server
with refused credentials locks accounts."""
SETTING_PAUSE = 300.0
"""Seconds until the next attempt with a setting that was refused."""
TRIAL = 120.0
"""Seconds after which a trial that brought no word may be repeated."""


class Breaker(msgspec.Struct, frozen=True, omit_defaults=True):
    """Closed while `until` is 0. At `until` (Unix seconds) one delivery may try; the others go on waiting for it."""

    failures: int = 0
    opened: int = 0
    """How often it opened without a success between."""
    until: float = 0.0
    reason: str = ""

    @property
    def open(self) -> bool:
        """Whether it is open, also when the time for a trial has come."""
        return self.until > 0


def admits(breaker: Breaker, now: float) -> int:
    """How many deliveries may be begun at once: many (-1), one as a trial, or none."""
    if not breaker.open:
        return -1
    return 1 if now >= breaker.until else 0


def trying(breaker: Breaker, now: float) -> Breaker:
    """A trial was begun: nobody else tries until it has ended or was lost with its worker."""
    return msgspec.structs.replace(breaker, until=now + TRIAL) if breaker.open else breaker


def succeeded(breaker: Breaker) -> Breaker:
    """The destination answered as it should."""
    return Breaker()


def failed(
    breaker: Breaker, now: float, draw: float, *, setting: bool, reason: str = "", asked: float | None = None
) -> Breaker:
    """The destination itself failed. `draw`: uniform in [0, 1); `asked`: seconds of its Retry-After."""
    failures = breaker.failures + 1
    if not setting and not breaker.open and failures < FAILURES:
        return Breaker(failures, breaker.opened, 0.0, reason)
    opened = breaker.opened + 1
    wait = SETTING_PAUSE * (1 + draw) if setting else max(1.0, pause(opened + FAILURES, draw, asked))
    return Breaker(failures, opened, now + min(wait, max(LONGEST, asked or 0.0)), reason)

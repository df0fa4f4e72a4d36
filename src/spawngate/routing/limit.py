"""How many notices a route may send: never more than so many in any window of time.

A window of send times and not a token bucket: a bucket lets twice its size through in one window.
Must not be here: what happens to what may not be sent (`routing.schedule` makes a digest of it).
"""

from collections.abc import Sequence

from spawngate.routing.durations import Rate


def room(sent: Sequence[float], rate: Rate | None, now: float) -> int:
    """How many may be sent at `now`, given when others were (Unix seconds)."""
    if rate is None:
        return 1 << 30
    return max(0, rate.number - len(recent(sent, rate, now)))


def recent(sent: Sequence[float], rate: Rate | None, now: float) -> tuple[float, ...]:
    """The times that still count. A time that lies ahead, because the clock went back, counts until it is past."""
    if rate is None:
        return ()
    return tuple(sorted(moment for moment in sent if moment > now - rate.seconds))[-rate.number :]


def again(sent: Sequence[float], rate: Rate | None, now: float) -> float:
    """When there is room next."""
    held = recent(sent, rate, now)
    if rate is None or len(held) < rate.number:
        return now
    return held[0] + rate.seconds

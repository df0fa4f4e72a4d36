"""When something is done again: syncs with jitter, so that a fleet that was switched on together does not speak
together, and growing pauses while the server is away.

Chance is an argument: a fraction from 0 up to, not including, 1. Must not be here: clocks, sleeping.
"""

from spawngate.sync.messages import INTERVAL

SPREAD = 0.15
"""A sync comes up to so much of the interval earlier or later."""
SHORTEST = 5
LONGEST = 3_600
"""Seconds: what a server may set the interval to."""
FIRST_PAUSE = 2.0
LONGEST_PAUSE = 900.0
"""Seconds: a fleet that waits longer would not be seen to come back."""
REJECTED = 3_600.0
"""Seconds between two attempts with a token that the server does not know."""


def interval(asked: int) -> int:
    """The interval that a server asks for, in bounds. Seconds."""
    return min(max(asked, SHORTEST), LONGEST)


def next_sync(seconds: int, chance: float) -> float:
    """Seconds until the next sync."""
    return seconds * (1 - SPREAD + 2 * SPREAD * chance)


def pause(failures: int, chance: float, asked: float = 0.0) -> float:
    """Seconds until the next attempt after so many failures in a row.

    `asked`: seconds of a Retry-After, which is obeyed as far as it is sensible. At least half of each pause is fixed,
    so that nobody comes back at once, and half is chance.
    """
    doubled = min(FIRST_PAUSE * 2.0 ** min(max(failures - 1, 0), 20), LONGEST_PAUSE)
    spread = doubled * (0.5 + 0.5 * chance)
    return max(spread, min(asked, LONGEST_PAUSE) * (1 + SPREAD * chance))


def first_sync(chance: float) -> float:
    """Seconds from the start of a process to its first sync: a site that gets its power back is a storm else."""
    return INTERVAL / 12 * chance

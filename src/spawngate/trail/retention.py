"""Which days go: those older than so many days, unless somebody holds them.

Must not be here: the deletion, clocks.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

import msgspec

DAYS = 90
"""Days that a trail keeps unless told otherwise."""
LONGEST = 36_500
JUMP = 31
"""Days between two days of a store that make the clock doubtful: it may have jumped ahead, and all days be too old."""
SURE = 7
"""Days with events after such a jump from which on the clock is believed."""


class Hold(msgspec.Struct, frozen=True):
    """A legal hold: every day from `since` to `until`, both included, stays until the hold is lifted."""

    since: str = ""
    """2026-11-21; empty: from the first day on."""
    until: str = ""
    """Empty: without end."""
    reason: str = ""
    by: str = ""
    at: str = ""

    def keeps(self, day: str) -> bool:
        """Whether it keeps a day (2026-11-21)."""
        return self.since <= day and (not self.until or day <= self.until)


def is_day(text: str) -> bool:
    """Whether a text names a day as the trail does."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def due(days: Sequence[str], today: str, keep: int, holds: Iterable[Hold] = ()) -> list[str]:
    """The days of a store that are older than `keep` days and held by nobody. `today` and the newest always stay.

    A day may have parts (`2026-11-21.01`).
    """
    oldest = (date.fromisoformat(today) - timedelta(days=min(keep, LONGEST))).isoformat()
    kept = tuple(holds)
    return [
        day
        for day in sorted(days)[:-1]
        if day[:10] < min(oldest, today) and not any(hold.keeps(day[:10]) for hold in kept)
    ]


def leapt_from(days: Sequence[str], today: str) -> str:
    """The newest day before a gap of more than `JUMP` days, where fewer than `SURE` days follow it, today among them;
    empty where the clock is in no doubt.

    Until then retention counts from that day on: a clock that jumped ahead deletes nothing, a machine that is used once
    in a season still deletes what was too old when it was used last.
    """
    known = sorted({day[:10] for day in days if day[:10] < today} | {today})
    for before, after in zip(known[-2::-1], known[:0:-1][:SURE], strict=False):
        if (date.fromisoformat(after) - date.fromisoformat(before)).days > JUMP:
            return before
    return ""

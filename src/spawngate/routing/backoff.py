"""When a delivery is tried again: full jitter, bounded, and never before the other side asked for.

Full jitter (a uniform draw between nothing and the doubled ceiling) spreads the attempts of many deliveries that failed
at the same moment; a fixed or half-random pause lets them come back together.
Must not be here: the draw itself (an argument), and what failed (`routing.destination`).
"""

import re
from datetime import UTC, datetime, timedelta

FIRST = 1.0
"""Seconds; ceiling of the first pause."""
LONGEST = 900.0
"""Seconds; ceiling of every pause."""
PATIENCE = 24 * 3600.0
"""Seconds from a delivery's creation after which it becomes a dead letter."""
LONGEST_ASKED = 6 * 3600.0
"""Seconds of a Retry-After that are honoured; a longer one is taken for this one."""
_SECONDS = re.compile(r"[0-9]{1,1000}(\.[0-9]{1,6})?")
_HTTP_DATES = ("%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %d %H:%M:%S %Y")
"""RFC 9110 5.6.7: the form of today, and two of before that are still to be understood."""


def pause(attempt: int, draw: float, asked: float | None = None) -> float:
    """Seconds until the next attempt.

    `attempt`: how many there were, from 1. `draw`: uniform in [0, 1). `asked`: what the other side asked for, in
    seconds; the pause is never shorter, and a little of the jitter is added so that not all come back at that moment.
    """
    ceiling: float = min(LONGEST, FIRST * 2.0 ** min(max(attempt, 1) - 1, 30))
    jitter = max(0.0, min(draw, 1.0)) * ceiling
    if asked is None or asked <= 0:
        return jitter
    return min(asked, LONGEST_ASKED) + min(jitter, max(1.0, asked / 4))


def read_retry_after(text: str, now: str = "") -> float | None:
    """Seconds of a Retry-After (RFC 9110 10.2.3: a number of seconds or an HTTP date); None where it is neither.

    Fractions are not in the RFC and some vendors send them. A date needs `now`, RFC 3339.
    """
    text = text.strip()
    if _SECONDS.fullmatch(text):
        return float(text)
    at = http_date(text)
    if not now or not at:
        return None
    try:
        return max(0.0, (datetime.fromisoformat(at) - datetime.fromisoformat(now)) / timedelta(seconds=1))
    except (ValueError, OverflowError, TypeError):
        return None


def http_date(text: str) -> str:
    """A date of HTTP (RFC 9110 5.6.7) in RFC 3339; empty where it is none."""
    for form in _HTTP_DATES:
        try:
            return datetime.strptime(text.strip(), form).replace(tzinfo=UTC).isoformat()
        except ValueError:
            continue
    return ""

"""Spans of time and rates as people write them: `90s`, `1h30m`, `7d`, `10/5m`.

Must not be here: what they are used for.
"""

import re
from typing import NamedTuple

_PART = re.compile(r"([0-9]{1,9})(ms|s|m|h|d|w)")
_SPAN = re.compile(r"(?:[0-9]{1,9}(?:ms|s|m|h|d|w))+")
_RATE = re.compile(r"([0-9]{1,6})/(.+)")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0}
LONGEST = 366 * 86400.0


class Rate(NamedTuple):
    """So many in any window of so many seconds."""

    number: int
    seconds: float


def span(text: str) -> float:
    """Seconds of a span; `0` is none. Raises ValueError with what is wrong."""
    if text in ("0", ""):
        return 0.0
    if not _SPAN.fullmatch(text):
        raise ValueError("is no span of time; give 30s, 5m, 1h30m or 7d")
    seconds = sum(int(number) * _SECONDS[unit] for number, unit in _PART.findall(text))
    if seconds > LONGEST:
        raise ValueError("is longer than a year")
    return seconds


def rate(text: str) -> Rate:
    """A rate. Raises ValueError with what is wrong."""
    match = _RATE.fullmatch(text)
    if match is None:
        raise ValueError("is no rate; give 10/5m for ten in any five minutes")
    seconds = span(match[2])
    if int(match[1]) < 1 or seconds <= 0:
        raise ValueError("must be at least one in more than no time")
    return Rate(int(match[1]), seconds)


def said(seconds: float) -> str:
    """A span for people: the two largest units."""
    left, parts = round(seconds), []
    for unit in ("d", "h", "m", "s"):
        number, left = divmod(left, int(_SECONDS[unit]))
        if number:
            parts.append(f"{number}{unit}")
    return " ".join(parts[:2]) or "0s"

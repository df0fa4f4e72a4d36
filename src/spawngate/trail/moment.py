"""Times as the trail writes them: RFC 3339, UTC, microseconds, `2026-11-21T10:00:00.000000Z`.

One length and one zone, so that texts sort as the times do. Must not be here: clocks, spans and days of queries
(`trail.query.parse`).
"""

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache

_NORMAL = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def text(microseconds: int) -> str:
    """The time so many microseconds after 1970. Raises ValueError outside of the years 1 to 9999."""
    try:
        moment = _EPOCH + timedelta(microseconds=microseconds)
    except OverflowError:
        raise ValueError("this time has no date") from None
    return f"{moment.isoformat(timespec='microseconds')[:-6]}Z"


def of_seconds(seconds: float) -> str:
    """The time so many seconds after 1970, as `time.time` gives them; parts of a microsecond are cut off.

    Raises ValueError outside of the years 1 to 9999.
    """
    return text(int(seconds * 1_000_000))


def stamp(moment: datetime) -> str:
    """A moment with a zone in the trail's form."""
    text = moment.isoformat(timespec="microseconds")
    if not text.endswith("+00:00"):
        text = moment.astimezone(UTC).isoformat(timespec="microseconds")
    return f"{text[:-6]}Z"


def microseconds(time: str) -> int:
    """Microseconds after 1970 of a time in the trail's form, or in any other form of RFC 3339 with a zone.

    Parts of a microsecond are cut off. Raises ValueError.
    """
    moment = datetime.fromisoformat(time)
    if moment.tzinfo is None:
        raise ValueError("this time has no zone")
    return (moment - _EPOCH) // _MICROSECOND


def normal(time: str) -> str:
    """The time in the trail's form. Raises ValueError."""
    return time if is_normal(time) else text(microseconds(time))


def is_normal(time: str) -> bool:
    """Whether the time is written as the trail does it."""
    if _NORMAL.fullmatch(time) is None:
        return False
    try:
        datetime.fromisoformat(time)
    except ValueError:
        return False
    return True


@lru_cache(1024)
def _minute(begin: str) -> int:
    """Microseconds after 1970 of the minute of a time: many times lie in few."""
    time = f"{begin}00.000000Z"
    if _NORMAL.fullmatch(time) is None:
        raise ValueError("this time is not RFC 3339 in UTC with microseconds")
    return microseconds(time)


def exact(time: str) -> int:
    """Microseconds after 1970 of a time that is written as the trail does it. Raises ValueError for any other."""
    minute, rest = time[:17], time[17:]
    digits = rest[:2] + rest[3:9]
    if len(rest) != 10 or rest[2] != "." or rest[9] != "Z" or not (digits.isascii() and digits.isdigit()):
        raise ValueError("this time is not RFC 3339 in UTC with microseconds")
    if digits > "59999999":
        raise ValueError("a minute has sixty seconds")
    return _minute(minute) + int(digits)

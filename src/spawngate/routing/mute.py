"""Times in which a route stays silent, as Alertmanager's time intervals: days of the week, hours of the day, a zone.

What happens while a route is muted is counted and told when the time is over.
Must not be here: the database of zones (the shell hands in a `tzinfo`), what is muted (`routing.schedule`).
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta, tzinfo

import msgspec

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])|24:00")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Mute(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One time, repeated. Every part that is given must hold."""

    days: tuple[str, ...] = ()
    """`mon` to `sun`, of the begin where it goes over midnight; none: every day."""
    begin: str = "00:00"
    end: str = "24:00"
    """Not after `begin`: on the next day."""
    dates: tuple[str, ...] = ()
    """2026-12-24; none: every date."""
    zone: str = "UTC"
    """IANA name."""

    def problems(self) -> Mapping[str, str]:
        """What is wrong, by name."""
        found: dict[str, str] = {}
        wrong = [day for day in self.days if day not in DAYS]
        if wrong:
            found["days"] = f"must be of {', '.join(DAYS)}"
        for name, text in (("begin", self.begin), ("end", self.end)):
            if not _TIME.fullmatch(text):
                found[name] = "must be a time of the day: 22:00"
        for text in self.dates:
            try:
                datetime.strptime(text, "%Y-%m-%d")
                good = _DATE.fullmatch(text) is not None
            except ValueError:
                good = False
            if not good:
                found["dates"] = "must be dates: 2026-12-24"
        return found


def muted(mutes: Sequence[Mute], now: float, zones: Mapping[str, tzinfo]) -> bool:
    """Whether one of the times holds at `now` (Unix seconds). `zones`: every zone that the times name, but UTC."""
    return any(_holds(mute, now, zones) for mute in mutes)


def _holds(mute: Mute, now: float, zones: Mapping[str, tzinfo]) -> bool:
    local = datetime.fromtimestamp(now, UTC if mute.zone == "UTC" else zones[mute.zone])
    clock = local.hour * 60 + local.minute
    begin, end = _minutes(mute.begin), _minutes(mute.end)
    if begin < end:
        return begin <= clock < end and _on(mute, local)
    # Over midnight: the part before belongs to today, the part after to the day it began on.
    return (clock >= begin and _on(mute, local)) or (clock < end and _on(mute, local - timedelta(days=1)))


def _on(mute: Mute, day: datetime) -> bool:
    if mute.days and DAYS[day.weekday()] not in mute.days:
        return False
    return not mute.dates or day.strftime("%Y-%m-%d") in mute.dates


def _minutes(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)

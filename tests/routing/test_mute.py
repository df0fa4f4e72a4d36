"""`routing.mute`: times in which a route is silent, over midnight and over a change of the clock."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from spawngate.routing.mute import Mute, muted

ZONES = {"Europe/Berlin": ZoneInfo("Europe/Berlin")}


def at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


NIGHT = Mute(days=("fri",), begin="22:00", end="06:00", zone="Europe/Berlin")
OFFICE = Mute(days=("mon", "tue"), begin="09:00", end="17:00")


@pytest.mark.parametrize(
    ("mute", "moment", "expected"),
    [
        (OFFICE, "2026-11-23T09:00", True),
        (OFFICE, "2026-11-23T16:59:59", True),
        (OFFICE, "2026-11-23T17:00", False),
        (OFFICE, "2026-11-25T10:00", False),
        (NIGHT, "2026-11-20T20:59", False),
        (NIGHT, "2026-11-20T21:00", True),
        (NIGHT, "2026-11-21T04:59", True),
        (NIGHT, "2026-11-21T05:00", False),
        (NIGHT, "2026-11-20T04:00", False),
        (NIGHT, "2026-11-21T21:30", False),
        # Friday in summer: Berlin is two hours ahead.
        (NIGHT, "2026-07-03T20:00", True),
        (NIGHT, "2026-07-03T19:59", False),
        (Mute(), "2026-07-03T19:59", True),
        (Mute(dates=("2026-12-24",)), "2026-12-24T23:59", True),
        (Mute(dates=("2026-12-24",)), "2026-12-25T00:00", False),
        (Mute(dates=("2026-12-24",), begin="20:00", end="02:00"), "2026-12-25T01:00", True),
        (Mute(begin="10:00", end="10:00"), "2026-12-25T09:00", True),
    ],
)
def test_muted(mute: Mute, moment: str, expected: bool) -> None:
    assert muted((mute,), at(moment), ZONES) is expected


def test_one_of_several_is_enough_and_none_is_never() -> None:
    assert muted((OFFICE, Mute()), at("2026-11-25T10:00"), ZONES)
    assert not muted((), at("2026-11-25T10:00"), ZONES)


def test_problems() -> None:
    wrong = Mute(days=("monday",), begin="25:00", end="7:00", dates=("2026-02-30",))
    assert wrong.problems() == {
        "days": "must be of mon, tue, wed, thu, fri, sat, sun",
        "begin": "must be a time of the day: 22:00",
        "end": "must be a time of the day: 22:00",
        "dates": "must be dates: 2026-12-24",
    }
    assert NIGHT.problems() == {}

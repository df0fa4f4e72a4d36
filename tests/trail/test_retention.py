"""Which days go."""

import pytest

from spawngate.trail.retention import Hold, due, is_day, leapt_from

DAYS = ["2026-11-17", "2026-11-18", "2026-11-18.01", "2026-11-19", "2026-11-20", "2026-11-21"]


@pytest.mark.parametrize(
    ("keep", "holds", "expected"),
    [
        (90, [], []),
        (3, [], ["2026-11-17"]),
        (2, [], ["2026-11-17", "2026-11-18", "2026-11-18.01"]),
        (0, [], DAYS[:-1]),
        (1 << 60, [], []),
        (1, [Hold("2026-11-18", "2026-11-18")], ["2026-11-17", "2026-11-19"]),
        (1, [Hold(until="2026-11-17"), Hold("2026-11-19")], ["2026-11-18", "2026-11-18.01"]),
        (1, [Hold()], []),
    ],
)
def test_due(keep: int, holds: list[Hold], expected: list[str]) -> None:
    assert due(DAYS, "2026-11-21", keep, holds) == expected


def test_the_newest_and_today_stay() -> None:
    assert due(["2026-01-01"], "2026-11-21", 1) == []
    assert due(["2026-11-21", "2026-11-22"], "2026-11-21", 0) == []
    assert due([], "2026-11-21", 1) == []


@pytest.mark.parametrize(
    ("text", "good"), [("2026-11-21", True), ("20261121", False), ("2026-02-30", False), ("", False)]
)
def test_days(text: str, good: bool) -> None:
    assert is_day(text) is good


@pytest.mark.parametrize(
    ("days", "today", "expected"),
    [
        ([], "2026-11-21", ""),
        (["2026-11-21"], "2026-11-21", ""),
        (["2026-10-21", "2026-11-21"], "2026-11-21", ""),
        (["2026-10-20", "2026-11-21"], "2026-11-21", "2026-10-20"),
        (["2026-01-01", "2026-10-20.01"], "2026-11-21", "2026-10-20"),
        (["2026-01-01", "2026-11-21"], "2026-11-22", "2026-01-01"),
        (["2026-01-01", *(f"2026-11-{day}" for day in range(15, 20))], "2026-11-20", "2026-01-01"),
        (["2026-01-01", *(f"2026-11-{day}" for day in range(15, 21))], "2026-11-21", "2026-01-01"),
        (["2026-01-01", *(f"2026-11-{day}" for day in range(15, 22))], "2026-11-22", ""),
        (["2026-01-01", "2026-05-01", "2026-09-01", "2026-09-02"], "2026-09-03", "2026-05-01"),
        (["2026-11-20", "2037-01-01"], "2026-11-21", ""),
    ],
)
def test_a_clock_in_doubt(days: list[str], today: str, expected: str) -> None:
    assert leapt_from(days, today) == expected

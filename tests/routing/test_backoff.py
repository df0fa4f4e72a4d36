"""`routing.backoff`: bounds of the pauses, and Retry-After in every form."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.routing.backoff import LONGEST, LONGEST_ASKED, pause, read_retry_after

NOW = "2026-11-21T10:00:00.000000Z"


@pytest.mark.parametrize(
    ("attempt", "draw", "asked", "seconds"),
    [
        (1, 0.0, None, 0.0),
        (1, 0.5, None, 0.5),
        (3, 0.5, None, 2.0),
        (4, 0.25, None, 2.0),
        (11, 0.5, None, 450.0),
        (5_000, 0.5, None, 450.0),
        (0, 0.5, None, 0.5),
        (1, 0.0, 30.0, 30.0),
        (1, 0.5, 30.0, 30.5),
        (11, 0.5, 30.0, 37.5),
        (11, 0.5, 0.0, 450.0),
        (1, 0.0, 1e9, LONGEST_ASKED),
        (3, 0.5, float("inf"), LONGEST_ASKED + 2.0),
        (1, 0.5, -5.0, 0.5),
    ],
)
def test_pause(attempt: int, draw: float, asked: float | None, seconds: float) -> None:
    assert pause(attempt, draw, asked) == seconds


@given(st.integers(-5, 10_000), st.floats(0, 1, exclude_max=True), st.none() | st.floats(0, LONGEST_ASKED))
def test_a_pause_is_never_shorter_than_asked_and_never_endless(attempt: int, draw: float, asked: float | None) -> None:
    seconds = pause(attempt, draw, asked)
    assert (asked or 0.0) <= seconds <= max(LONGEST, (asked or 0.0) + LONGEST)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("30", 30.0),
        (" 0 ", 0.0),
        ("1.5", 1.5),
        ("Sat, 21 Nov 2026 10:01:30 GMT", 90.0),
        ("Sat, 21 Nov 2026 09:00:00 GMT", 0.0),
        ("", None),
        ("-3", None),
        ("soon", None),
        ("99999999999999", 99999999999999.0),
        ("9" * 400, float("inf")),
        ("9" * 2000, None),
        ("Saturday, 21-Nov-26 10:01:30 GMT", 90.0),
        ("Sat Nov 21 10:01:30 2026", 90.0),
        (
            "Fri, 31 Dec 9999 23:59:59 GMT",
            (datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC) - datetime.fromisoformat(NOW)) / timedelta(seconds=1),
        ),
        ("Sat, 21 Nov 2026 10:01:30 CET", None),
        ("inf", None),
    ],
)
def test_retry_after(text: str, seconds: float | None) -> None:
    assert read_retry_after(text, NOW) == seconds


def test_a_date_without_a_clock_says_nothing() -> None:
    assert read_retry_after("Sat, 21 Nov 2026 10:01:30 GMT") is None


@given(st.text(max_size=60))
def test_any_text_is_read(text: str) -> None:
    seconds = read_retry_after(text, NOW)
    assert seconds is None or seconds >= 0

"""`routing.durations`: spans and rates as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.routing.durations import Rate, rate, said, span


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("0", 0.0), ("", 0.0), ("30s", 30.0), ("5m", 300.0), ("1h30m", 5400.0), ("7d", 604800.0), ("250ms", 0.25)],
)
def test_span(text: str, seconds: float) -> None:
    assert span(text) == seconds


@pytest.mark.parametrize("text", ["5", "m", "-5m", "5 m", "1y", "5m ", "٣m", "1e3s"])
def test_what_is_no_span(text: str) -> None:
    with pytest.raises(ValueError, match="is no span of time; give 30s, 5m, 1h30m or 7d"):
        span(text)


def test_a_span_has_an_end() -> None:
    with pytest.raises(ValueError, match="is longer than a year"):
        span("367d")


def test_rate() -> None:
    assert rate("10/5m") == Rate(10, 300.0)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("10", "is no rate; give 10/5m for ten in any five minutes"),
        ("/5m", "is no rate; give 10/5m for ten in any five minutes"),
        ("0/5m", "must be at least one in more than no time"),
        ("5/0", "must be at least one in more than no time"),
        ("5/x", "is no span of time; give 30s, 5m, 1h30m or 7d"),
    ],
)
def test_what_is_no_rate(text: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        rate(text)


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0s"), (0.4, "0s"), (59.6, "1m"), (300, "5m"), (90061, "1d 1h"), (3605, "1h 5s")]
)
def test_for_people(seconds: float, text: str) -> None:
    assert said(seconds) == text


@given(st.text(max_size=20))
def test_any_text_is_a_span_or_refused(text: str) -> None:
    try:
        seconds = span(text)
    except ValueError:
        return
    assert 0 <= seconds <= 366 * 86400

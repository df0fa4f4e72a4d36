"""Times in one form that sorts."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.trail import moment


@given(st.datetimes(timezones=st.just(UTC)))
def test_there_and_back(when: datetime) -> None:
    written = f"{when.isoformat(timespec='microseconds')[:-6]}Z"
    assert moment.text(moment.microseconds(written)) == written
    assert moment.is_normal(written)


@given(st.datetimes(timezones=st.just(UTC)), st.datetimes(timezones=st.just(UTC)))
def test_texts_sort_as_times_do(one: datetime, other: datetime) -> None:
    first, second = (moment.normal(each.isoformat()) for each in (one, other))
    assert (first < second) == (one < other)


@pytest.mark.parametrize(
    ("given_", "expected"),
    [
        ("2026-11-21T10:00:00Z", "2026-11-21T10:00:00.000000Z"),
        ("2026-11-21T10:00:00+02:00", "2026-11-21T08:00:00.000000Z"),
        ("2026-11-21T10:00:00.1234567Z", "2026-11-21T10:00:00.123456Z"),
    ],
)
def test_other_forms_become_ours(given_: str, expected: str) -> None:
    assert moment.normal(given_) == expected
    assert moment.is_normal(expected)
    assert not moment.is_normal(given_)


@pytest.mark.parametrize("bad", ["", "2026-11-21", "2026-11-21T10:00:00", "noon", "0000-01-01T00:00:00Z"])
def test_no_times(bad: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # the standard library's own words
        moment.normal(bad)
    assert not moment.is_normal(bad)


@given(st.text(max_size=40))
def test_any_text_is_a_time_or_none(text: str) -> None:
    if moment.is_normal(text):
        assert moment.normal(text) == text


@given(st.one_of(st.text(max_size=40), st.datetimes(timezones=st.just(UTC)).map(lambda when: when.isoformat())))
def test_exact_takes_our_form_alone(text: str) -> None:
    if moment.is_normal(text):
        assert moment.text(moment.exact(text)) == text
    else:
        with pytest.raises(ValueError):  # noqa: PT011  # ours or the standard library's words
            moment.exact(text)


def test_years_end() -> None:
    with pytest.raises(ValueError, match="no date"):
        moment.text(1 << 62)


def test_of_seconds() -> None:
    assert moment.of_seconds(1_795_255_200.25) == "2026-11-21T10:00:00.250000Z"


@given(
    st.text("0123456789-T:.Z+ _٣", max_size=30)
    | st.datetimes().map(lambda at: f"{at:%Y-%m-%dT%H:%M:%S.%f}Z".rjust(27, "0"))
)
def test_exact_is_what_is_normal(time: str) -> None:
    if moment.is_normal(time):
        assert moment.exact(time) == moment.microseconds(time)
    else:
        with pytest.raises(ValueError, match=r".+"):
            moment.exact(time)


@pytest.mark.parametrize(
    "seconds", ["60.000000", "99.999999", "+1.000000", " 1.000000", "1_.000000", "٣٣.000000", "00,000000"]
)
def test_seconds_that_are_none(seconds: str) -> None:
    with pytest.raises(ValueError, match=r"RFC 3339|sixty"):
        moment.exact(f"2026-11-21T10:00:{seconds}Z")

"""`routing.breaker`: opens after failures in a row, lets one try, closes with a success."""

from hypothesis import given
from hypothesis import strategies as st

from spawngate.routing.breaker import FAILURES, TRIAL, Breaker, admits, failed, succeeded, trying


def test_a_life() -> None:
    breaker = Breaker()
    for number in range(1, FAILURES):
        breaker = failed(breaker, 100.0, 0.5, setting=False, reason="HTTP 500")
        assert (breaker, admits(breaker, 100.0)) == (Breaker(number, 0, 0.0, "HTTP 500"), -1)
    breaker = failed(breaker, 100.0, 0.5, setting=False, reason="HTTP 500")
    assert breaker == Breaker(5, 1, 116.0, "HTTP 500")
    assert (admits(breaker, 115.9), admits(breaker, 116.0)) == (0, 1)
    breaker = trying(breaker, 116.0)
    assert (admits(breaker, 116.0), admits(breaker, 116.0 + TRIAL)) == (0, 1)
    breaker = failed(breaker, 117.0, 0.5, setting=False, reason="HTTP 502")
    assert breaker == Breaker(6, 2, 149.0, "HTTP 502")
    assert succeeded(breaker) == Breaker()


def test_a_wrong_setting_opens_at_once() -> None:
    assert failed(Breaker(), 100.0, 0.0, setting=True, reason="HTTP 401") == Breaker(1, 1, 400.0, "HTTP 401")


def test_what_was_asked_for_is_honoured() -> None:
    opened = failed(Breaker(FAILURES - 1), 100.0, 0.0, setting=False, asked=3_000.0)
    assert opened.until == 3_100.0


def test_a_trial_is_noted_only_where_it_is_open() -> None:
    assert trying(Breaker(2), 100.0) == Breaker(2)


@given(st.integers(0, 10_000), st.floats(0, 1, exclude_max=True), st.booleans(), st.none() | st.floats(0, 1e6))
def test_it_never_waits_for_ever(failures: int, draw: float, setting: bool, asked: float | None) -> None:
    breaker = failed(Breaker(failures, failures), 0.0, draw, setting=setting, asked=asked)
    assert 0 <= breaker.until <= max(900.0, asked or 0.0)

"""When something is done again: in bounds, growing, and never all at once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.sync import timing

CHANCE = st.floats(0, 1, exclude_max=True)


@pytest.mark.parametrize(("asked", "given_"), [(0, 5), (-9, 5), (5, 5), (60, 60), (3_600, 3_600), (10**9, 3_600)])
def test_an_interval_has_bounds(asked: int, given_: int) -> None:
    assert timing.interval(asked) == given_


@given(CHANCE)
def test_syncs_are_spread_around_the_interval(chance: float) -> None:
    assert 51.0 <= timing.next_sync(60, chance) <= 69.0


@pytest.mark.parametrize(
    ("failures", "least", "most"),
    [(1, 1.0, 2.0), (2, 2.0, 4.0), (5, 16.0, 32.0), (10, 450.0, 900.0), (99, 450.0, 900.0)],
)
def test_pauses_double_up_to_a_bound(failures: int, least: float, most: float) -> None:
    assert timing.pause(failures, 0.0) == least
    assert timing.pause(failures, 0.999999) == pytest.approx(most, rel=1e-3)


def test_a_servers_wish_is_obeyed_as_far_as_it_is_sensible() -> None:
    assert timing.pause(1, 0.0, 30.0) == 30.0
    assert timing.pause(1, 0.0, 1e12) == 900.0
    assert timing.pause(9, 0.0, 3.0) == timing.pause(9, 0.0)


@given(st.integers(-5, 10**9), CHANCE, st.floats(-1e9, 1e9))
def test_a_pause_is_never_none_and_never_endless(failures: int, chance: float, asked: float) -> None:
    assert 1.0 <= timing.pause(failures, chance, asked) <= 900.0 * 1.15


def test_first_syncs_are_spread() -> None:
    assert timing.first_sync(0.0) == 0.0
    assert timing.first_sync(0.5) == 2.5

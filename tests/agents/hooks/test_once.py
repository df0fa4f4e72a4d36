"""The memory of decided calls: within its window, within its bounds."""

from hypothesis import given
from hypothesis import strategies as st

from spawngate.agents.hooks.once import Once


def test_found_under_any_key_within_the_window() -> None:
    once = Once[str](window=5.0)
    once.keep(10.0, ("a", "b"), "first")
    assert [
        once.find(now, keys) for now, keys in ((10.0, ("x", "b")), (15.0, ("a",)), (15.1, ("a",)), (9.0, ("a",)))
    ] == [
        "first",
        "first",
        None,
        None,
    ]
    assert once.find(10.0, ()) is None


def test_a_later_value_takes_the_place() -> None:
    once = Once[int]()
    once.keep(0.0, ("a",), 1)
    once.keep(1.0, ("a",), 2)
    assert (once.find(1.0, ("a",)), len(once)) == (2, 1)


def test_old_ones_are_forgotten() -> None:
    once = Once[int](window=1.0)
    for second in range(100):
        once.keep(float(second), (str(second),), second)
    assert len(once) == 2


@given(st.lists(st.tuples(st.floats(0, 100), st.lists(st.sampled_from("abcdefgh"), max_size=3), st.integers())))
def test_never_more_than_its_bound(steps: list[tuple[float, list[str], int]]) -> None:
    once = Once[int](most=4)
    for now, keys, value in steps:
        once.keep(now, keys, value)
        assert len(once) <= 4

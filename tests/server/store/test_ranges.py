"""Sets of sequences."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.server.store.ranges import Ranges

NUMBERS = st.lists(st.integers(1, 40))


@given(NUMBERS)
def test_a_set(numbers: list[int]) -> None:
    ranges, known = Ranges(), set[int]()
    for number in numbers:
        assert ranges.add(number) == (number not in known)
        known.add(number)
    assert {number for number in range(50) if number in ranges} == known
    assert len(ranges) == len(known)
    assert ranges.last == max(known, default=0)
    pairs = list(ranges)
    assert [each for first, last in pairs for each in range(first, last + 1)] == sorted(known)
    assert list(Ranges(pairs)) == pairs  # ascending, apart
    gaps = {each for first, last in ranges.missing() for each in range(first, last + 1)}
    assert gaps == set(range(min(known, default=1), ranges.last + 1)) - known


@pytest.mark.parametrize("pairs", [[(2, 1)], [(1, 2), (3, 4)], [(5, 6), (1, 2)], [(0, 1)]])
def test_no_ranges(pairs: list[tuple[int, int]]) -> None:
    with pytest.raises(ValueError, match="ascend"):
        Ranges(pairs)

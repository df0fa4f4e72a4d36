"""Token buckets."""

from hypothesis import given
from hypothesis import strategies as st

from spawngate.server.access import limits
from spawngate.server.access.limits import Limit, Rate


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_and_then_a_rate() -> None:
    clock = Clock()
    limit = Limit(Rate(3, 0.5), clock)
    assert [limit.take("a") for _ in range(4)] == [0, 0, 0, 2.0]
    assert limit.take("b") == 0, "others are not kept waiting"
    clock.now += 2
    assert [limit.take("a") for _ in range(2)] == [0, 2.0]
    clock.now += 1000
    assert [limit.take("a") for _ in range(4)] == [0, 0, 0, 2.0], "no more than the burst is saved up"


def test_looking_takes_nothing() -> None:
    limit = Limit(Rate(1, 1), Clock())
    assert [limit.wait("a"), limit.wait("a"), limit.take("a"), limit.wait("a"), limit.take("a")] == [0, 0, 0, 1, 1]
    limit.forget("a")
    assert limit.take("a") == 0


def test_a_clock_that_goes_back_gives_nothing() -> None:
    clock = Clock()
    limit = Limit(Rate(1, 1), clock)
    limit.take("a")
    clock.now -= 50
    assert limit.take("a") == 1


def test_memory_is_bounded() -> None:
    limit = Limit(Rate(1, 1), Clock())
    for number in range(limits.MOST_KEYS + 10):
        limit.take(number)
    assert len(limit._buckets) == limits.MOST_KEYS
    assert limit.take(limits.MOST_KEYS + 9) == 1, "the latest are known"
    assert limit.take(0) == 0, "the first are forgotten"


@given(st.lists(st.floats(0, 10), max_size=60))
def test_never_more_than_burst_and_rate(gaps: list[float]) -> None:
    clock = Clock()
    limit = Limit(Rate(5, 2), clock)
    given = 0
    for gap in gaps:
        clock.now += gap
        given += limit.take("a") == 0
    assert given <= 5 + 2 * sum(gaps) + 1e-6

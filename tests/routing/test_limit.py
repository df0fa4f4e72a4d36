"""`routing.limit`: never more than so many in any window."""

from hypothesis import given
from hypothesis import strategies as st

from spawngate.routing.durations import Rate
from spawngate.routing.limit import again, recent, room

RATE = Rate(3, 60.0)


def test_room() -> None:
    assert [room(sent, RATE, 100.0) for sent in ((), (99.0,), (30.0, 41.0, 99.0), (41.0, 42.0, 43.0))] == [3, 2, 1, 0]
    assert room((1.0,) * 1000, None, 1.0) == 1 << 30


def test_again() -> None:
    assert again((41.0, 42.0, 43.0), RATE, 50.0) == 101.0
    assert again((42.0, 43.0), RATE, 50.0) == 50.0
    assert again((1.0,), None, 50.0) == 50.0


def test_only_what_counts_is_kept() -> None:
    assert recent((10.0, 41.0, 42.0, 43.0, 44.0), RATE, 100.0) == (42.0, 43.0, 44.0)
    assert recent((1.0,), None, 1.0) == ()


@given(st.lists(st.floats(0, 1000), max_size=60))
def test_no_window_has_more(moments: list[float]) -> None:
    sent: tuple[float, ...] = ()
    passed: list[float] = []
    for now in sorted(moments):
        if room(sent, RATE, now):
            sent = recent((*sent, now), RATE, now)
            passed.append(now)
    for end in passed:
        assert sum(1 for moment in passed if end - RATE.seconds < moment <= end) <= RATE.number

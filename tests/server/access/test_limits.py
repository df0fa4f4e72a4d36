"""Token buckets, and room."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.server.access import limits
from spawngate.server.access.limits import Limit, Rate, Room, network_of


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


def test_a_turn_that_is_given_back_can_be_taken_again() -> None:
    limit = Limit(Rate(1, 1), Clock())
    limit.give_back("a")
    assert [limit.take("a"), limit.take("a")] == [0, 1]
    limit.give_back("a", 5)
    assert [limit.take("a"), limit.take("a")] == [0, 1], "never more than the burst"


def test_room_is_of_each_key_and_comes_back() -> None:
    room = Room(2)
    with (
        room.entered("a") as first,
        room.entered("a") as second,
        room.entered("a") as third,
        room.entered("b") as other,
    ):
        assert (first, second, third, other) == (True, True, False, True)
    with suppress(ZeroDivisionError), room.entered("a"):
        raise ZeroDivisionError
    with room.entered("a") as first, room.entered("a") as second:
        assert (first, second) == (True, True)
    assert room._inside == {}


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:bbbb:1:1:1", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("testclient", "testclient"),
        ("", ""),
    ],
)
def test_one_host_is_one_network(address: str, network: str) -> None:
    assert network_of(address) == network


@given(st.text(max_size=40))
def test_every_text_has_a_network(text: str) -> None:
    assert isinstance(network_of(text), str)

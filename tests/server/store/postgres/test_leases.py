"""Leases: one holder at a time, by the database's clock; who was too slow changes nothing."""

import threading
import time

import pytest

from spawngate.server.store.port import Item
from spawngate.server.store.postgres.connection import Pool
from spawngate.server.store.postgres.control import PostgresControl
from spawngate.server.store.postgres.leases import Lease, LeaseLostError, holder_name
from tests.server.postgres import Cluster


@pytest.fixture
def pool(database: str) -> object:
    pool = Pool(database)
    PostgresControl(pool, b"k")
    yield pool
    pool.close()


def test_one_holds_it_and_the_next_takes_over(pool: Pool) -> None:
    one, two = Lease(pool, "x", "one", 0.3), Lease(pool, "x", "two", 60)
    assert [one.take(), two.take(), one.take()] == [True, False, True]
    assert (one.held, two.held, one.token) == (True, False, 1)
    time.sleep(0.35)
    assert (one.held, one.token) == (False, 0)
    assert [two.take(), one.take()] == [True, False]
    assert two.token == 2
    two.give_up()
    assert [two.held, one.take(), one.token] == [False, True, 3]


def test_leases_of_other_names_are_others(pool: Pool) -> None:
    assert Lease(pool, "x", "one", 60).take()
    assert Lease(pool, "y", "two", 60).take()


def test_who_slept_changes_nothing(pool: Pool) -> None:
    moment = [0.0]
    slow, quick = Lease(pool, "x", "slow", 0.2, lambda: moment[0]), Lease(pool, "x", "quick", 60)
    control = PostgresControl(pool, b"k").fenced(slow.fence)
    assert slow.take()
    control.put(Item("notice", "a", b"1"))
    time.sleep(0.25)
    assert slow.held  # its own clock stood still: it believes so
    with pytest.raises(LeaseLostError):
        control.put(Item("notice", "a", b"2"))
    assert quick.take()
    with pytest.raises(LeaseLostError):
        control.remove("notice", "a")
    assert not slow.take()
    assert control.get("notice", "a") == b"1"


def test_of_many_one_gets_it(pool: Pool) -> None:
    leases = [Lease(pool, "x", f"w{number}", 60) for number in range(8)]
    taken: list[bool] = []
    threads = [threading.Thread(target=lambda lease=each: taken.append(lease.take())) for each in leases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == [False] * 7 + [True]


def test_names_differ() -> None:
    assert holder_name() != holder_name()


def test_a_cluster_that_is_away_is_told(cluster: Cluster) -> None:
    from spawngate.server.store.port import StoreError

    lease = Lease(Pool("postgresql://nobody@127.0.0.1:1/none"), "x", "one", 60)
    with pytest.raises(StoreError):
        lease.take()

"""One order for the events of all processes."""

import threading
from datetime import timedelta

import pytest

from spawngate.server.store.port import Entry, Position, StoreDamagedError
from spawngate.server.store.postgres.events import PostgresEvents
from spawngate.server.store.postgres.lane import Lane, place_of, ranges_of
from spawngate.trail import leaf, tree
from tests.server.store.conformance import DAY, Source


def together(*work: object) -> None:
    threads = [threading.Thread(target=each) for each in work]  # type: ignore[arg-type]  # functions
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_workers_that_append_at_once_make_one_tree(database: str) -> None:
    workers = [PostgresEvents(database) for _ in range(4)]
    sources = [Source(f"laptop-{number}") for number in range(4)]
    batches = [[source.entries(9, DAY + timedelta(minutes=n)) for n in range(20)] for source in sources]
    same = Source("shared").entries(120)

    def run(number: int) -> None:
        for at, batch in enumerate(batches[number]):
            workers[number].append([*batch, *same[at * 6 : at * 6 + 6]])

    together(*[lambda number=number: run(number) for number in range(4)])
    found, position = workers[0].after(Position(), 10_000)
    assert position == Position("2026-11-19", 840)
    assert len({entry.key for entry in found}) == len(found) == 840
    leaves = [leaf.hashed(entry.received, entry.endpoint, entry.record) for entry in found]
    assert workers[1].tree("2026-11-19").root == tree.root_of(leaves)
    assert workers[2].subtree("2026-11-19", 0, 512) == tree.root_of(leaves[:512])
    for source in sources:
        assert [entry.sequence for entry in found if entry.endpoint == source.endpoint] == list(range(1, 181))
    for worker in workers:
        worker.close()


def test_workers_go_over_midnight_together(database: str) -> None:
    workers = [PostgresEvents(database) for _ in range(3)]
    sources = [Source(f"laptop-{number}") for number in range(3)]

    def run(number: int) -> None:
        for hour in range(0, 60, 3):
            workers[number].append(sources[number].entries(3, DAY + timedelta(hours=hour)))

    together(*[lambda number=number: run(number) for number in range(3)])
    assert workers[0].days() == ["2026-11-19", "2026-11-20", "2026-11-21"]
    assert workers[0].stats().events == 180
    for worker in workers:
        worker.close()


def test_where_an_event_lies(database: str) -> None:
    store = PostgresEvents(database)
    source = Source()
    entries = source.entries(10)
    store.append([entries[5], entries[6], entries[2]])
    store.append(entries)
    store.append([*Source("other").entries(2), *source.entries(2, DAY + timedelta(days=1))])
    with store.pool.lent() as connection:
        ids = [place_of(connection, entry.key) for entry in entries]
        assert place_of(connection, ("laptop", "s1", 13)) is None
        assert place_of(connection, ("laptop", "s2", 1)) is None
        assert place_of(connection, ("laptop", "s1", 12)) == (20777 << 40) + 4
    assert [None if id is None else id - (20776 << 40) for id in ids] == [4, 5, 3, 6, 7, 1, 2, 8, 9, 10]
    store.close()


def test_a_state_that_is_none_is_refused(database: str) -> None:
    store = PostgresEvents(database)
    store.append(Source().entries(3))
    for statement in ("UPDATE days SET parts='x'", "UPDATE streams SET ranges='[[2,1]]'", "DELETE FROM days"):
        store.pool.all(statement)
        with pytest.raises(StoreDamagedError):
            store.append([Entry("e", "s", 1, "2026-11-19T10:00:00.000000Z", "2026-11-19T10:00:00.000000Z", "x",
                                b'{"type":"x"}'), *Source().entries(1)])  # fmt: skip
        store.pool.all("UPDATE days SET parts=(SELECT parts FROM days), size=0")
        store.pool.all("UPDATE days SET parts=''")
        store.pool.all("UPDATE streams SET ranges='[]'")
    store.close()


@pytest.mark.parametrize(
    "text", ["", "x", "{}", "[1]", "[[1]]", "[[0,1]]", "[[2,1]]", "[[1,2],[3,4]]", "null", '["ab"]']
)
def test_ranges_that_are_none(text: str) -> None:
    with pytest.raises(StoreDamagedError):
        ranges_of(text)


def test_an_empty_lane(database: str) -> None:
    store = PostgresEvents(database)
    with store.pool.transaction() as connection:
        lane = Lane(connection, ())
        lane.enter()
        assert (lane.day, lane.size, lane.root) == (-1, 0, tree.EMPTY)
        assert int(lane.transaction) > 0
    store.close()

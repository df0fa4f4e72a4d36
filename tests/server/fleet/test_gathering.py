"""Writes that share a transaction: all durable, each undone alone, and told of together."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Connection, insert, select

from spawngate.model.errors import UsageError
from spawngate.server.fleet import gathering
from spawngate.server.fleet.database import ConflictError, Database, open_fleet
from spawngate.server.fleet.gathering import Gathering, Telling
from spawngate.server.fleet.tables import TEAMS
from spawngate.server.store.port import StoreError, StoreFullError
from spawngate.trail.event import SCHEMA_VERSION, Event, EventType

AT = "2026-11-22T00:00:00.000000Z"


class Recorded:
    """Where events go, and when."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.error: StoreError | None = None

    def __call__(self, events: Sequence[Event]) -> None:
        if self.error is not None:
            raise self.error
        self.batches.append([each.message for each in events])


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with open_fleet(tmp_path / "store") as opened:
        yield opened


def named(name: str, error: Exception | None = None) -> Callable[[Connection, Telling], str]:
    def work(connection: Connection, told: Telling) -> str:
        connection.execute(insert(TEAMS).values(name=name, created_at=AT))
        told.append(Event(type=EventType.ADMINISTRATION, at=AT, schema_version=SCHEMA_VERSION, message=name))
        if error is not None:
            raise error
        return f"made {name}"

    return work


def names(database: Database) -> list[str]:
    with database.read() as connection:
        return sorted(connection.execute(select(TEAMS.c.name).where(TEAMS.c.id > 0)).scalars())


def together(
    database: Database, gathered: Gathering, works: Sequence[Callable[[Connection, Telling], str]]
) -> list[str | BaseException]:
    """What came of works that all wait while somebody else writes."""

    def one(work: Callable[[Connection, Telling], str]) -> str | BaseException:
        try:
            return gathered.write(work)
        except (StoreError, UsageError, ZeroDivisionError) as error:
            return error

    with ThreadPoolExecutor(len(works) + 1) as pool:
        with database.begin():
            first = pool.submit(one, named("first"))  # which takes the turn, and waits for this transaction
            while gathered._waiting or not gathered._turn.locked():
                time.sleep(0.001)
            asked = []
            for number, work in enumerate(works):
                asked.append(pool.submit(one, work))
                while len(gathered._waiting) <= number:
                    time.sleep(0.001)
        assert first.result() == "made first"
        return [each.result() for each in asked]


def test_a_write_alone_is_durable_and_told(database: Database) -> None:
    told = Recorded()
    assert Gathering(database, told).write(named("a")) == "made a"
    assert (names(database), told.batches) == (["a"], [["a"]])


def test_what_waits_together_is_written_and_told_together(database: Database) -> None:
    told = Recorded()
    found = together(database, Gathering(database, told), [named(name) for name in "abc"])
    assert found == ["made a", "made b", "made c"]
    assert (names(database), told.batches) == (["a", "b", "c", "first"], [["first"], ["a", "b", "c"]])


def test_one_that_fails_undoes_itself_alone(database: Database) -> None:
    told = Recorded()
    works = [named("a"), named("b", UsageError("no")), named("a"), named("c", ZeroDivisionError()), named("d")]
    found = together(database, Gathering(database, told), works)
    assert [type(each) for each in found] == [str, UsageError, ConflictError, ZeroDivisionError, str]
    assert (names(database), told.batches) == (["a", "d", "first"], [["first"], ["a", "d"]])


def test_where_the_database_fails_nothing_is_written_and_everybody_is_told(database: Database) -> None:
    told = Recorded()
    works = [named("a"), named("b", StoreFullError("no room")), named("c")]
    found = together(database, Gathering(database, told), works)
    assert [str(each) for each in found] == ["no room"] * 3
    assert (names(database), told.batches) == (["first"], [["first"]])


def test_what_cannot_be_recorded_is_not_written(database: Database) -> None:
    told = Recorded()
    told.error = StoreError("away")
    gathered = Gathering(database, told)
    with pytest.raises(StoreError, match="away"):
        gathered.write(named("a"))
    assert names(database) == []
    told.error = None
    assert gathered.write(named("a")) == "made a"


def test_more_than_fit_into_one_transaction_are_all_written(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gathering, "MOST", 3)
    told = Recorded()
    wanted = [f"t{number}" for number in range(10)]
    found = together(database, Gathering(database, told), [named(name) for name in wanted])
    assert found == [f"made {name}" for name in wanted]
    assert [len(batch) for batch in told.batches] == [1, 3, 3, 3, 1]
    assert names(database) == sorted([*wanted, "first"])


def test_many_threads_at_once(database: Database) -> None:
    gathered, told = Gathering(database, (recorded := Recorded())), threading.Barrier(12)

    def several(number: int) -> None:
        told.wait()
        for place in range(10):
            assert gathered.write(named(f"{number}-{place}")) == f"made {number}-{place}"

    with ThreadPoolExecutor(12) as pool:
        list(pool.map(several, range(12)))
    wanted = sorted(f"{number}-{place}" for number in range(12) for place in range(10))
    assert names(database) == wanted
    assert sorted(name for batch in recorded.batches for name in batch) == wanted

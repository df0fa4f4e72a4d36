"""Counts by several columns at once: those of counting by each, read once."""

import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.server.store.coded.compile import EVERY, Condition
from spawngate.server.store.coded.view import Span
from spawngate.server.store.sqlite.cubes import COLUMNS, LARGEST, MOST, Cubes
from spawngate.server.store.sqlite.tables import HOUR

_CODE = st.one_of(st.none(), st.integers(1, 3))
_ROW = st.tuples(st.integers(-5 * HOUR, 5 * HOUR), *(_CODE for _ in COLUMNS))


class Table:
    """A table of events in memory; what was asked of it is counted."""

    def __init__(self, rows: Sequence[Sequence[Any]]) -> None:
        self.asked = 0
        self.connection = sqlite3.connect(":memory:")
        self.connection.execute(f"CREATE TABLE events(time, {', '.join(COLUMNS)})")
        self.connection.executemany(f"INSERT INTO events VALUES({','.join('?' * (len(COLUMNS) + 1))})", rows)

    def ask(self, statement: str, values: Sequence[object]) -> list[Any]:
        self.asked += 1
        return self.connection.execute(statement, values).fetchall()


@pytest.fixture
def table() -> Iterator[Table]:
    made = Table([(0, *([1] * len(COLUMNS)))])
    yield made
    made.connection.close()


@given(st.lists(_ROW, max_size=30), st.sampled_from([HOUR, 24 * HOUR]))
def test_they_are_what_counting_each_gives(rows: list[tuple[int, ...]], step: int) -> None:
    table, cubes = Table(rows), Cubes()
    where = Condition("agent<3", (), columns=frozenset(("agent",)))
    taken = [row for row in rows if row[2] is not None and row[2] < 3]
    given_ = (where, Span(), len(rows), "WHERE agent<?", (3,), table.ask)
    for place, column in enumerate(COLUMNS, 1):
        assert Counter(dict(cubes.values(column, *given_))) == Counter(
            row[place] for row in taken if row[place] is not None
        )
    assert cubes.steps(step, *given_) == Counter(row[0] - row[0] % step for row in taken)
    assert table.asked == 1
    table.connection.close()


def test_other_conditions_spans_and_sizes_are_counted_anew(table: Table) -> None:
    cubes = Cubes()
    keys = [(EVERY, Span(), 1), (EVERY, Span(), 2), (EVERY, Span(5), 2), (Condition("agent=1"), Span(5), 2)]
    for where, span, size in [*keys, *keys]:
        cubes.values("agent", where, span, size, "", (), table.ask)
    assert table.asked == len(keys)


def test_few_are_remembered_and_none_that_is_large(table: Table) -> None:
    cubes = Cubes()
    for size in range(MOST + 1):
        cubes.values("agent", EVERY, Span(), size, "", (), table.ask)
    cubes.values("agent", EVERY, Span(), 0, "", (), table.ask)
    assert table.asked == MOST + 2
    large = [(number * HOUR, *([1] * (len(COLUMNS) + 1))) for number in range(LARGEST + 1)]
    for _ in range(2):
        found = cubes.steps(HOUR, EVERY, Span(), -1, "", (), lambda *_: large)
        assert all(one < two for one, two in pairwise(found))
    assert (EVERY, Span(), -1) not in cubes._kept


def test_all_that_is_remembered_of_a_day_has_one_bound() -> None:
    rows = [(0, number, *([1] * (len(COLUMNS) - 1))) for number in range(LARGEST // 2)]
    table, cubes = Table(rows), Cubes()
    for number in (1, 2, 1, 3, 2):
        cubes.values("agent", EVERY, Span(), number, "", (), table.ask)
        assert sum(map(len, cubes._kept.values())) <= LARGEST
    assert table.asked == 4  # 1 and 2, of which 2 made room for 3
    table.connection.close()

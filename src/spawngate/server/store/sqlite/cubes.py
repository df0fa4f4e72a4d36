"""Counts of rows that a condition takes, by all columns of few values at once: a page that counts the same rows by
verdict, agent, severity and hour reads them once, and not four times.

Rows of a day that still grows are told apart by how many there were. Must not be here: SQL's connection and its lock.
"""

from collections import Counter, OrderedDict
from collections.abc import Callable, Sequence
from typing import Any

from spawngate.server.store.coded.compile import Condition
from spawngate.server.store.coded.view import Span
from spawngate.server.store.sqlite.tables import HOUR

COLUMNS = ("type", "agent", "mode", "verdict", "severity", "kind")
MOST = 8
"""Conditions that are remembered of a day: those of a page or two."""
LARGEST = 20_000
"""Rows of all that are remembered of a day: some megabytes."""

Ask = Callable[[str, Sequence[object]], list[Any]]


class Cubes:
    """Of one day. Whoever uses it sees to it that one thread at a time does."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[Condition, Span, int], list[tuple[Any, ...]]] = OrderedDict()
        self._rows = 0

    def values(
        self, column: str, where: Condition, span: Span, size: int, clauses: str, given: Sequence[object], ask: Ask
    ) -> list[tuple[int, int]]:
        """Codes of a column and how many rows have each. `clauses`: the WHERE clause of condition and span."""
        place = COLUMNS.index(column) + 1
        found: Counter[int] = Counter()
        for row in self._of(where, span, size, clauses, given, ask):
            if row[place] is not None:
                found[row[place]] += row[-1]
        return list(found.items())

    def steps(
        self, step: int, where: Condition, span: Span, size: int, clauses: str, given: Sequence[object], ask: Ask
    ) -> Counter[int]:
        """How many rows begin in each step of time, whole hours in microseconds."""
        found: Counter[int] = Counter()
        for row in self._of(where, span, size, clauses, given, ask):
            found[row[0] - row[0] % step] += row[-1]
        return found

    def _of(
        self, where: Condition, span: Span, size: int, clauses: str, given: Sequence[object], ask: Ask
    ) -> list[tuple[Any, ...]]:
        key = (where, span, size)
        found = self._kept.get(key)
        if found is None:
            begin = f"time - (time % {HOUR} + {HOUR}) % {HOUR}"
            found = ask(
                f"SELECT {begin}, {', '.join(COLUMNS)}, COUNT(*) FROM events {clauses} "  # noqa: S608  # our own names
                f"GROUP BY 1, {', '.join(COLUMNS)}",
                given,
            )
            if len(found) <= LARGEST:
                self._kept[key] = found
                self._rows += len(found)
                while len(self._kept) > MOST or self._rows > LARGEST:
                    self._rows -= len(self._kept.popitem(last=False)[1])
        else:
            self._kept.move_to_end(key)
        return found

"""Words of the days that one question goes through: asked of several days at once, so that ninety cost few questions.

A question that goes on from day to day is answered for the first one alone, then for twice as many each time.
Must not be here: what words mean (`coded.compile`).
"""

from collections.abc import Iterable, Sequence

from spawngate.server.store.coded.columns import CODED
from spawngate.server.store.postgres.connection import Pool
from spawngate.server.store.postgres.tables import MASK, day_and_number, first_id
from spawngate.server.store.postgres.texts import found_by

Hits = dict[int, list[tuple[int, str]]]
"""By place of the column: codes and words as they are kept."""


class Words:
    """The words of some days, in the order in which a question goes through them. For one thread."""

    def __init__(self, pool: Pool, days: Sequence[int], *, at_once: int = 1) -> None:
        """`at_once`: days that are asked together at first."""
        self._pool, self._days = pool, list(days)
        self._place = {day: place for place, day in enumerate(self._days)}
        self._found: dict[tuple[str, str | None], dict[int, Hits]] = {}
        self._at_once: dict[tuple[str, str | None], int] = {}
        self._first = at_once

    def of(self, day: int, column: str, needle: str | None, *, alone: bool = False) -> Iterable[tuple[int, str]]:
        """Codes and words of a column that hold a text in folded case, or all of them. Raises StoreError.

        A text is looked for in all columns at once, because most who ask for it ask for all; `alone`: in this one."""
        key = (column, needle) if alone or needle is None else ("", needle)
        known = self._found.setdefault(key, {})
        if day not in known:
            self._ask(day, key, known)
        return known[day].get(CODED.index(column), ())

    def _ask(self, day: int, key: tuple[str, str | None], known: dict[int, Hits]) -> None:
        count = self._at_once.get(key, self._first)
        self._at_once[key] = count * 2
        place = self._place[day]
        wanted = [each for each in self._days[place : place + count] if each not in known]
        low, high = min(wanted), max(wanted)
        statement = "SELECT id, field, value FROM words WHERE id>%s AND id<%s"
        values = (first_id(low), first_id(high + 1))
        column, needle = key
        given: tuple[object, ...] = ()
        if column:
            statement, given = f"{statement} AND field=%s", (CODED.index(column),)
        if needle is not None:
            # No word holds a control character, whatever its case: JSON writes it otherwise.
            condition, value = found_by(needle)
            statement, given = f"{statement} AND {condition}", (*given, value)
        for each in wanted:
            known[each] = {}
        for id, field, value in self._pool.all(statement, *values, *given):
            hits = known.get(day_and_number(id)[0])
            if hits is not None:
                hits.setdefault(field, []).append((id & MASK, value))

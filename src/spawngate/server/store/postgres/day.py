"""One day in PostgreSQL, read: rows that match, records, counts. Every method may be called from any thread.

Rows are read in windows of time, so that the small index over time (BRIN) is enough: the first is as wide as a page
needs where every row matches, each next one four times as wide. Must not be here: writing (`rows`), several days.
"""

import json
import re
import threading
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgspec

from spawngate.server.store.coded import packing
from spawngate.server.store.coded.columns import CODED, CUT
from spawngate.server.store.coded.compile import LISTED, NEVER, Condition, condition
from spawngate.server.store.coded.view import Row, Span
from spawngate.server.store.port import Entry, StoreDamagedError
from spawngate.server.store.postgres.connection import Pool
from spawngate.server.store.postgres.tables import MASK, first_id, name_of, table_of
from spawngate.server.store.postgres.words import Words
from spawngate.trail import leaf, moment
from spawngate.trail.query import Query
from spawngate.trail.query.match import ALL

ROWS = 256
"""Rows that are fetched at once."""
BLOCKS = 32
"""Rows whose blocks are fetched at once."""
COUNTED = (
    "type", "endpoint", "channel", "agent", "user", "mode", "verdict", "severity", "kind", "tool", "server", "program",
    "rule", "reason", "fingerprint", "package", "route", "destination", "state",
)  # fmt: skip
"""Columns whose values a closed day has counted."""
BUCKET = 300_000_000
"""Microseconds of the smallest part of a closed day's histogram."""
FOUND_BY = re.compile(r'(?:^|AND |\()"?(endpoint|fingerprint|rule|session|server|program|command|path|url)"?(?:=| IN )')
"""A condition that an index answers: then one window is enough."""
_VERDICT = frozenset(("verdict",))
"""Closed days have counted everything by it."""
LONGEST = 10_000
"""Characters of the values of a condition whose answers are kept."""
_WORDS = msgspec.json.Decoder(tuple[str, ...])
_NAMES = re.compile(rf"\b({'|'.join(sorted(CODED, key=len, reverse=True))})\b")
_DOTTED = f'id & {MASK}, time, received, stream, sequence, mark, "type"'


class Counted:
    """What closed days have answered, within bounds: they change no more. For any thread."""

    def __init__(self, room: int = 4000) -> None:
        self._room = room
        self._lock = threading.Lock()
        self._kept: dict[tuple[str, str, Condition], Counter[Any]] = {}

    def get(self, key: tuple[str, str, Condition], make: Callable[[], Counter[Any]]) -> Counter[Any]:
        """The answer, made where it is not known. By day, what is counted, and the condition in that day's codes."""
        if sum(len(str(each)) for each in key[2].parameters) > LONGEST:
            return make()
        with self._lock:
            found = self._kept.get(key)
        if found is None:
            found = make()
            with self._lock:
                if len(self._kept) >= self._room:
                    self._kept.clear()
                self._kept[key] = found
        return found


class Day:
    """A day as it was when it was asked for. Raises StoreError."""

    def __init__(
        self,
        pool: Pool,
        number: int,
        size: int,
        span: tuple[int, int],
        *,
        closed: bool,
        words: Words | None = None,
        counted: Counted | None = None,
    ) -> None:
        """`words`: of all days that the question goes through; `counted`: what closed days have answered already."""
        self._words = words or Words(pool, [number])
        self._counted = counted
        self._ahead: list[int] = []
        """Numbers of the rows that were fetched last: whoever reads one of them reads the next ones too."""
        self.name, self.number, self.size, self.closed = name_of(number), number, size, closed
        self._pool, self._times = pool, span
        self._low = first_id(number)
        self._streams: dict[int, tuple[str, str]] = {}
        self._types: dict[int, str] = {}

    def times(self) -> tuple[int, int] | None:
        """First and last time of its events; None where it has none."""
        return self._times if self.size else None

    def stream(self, number: int) -> tuple[str, str]:
        """Endpoint and id of a stream."""
        found = self._streams.get(number)
        if found is None:
            rows = self._pool.all("SELECT endpoint, stream FROM streams WHERE number=%s", number)
            if not rows:
                raise StoreDamagedError(f"the store: an event of {self.name} is of a stream that it does not name")
            found = self._streams[number] = (rows[0][0], rows[0][1])
        return found

    def condition(self, wanted: Query | None) -> Condition:
        """A query over this day's columns, in PostgreSQL's words."""
        tree = ALL if wanted is None else wanted.tree
        return _translated(condition(tree, self.words, lambda: self._all("SELECT number, stream FROM streams")))

    def words(self, column: str, holding: str | None = None) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Codes and words of a column; only those that may hold a text (folded case), where one is given."""
        needle = None if holding is None else json.dumps(holding, ensure_ascii=False)[1:-1].casefold()
        for code, value in self._words.of(self.number, column, needle, alone=holding == CUT):
            yield code, _word(value, self.name)

    # Events -------------------------------------------------------------------------------------------------------

    def rows(self, where: Condition, span: Span, *, newest_first: bool) -> Iterator[Row]:
        """Rows that the condition takes, by time and arrival. Reads as far as it is asked."""
        times = self.times()
        if where == NEVER or times is None:
            return
        low = times[0] if span.since is None else max(times[0], span.since)
        high = times[1] + 1 if span.until is None else min(times[1] + 1, span.until)
        if span.behind is not None:
            low, high = (low, min(high, span.behind[0] + 1)) if newest_first else (max(low, span.behind[0]), high)
        width = high - low if FOUND_BY.search(where.sql) else (times[1] - times[0]) * 2 * ROWS // self.size + 1
        while low < high:
            begin, end = (max(low, high - width), high) if newest_first else (low, min(high, low + width))
            yield from self._window(where, begin, end, span, newest_first=newest_first)
            low, high = (low, begin) if newest_first else (end, high)
            width *= 4

    def _window(self, where: Condition, begin: int, end: int, span: Span, *, newest_first: bool) -> Iterator[Row]:
        clauses, values = self._clauses(where, Span(begin, end, span.behind), newest_first=newest_first)
        order = "DESC" if newest_first else "ASC"
        behind: tuple[int, int] | None = None
        while True:
            more, last = "", tuple[int, ...]()
            if behind is not None:
                more, last = f" AND (time, id) {'<' if newest_first else '>'} (%s, %s)", behind
            found = self._all(
                f"SELECT {_DOTTED} FROM {self._events} {clauses}{more} ORDER BY time {order}, id {order} LIMIT {ROWS}",  # noqa: S608  # see `_clauses`
                *values,
                *last,
            )
            self._ahead = [each[0] for each in found]
            yield from (Row(*each) for each in found)
            if len(found) < ROWS:
                return
            behind = found[-1][1], self._low + found[-1][0]

    def numbered(self, numbers: Sequence[int]) -> list[Row]:
        """Rows of events by their numbers, those that are there, in the order of arrival."""
        if not numbers:
            return []
        low, high = self._low + min(numbers), self._low + max(numbers)
        if high - low < 2 * len(numbers):
            wanted = set(numbers)
            found = self._all(
                f"SELECT {_DOTTED} FROM {self._events} WHERE id>=%s AND id<=%s ORDER BY id",  # noqa: S608  # our own names
                low,
                high,
            )
            return [Row(*each) for each in found if each[0] in wanted]
        found = self._all(
            f"SELECT {_DOTTED} FROM {self._events} WHERE id=ANY(%s) ORDER BY id",  # noqa: S608  # our own names
            [self._low + number for number in numbers],
        )
        return [Row(*each) for each in found]

    def reader(self) -> Callable[[Row], Entry]:
        """Gives the events of rows; holds the last blocks, so rows that lie together cost one. Raises
        StoreDamagedError for one that is not as it was stored."""
        starts: list[int] = []
        opened: dict[int, packing.Block] = {}

        def block_of(number: int) -> tuple[int, packing.Block] | None:
            place = bisect_right(starts, number) - 1
            if place < 0 or number >= starts[place] + len(opened[starts[place]]):
                return None
            return starts[place], opened[starts[place]]

        def read(row: Row) -> Entry:
            found = block_of(row.id)
            if found is None:
                at = self._ahead.index(row.id) if row.id in self._ahead else -1
                ahead = self._ahead[at : at + BLOCKS] if at >= 0 else [row.id]
                if len(opened) > 8 * BLOCKS:
                    opened.clear()
                    starts.clear()
                opened.update(self._blocks([each for each in ahead if block_of(each) is None]))
                starts[:] = sorted(opened)
                found = block_of(row.id)
            first, block = found or (row.id, packing.Block(b"", 0))
            there = first <= row.id < first + len(block)
            return self._entry(row, (block.record(row.id - first) if there else None) or b"")

        return read

    def _blocks(self, numbers: Sequence[int]) -> dict[int, packing.Block]:
        """Blocks that these records are in, by the number of their first record."""
        found = self._all(
            "SELECT DISTINCT ON (b.id) b.id, b.count, b.data FROM unnest(%s::bigint[]) AS w(id), LATERAL ("  # noqa: S608  # our own name
            f"SELECT id, count, data FROM {table_of('blocks', self.number)} "
            "WHERE id<=w.id ORDER BY id DESC LIMIT 1) AS b",
            [self._low + number for number in numbers],
        )
        return {id - self._low: packing.Block(data, min(count, packing.MOST)) for id, count, data in found}

    def block(self, number: int) -> tuple[int, packing.Block]:
        """Number of the first record of the block that an event is in, and the block."""
        return next(iter(self._blocks([number]).items()), (number, packing.Block(b"", 0)))

    def leaves(self, start: int, end: int) -> list[bytes]:
        """Hashes of the leaves from one place (from 0) up to another, made anew from the records."""
        read, found = self.reader(), []
        for row in self.numbered(range(start + 1, end + 1)):
            entry = read(row)
            found.append(leaf.hashed(entry.received, entry.endpoint, entry.record))
        return found

    def _entry(self, row: Row, record: bytes) -> Entry:
        endpoint, stream = self.stream(row.stream)
        received = text_of(row.received)
        if leaf.mark(leaf.hashed(received, endpoint, record)) != row.mark:
            raise StoreDamagedError(f"the store: event {row.id} of {self.name} is not as it was stored")
        return Entry(endpoint, stream, row.sequence, text_of(row.time), received, self._type(row.type), record)

    def _type(self, code: int) -> str:
        known = self._types.get(code)
        if known is None:
            words = self._named([code]).get(code, ())
            known = self._types[code] = words[0] if words else ""
        return known

    # Counts -------------------------------------------------------------------------------------------------------

    def count(self, dimension: str, where: Condition, span: Span) -> Counter[str]:
        """How many rows have each value of a column."""
        if where == NEVER:
            return Counter()
        if self._counted is not None and self.closed and self._covers(span):
            return self._counted.get((self.name, dimension, where), lambda: self._count(dimension, where, span))
        return self._count(dimension, where, span)

    def _count(self, dimension: str, where: Condition, span: Span) -> Counter[str]:
        clauses, values = self._clauses(where, span)
        if self._is_counted(dimension, where, span):
            only = f" AND {where.sql}" if where.sql else ""
            statement = (
                f"SELECT code, sum(n)::bigint FROM {table_of('counts', self.number)} WHERE field=%s{only} GROUP BY 1"  # noqa: S608  # see `_clauses`
            )
            by_code = self._all(statement, CODED.index(dimension), *where.parameters)
        else:
            clauses += f'{" AND" if clauses else "WHERE"} "{dimension}" IS NOT NULL'
            by_code = self._all(f'SELECT "{dimension}", count(*) FROM {self._events} {clauses} GROUP BY 1', *values)  # noqa: S608  # see `_clauses`
        found: Counter[str] = Counter()
        if dimension == "stream":
            for number, count in by_code:
                found[self.stream(number)[1]] += count
            return found
        words = self._named([code for code, _ in by_code])
        for code, count in by_code:
            for value in dict.fromkeys(words.get(code, ())):
                found[value] += count
        return found

    def histogram(self, step: int, where: Condition, span: Span) -> Counter[int]:
        """How many rows begin in each step of time (microseconds); by the begin of the step."""
        if where == NEVER:
            return Counter()
        if self._counted is not None and self.closed and self._covers(span):
            return self._counted.get((self.name, f"time:{step}", where), lambda: self._steps(step, where, span))
        return self._steps(step, where, span)

    def _steps(self, step: int, where: Condition, span: Span) -> Counter[int]:
        if self.closed and step % BUCKET == 0 and self._covers(span) and where.columns <= _VERDICT:
            only = f"WHERE {where.sql}" if where.sql else ""
            statement = f"SELECT bucket, sum(n)::bigint FROM {table_of('histogram', self.number)} {only} GROUP BY 1"  # noqa: S608  # see `_clauses`
            found = self._all(statement, *where.parameters)
        else:
            clauses, values = self._clauses(where, span)
            statement = f"SELECT time - mod(mod(time, %s) + %s, %s), count(*) FROM {self._events} {clauses} GROUP BY 1"  # noqa: S608  # see `_clauses`
            found = self._all(statement, step, step, step, *values)
        steps: Counter[int] = Counter()
        for begin, count in found:
            steps[begin - begin % step] += count
        return steps

    def _is_counted(self, dimension: str, where: Condition, span: Span) -> bool:
        return self.closed and dimension in COUNTED and self._covers(span) and where.columns <= _VERDICT

    def _covers(self, span: Span) -> bool:
        times = self.times()
        if times is None or span.behind is not None:
            return False
        return (span.since is None or span.since <= times[0]) and (span.until is None or times[1] < span.until)

    def _named(self, codes: Sequence[int]) -> dict[int, tuple[str, ...]]:
        found = self._all(
            f"SELECT id, value FROM {table_of('words', self.number)} WHERE id=ANY(%s)",  # noqa: S608  # our own name
            [self._low + code for code in codes],
        )
        return {id - self._low: _word(value, self.name) for id, value in found}

    # SQL ----------------------------------------------------------------------------------------------------------

    @property
    def _events(self) -> str:
        return table_of("events", self.number)

    def _clauses(self, where: Condition, span: Span, *, newest_first: bool = True) -> tuple[str, tuple[object, ...]]:
        """A WHERE clause and its values. What stands in it is made of our own names, codes and marks for values."""
        parts: list[str] = []
        values: list[object] = []
        if span.since is not None:
            parts.append("time>=%s")
            values.append(span.since)
        if span.until is not None:
            parts.append("time<%s")
            values.append(span.until)
        if span.behind is not None:
            time, day, number = span.behind
            order = "<" if newest_first else ">"
            if day == self.name:
                parts.append(f"(time, id) {order} (%s, %s)")
                values += [time, self._low + number]
            else:
                same = (self.name < day) == newest_first
                parts.append(f"time{order}{'=' if same else ''}%s")
                values.append(time)
        if where.sql:
            parts.append(where.sql)
        return (f"WHERE {' AND '.join(parts)}" if parts else ""), (*values, *where.parameters)

    def _all(self, statement: str, *values: object) -> list[Any]:
        return self._pool.all(statement, *values)


def _translated(where: Condition) -> Condition:
    """A condition of SQLite's words in those of PostgreSQL: marks, lists, names that are words of the language."""
    if not where.sql or where == NEVER:
        return where
    parts = where.sql.replace(LISTED, " = ANY(?::int[])").split("?")
    sql = "%s".join(_NAMES.sub(r'"\1"', part) for part in parts)
    lists = (f"{{{each[1:-1]}}}" if isinstance(each, str) else each for each in where.parameters)
    return Condition(sql, tuple(lists), where.exact, where.columns)


def _word(text: str, day: str) -> tuple[str, ...]:
    try:
        return _WORDS.decode(text)
    except (msgspec.DecodeError, ValueError):
        raise StoreDamagedError(f"the store: a word of {day} is none") from None


def text_of(microseconds: int) -> str:
    """A time in the trail's form; empty where it is none."""
    try:
        return moment.text(microseconds)
    except ValueError:
        return ""

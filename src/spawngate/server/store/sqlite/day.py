"""One day's file, read: rows that match, records, counts. Every method may be called from any thread.

Must not be here: writing (`writer`), several days (`events`).
"""

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec

from spawngate.server.store.coded import packing
from spawngate.server.store.coded.columns import CODED, NUMBERS
from spawngate.server.store.coded.compile import NEVER, Condition, condition
from spawngate.server.store.coded.folded import Folded, Texts
from spawngate.server.store.coded.view import Row, Span
from spawngate.server.store.port import Entry, StoreDamagedError
from spawngate.server.store.sqlite import cubes, files, tables
from spawngate.server.store.sqlite.cubes import Cubes
from spawngate.server.store.sqlite.hours import COUNT, Hours
from spawngate.server.store.sqlite.tables import BUCKET, BY, COUNTED, HOUR, HOURLY, TILE
from spawngate.trail import leaf, moment, tree
from spawngate.trail.query import Query
from spawngate.trail.query.match import ALL, holds_text
from spawngate.trail.query.syntax import Node

MANY = 50
"""Words from which on they are read together."""
REMEMBERED = 20_000
"""Values of counts of one closed day that are remembered."""
SPARSE = ("rule",)
"""Columns that few events have."""
BEGUN = 16
"""The part of a day (one in so many) by which it is seen whether rows are many."""
ROWS, FIRST_ROWS = 256, 64
"""Rows that are fetched at once, and for a start: to find more than a page holds is work for nobody where few match."""
_WORDS = msgspec.json.Decoder(tuple[str, ...])
_DOTTED = "id, time, received, stream, sequence, mark, type"


class Day:
    """The file of a day. Raises StoreError where it cannot be opened."""

    def __init__(self, name: str, path: Path, folded: Folded | None = None) -> None:
        self.name, self.path = name, path
        self._folded = folded
        self._open_texts = Texts()
        self._lock = threading.RLock()
        self._streams: dict[int, tuple[str, str]] = {}
        self._types: dict[int, str] = {}
        self._times: tuple[int, int] | None = None
        self._counted: dict[tuple[str | int, Condition], Counter[Any]] = {}
        self._conditions: dict[Node, Condition] = {}
        self._held = 0
        self._hours: Hours | None = None
        self._cubes = Cubes()
        self._connection = files.open_to_read(path)
        try:
            with files.understood(path):
                self.closed = bool(self._meta("closed", 0))
                self._tables = frozenset(name for (name,) in self._all("SELECT name FROM sqlite_schema"))
                if self._meta("format", 0) != files.FORMAT:
                    raise StoreDamagedError(f"{path}: it is of another format, or not complete")
        except BaseException:
            self._connection.close()
            raise

    def close(self) -> None:
        """Let the file go."""
        with self._lock:
            self._connection.close()
            if self._hours is not None:
                self._hours.close()

    # What is there ------------------------------------------------------------------------------------------------

    @property
    def size(self) -> int:
        """Events."""
        return int(self._one("SELECT MAX(id) FROM events") or 0)

    def times(self) -> tuple[int, int] | None:
        """The first and the last time of its events; None where it has none."""
        if self._times is not None and self.closed:
            return self._times
        first = self._one("SELECT MIN(time) FROM events")
        last = self._one("SELECT MAX(time) FROM events")
        self._times = None if first is None else (int(first), int(last))
        return self._times

    def stream(self, number: int) -> tuple[str, str]:
        """Endpoint and id of a stream."""
        found = self._streams.get(number)
        if found is None:
            rows = self._all("SELECT number, endpoint, stream FROM streams")
            self._streams = {key: (endpoint, stream) for key, endpoint, stream in rows}
            found = self._streams.get(number)
            if found is None:
                raise StoreDamagedError(f"{self.path}: an event of a stream that it does not name")
        return found

    def number_of(self, endpoint: str, stream: str) -> int | None:
        """Number of a stream here."""
        found = self._one("SELECT number FROM streams WHERE endpoint=? AND stream=?", (endpoint, stream))
        return None if found is None else int(found)

    def words(self, column: str, holding: str | None = None) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Codes and words of a column; only those that may hold a text (folded case), where one is given."""
        if holding is None:
            for code, line in enumerate(self._joined(column), 1):
                yield code, _word(line, self.path)
            return
        codes = [code for _, code in self._texts().holding(holding, CODED.index(column))]
        if len(codes) > MANY:
            lines = self._joined(column)
            yield from ((code, _word(lines[code - 1], self.path)) for code in codes if code <= len(lines))
        else:
            yield from ((code, self._word_of(column, code)) for code in codes)

    def holding(self, small: str) -> dict[str, list[int]]:
        """Codes of the words that hold a text in folded case, by column."""
        found: dict[str, list[int]] = {}
        for place, code in self._texts().holding(small):
            found.setdefault(CODED[place], []).append(code)
        if not small.isprintable():  # it may have control characters, which are not told apart there
            for column, codes in found.items():
                found[column] = [code for code in codes if holds_text(small, self._word_of(column, code))]
        return found

    def _texts(self) -> Texts:
        """All words in folded case. A closed day's are kept together with others'; those of another one grow."""
        if not self.closed or self._folded is None:
            with self._lock:
                known = self._open_texts.codes()
                words = [
                    (place, code, value)
                    for place in range(len(CODED))
                    for code, value in self._all(
                        "SELECT code, value FROM words WHERE field=? AND code>? ORDER BY code",
                        (place, known.get(place, 0)),
                    )
                ]
                self._add(self._open_texts, words)
                return self._open_texts
        found = self._folded.get(self.name)
        if found is None:
            found = self._kept_texts()
            if found is None:
                found = Texts()
                self._add(found, self._all(tables.WORDS))
            self._folded.put(self.name, found)
        return found

    def _kept_texts(self) -> Texts | None:
        """What closing left in one piece; None where it left none, or what cannot be used."""
        if "texts" not in self._tables:
            return None
        data = self._one("SELECT data FROM texts")
        try:
            return Texts.unpacked(data) if isinstance(data, bytes) else None
        except ValueError:
            return None

    def _add(self, texts: Texts, words: Iterable[tuple[int, int, str]]) -> None:
        try:
            texts.add(words)
        except (ValueError, TypeError):
            raise StoreDamagedError(f"{self.path}: a word of a column is none") from None

    def _joined(self, column: str) -> list[str]:
        """The words of a column as they are kept, by their codes from 1 on."""
        joined = self._one(
            "SELECT group_concat(value, char(10)) FROM (SELECT value FROM words WHERE field=? ORDER BY code)",
            (CODED.index(column),),
        )
        return [] if joined is None else str(joined).split("\n")

    def condition(self, wanted: Query | None) -> Condition:
        """A query over this day's columns."""
        tree_ = ALL if wanted is None else wanted.tree
        if not self.closed:
            return condition(tree_, self.words, self._numbered, self.holding)
        return condition(tree_, self.words, self._numbered, self.holding, self.times(), self._conditions)

    def _numbered(self) -> list[Any]:
        return self._all("SELECT number, stream FROM streams")

    # Events -------------------------------------------------------------------------------------------------------

    def rows(self, where: Condition, span: Span, *, newest_first: bool) -> Iterator[Row]:
        """Rows that the condition takes, by time and arrival. Reads as far as it is asked."""
        if where == NEVER:
            return
        by_time, rest = self._begun(where, span, newest_first=newest_first)
        found = 0
        for row in self._ordered(where, by_time, "time", newest_first=newest_first):
            found += 1
            yield row
        if rest is not None:
            time = "time" if found * BEGUN >= ROWS else "+time"
            yield from self._ordered(where, rest, time, newest_first=newest_first)

    def _begun(self, where: Condition, span: Span, *, newest_first: bool) -> tuple[Span, Span | None]:
        """The part of a day that is read in the order of time, and the rest, where how is seen then: rows that are
        many are found soon in that order; for a few, to read all as they lie and order what is found is a sixth."""
        times = self.times()
        if not where.sql or times is None:
            return span, None
        behind = span.behind[0] if span.behind is not None else None
        low, high = max(times[0], span.since or times[0]), min(times[1] + 1, span.until or times[1] + 1)
        if newest_first:
            high = high if behind is None else min(high, behind + 1)
            bound = high - (high - low) // BEGUN
            return replace(span, since=bound), replace(span, until=bound)
        low = low if behind is None else max(low, behind)
        bound = low + (high - low) // BEGUN
        return replace(span, until=bound), replace(span, since=bound)

    def _ordered(self, where: Condition, span: Span, time: str, *, newest_first: bool) -> Iterator[Row]:
        clauses, values = self._clauses(where, span, newest_first=newest_first, time=time)
        order = "DESC" if newest_first else "ASC"
        statement = f"SELECT {_DOTTED} FROM events {clauses} ORDER BY {time} {order}, id {order}"  # noqa: S608  # see `_clauses`
        with self._lock, files.understood(self.path):
            cursor = self._connection.execute(statement, values)
        try:
            most = FIRST_ROWS
            while True:
                with self._lock, files.understood(self.path):
                    found = cursor.fetchmany(most)
                yield from (Row(*each) for each in found)
                if len(found) < most:
                    return
                most = ROWS
        finally:
            cursor.close()

    def arrived(self, after: int, limit: int) -> list[Row]:
        """Rows behind a number, in the order of arrival."""
        found = self._all(
            f"SELECT {_DOTTED} FROM events WHERE id>? ORDER BY id LIMIT ?",  # noqa: S608  # our own names
            (after, limit),
        )
        return [Row(*each) for each in found]

    def row(self, number: int) -> Row | None:
        """The row of one event."""
        found = self._all(f"SELECT {_DOTTED} FROM events WHERE id=?", (number,))  # noqa: S608  # our own names
        return Row(*found[0]) if found else None

    def find(self, endpoint: str, stream: str, sequence: int) -> Row | None:
        """The row of one event, by its key."""
        number = self.number_of(endpoint, stream)
        if number is None:
            return None
        found = self._all(
            f"SELECT {_DOTTED} FROM events WHERE stream=? AND sequence=?",  # noqa: S608  # our own names
            (number, sequence),
        )
        return Row(*found[0]) if found else None

    def head(self, endpoint: str, stream: str) -> tuple[int, str] | None:
        """The highest sequence of a stream, up to and with this day, and that record's hash."""
        found = self._all("SELECT last, hash FROM streams WHERE endpoint=? AND stream=?", (endpoint, stream))
        return (int(found[0][0]), str(found[0][1])) if found else None

    def waiting(self, route: str) -> int:
        """Outbox rows, of one route or of all."""
        return int(self._one("SELECT COUNT(*) FROM outbox WHERE ?='' OR route=?", (route, route)))

    def reader(self) -> Callable[[Row], Entry]:
        """Gives the events of rows; holds the last block, so rows that lie together cost one. Raises StoreDamagedError
        for one that is not as it was stored."""
        first, block = 0, packing.Block(b"", 0)

        def read(row: Row) -> Entry:
            nonlocal first, block
            if not first <= row.id < first + len(block):
                first, block = self.block(row.id)
            there = first <= row.id < first + len(block)
            return self._entry(row, (block.record(row.id - first) if there else None) or b"")

        return read

    def block(self, number: int) -> tuple[int, packing.Block]:
        """Number of the first record of the block that an event is in, and the block."""
        found = self._all("SELECT first, count, data FROM blocks WHERE first<=? ORDER BY first DESC LIMIT 1", (number,))
        if not found or not isinstance(found[0][2], bytes):
            return number, packing.Block(b"", 0)
        first, count, data = found[0]
        return first, packing.Block(data, min(count, packing.MOST))

    # Held against itself ------------------------------------------------------------------------------------------

    @contextmanager
    def at_one_moment(self) -> Iterator[None]:
        """What is read inside does not go on behind a writer."""
        self._all("BEGIN")
        try:
            yield
        finally:
            self._all("ROLLBACK")

    def problems(self) -> Iterator[str]:
        """What SQLite says is damaged."""
        yield from (problem for (problem,) in self._all("PRAGMA integrity_check(5)") if problem != "ok")

    def raw(self) -> Iterator[tuple[Any, ...]]:
        """Every event as it is kept: see `coded.look`."""
        names = ", ".join(("id", "time", "received", "stream", "sequence", "mark", *NUMBERS, *CODED))
        last = -(1 << 62)
        while True:
            rows = self._all(f"SELECT {names} FROM events WHERE id>? ORDER BY id LIMIT 2048", (last,))  # noqa: S608  # our own names
            yield from rows
            if len(rows) < 2048:
                return
            last = rows[-1][0]

    def tiles(self) -> dict[int, bytes]:
        """Roots of whole subtrees, by their number."""
        return dict(self._all("SELECT number, root FROM tiles"))

    def blocks(self) -> list[tuple[int, int]]:
        """Number of the first record, and count, of each block, in order."""
        return self._all("SELECT first, count FROM blocks ORDER BY first")

    def leaves(self, start: int, end: int) -> list[bytes]:
        """Hashes of the leaves from one place (from 0) up to another, made anew from the records."""
        read, found = self.reader(), []
        for row in self.arrived(start, end - start):
            entry = read(row)
            found.append(leaf.hashed(entry.received, entry.endpoint, entry.record))
        return found

    def subtree(self, start: int, end: int) -> bytes:
        """Root of the leaves from one place up to another; whole tiles are taken as they are kept."""
        growing = tree.Growing()
        at = start
        if start % TILE == 0 and end - start >= TILE:
            whole = end // TILE * TILE
            rows = self._all("SELECT root FROM tiles WHERE number>=? AND number<?", (start // TILE, whole // TILE))
            if len(rows) == (whole - start) // TILE:
                for (root,) in rows:
                    growing.append(root)
                at = whole
                if at == end:
                    return growing.root
                rest = tree.root_of(self.leaves(at, end))
                return tree.fold([*growing.parts, rest])
        return tree.root_of(self.leaves(at, end))

    def _entry(self, row: Row, record: bytes) -> Entry:
        endpoint, stream = self.stream(row.stream)
        received = _text(row.received)
        if leaf.mark(leaf.hashed(received, endpoint, record)) != row.mark:
            raise StoreDamagedError(f"{self.path}: event {row.id} is not as it was stored; see `audit verify`")
        kind = self._type(row.type)
        return Entry(endpoint, stream, row.sequence, _text(row.time), received, kind, record)

    def _type(self, code: int) -> str:
        known = self._types.get(code)
        if known is None:
            words = self._word_of("type", code)
            known = self._types[code] = words[0] if words else ""
        return known

    # Counts -------------------------------------------------------------------------------------------------------

    def count(self, dimension: str, where: Condition, span: Span) -> Counter[str]:
        """How many rows have each value of a column."""
        if where == NEVER:
            return Counter()
        whole = self.closed and self._covers(span)
        if whole and (dimension, where) in self._counted:
            return self._counted[dimension, where]
        span = Span() if whole else span  # a bound that leaves nothing out would have rows read by their time
        table = self._counts_of(dimension, where) if whole else ""
        hourly = None if table else self._hourly((dimension, *where.columns), span)
        ask: Callable[[str, Sequence[object]], list[Any]] = self._all
        if table:
            clauses, values = _and(f"field={CODED.index(dimension)}", where.sql), where.parameters
            statement = f"SELECT code, SUM(n) FROM {table} WHERE {clauses} GROUP BY 1"  # noqa: S608  # see `_clauses`
        elif hourly is not None:
            ask, clauses, values = hourly
            clauses, values = _and(f"{dimension} IS NOT NULL", clauses, where.sql), (*values, *where.parameters)
            statement = f"SELECT {dimension}, SUM(n) FROM hours WHERE {clauses} GROUP BY 1"  # noqa: S608  # see `_clauses`
        elif dimension in cubes.COLUMNS:
            clauses, values = self._clauses(where, span)
            with self._lock:
                by_code = self._cubes.values(dimension, where, span, self._known_size(), clauses, values, self._all)
            return self._whole(dimension, where, self._by_value(dimension, by_code), whole=whole)
        else:
            clauses, values = self._clauses(where, span)
            # An index of most rows serves alone; to read every row by it, for the rest of the condition, is ten scans.
            by = f"+{dimension}" if where.sql and dimension not in SPARSE else dimension
            clauses += f"{' AND' if clauses else 'WHERE'} {by} IS NOT NULL"
            statement = f"SELECT {dimension}, COUNT(*) FROM events {clauses} GROUP BY {by}"  # noqa: S608  # see `_clauses`
        return self._whole(dimension, where, self._by_value(dimension, ask(statement, values)), whole=whole)

    def _whole(self, what: str | int, where: Condition, found: Counter[Any], *, whole: bool) -> Counter[Any]:
        if whole:
            self._remember(what, where, found)
        return found

    def _known_size(self) -> int:
        """Tells states of a day apart; a closed one has one."""
        return 0 if self.closed else self.size

    def _remember(self, what: str | int, where: Condition, found: Counter[Any]) -> None:
        """A closed day changes no more. What has very many values (sessions, commands) is counted anew."""
        size = len(found) + 1 + sum(len(str(each)) for each in where.parameters) // 50
        if size <= REMEMBERED // 8:
            self._held += size
            if self._held > REMEMBERED:
                self._counted.clear()
                self._held = size
            self._counted[what, where] = found

    def _counts_of(self, dimension: str, where: Condition) -> str:
        """The table that a closed day has the counts of a column in, by its code; empty where in none."""
        if dimension in COUNTED and where.columns <= {"verdict"}:
            return "counts"
        # `hours` is smaller where it has the column.
        by = dimension in COUNTED and dimension not in HOURLY and where.columns <= set(BY)
        return "counts_by" if by and "counts_by" in self._tables else ""

    def _by_value(self, dimension: str, by_code: Sequence[tuple[int, int]]) -> Counter[str]:
        found: Counter[str] = Counter()
        if dimension == "stream":
            for number, count in by_code:
                found[self.stream(number)[1]] += count
            return found
        if len(by_code) > 200:
            words: Mapping[int, tuple[str, ...]] = dict(self.words(dimension))
        else:
            words = {code: self._word_of(dimension, code) for code, _ in by_code}
        for code, count in by_code:
            for value in dict.fromkeys(words.get(code, ())):
                found[value] += count
        return found

    def _word_of(self, column: str, code: int) -> tuple[str, ...]:
        value = self._one("SELECT value FROM words WHERE field=? AND code=?", (CODED.index(column), code))
        return () if value is None else _word(value, self.path)

    def histogram(self, step: int, where: Condition, span: Span) -> Counter[int]:
        """How many rows begin in each step of time (microseconds); by the begin of the step."""
        if where == NEVER:
            return Counter()
        whole = self.closed and self._covers(span)
        if whole and (step, where) in self._counted:
            return self._counted[step, where]
        span = Span() if whole else span  # as in `count`
        kept = whole and step % BUCKET == 0 and where.columns <= {"verdict"}
        hourly = None if kept or step % HOUR else self._hourly(where.columns, span)
        ask: Callable[[str, Sequence[object]], list[Any]] = self._all
        if kept:
            clauses, values = _and(where.sql), where.parameters
            statement = f"SELECT {_stepped('bucket')}, SUM(n) FROM histogram WHERE {clauses} GROUP BY 1"  # noqa: S608  # see `_clauses`
        elif hourly is not None:
            ask, clauses, values = hourly
            clauses, values = _and(clauses, where.sql), (*values, *where.parameters)
            statement = f"SELECT {_stepped('hour')}, SUM(n) FROM hours WHERE {clauses} GROUP BY 1"  # noqa: S608  # see `_clauses`
        elif not step % HOUR:
            clauses, values = self._clauses(where, span)
            with self._lock:
                steps = self._cubes.steps(step, where, span, self._known_size(), clauses, values, self._all)
            return self._whole(step, where, steps, whole=whole)
        else:
            clauses, values = self._clauses(where, span)
            statement = f"SELECT {_stepped('time')}, COUNT(*) FROM events {clauses} GROUP BY 1"  # noqa: S608  # see `_clauses`
        return self._whole(step, where, Counter(dict(ask(statement, (step, step, step, *values)))), whole=whole)

    def _hourly(
        self, columns: Iterable[str], span: Span
    ) -> tuple[Callable[[str, Sequence[object]], list[Any]], str, tuple[object, ...]] | None:
        """Who answers questions to the table `hours`, and the span as a condition on it; None where it has no such
        columns or the span begins or ends inside an hour."""
        bounds = [(mark, at) for mark, at in (("hour>=?", span.since), ("hour<?", span.until)) if at is not None]
        if span.behind is not None or any(at % HOUR for _, at in bounds) or not set(columns) <= set(HOURLY):
            return None
        if self.closed and "hours" not in self._tables:
            return None
        ask = self._all if self.closed else self._hours_until_now
        return ask, " AND ".join(mark for mark, _ in bounds), tuple(int(at) for _, at in bounds)

    def _hours_until_now(self, statement: str, values: Sequence[object]) -> list[Any]:
        """Ask the counts of a day that still grows, carried on to its newest event."""
        with self._lock:
            hours = self._hours = self._hours or Hours()
            last = self.size
            if last > hours.last:
                hours.add(self._all(COUNT, (hours.last, last)), last)
            return hours.all(statement, values)

    def _covers(self, span: Span) -> bool:
        times = self.times()
        if times is None or span.behind is not None:
            return False
        return (span.since is None or span.since <= times[0]) and (span.until is None or times[1] < span.until)

    # SQL ----------------------------------------------------------------------------------------------------------

    def _clauses(
        self, where: Condition, span: Span, *, newest_first: bool = True, time: str = "time"
    ) -> tuple[str, tuple[object, ...]]:
        """A WHERE clause and its values. What stands in it is made of our own names, codes and marks for values.
        `time` is its column, with a plus where no index shall be taken for it."""
        parts, values = [], []
        if span.since is not None:
            parts.append(f"{time}>=?")
            values.append(span.since)
        if span.until is not None:
            parts.append(f"{time}<?")
            values.append(span.until)
        if span.behind is not None:
            at, day, number = span.behind
            order = "<" if newest_first else ">"
            if day == self.name:
                parts.append(f"({time}{order}? OR ({time}=? AND id{order}?))")
                parts.append(f"{time}{order}=?")  # the index needs the bound by itself
                values += [at, at, number, at]
            else:
                same = (self.name < day) == newest_first
                parts.append(f"{time}{order}{'=' if same else ''}?")
                values.append(at)
        if where.sql:
            parts.append(where.sql)
        return (f"WHERE {' AND '.join(parts)}" if parts else ""), (*values, *where.parameters)

    def _meta(self, name: str, default: Any) -> Any:
        found = self._one("SELECT value FROM meta WHERE name=?", (name,))
        return default if found is None else found

    def _one(self, statement: str, values: Sequence[object] = ()) -> Any:
        with self._lock, files.understood(self.path):
            row = self._connection.execute(statement, values).fetchone()
        return None if row is None else row[0]

    def _all(self, statement: str, values: Sequence[object] = ()) -> list[Any]:
        with self._lock, files.understood(self.path):
            return self._connection.execute(statement, values).fetchall()


def _and(*parts: str) -> str:
    """A condition that holds where all parts do; empty parts say nothing."""
    return " AND ".join(filter(None, parts)) or "TRUE"


def _stepped(column: str) -> str:
    """The begin of the step of time that a column lies in; three marks for the step."""
    return f"{column} - ({column} % ? + ?) % ?"


def _word(line: str, path: Path) -> tuple[str, ...]:
    try:
        return _WORDS.decode(line)
    except (msgspec.DecodeError, ValueError):
        raise StoreDamagedError(f"{path}: a word of a column is none") from None


def _text(microseconds: int) -> str:
    try:
        return moment.text(microseconds)
    except ValueError:
        return ""

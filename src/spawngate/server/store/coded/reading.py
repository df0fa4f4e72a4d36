"""Questions over several days: merged in order, paged, counted.

Days are asked newest or oldest first, and only as many as an answer needs. A day that cannot be read is passed over,
and the answer names it. Must not be here: one day's SQL (`day`), writing.
"""

import base64
import binascii
import heapq
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import msgspec

from spawngate.model.errors import UsageError
from spawngate.server.store.coded.columns import CODED, REST
from spawngate.server.store.coded.compile import Condition
from spawngate.server.store.coded.view import DayView, Row, Span
from spawngate.server.store.port import Bucket, CursorError, Entry, Page, StoreError, TooWideError
from spawngate.trail import moment
from spawngate.trail.query import Query
from spawngate.trail.query.fields import FIELDS
from spawngate.trail.query.match import values_at

SCANNED = 20_000
"""Records that are read for one page where the columns do not answer a query."""
TOO_WIDE = 300_000
"""Records that are read for one count."""
MOST = 10_000
"""Events of one page."""
DIMENSIONS = (*(name for name in CODED if name != REST), "stream")
_UNITS = {"m": 60, "h": 3600, "d": 86_400}


class Cursor(msgspec.Struct, frozen=True, array_like=True):
    """Where a page ended."""

    newest_first: bool
    time: int
    day: str
    number: int


@dataclass(slots=True)
class Days:
    """The days of a store, newest last, and how each is opened."""

    names: Sequence[str]
    open: Callable[[str], DayView]
    problems: list[str]

    def within(self, wanted: Query | None, span: Span) -> list[tuple[int, int, DayView]]:
        """Days that may hold wanted events, with their first and last time."""
        low, high = _bounds(wanted, span)
        found: list[tuple[int, int, DayView]] = []
        for name in self.names:
            try:
                day = self.open(name)
                times = day.times()
            except StoreError as error:
                if low < _latest(name):
                    self.problems.append(str(error))
                continue
            if times is not None and times[0] <= high and times[1] >= low:
                found.append((*times, day))
        return found


def query(
    days: Days, wanted: Query | None, since: str, until: str, cursor: str | None, limit: int, *, newest_first: bool
) -> Page:
    """One page. Raises CursorError, UsageError."""
    if limit < 1:
        raise UsageError("a page holds at least one event")
    limit = min(limit, MOST)
    behind = None if not cursor else decoded(cursor, newest_first=newest_first)
    span = Span(microseconds(since), microseconds(until), behind)
    entries: list[Entry] = []
    last: tuple[int, str, int] | None = None
    scanned = 0
    for row, day, exact, read in _merged(days, wanted, span, newest_first=newest_first):
        if len(entries) == limit or scanned >= SCANNED:
            return Page(tuple(entries), encoded(last, newest_first=newest_first), tuple(days.problems))
        last = (row.time, day.name, row.id)
        try:
            entry = read(row)
        except StoreError as error:
            days.problems.append(str(error))
            continue
        if not exact:
            scanned += 1
        if exact or wanted is None or wanted.matches(msgspec.json.decode(entry.record)):
            entries.append(entry)
    return Page(tuple(entries), None, tuple(dict.fromkeys(days.problems)))


def aggregate(days: Days, dimension: str, wanted: Query | None, since: str, until: str, limit: int) -> Sequence[Bucket]:
    """Counts by value or by time. Raises UsageError, TooWideError, StoreError."""
    step = step_of(dimension)
    span = Span(microseconds(since), microseconds(until))
    steps: Counter[int] = Counter()
    values: Counter[str] = Counter()
    room = TOO_WIDE
    for _, _, day in days.within(wanted, span):
        where = day.condition(wanted)
        if not where.exact:
            room = _counted(day, dimension, step, wanted, where, span, steps, values, room)
        elif step:
            steps.update(day.histogram(step, where, span))
        else:
            values.update(day.count(dimension, where, span))
    if days.problems:
        raise StoreError("; ".join(days.problems))
    if step:
        return [Bucket(moment.text(at), count) for at, count in sorted(steps.items())[-limit:]]
    ranked = sorted(values.items(), key=lambda item: (-item[1], item[0]))
    return [Bucket(value, count) for value, count in ranked[:limit]]


def _counted(
    day: DayView,
    dimension: str,
    step: int,
    wanted: Query | None,
    where: Condition,
    span: Span,
    steps: Counter[int],
    values: Counter[str],
    room: int,
) -> int:
    """Counts by reading every record that may match; how many more may be read."""
    read = day.reader()
    for row in day.rows(where, span, newest_first=True):
        room -= 1
        if room < 0:
            raise TooWideError(
                f"more than {TOO_WIDE} records would have to be read to count these; give a shorter time, or more "
                "conditions on fields that have a short name"
            )
        record = msgspec.json.decode(read(row).record)
        if wanted is not None and not wanted.matches(record):
            continue
        if step:
            steps[row.time - row.time % step] += 1
        elif dimension == "stream":
            values[day.stream(row.stream)[1]] += 1
        else:
            found = dict.fromkeys(value for path in FIELDS[dimension].paths for value in values_at(record, path))
            for value in found:
                values[value] += 1
    return room


def _merged(
    days: Days, wanted: Query | None, span: Span, *, newest_first: bool
) -> Iterator[tuple[Row, DayView, bool, Callable[[Row], Entry]]]:
    """Rows of all days in one order. A day is opened when nothing that is open comes before its first row."""
    found = days.within(wanted, span)
    pending = sorted(found, key=lambda each: (each[1] if newest_first else -each[0], each[2].name))
    sign = -1 if newest_first else 1
    heap: list[tuple[tuple[int, _Name, int], int, Row]] = []
    sources: list[tuple[Iterator[Row], DayView, bool, Callable[[Row], Entry]]] = []

    def push(number: int) -> None:
        rows, day, _, _ = sources[number]
        try:
            row = next(rows, None)
        except StoreError as error:
            days.problems.append(str(error))
            return
        if row is not None:
            heapq.heappush(heap, ((sign * row.time, _Name(day.name, newest_first), sign * row.id), number, row))

    while pending or heap:
        while pending:
            first, last, day = pending[-1]
            if heap and heap[0][2].time * sign < (last if newest_first else first) * sign:
                break
            pending.pop()
            try:
                where = day.condition(wanted)
                sources.append((day.rows(where, span, newest_first=newest_first), day, where.exact, day.reader()))
            except StoreError as error:
                days.problems.append(str(error))
                continue
            push(len(sources) - 1)
        if not heap:
            continue
        _, number, row = heapq.heappop(heap)
        _, day, exact, read = sources[number]
        yield row, day, exact, read
        push(number)


class _Name:
    """A day's name in the order of an answer."""

    __slots__ = ("name", "newest_first")

    def __init__(self, name: str, newest_first: bool) -> None:
        self.name, self.newest_first = name, newest_first

    def __lt__(self, other: "_Name") -> bool:
        return self.name > other.name if self.newest_first else self.name < other.name

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Name) and self.name == other.name

    def __hash__(self) -> int:
        return hash(self.name)


def _bounds(wanted: Query | None, span: Span) -> tuple[float, float]:
    low = [span.since, microseconds(wanted.since) if wanted is not None else None]
    high = [span.until, microseconds(wanted.until) if wanted is not None else None]
    return (
        max((each for each in low if each is not None), default=float("-inf")),
        min((each for each in high if each is not None), default=float("inf")),
    )


def _latest(day: str) -> float:
    """The latest time that an event of a day can have, if no endpoint's clock is a day ahead of the server's."""
    try:
        return moment.microseconds(f"{day[:10]}T00:00:00Z") + 2 * 86_400_000_000
    except ValueError:
        return float("inf")


def microseconds(time: str) -> int | None:
    if not time:
        return None
    try:
        return moment.microseconds(time)
    except ValueError:
        raise UsageError("a time is RFC 3339 with a zone") from None


def step_of(dimension: str) -> int:
    """Microseconds of a step of time; 0 for a field."""
    name, _, span = dimension.partition(":")
    if name == "time":
        number, unit = span[:-1], span[-1:]
        if not (number.isascii() and number.isdigit() and 0 < int(number) <= 10_000 and unit in _UNITS):
            raise UsageError("a histogram is asked for as time:5m, time:1h or time:1d")
        return int(number) * _UNITS[unit] * 1_000_000
    if dimension not in DIMENSIONS:
        raise UsageError(f"events are counted by {', '.join(sorted(DIMENSIONS))} or time:1h")
    return 0


def encoded(last: tuple[int, str, int] | None, *, newest_first: bool) -> str | None:
    if last is None:
        return None
    return base64.urlsafe_b64encode(msgspec.json.encode(Cursor(newest_first, *last))).decode().rstrip("=")


def decoded(text: str, *, newest_first: bool) -> tuple[int, str, int]:
    try:
        raw = base64.urlsafe_b64decode(text[:200].encode() + b"=" * (-len(text[:200]) % 4))
        cursor = msgspec.json.decode(raw, type=Cursor)
    except (msgspec.MsgspecError, binascii.Error, ValueError):
        raise CursorError("this is no cursor of this store") from None
    if cursor.newest_first != newest_first or abs(cursor.time) >= 1 << 62 or not 0 <= cursor.number < 1 << 62:
        raise CursorError("this cursor is of another order")
    return cursor.time, cursor.day, cursor.number

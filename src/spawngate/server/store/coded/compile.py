"""A query as a condition over the columns of one day, in SQL as SQLite has it; others translate `?` and `LISTED`.

The condition takes every record that the query takes and perhaps more; `exact` says whether it takes no more. Where it
is not exact, whoever asks holds the records against the query. What words a day has is asked of the day (`Words`).

Must not be here: SQL statements, files.
"""

import json
from collections.abc import Callable, Iterable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field, replace

from spawngate.server.store.coded.columns import CODED, CUT, NUMBERS, REST
from spawngate.trail import moment
from spawngate.trail.query.fields import FIELDS
from spawngate.trail.query.match import compares, holds_text, ordered
from spawngate.trail.query.syntax import And, Compare, Node, Not, Or, Present, Text

Words = Callable[[str, str | None], Iterable[tuple[int, tuple[str, ...]]]]
"""Column and a text (folded case) that a wanted word must hold, or None, to codes and words; may give more words."""
Holding = Callable[[str], Mapping[str, Sequence[int]]]
"""A text (folded case) to the codes of the words that hold it, by column."""
Streams = Callable[[], Iterable[tuple[int, str]]]
"""Numbers and ids of the streams of a day."""

MANY = 40
"""Codes from which on they are handed over as one list."""
FEW = 20
"""Values up to which a comparison is kept: others are the endpoints of somebody's teams, and large."""
KEPT, SMALL = 32, 20_000
"""Parts that are kept of one day, and the characters of one."""
SHORT = 2
"""Characters of a text that is looked for in the types first."""
LISTED = " IN (SELECT value FROM json_each(?))"
"""How that is said; the list is a JSON array."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A part of a WHERE clause. An empty text takes everything; `NEVER` takes nothing."""

    sql: str
    parameters: tuple[object, ...] = ()
    exact: bool = True
    columns: frozenset[str] = field(default=frozenset(), compare=False)
    """That it looks at."""


EVERY = Condition("")
NEVER = Condition("FALSE")
MAYBE = Condition("", (), exact=False)


def condition(
    tree: Node,
    words: Words,
    streams: Streams,
    holding: Holding | None = None,
    times: tuple[int, int] | None = None,
    known: MutableMapping[Node, Condition] | None = None,
) -> Condition:
    """The condition of a query's tree for one day. Without `holding`, a text is looked for column by column. `times`:
    the first and the last time of a day that changes no more; what is said of time is then said of all its events.
    `known`: what was found for parts of queries of that day, where it changes no more; more is noted there."""
    return _condition(tree, _Day(words, streams, holding or _by_column(words), times, known))


@dataclass(frozen=True, slots=True)
class _Day:
    """What a day is asked."""

    words: Words
    streams: Streams
    holding: Holding
    times: tuple[int, int] | None
    known: MutableMapping[Node, Condition] | None


def _by_column(words: Words) -> Holding:
    def holding(small: str) -> dict[str, list[int]]:
        return {
            column: [code for code, values in words(column, small) if holds_text(small, values)] for column in CODED
        }

    return holding


def _condition(tree: Node, day: _Day) -> Condition:
    match tree:
        case And(parts):
            return _and(parts, day)
        case Or(parts):
            return _any([_condition(part, day) for part in parts])
        case Not(part):
            inner = _condition(part, day)
            if not inner.exact:
                return MAYBE
            if not inner.sql:
                return NEVER
            return (
                EVERY
                if inner == NEVER
                else Condition(f"({inner.sql}) IS NOT TRUE", inner.parameters, columns=inner.columns)
            )
        case Text(text):
            return _kept(tree, day, lambda: _text(text, day))
        case Present(name, _):
            return _test(name, f"{name} IS NOT NULL") if _is_column(name, tree) else _present(name)
        case Compare(values=values):
            return _compare(tree, day) if len(values) > FEW else _kept(tree, day, lambda: _compare(tree, day))


def _kept(part: Text | Compare, day: _Day, find: Callable[[], Condition]) -> Condition:
    """What is known of a part, or is found now: a page asks the same of every day for each of its facets."""
    if day.known is None:
        return find()
    found = day.known.get(part)
    if found is None:
        found = find()
        if sum(len(each) for each in found.parameters if isinstance(each, str)) + len(found.sql) <= SMALL:
            if len(day.known) >= KEPT:
                day.known.clear()
            day.known[part] = found
    return found


def _and(parts: Sequence[Node], day: _Day) -> Condition:
    """All parts; ends at the first that takes nothing. Long texts are in the fewest words, and come first."""
    made: list[Condition] = []
    for part in sorted(parts, key=lambda part: -len(part.text) if isinstance(part, Text) else -1000):
        made.append(_condition(part, day))
        if made[-1] == NEVER:
            return NEVER
    return _all(made)


def _is_column(name: str, node: Compare | Present) -> bool:
    return name in CODED and node.field == FIELDS.get(name)


def _present(name: str) -> Condition:
    if name in NUMBERS:
        return _test(name, f"{name} IS NOT NULL")
    return EVERY if name in ("at", "stream", "sequence", "hash") else MAYBE


def _compare(node: Compare, day: _Day) -> Condition:
    name = node.name
    if _is_column(name, node):
        return _in(name, _codes(node, day.words, name))
    if node.field.kind == "time":
        return _time(node, day.times)
    if name == "sequence" or name in NUMBERS:
        numbers = list(dict.fromkeys(value.number for value in node.values))
        if node.operator == "=" and len(numbers) > MANY:
            return _test(name, f"{name} IN ({','.join('?' * len(numbers))})", *numbers)
        return _any([_test(name, f"{name}{node.operator}?", number) for number in numbers])
    if name == "stream":
        return _in("stream", [number for number, stream in day.streams() if compares(node, stream)])
    for column, known in FIELDS.items():
        if column in CODED and name in known.paths:
            found = _in(column, _codes(node, day.words, column))
            return _wider(found)
    return MAYBE


def _codes(node: Compare, words: Words, column: str) -> list[int]:
    needle: str | None = None
    if node.operator == "=" and node.field.kind == "text" and len(node.values) == 1:
        value = node.values[0]
        needle = max(value.text.split("*"), key=len) if value.pattern else value.text
    found = words(column, needle.casefold() if needle else None)
    return [code for code, values in found if any(compares(node, each) for each in values)]


def _time(node: Compare, times: tuple[int, int] | None) -> Condition:
    parts = []
    for value in node.values:
        try:
            at = moment.microseconds(value.text)
        except ValueError:
            return MAYBE
        parts.append(_always(node.operator, at, times) or _test("time", f"time{node.operator}?", at))
    return _any(parts)


def _always(operator: str, at: int, times: tuple[int, int] | None) -> Condition | None:
    """What a comparison says of all times alike; None where it does not."""
    if times is None:
        return None
    first, last = (ordered(operator, time, at) for time in times)
    if first != last or (operator == "=" and times[0] <= at <= times[1]):
        return None
    return EVERY if first else NEVER


def _text(text: str, day: _Day) -> Condition:
    small = text.casefold()
    # Every record has a type. A letter or two is often in all of a day's, and would else be found in nearly every word.
    if len(small) <= SHORT and all(holds_text(small, values) for _, values in day.words("type", None)):
        return EVERY
    found = day.holding(small)
    parts = [_in(column, found[column]) for column in CODED if found.get(column)]
    known = found.get(REST, ())
    cut = [code for code, values in day.words(REST, CUT) if values[-1] == CUT and code not in known]
    if cut:
        parts.append(_wider(_in(REST, cut)))
    return _any(parts) if parts else NEVER


def _in(column: str, codes: Sequence[int]) -> Condition:
    if not codes:
        return NEVER
    if column == "verdict" and min(codes) > 2:
        # Said in the words of the partial index, without which SQLite does not take it.
        return _test(column, f"(verdict > 2 AND verdict IN ({','.join(map(str, codes))}))")
    if len(codes) == 1:
        return _test(column, f"{column}={codes[0]:d}")
    if len(codes) <= MANY:
        return _test(column, f"{column} IN ({','.join(map(str, codes))})")
    return _test(column, f"{column}{LISTED}", json.dumps(codes))


def _test(column: str, sql: str, *parameters: object) -> Condition:
    return Condition(sql, parameters, columns=frozenset((column,)))


def _wider(found: Condition) -> Condition:
    """The same where it takes more than is wanted."""
    return replace(found, exact=False)


def _all(parts: Sequence[Condition]) -> Condition:
    if NEVER in parts:
        return NEVER
    exact = all(part.exact for part in parts)
    real = [part for part in parts if part.sql]
    if not real:
        return EVERY if exact else MAYBE
    if len(real) == 1:
        return replace(real[0], exact=exact)
    return Condition(f"({_joined([part.sql for part in real], ' AND ')})", _parameters(real), exact, _columns(real))


def _any(parts: Sequence[Condition]) -> Condition:
    real = [part for part in parts if part != NEVER]
    if not real:
        return NEVER
    exact = all(part.exact for part in real)
    if any(not part.sql for part in real):
        return EVERY if any(part == EVERY for part in real) else MAYBE
    if len(real) == 1:
        return replace(real[0], exact=exact)
    return Condition(f"({_joined([part.sql for part in real], ' OR ')})", _parameters(real), exact, _columns(real))


def _joined(parts: Sequence[str], word: str) -> str:
    """Many parts in halves: databases take an expression of a thousand values in a row for one that is too deep."""
    if len(parts) <= MANY:
        return word.join(parts)
    half = len(parts) // 2
    return f"({_joined(parts[:half], word)}){word}({_joined(parts[half:], word)})"


def _columns(parts: Iterable[Condition]) -> frozenset[str]:
    return frozenset(column for part in parts for column in part.columns)


def _parameters(parts: Iterable[Condition]) -> tuple[object, ...]:
    return tuple(parameter for part in parts for parameter in part.parameters)

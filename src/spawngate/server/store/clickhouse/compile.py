"""A query as a condition over ClickHouse's columns, with its values apart from it.

The condition takes every record that the query takes and perhaps more; `exact` says whether it takes no more. Where it
is not exact, whoever asks holds the records against the query. Must not be here: statements, connections.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from spawngate.server.store.clickhouse.tables import FIELDS as COLUMNS
from spawngate.server.store.coded.columns import NUMBERS
from spawngate.trail import moment
from spawngate.trail.query.fields import FIELDS, SCALES
from spawngate.trail.query.match import compares
from spawngate.trail.query.syntax import And, Compare, Node, Not, Or, Present, Text, Value

BREAK = "\0"
"""Between the texts of `search`."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A part of a WHERE clause; an empty text takes everything, `NEVER` nothing."""

    sql: str
    exact: bool = True


EVERY = Condition("")
MAYBE = Condition("", exact=False)
NEVER = Condition("0")


@dataclass(slots=True)
class Parameters:
    """Values of a statement, by the names under which they stand in it."""

    values: dict[str, Any] = field(default_factory=dict)

    def text(self, value: str) -> str:
        """The mark of a text."""
        return self._mark(value, "String")

    def number(self, value: float) -> str:
        """The mark of a number."""
        return self._mark(value, "Float64")

    def integer(self, value: int) -> str:
        """The mark of a whole number."""
        return self._mark(value, "Int64")

    def texts(self, values: Sequence[str]) -> str:
        """The mark of a list of texts."""
        return self._mark(list(values), "Array(String)")

    def integers(self, values: Sequence[int]) -> str:
        """The mark of a list of whole numbers."""
        return self._mark(list(values), "Array(UInt64)")

    def moments(self, values: Sequence[int]) -> str:
        """The mark of a list of times in microseconds."""
        return self._mark(list(values), "Array(Int64)")

    def _mark(self, value: object, kind: str) -> str:
        name = f"p{len(self.values)}"
        self.values[name] = value
        return f"{{{name}:{kind}}}"


def condition(node: Node, parameters: Parameters) -> Condition:
    """The condition of a query's tree."""
    match node:
        case And(parts):
            return _all([condition(part, parameters) for part in parts])
        case Or(parts):
            return _any([condition(part, parameters) for part in parts])
        case Not(part):
            return _not(condition(part, parameters))
        case Text(text):
            return _text(text, parameters)
        case Present(name, known):
            return _present(name, node) if known == FIELDS.get(name) else MAYBE
        case Compare():
            return _compare(node, parameters)


def _not(inner: Condition) -> Condition:
    if not inner.exact:
        return MAYBE
    if inner in (EVERY, NEVER):
        return NEVER if inner == EVERY else EVERY
    return Condition(f"NOT ifNull({inner.sql}, 0)")


def _text(text: str, parameters: Parameters) -> Condition:
    small = text.casefold()
    if not small:
        return MAYBE
    # LIKE is what the index of parts of words answers; with nothing to escape it looks for the bytes as they are.
    plain = not set(small) & {"%", "_", "\\"}
    sql = f"search LIKE {parameters.text(f'%{small}%')}" if plain else f"position(search, {parameters.text(small)}) > 0"
    # A text that holds the break could be found across two texts.
    return Condition(sql, exact=BREAK not in small)


def _present(name: str, node: Present) -> Condition:
    if name in COLUMNS:
        return Condition(f"notEmpty(c_{name})")
    if name in NUMBERS:
        return Condition(f"isNotNull(n_{name})")
    return EVERY if name in ("at", "stream", "sequence", "hash") else MAYBE


def _compare(node: Compare, parameters: Parameters) -> Condition:
    name = node.name
    if node.field == FIELDS.get(name):
        if name in COLUMNS:
            return _any([_word(name, node, value, parameters) for value in node.values])
        if node.field.kind == "time":
            return _time(node, parameters)
        if name in NUMBERS or name == "sequence":
            column = "sequence" if name == "sequence" else f"n_{name}"
            # As numbers of Python compare: a whole number with one that has a fraction, and none with nothing.
            return _any([Condition(f"{column} {node.operator} {parameters.number(v.number)}") for v in node.values])
        if name == "stream" and node.operator == "=":
            return _any([_stream(value, parameters) for value in node.values])
        return MAYBE  # the record answers
    for column, known in FIELDS.items():
        if column in COLUMNS and name in known.paths:
            found = _any([_word(column, node, value, parameters) for value in node.values])
            return Condition(found.sql, exact=False)
    return MAYBE


def _word(name: str, node: Compare, value: Value, parameters: Parameters) -> Condition:
    """Whether one of a column's values is one of those that are wanted."""
    scale = SCALES.get(node.field.kind)
    if scale is not None:
        single = Compare(node.name, node.field, node.operator, (value,))
        wanted = [word for word in scale if compares(single, word)]
        return Condition(f"hasAny(c_{name}, {parameters.texts(wanted)})") if wanted else NEVER
    if node.field.kind != "text":
        return MAYBE
    if node.operator != "=":
        return Condition(f"arrayExists(w -> w {node.operator} {parameters.text(value.text)}, c_{name})")
    folded = f"if(empty(f_{name}), c_{name}, f_{name})"
    small = value.text.casefold()
    if value.pattern:
        return Condition(f"arrayExists(w -> w LIKE {parameters.text(_like(small))}, {folded})")
    return Condition(f"has({folded}, {parameters.text(small)})")


def _stream(value: Value, parameters: Parameters) -> Condition:
    small = value.text.casefold()
    operator, wanted = ("LIKE", _like(small)) if value.pattern else ("=", small)
    # ClickHouse folds nothing but letters that have one small form: what is beyond ASCII is held against the record.
    return Condition(f"lowerUTF8(stream) {operator} {parameters.text(wanted)}") if small.isascii() else MAYBE


def _like(pattern: str) -> str:
    """A pattern of the query language as LIKE has it."""
    escaped = pattern.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return escaped.replace("*", "%")


def _time(node: Compare, parameters: Parameters) -> Condition:
    parts: list[Condition] = []
    for value in node.values:
        try:
            parts.append(Condition(f"time {node.operator} {parameters.integer(moment.microseconds(value.text))}"))
        except ValueError:
            return MAYBE
    return _any(parts)


def _all(parts: Sequence[Condition]) -> Condition:
    if NEVER in parts:
        return NEVER
    exact = all(part.exact for part in parts)
    real = [part.sql for part in parts if part.sql]
    if not real:
        return EVERY if exact else MAYBE
    return Condition(real[0] if len(real) == 1 else f"({' AND '.join(real)})", exact)


def _any(parts: Sequence[Condition]) -> Condition:
    real = [part for part in parts if part != NEVER]
    if not real:
        return NEVER
    exact = all(part.exact for part in real)
    if any(not part.sql for part in real):
        return EVERY if any(part == EVERY for part in real) else MAYBE
    return Condition(real[0].sql if len(real) == 1 else f"({' OR '.join(part.sql for part in real)})", exact)

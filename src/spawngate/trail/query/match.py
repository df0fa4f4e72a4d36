"""What a query says of a record. Pure and total: any value may stand anywhere in a record.

Must not be here: the text of queries (`parse`), and where records come from.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from spawngate.trail.query.fields import OWN, SCALES, UNSEARCHED, Field
from spawngate.trail.query.syntax import And, Compare, Node, Not, Or, Present, Text, Value

ALL = And(())


@dataclass(frozen=True, slots=True)
class Query:
    """A query that was understood."""

    tree: Node = ALL

    def matches(self, record: Mapping[str, Any]) -> bool:
        """Whether the record is one of those that are wanted."""
        return _holds(self.tree, record, _Words(record))

    def also(self, *nodes: Node) -> "Query":
        """The query with further conditions."""
        return Query(And((self.tree, *nodes))) if nodes else self

    @property
    def since(self) -> str:
        """No record before this time is wanted; empty where the query does not tell."""
        return max(_bounds(self.tree, (">", ">=")), default="")

    @property
    def until(self) -> str:
        """No record after this time is wanted; empty where the query does not tell."""
        return min(_bounds(self.tree, ("<", "<=")), default="")


class _Words:
    """The texts of a record, made small once and only where somebody asks."""

    __slots__ = ("_found", "_record")

    def __init__(self, record: Mapping[str, Any]) -> None:
        self._record = record
        self._found: list[str] | None = None

    def hold(self, wanted: str) -> bool:
        if self._found is None:
            self._found = [text.casefold() for text in texts(self._record)]
        small = wanted.casefold()
        return any(small in text for text in self._found)


def values_at(value: Any, path: str) -> Iterator[str]:
    """Every value at a dotted path, lists gone through, as text."""
    if isinstance(value, list | tuple):
        for item in value:
            yield from values_at(item, path)
    elif not path:
        if value is not None and not isinstance(value, Mapping):
            yield ("true" if value else "false") if isinstance(value, bool) else str(value)
    elif isinstance(value, Mapping):
        key, _, rest = path.partition(".")
        if path in value:  # keys of foreign maps may hold dots
            yield from values_at(value[path], "")
        elif key in value:
            yield from values_at(value[key], rest)


def texts(value: Any, path: str = "") -> Iterator[str]:
    """Every text of a record in which free text is looked for. `path`: where in a record the value stands."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        named = bool(path) and path not in OWN
        for key, item in value.items():
            below = f"{path}.{key}" if path else str(key)
            if below in UNSEARCHED:
                continue
            if named:
                yield str(key)
            yield from texts(item, below)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from texts(item, path)


def _holds(node: Node, record: Mapping[str, Any], words: _Words) -> bool:
    match node:
        case And(parts):
            return all(_holds(part, record, words) for part in parts)
        case Or(parts):
            return any(_holds(part, record, words) for part in parts)
        case Not(part):
            return not _holds(part, record, words)
        case Text(text):
            return words.hold(text)
        case Present(_, field):
            return any(True for _ in _values(field, record))
        case Compare():
            return any(compares(node, found) for found in _values(node.field, record))


def _values(field: Field, record: Mapping[str, Any]) -> Iterator[str]:
    for path in field.paths:
        yield from values_at(record, path)


def compares(node: Compare, found: str) -> bool:
    """Whether one value of a record's field is one of those that are wanted."""
    return any(_compares(node, found, value) for value in node.values)


def holds_text(text: str, found: Iterable[str]) -> bool:
    """Whether one of these texts holds the words, whatever the case."""
    small = text.casefold()
    return any(small in each.casefold() for each in found)


def _compares(node: Compare, found: str, value: Value) -> bool:
    kind = node.field.kind
    if kind in ("text", "time"):
        if node.operator == "=":
            return (
                like(found.casefold(), value.text.casefold())
                if value.pattern
                else found.casefold() == value.text.casefold()
            )
        return ordered(node.operator, found, value.text)
    scale = SCALES.get(kind)
    if scale is not None:
        return found in scale and ordered(node.operator, scale.index(found), value.number)
    try:
        return ordered(node.operator, float(found), value.number)
    except ValueError:
        return False


def ordered(operator: str, found: Any, value: Any) -> bool:
    """Whether one value compares to another as an operator of the language says."""
    match operator:
        case ">":
            return bool(found > value)
        case ">=":
            return bool(found >= value)
        case "<":
            return bool(found < value)
        case "<=":
            return bool(found <= value)
    return bool(found == value)


def like(text: str, pattern: str) -> bool:
    """Whether the text is of the pattern, in which `*` stands for any characters."""
    parts = pattern.split("*")
    if len(parts) == 1:
        return text == pattern
    if not text.startswith(parts[0]) or not text.endswith(parts[-1]) or len(text) < len(parts[0]) + len(parts[-1]):
        return False
    at, end = len(parts[0]), len(text) - len(parts[-1])
    for part in parts[1:-1]:
        at = text.find(part, at, end)
        if at < 0:
            return False
        at += len(part)
    return True


def _bounds(node: Node, operators: tuple[str, ...]) -> Iterator[str]:
    """Times that bound every record that is wanted."""
    if isinstance(node, And):
        for part in node.parts:
            yield from _bounds(part, operators)
    elif isinstance(node, Compare) and node.field.kind == "time" and node.operator in operators:
        yield node.values[0].text

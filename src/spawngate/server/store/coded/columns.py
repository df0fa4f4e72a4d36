"""What of a record the columns of a day hold, so that queries need not read the record.

A column holds all values that a record has for one field of the query language, as one coded word (`words`): a tuple of
texts. Conditions are judged on the words of a day, by the same code that judges records (`trail.query.match`), and
become a set of codes; so a column can never answer otherwise than the record would. `rest` holds every text that free
text is looked for in and that no other column has.

Must not be here: SQL, codes.
"""

import math
from collections.abc import Mapping
from typing import Any, Self

import msgspec

from spawngate.trail.query.fields import FIELDS, OWN, UNSEARCHED

REST = "rest"
CODED = (
    "type", "endpoint", "channel", "agent", "user", "session", "mode", "verdict", "severity", "kind", "moment", "tool",
    "server", "program", "rule", "reason", "policy", "fingerprint", "name", "package", "command", "path", "url", "cwd",
    "message", "route", "destination", "state", "action", REST,
)  # fmt: skip
"""Columns in the order in which a day file has them. A new one goes to the end, and raises the format."""
NUMBERS = ("latency",)
"""Columns that hold a number; the first value where a record has several."""
LONGEST = 8_000
"""Characters of `rest`; of what is longer, a search reads the record."""
CUT = "\x00cut"
"""Last text of a `rest` that was cut."""

Words = tuple[str, ...]
Word = str | Words
"""The same in the form in which most are: one text stands for itself, none or several as a tuple."""
_PLACE = {name: place for place, name in enumerate(CODED)}
_REST = _PLACE[REST]


class _Node:
    """A place in a record: columns that its value belongs to, and what lies below."""

    __slots__ = ("below", "columns", "ignored", "number", "own", "path", "searched")

    def __init__(self, path: str, searched: bool) -> None:
        self.path, self.searched = path, searched
        self.columns: tuple[int, ...] = ()
        self.number = -1
        self.ignored = False
        """Nothing at or below this place is held in a column."""
        self.own = not path or path in OWN
        self.below: dict[str, _Node] = {}


def _tree() -> _Node:
    root = _Node("", True)
    paths = {path for field in FIELDS.values() for path in field.paths} | UNSEARCHED | OWN
    for path in sorted(paths):
        node = root
        for part in path.split("."):
            below = f"{node.path}.{part}" if node.path else part
            node = node.below.setdefault(part, _Node(below, below not in UNSEARCHED))
    for name, field in FIELDS.items():
        for path in field.paths:
            node = root
            for part in path.split("."):
                node = node.below[part]
            if name in _PLACE:
                node.columns = (*node.columns, _PLACE[name])
            elif name in NUMBERS:
                node.number = NUMBERS.index(name)
    _ignore(root)
    return root


def _ignore(node: _Node) -> bool:
    below = [_ignore(each) for each in node.below.values()]
    node.ignored = not (node.searched or node.columns or node.number >= 0) and all(below)
    return node.ignored


_ROOT = _tree()


def word(words: Words) -> Word:
    """The form of words that codes are known by."""
    return words[0] if len(words) == 1 else words


class Columns(msgspec.Struct, frozen=True, gc=False):
    """What one record's columns hold. Texts and numbers alone: nothing that could close a circle, so nothing that the
    collector of circles would have to look through, which cost a fifth of all that an event does."""

    coded: tuple[Word | None, ...]
    """In the order of `CODED`."""
    numbers: tuple[float | int | None, ...]
    """In that of `NUMBERS`."""

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> Self:
        """Those of a record. Raises RecursionError for one that is nested too deep."""
        found = _Finder(record)
        return cls(
            tuple([None if words is None else word(tuple(words)) for words in found.words]), tuple(found.numbers)
        )

    @property
    def words(self) -> list[Words | None]:
        """The words of each column."""
        return [(each,) if isinstance(each, str) else each for each in self.coded]


def texts_of(value: Any) -> Words:
    """Texts of a value that stands where no column looks, as `rest` has them."""
    found: list[list[str] | None] = [None] * len(CODED)
    _Finder.rest(value, found)
    return tuple(found[_REST] or ())


class _Finder:
    """Goes through one record."""

    __slots__ = ("numbers", "words")

    def __init__(self, record: Mapping[str, Any]) -> None:
        found: list[list[str] | None] = [None] * len(CODED)
        self.numbers: list[float | int | None] = [None] * len(NUMBERS)
        self._map(record, _ROOT, found)
        rest = found[_REST]
        if rest is not None:
            rest = list(dict.fromkeys(rest))
            if sum(map(len, rest)) > LONGEST:
                rest = [*_within(rest), CUT]
            found[_REST] = rest
        self.words = found

    def _map(self, value: Mapping[str, Any], node: _Node, found: list[list[str] | None]) -> None:
        get, own = node.below.get, node.own
        for key, item in value.items():
            if not own:
                _other(key, found)
            below = get(key)
            if below is None:
                self.rest(item, found)
            elif type(item) is str and len(below.columns) == 1:  # nearly all; the rest of the loop is for the others
                column = below.columns[0]
                words = found[column]
                if words is None:
                    found[column] = [item]
                else:
                    words.append(item)
                if below.number >= 0 and self.numbers[below.number] is None:
                    self.numbers[below.number] = _number(item)
            elif below.ignored:
                continue
            else:
                self._known(item, below, found)

    def _known(self, item: Any, node: _Node, found: list[list[str] | None]) -> None:
        if isinstance(item, str):
            if node.columns:
                for column in node.columns:
                    words = found[column]
                    if words is None:
                        found[column] = [item]
                    else:
                        words.append(item)
            elif node.searched:
                _other(item, found)
        elif isinstance(item, Mapping):
            if node.searched:
                self._map(item, node, found)
        elif isinstance(item, list):
            for each in item:
                self._known(each, node, found)
        elif item is not None:
            text = ("true" if item else "false") if isinstance(item, bool) else str(item)
            for column in node.columns:
                found[column] = [*(found[column] or ()), text]
        if node.number >= 0 and self.numbers[node.number] is None:
            self.numbers[node.number] = _number(item)

    @staticmethod
    def rest(item: Any, found: list[list[str] | None]) -> None:
        """Texts below a place that no field names."""
        if isinstance(item, str):
            _other(item, found)
        elif isinstance(item, Mapping):
            for key, each in item.items():
                _other(key, found)
                _Finder.rest(each, found)
        elif isinstance(item, list):
            for each in item:
                _Finder.rest(each, found)


def _other(text: str, found: list[list[str] | None]) -> None:
    rest = found[_REST]
    if rest is None:
        found[_REST] = [text]
    else:
        rest.append(text)


def _number(item: Any) -> float | int | None:
    """As the query language compares it."""
    if type(item) is int:
        return item if -(1 << 62) < item < 1 << 62 else float(item) if abs(item) < 1 << 1000 else None
    try:
        number = float(item) if isinstance(item, str | float) else math.nan
    except ValueError:
        return None
    return None if math.isnan(number) else number


def _within(texts: list[str]) -> list[str]:
    kept, room = [], LONGEST
    for text in texts:
        if len(text) > room:
            break
        kept.append(text)
        room -= len(text)
    return kept

"""What a list is asked for: words, chosen values of facets, an order and a place to go on, read from an address.

Must not be here: SQL (`listing`), which facets a list has (each view), the query language of events (`trail.query`).
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Self
from urllib.parse import urlencode

import msgspec

LONGEST = 500
"""Characters of the search text that count."""
MOST_WORDS = 12
MOST_VALUES = 50
"""Chosen values of one facet."""
PAGE = 50
"""Rows of a page where nothing else is said."""
MOST = 500
"""Rows of one page at most."""
_TOKEN = re.compile(r'(?:([A-Za-z_]+):)?(?:"([^"]*)"|(\S+))')


class Filters(msgspec.Struct, frozen=True):
    """What is asked of a list. Equal lists have equal addresses."""

    text: str = ""
    """As it was typed: words, and `facet:value`."""
    words: tuple[str, ...] = ()
    """All of them must occur."""
    chosen: Mapping[str, tuple[str, ...]] = {}
    """Facet to values of which one must hold."""
    sort: str = ""
    """Name of an order; empty: the usual one."""
    cursor: str = ""
    limit: int = PAGE

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, str]], facets: Sequence[str]) -> Self:
        """From the parameters of an address. What is unknown, overlong or wrong is left out: a list never fails for
        what somebody typed into an address, and shows what it understood."""
        text, sort, cursor, limit = "", "", "", PAGE
        chosen: dict[str, list[str]] = {}
        for name, value in pairs:
            if name == "q":
                text = " ".join(value[:LONGEST].split())
            elif name == "sort":
                sort = value[:50]
            elif name == "cursor":
                cursor = value[:2000]
            elif name == "limit":
                limit = max(1, min(MOST, int(value))) if re.fullmatch("[0-9]{1,6}", value) else PAGE
            elif name in facets:
                values = chosen.setdefault(name, [])
                if len(values) < MOST_VALUES and value[:LONGEST] not in values:
                    values.append(value[:LONGEST])
        shown = {name: tuple(values) for name, values in chosen.items()}
        words: list[str] = []
        for name, quoted, plain in _TOKEN.findall(text):
            value = quoted or plain
            if name in facets and value:
                shown[name] = tuple(dict.fromkeys((*shown.get(name, ()), value)))[:MOST_VALUES]
            elif name or value:
                words.append(f"{name}:{value}" if name else value)
        return cls(text, tuple(words[:MOST_WORDS]), shown, sort, cursor, limit)

    def has(self, facet: str, value: str) -> bool:
        """Whether a value of a facet was chosen."""
        return value in self.chosen.get(facet, ())

    def without(self, facet: str) -> Self:
        """The filters without one facet's choice: over these its numbers are counted."""
        kept = {name: values for name, values in self.chosen.items() if name != facet}
        return msgspec.structs.replace(self, chosen=kept)

    def __bool__(self) -> bool:
        """Whether anything is left out of the list."""
        return bool(self.words or self.chosen)


class Address(msgspec.Struct, frozen=True):
    """The address of a list: its path and its parameters, which are the whole query."""

    path: str
    pairs: tuple[tuple[str, str], ...] = ()
    """Without `cursor`: a changed query begins at the first page."""

    @classmethod
    def of(cls, path: str, pairs: Iterable[tuple[str, str]]) -> Self:
        """From a request. Empty values are left out, so that equal queries have equal addresses."""
        kept = [(name[:50], value[:LONGEST]) for name, value in pairs if value and name != "cursor"]
        return cls(path, tuple(dict.fromkeys(kept))[:200])

    def __str__(self) -> str:
        return _joined(self.path, self.pairs)

    @property
    def query(self) -> str:
        """What is behind the question mark: what a saved search holds."""
        return urlencode(self.pairs, errors="replace")

    def get(self, name: str) -> str:
        """The first value of a parameter; empty where there is none."""
        return next((value for key, value in self.pairs if key == name), "")

    def toggled(self, name: str, value: str) -> str:
        """With one value of a facet chosen or, where it is, dropped. A choice typed as `facet:value` is dropped too."""
        pair = (name, value)
        if pair in self.pairs:
            return _joined(self.path, [each for each in self.pairs if each != pair])
        typed = f"{name}:{value}", f'{name}:"{value}"'
        text = self.get("q")
        for each in typed:
            if re.search(rf"(?<!\S){re.escape(each)}(?!\S)", text):
                left = " ".join(re.sub(rf"(?<!\S){re.escape(each)}(?!\S)", " ", text).split())
                return self.with_(q=left)
        return _joined(self.path, [*self.pairs, pair])

    def with_(self, **changed: str) -> str:
        """With parameters set to one value each, or without them where that is empty."""
        kept = [(name, value) for name, value in self.pairs if name not in changed]
        return _joined(self.path, [*kept, *((name, value) for name, value in changed.items() if value)])

    def on(self, path: str) -> str:
        """The same query at another path: exports."""
        return _joined(path, self.pairs)

    def hidden(self, *left_out: str) -> tuple[tuple[str, str], ...]:
        """What a form must carry on beside its own fields."""
        return tuple(pair for pair in self.pairs if pair[0] not in left_out)


def _joined(path: str, pairs: Sequence[tuple[str, str]]) -> str:
    return f"{path}?{urlencode(pairs, errors='replace')}" if pairs else path

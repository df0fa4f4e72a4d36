"""Lists so small that they are read whole: narrowed by words and facets in memory, and cut into pages behind a key.

Must not be here: which lists there are, statements of a database (`listing`).
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from spawngate.model.errors import UsageError
from spawngate.server.fleet.rows import closed, opened
from spawngate.server.views.filters import Filters
from spawngate.server.views.listing import Facet, Listing, facet

Row = TypeVar("Row")
Key = tuple[str | int, ...]


def narrowed(
    found: Sequence[Row],
    filters: Filters,
    titles: Mapping[str, str],
    facets: bool,
    words: Callable[[Row], Iterable[str]],
    key: Callable[[Row], Key],
) -> Listing[Row]:
    """A page of the rows that pass, with facets. `titles`: members of a row that are facets, and what they are called;
    `words`: texts of a row that are searched; `key`: what orders the list and names a row, texts and numbers in the
    same places of all. Raises UsageError for a cursor that is none of this list."""
    passing = sorted((each for each in found if passes(each, filters, titles, words(each))), key=key)
    behind = _behind(passing, key, filters.cursor) if filters.cursor else passing
    shown = tuple(behind[: filters.limit])
    cursor = closed(key(shown[-1])) if len(behind) > len(shown) else None
    return Listing(shown, cursor, facets_of(found, filters, titles, words) if facets else (), len(passing))


def _behind(rows: Sequence[Row], key: Callable[[Row], Key], cursor: str) -> Sequence[Row]:
    keys = [key(each) for each in rows]
    if not keys:
        return rows
    at = tuple(opened(cursor, len(keys[0])))
    if [type(each) for each in at] != [type(each) for each in keys[0]]:
        raise UsageError("this link to a further page is none of this list: begin at its first page")
    return [row for row, each in zip(rows, keys, strict=True) if each > at]


def passes(row: object, filters: Filters, names: Iterable[str], words: Iterable[str]) -> bool:
    """Whether a row has a chosen value of each facet, and every word."""
    text = "\n".join(words).casefold()
    chosen = all(str(getattr(row, name)) in filters.chosen[name] for name in names if filters.chosen.get(name))
    return chosen and all(word.casefold() in text for word in filters.words)


def facets_of(
    found: Sequence[Row], filters: Filters, titles: Mapping[str, str], words: Callable[[Row], Iterable[str]]
) -> tuple[Facet, ...]:
    """What each value would leave, given all other choices. A facet of one value narrows nothing."""
    shown = []
    for name, title in titles.items():
        rest = filters.without(name)
        values = (str(getattr(each, name)) for each in found if passes(each, rest, titles, words(each)))
        made = facet(name, title, Counter(value for value in values if value), filters)
        if len(made.options) > 1 or any(option.chosen for option in made.options):
            shown.append(made)
    return tuple(shown)

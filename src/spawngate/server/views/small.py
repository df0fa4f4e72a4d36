"""Lists so small that they are read whole: narrowed by words and facets in memory.

Must not be here: which lists there are, statements of a database (`listing`).
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from spawngate.server.views.filters import Filters
from spawngate.server.views.listing import Facet, Listing, facet

Row = TypeVar("Row")


def narrowed(
    found: Sequence[Row],
    filters: Filters,
    titles: Mapping[str, str],
    facets: bool,
    words: Callable[[Row], Iterable[str]],
) -> Listing[Row]:
    """The rows that pass, with facets. `titles`: members of a row that are facets, and what they are called; `words`:
    texts of a row that are searched."""
    rows = tuple(each for each in found if passes(each, filters, titles, words(each)))
    return Listing(rows, None, facets_of(found, filters, titles, words) if facets else (), len(rows))


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

"""Lists that are read whole."""

import msgspec

from spawngate.server.views.filters import Filters
from spawngate.server.views.listing import Option
from spawngate.server.views.small import narrowed


class Row(msgspec.Struct, frozen=True):
    """A row."""

    name: str
    kind: str
    state: str = "on"


ROWS = (Row("a", "x"), Row("b", "y"), Row("Bc", "y", "off"))
TITLES = {"kind": "Kind", "state": "State"}


def names(filters: Filters) -> list[str]:
    return [each.name for each in narrowed(ROWS, filters, TITLES, False, lambda each: (each.name,)).rows]


def test_words_and_facets_narrow() -> None:
    assert names(Filters()) == ["a", "b", "Bc"]
    assert names(Filters(words=("B",))) == ["b", "Bc"]
    assert names(Filters(words=("b",), chosen={"state": ("off",)})) == ["Bc"]
    assert names(Filters(chosen={"kind": ("x", "y"), "state": ("on",)})) == ["a", "b"]
    assert names(Filters(chosen={"kind": ("none",)})) == []


def test_a_facet_counts_what_each_value_would_leave() -> None:
    found = narrowed(ROWS, Filters(chosen={"kind": ("y",)}), TITLES, True, lambda each: (each.name,))
    assert (found.total, found.cursor) == (2, None)
    counted = {each.name: each.options for each in found.facets}
    assert counted == {
        "kind": (Option("y", "y", 2, True), Option("x", "x", 1)),
        "state": (Option("off", "off", 1), Option("on", "on", 1)),
    }


def test_a_facet_of_one_value_is_not_shown() -> None:
    found = narrowed(ROWS[:2], Filters(), TITLES, True, lambda each: (each.name,))
    assert [each.name for each in found.facets] == ["kind"]

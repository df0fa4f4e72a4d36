"""Lists that are read whole."""

from collections.abc import Sequence

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.model.errors import UsageError
from spawngate.server.fleet.rows import closed
from spawngate.server.views.filters import Filters
from spawngate.server.views.listing import Listing, Option
from spawngate.server.views.small import narrowed


class Row(msgspec.Struct, frozen=True):
    """A row."""

    name: str
    kind: str
    state: str = "on"


ROWS = (Row("a", "x"), Row("b", "y"), Row("Bc", "y", "off"))
TITLES = {"kind": "Kind", "state": "State"}


def listed(filters: Filters, rows: Sequence[Row] = ROWS, facets: bool = False) -> Listing[Row]:
    return narrowed(rows, filters, TITLES, facets, lambda each: (each.name,), lambda each: (each.kind, each.name))


def names(filters: Filters) -> list[str]:
    return [each.name for each in listed(filters).rows]


def test_words_and_facets_narrow() -> None:
    assert names(Filters()) == ["a", "Bc", "b"]
    assert names(Filters(words=("B",))) == ["Bc", "b"]
    assert names(Filters(words=("b",), chosen={"state": ("off",)})) == ["Bc"]
    assert names(Filters(chosen={"kind": ("x", "y"), "state": ("on",)})) == ["a", "b"]
    assert names(Filters(chosen={"kind": ("none",)})) == []


def test_a_facet_counts_what_each_value_would_leave() -> None:
    found = listed(Filters(chosen={"kind": ("y",)}), facets=True)
    assert (found.total, found.cursor) == (2, None)
    counted = {each.name: each.options for each in found.facets}
    assert counted == {
        "kind": (Option("y", "y", 2, True), Option("x", "x", 1)),
        "state": (Option("off", "off", 1), Option("on", "on", 1)),
    }


def test_a_facet_of_one_value_is_not_shown() -> None:
    found = listed(Filters(), ROWS[:2], facets=True)
    assert [each.name for each in found.facets] == ["kind"]


@given(st.lists(st.builds(Row, st.text(), st.sampled_from("xy")), unique=True), st.integers(1, 5))
def test_every_row_stands_on_one_page(rows: list[Row], limit: int) -> None:
    seen: list[Row] = []
    cursor: str | None = ""
    while cursor is not None:
        found = listed(Filters(cursor=cursor, limit=limit), rows)
        assert (len(found.rows) <= limit, found.total) == (True, len(rows))
        seen += found.rows
        cursor = found.cursor
    assert seen == sorted(rows, key=lambda each: (each.kind, each.name))


def test_a_row_that_comes_or_goes_shifts_nothing() -> None:
    first = listed(Filters(limit=2))
    assert [each.name for each in first.rows] == ["a", "Bc"]
    assert first.cursor is not None
    rest = Filters(limit=2, cursor=first.cursor)
    assert [each.name for each in listed(rest, (*ROWS[1:], Row("0", "x"), Row("c", "y"))).rows] == ["b", "c"]


@pytest.mark.parametrize("cursor", ["x", "!", closed(["x"]), closed(["x", 1]), closed(["x", "a", "b"]), "A" * 2_000])
def test_a_cursor_of_another_list_is_refused(cursor: str) -> None:
    with pytest.raises(UsageError):
        listed(Filters(cursor=cursor))

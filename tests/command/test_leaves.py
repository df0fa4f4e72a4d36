"""The values in the input of a tool."""

from hypothesis import given
from hypothesis import strategies as st

from spawngate.command.leaves import MOST, leaves
from spawngate.model.json import Json

JSON: st.SearchStrategy[Json] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
)


def test_in_order_and_with_the_nearest_name() -> None:
    value: Json = {"a": "x", "b": [1, {"c": None, "d": True}, ["y"]], "e": {}}
    assert list(leaves(value)) == [("a", "x"), ("b", 1), ("d", True), ("b", "y")]


def test_a_value_of_no_name() -> None:
    assert list(leaves("x")) == [("", "x")]


def test_what_lies_deep_counts() -> None:
    value: Json = "x"
    for _ in range(500):
        value = {"a": [value]}
    assert list(leaves(value)) == [("a", "x")]


def test_only_so_many() -> None:
    assert len(list(leaves([0] * (MOST + 50)))) == MOST - 1


def _plain(value: Json, name: str = "") -> list[tuple[str, Json]]:
    if isinstance(value, dict):
        return [pair for key, item in value.items() for pair in _plain(item, key)]
    if isinstance(value, list):
        return [pair for item in value for pair in _plain(item, name)]
    return [] if value is None else [(name, value)]


@given(JSON)
def test_all_of_any_value(value: Json) -> None:
    assert list(leaves(value)) == _plain(value)

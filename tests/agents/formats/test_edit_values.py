"""The value side of edits: what must be there afterwards, whose an element is, what is equal."""

from typing import Any

import pytest

from spawngate.agents.formats.edit_values import (
    Operation,
    after,
    at,
    equal,
    is_list,
    ours_in,
    pruned,
    with_value,
    without,
)
from spawngate.model.json import Json


def ours(entry: Json) -> bool:
    return "us" in str(entry)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ((), (True, {"a": [{"b": None}], "c": "text"})),
        (("a", 0, "b"), (True, None)),
        (("a", 1), (False, None)),
        (("a", "b"), (False, None)),
        (("c", 0), (False, None)),
        (("c", "x"), (False, None)),
        (("d",), (False, None)),
    ],
)
def test_value_at_a_path(path: tuple[str | int, ...], expected: tuple[bool, Any]) -> None:
    assert at({"a": [{"b": None}], "c": "text"}, path) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({}, []),
        ({"h": {}}, []),
        ({"h": ["us", "wanted", "wanted"]}, [("h", 2)]),
        ({"h": ["us", "they", "us too"]}, [("h", 0), ("h", 2)]),
        ({"h": [{"x": ["us", "they", {"y": ["us"]}]}]}, [("h", 0, "x", 0), ("h", 0, "x", 2)]),
        ({"h": [{"x": ["us", "us"]}]}, [("h", 0)]),
    ],
)
def test_whose_an_element_is(value: Json, expected: list[tuple[str | int, ...]]) -> None:
    assert ours_in(value, Operation(("h",), "wanted"), ours) == expected


def test_whose_a_key_is() -> None:
    operation = Operation(("k",), True, "set")
    assert ours_in({"k": True}, operation, ours) == [("k",)]
    assert ours_in({"k": "us"}, operation, ours) == [("k",)]
    assert ours_in({"k": False}, operation, ours) == []


@pytest.mark.parametrize(
    ("value", "operation", "expected"),
    [
        (None, Operation(("a", "b"), 1), {"a": {"b": [1]}}),
        ({"a": {"b": [1]}}, Operation(("a", "b"), 1), {"a": {"b": [1]}}),
        ({"a": ["us", 2]}, Operation(("a",), 1), {"a": [2, 1]}),
        ({"a": None}, Operation(("a",), 1), {"a": [1]}),
        ({"a": 2}, Operation(("a",), 1, "set"), {"a": 2}),
        ({"a": 2}, Operation(("a",), 1, "set", overwrite=True), {"a": 1}),
        ({}, Operation(("a", "b"), 1, "set"), {"a": {"b": 1}}),
    ],
)
def test_value_after_an_operation(value: Json, operation: Operation, expected: Json) -> None:
    assert after(value, operation, ours) == expected


def test_containers_of_ours_that_are_left_empty_go() -> None:
    value: Json = {"a": {"b": ["us"], "c": 1}}
    operation = Operation(("a", "b"), "us")
    paths: list[tuple[str | int, ...]] = [("a", "b", 0)]
    assert pruned(value, paths, operation, [("a",), ("a", "b")]) == [("a", "b")]
    assert pruned({"a": {"b": ["us"]}}, paths, operation, [("a",), ("a", "b")]) == [("a",)]
    assert pruned({"a": {"b": ["us"]}}, paths, operation, [("a", "b")]) == [("a", "b")]
    assert pruned({"a": {"b": ["us"]}}, paths, operation, []) == paths
    assert pruned({"a": {"b": ["us", 1]}}, paths, operation, [("a",), ("a", "b")]) == paths


def test_copies_leave_the_original() -> None:
    value: Json = {"a": [{"b": 1}, 2]}
    assert without(value, ("a", 0, "b")) == {"a": [{}, 2]}
    assert without(value, ("a", 1)) == {"a": [{"b": 1}]}
    assert with_value(value, ("c", "d"), 3) == {"a": [{"b": 1}, 2], "c": {"d": 3}}
    assert with_value(None, (), 3) == 3
    assert value == {"a": [{"b": 1}, 2]}


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (1, 1, True),
        (1, True, False),
        (1, 1.0, False),
        (float("nan"), float("nan"), True),
        (None, {}, True),
        (None, [], True),
        ({}, [], False),
        (None, 0, False),
        ({"a": [None]}, {"a": [{}]}, True),
        ({"a": 1}, {"a": 1, "b": None}, False),
        ([1, 2], [2, 1], False),
        ("[]", [], False),
    ],
)
def test_equality_knows_types_and_nothing(one: Json, other: Json, expected: bool) -> None:
    assert equal(one, other) is expected
    assert equal(other, one) is expected


def test_texts_are_no_lists() -> None:
    assert is_list([]) is True
    assert is_list(()) is True
    assert is_list("ab") is False
    assert is_list({"a": 1}) is False

"""jq's operators on values."""

from collections.abc import Callable
from typing import Any

import pytest

from spawngate.configuration.jq_values import NotUnderstood, Step, add, delete, get, merge, put, subtract


@pytest.mark.parametrize(
    ("value", "step", "expected"),
    [({"a": 1}, "a", 1), ({"a": 1}, "b", None), (None, "a", None), ([1, 2], -1, 2), ([1], 5, None)],
)
def test_get(value: Any, step: Step, expected: Any) -> None:
    assert get(value, step) == expected


@pytest.mark.parametrize(
    ("value", "steps", "expected"),
    [
        (None, ("a", "b"), {"a": {"b": 9}}),
        ({"a": 1}, ("b",), {"a": 1, "b": 9}),
        ([1, 2], (0,), [9, 2]),
        ([1, 2], (-1,), [1, 9]),
        (None, (2,), [None, None, 9]),
        ({"a": 1}, (), 9),
    ],
)
def test_put(value: Any, steps: tuple[Step, ...], expected: Any) -> None:
    assert put(value, steps, 9) == expected


@pytest.mark.parametrize(
    ("value", "steps", "expected"),
    [
        ({"a": {"b": 1, "c": 2}}, ("a", "b"), {"a": {"c": 2}}),
        ({"a": 1}, ("b", "c"), {"a": 1}),
        ([1, 2, 3], (1,), [1, 3]),
        ([[1, 2]], (0, 0), [[2]]),
        ([1], (5,), [1]),
        (None, ("a",), None),
        ({"a": 1}, (), None),
    ],
)
def test_delete(value: Any, steps: tuple[Step, ...], expected: Any) -> None:
    assert delete(value, steps) == expected


def test_operators() -> None:
    assert merge({"a": {"b": 1}, "c": 1}, {"a": {"d": 2}, "c": [2]}) == {"a": {"b": 1, "d": 2}, "c": [2]}
    assert [add(None, 1), add(1, None), add({"a": 1}, {"b": 2}), add([1], [2]), add("a", "b"), add(1, 2.5)] == [
        1,
        1,
        {"a": 1, "b": 2},
        [1, 2],
        "ab",
        3.5,
    ]
    assert subtract([1, 2, 1], [1]) == [2]


def test_refused() -> None:
    calls: tuple[Callable[[], Any], ...] = (
        lambda: get("a", "b"),
        lambda: get({}, 0),
        lambda: put("a", ("b",), 1),
        lambda: put([1], (-5,), 1),
        lambda: put([1], (5_000,), 1),
        lambda: delete("a", ("b",)),
        lambda: merge([1], {}),
        lambda: add(True, 1),
        lambda: add({}, []),
        lambda: subtract(1, 2),
    )
    for call in calls:
        with pytest.raises(NotUnderstood):
            call()

"""Places that a model writes, against parts that are asked for."""

import pytest

from spawngate.codescan.models.model import Rest
from spawngate.codescan.places import plain, remaining


@pytest.mark.parametrize(
    ("asked", "written", "rest"),
    [
        (("a", "b"), ("a",), ("b",)),
        (("a",), ("b",), None),
        (("a",), ("*", "c"), ()),
        (("*", "b"), ("a",), ("b",)),
        ((2,), (Rest(1),), ()),
        ((0,), (Rest(1),), None),
        ((), ("a",), ()),
    ],
)
def test_what_is_left_of_a_path(
    asked: tuple[str | int, ...], written: tuple[str | int | Rest, ...], rest: tuple[str | int, ...] | None
) -> None:
    assert remaining(asked, written) == rest


def test_the_rest_of_a_list_is_any_of_it() -> None:
    assert plain(("a", Rest(1), 2)) == ("a", "*", 2)

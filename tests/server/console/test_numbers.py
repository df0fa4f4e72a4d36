"""Numbers as addresses and forms give them."""

import pytest
from starlette.exceptions import HTTPException
from starlette.requests import Request

from spawngate.model.errors import UsageError
from spawngate.server.console.numbers import number, number_in, number_of

NONE = ("", "-1", "+1", "1.0", " 1", "1 ", "٣", "²", "1_0", "0x1", "1234567890", "\0", "one")


def in_path(given: str) -> int:
    return number_of(Request({"type": "http", "path_params": {"number": given}}))


def test_digits_are_a_number() -> None:
    assert [number(each) for each in ("0", "007", "999999999")] == [0, 7, 999_999_999]
    assert number("1234567890", 16) == 1_234_567_890
    assert number("1" * 17, 16) is None
    assert in_path("12") == 12
    assert number_in({"team": "3"}, "team") == 3


@pytest.mark.parametrize("given", NONE)
def test_nothing_else_is(given: str) -> None:
    assert number(given) is None
    with pytest.raises(HTTPException) as refused:
        in_path(given)
    assert refused.value.status_code == 404
    with pytest.raises(UsageError, match=r"^`team` is a number$"):
        number_in({"team": given}, "team")


def test_an_empty_field_means_what_is_usual() -> None:
    assert number_in({"days": ""}, "days", usual=0) == 0
    assert number_in({}, "days", usual=30) == 30
    with pytest.raises(UsageError, match=r"^say how long$"):
        number_in({"days": "x"}, "days", "say how long", usual=30)

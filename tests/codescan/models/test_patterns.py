"""Patterns: what is taken, and that what is taken ends."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.codescan.models.load import shipped
from spawngate.codescan.models.patterns import MAX_TEXT, check_pattern, found


@pytest.mark.parametrize(
    "text", [r"^/", r"(validate|check)_?\w*(command|args?)\w*", r"a{2,5}(b)?", r"[)*+]+", r"\)+x", ""]
)
def test_taken(text: str) -> None:
    check_pattern(text)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("(", "no regular expression"),
        ("(a+)+$", "repeats a group"),
        ("(a|a)*b", "repeats a group"),
        ("(a){2,}", "repeats a group"),
        (r"(a)\1", "refers back"),
        (r"(?P<x>a)(?P=x)", "refers back"),
        (".*.*.*.*.*x", "more than 4 unbounded"),
        ("a" * 500, "more than 400 characters"),
    ],
)
def test_refused(text: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        check_pattern(text)


def test_only_the_beginning_is_searched() -> None:
    assert found("x", "x" + "a" * 1000)
    assert not found("x", "a" * MAX_TEXT + "x")


@given(st.text(alphabet="ab()|*+?{},[]\\.^$1w", max_size=24))
def test_what_is_taken_ends(text: str) -> None:
    try:
        check_pattern(text)
    except ValueError:
        return
    start = time.perf_counter()
    found(text, "ab" * 100)
    assert time.perf_counter() - start < 2


def test_ours_are_taken() -> None:
    for library in shipped().libraries:
        for guard in library.guards:
            for name in guard.names:
                check_pattern(name)
                assert re.fullmatch(name, "a" * MAX_TEXT) is None

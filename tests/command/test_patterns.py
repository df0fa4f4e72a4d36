"""Patterns against texts, compared with `fnmatch` where both know the form."""

import fnmatch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.command.patterns import MAX_WORK, Pattern, Unknown


@pytest.mark.parametrize(
    ("pattern", "text", "ends", "starts"),
    [
        ("a*", "abc", [1, 2, 3], [3]),
        ("*", "ab", [0, 1, 2], [0, 1, 2]),
        ("?", "ab", [1], [1]),
        ("[a-c]", "bz", [1], []),
        ("[!a]", "ab", [], [1]),
        ("[[:digit:]]*", "1a", [1, 2], [2]),
        ("*.c", "x.c", [3], [2, 3]),
        (r"\*", "*", [1], [1]),
        ("[a", "[a", [2], [2]),
        ("", "a", [0], [0]),
    ],
)
def test_lengths(pattern: str, text: str, ends: list[int], starts: list[int]) -> None:
    assert (Pattern(pattern).ends(text), Pattern(pattern).starts(text)) == (ends, starts)


def test_extended_patterns_are_refused() -> None:
    with pytest.raises(Unknown):
        Pattern("@(a|b)")


def test_work_is_bounded() -> None:
    with pytest.raises(Unknown):
        Pattern("*a" * 500).ends("a" * (MAX_WORK // 500))


@given(st.text(alphabet="ab*?", max_size=8), st.text(alphabet="ab", max_size=8))
def test_like_fnmatch(pattern: str, text: str) -> None:
    assert Pattern(pattern).matches(text) is fnmatch.fnmatchcase(text, pattern)

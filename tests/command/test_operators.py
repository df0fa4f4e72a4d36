"""Operators of `${name...}` on known texts, as Bash gives them."""

import pytest

from spawngate.command.operators import substring, transform
from spawngate.command.patterns import Unknown


@pytest.mark.parametrize(
    ("operator", "text", "argument", "second", "value"),
    [
        ("#", "a.b.c", "*.", None, "b.c"),
        ("##", "a.b.c", "*.", None, "c"),
        ("%", "a.b.c", ".*", None, "a.b"),
        ("%%", "a.b.c", ".*", None, "a"),
        ("#", "abc", "x", None, "abc"),
        ("%", "abc", "c", None, "ab"),
        ("/", "abab", "a", "x", "xbab"),
        ("//", "abab", "a", "x", "xbxb"),
        ("//", "r-x-m", "-?-", None, "rm"),
        ("/#", "abab", "a", "x", "xbab"),
        ("/%", "abab", "b", "x", "abax"),
        ("/", "abc", "", "x", "abc"),
        ("^", "rm", "", None, "Rm"),
        ("^^", "rm", "", None, "RM"),
        (",,", "RM", "", None, "rm"),
        ("^^", "rm", "m", None, "rM"),
        ("@", "rm", "U", None, "RM"),
        ("@", "\\x72m", "E", None, "rm"),
        (":", "xrm", "1", None, "rm"),
        (":", "xrmx", "1", "2", "rm"),
        (":", "xrm", " -2", None, "rm"),
        (":", "xrmx", "1", "-1", "rm"),
        (":", "rm", "-5", None, ""),
    ],
)
def test_transformed(operator: str, text: str, argument: str, second: str | None, value: str) -> None:
    assert transform(operator, text, argument, second) == value


@pytest.mark.parametrize(("operator", "argument"), [("@", "A"), (":", "x"), ("?", "a"), ("#", "@(a)")])
def test_unknown(operator: str, argument: str) -> None:
    with pytest.raises(Unknown):
        transform(operator, "text", argument, None)


def test_substring_with_unknown_length() -> None:
    with pytest.raises(Unknown):
        substring("text", "0", "n")


def test_patterns_everywhere_are_bounded() -> None:
    with pytest.raises(Unknown):
        transform("//", "a" * 5000, "a?", "")

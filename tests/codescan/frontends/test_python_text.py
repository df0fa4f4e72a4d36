"""Values of Python's literals."""

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.codescan.frontends.python_text import number_value, string_value


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("'a'", "a"),
        ('"""a\r\nb"""', "a\nb"),
        ("r'\\d'", "\\d"),
        ("'\\x41\\n'", "A\n"),
        ("b'\\xff'", "\xff"),
        ("u'a'", "a"),
        ("'\\N{no such}'", "\\N{no such}"),
    ],
)
def test_texts(written: str, value: str) -> None:
    assert string_value(written) == value


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("0", 0),
        ("017", "017"),
        ("1_000", 1000),
        ("0x10", 16),
        ("1e3", 1000.0),
        ("2j", "2j"),
        ("9223372036854775807", 9223372036854775807),
        ("9223372036854775808", "9223372036854775808"),
        ("1" * 5000, "1" * 100),
    ],
)
def test_numbers(written: str, value: int | float | str) -> None:
    assert number_value(written) == value


@given(st.text())
def test_a_text_is_what_python_reads(text: str) -> None:
    assert string_value(repr(text)) == ast.literal_eval(repr(text))


@given(st.text())
def test_any_text_has_a_value(text: str) -> None:
    assert isinstance(string_value(text), str)
    assert isinstance(number_value(text), int | float | str)

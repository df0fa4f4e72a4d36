"""Values of JavaScript's literals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.codescan.frontends.javascript_text import number_value, string_value, unescape


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ('"a"', "a"),
        ("''", ""),
        ("'", ""),
        (r'"\n\t\0\'\\\q"', "\n\t\0'\\q"),
        (r'"\x41\u0042\u{1f600}"', "AB\U0001f600"),
        (r'"\ud83d\ude00"', "\U0001f600"),
        (r'"\ud83d"', "\ufffd"),
        (r'"\u{110000}"', "\ufffd"),
        (r'"\u12"', "u12"),
        ('"a\\\nb\\\r\nc"', "abc"),
    ],
)
def test_strings(written: str, value: str) -> None:
    assert string_value(written) == value


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("0", 0),
        ("1_000", 1000),
        ("0xFf", 255),
        ("0b11", 3),
        ("0o17", 15),
        ("017", 17.0),
        ("10n", 10),
        ("1.5e3", 1500.0),
        (".5", 0.5),
        ("99999999999999999999", "99999999999999999999"),
        ("9" * 5000, "9" * 100),
        ("9" * 5000 + "n", "9" * 100),
        ("0x" + "f" * 5000, "0x" + "f" * 98),
        ("1x", "1x"),
    ],
)
def test_numbers(written: str, value: int | float | str) -> None:
    assert (number_value(written), type(number_value(written))) == (value, type(value))


@given(st.text(st.characters(codec=None) | st.sampled_from("\\ux{}0dD8")))
def test_any_text_has_a_value_that_can_be_encoded(text: str) -> None:
    value = unescape("\\n" + text)
    assert value.encode("utf-8", "strict").decode() == value

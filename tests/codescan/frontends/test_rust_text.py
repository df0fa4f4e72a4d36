"""Values of Rust's literals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.codescan.frontends.rust_text import holes, number_value, string_value, unescape


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ('"a"', "a"),
        ('"', ""),
        (r'"\n\t\0\\\"\q"', '\n\t\0\\"q'),
        (r'"\x41\u{1F60_0}"', "A\U0001f600"),
        (r'"\u{110000}\u{d800}"', "\ufffd\ufffd"),
        ('"a\\\n    b"', "ab"),
        ('r"\\n"', "\\n"),
        ('r##"a"#b"##', 'a"#b'),
        ('b"a"', "a"),
        ('br#"a"#', "a"),
        ('c"a"', "a"),
    ],
)
def test_strings(written: str, value: str) -> None:
    assert string_value(written) == value


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1_000u64", 1000),
        ("0xffu8", 255),
        ("0xff_f32", 0xFFF32),
        ("0b11", 3),
        ("0o17i128", 15),
        ("1.5f32", 1.5),
        ("1f64", 1),
        ("1e999", "1e999"),
        ("99999999999999999999", "99999999999999999999"),
        ("9" * 5000, "9" * 100),
        ("1x", "1x"),
    ],
)
def test_numbers(written: str, value: int | float | str) -> None:
    assert (number_value(written), type(number_value(written))) == (value, type(value))


def test_holes_of_a_format() -> None:
    assert holes("a {} {{b}} {c:>4}{0:?} }{") == [
        ("a ", None),
        ("", ""),
        (" ", None),
        ("{", None),
        ("b", None),
        ("}", None),
        (" ", None),
        ("", "c"),
        ("", "0"),
        (" }{", None),
    ]


@given(st.text(st.characters(codec=None) | st.sampled_from("\\ux{}0dD8_")))
def test_any_text_has_a_value_that_can_be_encoded(text: str) -> None:
    value = unescape("\\n" + text)
    assert value.encode("utf-8", "strict").decode() == value


@given(st.text("{}:a0"))
def test_holes_lose_no_text(text: str) -> None:
    parts = holes(text)
    assert sum(1 for _, name in parts if name is not None) <= text.count("}")
    assert all(part != "" for part, name in parts if name is None)

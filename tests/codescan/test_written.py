"""Which sources people write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.codescan.written import is_minified, with_line_feeds

LONG = b"x" * 40_000 + b"\n"
CODE = b"x = 1\n"
BUNDLE = b"var a=1;function f(b){return b.map(c=>c+a)};f([1]);" * 800 + b"\n"


@pytest.mark.parametrize(
    ("source", "minified"),
    [
        (b"", False),
        (CODE * 10, False),
        (b"x" * 1900, False),
        (LONG, True),
        (LONG * 20, True),
        (CODE * 12 + LONG, False),
        (CODE * 5 + LONG, True),
        (b"// (c) somebody\n" * 30 + LONG, True),
        (b"/*\n" + b" * (c)\n" * 30 + b" */\n" + LONG, True),
        (b"\n" * 40 + LONG, True),
        (BUNDLE, True),
        (CODE * 80 + BUNDLE, True),
        (CODE * 80 + BUNDLE[:4_000] + b"{'a':[1,2,3]}," * 20_000, False),
    ],
)
def test_long_lines_make_a_bundle_and_one_among_many_is_data(source: bytes, minified: bool) -> None:
    assert is_minified(source) is minified


def test_line_ends_of_old() -> None:
    assert with_line_feeds(b"a\rb\r") == b"a\nb\n"
    assert [with_line_feeds(each) for each in (b"a\r\nb", b"a\rb\n", b"a\n", b"")] == [
        b"a\r\nb",
        b"a\rb\n",
        b"a\n",
        b"",
    ]


@given(st.binary(max_size=3000))
def test_places_stay_where_they_are(source: bytes) -> None:
    assert len(with_line_feeds(source)) == len(source)
    assert isinstance(is_minified(source), bool)

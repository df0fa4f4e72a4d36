"""Bytes to text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.agents.formats import Problem
from spawngate.agents.formats.text import decode, position

WIDE = "; most agents read only UTF-8, save it as UTF-8"


@pytest.mark.parametrize(
    ("data", "text", "problems"),
    [
        (b"{}", "{}", ()),
        (b"\xef\xbb\xbf{}", "{}", ()),
        ("{}".encode("utf-16"), "{}", (Problem("encoding", "the file is UTF-16" + WIDE),)),
        (b"\xfe\xff\0{\0}", "{}", (Problem("encoding", "the file is UTF-16" + WIDE),)),
        ("{}".encode("utf-32"), "{}", (Problem("encoding", "the file is UTF-32" + WIDE),)),
        ("{}".encode("utf-16-le"), "{}", (Problem("encoding", "the file is UTF-16 without a mark" + WIDE),)),
        ("{}".encode("utf-16-be"), "{}", (Problem("encoding", "the file is UTF-16 without a mark" + WIDE),)),
        (b"a\xffb", "a\ufffdb", (Problem("encoding", "invalid utf-8 at byte 1; the bytes were replaced"),)),
        (b"", "", ()),
    ],
)
def test_decode(data: bytes, text: str, problems: tuple[Problem, ...]) -> None:
    assert decode(data) == (text, problems)


@given(st.binary(max_size=200))
def test_decode_never_raises(data: bytes) -> None:
    text, _ = decode(data)
    text.encode("utf-8")


@pytest.mark.parametrize(
    ("offset", "expected"),
    [(0, "line 1, column 1"), (2, "line 1, column 3"), (3, "line 2, column 1"), (5, "line 2, column 3")],
)
def test_position(offset: int, expected: str) -> None:
    assert position("ab\ncd\n", offset) == expected

"""Constant arithmetic."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.command.arithmetic import evaluate


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1+2*3", 7),
        (" ( 1 + 2 ) * 3 ", 9),
        ("0x10", 16),
        ("010", 8),
        ("16#ff", 255),
        ("-7/2", -3),
        ("-7%3", -1),
        ("1<<4|1", 17),
        ("~0", -1),
        ("9223372036854775807+1", -(2**63)),
        ("1<<64", 1),
        ("", None),
        ("x", None),
        ("2**9", None),
        ("7//2", None),
        ("1/0", None),
        ("(", None),
        ("1" * 97, None),
        ("99#1", None),
        ("__import__", None),
    ],
)
def test_value(text: str, value: int | None) -> None:
    assert evaluate(text) == value


@given(st.text(alphabet="0123456789x+-*/%()<>&|^~# ", max_size=60))
def test_any_text_ends(text: str) -> None:
    value = evaluate(text)
    assert value is None or -(2**64) <= value <= 2**64

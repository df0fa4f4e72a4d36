"""Ends of quotations and brackets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.command.scan import apart, closing, unfolded


@given(st.text(alphabet="ab $(){}[]'\"`\\<>#!:/-\n", max_size=60))
def test_any_text_has_an_end(text: str) -> None:
    assert 0 <= closing(text, 0) <= len(text)
    assert len(unfolded(text)) <= len(text) <= len(apart(text))


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("r\\\nm x", "rm x"),
        ("a \\\n b", "a \\\n b"),
        ("a 'b\\\nc' d\\\ne", "a 'b\\\nc' de"),
        ('"a\'\\\nb"', '"a\'b"'),
        ("$x\\\ny", "$xy"),
        ("a\\\\\nb", "a\\\\\nb"),
        ("cat <<'E'\na\\\nb\nE", "cat <<'E'\na\\\nb\nE"),
    ],
)
def test_unfolded(text: str, plain: str) -> None:
    assert unfolded(text) == plain


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("$((1+2))", "$((1+2))"),
        ("$((a; b) | c)", "$( (a; b) | c)"),
        ('"$((a) | b) $((1))"', '"$( (a) | b) $((1))"'),
    ],
)
def test_subshell_in_a_substitution_is_told_from_arithmetic(text: str, plain: str) -> None:
    assert apart(text) == plain


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("a)b", 1),
        ("cat <<'E'\nit's )\nE\n)x", 19),
        ("cat <<-E\n\t)\n\tE\n)", 15),
        ("a <<< b)", 7),
        ("a", 1),
    ],
)
def test_closing(text: str, end: int) -> None:
    assert closing(text, 0) == end

"""Brace expansion, compared with what Bash prints."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.command.braces import MAX_RESULTS, Unbounded, expand


@pytest.mark.parametrize(
    ("text", "results"),
    [
        ("ab", ["ab"]),
        ("{a,b}", ["a", "b"]),
        ("x{a,b}y", ["xay", "xby"]),
        ("{a,b}{1,2}", ["a1", "a2", "b1", "b2"]),
        ("{a,{b,c}}", ["a", "b", "c"]),
        ("{a}", ["{a}"]),
        ("{}", ["{}"]),
        ("{,a}", ["", "a"]),
        ("{1..3}", ["1", "2", "3"]),
        ("{3..1}", ["3", "2", "1"]),
        ("{01..03}", ["01", "02", "03"]),
        ("{1..9..4}", ["1", "5", "9"]),
        ("{a..c}", ["a", "b", "c"]),
        ("{a,b", ["{a,b"]),
        ("{x{a,b}", ["{xa", "{xb"]),
        ("{1..x}", ["{1..x}"]),
    ],
)
def test_results(text: str, results: list[str]) -> None:
    assert expand(text) == results


@pytest.mark.parametrize("text", ["{1..999999999}", "{a,b}" * 9, "{a," * 40 + "b" + "}" * 40])
def test_too_many(text: str) -> None:
    with pytest.raises(Unbounded):
        expand(text)


@given(st.text(alphabet="{},.a1", max_size=40))
def test_any_text(text: str) -> None:
    try:
        results = expand(text)
    except Unbounded:
        return
    assert 1 <= len(results) <= MAX_RESULTS

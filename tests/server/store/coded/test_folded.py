"""Words in memory, within bounds."""

from hypothesis import given
from hypothesis import strategies as st

from spawngate.server.store.coded.folded import Folded, places


def test_the_longest_unused_make_room() -> None:
    folded = Folded(10)
    folded.put("a", "x", "12345")
    folded.put("b", "x", "1234")
    assert folded.get("a", "x") == "12345"
    folded.put("c", "x", "123")
    assert [folded.get(day, "x") for day in "abc"] == ["12345", None, "123"]
    folded.put("a", "x", "1")
    folded.put("b", "x", "123456")
    assert [folded.get(day, "x") for day in "abc"] == ["1", "123456", "123"]
    folded.put("d", "x", "12345678901")
    assert folded.get("d", "x") is None
    folded.forget("b")
    assert folded.get("b", "x") is None
    folded.put("d", "x", "123456")
    assert [folded.get(day, "x") for day in "acd"] == ["1", "123", "123456"]


@given(st.lists(st.text(alphabet="ab", max_size=4), min_size=1), st.text(alphabet="ab", min_size=1, max_size=3))
def test_lines_that_hold_a_text(lines: list[str], needle: str) -> None:
    assert places("\n".join(lines), needle) == [place for place, line in enumerate(lines, 1) if needle in line]

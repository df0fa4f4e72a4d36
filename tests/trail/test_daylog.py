"""The log of days."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.trail import daylog, tree
from spawngate.trail.daylog import Line

ROOT = bytes(range(32))
LINES = [
    Line("day", "2026-11-21", 7, ROOT),
    Line("lost", "2026-11-22", 9, ROOT, 4),
    Line("damaged", "2026-11-22"),
    Line("day", "2026-11-22.01", 0, ROOT),
    Line("expired", "2026-11-21", 7, ROOT),
    Line("begun", "2026-11-22"),
]


@pytest.mark.parametrize("line", LINES)
def test_there_and_back(line: Line) -> None:
    assert daylog.read(str(line)) == line


def test_as_they_are_written() -> None:
    assert [str(line) for line in LINES[:3]] == [
        f"day 2026-11-21 7 {ROOT.hex()}",
        f"lost 2026-11-22 9 {ROOT.hex()} 4",
        "damaged 2026-11-22",
    ]


def test_what_the_log_says() -> None:
    texts = [*map(str, LINES), "rubbish"]
    found = daylog.days(texts)
    assert found.closed == {"2026-11-21": LINES[0], "2026-11-22.01": LINES[3]}
    assert found.expired == {"2026-11-21": LINES[4]}
    assert (found.lost, found.damaged, found.unreadable) == ((LINES[1],), frozenset({"2026-11-22"}), (6,))
    assert found.begun == frozenset({"2026-11-22"})
    assert daylog.root_of(texts) == tree.root_of([tree.leaf(text.encode()) for text in texts])
    assert daylog.root_of([]) == tree.EMPTY


@pytest.mark.parametrize(
    "text",
    ["", "day 2026-11-21", f"day 2026-11-21 7 {'0' * 64} 3", f"lost 2026-11-21 7 {'0' * 64}",
     f"day 2026-11-21 07 {'0' * 64}", f"damaged 2026-11-21 1 {'0' * 64}", f"day 2026-11-21 1 {'A' * 64}",
     f"day 2026-11-21 1 {'0' * 64}\n", f"begun 2026-11-21 1 {'0' * 64}"],
)  # fmt: skip
def test_no_lines(text: str) -> None:
    assert daylog.read(text) is None


@given(st.text(max_size=120))
def test_any_text(text: str) -> None:
    line = daylog.read(text)
    assert line is None or str(line) == text

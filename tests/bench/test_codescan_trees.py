"""The trees of the code scan's benchmark: their size and their truth."""

import ast
from pathlib import Path

import pytest
from bench.codescan_trees import GROWN_SINK, growing, twins

from spawngate.codescan.evidence import mentions


def test_a_grown_project_has_its_size_and_its_path(tmp_path: Path) -> None:
    tree = growing(tmp_path / "a", 10_000, mcp=True)
    texts = {path: path.read_text() for path in tree.rglob("*.py")}
    assert 9_500 < sum(text.count("\n") for text in texts.values()) < 11_000
    for text in texts.values():
        ast.parse(text)
    path, line = GROWN_SINK
    assert "StdioServerParameters(" in texts[tree / path].splitlines()[line - 1]


def test_a_grown_project_without_mcp_does_not_say_it(tmp_path: Path) -> None:
    tree = growing(tmp_path / "a", 1_000, mcp=False)
    assert [path for path in tree.rglob("*") if path.is_file() and mentions(path.read_bytes())] == []


@pytest.mark.parametrize("vulnerable", [True, False])
def test_twins_lie_where_their_truth_says(tmp_path: Path, vulnerable: bool) -> None:
    chosen = [twin for twin in twins(tmp_path) if twin.vulnerable is vulnerable]
    assert len(chosen) >= 160
    missing = [
        (twin.construct, path, line)
        for twin in chosen
        for path, line in twin.sinks
        if line > len((twin.folder / path).read_text().splitlines())
    ]
    assert missing == []

"""The code scan's text: the whole of it once, and that no source line acts on a terminal."""

from dataclasses import replace
from pathlib import Path

import pytest

from spawngate.codescan.finding import Grade, ProjectResult
from spawngate.codescan.outcome import Outcome, against
from spawngate.report.code_text import render_table, render_text
from spawngate.report.terminal import is_hidden
from tests.codescan.findings import OUTCOME, RESULT, finding
from tests.report.code_hostile import hostile

WHOLE = Path(__file__).parent / "code_text_110.txt"
NO_MCP = Outcome("/srv/none", "none", "2026-11-22T00:00:00Z", ProjectResult(mcp=False))


def test_the_whole_text() -> None:
    assert render_text([OUTCOME], 110) == WHOLE.read_text("utf-8")


def test_the_whole_table() -> None:
    assert render_table(
        [replace(OUTCOME, result=replace(RESULT, findings=(finding(), finding(suppressed="known"))))]
    ) == (
        "/srv/shop  1 finding: 1 high, 1 suppressed. Not everything was looked at.\n"
        "HIGH    src/tools.py:12  command, args  mcp-launch-http  from src/api.py:30\n"
        "HIGH    src/tools.py:12  command, args  mcp-launch-http  from src/api.py:30  [suppressed: known]\n"
        "  src/own.py: line 2: covers no finding\n"
    )


def test_a_tree_without_mcp() -> None:
    assert render_text([NO_MCP]) == (
        "/srv/none\nNo source file was found here.\n\n0 files, 0 lines; 0 files parsed, 0 steps followed\n"
    )


def test_findings_for_information_take_one_line() -> None:
    noted = finding(grade=Grade.INFO, title="")
    text = render_text([replace(OUTCOME, result=replace(RESULT, findings=(noted,)))])
    assert (
        "For information\n    src/tools.py:12  Data from an HTTP request reaches command, args of an MCP launch\n"
        in text
    )
    assert "1  src/api.py:30" not in text


def test_what_a_revision_left_out_is_counted() -> None:
    text = render_text([against(OUTCOME, "main", "00ff", frozenset())])
    assert text.splitlines()[1] == (
        "No path from outside to a launch was found, 2 on paths that did not change since main."
        " Not everything was looked at."
    )


def test_colour_is_only_colour() -> None:
    painted = render_text([OUTCOME], 110, color=True)
    plain = painted
    for code in ("1;31", "33", "36", "2", "1", "0"):
        plain = plain.replace(f"\x1b[{code}m", "")
    assert painted != plain
    assert plain == render_text([OUTCOME], 110)


@pytest.mark.parametrize("width", [20, 60, 110, 400])
def test_hostile_text_does_not_act(width: int) -> None:
    for text in (render_text([hostile()], width), render_table([hostile()], width)):
        assert [character for character in text.replace("\n", "") if is_hidden(character)] == []
        assert "\n line" not in text


def test_long_source_lines_are_cut_in_their_middle() -> None:
    long = replace(finding(), trace=(replace(finding().trace[0], text="x" * 150 + "END"),))
    text = render_text([replace(OUTCOME, result=replace(RESULT, findings=(long,)))], 80)
    line = next(line for line in text.splitlines() if "xxx" in line)
    assert len(line) <= 80
    assert line.endswith("END")
    assert "…" in line


def test_what_two_paths_share_up_to_their_ends_is_told_once() -> None:
    other = finding(fingerprint="other", trace=(replace(finding().trace[0], line=99), *finding().trace[1:]))
    text = render_text([replace(OUTCOME, result=replace(RESULT, findings=(finding(), other)))], 110)
    assert text.count("argument `config` of Tools.connect()") == 1
    assert "    1  src/api.py:99  test()  request body of POST /mcp/test\n" in text
    assert "       and on as path 1 from its step 2\n" in text
    assert text.count(finding().why) == 1


def test_several_trees_stand_one_after_the_other() -> None:
    assert render_text([OUTCOME, NO_MCP], 110) == render_text([OUTCOME], 110) + "\n" + render_text([NO_MCP])


def test_many_troubles_and_sites_are_counted() -> None:
    many = replace(RESULT, sites=RESULT.sites * 20, troubles=RESULT.troubles * 1)
    text = render_text([replace(OUTCOME, result=many, diagnostics=tuple(
        replace(OUTCOME.diagnostics[0], path=f"{number}.py") for number in range(30)))])  # fmt: skip
    assert "and 40 more (--format json has all)" in text
    assert "and 19 more (--format json has all)" in text

"""Words of the code scan's reports."""

from dataclasses import replace
from pathlib import Path

import pytest

from spawngate.cli.code import command
from spawngate.codescan.finding import (
    Grade,
    GuardStrength,
    GuardUse,
    ProjectResult,
    SlotVerdict,
    SourceKind,
    Statistics,
)
from spawngate.codescan.outcome import Made, Outcome, answers
from spawngate.report import code_view as view
from tests.codescan.findings import CONSTANT, GUARDED, OUTCOME, RESULT, finding


def test_every_word_of_the_engine_has_words_for_people() -> None:
    assert set(view.SOURCES) == set(SourceKind)
    assert set(view.GUARDS) == set(GuardStrength)
    assert set(view.MADE) == set(Made)
    assert set(view.LEVELS) == set(Grade) - {Grade.NONE}


def test_slots_stand_as_a_launch_is_written() -> None:
    assert view.slots(finding(slots=("args[0]", "command", "cwd", "definition", "env", "x"))) == (
        "definition, command, args[0], env, cwd, x"
    )


@pytest.mark.parametrize(
    ("strength", "default", "said"),
    [
        (GuardStrength.STRONG, "", "g: stops it"),
        (GuardStrength.WEAK, "", "g: does not stop it"),
        (GuardStrength.AUTH, "", "g: who may"),
        (GuardStrength.CONFIG, "on", "g: a switch that is on by default"),
        (GuardStrength.CONFIG, "off", "g: a switch that is off by default"),
        (GuardStrength.CONFIG, "", "g: a switch whose default was not found"),
    ],
)
def test_guards(strength: GuardStrength, default: str, said: str) -> None:
    assert view.guard_words(GuardUse(strength, "g", "a.py", 1, "", default)) == said


def test_headlines() -> None:
    assert view.headline(finding()) == "A request chooses the program of an MCP server"
    assert view.headline(finding(title="")) == "Data from an HTTP request reaches command, args of an MCP launch"
    written = finding(title="", site=replace(finding().site, kind="registration"))
    assert view.headline(written) == "Data from an HTTP request is written into command, args of an MCP launch"


def test_what_a_launch_is_made_of() -> None:
    tainted = SlotVerdict("args", "tainted", (SourceKind.HTTP, SourceKind.UNRESOLVED))
    report = replace(CONSTANT, slots=(SlotVerdict("command", "constant"), tainted, SlotVerdict("env", "absent")))
    assert view.made_words(report) == "command constant, args from an HTTP request"
    assert view.made_words(replace(CONSTANT, slots=())) == "nothing that is known"
    assert view.made_words(replace(CONSTANT, slots=(SlotVerdict("env", "tainted"),))) == (
        "env from something that was not resolved"
    )


def test_projects() -> None:
    shop, ui = answers(OUTCOME)
    assert view.project_words(shop) == (
        "accepts external input: 4 launch sites (2 data from outside, 1 unresolved, 1 constant); "
        "the nearest input is 2 steps away"
    )
    assert view.project_words(ui) == "no launch of an MCP server was found"
    assert [view.sdk_words(use) for use in (*shop.project.uses, *ui.project.uses)] == [
        "mcp 1.9.4 (asks for >=1.2)", "fastmcp (any version)", "@modelcontextprotocol/sdk (asks for ^1.2.0)",
    ]  # fmt: skip
    assert (
        view.sdk_words(replace(shop.project.uses[0], direct=False, asked="")) == "mcp 1.9.4 (by way of another package)"
    )


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        (OUTCOME, "2 findings: 1 high, 1 medium. Not everything was looked at."),
        (
            replace(OUTCOME, result=replace(RESULT, findings=(replace(GUARDED, suppressed="x"),), incomplete=False)),
            "No path from outside to a launch was found, 1 suppressed.",
        ),
        (
            Outcome("/", "", "", ProjectResult(mcp=False, statistics=Statistics(files=1), incomplete=True)),
            "No MCP here: none of 1 file names an SDK or a class of its kind. Not everything was read.",
        ),
    ],
)
def test_verdicts(outcome: Outcome, said: str) -> None:
    assert view.verdict(outcome) == said


def test_findings_stand_by_their_launch() -> None:
    one, two, three = finding(), finding(line=40), finding(fingerprint="x")
    assert view.by_launch([one, two, three]) == [[one, three], [two]]


def test_what_paths_share() -> None:
    steps = view.steps(finding())
    assert view.shared_end(steps, [(7, steps[1:])]) == (2, 7, 1)
    assert view.shared_end(steps[:1], [(7, steps)]) == (0, 0, 0)
    assert view.shared_end(steps, [(1, steps[2:]), (2, steps), (3, steps)]) == (3, 2, 1)
    assert view.shared_end(steps, []) == (0, 0, 0)


def test_each_sentence_stands_once() -> None:
    assert view.merged(["One thing. Another!", "One thing. A third?  ", "", "v1.2 is one."]) == (
        "One thing. Another! A third? v1.2 is one."
    )


def test_numbers() -> None:
    assert [view.plural(number, noun) for number, noun in ((0, "step"), (1, "step"), (2, "entry"), (3, "launch"))] == [
        "0 steps", "1 step", "2 entries", "3 launches",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "longest", "shown"), [("a\tb", 0, "a\\tb"), ("abcdefghij", 5, "ab…ij"), ("  x ", 9, "x")]
)
def test_safe(text: str, longest: int, shown: str) -> None:
    assert view.safe(text, longest) == shown


def test_every_kind_of_source_has_a_usual_grade() -> None:
    assert set(view.NATURAL) == set(SourceKind)
    written = finding(site=replace(finding().site, kind="registration"))
    assert view.rule_title(finding()) == "Data from an HTTP request reaches the launch of an MCP server"
    assert view.rule_title(written) == "Data from an HTTP request is written into the definition of an MCP server"
    assert view.rule_text(finding()) != view.rule_text(written)


def test_the_manual_names_every_word() -> None:
    page = (Path(__file__).parents[2] / "docs/code-scan.md").read_text("utf-8")
    words = [*SourceKind, *Made, *(grade for grade in Grade if grade is not Grade.NONE)]
    assert [word.value for word in words if f"`{word.value}`" not in page] == []
    options = {option for parameter in command.params for option in parameter.opts if option.startswith("--")}
    assert [option for option in sorted(options) if option not in page] == []

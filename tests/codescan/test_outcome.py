"""Outcomes: what counts, what a revision leaves, and what is answered for each project."""

from dataclasses import replace

import pytest

from spawngate.codescan.finding import Grade, SiteReport, SlotVerdict, SourceKind
from spawngate.codescan.outcome import Made, Outcome, Since, against, answers, made_of, slots_of
from spawngate.codescan.sdk import projects
from tests.codescan.findings import CONSTANT, GUARDED, OUTCOME, RESULT, UNRESOLVED, finding, site


def test_what_counts() -> None:
    held = replace(RESULT, findings=(finding(), replace(GUARDED, suppressed="known")))
    outcome = replace(OUTCOME, result=held)
    assert (outcome.counted, outcome.suppressed) == ((finding(),), (held.findings[1],))
    assert outcome.by_grade() == {Grade.HIGH: 1, Grade.MEDIUM: 0, Grade.LOW: 0, Grade.INFO: 0}
    assert list(outcome.by_grade()) == [Grade.HIGH, Grade.MEDIUM, Grade.LOW, Grade.INFO]
    assert [outcome.reaching(grade) for grade in (Grade.HIGH, Grade.INFO)] == [1, 1]
    assert OUTCOME.reaching(Grade.MEDIUM) == 2


@pytest.mark.parametrize(
    ("slots", "made"),
    [
        ((SlotVerdict("command", "constant"), SlotVerdict("env", "absent")), Made.CONSTANT),
        ((SlotVerdict("command", "constant"), SlotVerdict("args", "guarded")), Made.GUARDED),
        ((SlotVerdict("command", "guarded"), SlotVerdict("args", "unresolved")), Made.UNRESOLVED),
        ((SlotVerdict("command", "tainted", (SourceKind.PARAM,)), SlotVerdict("args", "unresolved")), Made.PARAMETER),
        ((SlotVerdict("command", "tainted", (SourceKind.PARAM, SourceKind.HTTP)),), Made.EXTERNAL),
        ((SlotVerdict("command", "constant"), SlotVerdict("env", "tainted", (SourceKind.ENV,))), Made.EXTERNAL),
        ((SlotVerdict("command", "tainted", (SourceKind.UNRESOLVED,)),), Made.UNRESOLVED),
        ((SlotVerdict("command", "tainted"),), Made.UNRESOLVED),
        ((SlotVerdict("command", "a word of a later engine"),), Made.UNRESOLVED),
        ((), Made.UNRESOLVED),
    ],
)
def test_what_a_site_is_made_of(slots: tuple[SlotVerdict, ...], made: Made) -> None:
    assert made_of(SiteReport(site(), slots, Grade.NONE)) is made


def test_a_site_whose_budget_ended_is_not_constant() -> None:
    cut = replace(CONSTANT, incomplete=True)
    assert made_of(cut) is Made.UNRESOLVED
    assert [slot.verdict for slot in slots_of(cut)] == ["unresolved", "unresolved"]
    assert slots_of(CONSTANT) == CONSTANT.slots


def test_the_answer_for_each_project() -> None:
    (shop, other) = answers(OUTCOME)
    assert (shop.project.name, shop.accepts, shop.nearest) == ("shop", True, 2)
    assert {made: [(item.site.path, item.site.line) for item in found] for made, found in shop.sites.items()} == {
        Made.EXTERNAL: [("src/tools.py", 12), ("src/tools.py", 40)],
        Made.PARAMETER: [],
        Made.UNRESOLVED: [("src/odd.py", 9)],
        Made.GUARDED: [],
        Made.CONSTANT: [("src/own.py", 3)],
    }
    assert (other.project.path, other.accepts, other.nearest) == ("ui", False, None)


def test_a_launch_without_any_manifest_belongs_to_the_tree() -> None:
    (only,) = answers(Outcome("/srv/odd", "odd", "", replace(RESULT, sites=(UNRESOLVED,))))
    assert (only.project.name, only.project.uses, only.accepts) == ("odd", (), False)


def test_an_sdk_that_only_a_lock_names_is_told_where_nothing_else_is() -> None:
    lock = b'[[package]]\nname = "mcp"\nversion = "1.9.4"\nsource = {registry = "x"}\n'
    found, _ = projects([("uv.lock", lock)], "odd")
    empty = replace(RESULT, sites=(), findings=())
    (only,) = answers(Outcome("/srv/odd", "odd", "", empty, found))
    assert [(use.sdk.package, use.version, use.direct) for use in only.project.uses] == [("mcp", "1.9.4", False)]


@pytest.mark.parametrize(
    ("changed", "kept"),
    [
        ({"src/api.py"}, [12, 40]),
        ({"src/tools.py"}, [12, 40]),
        ({"src/config.py"}, [40]),
        ({"README.md"}, []),
        (set(), []),
    ],
)
def test_against_a_revision(changed: set[str], kept: list[int]) -> None:
    found = against(OUTCOME, "main", "00ff", frozenset(changed))
    assert [item.site.line for item in found.result.findings] == kept
    assert found.since == Since("main", "00ff", frozenset(changed), 2 - len(kept))
    assert found.result.sites == RESULT.sites

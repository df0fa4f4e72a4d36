"""Cases beside policies: their form, and the comparison."""

import pytest

from spawngate.model.decision import Decision, Verdict
from spawngate.model.errors import UsageError
from spawngate.policy.cases import Case, difference, parse_cases


def test_a_case() -> None:
    text = '[[case]]\nname = "x"\ncommand = "ls"\nagent = "crush"\nverdict = "log"\nreasons = ["b", "a"]\nerrors = 2\n'
    assert parse_cases("p", text) == (Case("p", "x", {"command": "ls", "agent": "crush"}, Verdict.LOG, ("a", "b"), 2),)
    assert parse_cases("p", "") == ()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[[case]", "p: is no TOML"),
        ("other = 1", "p: holds something other than [[case]] tables"),
        ("case = 1", "p: holds something other than [[case]] tables"),
        ("case = [1]", "p: case[0]: is no table"),
        ('[[case]]\ncommand = "ls"', "p: case[0]: name: say in a few words"),
        ('[[case]]\nname = "x"\ncommand = "ls"', "p: x: verdict: must be one of allow, log, ask, deny"),
        ('[[case]]\nname = "x"\nverdict = "ask"', "p: x: gives nothing to decide; it needs one of command, launch"),
        ('[[case]]\nname = "x"\nverdict = "ask"\ncommand = "a"\nreasons = "b"', "p: x: reasons: must be a list"),
        ('[[case]]\nname = "x"\nverdict = "ask"\ncommand = "a"\nerrors = true', "p: x: errors: must be a number"),
        (
            '[[case]]\nname = "x"\nverdict = "ask"\ncommand = "a"\n' * 2,
            "p: two cases are called 'x'; give each its own name",
        ),
    ],
)
def test_refused(text: str, problem: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_cases("p", text)
    assert problem in str(caught.value)


@pytest.mark.parametrize(
    ("decision", "told"),
    [
        (Decision(Verdict.ASK, ("b", "a")), ""),
        (Decision(Verdict.DENY, ("a", "b")), "verdict is deny, expected ask"),
        (Decision(Verdict.ASK), "reasons are none, expected a, b"),
        (Decision(Verdict.ASK, ("a", "b"), errors=("e",)), "1 errors (e), expected 0"),
    ],
)
def test_difference(decision: Decision, told: str) -> None:
    assert difference(Case("p", "x", {}, Verdict.ASK, ("a", "b")), decision) == told


def test_reasons_that_are_not_stated_are_not_compared() -> None:
    assert difference(Case("p", "x", {}, Verdict.ASK, None), Decision(Verdict.ASK, ("z",))) == ""

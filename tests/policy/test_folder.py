"""A policy folder as texts."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spawngate.model.errors import UsageError
from spawngate.policy.folder import MOST_FILES, CaseLine, PolicyLine, Report, report, understood
from spawngate.policy.policies import shipped_cases, shipped_text

NOW = datetime(2026, 11, 21, tzinfo=UTC)
KEY = b"k" * 32
ASK = """@id("ask-before-deploys")
@reason("A person looks first.")
@verdict("ask")
@owner("platform")
@expires("2027-01-31")
forbid (principal, action == Action::"shell", resource) when { context.programs.contains("terraform") };
"""
CASE = '[[case]]\nname = "a deploy"\ncommand = "terraform apply"\nverdict = "ask"\nreasons = ["ask-before-deploys"]\n'
ALONE = 'base = "none"\nmode = "monitor"\n'


def test_a_folder_is_checked_and_tried() -> None:
    found = report({"own.cedar": ASK, "own.cases.toml": CASE, "policy.toml": ALONE}, NOW, KEY)
    assert found == Report(
        valid=True,
        revision=found.revision,
        base="none",
        mode="monitor",
        policies=(
            PolicyLine(
                "ask-before-deploys",
                "own.cedar",
                "forbid",
                "ask",
                "A person looks first.",
                owner="platform",
                expires="2027-01-31T00:00:00+00:00",
            ),
        ),
        cases=(CaseLine("own.cases.toml", "a deploy"),),
    )
    assert (len(found.revision), found.obstacle) == (16, "")


@pytest.mark.parametrize("name", ["baseline", "strict"])
def test_the_shipped_sets_hold_their_cases(name: str) -> None:
    files = {f"{name}.cedar": shipped_text(name), f"{name}.cases.toml": shipped_cases(name), "policy.toml": ALONE}
    found = report(files, NOW, KEY)
    assert (found.failed, found.obstacle, len(found.cases) > 5) == ((), "", True)


def test_settings_alone_need_no_case_and_policies_do() -> None:
    assert report({"policy.toml": 'base = "strict"\n'}, NOW, KEY).obstacle == ""
    untested = report({"own.cedar": ASK}, NOW, KEY)
    assert (untested.valid, untested.obstacle) == (
        True,
        "it has policies and no case: write *.cases.toml beside them",
    )


def test_a_case_that_fails_is_named() -> None:
    wrong = CASE.replace('verdict = "ask"', 'verdict = "deny"')
    found = report({"own.cedar": ASK, "own.cases.toml": wrong, "policy.toml": ALONE}, NOW, KEY)
    assert found.obstacle == "1 of 1 cases fail: own.cases.toml: a deploy: verdict is ask, expected deny"


@pytest.mark.parametrize(
    ("files", "problem"),
    [
        ({}, "holds neither a policy"),
        ({"own.cases.toml": CASE}, "holds neither a policy"),
        ({"notes.md": "x"}, "'notes.md' is no file of a policy"),
        ({"../own.cedar": ASK}, "is no file of a policy"),
        ({".cedar": ASK}, "is no file of a policy"),
        ({"a\nb.cedar": ASK}, "is no file of a policy"),
        ({"own.cedar": "forbid ("}, "own.cedar: is no Cedar"),
        ({"policy.toml": "base = 'nothing'"}, "policy.toml: base"),
        ({"policy.toml": "["}, "policy.toml: is no TOML"),
        ({"own.cedar": ASK, "own.cases.toml": "["}, "own.cases.toml: is no TOML"),
        ({"baseline.cedar": ASK}, "has the name of the shipped set"),
        ({"own.cedar": " " * (600 << 10)}, "has more than"),
        ({f"{n}.cedar": "" for n in range(MOST_FILES + 1)}, "at most 100 files"),
    ],
)
def test_what_is_wrong_is_said(files: dict[str, str], problem: str) -> None:
    found = report(files, NOW, KEY)
    assert problem in found.problem
    assert (found.valid, found.obstacle) == (False, found.problem)


def test_a_policy_that_is_over_is_not_there() -> None:
    folder = understood({"own.cedar": ASK, "policy.toml": ALONE}, datetime(2027, 2, 1, tzinfo=UTC))
    assert (folder.policies.policies, folder.policies.ended, folder.own) == ((), ("ask-before-deploys",), True)
    with pytest.raises(UsageError):
        understood({"x.cedar": "nonsense"}, NOW)


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["a.cedar", "policy.toml", "a.cases.toml"]) | st.text(max_size=12), st.text(max_size=200)
    )
)
def test_a_report_of_anything_is_made(files: dict[str, str]) -> None:
    found = report(files, NOW, KEY)
    assert found.valid is (found.problem == "")

"""What a draft would change, from what was recorded."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from spawngate.model.decision import Verdict
from spawngate.model.finding import Confidence, Finding, Severity
from spawngate.policy.policies import load_policies
from spawngate.policy.question import Question
from spawngate.policy.replay import Changed, Recorded, finding_of
from spawngate.policy.replay import replay as run_replay

LOW = Finding("npm-install", "T", Severity.LOW, Confidence.MEDIUM, "m", "r", pack="supply-chain")


@pytest.mark.parametrize(
    "item",
    [
        {"id": "npm-install", "severity": "low", "confidence": "medium", "pack": "supply-chain"},
        {"rule": "npm-install", "severity": "low", "confidence": "medium", "pack": "supply-chain"},
    ],
)
def test_a_finding_as_it_is_stated(item: dict[str, str]) -> None:
    assert finding_of(item) == replace(LOW, title="", message="", remediation="")


@pytest.mark.parametrize("item", [{}, {"id": "a"}, {"id": "a", "severity": "bad"}])
def test_what_is_no_finding(item: dict[str, str]) -> None:
    with pytest.raises((KeyError, ValueError)):
        finding_of(item)


def test_replay_counts_what_would_change() -> None:
    text = (
        '@id("p") @reason("r") permit (principal, action, resource);'
        '@id("no-npm") @reason("r") @verdict("ask") forbid (principal, action, resource)'
        ' when { context.programs.contains("npm") };'
    )
    draft = load_policies({"a.cedar": text}, datetime(2026, 11, 21, tzinfo=UTC))
    npm, ls = Question("crush", "shell", programs=("npm",)), Question("cursor", "shell", programs=("ls",))
    result = run_replay(
        [
            Recorded(npm, (LOW,), Verdict.LOG, place="1"),
            Recorded(npm, (), Verdict.ASK, place="2"),
            Recorded(ls, (LOW,), Verdict.LOG, place="3"),
        ],
        draft,
    )
    assert result.total == 3
    assert result.changes == Counter({("log", "ask"): 1, ("log", "allow"): 1})
    assert result.by_policy == Counter({"no-npm": 1})
    assert result.by_agent == Counter({"crush": 1, "cursor": 1})
    assert result.by_rule == Counter({"npm-install": 2})
    assert (result.verdicts_before, result.verdicts_after) == (
        Counter({"log": 2, "ask": 1}),
        Counter({"ask": 2, "allow": 1}),
    )
    assert result.examples == [
        Changed("1", "crush", Verdict.LOG, Verdict.ASK, ("no-npm",), "npm"),
        Changed("3", "cursor", Verdict.LOG, Verdict.ALLOW, (), "ls"),
    ]

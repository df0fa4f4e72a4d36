"""`report.judgement`: the bundle that every report takes, and what it answers."""

from dataclasses import replace

import pytest

from spawngate.model.advisory import AdvisoryMatch, Answer
from spawngate.model.finding import Severity
from spawngate.report.judgement import (
    NOTHING,
    Judgement,
    Risk,
    RuleText,
    fix_of,
    grave_first,
    open_matches,
    ordered_matches,
    package_words,
    risks,
    severity_of,
    weight,
)
from tests.report.judged import BUILD, CLINE, FINDINGS, JUDGEMENT, MATCHES, NOTION, RULES


@pytest.mark.parametrize(
    ("threshold", "number"),
    [(Severity.CRITICAL, 2), (Severity.HIGH, 6), (Severity.MEDIUM, 11), (Severity.LOW, 15), (Severity.INFO, 15)],
)
def test_reaching(threshold: Severity, number: int) -> None:
    """An uncertain match is critical news of nothing: it fails no build."""
    assert JUDGEMENT.reaching(threshold) == number
    assert NOTHING.reaching(threshold) == 0


@pytest.mark.parametrize(
    ("answer", "fails"),
    [("affected", 1), ("no-fix", 1), ("uncertain", 0), ("fixed", 0), ("not-affected", 0)],
)
def test_only_present_faults_reach_a_threshold(answer: Answer, fails: int) -> None:
    assert Judgement(matches=(replace(MATCHES[0], answer=answer),)).reaching(Severity.HIGH) == fails


@pytest.mark.parametrize(
    ("word", "severity"),
    [("critical", Severity.CRITICAL), ("info", Severity.INFO), ("moderate", Severity.MEDIUM), ("", Severity.MEDIUM)],
)
def test_severity_of(word: str, severity: Severity) -> None:
    assert severity_of(replace(MATCHES[0], severity=word)) is severity


def test_an_uncertain_match_weighs_low_at_most() -> None:
    def match(severity: str, answer: Answer) -> AdvisoryMatch:
        return replace(MATCHES[0], severity=severity, answer=answer)

    assert [weight(match(word, "uncertain")).value for word in ("critical", "low", "info")] == ["low", "low", "info"]
    assert weight(match("critical", "affected")) is Severity.CRITICAL


@pytest.mark.parametrize(
    ("answer", "fixed_in", "words"),
    [
        ("affected", ("1.2", "2.0"), "Update x (npm) to 1.2 or 2.0 or later."),
        ("affected", (), "Check x (npm) against the advisory."),
        ("no-fix", (), "No fixed version of x (npm) is known: remove it, or keep what it can reach away from it."),
        ("uncertain", ("1.2",), "Find out which version of x (npm) runs; 1.2 holds the fix."),
        ("fixed", ("1.2",), "Nothing to do."),
        ("not-affected", (), "Nothing to do."),
    ],
)
def test_fix_of(answer: Answer, fixed_in: tuple[str, ...], words: str) -> None:
    assert fix_of(replace(MATCHES[0], package="pkg:npm/x", answer=answer, fixed_in=fixed_in)) == words


@pytest.mark.parametrize(
    ("package", "words"),
    [
        ("pkg:npm/%40a/b", "@a/b (npm)"),
        ("pkg:npm/%40a/b@1.0?x=y#z", "@a/b (npm)"),
        ("pkg:docker/ghcr.io/github/x@v1", "ghcr.io/github/x (docker)"),
        ("Cursor", "Cursor"),
        ("pkg:npm", "pkg:npm"),
        ("", ""),
    ],
)
def test_package_words(package: str, words: str) -> None:
    assert package_words(package) == words


def test_risks() -> None:
    found = risks(JUDGEMENT)
    assert found[NOTION.id] == Risk((FINDINGS[2],), (MATCHES[0],))
    assert found[NOTION.id].severity is Severity.CRITICAL
    assert found[CLINE.id] == Risk((), (MATCHES[4],))
    assert found[CLINE.id].severity is Severity.LOW
    assert found[""] == Risk((FINDINGS[-1],), (MATCHES[1],))
    assert MATCHES[2].artifact not in found, "a fixed fault is no risk"
    assert Risk().severity is None


def test_orders_do_not_depend_on_the_order_given() -> None:
    assert grave_first(FINDINGS[::-1]) == grave_first(FINDINGS)
    assert [item.severity.rank for item in grave_first(FINDINGS)] == [4, 3, 3, 3, 2, 2, 2, 2, 1, 1, 1, 1]
    assert ordered_matches(MATCHES[::-1]) == ordered_matches(MATCHES)
    assert [(item.answer, item.severity) for item in ordered_matches(MATCHES)] == [
        ("affected", "critical"),
        ("affected", "high"),
        ("no-fix", "medium"),
        ("uncertain", "high"),
        ("fixed", "high"),
        ("not-affected", "critical"),
    ]
    assert open_matches(JUDGEMENT) == ordered_matches(MATCHES)[:4]


def test_a_rule_speaks_for_its_findings_and_a_finding_for_a_missing_rule() -> None:
    assert JUDGEMENT.rule(FINDINGS[5]) is RULES["download-and-run"]
    assert NOTHING.rule(FINDINGS[5]) == RuleText(
        title="Downloads code and runs it",
        rationale="",
        remediation=RULES["download-and-run"].remediation,
        references=RULES["download-and-run"].references,
        severity=Severity.CRITICAL,
        confidence=FINDINGS[5].confidence,
    )
    assert FINDINGS[5].artifact == BUILD.id

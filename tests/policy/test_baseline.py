"""The baseline's verdicts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.model.decision import Decision, Verdict
from spawngate.model.finding import Confidence, Finding, Severity
from spawngate.policy.baseline import NOT_UNDERSTOOD, decide


def finding(severity: Severity, rule: str = "r") -> Finding:
    return Finding(rule, "Title", severity, Confidence.HIGH, f"Saw {rule}.", "Do that.")


@pytest.mark.parametrize(
    ("severities", "verdict", "reasons"),
    [
        ((), Verdict.ALLOW, ()),
        ((Severity.INFO,), Verdict.ALLOW, ()),
        ((Severity.LOW, Severity.INFO), Verdict.LOG, ("baseline-log-low",)),
        ((Severity.LOW, Severity.MEDIUM), Verdict.ASK, ("baseline-ask-medium",)),
        ((Severity.HIGH, Severity.MEDIUM), Verdict.DENY, ("baseline-deny-high",)),
        ((Severity.HIGH, Severity.CRITICAL), Verdict.DENY, ("baseline-deny-critical", "baseline-deny-high")),
    ],
)
def test_verdict(severities: tuple[Severity, ...], verdict: Verdict, reasons: tuple[str, ...]) -> None:
    decision = decide([finding(severity, severity.value) for severity in severities])
    assert (decision.verdict, decision.reasons) == (verdict, reasons)


def test_whole_decision() -> None:
    low, high = finding(Severity.LOW, "a"), finding(Severity.HIGH, "b")
    assert decide([low, high]) == Decision(
        verdict=Verdict.DENY,
        reasons=("baseline-deny-high",),
        findings=(high, low),
        severity=Severity.HIGH,
        errors=(),
        message="Refused: Saw b. Do that.",
    )


def test_what_is_not_understood_needs_a_person() -> None:
    assert decide((), ("the input is not a JSON object",)) == Decision(
        verdict=Verdict.ASK,
        reasons=(NOT_UNDERSTOOD,),
        errors=("the input is not a JSON object",),
        message="Needs a person's approval: the input is not a JSON object",
    )
    assert decide([finding(Severity.HIGH)], ("x",)).verdict is Verdict.DENY


FINDINGS = st.lists(st.builds(finding, st.sampled_from(list(Severity)), st.sampled_from(["a", "b", "c"])), max_size=6)


@given(FINDINGS, st.randoms())
def test_order_does_not_matter(findings: list[Finding], random: object) -> None:
    shuffled = list(findings)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    assert decide(shuffled) == decide(findings)


@given(FINDINGS, st.sampled_from(list(Severity)))
def test_a_further_finding_never_loosens(findings: list[Finding], severity: Severity) -> None:
    before, after = decide(findings), decide([*findings, finding(severity, "z")])
    assert after.verdict.rank >= before.verdict.rank


@given(FINDINGS)
def test_every_verdict_but_the_default_has_a_reason(findings: list[Finding]) -> None:
    decision = decide(findings)
    assert (decision.verdict is Verdict.ALLOW) == (decision.reasons == ())

"""The verdict of the shipped baseline: a table from the severity of findings.

It holds until policies in Cedar take its place, and it is what those must reproduce: high and critical findings
are almost never legitimate and are denied, a medium one needs a person's look, a low one is recorded.
Must not be here: what a finding means (`rules`).
"""

from collections.abc import Sequence

from spawngate.model.decision import Decision, Verdict
from spawngate.model.finding import Finding, Severity

POLICIES: tuple[tuple[Severity, Verdict, str], ...] = (
    (Severity.CRITICAL, Verdict.DENY, "baseline-deny-critical"),
    (Severity.HIGH, Verdict.DENY, "baseline-deny-high"),
    (Severity.MEDIUM, Verdict.ASK, "baseline-ask-medium"),
    (Severity.LOW, Verdict.LOG, "baseline-log-low"),
)
"""Severity, verdict and id of each policy. A finding of severity info leaves the default, allow."""

NOT_UNDERSTOOD = "baseline-ask-not-understood"
"""Decides where the input could not be judged."""


def decide(findings: Sequence[Finding], errors: Sequence[str] = ()) -> Decision:
    """The decision about one launch. Pure, total and independent of the order of findings."""
    ordered = tuple(sorted(findings, key=lambda finding: (-finding.severity.rank, finding.rule, finding.fingerprint)))
    severities = {finding.severity for finding in ordered}
    matched = [(verdict, policy) for severity, verdict, policy in POLICIES if severity in severities]
    if errors:
        matched.append((Verdict.ASK, NOT_UNDERSTOOD))
    verdict = max((verdict for verdict, _ in matched), key=lambda verdict: verdict.rank, default=Verdict.ALLOW)
    return Decision(
        verdict=verdict,
        reasons=tuple(sorted(policy for decided, policy in matched if decided is verdict)),
        findings=ordered,
        severity=max(severities, key=lambda severity: severity.rank, default=None),
        errors=tuple(errors),
        message=_message(verdict, ordered, errors),
    )


_WORDS = {
    Verdict.DENY: "Refused",
    Verdict.ASK: "Needs a person's approval",
    Verdict.LOG: "Allowed and recorded",
    Verdict.ALLOW: "Allowed",
}


def _message(verdict: Verdict, findings: Sequence[Finding], errors: Sequence[str]) -> str:
    if errors and not findings:
        return f"{_WORDS[verdict]}: {errors[0]}"
    if not findings or verdict is Verdict.ALLOW:
        return f"{_WORDS[verdict]}."
    first = findings[0]
    return f"{_WORDS[verdict]}: {first.message} {first.remediation}".strip()

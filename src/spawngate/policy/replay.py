"""A draft of policies against what was recorded: which decisions would come out otherwise.

Belongs here: recorded questions as values, asking them again, and counting the differences.
Must not be here: reading the trail (`endpoint`), and printing.
The rules are not asked again: what they found is recorded. So a replay tells what a change of *policy* would do.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from spawngate.model.decision import Verdict
from spawngate.model.finding import Confidence, Finding, Severity
from spawngate.policy.evaluate import evaluate
from spawngate.policy.policies import PolicySet
from spawngate.policy.question import Question

MOST_EXAMPLES = 20
"""Changed decisions that are kept whole."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """One decision of the trail."""

    question: Question
    findings: tuple[Finding, ...]
    verdict: Verdict
    errors: tuple[str, ...] = ()
    place: str = ""
    """Where it stands in the trail, for a person."""
    endpoint: str = ""


@dataclass(frozen=True, slots=True)
class Changed:
    """One decision that would come out otherwise."""

    place: str
    agent: str
    before: Verdict
    after: Verdict
    reasons: tuple[str, ...]
    command: str
    endpoint: str = ""


@dataclass(slots=True)
class Replay:
    """What a draft would change."""

    total: int = 0
    verdicts_before: Counter[str] = field(default_factory=Counter)
    verdicts_after: Counter[str] = field(default_factory=Counter)
    changes: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Old and new verdict, of those that differ."""
    by_policy: Counter[str] = field(default_factory=Counter)
    """Changed decisions by the draft's policy that would decide."""
    by_agent: Counter[str] = field(default_factory=Counter)
    by_rule: Counter[str] = field(default_factory=Counter)
    by_endpoint: Counter[str] = field(default_factory=Counter)
    examples: list[Changed] = field(default_factory=list)


def finding_of(item: Mapping[str, Any]) -> Finding:
    """A finding as the trail (`rule`) or a case (`id`) states it.

    Raises KeyError, TypeError or ValueError for what is none.
    """
    return Finding(
        rule=str(item["rule"] if "rule" in item else item["id"]),
        title="",
        severity=Severity(item["severity"]),
        confidence=Confidence(item.get("confidence", "high")),
        message="",
        remediation="",
        pack=str(item.get("pack", "")),
    )


def replay(records: Iterable[Recorded], policies: PolicySet) -> Replay:
    """Ask a draft every recorded question. One pass, bounded memory."""
    result = Replay()
    for record in records:
        decision = evaluate(record.question, record.findings, policies, errors=record.errors)
        result.total += 1
        result.verdicts_before[record.verdict.value] += 1
        result.verdicts_after[decision.verdict.value] += 1
        if decision.verdict is record.verdict:
            continue
        result.changes[record.verdict.value, decision.verdict.value] += 1
        result.by_agent[record.question.agent] += 1
        result.by_endpoint[record.endpoint] += 1
        result.by_policy.update(decision.reasons)
        result.by_rule.update({finding.rule for finding in record.findings})
        if len(result.examples) < MOST_EXAMPLES:
            result.examples.append(
                Changed(
                    record.place,
                    record.question.agent,
                    record.verdict,
                    decision.verdict,
                    decision.reasons,
                    record.question.command or " ".join(record.question.programs),
                    record.endpoint,
                )
            )
    return result

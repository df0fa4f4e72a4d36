"""What reports are told about a snapshot besides the snapshot itself, and the questions they all ask of it.

Belongs here: the bundle of findings, advisory matches, tiers and capabilities, which severity an answer counts as,
and how grave one artifact is. Pure values, filled by whoever runs rules and matching (`cli`, `server`).
Must not be here: how a finding, a tier or a match comes about (`rules`, `launch`, `advisories`), and layout.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote

from spawngate.model.advisory import AdvisoryMatch
from spawngate.model.finding import Confidence, Finding, Severity

PRESENT = ("affected", "no-fix")
"""Answers of a match that say the fault is there."""
OPEN = (*PRESENT, "uncertain")
"""Answers of a match that somebody has to act on."""


_PURL = re.compile(r"pkg:([a-z0-9.+-]+)/([^?#@]+)(?:[@?#].*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class TierView:
    """How far one artifact is trusted, and why."""

    tier: str
    """official, community or unknown."""
    signals: tuple[str, ...] = ()
    """One sentence for each signal that counted, in the order of its weight."""


@dataclass(frozen=True, slots=True)
class RuleText:
    """What a rule says about itself: text of our own, never of a scanned file."""

    title: str
    rationale: str
    remediation: str
    references: tuple[str, ...] = ()
    """CWE, OWASP and MITRE ids, and https addresses."""
    severity: Severity = Severity.MEDIUM
    confidence: Confidence = Confidence.MEDIUM


@dataclass(frozen=True, slots=True)
class Judgement:
    """Everything that was judged about one snapshot. Redacted, as the snapshot is."""

    findings: tuple[Finding, ...] = ()
    matches: tuple[AdvisoryMatch, ...] = ()
    tiers: Mapping[str, TierView] = field(default_factory=dict)
    """Artifact id to tier, for what a tier is given to (MCP servers, plugins, extensions)."""
    capabilities: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Artifact id to capabilities, each `kind` or `kind: what exactly`; kinds are filesystem, shell, network and
    credentials."""
    rules: Mapping[str, RuleText] = field(default_factory=dict)
    """Rule id to its text, for every rule that was applied, whether or not it found anything."""

    def reaching(self, threshold: Severity) -> int:
        """How many findings and present advisories are at or above `threshold`: what `--fail-on` asks."""
        findings = sum(finding.severity.rank >= threshold.rank for finding in self.findings)
        return findings + sum(
            match.answer in PRESENT and severity_of(match).rank >= threshold.rank for match in self.matches
        )

    def rule(self, finding: Finding) -> RuleText:
        """The text of the rule behind a finding; what the finding itself says where the rule is not given."""
        return self.rules.get(finding.rule) or RuleText(
            title=finding.title,
            rationale="",
            remediation=finding.remediation,
            references=finding.references,
            severity=finding.severity,
            confidence=finding.confidence,
        )


NOTHING = Judgement()
"""Nothing was judged."""


def severity_of(match: AdvisoryMatch) -> Severity:
    """The severity of the record; a word of another scale counts as medium."""
    try:
        return Severity(match.severity)
    except ValueError:
        return Severity.MEDIUM


def fix_of(match: AdvisoryMatch) -> str:
    """What to do about a match, in one sentence."""
    what = package_words(match.package) or "it"
    if match.answer == "no-fix":
        return f"No fixed version of {what} is known: remove it, or keep what it can reach away from it."
    if match.answer in ("fixed", "not-affected"):
        return "Nothing to do."
    if not match.fixed_in:
        return f"Check {what} against the advisory."
    versions = " or ".join(match.fixed_in)
    if match.answer == "uncertain":
        return f"Find out which version of {what} runs; {versions} holds the fix."
    return f"Update {what} to {versions} or later."


def package_words(package: str) -> str:
    """`pkg:npm/%40a/b` as `@a/b (npm)`; a name that is no package URL as it is. The version is left out."""
    found = _PURL.fullmatch(package)
    return f"{unquote(found[2])} ({found[1]})" if found is not None else package


@dataclass(frozen=True, slots=True)
class Risk:
    """What was judged about one artifact, gravest first."""

    findings: tuple[Finding, ...] = ()
    matches: tuple[AdvisoryMatch, ...] = ()
    """Only those that somebody has to act on."""

    @property
    def severity(self) -> Severity | None:
        """The gravest severity; None where nothing was found. An uncertain match counts as low at most: it asks
        for a look and says nothing of a danger."""
        found = [finding.severity for finding in self.findings]
        found += [weight(match) for match in self.matches]
        return max(found, key=lambda severity: severity.rank, default=None)


def weight(match: AdvisoryMatch) -> Severity:
    """The severity that an open match counts with: its record's, or low at most where it is uncertain."""
    severity = severity_of(match)
    if match.answer in PRESENT:
        return severity
    return min(severity, Severity.LOW, key=lambda item: item.rank)


def risks(judgement: Judgement) -> Mapping[str, Risk]:
    """Artifact id to what was judged about it. The empty id stands for the endpoint as a whole."""
    findings: dict[str, list[Finding]] = {}
    matches: dict[str, list[AdvisoryMatch]] = {}
    for finding in grave_first(judgement.findings):
        findings.setdefault(finding.artifact, []).append(finding)
    for match in open_matches(judgement):
        matches.setdefault(match.artifact, []).append(match)
    return {
        artifact: Risk(tuple(findings.get(artifact, ())), tuple(matches.get(artifact, ())))
        for artifact in sorted({*findings, *matches})
    }


def grave_first(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Findings by falling severity, then by rule, artifact and message: equal sets stand in equal order."""
    return tuple(
        sorted(
            findings, key=lambda item: (-item.severity.rank, item.rule, item.artifact, item.message, item.fingerprint)
        )
    )


def open_matches(judgement: Judgement) -> tuple[AdvisoryMatch, ...]:
    """The matches that somebody has to act on, gravest first."""
    return tuple(item for item in ordered_matches(judgement.matches) if item.answer in OPEN)


def ordered_matches(matches: Sequence[AdvisoryMatch]) -> tuple[AdvisoryMatch, ...]:
    """Matches by falling weight, answer, record and place."""
    answers = {answer: index for index, answer in enumerate((*OPEN, "fixed", "not-affected"))}
    return tuple(
        sorted(
            matches,
            key=lambda item: (
                answers.get(item.answer, len(answers)) >= len(OPEN),
                -weight(item).rank,
                answers.get(item.answer, len(answers)),
                item.advisory,
                item.package,
                item.version,
                item.path,
                item.artifact,
            ),
        )
    )

"""Findings: what a rule says about an artifact, a launch or a call.

Must not be here: the rules and their engine (`rules`), and what to do about a finding (`policy`).
"""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How bad it is if the finding is true. Ordered: `rank` compares."""

    INFO = "info"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """0 for info to 4 for critical."""
        return _RANKS[self]


_RANKS = {severity: rank for rank, severity in enumerate(Severity)}


class Confidence(StrEnum):
    """How sure the rule is."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule's word about one artifact or launch. Holds redacted text only."""

    rule: str
    """Id of the rule: file stem and documentation heading."""
    title: str
    severity: Severity
    confidence: Confidence
    message: str
    """One sentence that names what was seen."""
    remediation: str
    references: tuple[str, ...] = ()
    """CWE, OWASP and MITRE ids and addresses."""
    artifact: str = ""
    """Id of the artifact; empty for a launch that is judged by itself."""
    evidence: tuple[str, ...] = ()
    """`fact=value` pairs that made the rule match."""
    fingerprint: str = ""
    """Survives unrelated changes of the artifact, for suppressions and baselines."""
    pack: str = ""
    """The group of rules that it belongs to (destructive, exfiltration, ...); empty for launches and artifacts."""

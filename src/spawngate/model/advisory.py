"""Advisory matches: what the advisory database says about one package, product or address on the endpoint.

Must not be here: advisory records and the comparing of versions (`advisories`), and their presentation (`report`).
"""

from dataclasses import dataclass
from typing import Literal

Answer = Literal["affected", "fixed", "no-fix", "uncertain", "not-affected"]
"""What one record says about one subject.

- affected: the version is in an affected range and a fixed version is known.
- no-fix: the version is in an affected range and no fixed version is known.
- fixed: the version holds the fix.
- uncertain: the record fits and the version or the record's own ranges do not settle it; `why` says what is missing.
- not-affected: the version is outside of every affected range.
"""


@dataclass(frozen=True, slots=True)
class AdvisoryMatch:
    """One record's answer for one thing on the endpoint. Holds redacted text only."""

    advisory: str
    """Id of the record: CVE, GHSA, MAL, or one of our own."""
    artifact: str
    """Id of the artifact that brings the package; empty where none does (a project's lock file, an environment)."""
    path: str
    """The file or folder that shows the package."""
    package: str
    """Package URL (purl) without a version where the ecosystem has one, else the name of the product."""
    version: str
    """The version found, as written; empty where none is known."""
    answer: Answer
    fixed_in: tuple[str, ...] = ()
    """Versions that hold the fix, the lowest first."""
    summary: str = ""
    """The record's one line."""
    why: str = ""
    """One sentence: what was compared with what."""
    confidence: str = "high"
    """high, medium or low (`model.finding.Confidence`)."""
    severity: str = "medium"
    """critical, high, medium, low or info (`model.finding.Severity`)."""
    references: tuple[str, ...] = ()
    """Addresses, and CWE ids."""

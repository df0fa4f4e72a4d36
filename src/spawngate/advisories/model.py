"""Advisories as values: what is wrong, in which releases of what, and how sure that is.

The shape follows OSV 1.x; what OSV leaves to each database stands in fields of its own here (`doubts`, `forms`,
`platform`, `names`). Must not be here: the JSON of OSV (`advisories.osv`) and any decision (`advisories.match`).
"""

from dataclasses import dataclass
from enum import StrEnum

from spawngate.model.finding import Confidence, Severity

Key = tuple[str, str]
"""Ecosystem and package name, both as `subjects.key` writes them: what a subject and an advisory are joined on."""


class Answer(StrEnum):
    """What one advisory says about one thing on the machine."""

    AFFECTED = "affected"
    FIXED = "fixed"
    """At or above a release that repairs it."""
    NO_FIX = "no-fix"
    """Affected, and no release is known that repairs it."""
    UNCERTAIN = "uncertain"
    """Cannot be told; the match says why."""
    NOT_AFFECTED = "not-affected"
    """The same package in a release, form or platform that never had the fault."""


@dataclass(frozen=True, slots=True)
class Span:
    """Releases in a row. At most one of `fixed`, `last_affected` and `limit` is set; none: without an end."""

    introduced: str
    """`0` is before every release."""
    fixed: str | None = None
    """First release without the fault."""
    last_affected: str | None = None
    limit: str | None = None
    """Where the record stops speaking: not affected from there on, and not because of a fix."""


@dataclass(frozen=True, slots=True)
class Range:
    """Spans in one order of versions."""

    type: str
    """ECOSYSTEM, SEMVER or GIT."""
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Doubt:
    """Releases about which the sources disagree, and how."""

    why: str
    span: Span | None = None
    versions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Affected:
    """One package of an advisory. With neither ranges nor versions every release is affected."""

    ecosystem: str
    name: str
    ranges: tuple[Range, ...] = ()
    versions: tuple[str, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    platform: str = ""
    """linux, macos or windows where the fault exists there only."""
    forms: tuple[str, ...] = ()
    """Where the fault is only in some forms of a product: `package`, `image`, `source`, `application`."""


@dataclass(frozen=True, slots=True)
class Score:
    """A base score and who gave it."""

    score: float
    by: str
    type: str


@dataclass(frozen=True, slots=True)
class Advisory:
    """One record."""

    id: str
    modified: str
    published: str = ""
    withdrawn: str = ""
    """When it was taken back; such a record matches nothing."""
    aliases: tuple[str, ...] = ()
    summary: str = ""
    affected: tuple[Affected, ...] = ()
    vectors: tuple[tuple[str, str], ...] = ()
    """Type and vector of each OSV `severity`."""
    references: tuple[tuple[str, str], ...] = ()
    """Type and address."""
    product: str = ""
    malicious: bool = False
    """The release itself is the attack; there is nothing to update to, only something to remove."""
    no_fix_known: bool = False
    fixed_text: str = ""
    """What the sources say about the fix where a version does not say it all."""
    fixed_in: tuple[str, ...] = ()
    """Good releases that no range names, as for malicious releases that are listed one by one."""
    confidence: Confidence = Confidence.MEDIUM
    notes: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    """Last parts of names by which the thing went where no package is known: a match by name only."""
    category: str = ""
    """stdio_launch, agent_config, tool_argument, hostile_server, malware or wave."""
    family: str = ""
    cwe: tuple[str, ...] = ()
    scores: tuple[Score, ...] = ()
    severity_word: str = ""
    """As the database words it, where it gives no score."""
    exploitation: str = ""
    imported: bool = False

    @property
    def severity(self) -> Severity | None:
        """The highest that any source gives; critical for malware; None where nobody scored it."""
        if self.malicious:
            return Severity.CRITICAL
        if self.scores:
            return severity_of(max(score.score for score in self.scores))
        words = {"moderate": "medium", "none": "info", "negligible": "info"}
        word = words.get(self.severity_word.lower(), self.severity_word.lower())
        return Severity(word) if word in set(Severity) else None


def severity_of(score: float) -> Severity:
    """The CVSS rating scale: 9.0 critical, 7.0 high, 4.0 medium, above 0 low."""
    for floor, severity in ((9.0, Severity.CRITICAL), (7.0, Severity.HIGH), (4.0, Severity.MEDIUM)):
        if score >= floor:
            return severity
    return Severity.LOW if score > 0 else Severity.INFO


@dataclass(frozen=True, slots=True)
class Archived:
    """A package whose project was archived upstream: it still starts and gets no fixes."""

    ecosystem: str
    name: str
    note: str
    source: str

"""One scanned tree with everything that is told about it: what reports, exit codes, the trail and `checklist` share.

Belongs here: the bundle, which findings count, what is left of them against a revision, and the answer for each project
whose SDK launches servers: from what its launch sites are made.
Must not be here: how findings come about (`codescan.scan`), wording (`report`), reading (`endpoint.codescan`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from spawngate.codescan.finding import CodeFinding, Grade, ProjectResult, SiteReport, SlotVerdict, SourceKind
from spawngate.codescan.sdk import Project, ecosystem_of, project_of
from spawngate.model.observed import Diagnostic

GRADES = tuple(sorted((grade for grade in Grade if grade is not Grade.NONE), key=lambda grade: -grade.rank))
"""Grades that a finding can have, worst first."""


@dataclass(frozen=True, slots=True)
class Since:
    """A comparison with a revision."""

    revision: str
    """As it was asked for."""
    commit: str
    """The commit that was compared with."""
    changed: frozenset[str]
    """Files that are new or other than they were."""
    unchanged: int = 0
    """Findings whose path meets no changed file, left out."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One tree."""

    root: str
    """Absolute folder; of a single file, the folder that it lies in."""
    name: str
    """Of the tree: its folder's."""
    taken_at: str
    """RFC 3339, UTC."""
    result: ProjectResult
    projects: tuple[Project, ...] = ()
    """Folders with a manifest, by path."""
    diagnostics: tuple[Diagnostic, ...] = ()
    """What could not be read or understood. Paths are relative to the root."""
    notes: tuple[Diagnostic, ...] = ()
    """What is to be said of suppressions and of the baseline."""
    skipped: Mapping[str, int] = field(default_factory=dict)
    """Files and folders that were left out, by reason."""
    since: Since | None = None

    @property
    def incomplete(self) -> bool:
        """Whether something was not looked at: a file, or a flow whose budget ended."""
        return self.result.incomplete

    @property
    def counted(self) -> tuple[CodeFinding, ...]:
        """Findings that nothing suppresses, worst first."""
        return tuple(finding for finding in self.result.findings if not finding.suppressed)

    @property
    def suppressed(self) -> tuple[CodeFinding, ...]:
        """Findings that a suppression or the baseline holds."""
        return tuple(finding for finding in self.result.findings if finding.suppressed)

    def reaching(self, grade: Grade) -> int:
        """How many findings that count are at or above a grade: what `--fail-on` asks."""
        return sum(finding.grade.rank >= grade.rank for finding in self.counted)

    def by_grade(self) -> dict[Grade, int]:
        """Findings that count, by grade, worst first; every grade but none is present."""
        return {grade: sum(finding.grade is grade for finding in self.counted) for grade in GRADES}


class Made(StrEnum):
    """What a launch site is made of, the worst of its slots."""

    EXTERNAL = "external"
    """Data from outside of the program reaches it."""
    PARAMETER = "parameter"
    """Parameters of functions that nobody in the project calls: whoever uses the project decides."""
    UNRESOLVED = "unresolved"
    """Where it comes from was not found out: never the same as constant."""
    GUARDED = "guarded"
    """Data from outside reaches it, and a strong guard stands in between."""
    CONSTANT = "constant"


def slots_of(report: SiteReport) -> tuple[SlotVerdict, ...]:
    """The slots of a launch site. Where a budget ended nothing is known to be constant."""
    if not report.incomplete:
        return report.slots
    return tuple(replace(slot, verdict="unresolved") if slot.verdict == "constant" else slot for slot in report.slots)


def made_of(report: SiteReport) -> Made:
    """What a launch site is made of."""
    kinds = {kind for slot in report.slots if slot.verdict == "tainted" for kind in slot.sources}
    if kinds - {SourceKind.PARAM, SourceKind.UNRESOLVED}:
        return Made.EXTERNAL
    if SourceKind.PARAM in kinds:
        return Made.PARAMETER
    verdicts = {slot.verdict for slot in report.slots}
    if kinds or "unresolved" in verdicts or "tainted" in verdicts or report.incomplete:
        return Made.UNRESOLVED
    if "guarded" in verdicts:
        return Made.GUARDED
    # A verdict of a later engine, or a site without any slot, is not known to be constant.
    return Made.CONSTANT if verdicts and verdicts <= {"constant", "absent"} else Made.UNRESOLVED


@dataclass(frozen=True, slots=True)
class ProjectAnswer:
    """Which SDK a project uses, and whether its launches accept what comes from outside."""

    project: Project
    sites: Mapping[Made, tuple[SiteReport, ...]]
    """Launch sites by what they are made of; each present, nearest input first."""

    @property
    def accepts(self) -> bool:
        """Whether external input reaches a launch."""
        return bool(self.sites[Made.EXTERNAL])

    @property
    def nearest(self) -> int | None:
        """Steps between the nearest external input and a launch; None where none reaches one."""
        found = [site.distance for site in self.sites[Made.EXTERNAL] if site.distance is not None]
        return min(found, default=None)


def answers(outcome: Outcome) -> tuple[ProjectAnswer, ...]:
    """The projects that use an SDK or launch a server, by path; a site belongs to the nearest manifest above it."""
    together: dict[str, tuple[Project, list[SiteReport]]] = {
        item.path: (item, []) for item in outcome.projects if any(use.direct for use in item.uses)
    }
    top = Project("", outcome.name, (), ())
    for report in outcome.result.sites:
        owner = project_of(report.site.path, outcome.projects, ecosystem_of(report.site.language)) or top
        together.setdefault(owner.path, (owner, []))[1].append(report)
    if not together:
        together = {item.path: (item, []) for item in outcome.projects if item.uses}
    return tuple(
        ProjectAnswer(
            project, {made: tuple(_nearest(item for item in sites if made_of(item) is made)) for made in Made}
        )
        for _, (project, sites) in sorted(together.items())
    )


def _nearest(sites: Iterable[SiteReport]) -> list[SiteReport]:
    far = 1 << 30
    return sorted(
        sites, key=lambda item: (far if item.distance is None else item.distance, item.site.path, item.site.line)
    )


def against(outcome: Outcome, revision: str, commit: str, changed: frozenset[str]) -> Outcome:
    """The outcome with only those findings whose path meets a changed file: at its source, on its way, at its launch,
    or at a guard that stands on it."""
    kept = tuple(finding for finding in outcome.result.findings if _meets(finding, changed))
    left = len(outcome.result.findings) - len(kept)
    return replace(outcome, result=replace(outcome.result, findings=kept), since=Since(revision, commit, changed, left))


def _meets(finding: CodeFinding, changed: frozenset[str]) -> bool:
    places = {finding.site.path, *(hop.path for hop in finding.trace), *(guard.path for guard in finding.guards)}
    return not places.isdisjoint(changed)

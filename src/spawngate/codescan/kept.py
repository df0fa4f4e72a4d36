"""What is remembered of a scanned tree: enough to say what changed since, to answer `checklist`, and to show it.

Belongs here: the record and how it is made of an outcome. No line of source is in it, and no path outside of the tree.
Must not be here: where it lies (`endpoint.codescan.keeping`), and events (`trail.code`).
"""

import hashlib

import msgspec

from spawngate.codescan.finding import CodeFinding, Grade
from spawngate.codescan.outcome import Made, Outcome, ProjectAnswer, answers

SCHEMA_VERSION = 1


class KeptFinding(msgspec.Struct, frozen=True):
    """One finding that counts."""

    fingerprint: str
    rule: str
    grade: str
    title: str
    path: str
    """Of the launch, relative to the tree."""
    line: int
    slots: tuple[str, ...]
    source: str
    """Kind of the source."""
    source_path: str
    source_line: int
    guards: tuple[str, ...]
    cost: int
    remediation: str
    advisories: tuple[str, ...]


class KeptSdk(msgspec.Struct, frozen=True):
    """A package that launches servers."""

    ecosystem: str
    package: str
    language: str
    official: bool
    version: str
    """Locked, else as asked for; empty for any."""


class KeptProject(msgspec.Struct, frozen=True):
    """A project of the tree that uses an SDK or launches servers."""

    path: str
    name: str
    sdks: tuple[KeptSdk, ...]
    accepts: bool
    """External input reaches a launch."""
    nearest: int | None
    sites: dict[str, int]
    """Launch sites by what they are made of (`outcome.Made`)."""


class Kept(msgspec.Struct, frozen=True):
    """One tree as it was scanned last."""

    schema_version: int
    id: str
    """Of the tree: `identity`."""
    root: str
    name: str
    taken_at: str
    """RFC 3339, UTC."""
    version: str
    """Of the program that scanned it."""
    mcp: bool
    incomplete: bool
    findings: tuple[KeptFinding, ...]
    suppressed: tuple[str, ...]
    """Fingerprints of findings that a suppression or the baseline holds."""
    sites: dict[str, int]
    projects: tuple[KeptProject, ...]

    def graded(self, grade: Grade) -> int:
        """How many findings have a grade."""
        return sum(finding.grade == grade.value for finding in self.findings)


def identity(root: str) -> str:
    """The id of the tree at a folder: 16 hexadecimal digits."""
    return hashlib.sha256(root.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def keep(outcome: Outcome, version: str) -> Kept:
    """What is remembered of an outcome. A comparison with a revision is no whole scan and must not be kept."""
    assert outcome.since is None
    projects = tuple(_project(answer) for answer in answers(outcome))
    return Kept(
        schema_version=SCHEMA_VERSION,
        id=identity(outcome.root),
        root=_plain(outcome.root),
        name=_plain(outcome.name),
        taken_at=outcome.taken_at,
        version=version,
        mcp=outcome.result.mcp,
        incomplete=outcome.incomplete,
        findings=tuple(_finding(finding) for finding in outcome.counted),
        suppressed=tuple(dict.fromkeys(_plain(finding.fingerprint) for finding in outcome.suppressed)),
        sites={made.value: sum(project.sites[made.value] for project in projects) for made in Made},
        projects=projects,
    )


def _finding(finding: CodeFinding) -> KeptFinding:
    first = finding.trace[0]
    return KeptFinding(
        fingerprint=_plain(finding.fingerprint),
        rule=_plain(finding.rule),
        grade=finding.grade.value,
        title=_plain(finding.title),
        path=_plain(finding.site.path),
        line=finding.site.line,
        slots=tuple(_plain(slot) for slot in finding.slots),
        source=finding.source.value,
        source_path=_plain(first.path),
        source_line=first.line,
        guards=tuple(_plain(guard.name)[:200] for guard in finding.guards[:20]),
        cost=finding.cost,
        remediation=_plain(finding.remediation),
        advisories=tuple(_plain(advisory) for advisory in finding.advisories),
    )


def _project(answer: ProjectAnswer) -> KeptProject:
    return KeptProject(
        path=_plain(answer.project.path),
        name=_plain(answer.project.name),
        sdks=tuple(
            KeptSdk(
                use.sdk.ecosystem,
                use.sdk.package,
                use.sdk.language,
                use.sdk.official,
                _plain(use.version or use.asked),
            )
            for use in answer.project.uses
        ),
        accepts=answer.accepts,
        nearest=answer.nearest,
        sites={made.value: len(sites) for made, sites in answer.sites.items()},
    )


def _plain(text: str) -> str:
    """A text that UTF-8 can hold."""
    return text.encode("utf-8", "backslashreplace").decode()

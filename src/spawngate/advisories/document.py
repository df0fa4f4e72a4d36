"""Advisories and matches as JSON values, the form that output and the scan's document share.

Must not be here: writing it anywhere (`cli.advisories`), and tables for people.
"""

from collections.abc import Mapping, Sequence

from spawngate.advisories.match import Match
from spawngate.advisories.model import Advisory, Answer, Archived
from spawngate.advisories.ranges import describe
from spawngate.advisories.subjects import Subject
from spawngate.launch.purl import purl
from spawngate.model.advisory import AdvisoryMatch
from spawngate.model.finding import Severity
from spawngate.model.json import Json
from spawngate.model.observed import Diagnostic

SCHEMA_VERSION = 1
MALICIOUS = "Malicious release:"
"""How the summary of a malicious release begins."""


def of_advisory(advisory: Advisory) -> dict[str, Json]:
    """One advisory, with its affected releases in words beside the ecosystem and name."""
    severity = advisory.severity
    affected: list[Json] = [
        {
            "ecosystem": entry.ecosystem,
            "name": entry.name,
            "releases": describe(entry),
            "platform": entry.platform or None,
            "disputed": [doubt.why for doubt in entry.doubts],
        }
        for entry in advisory.affected
    ]
    return {
        "id": advisory.id,
        "aliases": list(advisory.aliases),
        "product": advisory.product or None,
        "summary": advisory.summary,
        "severity": severity.value if severity is not None else None,
        "malicious": advisory.malicious,
        "confidence": advisory.confidence.value,
        "published": advisory.published or None,
        "modified": advisory.modified,
        "withdrawn": advisory.withdrawn or None,
        "category": advisory.category or None,
        "family": advisory.family or None,
        "affected": affected,
        "fix": advisory.fixed_text or None,
        "no_fix_known": advisory.no_fix_known,
        "exploitation": advisory.exploitation or None,
        "cwe": list(advisory.cwe),
        "scores": [{"score": one.score, "by": one.by or None, "type": one.type} for one in advisory.scores],
        "vectors": [{"type": type_, "vector": vector} for type_, vector in advisory.vectors],
        "references": [{"type": type_, "url": url} for type_, url in advisory.references],
        "notes": list(advisory.notes),
        "imported": advisory.imported,
    }


def of_subject(subject: Subject) -> dict[str, Json]:
    """What was looked up."""
    return {
        "ecosystem": subject.ecosystem,
        "name": subject.name,
        "version": subject.pin.version or None,
        "written": subject.pin.text or None,
        "pin": subject.pin.kind.value,
        "source": subject.source.value,
        "path": subject.path or None,
        "artifact": subject.artifact or None,
        "owner": subject.owner or None,
    }


def of_match(one: Match) -> dict[str, Json]:
    """One answer, with what a reader needs of its advisory."""
    severity = one.advisory.severity
    return {
        "advisory": one.advisory.id,
        "aliases": list(one.advisory.aliases),
        "product": one.advisory.product or None,
        "summary": one.advisory.summary,
        "severity": severity.value if severity is not None else None,
        "malicious": one.advisory.malicious,
        "answer": one.answer.value,
        "fixed_in": one.fixed_in or None,
        "why": one.why,
        "confidence": one.confidence.value,
        "package": {"ecosystem": one.package[0], "name": one.package[1]},
        "subject": of_subject(one.subject),
        "references": [url for _, url in one.advisory.references],
    }


def to_model(one: Match) -> AdvisoryMatch:
    """The match as the noun that reports are written from."""
    severity = one.advisory.severity
    mark = f"{MALICIOUS} " if one.advisory.malicious else ""
    return AdvisoryMatch(
        advisory=one.advisory.id,
        artifact=one.subject.artifact,
        path=one.subject.path,
        package=_package(one),
        version=one.subject.pin.version or one.subject.pin.text,
        answer=one.answer.value,
        fixed_in=(one.fixed_in,) if one.fixed_in else (),
        summary=mark + one.advisory.summary,
        why=one.why,
        confidence=one.confidence.value,
        severity=(severity or Severity.MEDIUM).value,
        references=(*(url for _, url in one.advisory.references), *one.advisory.cwe),
    )


_PURL = {
    "npm": "npm",
    "PyPI": "pypi",
    "GitHub": "github",
    "Go": "golang",
    "Maven": "maven",
    "NuGet": "nuget",
    "crates.io": "cargo",
    "RubyGems": "gem",
    "Packagist": "composer",
}


def _package(one: Match) -> str:
    """A purl without a version; the plain name of what has none."""
    ecosystem, name = one.subject.ecosystem, one.subject.name
    if ecosystem == "command":
        ecosystem, name = one.package
    if ecosystem == "image":
        registry, slash, rest = name.partition("/")
        if slash and ("." in registry or ":" in registry):
            folder, _, last = rest.rpartition("/")
            return purl("docker", folder, last, None, {"repository_url": registry})
    type_ = "docker" if ecosystem == "image" else _PURL.get(ecosystem)
    if type_ is None:
        return name
    folder, _, last = name.replace(":", "/").rpartition("/")
    return purl(type_, folder, last)


def of_matches(
    matches: Sequence[Match],
    archived: Sequence[tuple[Subject, Archived]],
    diagnostics: Sequence[Diagnostic],
    statistics: Mapping[str, Json],
) -> dict[str, Json]:
    """The document of `advisories match`."""
    counts: dict[str, Json] = {answer.value: sum(1 for one in matches if one.answer is answer) for answer in Answer}
    return {
        "schema_version": SCHEMA_VERSION,
        "summary": {**counts, "archived": len(archived), **statistics},
        "matches": [of_match(one) for one in matches],
        "archived": [
            {"subject": of_subject(subject), "note": known.note, "source": known.source} for subject, known in archived
        ],
        "diagnostics": [{"path": one.path, "reason": one.reason, "message": one.message} for one in diagnostics],
    }

"""Events of a code scan: one that says how a project stands, and one for each finding that is new or gone.

Belongs here: the difference of two scans of one tree, as events. Must not be here: scanning (`codescan`), storage.

A finding of the code scan opens and closes like one of the inventory, so that routes, issues and queries treat both
alike; the project stands in the place of the artifact. Findings for information open nothing: they name functions that
nobody calls yet. A scan that did not look at everything closes nothing: what it did not see may still be there.
"""

from spawngate.codescan.finding import Grade
from spawngate.codescan.kept import Kept, KeptFinding
from spawngate.codescan.outcome import GRADES
from spawngate.trail.event import (
    SCHEMA_VERSION,
    Actor,
    ArtifactRecord,
    Event,
    EventType,
    FindingRecord,
    plain,
    subject_of,
)

CHANNEL = "code"
MOST = 200
"""Findings of one scan that have events of their own, and fingerprints that its event names."""
_SURE, _LIKELY = 10, 30
"""Costs of a trace up to which it counts as certain, and as likely."""


def code_events(before: Kept | None, now: Kept, *, endpoint: str, user: str) -> tuple[Event, ...]:
    """The events of a scan, given the one before of the same tree: the findings' first, then the scan's own."""
    old = {finding.fingerprint: finding for finding in _told(before)} if before is not None else {}
    new = {finding.fingerprint: finding for finding in _told(now)}
    opened = [new[mark] for mark in new if mark not in old]
    gone = [old[mark] for mark in old if mark not in new]
    closed = [item for item in gone if not now.incomplete or item.fingerprint in now.suppressed]
    events = [_finding(EventType.FINDING_OPENED, item, now, "", endpoint, user) for item in opened[:MOST]]
    events += [
        _finding(
            EventType.FINDING_CLOSED,
            item,
            now,
            "suppressed" if item.fingerprint in now.suppressed else "gone",
            endpoint,
            user,
        )
        for item in closed[:MOST]
    ]
    return (*events, _scan(now, opened, closed, endpoint, user))


def _told(kept: Kept) -> tuple[KeptFinding, ...]:
    return tuple(finding for finding in kept.findings if finding.grade != Grade.INFO.value)


def _scan(now: Kept, opened: list[KeptFinding], closed: list[KeptFinding], endpoint: str, user: str) -> Event:
    counts = {grade.value: now.graded(grade) for grade in GRADES}
    counts |= {"suppressed": len(now.suppressed), "opened": len(opened), "closed": len(closed)}
    counts |= {f"launches-{made}": number for made, number in now.sites.items()}
    sdks = [
        {"project": project.path, "name": project.name, "package": sdk.package, "version": sdk.version}
        for project in now.projects
        for sdk in project.sdks
        if sdk.official
    ]
    detail = {
        "root": now.root,
        "mcp": now.mcp,
        "incomplete": now.incomplete,
        "version": now.version,
        "sdks": sdks[:MOST],
        "accepting": [project.path or "." for project in now.projects if project.accepts][:MOST],
        "fingerprints": [finding.fingerprint for finding in now.findings[:MOST]],
    }
    told = ", ".join(f"{counts[grade.value]} {grade.value}" for grade in GRADES if counts[grade.value])
    return Event(
        type=EventType.CODE_SCANNED,
        at=now.taken_at,
        schema_version=SCHEMA_VERSION,
        endpoint=endpoint,
        channel=CHANNEL,
        actor=Actor(user=user),
        subject=subject_of("project", now.id, now.name, "scanned"),
        counts={key: number for key, number in counts.items() if number},
        detail={key: plain(value) for key, value in detail.items() if value not in ("", [])},
        message=f"code of {now.name}: {told or 'no path from outside to a launch'}",
    )


def _finding(type_: EventType, finding: KeptFinding, now: Kept, reason: str, endpoint: str, user: str) -> Event:
    slots = ", ".join(finding.slots)
    confidence = "high" if finding.cost <= _SURE else "medium" if finding.cost <= _LIKELY else "low"
    evidence = [f"source={finding.source_path}:{finding.source_line}", f"launch={finding.path}:{finding.line}"]
    evidence += [f"slot={slot}" for slot in finding.slots] + [f"guard={guard}" for guard in finding.guards]
    return Event(
        type=type_,
        at=now.taken_at,
        schema_version=SCHEMA_VERSION,
        endpoint=endpoint,
        channel=CHANNEL,
        actor=Actor(user=user),
        artifact=ArtifactRecord(
            id=now.id, kind="project", name=now.name, fingerprint=finding.fingerprint, path=now.root
        ),
        finding=FindingRecord(
            rule=finding.rule,
            severity=finding.grade,
            confidence=confidence,
            title=finding.title,
            message=(
                f"{finding.source} at {finding.source_path}:{finding.source_line} reaches {slots} of the launch "
                f"at {finding.path}:{finding.line}"
            ),
            remediation=finding.remediation,
            references=finding.advisories,
            evidence=tuple(evidence[:50]),
            fingerprint=finding.fingerprint,
            pack="code",
            reason=reason,
        ),
    )

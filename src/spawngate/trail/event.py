"""Events: the records of the trail, in one versioned form for everything that is recorded.

Belongs here: what an event holds, its canonical bytes, and how foreign values are made fit for them.
Must not be here: how records hang together (`trail.chain`), how a call becomes one (`trail.record`), storage.

Canonical bytes are JSON with sorted keys, no blanks, UTF-8, and no number that another reader could round (integers
within 2**53, everything else as text): what RFC 8785 (JSON Canonicalization Scheme) gives for such a document, and
what `json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)` of Python gives too.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any

import msgspec

from spawngate.model.json import Json
from spawngate.model.snapshot import Change, Difference, FindingChange

SCHEMA_VERSION = 1
"""Raised when a field changes its meaning or goes. A new field or type does not raise it."""
DEEPEST = 32
"""Nesting of foreign values; what lies deeper is named and left out."""
_EXACT = 1 << 53
_SURROGATE = re.compile("[\ud800-\udfff]")


class EventType(StrEnum):
    """What happened. The list stays open: readers accept a type that they do not know."""

    DECISION = "decision"
    MOMENT = "moment"
    """A hook told of something that is not decided (`call.moment`): a prompt, a result, the beginning of a session."""
    ARTIFACT_ADDED = "artifact-added"
    ARTIFACT_CHANGED = "artifact-changed"
    ARTIFACT_REMOVED = "artifact-removed"
    FINDING_OPENED = "finding-opened"
    """A rule says something of an artifact that it did not say before."""
    FINDING_CLOSED = "finding-closed"
    """A rule no longer says it, or the artifact is gone."""
    POLICY_CHANGED = "policy-changed"
    POLICY_REFUSED = "policy-refused"
    """A policy did not validate; the one before stays in force."""
    SELF_PROTECTION = "self-protection"
    """Something of our own was removed, changed or switched off."""
    APPROVAL = "approval"
    """A launch was approved, or an approval was revoked or bound to what was found out at a start."""
    LAUNCH = "launch"
    """What became of a launch that the launcher carried out: probed, ended."""
    TOOLS = "tools"
    """A server's tool list was pinned, changed, or approved again."""
    CONFIGURATION = "configuration"
    """An agent's file was changed outside of every decided call so that launches, hooks or permissions are others."""
    DAEMON_STARTED = "daemon-started"
    DAEMON_STOPPED = "daemon-stopped"
    FALLBACK = "fallback"
    """A hook client decided alone, because the daemon did not answer."""
    UNWRITTEN = "unwritten"
    """Events that could not be written, by type and verdict: written when writing works again."""
    REFUSED = "refused"
    """Connections and requests that the daemon did not serve, by cause."""
    FAULT = "fault"
    """A fault of ours, caught and turned into the configured verdict. Holds places in our code and no values."""
    RECOVERED = "recovered"
    """A torn end of the trail, left by a crash, was cut off."""
    EXPIRED = "expired"
    """Days that retention deleted: which, and where the chain goes on."""
    DELIVERY = "delivery"
    """What became of events on their way to a destination: delivered, failing, dead, replayed, tested."""
    ADMINISTRATION = "administration"
    """Somebody changed how Spawngate itself is set up: routes, destinations, users, tokens, retention."""
    CODE_SCANNED = "code-scanned"
    """The code of a project (`subject`) was scanned: findings and launches in `counts`, SDKs in `detail`."""
    CHECKPOINT = "checkpoint"
    """A signed checkpoint of the store, on its way to where nobody can alter it here (`detail.name`, `detail.note`)."""


class Actor(msgspec.Struct, frozen=True, omit_defaults=True):
    """Who acted."""

    user: str = ""
    agent: str = ""
    """Id of the agent."""
    session: str = ""
    subagent: bool = False
    permission_mode: str = ""
    """As the agent calls it."""


class CallRecord(msgspec.Struct, frozen=True, omit_defaults=True):
    """One tool call, redacted. Contents of files, prompts and answers are counted and never held."""

    tool: str = ""
    kind: str = ""
    id: str = ""
    """The agent's id of this call."""
    moment: str = ""
    """The hook's event: before-tool, permission, prompt, ..."""
    commands: tuple[str, ...] = ()
    programs: tuple[str, ...] = ()
    """Every program that the commands would start, wrappers and substitutions looked through."""
    paths: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    server: str = ""
    server_tool: str = ""
    arguments: Mapping[str, Json] = {}
    """MCP and other tools: names of the arguments, and short redacted values."""
    edits: int = 0
    """Changes of files that it asks for."""
    characters: int = 0
    """Length of the contents that are not held: edits, prompt, response."""
    cwd: str = ""
    cut: bool = False
    """Something was too long and is held in part."""
    problems: tuple[str, ...] = ()
    """What of the payload was not understood. Names fields, never values."""


class Hit(msgspec.Struct, frozen=True, omit_defaults=True):
    """One rule that matched."""

    rule: str
    severity: str
    confidence: str
    pack: str = ""


class DecisionRecord(msgspec.Struct, frozen=True, omit_defaults=True):
    """One decision."""

    verdict: str
    mode: str
    """`monitor`: computed and recorded, and the call went on."""
    reasons: tuple[str, ...] = ()
    """Ids of the policies that decided."""
    hits: tuple[Hit, ...] = ()
    severity: str = ""
    errors: tuple[str, ...] = ()
    message: str = ""
    policy: str = ""
    """Revision of the policy set."""
    silent: bool = False
    latency_us: int = 0
    """Microseconds from the complete request to the record, without the time the disk takes."""


class DifferenceRecord(msgspec.Struct, frozen=True, omit_defaults=True):
    """One changed field of an artifact: a dotted path, and its redacted values."""

    path: str
    old: Json = None
    new: Json = None


class ArtifactRecord(msgspec.Struct, frozen=True, omit_defaults=True):
    """One artifact as it is now; for a removed one, as it was."""

    id: str
    kind: str
    name: str
    fingerprint: str
    agent: str = ""
    scope: str = ""
    path: str = ""
    status: str = ""
    launch: Mapping[str, Json] = {}
    differences: tuple[DifferenceRecord, ...] = ()


class FindingRecord(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a rule says, when it begins to say it and when it no longer does. The artifact stands in `artifact`."""

    rule: str
    severity: str
    confidence: str
    title: str = ""
    message: str = ""
    """One sentence that names what was seen."""
    remediation: str = ""
    references: tuple[str, ...] = ()
    """CWE, OWASP and MITRE ids and addresses."""
    evidence: tuple[str, ...] = ()
    """`fact=value` pairs that made the rule match."""
    fingerprint: str = ""
    """The same for the opening and the closing of one finding."""
    pack: str = ""
    reason: str = ""
    """Of a closing: `gone` (the rule no longer says it), `removed` (the artifact is) or `suppressed` (somebody answers
    for it; code only)."""


class DeliveryRecord(msgspec.Struct, frozen=True, omit_defaults=True):
    """One step of a delivery. Never holds what was delivered, nor an address or a secret."""

    route: str
    destination: str
    """Name that the destination has here."""
    kind: str
    """Type of the destination: syslog, slack, ..."""
    state: str
    """delivered, retry, refused, dead, dropped, replayed, test, paused, resumed."""
    key: str = ""
    """Of the delivery; the same for every attempt."""
    events: int = 0
    attempts: int = 0
    status: int = 0
    """HTTP or SMTP code of the last answer; 0 where there was none."""
    reason: str = ""


class SubjectRecord(msgspec.Struct, frozen=True, omit_defaults=True):
    """What was changed that is no artifact: a policy, an approval, a route, a destination, a user, a token."""

    kind: str
    id: str
    name: str = ""
    action: str = ""
    """created, changed, removed, or a word of its own."""
    differences: tuple[DifferenceRecord, ...] = ()
    """Old and new values by path; a secret's are never here, only that it changed."""


class Event(msgspec.Struct, frozen=True, omit_defaults=True):
    """One record. `stream`, `sequence` and `previous` are given by the chain, and `hash` is not a field: it is
    computed over everything else."""

    type: str
    """One of EventType, or a type of a later version."""
    at: str
    """RFC 3339, UTC, microseconds."""
    schema_version: int
    endpoint: str = ""
    """Random id of the installation."""
    channel: str = ""
    """How we know: hook, inventory, daemon, client, command."""
    actor: Actor = Actor()
    call: CallRecord | None = None
    decision: DecisionRecord | None = None
    artifact: ArtifactRecord | None = None
    finding: FindingRecord | None = None
    delivery: DeliveryRecord | None = None
    subject: SubjectRecord | None = None
    question: Mapping[str, Json] = {}
    """What policy was asked, redacted, so that another policy can be asked the same (`policy replay`)."""
    counts: Mapping[str, int] = {}
    detail: Mapping[str, Json] = {}
    """What the other types hold, by name."""
    message: str = ""
    stream: str = ""
    """Id of one unbroken chain of one endpoint."""
    sequence: int = 0
    """1 for the first record of a stream."""
    previous: str = ""
    """Hash of the record before; 64 zeros for the first."""


_encode = msgspec.json.Encoder(order="sorted").encode


def canonical(value: Event | Mapping[str, Any]) -> bytes:
    """Canonical bytes of an event, or of a decoded record without its hash. Total over what `plain` accepts."""
    try:
        return _encode(value)
    except UnicodeEncodeError:
        return _encode(plain(msgspec.to_builtins(value)))


def plain(value: Any, depth: int = 0) -> Json:
    """A foreign value as canonical bytes can hold it: unsafe characters replaced, inexact numbers as text."""
    if isinstance(value, str):
        return _SURROGATE.sub("\ufffd", value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if -_EXACT <= value <= _EXACT else hex(value)
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) <= _EXACT else repr(value)
    if depth >= DEEPEST:
        return "[deep]"
    if isinstance(value, Mapping):
        return {str(plain(str(key))): plain(item, depth + 1) for key, item in value.items()}
    if isinstance(value, Sequence | set | frozenset):
        return [plain(item, depth + 1) for item in value]
    return plain(str(value))


def subject_of(kind: str, id: str, name: str, action: str, differences: Iterable[Difference] = ()) -> SubjectRecord:
    """The subject of an event, with values that are fit for it."""
    return SubjectRecord(
        kind=kind,
        id=str(plain(id)),
        name=str(plain(name)),
        action=action,
        differences=tuple(DifferenceRecord(item.path, plain(item.old), plain(item.new)) for item in differences),
    )


def finding_event(change: FindingChange, at: str, endpoint: str = "") -> Event:
    """The event of one finding of the inventory that was opened or closed."""
    finding, artifact = change.finding, change.artifact
    about = None
    if artifact is not None:
        about = ArtifactRecord(
            id=artifact.id,
            kind=artifact.kind.value,
            name=artifact.name,
            fingerprint=artifact.fingerprint,
            agent=artifact.agent,
            scope=artifact.scope.value,
            path=artifact.path,
            status=artifact.status.value,
        )
    return Event(
        type=f"finding-{change.change}",
        at=at,
        schema_version=SCHEMA_VERSION,
        endpoint=endpoint,
        channel="inventory",
        actor=Actor(agent="" if artifact is None else artifact.agent),
        artifact=about,
        finding=FindingRecord(
            rule=finding.rule,
            severity=finding.severity.value,
            confidence=finding.confidence.value,
            title=finding.title,
            message=finding.message,
            remediation=finding.remediation,
            references=finding.references,
            evidence=finding.evidence,
            fingerprint=finding.fingerprint,
            pack=finding.pack,
            reason=change.reason,
        ),
    )


def artifact_event(change: Change, at: str, endpoint: str = "") -> Event:
    """The event of one artifact that was added, changed or removed."""
    artifact = change.artifact
    launch: dict[str, Json] = {}
    if artifact.launch is not None:
        given = msgspec.to_builtins(artifact.launch)
        launch = {key: plain(item) for key, item in given.items() if item}
    return Event(
        type=f"artifact-{change.change}",
        at=at,
        schema_version=SCHEMA_VERSION,
        endpoint=endpoint,
        channel="inventory",
        actor=Actor(agent=artifact.agent),
        artifact=ArtifactRecord(
            id=artifact.id,
            kind=artifact.kind.value,
            name=artifact.name,
            fingerprint=artifact.fingerprint,
            agent=artifact.agent,
            scope=artifact.scope.value,
            path=artifact.path,
            status=artifact.status.value,
            launch=launch,
            differences=tuple(
                DifferenceRecord(item.path, plain(item.old), plain(item.new)) for item in change.differences
            ),
        ),
    )


def shortened(event: Event) -> Event:
    """The event without the parts that can be of any length."""
    artifact = event.artifact
    if artifact is not None:
        names = tuple(DifferenceRecord(item.path[:200]) for item in artifact.differences[:200])
        artifact = msgspec.structs.replace(
            artifact, launch={}, differences=names, name=artifact.name[:1000], path=artifact.path[:4000]
        )
    call = event.call
    if call is not None:
        call = CallRecord(
            tool=call.tool[:200],
            kind=call.kind,
            id=call.id[:200],
            moment=call.moment,
            edits=call.edits,
            characters=call.characters,
            cut=True,
        )
    decision = event.decision
    if decision is not None:
        decision = msgspec.structs.replace(
            decision, hits=decision.hits[:200], errors=(), message=decision.message[:1000]
        )
    finding = event.finding
    if finding is not None:
        finding = msgspec.structs.replace(
            finding,
            title=finding.title[:1000],
            message=finding.message[:1000],
            remediation=finding.remediation[:1000],
            references=tuple(each[:200] for each in finding.references[:50]),
            evidence=(),
        )
    subject = event.subject
    if subject is not None:
        names = tuple(DifferenceRecord(item.path[:200]) for item in subject.differences[:200])
        subject = msgspec.structs.replace(subject, id=subject.id[:1000], name=subject.name[:1000], differences=names)
    delivery = event.delivery
    if delivery is not None:
        delivery = msgspec.structs.replace(delivery, key=delivery.key[:1000], reason=delivery.reason[:1000])
    return msgspec.structs.replace(
        event,
        artifact=artifact,
        call=call,
        decision=decision,
        finding=finding,
        delivery=delivery,
        subject=subject,
        question={},
        detail={"cut": True},
        message=event.message[:1000],
    )

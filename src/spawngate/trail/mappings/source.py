"""One stored record as every mapping reads it, and what all of them say in the same way: severity, outcome, a sentence.

Belongs here: reading of a record that may be of a later version or none at all, and words that no format owns.
Must not be here: names and numbers of one format.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from spawngate.model.finding import Severity
from spawngate.trail.event import SCHEMA_VERSION, Event, EventType
from spawngate.trail.severity import severity_of

VENDOR = PRODUCT = "Spawngate"
UNREADABLE = "unreadable"
"""Type of what stands for a record that is no event; it is sent on, so that its place is not empty."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ALERTS = (EventType.SELF_PROTECTION, EventType.CONFIGURATION, EventType.TOOLS)


class Source(msgspec.Struct, frozen=True):
    """One record, ready to be mapped."""

    event: Event
    key: str
    """endpoint:stream:sequence, the same however often it is sent: what a receiver can drop repetitions by."""
    hash: str
    """Of the record in its chain; empty where it has none."""
    record: Mapping[str, Any]
    """Everything that the record holds, fields of later versions included."""

    @property
    def milliseconds(self) -> int:
        """Of the event's time since 1970; 0 where its time is none."""
        return self.microseconds // 1000

    @property
    def microseconds(self) -> int:
        """Of the event's time since 1970; 0 where its time is none or before."""
        return max(0, (_moment(self.event.at) - _EPOCH) // timedelta(microseconds=1))


def read(record: bytes, *, endpoint: str = "", stream: str = "", sequence: int = 0, at: str = "") -> Source:
    """A stored record. Total: bytes that are no event give one of type `unreadable`.

    What the store knows of the record (who sent it, its place, when it came) counts before what it says itself.
    """
    try:
        value = msgspec.json.decode(record)
        event = msgspec.convert(value, Event)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        event = Event(
            type=UNREADABLE, at=at, schema_version=SCHEMA_VERSION, message="a stored record that is not understood"
        )
        value = {"type": UNREADABLE, "at": at}
    event = msgspec.structs.replace(
        event,
        endpoint=endpoint or event.endpoint,
        stream=stream or event.stream,
        sequence=sequence or event.sequence,
        at=event.at or at,
    )
    given = value.get("hash")
    key = f"{event.endpoint}:{event.stream}:{event.sequence}"
    return Source(event, key, given if isinstance(given, str) else "", value)


def severity(event: Event) -> Severity:
    """How bad it is that this happened."""
    decision, finding, delivery = event.decision, event.finding, event.delivery
    said = decision.severity if decision is not None else finding.severity if finding is not None else ""
    what = event.detail.get("what")
    return severity_of(
        event.type,
        said=said,
        verdict=decision.verdict if decision is not None else "",
        delivery=delivery.state if delivery is not None else "",
        what=what if isinstance(what, str) else "",
        is_decision=decision is not None,
    )


def is_stopped(event: Event) -> bool:
    """A call or start was refused, and the refusal took effect."""
    decision = event.decision
    return decision is not None and decision.verdict == "deny" and decision.mode != "monitor"


def is_alert(event: Event) -> bool:
    """Somebody should look at it."""
    if event.type == EventType.DECISION:
        return event.decision is not None and event.decision.verdict == "deny"
    if event.type == EventType.FINDING_OPENED:
        return True
    return event.type in _ALERTS and severity(event).rank >= Severity.MEDIUM.rank


def outcome(event: Event) -> str:
    """`failure`: what was asked for did not happen; `success`: it did; `unknown`."""
    if event.decision is not None:
        if event.decision.verdict == "ask" and event.decision.mode != "monitor":
            return "unknown"
        return "failure" if is_stopped(event) else "success"
    if event.delivery is not None:
        good = event.delivery.state in ("delivered", "replayed", "test", "resumed")
        return "success" if good else "failure"
    if event.type in (EventType.POLICY_REFUSED, EventType.UNWRITTEN, EventType.FAULT, EventType.REFUSED, UNREADABLE):
        return "failure"
    return "success"


def command_line(event: Event) -> str:
    """What a shell or the launcher was to run, redacted; empty where nothing was."""
    return "" if event.call is None else "\n".join(event.call.commands)


def sentence(event: Event) -> str:
    """One line for people: what happened, to what. Not cut, not escaped; may hold any character but line ends."""
    parts: list[str]
    if event.type == EventType.DECISION and event.decision is not None:
        decision, call = event.decision, event.call
        mode = " (monitor)" if decision.mode == "monitor" else ""
        parts = [f"{decision.verdict}{mode}", _subject(event)]
        if call is not None:
            parts.append(command_line(event) or " ".join((*call.urls, *call.paths)))
        if decision.message:
            parts.append(decision.message)
    elif event.finding is not None:
        artifact = event.artifact
        about = "" if artifact is None else f"{artifact.kind} {artifact.name}"
        said = event.finding.message or event.finding.title
        parts = [event.type.replace("-", " "), event.finding.rule, about, said]
    elif event.artifact is not None:
        changed = ", ".join(item.path for item in event.artifact.differences)
        parts = [event.type.replace("-", " "), f"{event.artifact.kind} {event.artifact.name}", changed]
    elif event.delivery is not None:
        delivery = event.delivery
        parts = [f"delivery {delivery.state}", f"{delivery.destination} ({delivery.kind})", delivery.reason]
    else:
        moment = "" if event.call is None else event.call.moment
        parts = [event.type, moment, _subject(event), event.message]
        if event.subject is not None and not event.message:
            parts.append(f"{event.subject.kind} {event.subject.name or event.subject.id} {event.subject.action}")
    return " ".join(": ".join(part.strip() for part in parts if part.strip()).split()) or "event"


def _subject(event: Event) -> str:
    call = event.call
    if call is None:
        return event.actor.agent
    tool = f"{call.server}/{call.server_tool}" if call.server and call.server_tool else call.server or call.tool
    return f"{event.actor.agent} {tool}".strip()


def _moment(at: str) -> datetime:
    try:
        found = datetime.fromisoformat(at)
    except ValueError:
        return _EPOCH
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)

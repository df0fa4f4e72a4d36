"""What a notify destination is told: one group of events with its counts, or a digest of several groups.

Text in a notice is bounded and has no hidden characters (`routing.facts`); it is still untrusted, and each destination
quotes it for its own format.
Must not be here: formats of destinations, when a notice is due (`routing.schedule`).
"""

from collections.abc import Mapping
from typing import Literal

import msgspec

from spawngate.routing.durations import said

Kind = Literal["new", "update", "repeat", "closed", "digest", "test"]


class Sample(msgspec.Struct, frozen=True, omit_defaults=True):
    """One of the events."""

    time: str
    endpoint: str
    line: str
    severity: str = "info"
    verdict: str = ""
    agent: str = ""
    user: str = ""
    type: str = ""


class Part(msgspec.Struct, frozen=True, omit_defaults=True):
    """One group in a digest."""

    title: str
    severity: str
    fresh: int
    total: int
    endpoints: int


class Notice(msgspec.Struct, frozen=True, omit_defaults=True):
    """One message to a destination."""

    id: str
    """The same for every attempt; what a receiver drops duplicates by."""
    key: str
    """The same for every notice of this group: what an issue or incident is found again by."""
    route: str
    kind: Kind
    title: str
    severity: str
    labels: Mapping[str, str] = {}
    """Field of the query language -> value; without empty ones."""
    total: int = 0
    """Events of the group since it began."""
    fresh: int = 0
    """Events since the last notice."""
    endpoints: int = 0
    endpoints_more: bool = False
    """There are more than were counted."""
    open: int = 0
    """Findings that are open."""
    first: str = ""
    last: str = ""
    verdicts: Mapping[str, int] = {}
    """Decisions by verdict."""
    samples: tuple[Sample, ...] = ()
    parts: tuple[Part, ...] = ()
    """Of a digest, worst first."""
    parts_left: int = 0
    """Groups that the digest counts and does not list."""
    link: str = ""
    """Of the console, where a route has one."""
    seconds: float = 0.0
    """Between the first and the last event."""


def counted(notice: Notice) -> str:
    """The counts in words: `10,000 events (9,800 deny, 200 ask) on 2,000 endpoints in 5m`."""
    if notice.kind == "test":
        return "A test of this route. Nothing happened."
    events = _number(notice.total, "event")
    verdicts = ", ".join(f"{count:,} {verdict}" for verdict, count in _by_count(notice.verdicts))
    where = f"{_number(notice.endpoints, 'endpoint', notice.endpoints_more)}"
    text = f"{events}{f' ({verdicts})' if verdicts else ''} on {where}"
    if notice.seconds >= 1:
        text += f" in {said(notice.seconds)}"
    if notice.fresh and notice.fresh != notice.total:
        text += f"; {notice.fresh:,} since the last notice"
    if notice.open:
        text += f"; {_number(notice.open, 'open finding')}"
    return text


def _by_count(verdicts: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(verdicts.items(), key=lambda item: (-item[1], item[0]))


def _number(count: int, what: str, more: bool = False) -> str:
    return f"{'more than ' if more else ''}{count:,} {what}{'' if count == 1 else 's'}"


def cut(text: str, longest: int) -> str:
    """The text in at most so many characters, an ellipsis where something is left out."""
    return text if len(text) <= longest else f"{text[: max(0, longest - 1)]}…"


def details(notice: Notice) -> list[tuple[str, str]]:
    """What stands in a table above the samples: names of ours, values that are untrusted."""
    found = [(name.capitalize(), value) for name, value in notice.labels.items()]
    found.append(("Severity", notice.severity))
    found.append(("First", notice.first))
    if notice.last != notice.first:
        found.append(("Last", notice.last))
    found.append(("Route", notice.route))
    return found


def sample_words(sample: Sample) -> str:
    """Who and where, in front of a sample's line: `2026-11-21T10:00:00Z deny high laptop-7 claude-code ana`."""
    parts = (sample.time[:19] + "Z" if sample.time else "", sample.verdict, sample.severity, sample.endpoint[:40])
    return " ".join(part for part in (*parts, sample.agent[:40], sample.user[:40]) if part)


def part_words(part: Part) -> str:
    """One group of a digest in words."""
    counts = f"{_number(part.fresh, 'event')} on {_number(part.endpoints, 'endpoint')}"
    return f"({part.severity}) {part.title}: {counts}"


HEADLINES: Mapping[Kind, str] = {
    "new": "New",
    "update": "Update",
    "repeat": "Still open",
    "closed": "Closed",
    "digest": "Digest",
    "test": "Test",
}


def headline(notice: Notice) -> str:
    """The first line: what kind of notice, how bad, and of what."""
    if notice.kind == "test":
        return f"[Spawngate] Test of route {notice.route}"
    return f"[Spawngate] {HEADLINES[notice.kind]} ({notice.severity}): {notice.title}"

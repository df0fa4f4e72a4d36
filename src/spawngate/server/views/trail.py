"""Events as lists: decisions and changes with facets, their course over time, and rows that people can read.

A question is words of the query language, chosen values of facets, and a span of time. Facets and course are counted by
the store over the span; where that would be too much, the list is given without them.
Must not be here: one event (`happening`), the language (`trail.query`), HTTP.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import select

from spawngate.server.fleet.tables import ENDPOINTS
from spawngate.server.services import Services
from spawngate.server.store.port import Entry, TooWideError
from spawngate.server.views import names as names_of
from spawngate.server.views.endpoints import in_teams
from spawngate.server.views.filters import Filters
from spawngate.server.views.listing import Facet, facet
from spawngate.trail.event import DecisionRecord, Event
from spawngate.trail.moment import stamp
from spawngate.trail.query import Query, read
from spawngate.trail.query.fields import FIELDS, SCALES
from spawngate.trail.query.syntax import Compare, Node, Value

SPANS: Mapping[str, tuple[str, timedelta, str]] = {
    "1h": ("last hour", timedelta(hours=1), "5m"),
    "24h": ("last 24 hours", timedelta(hours=24), "1h"),
    "7d": ("last 7 days", timedelta(days=7), "1h"),
    "30d": ("last 30 days", timedelta(days=30), "1d"),
    "90d": ("last 90 days", timedelta(days=90), "1d"),
}
"""Name of a span to its words, its length, and the width of one bar of its course."""
USUAL = "24h"
MANY = 10_000
"""Events of a span beyond which those of each endpoint are not counted: a store counts a thousand endpoints ten times
slower than four verdicts, and whoever looks at so many has not narrowed the list yet."""
_BARS = {"5m": timedelta(minutes=5), "1h": timedelta(hours=1), "1d": timedelta(days=1)}
_POOL = ThreadPoolExecutor(4, thread_name_prefix="facets")
_COUNTED = 400
"""Bars, and values of a facet."""
_LONGEST = 240


class Kind(msgspec.Struct, frozen=True):
    """A list of events: which types, and what narrows it."""

    types: tuple[str, ...]
    facets: tuple[str, ...]
    """Fields of the query language."""
    graver: tuple[str, tuple[str, ...]]
    """A field and its values that a second course counts: refusals among decisions."""


DECISIONS = Kind(
    ("decision", "fallback"),
    ("verdict", "agent", "severity", "rule", "endpoint"),
    ("verdict", ("deny", "ask")),
)
CHANGES = Kind(
    (
        "artifact-added",
        "artifact-changed",
        "artifact-removed",
        "finding-opened",
        "finding-closed",
        "code-scanned",
        "configuration",
        "tools",
        "approval",
        "policy-changed",
        "policy-refused",
        "self-protection",
        "launch",
    ),
    ("type", "kind", "agent", "severity", "endpoint"),
    ("type", ("finding-opened", "self-protection", "policy-refused")),
)
TITLES = {
    "verdict": "Verdict",
    "agent": "Agent",
    "mode": "Mode",
    "severity": "Severity",
    "rule": "Rule",
    "endpoint": "Endpoint",
    "user": "User",
    "type": "What",
    "kind": "Kind",
}
_ORDERS = {"verdict": ("deny", "ask", "log", "allow"), "severity": names_of.SEVERITIES}


class EventRow(msgspec.Struct, frozen=True):
    """One event in a list."""

    endpoint: str
    """Who sent it, as the server knows it; with the next two, the event's key."""
    stream: str
    sequence: int
    at: str
    received: str
    type: str
    host: str
    """Of the endpoint, as people call it; empty for what is no endpoint of theirs."""
    user: str
    agent: str
    verdict: str
    mode: str
    severity: str
    rules: tuple[str, ...]
    reasons: tuple[str, ...]
    tool: str
    text: str
    """What happened, in a line: hostile."""
    kind: str
    name: str
    differences: tuple[tuple[str, str, str], ...]
    """Path, old and new value, of what changed."""


class Trail(msgspec.Struct, frozen=True):
    """A page of events."""

    rows: tuple[EventRow, ...]
    cursor: str | None
    facets: tuple[Facet, ...]
    total: int
    """In the span, where it was counted."""
    course: tuple[tuple[str, int], ...]
    graver: tuple[tuple[str, int], ...]
    span: str
    problems: tuple[str, ...] = ()
    """What is missing from the answer, and why."""
    sort: str = ""


def trail(
    services: Services,
    teams: frozenset[int] | None,
    kind: Kind,
    filters: Filters,
    *,
    span: str = USUAL,
    facets: bool = True,
) -> Trail:
    """A page of events. Raises QueryError for a text that is no query, CursorError, StoreError."""
    now = datetime.fromisoformat(services.now())
    asked = read(filters.text, now)
    # From the begin of the first bar: it is then as whole as the others, and whole hours and days are counted already.
    since = "" if asked.since else stamp(_floor(now - SPANS[span][1], _BARS[SPANS[span][2]]))
    fixed = [_one_of("type", kind.types), *of_teams(services, teams)]
    whole = asked.also(*fixed, *_chosen(filters))
    page = services.events.query(whole, since=since, cursor=filters.cursor or None, limit=filters.limit)
    rows = rows_of(services, teams, page.entries)
    problems = list(page.problems)
    if not facets:
        return Trail(rows, page.cursor, (), 0, (), (), span, tuple(problems))
    found: list[Facet] = []
    course: tuple[tuple[str, int], ...] = ()
    graver: tuple[tuple[str, int], ...] = ()
    bar = SPANS[span][2]
    field, values = kind.graver
    courses = (whole, whole.also(_one_of(field, values)))
    try:
        course = _course(services, courses[0], since, bar, now, span)
        many = sum(count for _, count in course) > MANY
        # Each is a question of its own to the store, which answers several at once.
        alarms = _POOL.submit(_course, services, courses[1], since, bar, now, span)
        facets_ = [
            _POOL.submit(
                _facet, services, name, asked.also(*fixed, *_chosen(filters.without(name))), since, filters, teams
            )
            for name in kind.facets
            if not (many and name == "endpoint" and not filters.chosen.get(name))
        ]
        found = [each.result() for each in facets_]
        graver = alarms.result()
    except TooWideError as error:
        problems.append(f"facets and course are left out: {error}")
    shown = tuple(each for each in found if len(each.options) > 1 or any(o.chosen for o in each.options))
    return Trail(rows, page.cursor, shown, sum(count for _, count in course), course, graver, span, tuple(problems))


def rows_of(services: Services, teams: frozenset[int] | None, entries: Sequence[Entry]) -> tuple[EventRow, ...]:
    """Entries as rows; one that cannot be read keeps its place and says so. Raises StoreError."""
    ids = list(dict.fromkeys(each.endpoint for each in entries))
    statement = select(ENDPOINTS.c.id, ENDPOINTS.c.label, ENDPOINTS.c.host).where(
        ENDPOINTS.c.id.in_(ids), *in_teams(ENDPOINTS.c.team, teams)
    )
    with services.database.read() as connection:
        hosts = {row.id: row.label or row.host or row.id for row in connection.execute(statement)}
    return tuple(row_of(each, hosts.get(each.endpoint, "")) for each in entries)


def row_of(entry: Entry, host: str) -> EventRow:
    """One entry as a row. Total."""
    try:
        event = entry.event
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        event = Event(type=entry.type, at=entry.time, schema_version=1, message="this record cannot be read")
    decision = event.decision or DecisionRecord("", "")
    call, artifact, finding = event.call, event.artifact, event.finding
    subject = event.subject
    name = artifact.name if artifact is not None else subject.name if subject is not None else ""
    rules = tuple(dict.fromkeys(each.rule for each in decision.hits))
    differences = artifact.differences if artifact is not None else subject.differences if subject is not None else ()
    return EventRow(
        endpoint=entry.endpoint,
        stream=entry.stream,
        sequence=entry.sequence,
        at=entry.time,
        received=entry.received,
        type=entry.type,
        host=host,
        user=event.actor.user,
        agent=event.actor.agent or (artifact.agent if artifact is not None else ""),
        verdict=decision.verdict,
        mode=decision.mode,
        severity=finding.severity if finding is not None else decision.severity,
        rules=(finding.rule,) if finding is not None else rules,
        reasons=decision.reasons,
        tool="" if call is None else call.server_tool or call.tool,
        text=_text(event),
        kind=artifact.kind if artifact is not None else subject.kind if subject is not None else "",
        name=name,
        differences=tuple((each.path, _value(each.old), _value(each.new)) for each in differences[:20]),
    )


def _text(event: Event) -> str:
    call, finding, artifact = event.call, event.finding, event.artifact
    if call is not None:
        what = call.commands or call.paths or call.urls
        return _cut("; ".join(what) if what else call.tool or call.moment)
    if finding is not None:
        return _cut(finding.message or finding.title or finding.rule)
    if artifact is not None:
        return _cut(", ".join(each.path for each in artifact.differences) or _runs(artifact.launch) or artifact.path)
    return _cut(event.message or event.type)


def _runs(launch: Mapping[str, object]) -> str:
    command, args, url = launch.get("command"), launch.get("args"), launch.get("url")
    words = [command, *(args if isinstance(args, list | tuple) else ())]
    return " ".join(each for each in words if isinstance(each, str)) or (url if isinstance(url, str) else "")


def _value(value: object) -> str:
    if value is None:
        return ""
    return _cut(value if isinstance(value, str) else msgspec.json.encode(value).decode())


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _one_of(name: str, values: Sequence[str]) -> Node:
    field = FIELDS[name]
    scale = SCALES.get(field.kind, ())
    # A word that is on no scale is none of its values, and must not stand for the lowest of them.
    places = {word: float(place) for place, word in enumerate(scale)}
    return Compare(name, field, "=", tuple(Value(each, number=places.get(each, -1.0)) for each in values))


def _chosen(filters: Filters) -> list[Node]:
    """Chosen values of facets as conditions. Values are never put together with the language."""
    return [_one_of(name, values) for name, values in filters.chosen.items() if name in FIELDS]


def of_teams(services: Services, teams: frozenset[int] | None) -> list[Node]:
    """That events are of these teams' endpoints; nothing passes where there are none."""
    if teams is None:
        return []
    statement = select(ENDPOINTS.c.installation).where(*in_teams(ENDPOINTS.c.team, teams))
    with services.database.read() as connection:
        found = list(connection.execute(statement).scalars())
    return [_one_of("endpoint", found or ("none",))]


def _facet(
    services: Services, name: str, query: Query, since: str, filters: Filters, teams: frozenset[int] | None
) -> Facet:
    buckets = services.events.aggregate(name, query, since=since, limit=_COUNTED if name != "endpoint" else 50)
    counts = {each.value: each.count for each in buckets if each.value}
    return facet(
        name, TITLES[name], counts, filters, _labels(services, name, list(counts), teams), _ORDERS.get(name, ())
    )


def _labels(services: Services, name: str, values: Sequence[str], teams: frozenset[int] | None) -> Callable[[str], str]:
    if name == "agent":
        return names_of.agent
    if name == "kind":
        return names_of.kind
    if name != "endpoint":
        return str
    E = ENDPOINTS.c
    statement = select(E.installation, E.label, E.host).where(E.installation.in_(values), *in_teams(E.team, teams))
    with services.database.read() as connection:
        hosts = {row.installation: row.label or row.host for row in connection.execute(statement)}
    return lambda value: hosts.get(value) or names_of.short(value)


def _course(
    services: Services, query: Query, since: str, bar: str, now: datetime, span: str
) -> tuple[tuple[str, int], ...]:
    """Counts over the span, bars without an event as zeros."""
    buckets = services.events.aggregate(f"time:{bar}", query, since=since, limit=_COUNTED)
    counts = {each.value: each.count for each in buckets}
    if not since:
        return tuple((value, counts[value]) for value in sorted(counts))
    width = _BARS[bar]
    at = _floor(now - SPANS[span][1], width)
    found = []
    while at <= now:
        found.append((stamp(at), counts.get(stamp(at), 0)))
        at += width
    return tuple(found)


def _floor(moment: datetime, width: timedelta) -> datetime:
    seconds = int(width.total_seconds())
    return moment - timedelta(seconds=moment.timestamp() % seconds)

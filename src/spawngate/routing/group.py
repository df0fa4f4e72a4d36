"""The state of one group of events: what was counted, what was told, and when something is due.

A value and functions over it; the clock is an argument, in Unix seconds. Told and untold are kept apart, so that
counts in a notice are right however often a worker dies: state and notice are stored in one step.
Must not be here: several groups at once, limits, mute times (`routing.schedule`), storage.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec

from spawngate.routing.facts import EACH, SEVERITIES, Facts, labels
from spawngate.routing.notice import Kind, Notice, Sample
from spawngate.routing.route import Route

SAMPLES = 10
MOST_ENDPOINTS = 10_000
"""Counted exactly up to here."""
MOST_OPEN = 5_000
FORGOTTEN = 24 * 3600.0
"""Seconds of silence after which a group that has nothing to tell is forgotten, at least."""
_HASH = 8


@dataclass(frozen=True, slots=True)
class Seen:
    """One event as a group takes it."""

    facts: Facts
    labels: Mapping[str, str]
    received: float
    """Unix seconds, of the server's clock: an endpoint's is not to be trusted with times."""


class Group(msgspec.Struct, frozen=True, omit_defaults=True):
    """One group."""

    key: str
    route: str
    labels: Mapping[str, str] = {}
    began: float = 0.0
    touched: float = 0.0
    total: int = 0
    fresh: int = 0
    endpoints: bytes = b""
    """Eight bytes of the hash of each endpoint's id, sorted."""
    endpoints_more: bool = False
    severity: str = "info"
    types: Mapping[str, int] = {}
    verdicts: Mapping[str, int] = {}
    samples: tuple[Sample, ...] = ()
    open: tuple[str, ...] = ()
    """Short hashes of the findings that are open, sorted."""
    closing: bool = False
    """Its last open finding was closed, or it was silent for long enough; not told yet."""
    news: bool = False
    """Something that was not told before: an endpoint, a finding, a higher severity."""
    due: float = 0.0
    """When its next notice is due; 0: none is."""
    told: float = 0.0
    """When the last notice was made; 0: none was."""
    ordinal: int = 0
    """Notices that were made."""
    alone: bool = False
    """One of them was its own and no digest, so somebody has an issue or incident of it."""
    remembered: Mapping[str, str] = {}
    """What the destination wants back with the next notice."""

    @property
    def endpoint_count(self) -> int:
        """Endpoints that were counted."""
        return len(self.endpoints) // _HASH


def key_of(route: str, named: Mapping[str, str]) -> str:
    """The key of a group: the same labels of the same route always give the same one."""
    text = "\0".join((route, *(f"{name}\0{value}" for name, value in sorted(named.items()))))
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]


def seen(record: Mapping[str, Any], found: Facts, route: Route, received: str) -> Seen:
    """An event as a group of this route takes it. `received`: RFC 3339; a wrong one counts as the beginning of time."""
    try:
        moment = datetime.fromisoformat(received).timestamp()
    except (ValueError, OverflowError):
        moment = 0.0
    return Seen(found, labels(record, route.text.group_by), moment)


def observe(group: Group, events: Sequence[Seen], route: Route, now: float) -> Group:
    """The group with these events, and its due time."""
    if not events:
        return group
    endpoints = {group.endpoints[at : at + _HASH] for at in range(0, len(group.endpoints), _HASH)}
    before, more, open_ = len(endpoints), group.endpoints_more, set(group.open)
    types, verdicts = dict(group.types), dict(group.verdicts)
    samples = list(group.samples)
    worst, news, closed = SEVERITIES.index(group.severity), group.news, False
    for event in events:
        found = event.facts
        types[found.type] = types.get(found.type, 0) + 1
        if found.verdict:
            verdicts[found.verdict] = verdicts.get(found.verdict, 0) + 1
        if found.endpoint:
            one = hashlib.sha256(found.endpoint.encode("utf-8", "replace")).digest()[:_HASH]
            if one not in endpoints and len(endpoints) >= MOST_ENDPOINTS:
                more = True
            else:
                endpoints.add(one)
        if found.finding:
            name = hashlib.sha256(found.finding.encode("utf-8", "replace")).hexdigest()[: 2 * _HASH]
            if found.closes:
                open_.discard(name)
                closed = True
            elif name not in open_ and len(open_) < MOST_OPEN:
                open_.add(name)
                news = True
        rank = SEVERITIES.index(found.severity)
        if rank > worst:
            worst, news = rank, True
        samples.append(_sample(found))
    moments = [event.received for event in events]
    grown = msgspec.structs.replace(
        group,
        began=min(moments) if not group.total else group.began,
        touched=max(group.touched, *moments),
        total=group.total + len(events),
        fresh=group.fresh + len(events),
        endpoints=b"".join(sorted(endpoints)) if len(endpoints) != before else group.endpoints,
        endpoints_more=more,
        severity=SEVERITIES[worst],
        types=_most(types),
        verdicts=_most(verdicts),
        samples=_chosen(samples),
        open=tuple(sorted(open_)),
        closing=not open_ and (closed or (group.closing and not _reopened(events))),
        news=news or len(endpoints) != before,
    )
    return msgspec.structs.replace(grown, due=_due(grown, route, now))


def _reopened(events: Sequence[Seen]) -> bool:
    return any(not event.facts.closes for event in events)


def _due(group: Group, route: Route, now: float) -> float:
    """When the next notice is due, given that something was just added."""
    if not group.ordinal:
        moment = now + route.group_wait
    elif group.news or group.closing:
        moment = max(now + route.group_wait, group.told + route.group_interval)
    else:
        moment = max(now + route.group_wait, group.told + route.repeat_interval)
    return min(group.due, moment) if group.due else moment


def silent(group: Group, route: Route, now: float) -> Group | None:
    """The group after time has gone by: the same, closing because of its silence, or None where it is forgotten."""
    quiet = now - max(group.touched, group.told)
    if group.due or group.open:
        return group
    if route.close_after and group.ordinal and quiet >= route.close_after:
        return msgspec.structs.replace(group, closing=True, due=now)
    return None if quiet >= max(FORGOTTEN, route.repeat_interval, route.close_after) else group


def tell(group: Group, route: Route, now: float) -> tuple[Notice, Group | None]:
    """The notice that is due, and the group afterwards; None where it is closed and over."""
    kind: Kind = "closed" if group.closing else "new" if not group.ordinal else "update" if group.fresh else "repeat"
    notice = Notice(
        id=notice_id(group.route, group.key, group.began, group.ordinal),
        key=group.key,
        route=group.route,
        kind=kind,
        title=title(group, route),
        severity=group.severity,
        labels={name: value for name, value in group.labels.items() if value},
        total=group.total,
        fresh=group.fresh,
        endpoints=group.endpoint_count,
        endpoints_more=group.endpoints_more,
        open=len(group.open),
        first=stamp(group.began),
        last=stamp(group.touched),
        verdicts=group.verdicts,
        samples=group.samples,
        link=route.text.console,
        seconds=max(0.0, group.touched - group.began),
    )
    return notice, told(group, route, now, alone=True)


def told(group: Group, route: Route, now: float, *, alone: bool) -> Group | None:
    """The group after it was told, by itself or in a digest; None where it is over: closed, or of one event alone."""
    if group.closing or EACH in route.text.group_by:
        return None
    return msgspec.structs.replace(
        group,
        fresh=0,
        news=False,
        told=now,
        ordinal=group.ordinal + 1,
        alone=alone or group.alone,
        samples=(),
        due=now + route.repeat_interval if group.open else 0.0,
    )


def notice_id(route: str, key: str, began: float, ordinal: int) -> str:
    """The id of a notice: the same for every attempt, another for every notice."""
    return hashlib.sha256(f"{route}\0{key}\0{began!r}\0{ordinal}".encode("utf-8", "replace")).hexdigest()[:32]


def title(group: Group, route: Route) -> str:
    """What the group is about, from its labels; where it has none, from its route."""
    if EACH in route.text.group_by or not any(group.labels.values()):
        what = group.samples[0].line if len(group.samples) == 1 and group.total == 1 else f"route {group.route}"
        return what[:200]
    named = [f"{name} {value}" for name, value in group.labels.items() if value and name not in ("type", "fingerprint")]
    head = _subject(group)
    prints = group.labels.get("fingerprint", "")
    if prints and not named:
        named = [f"fingerprint {prints[:16]}"]
    return (f"{head}: {', '.join(named)}" if named else head)[:200]


def _subject(group: Group) -> str:
    if group.verdicts:
        verdict = max(group.verdicts.items(), key=lambda item: (item[1], item[0]))[0]
        return {"deny": "Calls denied", "ask": "Calls asked about", "log": "Calls logged"}.get(
            verdict, f"Calls: {verdict}"
        )
    kind = max(group.types.items(), key=lambda item: (item[1], item[0]))[0] if group.types else ""
    return (kind.replace("-", " ").capitalize() or "Events")[:60]


def _sample(found: Facts) -> Sample:
    return Sample(
        time=found.time,
        endpoint=found.endpoint,
        line=found.line,
        severity=found.severity,
        verdict=found.verdict,
        agent=found.agent,
        user=found.user,
        type=found.type,
    )


def _chosen(samples: Sequence[Sample]) -> tuple[Sample, ...]:
    """The worst of them, each endpoint once where there are enough others, in the order of their arrival."""
    if len(samples) <= SAMPLES:
        return tuple(samples)
    seen_: set[str] = set()
    order: list[tuple[bool, int, int]] = []
    for index, sample in enumerate(samples):
        order.append((sample.endpoint in seen_, -SEVERITIES.index(sample.severity), index))
        seen_.add(sample.endpoint)
    kept = sorted(index for _, _, index in sorted(order)[:SAMPLES])
    return tuple(samples[index] for index in kept)


def _most(counts: Mapping[str, int]) -> Mapping[str, int]:
    """At most twenty kinds: an endpoint can invent as many as it likes."""
    if len(counts) <= 20:
        return counts
    kept = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return {**dict(kept[:19]), "other": sum(count for name, count in kept[19:])}


def stamp(moment: float) -> str:
    """RFC 3339, UTC, seconds."""
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

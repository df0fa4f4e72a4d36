"""What one route sends now: its due groups within its limit, the rest in a digest, nothing while it is muted.

Must not be here: one group (`routing.group`), storage, sending, the clock.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo

import msgspec

from spawngate.routing import limit
from spawngate.routing.facts import SEVERITIES
from spawngate.routing.group import (
    MOST_ENDPOINTS,
    SAMPLES,
    Group,
    Seen,
    key_of,
    notice_id,
    observe,
    silent,
    stamp,
    tell,
    title,
    told,
)
from spawngate.routing.mute import muted
from spawngate.routing.notice import Notice, Part
from spawngate.routing.route import Route

MOST_GROUPS = 5_000
"""Of one route. Events beyond are counted together, because an endpoint could invent groups without end."""
OVERFLOW = {"group": "all others"}
PARTS = 20
_HASH = 8


class Window(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a route has sent."""

    sent: tuple[float, ...] = ()
    """Times of notices that still count against the limit, Unix seconds."""
    digests: int = 0
    """Digests that were made."""
    digest_due: float = 0.0
    digested: float = 0.0
    """When the last digest was made."""
    remembered: Mapping[str, str] = {}
    """What the destination wants back with the next digest."""


@dataclass(frozen=True, slots=True)
class Round:
    """What one look at a route came to. To be stored in one step."""

    notices: tuple[Notice, ...]
    changed: tuple[Group, ...]
    removed: tuple[str, ...]
    """Keys of groups that are over."""
    window: Window


def take(groups: Mapping[str, Group], events: Iterable[Seen], route: Route, now: float) -> tuple[Group, ...]:
    """The groups of one route that these events change, with the events in them."""
    sorted_in: dict[str, list[Seen]] = {}
    named: dict[str, Mapping[str, str]] = {}
    for event in events:
        labels = event.labels
        key = key_of(route.name, labels)
        if key not in groups and key not in sorted_in and len(groups) + len(sorted_in) >= MOST_GROUPS:
            labels = OVERFLOW
            key = key_of(route.name, labels)
        sorted_in.setdefault(key, []).append(event)
        named[key] = labels
    return tuple(
        observe(groups.get(key) or Group(key, route.name, named[key]), found, route, now)
        for key, found in sorted_in.items()
    )


def look(route: Route, groups: Mapping[str, Group], window: Window, now: float, zones: Mapping[str, tzinfo]) -> Round:
    """What is to be sent at `now` (Unix seconds), and how everything stands afterwards."""
    changed: dict[str, Group] = {}
    removed: list[str] = []
    for key, group in groups.items():
        after = silent(group, route, now)
        if after is None:
            removed.append(key)
        elif after is not group:
            changed[key] = after
    window = msgspec.structs.replace(window, sent=limit.recent(window.sent, route.limit, now))
    if muted(route.text.mute, now, zones):
        return Round((), tuple(changed.values()), tuple(removed), window)
    current = {key: changed.get(key, group) for key, group in groups.items()}
    due = sorted(
        (group for group in current.values() if 0 < group.due <= now),
        key=lambda group: (
            not (group.closing and group.alone),
            -SEVERITIES.index(group.severity),
            group.due,
            group.key,
        ),
    )
    alone, together, window = _split(route, due, current.values(), window, now)
    notices: list[Notice] = []
    for group in alone:
        notice, after = tell(group, route, now)
        notices.append(notice)
        _note(changed, removed, group.key, after)
    if together:
        notices.append(_digest(together, route, window))
        window = msgspec.structs.replace(window, digests=window.digests + 1, digested=now)
        for group in together:
            _note(changed, removed, group.key, told(group, route, now, alone=False))
    window = msgspec.structs.replace(window, sent=(*window.sent, *(now for _ in notices)) if route.limit else ())
    return Round(tuple(notices), tuple(changed.values()), tuple(removed), window)


def next_due(route: Route, groups: Iterable[Group], window: Window, now: float) -> float | None:
    """When a look is worth while again, as far as that is known; None: not before another event."""
    moments = [group.due for group in groups if group.due]
    if not moments:
        return None
    if route.digest and window.digest_due:
        moments = [window.digest_due]
    gathered = window.digested + route.group_interval if _gathering(route, window, now) else now
    return max(min(moments), limit.again(window.sent, route.limit, now), gathered)


def _split(
    route: Route, due: Sequence[Group], all_: Iterable[Group], window: Window, now: float
) -> tuple[Sequence[Group], Sequence[Group], Window]:
    """Groups that are told by themselves, groups that are told together, and the window with its digest time.

    A group whose closing must reach its own issue or incident is never put into a digest: it waits for room.
    """
    room = limit.room(window.sent, route.limit, now)
    if route.digest:
        waiting = [group for group in all_ if group.fresh or group.due]
        if not waiting:
            return (), (), window
        if not window.digest_due:
            return (), (), msgspec.structs.replace(window, digest_due=now + route.digest)
        if now < window.digest_due or not room:
            return (), (), window
        return (), sorted(waiting, key=_rank), msgspec.structs.replace(window, digest_due=0.0)
    if not room:
        return (), (), window
    if _gathering(route, window, now):
        return [group for group in due if group.closing and group.alone][:room], (), window
    if len(due) <= room:
        return due, (), window
    own = [group for group in due if group.closing and group.alone]
    rest = [group for group in due if not (group.closing and group.alone)]
    if not rest:
        return own[:room], (), window
    alone = (own if route.gathered else [*own, *rest])[: room - 1]
    taken = {group.key for group in alone}
    together = [group for group in rest if group.key not in taken]
    return alone, together, window


def _gathering(route: Route, window: Window, now: float) -> bool:
    """Whether a storm was told a moment ago, so that what is due meanwhile belongs to the next notice of it."""
    return route.gathered and bool(window.digested) and window.digested <= now < window.digested + route.group_interval


def _rank(group: Group) -> tuple[int, int, str]:
    return -SEVERITIES.index(group.severity), -group.fresh, group.key


def _note(changed: dict[str, Group], removed: list[str], key: str, after: Group | None) -> None:
    if after is None:
        changed.pop(key, None)
        removed.append(key)
    else:
        changed[key] = after


def _digest(groups: Sequence[Group], route: Route, window: Window) -> Notice:
    """One notice of several groups."""
    key = key_of(route.name, {"": "digest"})
    worst = sorted(groups, key=_rank)
    endpoints = {group.endpoints[at : at + _HASH] for group in groups for at in range(0, len(group.endpoints), _HASH)}
    verdicts: dict[str, int] = {}
    for group in groups:
        for verdict, count in group.verdicts.items():
            verdicts[verdict] = verdicts.get(verdict, 0) + count
    total = sum(group.total for group in groups)
    began, touched = min(group.began for group in groups), max(group.touched for group in groups)
    return Notice(
        id=notice_id(route.name, key, began, window.digests),
        key=key,
        route=route.name,
        kind="digest",
        title=f"{len(groups):,} group{'' if len(groups) == 1 else 's'} of route {route.name}",
        severity=worst[0].severity,
        total=total,
        fresh=sum(group.fresh for group in groups),
        endpoints=min(len(endpoints), MOST_ENDPOINTS),
        endpoints_more=len(endpoints) > MOST_ENDPOINTS or any(group.endpoints_more for group in groups),
        open=sum(len(group.open) for group in groups),
        first=stamp(began),
        last=stamp(touched),
        verdicts=verdicts,
        samples=tuple(sample for group in worst for sample in group.samples[:1])[:SAMPLES],
        parts=tuple(
            Part(title(group, route), group.severity, group.fresh, group.total, group.endpoint_count)
            for group in worst[:PARTS]
        ),
        parts_left=max(0, len(groups) - PARTS),
        link=route.text.console,
        seconds=max(0.0, touched - began),
    )


def marked_test(route: str, now: float, draw: str) -> Notice:
    """A notice that says that it is a test. `draw`: random text, so that each test is its own notice."""
    key = hashlib.sha256(f"test\0{route}\0{draw}".encode()).hexdigest()[:32]
    return Notice(
        id=key,
        key=key,
        route=route,
        kind="test",
        title=f"Test of route {route}",
        severity="info",
        first=stamp(now),
        last=stamp(now),
    )

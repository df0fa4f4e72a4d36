"""SHELL. Outbox entries into groups, and groups into notices: the notify worker's first half.

Every step is one write, so that a worker may be killed at any point and every event is still counted exactly once:
taken events and the mark that they were taken, groups that were told and the notices that tell them.
Must not be here: what a route takes and when something is due (`routing`), sending (`worker`).
"""

import math
import os
from collections.abc import Mapping, Sequence

import msgspec

from spawngate.routing.destination import Outcome
from spawngate.routing.facts import decode, facts
from spawngate.routing.group import Group, Seen, seen
from spawngate.routing.notice import Notice
from spawngate.routing.route import Route
from spawngate.routing.schedule import Window, look, next_due, take
from spawngate.server.deliver.ledger import Applied, Ledger, Pending, group_item, window_item
from spawngate.server.deliver.routes import Loaded
from spawngate.server.store.port import Claimed, EventStore, Item, Settled
from spawngate.trail.moment import of_seconds

BATCH = 500
"""Outbox entries that are claimed at once."""
LEASE = 15.0
"""Seconds for which claimed entries are ours; taking them in is a matter of milliseconds."""
LOOK = 30.0
"""Seconds after which a route is looked at although nothing is due: groups grow silent."""
MUTED = 1.0
"""Seconds at least between two looks at a route of which something is due that it may not tell."""
WORKER = "notify"


class Grouping:
    """Groups and windows of all notify routes, as they are stored."""

    def __init__(self, events: EventStore, ledger: Ledger) -> None:
        self._events, self._ledger = events, ledger
        self._groups = ledger.groups()
        self._windows = ledger.windows()
        self._left = ledger.applied()
        """Marks of a worker that was killed between taking events and settling them."""
        self._taken = {each for applied in self._left.values() for each in applied.ids}
        self._batch = 0
        self._looks: dict[str, float] = {}

    def forget_looks(self) -> None:
        """Routes changed: everything is looked at anew."""
        self._looks.clear()

    def waits(self, loaded: Loaded, now: float) -> bool:
        """Whether an event is not taken yet, or something will be due without another event."""
        return bool(self._events.waiting()) or any(
            self._due(route, now) < math.inf for route in notify(loaded).values()
        )

    def remembered(self, notice: Notice) -> Mapping[str, str]:
        """What the destination wants back with a notice."""
        if notice.kind == "digest":
            return self._windows.get(notice.route, Window()).remembered
        group = self._groups.get(notice.route, {}).get(notice.key)
        return {} if group is None else group.remembered

    def learnt(self, notice: Notice, outcome: Outcome) -> Sequence[Item]:
        """What a destination told with a delivery, as it is to be stored."""
        if not outcome.remember:
            return ()
        if notice.kind == "digest":
            window = self._windows.get(notice.route, Window())
            window = msgspec.structs.replace(window, remembered={**window.remembered, **outcome.remember})
            self._windows[notice.route] = window
            return (window_item(notice.route, window),)
        group = self._groups.get(notice.route, {}).get(notice.key)
        if group is None:
            return ()
        group = msgspec.structs.replace(group, remembered={**group.remembered, **outcome.remember})
        self._groups[notice.route][notice.key] = group
        return (group_item(group),)

    def take(self, loaded: Loaded, now: float) -> bool:
        """Take in outbox entries that are due; whether there were any. Raises StoreError."""
        claimed = self._events.claim(WORKER, of_seconds(now), LEASE, BATCH)
        if not claimed:
            if self._left and not self._events.waiting():
                self._ledger.forget_applied(*self._left)
                self._left, self._taken = {}, set()
            return False
        fresh = [each for each in claimed if _name(each) not in self._taken]
        settled, by_route = self._sorted(fresh, loaded, now)
        changed: list[Group] = []
        for name, events in by_route.items():
            changed += take(self._groups.get(name, {}), events, notify(loaded)[name], now)
        self._batch += 1
        mark = f"{of_seconds(now)}-{os.getpid()}-{self._batch}"
        again = {each.id for each in settled}
        counted = [_name(each) for each in fresh if each.id not in again]
        if changed:
            self._ledger.taken(mark, counted, changed)
            for group in changed:
                self._groups.setdefault(group.route, {})[group.key] = group
                self._looks.pop(group.route, None)
            # INVARIANT: what is counted and not settled is known. Where settling fails, or leases ran out, the entries
            # are claimed again, and must not be counted again.
            self._left |= {mark: Applied(tuple(counted))}
            self._taken |= set(counted)
        settled += [Settled(each.id) for each in claimed if each.id not in again]
        held = self._events.settle(WORKER, settled)
        if changed and held == len(settled):
            self._ledger.forget_applied(mark)
            del self._left[mark]
            self._taken -= set(counted)
        return True

    def _sorted(
        self, claimed: Sequence[Claimed], loaded: Loaded, now: float
    ) -> tuple[list[Settled], dict[str, list[Seen]]]:
        """Entries that are put back, and events by route. Entries of a route that is gone are let go."""
        back: list[Settled] = []
        by_route: dict[str, list[Seen]] = {}
        routes = notify(loaded)
        for each in claimed:
            route = routes.get(each.route)
            if route is not None:
                record = decode(each.entry.record)
                by_route.setdefault(each.route, []).append(seen(record, facts(record), route, each.entry.received))
            elif f"route.{each.route}" in loaded.problems:
                back.append(Settled(each.id, of_seconds(now + LEASE)))
        return back, by_route

    def tell(self, loaded: Loaded, now: float) -> list[Pending]:
        """Notices that are due now, stored with the groups that they tell. Raises StoreError."""
        told: list[Pending] = []
        for name, route in notify(loaded).items():
            groups, window = self._groups.get(name, {}), self._windows.get(name, Window())
            if not groups or now < self._looks.get(name, 0.0):
                continue
            found = look(route, groups, window, now, loaded.zones)
            if found.notices or found.changed or found.removed or found.window.digest_due != window.digest_due:
                pending = [
                    Pending(notice, route.text.destination, now, now, remembered=self.remembered(notice))
                    for notice in found.notices
                ]
                self._ledger.told(name, found.window, found.changed, found.removed, pending)
                self._windows[name] = found.window
                for group in found.changed:
                    groups[group.key] = group
                for key in found.removed:
                    groups.pop(key, None)
                told += pending
            self._looks[name] = min(max(self._due(route, now), now + MUTED), now + LOOK)
        return told

    def _due(self, route: Route, now: float) -> float:
        groups, window = self._groups.get(route.name, {}), self._windows.get(route.name, Window())
        found = next_due(route, groups.values(), window, now)
        return math.inf if found is None else found


def _name(claimed: Claimed) -> str:
    """What makes an outbox entry this one. Its id does not: a store may begin anew with them."""
    return "\0".join((claimed.route, claimed.entry.endpoint, claimed.entry.stream, str(claimed.entry.sequence)))


def notify(loaded: Loaded) -> Mapping[str, Route]:
    """The routes of which people are told."""
    return {name: route for name, route in loaded.table.routes.items() if route.kind == "notify"}

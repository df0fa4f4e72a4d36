"""SHELL. The notify worker: outbox entries into groups, due groups into notices, notices to their destinations.

One worker at a time works on a control store (`locked`). Every step is stored before it has an effect outside, so that
a worker may be killed at any point: events are counted exactly once, notices are delivered at least once and under the
same id each time. An attempt is stored as begun before it is made; its lease is the pause until the next.

Must not be here: what is due and what an answer means (`routing`), how something is sent (`carry`), the records of all
this (`ledger`).
"""

import contextlib
import os
import random
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import msgspec

from spawngate.endpoint.lock import locked
from spawngate.model.errors import StateError
from spawngate.routing import breaker as breakers
from spawngate.routing.backoff import PATIENCE, pause
from spawngate.routing.breaker import Breaker
from spawngate.routing.destination import Context, Outcome
from spawngate.routing.facts import decode, facts
from spawngate.routing.group import Group, Seen, seen
from spawngate.routing.route import Route
from spawngate.routing.schedule import Window, look, next_due, take
from spawngate.routing.table import Named
from spawngate.server.deliver.carry import Carrier, exchange
from spawngate.server.deliver.ledger import Ledger, Pending, group_item, window_item
from spawngate.server.deliver.routes import REVISION, Loaded, load
from spawngate.server.deliver.secrets import Sealer
from spawngate.server.store.port import Claimed, ControlStore, Delivery, EventStore, Item, Settled
from spawngate.trail.event import SCHEMA_VERSION, DeliveryRecord, Event, EventType
from spawngate.trail.moment import text as moment

BATCH = 500
"""Outbox entries that are claimed at once."""
LEASE = 15.0
"""Seconds for which claimed entries are ours; taking them in is a matter of milliseconds."""
ATTEMPT = 180.0
"""Seconds after which an attempt that was begun, and of which nothing was heard, is made again."""
LOOK_AT_ROUTES = 2.0
IDLE = 0.25
"""Seconds between two steps with nothing to do."""
AGAIN = 1.0
"""Seconds after a store failed."""
THREADS = 8
WORKER = "notify"
LOCK = "deliver.lock"


@contextlib.contextmanager
def only(folder: Path) -> Iterator[None]:
    """Hold the place of the one worker of a store. Raises StateError where another one has it."""
    with locked(folder / LOCK, 0.0, "another process delivers from this store"):
        yield


class Worker:
    """The worker over one event store and one control store. Not for several threads: `step` and `run` are one's."""

    def __init__(
        self,
        events: EventStore,
        control: ControlStore,
        sealer: Sealer,
        *,
        carrier: Carrier | None = None,
        clock: Callable[[], float] = time.time,
        draw: Callable[[], float] = random.random,
        threads: int = THREADS,
        tell: Callable[[Event], None] = lambda event: None,
        on_problem: Callable[[str], None] = lambda problem: None,
    ) -> None:
        self._events, self._control, self._sealer = events, control, sealer
        self._carrier = carrier or Carrier()
        self._clock, self._draw, self._event, self._on_problem = clock, draw, tell, on_problem
        self._ledger = Ledger(control)
        self._pool = ThreadPoolExecutor(threads, "deliver") if threads else None
        self._flying: dict[str, tuple[Pending, float, Future[Outcome]]] = {}
        self._held: dict[str, dict[str, str]] = {}
        self._loaded = Loaded(load(control, sealer).table)
        self._looked = 0.0
        self._groups = self._ledger.groups()
        self._windows = self._ledger.windows()
        self._breakers = self._ledger.breakers()
        self._pending = self._ledger.pending()
        for id, pending in self._pending.items():
            if pending.begun:
                # There is one worker, so whoever began this attempt is dead: nothing more is heard of it.
                self._pending[id] = msgspec.structs.replace(pending, due=min(pending.due, clock()))
        self._said: set[str] = set()
        self._left = self._ledger.applied()
        """Marks of a worker that was killed between taking events and settling them."""
        self._taken = {each for applied in self._left.values() for each in applied.ids}
        self._batch = 0
        self._reload(force=True)

    # The loop -----------------------------------------------------------------------------------------------------

    def run(self, stop: threading.Event) -> None:
        """Work until `stop` is set; what is on its way then is waited for."""
        try:
            while not stop.is_set():
                try:
                    busy = self.step()
                except StateError as error:
                    self._on_problem(str(error))
                    stop.wait(AGAIN)
                else:
                    if not busy:
                        stop.wait(IDLE)
            with contextlib.suppress(StateError):
                self.finish()
        finally:
            self.close()

    def step(self) -> bool:
        """Everything that can be done now, without waiting for anybody; whether there was something."""
        now = self._clock()
        self._reload()
        done = self._collect(now)
        done |= self._take(now)
        done |= self._tell(now)
        done |= self._send(now)
        return done

    def finish(self) -> None:
        """Wait for what is on its way, and note it."""
        for _, _, future in list(self._flying.values()):
            with contextlib.suppress(Exception):
                future.result()
        self._collect(self._clock())

    def close(self) -> None:
        """Let threads end. Stores are their owner's."""
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def idle(self) -> bool:
        """Whether nothing is on its way and nothing will be due without another event."""
        now = self._clock()
        waiting = any(self._due(route, now) is not None for route in self._routes().values())
        return not (self._flying or self._pending or waiting or self._events.waiting())

    # Routes -------------------------------------------------------------------------------------------------------

    def _reload(self, *, force: bool = False) -> None:
        at = time.monotonic()
        if not force and at - self._looked < LOOK_AT_ROUTES:
            return
        self._looked = at
        if force or (self._control.get("setting", REVISION) or b"") != self._loaded.revision:
            self._loaded = load(self._control, self._sealer)
            self._held.clear()
            for where, problem in self._loaded.problems.items():
                self._problem(f"{where}: {problem}")
            # Dead letters that another process replayed come back as notices, and it changes the revision too.
            for id, pending in self._ledger.pending().items():
                self._pending.setdefault(id, pending)

    def _problem(self, text: str) -> None:
        if text not in self._said:
            self._said.add(text)
            self._on_problem(text)

    def _routes(self) -> Mapping[str, Route]:
        return {name: route for name, route in self._loaded.table.routes.items() if route.kind == "notify"}

    def _due(self, route: Route, now: float) -> float | None:
        return next_due(route, self._groups.get(route.name, {}).values(), self._windows.get(route.name, Window()), now)

    # Outbox entries into groups -----------------------------------------------------------------------------------

    def _take(self, now: float) -> bool:
        claimed = self._events.claim(WORKER, _text(now), LEASE, BATCH)
        if not claimed:
            if self._left and not self._events.waiting():
                self._ledger.forget_applied(*self._left)
                self._left, self._taken = {}, set()
            return False
        fresh = [each for each in claimed if each.id not in self._taken]
        settled, by_route = self._sorted(fresh, now)
        changed: list[Group] = []
        for name, events in by_route.items():
            changed += take(self._groups.get(name, {}), events, self._routes()[name], now)
        self._batch += 1
        mark = f"{_text(now)}-{os.getpid()}-{self._batch}"
        if changed:
            self._ledger.taken(mark, [each.id for each in fresh], changed)
            for group in changed:
                self._groups.setdefault(group.route, {})[group.key] = group
        again = {each.id for each in settled}
        settled += [Settled(each.id) for each in claimed if each.id not in again]
        held = self._events.settle(WORKER, settled)
        if held == len(settled):
            self._ledger.forget_applied(*([mark] if changed else []))
        elif changed:
            # The leases ran out in between: the entries will be claimed again and must not be counted again.
            self._left |= {mark: self._ledger.applied()[mark]}
            self._taken |= {each.id for each in fresh}
        return True

    def _sorted(self, claimed: Sequence[Claimed], now: float) -> tuple[list[Settled], dict[str, list[Seen]]]:
        """Entries that are put back, and events by route. Entries of a route that is gone are let go."""
        back: list[Settled] = []
        by_route: dict[str, list[Seen]] = {}
        routes = self._routes()
        for each in claimed:
            route = routes.get(each.route)
            if route is not None:
                record = decode(each.entry.record)
                by_route.setdefault(each.route, []).append(seen(record, facts(record), route, each.entry.received))
            elif f"route.{each.route}" in self._loaded.problems:
                back.append(Settled(each.id, _text(now + LEASE)))
        return back, by_route

    # Groups into notices ------------------------------------------------------------------------------------------

    def _tell(self, now: float) -> bool:
        told = False
        for name, route in self._routes().items():
            groups, window = self._groups.get(name, {}), self._windows.get(name, Window())
            if not groups:
                continue
            found = look(route, groups, window, now, self._loaded.zones)
            if not (found.notices or found.changed or found.removed or found.window.digest_due != window.digest_due):
                continue
            pending = [
                Pending(
                    notice,
                    route.text.destination,
                    now,
                    now,
                    remembered=window.remembered if notice.kind == "digest" else _remembered(groups, notice.key),
                )
                for notice in found.notices
            ]
            self._ledger.told(name, found.window, found.changed, found.removed, pending)
            self._windows[name] = found.window
            for group in found.changed:
                groups[group.key] = group
            for key in found.removed:
                groups.pop(key, None)
            self._pending |= {each.notice.id: each for each in pending}
            told = True
        return told

    # Notices to destinations --------------------------------------------------------------------------------------

    def _send(self, now: float) -> bool:
        begun = False
        flying = {pending.destination for pending, _, _ in self._flying.values()}
        first: set[tuple[str, str]] = set()
        for pending in sorted(self._pending.values(), key=lambda each: (each.created, each.notice.id)):
            group = (pending.notice.route, pending.notice.key)
            if group in first:
                continue  # an earlier notice of its group is on its way: they stay in order
            first.add(group)
            if pending.notice.id in self._flying or pending.destination in flying:
                continue
            target = self._loaded.table.destinations.get(pending.destination)
            if target is None:
                if f"destination.{pending.destination}" not in self._loaded.problems:
                    self._die(pending, "the destination was removed", now)
                elif now - pending.created > PATIENCE:
                    self._die(pending, "the destination could not be used", now)
                continue
            breaker = self._breakers.get(pending.destination, Breaker())
            if pending.due > now or not breakers.admits(breaker, now):
                if now - pending.created > PATIENCE:
                    self._die(pending, pending.reason or breaker.reason, now)
                continue
            self._begin(pending, target, breaker, now)
            flying.add(pending.destination)
            begun = True
        return begun

    def _begin(self, pending: Pending, target: Named, breaker: Breaker, now: float) -> None:
        pending = msgspec.structs.replace(pending, attempts=pending.attempts + 1, due=now + ATTEMPT, begun=True)
        self._ledger.keep(pending)
        self._pending[pending.notice.id] = pending
        if breaker.open:
            self._set_breaker(target.name, breakers.trying(breaker, now))
        context = Context(
            now=_text(now),
            attempt=pending.attempts,
            remembered={
                **pending.remembered,
                **_remembered(self._groups.get(pending.notice.route, {}), pending.notice.key),
                **(self._windows.get(pending.notice.route, Window()).remembered if _digest(pending) else {}),
            },
            held=dict(self._held.get(target.name, {})),
        )
        arguments = (self._carrier, target.destination, target.settings, pending.notice, context)
        if self._pool is not None:
            self._flying[pending.notice.id] = (pending, now, self._pool.submit(exchange, *arguments))
        else:
            self._settle(pending, exchange(*arguments), now, self._clock())

    def _collect(self, now: float) -> bool:
        ended = [(id, each) for id, each in self._flying.items() if each[2].done()]
        for id, (pending, begun, future) in ended:
            self._settle(pending, future.result(), begun, now)
            del self._flying[id]
        return bool(ended)

    def _settle(self, pending: Pending, outcome: Outcome, begun: float, now: float) -> None:
        """What an attempt came to, stored."""
        destination = pending.destination
        breaker = self._breakers.get(destination, Breaker())
        if outcome.hold:
            self._held.setdefault(destination, {}).update(outcome.hold)
        learnt = self._learnt(pending, outcome)
        if outcome.state == "delivered" or outcome.blame == "content":
            # Who refuses a content is there and well.
            if breaker != Breaker():
                self._set_breaker(destination, breakers.succeeded(breaker))
            if breaker.open:
                self._say("resumed", pending, f"after {breaker.failures} attempts that failed: {breaker.reason}")
        elif outcome.blame:
            after = breakers.failed(
                breaker,
                now,
                self._draw(),
                setting=outcome.blame == "setting",
                reason=outcome.reason,
                asked=outcome.after,
            )
            self._set_breaker(destination, after)
            if after.open and not breaker.open:
                self._say("paused", pending, outcome.reason)
        if outcome.state == "delivered":
            self._note(pending, "delivered", outcome.reason, begun, now)
            self._ledger.finished(pending, *learnt)
            self._pending.pop(pending.notice.id, None)
        elif outcome.state == "refused":
            self._note(pending, "refused", outcome.reason, begun, now)
            self._die(pending, outcome.reason, now)
        else:
            self._note(pending, "retry", outcome.reason, begun, now)
            if now - pending.created > PATIENCE:
                self._die(pending, outcome.reason, now)
                return
            due = now + pause(pending.attempts, self._draw(), outcome.after)
            known = {**pending.remembered, **outcome.remember}
            kept = msgspec.structs.replace(pending, due=due, begun=False, reason=outcome.reason, remembered=known)
            self._ledger.keep(kept)
            self._pending[kept.notice.id] = kept

    def _learnt(self, pending: Pending, outcome: Outcome) -> Sequence[Item]:
        """What the destination wants back with the next notice, with the group or window that it belongs to."""
        if not outcome.remember:
            return ()
        route, key = pending.notice.route, pending.notice.key
        if _digest(pending):
            window = self._windows.get(route, Window())
            window = msgspec.structs.replace(window, remembered={**window.remembered, **outcome.remember})
            self._windows[route] = window
            return (window_item(route, window),)
        group = self._groups.get(route, {}).get(key)
        if group is None:
            return ()
        group = msgspec.structs.replace(group, remembered={**group.remembered, **outcome.remember})
        self._groups[route][key] = group
        return (group_item(group),)

    def _die(self, pending: Pending, reason: str, now: float) -> None:
        dead = msgspec.structs.replace(pending, reason=reason, died=now)
        self._ledger.died(dead)
        self._pending.pop(pending.notice.id, None)
        self._note(dead, "dead", reason, now, now)
        self._say("dead", dead, reason)

    def _set_breaker(self, destination: str, breaker: Breaker) -> None:
        self._ledger.breaker(destination, breaker)
        self._breakers[destination] = breaker

    def _say(self, state: str, pending: Pending, reason: str) -> None:
        """A change for the trail. Never one for every delivery: a route that takes all would deliver that too."""
        target = self._loaded.table.destinations.get(pending.destination)
        self._event(
            Event(
                type=EventType.DELIVERY,
                at=_text(self._clock()),
                schema_version=SCHEMA_VERSION,
                channel="server",
                delivery=DeliveryRecord(
                    route=pending.notice.route,
                    destination=pending.destination,
                    kind="" if target is None else target.destination.name,
                    state=state,
                    key=pending.notice.id,
                    events=pending.notice.fresh,
                    attempts=pending.attempts,
                    reason=reason[:500],
                ),
            )
        )

    def _note(self, pending: Pending, outcome: str, detail: str, begun: float, now: float) -> None:
        self._ledger.delivered(
            Delivery(
                at=_text(now),
                route=pending.notice.route,
                destination=pending.destination,
                outcome=outcome,
                dedup_key=pending.notice.id,
                events=pending.notice.fresh,
                attempt=pending.attempts,
                detail=detail,
                milliseconds=max(0, round((now - begun) * 1000)),
            )
        )


def _remembered(groups: Mapping[str, Group], key: str) -> Mapping[str, str]:
    group = groups.get(key)
    return {} if group is None else group.remembered


def _digest(pending: Pending) -> bool:
    return pending.notice.kind == "digest"


def _text(now: float) -> str:
    return moment(int(now * 1_000_000))

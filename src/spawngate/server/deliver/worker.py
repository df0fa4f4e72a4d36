"""SHELL. The notify worker: outbox entries into groups, due groups into notices, notices to their destinations.

One worker at a time works on a control store (`locked`). Every step is stored before it has an effect outside, so that
a worker may be killed at any point: events are counted exactly once, notices are delivered at least once and under the
same id each time. An attempt is stored as begun before it is made; its lease is the pause until the next.

Must not be here: what is due and what an answer means (`routing`), how something is sent (`carry`), the records of all
this (`ledger`).
"""

import contextlib
import random
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import msgspec

from spawngate.endpoint.lock import locked
from spawngate.model.errors import StateError
from spawngate.routing import breaker as breakers
from spawngate.routing.backoff import PATIENCE, pause
from spawngate.routing.breaker import Breaker
from spawngate.routing.destination import Context, Outcome
from spawngate.routing.table import Named
from spawngate.server.deliver.carry import Carrier, exchange
from spawngate.server.deliver.grouping import Grouping
from spawngate.server.deliver.ledger import Ledger, Pending
from spawngate.server.deliver.routes import REVISION, Loaded, load
from spawngate.server.deliver.secrets import Sealer
from spawngate.server.store.port import ControlStore, Delivery, EventStore
from spawngate.trail.event import SCHEMA_VERSION, DeliveryRecord, Event, EventType
from spawngate.trail.moment import of_seconds

ATTEMPT = 180.0
"""Seconds after which an attempt that was begun, and of which nothing was heard, is made again."""
LOOK_AT_ROUTES = 2.0
IDLE = 0.25
"""Seconds between two steps with nothing to do."""
AGAIN = 1.0
"""Seconds after a store failed."""
THREADS = 8
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
        self._ended = threading.Event()
        self._held: dict[str, dict[str, str]] = {}
        self._loaded = Loaded(load(control, sealer).table)
        self._looked = 0.0
        self._grouping = Grouping(events, self._ledger)
        self._breakers = self._ledger.breakers()
        self._pending = self._ledger.pending()
        for id, pending in self._pending.items():
            if pending.begun:
                # There is one worker, so whoever began this attempt is dead: nothing more is heard of it.
                self._pending[id] = msgspec.structs.replace(pending, due=min(pending.due, clock()))
        self._said: set[str] = set()
        self._quiet: dict[str, float] = {}
        """Until when a destination wants nothing: it asked for a pause, or its vendor for a distance."""
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
                        # An attempt that ends wakes the loop: the next of its destination need not wait.
                        self._ended.wait(IDLE)
                        self._ended.clear()
            with contextlib.suppress(StateError):
                self.finish()
        finally:
            self.close()

    def step(self) -> bool:
        """Everything that can be done now, without waiting for anybody; whether there was something."""
        now = self._clock()
        self._reload()
        done = self._collect(now)
        done |= self._grouping.take(self._loaded, now)
        told = self._grouping.tell(self._loaded, now)
        self._pending |= {each.notice.id: each for each in told}
        done |= bool(told)
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
        return not (self._flying or self._pending or self._grouping.waits(self._loaded, self._clock()))

    # Routes -------------------------------------------------------------------------------------------------------

    def _reload(self, *, force: bool = False) -> None:
        at = time.monotonic()
        if not force and at - self._looked < LOOK_AT_ROUTES:
            return
        self._looked = at
        if force or (self._control.get("setting", REVISION) or b"") != self._loaded.revision:
            self._loaded = load(self._control, self._sealer)
            self._held.clear()
            self._grouping.forget_looks()
            for where, problem in self._loaded.problems.items():
                self._problem(f"{where}: {problem}")
            # Dead letters that another process replayed come back as notices, and it changes the revision too.
            for id, pending in self._ledger.pending().items():
                self._pending.setdefault(id, pending)
            self._resume()

    def _resume(self) -> None:
        """Destinations that somebody tried meanwhile, and that answered: what waits for them need wait no longer."""
        for name, known in self._ledger.breakers().items():
            if known.open or not self._breakers.get(name, known).open:
                continue
            self._breakers[name] = known
            for id, pending in self._pending.items():
                if pending.destination == name and id not in self._flying:
                    self._pending[id] = msgspec.structs.replace(pending, due=min(pending.due, self._clock()))

    def _problem(self, text: str) -> None:
        if text not in self._said:
            self._said.add(text)
            self._on_problem(text)

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
            if now < self._quiet.get(pending.destination, 0.0):
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
            now=of_seconds(now),
            attempt=pending.attempts,
            remembered={**pending.remembered, **self._grouping.remembered(pending.notice), **pending.learnt},
            held=dict(self._held.get(target.name, {})),
        )
        arguments = (self._carrier, target.destination, target.settings, pending.notice, context)
        if self._pool is not None:
            future = self._pool.submit(exchange, *arguments)
            self._flying[pending.notice.id] = (pending, now, future)
            future.add_done_callback(lambda done: self._ended.set())
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
        learnt = self._grouping.learnt(pending.notice, outcome)
        spacing = self._spacing(destination)
        self._quiet[destination] = now + max(spacing, outcome.after or 0.0 if outcome.blame == "destination" else 0.0)
        if outcome.state == "delivered" or outcome.blame == "content":
            # Who refuses a content is there and well.
            if breaker != Breaker():
                self._set_breaker(destination, breakers.succeeded(breaker))
            if breaker.open:
                self._say("resumed", pending, f"after {breaker.failures} attempts that failed: {breaker.reason}")
        elif outcome.blame and outcome.after is None:
            # Whoever names a time is there: it is waited for, and the breaker has nothing to guard.
            after = breakers.failed(
                breaker,
                now,
                self._draw(),
                setting=outcome.blame == "setting",
                reason=outcome.reason,
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
            known = {**pending.learnt, **outcome.remember}
            kept = msgspec.structs.replace(pending, due=due, begun=False, reason=outcome.reason, learnt=known)
            self._ledger.keep(kept)
            self._pending[kept.notice.id] = kept

    def _spacing(self, destination: str) -> float:
        target = self._loaded.table.destinations.get(destination)
        return 0.0 if target is None else target.destination.spacing

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
                at=of_seconds(self._clock()),
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
                at=of_seconds(now),
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

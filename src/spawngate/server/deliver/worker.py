"""SHELL. The notify worker: outbox entries into groups, due groups into notices, notices to their destinations.

One worker at a time works on a control store (`locked`). Every step is stored before it has an effect outside, so that
a worker may be killed at any point: events are counted exactly once, notices are delivered at least once and under the
same id each time. An attempt is stored as begun before it is made; its lease is the pause until the next. Outcomes of
attempts are stored together, and so are attempts that are begun: a commit each would be most of what a delivery costs.

Must not be here: what is due and what an answer means (`routing`), how something is sent (`carry`), the records of all
this (`ledger`).
"""

import contextlib
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import msgspec

from spawngate.endpoint.lock import locked
from spawngate.model.errors import StateError
from spawngate.routing import breaker as breakers
from spawngate.routing.backoff import PATIENCE, pause
from spawngate.routing.breaker import Breaker
from spawngate.routing.destination import Context, Outcome
from spawngate.routing.table import Named
from spawngate.server.deliver.carry import Carrier, exchange
from spawngate.server.deliver.choice import chosen, unusable
from spawngate.server.deliver.grouping import Grouping
from spawngate.server.deliver.ledger import Ledger, Pending, breaker_item, dead_item, notice_item
from spawngate.server.deliver.queue import Queue
from spawngate.server.deliver.routes import REVISION, Loaded, load
from spawngate.server.deliver.secrets import Sealer
from spawngate.server.deliver.unwritten import Unwritten
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
THREADS = 24
ABREAST = 4
"""Attempts at one destination at the same time, of different groups; one before a first success and after a failure."""
LOCK = "deliver.lock"


@contextlib.contextmanager
def only(folder: Path) -> Iterator[None]:
    """Hold the place of the one worker of a store. Raises StateError where another one has it."""
    with locked(folder / LOCK, 0.0, "another process delivers from this store"):
        yield


class Start(NamedTuple):
    """An attempt that is about to be made."""

    pending: Pending
    target: Named
    context: Context
    at: float


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
        self._starting: list[Start] = []
        """Attempts that are decided, and begin when that is stored."""
        self._unwritten = Unwritten(control)
        self._abreast: dict[str, int] = {}
        self._ended = threading.Event()
        self._held: dict[str, dict[str, str]] = {}
        self._loaded = Loaded(load(control, sealer).table)
        self._looked = 0.0
        self._grouping = Grouping(events, self._ledger)
        self._breakers = self._ledger.breakers()
        self._queue = Queue(
            {
                # There is one worker, so whoever began an attempt is dead: nothing more is heard of it.
                id: msgspec.structs.replace(each, due=min(each.due, clock())) if each.begun else each
                for id, each in self._ledger.pending().items()
            }
        )
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
        # Before routes are read again: what is stored of notices then is what has become of them.
        self._unwritten.write()
        self._reload()
        done = self._collect(now)
        self._unwritten.write()
        self._start()
        done |= self._grouping.take(self._loaded, now)
        told = self._grouping.tell(self._loaded, now)
        for each in told:
            self._queue.put(each)
        done |= bool(told)
        done |= self._send(now)
        self._unwritten.write()
        self._start()
        return done

    def finish(self) -> None:
        """Wait for what is on its way, and note it."""
        for _, _, future in list(self._flying.values()):
            with contextlib.suppress(Exception):
                future.result()
        self._collect(self._clock())
        self._unwritten.write()

    def close(self) -> None:
        """Let threads end. Stores are their owner's."""
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def idle(self) -> bool:
        """Whether nothing is on its way and nothing will be due without another event."""
        return not (self._flying or self._starting or self._queue or self._grouping.waits(self._loaded, self._clock()))

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
                if id not in self._queue:
                    self._queue.put(pending)
            self._resume()

    def _resume(self) -> None:
        """Destinations that somebody tried meanwhile, and that answered: what waits for them need wait no longer."""
        for name, known in self._ledger.breakers().items():
            if known.open or not self._breakers.get(name, known).open:
                continue
            self._breakers[name] = known
            for pending in self._queue.of(name):
                if pending.notice.id not in self._flying:
                    self._queue.put(msgspec.structs.replace(pending, due=min(pending.due, self._clock())))

    def _problem(self, text: str) -> None:
        if text not in self._said:
            self._said.add(text)
            self._on_problem(text)

    # Notices to destinations --------------------------------------------------------------------------------------

    def _send(self, now: float) -> bool:
        """Decide which attempts begin now; whether there are any."""
        before = len(self._starting)
        flying = Counter(pending.destination for pending, _, _ in self._flying.values())
        flying.update(start.target.name for start in self._starting)
        for destination in self._queue.destinations():
            target = self._loaded.table.destinations.get(destination)
            if target is None:
                removed = f"destination.{destination}" not in self._loaded.problems
                choice = unusable(self._queue.of(destination), now, removed=removed)
            elif now < self._quiet.get(destination, 0.0):
                continue
            else:
                breaker = self._breakers.get(destination, Breaker())
                alone = breaker.open or breaker.failures or target.destination.spacing
                room = (1 if alone else self._abreast.get(destination, 1)) - flying[destination]
                choice = chosen(self._queue.of(destination), room, self._flying, breaker, now)
                for pending in choice.begin:
                    self._begin(pending, target, breaker, now)
            for pending, reason in choice.dead:
                self._die(pending, reason, now)
        return len(self._starting) > before

    def _begin(self, pending: Pending, target: Named, breaker: Breaker, now: float) -> None:
        pending = msgspec.structs.replace(pending, attempts=pending.attempts + 1, due=now + ATTEMPT, begun=True)
        self._unwritten.put(notice_item(pending))
        self._queue.put(pending)
        if breaker.open:
            self._set_breaker(target.name, breakers.trying(breaker, now))
        context = Context(
            now=of_seconds(now),
            attempt=pending.attempts,
            remembered={**pending.remembered, **self._grouping.remembered(pending.notice), **pending.learnt},
            held=dict(self._held.get(target.name, {})),
        )
        self._starting.append(Start(pending, target, context, now))

    def _start(self) -> None:
        """Make the attempts that were stored as begun."""
        starting, self._starting = self._starting, []
        for pending, target, context, at in starting:
            arguments = (self._carrier, target.destination, target.settings, pending.notice, context)
            if self._pool is not None:
                future = self._pool.submit(exchange, *arguments)
                self._flying[pending.notice.id] = (pending, at, future)
                future.add_done_callback(lambda done: self._ended.set())
            else:
                self._settle(pending, exchange(*arguments), at, self._clock())
        if self._pool is None:
            self._unwritten.write()

    def _collect(self, now: float) -> bool:
        ended = [(id, each) for id, each in self._flying.items() if each[2].done()]
        for id, (pending, begun, future) in ended:
            self._settle(pending, future.result(), begun, now)
            del self._flying[id]
        return bool(ended)

    def _settle(self, pending: Pending, outcome: Outcome, begun: float, now: float) -> None:
        """What an attempt came to."""
        destination = pending.destination
        breaker = self._breakers.get(destination, Breaker())
        if outcome.hold:
            self._held.setdefault(destination, {}).update(outcome.hold)
        learnt = self._grouping.learnt(pending.notice, outcome)
        spacing = self._spacing(destination)
        self._quiet[destination] = now + max(spacing, outcome.after or 0.0 if outcome.blame == "destination" else 0.0)
        taken = outcome.state == "delivered" and not spacing
        self._abreast[destination] = min(self._abreast.get(destination, 1) + 1, ABREAST) if taken else 1
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
            self._unwritten.put(*learnt)
            self._unwritten.remove("notice", pending.notice.id)
            self._queue.pop(pending.notice.id)
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
            self._unwritten.put(notice_item(kept))
            self._queue.put(kept)

    def _spacing(self, destination: str) -> float:
        target = self._loaded.table.destinations.get(destination)
        return 0.0 if target is None else target.destination.spacing

    def _die(self, pending: Pending, reason: str, now: float) -> None:
        dead = msgspec.structs.replace(pending, reason=reason, died=now)
        self._unwritten.put(dead_item(dead))
        self._unwritten.remove("notice", pending.notice.id)
        self._queue.pop(pending.notice.id)
        self._note(dead, "dead", reason, now, now)
        self._say("dead", dead, reason)

    def _set_breaker(self, destination: str, breaker: Breaker) -> None:
        self._unwritten.put(breaker_item(destination, breaker))
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
        self._unwritten.delivered(
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

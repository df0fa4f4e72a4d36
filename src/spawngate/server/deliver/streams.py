"""SHELL. The stream worker: every event of a route to its destination, in the order of arrival, batch by batch.

One cursor for each route, stored after a batch was taken: a worker that is killed sends at most one batch again, and
never leaves one out. A destination that fails holds up its own route and no other; nothing is given up for time, since
the store keeps what waits. Only an event that the destination will never take becomes a dead letter, and the rest goes
on.

Must not be here: requests and what answers mean (`routing.destinations`), how something is sent (`carry`).
"""

import hashlib
import random
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import msgspec

from spawngate.model.errors import StateError
from spawngate.routing.backoff import LONGEST, LONGEST_ASKED, pause
from spawngate.routing.destination import Batch, Context, ItemOutcome, Outcome
from spawngate.routing.facts import decode
from spawngate.routing.route import Route
from spawngate.routing.stream import StreamSettings
from spawngate.routing.table import Named
from spawngate.server.deliver.carry import Carrier, exchange, place
from spawngate.server.deliver.refused import Refused, dead_letters, letter_name
from spawngate.server.deliver.routes import REVISION, Loaded, load
from spawngate.server.deliver.secrets import Sealer
from spawngate.server.deliver.setup import untold
from spawngate.server.store.port import AlteredError, ControlStore, Delivery, Entry, EventStore, Item, Position
from spawngate.trail.event import SCHEMA_VERSION, DeliveryRecord, Event, EventType
from spawngate.trail.moment import of_seconds

IDLE = 0.25
"""Seconds between two looks for new events."""
AGAIN = 1.0
"""Seconds after a store failed."""
LOOK_AT_ROUTES = 2.0
LEAVING = 1.0
"""Seconds that streams have to end after routes changed, before the others go on without them."""
SETTING_PAUSE = 60.0
"""Seconds at least, where credentials or an address are wrong: asking every second locks accounts."""
SHORTEST = 0.05


class Cursor(msgspec.Struct, frozen=True, omit_defaults=True):
    """How far a route has come. Times are Unix seconds."""

    day: str = ""
    number: int = 0
    entries: int = 0
    """Of the batch that is tried again, so that it stays the same; 0: as many as the settings say."""
    attempts: int = 0
    """That failed, in a row."""
    since: float = 0.0
    """When the first of these failed."""
    due: float = 0.0
    reason: str = ""
    delivered: int = 0
    """Events, since the route is there."""
    refused: int = 0
    dropped: str = ""
    """Day of which was told that retention deleted it before all of it was sent."""
    remembered: Mapping[str, str] = {}

    @property
    def position(self) -> Position:
        """Behind the last event that is settled."""
        return Position(self.day, self.number)


class Stream:
    """One route. Not for several threads."""

    def __init__(
        self,
        events: EventStore,
        control: ControlStore,
        route: Route,
        target: Named,
        *,
        carrier: Carrier,
        clock: Callable[[], float] = time.time,
        draw: Callable[[], float] = random.random,
        tell: Callable[[Event], None] = lambda event: None,
    ) -> None:
        self._events, self._control, self._route, self._target = events, control, route, target
        self._carrier, self._clock, self._draw, self._tell = carrier, clock, draw, tell
        settings = target.settings
        self._most = settings.batch_events if isinstance(settings, StreamSettings) else 500
        self._held: dict[str, str] = {}
        self.cursor = cursor_of(control, route.name)

    def step(self) -> float:
        """Send what comes next; seconds until there is something to do again. Raises StoreError."""
        now = self._clock()
        cursor = self.cursor
        # A time beyond the longest pause was set by a clock that was wrong.
        if now < cursor.due <= now + LONGEST_ASKED + LONGEST:
            return min(cursor.due - now, 1.0)
        self._replay(now)
        if cursor.attempts:
            self._tell_dropped(cursor)
        entries, end = self._events.after(cursor.position, min(cursor.entries or self._most, self._most))
        if not entries:
            return IDLE
        places = [at for at, entry in enumerate(entries) if self._route.takes(decode(entry.record))]
        if not places:
            self._keep(_at(cursor, end, entries=0))
            return 0.0
        chosen = [entries[at] for at in places]
        outcome = self._sent(chosen, now, cursor.attempts + 1, cursor.remembered)
        return self._settle(entries, end, places, outcome, now)

    def _tell_dropped(self, cursor: Cursor) -> None:
        """Say once that retention deleted a day while its events waited for a destination that failed."""
        if not cursor.day or cursor.dropped == cursor.day:
            return
        if cursor.day not in {day.day for day in self._events.stats().days}:
            reason = f"events of {cursor.day} and later were deleted by retention before they could be sent"
            self._say("dropped", reason, cursor.attempts)
            self._keep(msgspec.structs.replace(self.cursor, dropped=cursor.day))

    def _sent(self, chosen: Sequence[Entry], now: float, attempt: int, remembered: Mapping[str, str]) -> Outcome:
        batch = Batch(self._route.name, _identity(self._route.name, chosen), tuple(chosen))
        context = Context(of_seconds(now), attempt, dict(remembered), dict(self._held))
        outcome = exchange(self._carrier, self._target.destination, self._target.settings, batch, context)
        self._held.update(outcome.hold)
        return outcome

    def _settle(
        self, entries: Sequence[Entry], end: Position, places: Sequence[int], outcome: Outcome, now: float
    ) -> float:
        cursor = self.cursor
        if outcome.state == "refused" and not outcome.items and len(places) > 1:
            # As a whole and without a word which: half of it next, until it is one.
            self._keep(msgspec.structs.replace(cursor, entries=max(1, len(entries) // 2)))
            return 0.0
        told = {item.index: item for item in outcome.items}
        states = [told.get(index) or ItemOutcome(index, outcome.state, outcome.reason) for index in range(len(places))]
        cut = next((index for index, each in enumerate(states) if each.state == "retry"), len(states))
        refused = [(entries[places[each.index]], each.reason) for each in states[:cut] if each.state == "refused"]
        self._bury(refused, now)
        moved, position = len(entries), end
        if cut < len(places):
            moved = places[cut]
            position = self._events.after(cursor.position, moved)[1] if moved else cursor.position
        taken = cut - len(refused)
        after = msgspec.structs.replace(
            _at(cursor, position, entries=0 if moved else len(entries)),
            delivered=cursor.delivered + taken,
            refused=cursor.refused + len(refused),
            remembered={key: value for key, value in {**cursor.remembered, **outcome.remember}.items() if value},
        )
        self._note(entries[places[0]], outcome, taken, len(refused), cursor.attempts + 1, now)
        if outcome.state != "retry":
            self._well(cursor)
            self._keep(msgspec.structs.replace(after, attempts=0, since=0.0, due=0.0, reason=""))
            return 0.0
        if not outcome.blame and outcome.after is not None:
            # Nothing failed: an answer is waited for, or the rest of the batch comes next.
            wait = max(SHORTEST, outcome.after) if not taken else 0.0
            self._keep(msgspec.structs.replace(after, due=now + wait if wait else 0.0, reason=outcome.reason))
            return wait
        attempts = 1 if taken else cursor.attempts + 1
        wait = max(SHORTEST, pause(attempts, self._draw(), outcome.after))
        if outcome.blame == "setting":
            wait = max(wait, SETTING_PAUSE)
        if not cursor.attempts:
            self._say("retry", outcome.reason, attempts)
        since = cursor.since or now
        self._keep(
            msgspec.structs.replace(after, attempts=attempts, since=since, due=now + wait, reason=outcome.reason)
        )
        return min(wait, 1.0)

    def _replay(self, now: float) -> None:
        """Send dead letters once more that somebody asked for, each by itself."""
        for name, letter in dead_letters(self._control, self._route.name).items():
            if not letter.replay:
                continue
            found = self._events.find(letter.key)
            outcome = Outcome("refused", "the event is not in the store any more")
            if found is not None:
                outcome = self._sent([found[0]], now, 1, {})
                self._note(found[0], outcome, int(outcome.state == "delivered"), 0, 1, now)
            refused = outcome.state != "delivered" or any(item.state == "refused" for item in outcome.items)
            if refused:
                reason = next((item.reason for item in outcome.items), outcome.reason)
                kept = msgspec.structs.replace(letter, replay=False, reason=reason, died=now)
                self._control.put(Item("dead-letter", name, msgspec.json.encode(kept)))
            else:
                self._control.remove("dead-letter", name)
                self._say("replayed", "", 1)

    def _bury(self, refused: Sequence[tuple[Entry, str]], now: float) -> None:
        letters = [
            Refused(self._route.name, self._target.name, entry.key, reason[:500], now) for entry, reason in refused
        ]
        if letters:
            self._control.put(
                *(Item("dead-letter", letter_name(each.route, each.key), msgspec.json.encode(each)) for each in letters)
            )
            self._say("dead", f"{len(letters)} events were refused: {letters[0].reason}", 1, len(letters))

    def _well(self, before: Cursor) -> None:
        if before.attempts:
            self._say("resumed", f"after {before.attempts} attempts that failed: {before.reason}", before.attempts)

    def _say(self, state: str, reason: str, attempts: int, events: int = 0) -> None:
        """A change for the trail. Never one for every batch: that event would be in the next batch."""
        self._tell(
            Event(
                type=EventType.DELIVERY,
                at=of_seconds(self._clock()),
                schema_version=SCHEMA_VERSION,
                channel="server",
                delivery=DeliveryRecord(
                    route=self._route.name,
                    destination=self._target.name,
                    kind=self._target.destination.name,
                    state=state,
                    events=events,
                    attempts=attempts,
                    reason=reason[:500],
                ),
            )
        )

    def _note(self, first: Entry, outcome: Outcome, taken: int, refused: int, attempt: int, now: float) -> None:
        word = "delivered" if taken or outcome.state == "delivered" else outcome.state
        detail = outcome.reason if not refused else f"{refused} refused; {outcome.reason}"
        self._control.delivered(
            Delivery(
                at=of_seconds(now),
                route=self._route.name,
                destination=self._target.name,
                outcome=word,
                dedup_key=_identity(self._route.name, [first]),
                events=taken,
                first=first.key,
                attempt=attempt,
                detail=detail[:500],
                milliseconds=max(0, round((self._clock() - now) * 1000)),
            )
        )

    def _keep(self, cursor: Cursor) -> None:
        if cursor != self.cursor:
            self._control.put(Item("cursor", self._route.name, msgspec.json.encode(cursor)))
            self.cursor = cursor


class Streams:
    """All stream routes of a store, a thread for each."""

    def __init__(
        self,
        events: EventStore,
        control: ControlStore,
        sealer: Sealer,
        *,
        carrier: Carrier | None = None,
        clock: Callable[[], float] = time.time,
        draw: Callable[[], float] = random.random,
        tell: Callable[[Event], None] = lambda event: None,
        on_problem: Callable[[str], None] = lambda problem: None,
    ) -> None:
        self._events, self._control, self._sealer = events, control, sealer
        self._rest: dict[str, Any] = {"carrier": carrier or Carrier(), "clock": clock, "draw": draw, "tell": tell}
        self._on_problem = on_problem
        self._running: dict[str, tuple[threading.Event, threading.Thread]] = {}
        self._ready: dict[str, Callable[[], Stream]] = {}
        """Routes that begin once what went on under their name before has ended."""

    def run(self, stop: threading.Event) -> None:
        """Work until `stop` is set; batches that are on their way then are waited for."""
        revision: bytes | None = None
        try:
            while not stop.is_set():
                try:
                    current = self._control.get("setting", REVISION) or b""
                    if current != revision:
                        self._leave()
                        loaded = load(self._control, self._sealer)
                        self._tell_changes(loaded)
                        self._start(loaded, fresh=revision is not None)
                        revision = current
                    self._begin()
                except StateError as error:
                    self._on_problem(str(error))
                stop.wait(LOOK_AT_ROUTES)
        finally:
            self._end()

    def _start(self, loaded: Loaded, *, fresh: bool) -> None:
        for name, route in loaded.table.routes.items():
            target = loaded.table.destinations.get(route.text.destination)
            if route.kind != "stream" or target is None or not route.text.enabled:
                continue
            self._ready[name] = partial(self._made, route, target, fresh=fresh)

    def _made(self, route: Route, target: Named, *, fresh: bool) -> Stream:
        stream = Stream(self._events, self._control, route, target, **self._rest)
        if fresh:
            # Somebody changed something: what was wrong with the setting may be right now.
            stream.cursor = msgspec.structs.replace(stream.cursor, due=0.0)
        return stream

    def _leave(self) -> None:
        """Have all of them end, and give them a moment: one that waits for a server must not hold up the others."""
        self._ready.clear()
        for end, _ in self._running.values():
            end.set()
        until = time.monotonic() + LEAVING
        for _, thread in self._running.values():
            thread.join(max(0.0, until - time.monotonic()))

    def _begin(self) -> None:
        """Start what is ready and whose place is free."""
        self._running = {name: each for name, each in self._running.items() if each[1].is_alive()}
        for name in [name for name in self._ready if name not in self._running]:
            stream, end = self._ready.pop(name)(), threading.Event()
            thread = threading.Thread(target=self._follow, args=(stream, end), name=f"stream-{name}", daemon=True)
            self._running[name] = (end, thread)
            thread.start()

    def _tell_changes(self, loaded: Loaded) -> None:
        events, known = untold(self._control, self._sealer, loaded, of_seconds(self._rest["clock"]()))
        for event in events:
            self._rest["tell"](event)
        if events:
            self._control.put(known)

    def _follow(self, stream: Stream, end: threading.Event) -> None:
        while not end.is_set():
            try:
                wait = stream.step()
            except StateError as error:
                self._on_problem(str(error))
                wait = AGAIN
            except Exception as error:  # noqa: BLE001  # architecture section 9: told without values, and tried again
                self._on_problem(f"internal error: {place(error)}; please report it")
                wait = AGAIN
            if wait:
                end.wait(wait)

    def _end(self) -> None:
        for end, _ in self._running.values():
            end.set()
        for _, thread in self._running.values():
            thread.join()
        self._running.clear()


def cursor_of(control: ControlStore, route: str) -> Cursor:
    """How far a route has come; the beginning of the store for a new one, and where that was altered: what was sent
    comes again rather than that something is passed over."""
    try:
        stored = control.get("cursor", route)
        return Cursor() if stored is None else msgspec.json.decode(stored, type=Cursor)
    except (msgspec.DecodeError, AlteredError):
        return Cursor()


def _identity(route: str, chosen: Sequence[Entry]) -> str:
    told = "\0".join((route, *(f"{entry.endpoint}\0{entry.stream}\0{entry.sequence}" for entry in chosen)))
    return hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()[:32]


def _at(cursor: Cursor, position: Position, *, entries: int) -> Cursor:
    return msgspec.structs.replace(cursor, day=position.day, number=position.number, entries=entries)

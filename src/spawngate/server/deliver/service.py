"""SHELL. Deliveries of one open store: the routes as they are now, the notify worker, the streams.

Must not be here: what they do (`worker`, `streams`), who opens the store (`server.embedded`).
"""

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from typing import Any

from spawngate.model.errors import StateError
from spawngate.server.deliver.carry import Carrier, place
from spawngate.server.deliver.checkpoints import Checkpoints
from spawngate.server.deliver.routes import REVISION, Loaded, load, outbox
from spawngate.server.deliver.secrets import Sealer, sealer
from spawngate.server.deliver.streams import Streams
from spawngate.server.deliver.worker import Worker
from spawngate.server.store.port import ControlStore, Entry, OutboxEntry
from spawngate.server.store.whole import Store, Turn
from spawngate.trail.event import Event

AGAIN = 5.0
"""Seconds after a worker ended by a fault."""
GRACE = 1.0
"""Seconds that each worker has at the end for what is on its way, before connections are cut off."""
LOOK = 1.0
"""Seconds for which routes are taken to be as they were."""

TURN = 2.0
"""Seconds between two looks at whose turn it is: well below the lease that says so."""

Outbox = Callable[[Sequence[Entry]], Sequence[OutboxEntry]]


class Routes:
    """The routes of a control store, read again when they change. For any thread."""

    def __init__(self, control: ControlStore, sealer: Sealer, clock: Callable[[], str]) -> None:
        self._control, self._sealer, self._clock = control, sealer, clock
        self._lock = threading.Lock()
        self._loaded: Loaded | None = None
        self._looked = 0.0

    def outbox(self, entries: Sequence[Entry]) -> Sequence[OutboxEntry]:
        """Which routes wait for which events. Raises StoreError: an event without its rows must not be stored."""
        with self._lock:
            now = time.monotonic()
            if self._loaded is None or now - self._looked >= LOOK:
                revision = self._control.get("setting", REVISION) or b""
                if self._loaded is None or revision != self._loaded.revision:
                    self._loaded = load(self._control, self._sealer)
                self._looked = now
            loaded = self._loaded
        return outbox(entries, loaded.table, self._clock())


@contextmanager
def delivering(
    store: Store, environment: Mapping[str, str], say: Callable[[str], None], carrier: Carrier | None = None
) -> Iterator[Outbox]:
    """Deliver what the store takes in, until the context ends; what is on its way then is waited for, a moment.

    Gives what `append` needs beside each batch. Where nothing can be delivered (no key for the secrets, another process
    delivers), `say` is told, and events are still stored, with their outbox rows where routes can be read.
    """
    with ExitStack() as stack:
        try:
            seals = sealer(store.folder, environment)
        except StateError as error:
            say(f"nothing is delivered: {error}")
            yield lambda entries: ()
            return
        routes = Routes(store.control, seals, store.now)
        turn = store.delivery_turn()
        try:
            if turn is None:
                stack.enter_context(store.delivers())
        except StateError as error:
            say(f"nothing is delivered here: {error}")
            yield routes.outbox
            return

        def tell(event: Event) -> None:
            try:
                store.own.record([event])
            except StateError as error:
                say(str(error))

        def crew(control: ControlStore) -> Crew:
            carried = carrier or Carrier(keep_out=store.folder.parent)
            given: dict[str, Any] = {"carrier": carried, "tell": tell, "on_problem": say}
            kinds = (
                partial(Worker, store.events, control, seals, **given),
                partial(Streams, store.events, control, seals, **given),
                lambda: Checkpoints(control, lambda event: store.own.record([event]), time.time),
            )
            return Crew(kinds, carried, say)

        # What the server itself records (self-protection, deliveries that fail) goes the same ways.
        store.own.outbox, before = routes.outbox, store.own.outbox
        working = crew(store.control) if turn is None else Turns(turn, crew, say)
        try:
            yield routes.outbox
        finally:
            store.own.outbox = before
            working.end()


class Crew:
    """Everybody who delivers, at work from the begin."""

    def __init__(
        self,
        kinds: Sequence[Callable[[], Worker | Streams | Checkpoints]],
        carrier: Carrier,
        say: Callable[[str], None],
    ) -> None:
        self._carrier = carrier
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=_kept_running, args=(make, self._stop, say), name="deliveries", daemon=True)
            for make in kinds
        ]
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        """Have them stop; what is on its way is waited for, a moment."""
        self._stop.set()
        for thread in self._threads:
            thread.join(GRACE)
        # Who is not done by now waits for somebody who says nothing.
        self._carrier.end()
        for thread in self._threads:
            thread.join()


class Turns:
    """A crew at work whenever it is this process's turn."""

    def __init__(
        self, turn: tuple[Turn, ControlStore], crew: Callable[[ControlStore], Crew], say: Callable[[str], None]
    ) -> None:
        self._turn, self._control = turn
        self._crew, self._say = crew, say
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="turns", daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Stop, and let the next one begin."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        working: Crew | None = None
        token = 0
        pause = 0.0
        try:
            while not self._stop.wait(pause):
                pause = TURN
                try:
                    self._turn.take()
                except StateError as error:
                    self._say(str(error))  # it may still be ours: until its end nobody else takes it
                if working is not None and self._turn.token != token:
                    # What it writes from now on is refused (`leases`); whoever is next begins with what is stored.
                    working.end()
                    working = None
                if working is None and self._turn.token:
                    token, working = self._turn.token, self._crew(self._control)
        finally:
            if working is not None:
                working.end()
            with suppress(StateError):
                self._turn.give_up()


def _kept_running(
    make: Callable[[], Worker | Streams | Checkpoints], stop: threading.Event, say: Callable[[str], None]
) -> None:
    """Run a worker until `stop`. One that a fault of ours ends is made anew from what is stored, with a pause."""
    while not stop.is_set():
        try:
            make().run(stop)
        except StateError as error:
            say(str(error))
        except Exception as error:  # noqa: BLE001  # architecture section 9: caught once, told without values
            say(f"internal error: {place(error)}; please report it")
        stop.wait(AGAIN)

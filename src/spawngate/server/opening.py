"""SHELL. The parts of a server opened from its settings: all to serve, or what the command line needs beside it.

Must not be here: settings (`settings`), the application, the process (`run`).
"""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from spawngate.endpoint.state import State
from spawngate.routing.addresses import allowed
from spawngate.server.deliver.secrets import sealer
from spawngate.server.deliver.service import delivering
from spawngate.server.fleet import one_time, sessions
from spawngate.server.fleet.database import ConflictError, Database, open_fleet
from spawngate.server.log import Log, place
from spawngate.server.services import Services
from spawngate.server.settings import Settings
from spawngate.server.store import keys
from spawngate.server.store.open import open_store
from spawngate.server.store.port import FOLDER, ControlStore, StoreError
from spawngate.server.store.sqlite.control import SqliteControl
from spawngate.server.store.whole import Store, leave_event
from spawngate.trail.event import Event
from spawngate.trail.moment import stamp

ROUND = 0.5
"""Seconds between two rounds of upkeep."""
AGAIN = 2.0
"""Seconds after one that failed."""
SWEEP = 600
"""Rounds between two in which ended sessions and words are deleted."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What the command line changes a server's fleet data with, whether or not the server runs."""

    database: Database
    record: Callable[[Sequence[Event]], object]
    now: Callable[[], str]


@contextmanager
def serving(settings: Settings, environment: Mapping[str, str], log: Log) -> Iterator[Services]:
    """Every part, while routes are delivered and the store is looked after. Raises StoreError, UsageError."""
    folder = store_folder(settings, environment)
    with ExitStack() as stack:
        store = stack.enter_context(open_store(settings.events.store, folder, environment))
        database = stack.enter_context(open_database(settings, folder))
        outbox = stack.enter_context(delivering(store, environment, log.warning))
        upkeep = Upkeep(store, database, log)
        upkeep.start()
        stack.callback(upkeep.stop)
        yield Services(
            database=database,
            events=store.events,
            control=store.control,
            record=store.own.record,
            now=store.now,
            signer=store.signer,
            outbox=outbox,
            seals=sealer(folder, environment),
            inside=allowed(settings.server.internal_destinations),
            base=settings.base,
        )


def store_folder(settings: Settings, environment: Mapping[str, str]) -> Path:
    """Where keys and the embedded store lie; made where it is not there. Raises StateError."""
    return State(settings.folder(environment)).folder / FOLDER


def open_database(settings: Settings, folder: Path) -> Database:
    """Fleet data with this release's schema: made where the database is empty, and in an embedded file brought up to
    date; one that servers share is changed by `server migrate` alone. Raises StoreError, SchemaError, UsageError."""
    if not settings.database.url:
        return open_fleet(folder)
    database = Database(settings.database.url)
    try:
        if database.is_empty():
            with suppress(StoreError, ConflictError):  # another server that begins at the same time was first
                database.create()
        database.check()
    except BaseException:
        database.close()
        raise
    return database


@contextmanager
def control_of(settings: Settings, environment: Mapping[str, str]) -> Iterator[tuple[ControlStore, Path]]:
    """Control data beside a server, whether or not it runs, and the folder with its keys.

    Raises StoreError, UsageError.
    """
    folder = store_folder(settings, environment)
    if settings.events.store:
        with open_store(settings.events.store, folder, environment) as store:
            yield store.control, folder
        return
    folder.mkdir(mode=0o700, exist_ok=True)
    control = SqliteControl(folder, keys.control_key(keys.signer_of(folder)))
    try:
        yield control, folder
    finally:
        control.close()


@contextmanager
def beside(settings: Settings, environment: Mapping[str, str]) -> Iterator[Desk]:
    """Fleet data for the command line. What it does is recorded: by the server of an embedded store, which finds word
    of it, and directly in a store that servers share. Raises StoreError, UsageError."""
    folder = store_folder(settings, environment)
    with ExitStack() as stack:
        database = stack.enter_context(open_database(settings, folder))
        if settings.events.store:
            store = stack.enter_context(open_store(settings.events.store, folder, environment))
            yield Desk(database, store.own.record, store.now)
            return
        control, _ = stack.enter_context(control_of(settings, environment))
        yield Desk(database, lambda events: _left(control, events), lambda: stamp(datetime.now(UTC)))


def _left(control: ControlStore, events: Sequence[Event]) -> None:
    for event in events:
        leave_event(control, event)


class Upkeep(threading.Thread):
    """Looks after the store and the fleet database until `stop`; tries again what fails."""

    def __init__(self, store: Store, database: Database, log: Log) -> None:
        super().__init__(name="upkeep", daemon=True)
        self._store, self._database, self._log = store, database, log
        self._end = threading.Event()
        self._advised = ""

    def run(self) -> None:
        """Until `stop`."""
        told, pause, rounds = "", 0.0, 0
        while not self._end.wait(pause):
            try:
                self._store.upkeep()
                if rounds % SWEEP == 0:
                    self._sweep()
                    self._advise()
                rounds, told, pause = rounds + 1, "", ROUND
            except StoreError as error:
                if str(error) != told:
                    self._log.error("upkeep of the store fails", problem=str(error))
                told, pause = str(error), AGAIN
            except Exception as error:  # noqa: BLE001  # architecture section 9: told without values, and tried again
                self._log.error("a fault of ours", fault=place(error))
                pause = AGAIN

    def _advise(self) -> None:
        advice = self._store.advice()
        if advice and advice != self._advised:
            self._log.warning("the store could be quicker", advice=advice)
        self._advised = advice

    def _sweep(self) -> None:
        now = self._store.now()
        with self._database.begin() as connection:
            sessions.sweep(connection, now)
            one_time.sweep(connection, now)

    def stop(self) -> None:
        """End it, behind what is under way."""
        self._end.set()
        self.join(30)

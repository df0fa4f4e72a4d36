"""SHELL. From the local trail into the store: every record once, in order, with the chain verified as it goes.

Where to go on is a cursor in control data, but what is stored is decided by the store's keys: a lost cursor costs time
and stores nothing twice. A gap, an altered record or a line that is none does not stop what follows; each becomes an
event of the server's own stream (`self-protection`; `what` is `trail-gap`, `trail-altered`, `trail-broken`,
`trail-begins` or `trail-unreadable`).
Must not be here: records from other machines, routes (`outbox` is handed in), the store's upkeep.
"""

import threading
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import msgspec

from spawngate.endpoint.trail import segment
from spawngate.model.errors import StateError, UsageError
from spawngate.server.store.check import check
from spawngate.server.store.embedded import EmbeddedStore
from spawngate.server.store.port import AlteredError, Entry, Item, OutboxEntry, StoreError
from spawngate.trail import chain, moment
from spawngate.trail.chain import Head
from spawngate.trail.event import SCHEMA_VERSION, Event, EventType

BATCH = 1_000
"""Records of one commit."""
CURSOR = "local-trail"
POLL = 0.5
"""Seconds between two looks at a trail that is followed."""
AGAIN = 2.0
"""Seconds after a failure."""

Outbox = Callable[[Sequence[Entry]], Sequence[OutboxEntry]]
"""Which routes wait for which events."""


class Cursor(msgspec.Struct, frozen=True):
    """Where to go on."""

    segment: str = ""
    """2026-11-21; empty: at the begin."""
    offset: int = 0
    stream: str = ""
    sequence: int = 0
    hash: str = chain.GENESIS


class Broken(msgspec.Struct, frozen=True):
    """Something in the trail that is not as it was written."""

    what: str
    segment: str
    stream: str
    sequence: int
    message: str


class Ingest:
    """Takes one local trail into one store."""

    def __init__(self, folder: Path, store: EmbeddedStore, endpoint: str, outbox: Outbox = lambda entries: ()) -> None:
        """`endpoint`: id of this installation, for records that name none."""
        self._folder, self._store, self._outbox = folder, store, outbox
        self._endpoint = endpoint or "local"
        self._cursor = self._known()

    def take(self) -> int:
        """Take what is new; how many events were stored. Raises StateError; what was taken until then stays taken."""
        stored = 0
        for day, path in self._segments():
            while True:
                count, more = self._part(day, path)
                stored += count
                if not more:
                    break
        return stored

    def _known(self) -> Cursor:
        try:
            found = self._store.control.get("cursor", CURSOR)
            cursor = Cursor() if found is None else msgspec.json.decode(found, type=Cursor)
        except (msgspec.MsgspecError, UnicodeDecodeError, AlteredError):
            return Cursor()
        at = self._store.events.head(self._endpoint, cursor.stream)[0] if cursor.stream else 0
        # The store lost what the cursor says it has (a damaged day): everything is offered again.
        return cursor if at >= cursor.sequence else Cursor()

    def _segments(self) -> list[tuple[date, Path]]:
        try:
            found = segment.segments(self._folder)
        except OSError as error:
            raise StateError(f"the trail in {self._folder} cannot be read ({error.strerror})") from None
        return [(day, path) for day, path in found if day.isoformat() >= self._cursor.segment]

    def _part(self, day: date, path: Path) -> tuple[int, bool]:
        """One batch of a segment; how many events were stored, and whether there may be more."""
        name = day.isoformat()
        start = self._cursor.offset if self._cursor.segment == name else 0
        lines: list[tuple[int, bytes]] = []
        try:
            for behind, line in segment.forward(path, start):
                lines.append((behind, line))
                if len(lines) == BATCH:
                    break
        except FileNotFoundError:
            return 0, False  # retention was faster
        except OSError as error:
            raise StateError(f"{path} cannot be read ({error.strerror})") from None
        if not lines:
            return 0, False
        entries, broken, head = self._checked(name, lines)
        stored = 0
        if entries:
            stored = self._store.events.append(entries, self._outbox(entries)).stored
        if broken:
            self._store.own.record([self._event(each) for each in broken])
        self._cursor = Cursor(name, lines[-1][0], head.stream, head.sequence, head.hash)
        self._store.control.put(Item("cursor", CURSOR, msgspec.json.encode(self._cursor)))
        return stored, len(lines) == BATCH

    def _checked(self, name: str, lines: Sequence[tuple[int, bytes]]) -> tuple[list[Entry], list[Broken], Head]:
        entries: list[Entry] = []
        broken: list[Broken] = []
        head = Head(self._cursor.stream, self._cursor.sequence, self._cursor.hash)
        received = self._store.now()
        for _, line in lines:
            if not line.strip():
                continue
            record = chain.read(line)
            entry = None if record is None else self._entry(record, line, received)
            if record is None or entry is None:
                broken.append(Broken("trail-unreadable", name, head.stream, head.sequence + 1, "a line is no record"))
                continue
            if record.stream != head.stream:
                head = Head(record.stream, *self._store.events.head(self._endpoint, record.stream))
            found = _break(record, head, name)
            if found is not None:
                broken.append(found)
            entries.append(entry)
            if record.sequence > head.sequence:
                head = Head(record.stream, record.sequence, record.hash)
        return entries, broken, head

    def _entry(self, record: chain.Record, line: bytes, received: str) -> Entry | None:
        value = record.value
        try:
            time = moment.normal(str(value.get("at")))
        except ValueError:
            time = received
        type_ = value.get("type")
        entry = Entry(self._endpoint, record.stream, record.sequence, time, received, str(type_), line)
        try:
            check(entry)
        except UsageError:
            return None
        return entry

    def _event(self, broken: Broken) -> Event:
        return Event(
            type=EventType.SELF_PROTECTION,
            at=self._store.now(),
            schema_version=SCHEMA_VERSION,
            channel="server",
            detail={"endpoint": self._endpoint, **msgspec.to_builtins(broken)},
            message=f"the trail of {self._endpoint}: {broken.message}",
        )


def _break(record: chain.Record, head: Head, name: str) -> Broken | None:
    """What is wrong with a record behind `head`; None for one that follows, or that was taken before."""
    sequence = record.sequence

    def told(what: str, message: str) -> Broken:
        return Broken(what, name, record.stream, sequence, message)

    if not record.intact:
        return told("trail-altered", f"record {sequence} was altered: its content does not match its hash")
    if sequence == head.sequence and record.hash != head.hash:
        return told("trail-altered", f"record {sequence} is another one than was taken before")
    if not head.sequence and sequence > 1:
        return told(
            "trail-begins", f"begins at record {sequence}: what was before was deleted by retention, or is missing"
        )
    if sequence > head.sequence + 1:
        missing = f"records {head.sequence + 1} to {sequence - 1} are missing"
        return told("trail-gap", missing if sequence > head.sequence + 2 else f"record {sequence - 1} is missing")
    if sequence == head.sequence + 1 and record.previous != head.hash:
        return told("trail-broken", f"record {sequence} does not follow record {head.sequence}")
    return None


class Follower(threading.Thread):
    """Follows a local trail, and looks after its store, until `stop`; tries again what fails."""

    def __init__(self, ingest: Ingest, store: EmbeddedStore) -> None:
        super().__init__(name="ingest", daemon=True)
        self._ingest, self._store = ingest, store
        self._stop_event = threading.Event()
        self.problem = ""

    def run(self) -> None:
        """Until `stop`."""
        pause = 0.0
        while not self._stop_event.wait(pause):
            pause = POLL
            try:
                self._ingest.take()
                self._store.upkeep()
                self.problem = ""
            except (StateError, StoreError) as error:
                self.problem, pause = str(error), AGAIN

    def stop(self) -> None:
        """End it, behind what is under way."""
        self._stop_event.set()
        self.join(30)

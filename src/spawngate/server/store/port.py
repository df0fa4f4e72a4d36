"""The port of the store: what every adapter keeps and answers, and the values that pass through it.

Two stores, because they grow and fail differently: events, appended and dropped by the day, and control data, small and
changed in place. The words of the contract: docs/trail.md. Must not be here: any database, files, signatures.

Days are those of the server's clock (`received`), never of an endpoint's: a wrong or hostile clock can neither write
into a day that is closed nor have its events deleted early. Queries are over the event's own time (`time`).
"""

from collections.abc import Sequence
from functools import cached_property
from typing import Literal, Protocol, runtime_checkable

import msgspec

from spawngate.model.errors import StateError, UsageError
from spawngate.trail.event import Event
from spawngate.trail.query import Query

FOLDER = "store"
"""Name of a server's store in its state folder."""

Expression = Query
"""A query that was understood (`trail.query.read`)."""

Key = tuple[str, str, int]
"""Endpoint, stream, sequence: one event, however often it is sent."""


class StoreError(StateError):
    """The store cannot be used. Where appending raises it, nothing of the batch was stored, and the next attempt may
    succeed without hand work. The message holds no value of an event."""


class StoreFullError(StoreError):
    """There is no room on the disk."""


class StoreReadOnlyError(StoreError):
    """The store may not be written."""


class StoreBusyError(StoreError):
    """Another process writes this store."""


class StoreDamagedError(StoreError):
    """A file of the store is not as a store writes it. The message names the file."""


class AlteredError(StoreDamagedError):
    """A piece of control data is not as the store wrote it. It can be written anew."""


class CursorError(UsageError):
    """The text is no cursor of this store."""


class TooWideError(UsageError):
    """The answer would need every record of the range to be read; the message says how to narrow it."""


class Entry(msgspec.Struct, frozen=True, dict=True):
    """One event as it is stored. Text without surrogates."""

    endpoint: str
    """Who sent it, as the server knows it."""
    stream: str
    sequence: int
    """From 1 to 2**53 in its stream; with the two before, the key."""
    time: str
    """Of the event: RFC 3339, UTC, microseconds, with Z (`trail.moment`)."""
    received: str
    """At this store, in the same form."""
    type: str
    """A `trail.event.EventType`, or a type of a later version."""
    record: bytes
    """The canonical sealed record as the endpoint wrote it, without a newline."""

    @property
    def key(self) -> Key:
        """What makes it this event."""
        return self.endpoint, self.stream, self.sequence

    @cached_property
    def event(self) -> Event:
        """The decoded record. Raises msgspec.DecodeError where a foreign one is none."""
        return msgspec.json.decode(self.record, type=Event)


class OutboxEntry(msgspec.Struct, frozen=True):
    """One event that waits for one route.

    Of an event that is appended with it and that was there already, nothing is stored: its outbox rows were stored with
    it the first time, and may be settled by now. Of an event that is not in the batch (a replay) it is stored, unless
    one waits already.
    """

    route: str
    key: Key
    """Of an event in the same batch, or of one that is stored already; of no event, it is left out."""
    due: str
    """Not to be claimed before: RFC 3339, UTC, microseconds."""


class Position(msgspec.Struct, frozen=True, order=True):
    """A place in the order of arrival. `Position()` is before everything."""

    day: str = ""
    """2026-11-21."""
    number: int = 0
    """From 1 in each day; the event's leaf in the day's tree is `number - 1`."""


class Appended(msgspec.Struct, frozen=True):
    """What an append did. It is durable."""

    stored: int
    duplicates: int
    """Events that were there already: counted, and not stored again."""
    position: Position
    """Of the newest event of the store."""


class Page(msgspec.Struct, frozen=True):
    """A part of an answer."""

    entries: tuple[Entry, ...]
    cursor: str | None
    """Where the next page begins; None where there is none. A page may be empty and have a next one: an adapter
    stops after so many records that it had to read."""
    problems: tuple[str, ...] = ()
    """What could not be read and is missing from the answer."""


class Bucket(msgspec.Struct, frozen=True):
    """One value and how many events have it."""

    value: str
    """Of the dimension; for `time:1h` the begin of the hour."""
    count: int


class Claimed(msgspec.Struct, frozen=True):
    """One outbox entry that a worker holds until its lease ends."""

    id: str
    """Names it to `settle`."""
    route: str
    entry: Entry
    due: str
    attempts: int
    """How often it was claimed before."""


class Settled(msgspec.Struct, frozen=True):
    """What becomes of a claimed outbox entry."""

    id: str
    due: str = ""
    """When it is to be tried again; empty: it is done, or given up and kept elsewhere."""


class Dropped(msgspec.Struct, frozen=True):
    """A day that is gone."""

    day: str
    events: int
    bytes: int
    root: str
    """Root of the day's tree, in hex: it stays in the log of days."""


class DayStats(msgspec.Struct, frozen=True):
    """One day of the store."""

    day: str
    events: int
    bytes: int
    closed: bool
    held: bool = False
    """A legal hold keeps it."""
    problem: str = ""
    """Why it cannot be read; empty where it can."""


class Stats(msgspec.Struct, frozen=True):
    """What the store holds."""

    events: int
    bytes: int
    """On the disk, control data included."""
    days: tuple[DayStats, ...]
    outbox: int
    """Entries that wait."""
    problem: str = ""
    """Why the last append failed; empty where it succeeded."""


class Incident(msgspec.Struct, frozen=True):
    """Something that happened to the store itself, and that its owner should record."""

    kind: Literal["damaged", "shortened", "closing-failed", "altered"]
    day: str
    message: str


class Tree(msgspec.Struct, frozen=True):
    """The state of a day's tree (`trail.tree`)."""

    size: int
    root: bytes


@runtime_checkable
class EventStore(Protocol):
    """Events. Every method may be called from any thread; every method may raise StoreError."""

    def append(self, batch: Sequence[Entry], outbox: Sequence[OutboxEntry] = ()) -> Appended:
        """Store the events that are new, in order, and their outbox rows in the same commit. Durable on return.

        All or nothing. Raises UsageError for an entry that is not one (times, sequence, endless texts).
        """

    def query(
        self,
        filter: Expression | None,
        *,
        since: str = "",
        until: str = "",
        cursor: str | None = None,
        limit: int = 100,
        newest_first: bool = True,
    ) -> Page:
        """Events whose time is from `since` up to, not including, `until`, by time and then arrival.

        Raises CursorError.
        """

    def aggregate(
        self, dimension: str, filter: Expression | None = None, *, since: str = "", until: str = "", limit: int = 100
    ) -> Sequence[Bucket]:
        """How many events have each value of a field, most first; `time:5m`, `time:1h`, `time:1d` by time instead,
        oldest first, without empty ones, the newest `limit` of them.

        Raises UsageError for a dimension that is none, TooWideError.
        """

    def after(self, position: Position, limit: int) -> tuple[Sequence[Entry], Position]:
        """The events that arrived next, and where to go on; an unknown or dropped position goes on behind it."""

    def find(self, key: Key) -> tuple[Entry, Position] | None:
        """One event and its place."""

    def head(self, endpoint: str, stream: str) -> tuple[int, str]:
        """The highest sequence that is stored of a stream, and that record's hash; 0 and 64 zeros for none. Knows
        dropped days too."""

    def claim(self, worker: str, now: str, lease_seconds: float, limit: int, *, route: str = "") -> Sequence[Claimed]:
        """Outbox entries that are due and that nobody holds, oldest due first, for `lease_seconds`."""

    def settle(self, worker: str, settled: Sequence[Settled]) -> int:
        """Take away or put back what this worker claimed; how many it still held. Others' leases stay."""

    def waiting(self, route: str = "") -> int:
        """Outbox entries that are not settled."""

    def days(self) -> Sequence[str]:
        """Names of the days that are there, oldest first. All but the newest change no more."""

    def tree(self, day: str) -> Tree:
        """The tree of a day, from what is kept of it. `audit verify` makes it anew."""

    def subtree(self, day: str, start: int, end: int) -> bytes:
        """Root of some of a day's leaves, from place `start` (from 0) up to `end`: what proofs are made of."""

    def incidents(self) -> Sequence[Incident]:
        """What happened to the store since this was asked last."""

    def drop_day(self, day: str) -> Dropped:
        """Delete a whole day but the newest. Raises StoreError where a legal hold keeps it or it is not there."""

    def stats(self) -> Stats:
        """What is there."""

    def close(self) -> None:
        """Let everything go."""


Kind = Literal[
    "applied",
    "breaker",
    "checkpoint",
    "cursor",
    "dead-letter",
    "destination",
    "group",
    "hold",
    "notice",
    "route",
    "setting",
    "window",
]
"""Kinds of control data."""


class Item(msgspec.Struct, frozen=True):
    """One piece of control data; `value` is its owner's, secrets are sealed before they come here."""

    kind: Kind
    name: str
    """Unique in its kind."""
    value: bytes
    altered: bool = False
    """Said by the store of what it gives: somebody without its key wrote this. Whoever reads it for use refuses it."""


class Delivery(msgspec.Struct, frozen=True):
    """One attempt to deliver, kept so that every delivery is visible."""

    at: str
    route: str
    destination: str
    outcome: str
    """delivered, retry, refused, dead, suppressed, ..."""
    dedup_key: str = ""
    events: int = 1
    first: Key | None = None
    """The first event in it."""
    attempt: int = 1
    detail: str = ""
    """What the destination said, in bounds and without secrets."""
    milliseconds: int = 0
    number: int = 0
    """Given by the store: rises."""


class LogLine(msgspec.Struct, frozen=True):
    """One line of the log of days, which only grows and is never deleted."""

    number: int
    """From 0: its leaf in the log's tree."""
    text: str


@runtime_checkable
class ControlStore(Protocol):
    """Everything but events. Durable on return; every method may raise StoreError."""

    def put(self, *items: Item) -> None:
        """Write these, all or none, over what has their names."""

    def get(self, kind: Kind, name: str) -> bytes | None:
        """One value. Raises AlteredError where somebody without the store's key wrote it."""

    def items(self, kind: Kind, *, after: str = "", limit: int = 1000) -> Sequence[Item]:
        """Those of a kind in the order of their names, behind the name `after`."""

    def remove(self, kind: Kind, *names: str) -> int:
        """Delete these, all or none; how many there were."""

    def delivered(self, *deliveries: Delivery) -> None:
        """Note attempts."""

    def change(
        self, *, put: Sequence[Item] = (), remove: Sequence[tuple[Kind, str]] = (), delivered: Sequence[Delivery] = ()
    ) -> None:
        """Write, delete and note these in one commit: all or none."""

    def deliveries(
        self, *, route: str = "", outcome: str = "", before: int = 0, limit: int = 100
    ) -> Sequence[Delivery]:
        """Attempts, newest first, older than number `before` where that is not 0."""

    def forget_deliveries(self, before: str) -> int:
        """Delete attempts older than a time; how many."""

    def log(self, *texts: str, items: Sequence[Item] = ()) -> int:
        """Append lines to the log of days, and put items in the same commit; the log's size then."""

    def log_lines(self, start: int = 0) -> Sequence[LogLine]:
        """Its lines from `start` on."""

    def close(self) -> None:
        """Let everything go."""

"""What the server itself records: its own stream in its own store, sealed like any endpoint's.

Must not be here: what is recorded, and when (`upkeep`, `server.ingest`, `server.deliver`).
"""

import threading
from collections.abc import Callable, Sequence

import msgspec

from spawngate.server.store.port import Appended, Entry, EventStore, OutboxEntry
from spawngate.trail import chain
from spawngate.trail.event import Event

STREAM = "server"


class OwnStream:
    """The server's stream. `clock` gives the time in the trail's form (`trail.moment`)."""

    def __init__(self, events: EventStore, endpoint: str, clock: Callable[[], str], stream: str = STREAM) -> None:
        """`stream`: no other process may write it."""
        self.endpoint, self.stream = endpoint, stream
        self._events, self._clock = events, clock
        self._lock = threading.Lock()
        self.outbox: Callable[[Sequence[Entry]], Sequence[OutboxEntry]] = lambda batch: ()
        """Which routes wait for these events; set by who delivers."""

    def record(self, events: Sequence[Event]) -> Appended:
        """Seal and append. Raises StoreError."""
        with self._lock:
            head = chain.Head(self.stream, *self._events.head(self.endpoint, self.stream))
            now = self._clock()
            batch: list[Entry] = []
            for event in events:
                named = msgspec.structs.replace(event, endpoint=event.endpoint or self.endpoint)
                record, head = chain.seal(named, head)
                batch.append(Entry(self.endpoint, self.stream, head.sequence, event.at, now, event.type, record))
            return self._events.append(batch, self.outbox(batch))

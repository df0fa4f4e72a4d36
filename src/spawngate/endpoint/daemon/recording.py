"""SHELL. The daemon's way to the trail: goes on while the trail cannot be written, counts what was lost, reports it.

Must not be here: what follows for a call whose record cannot be written (`service`).
"""

from collections import Counter, deque
from collections.abc import Callable, Sequence
from time import monotonic

from spawngate.endpoint.trail.store import TrailError, TrailStore, now
from spawngate.trail.chain import Head
from spawngate.trail.event import SCHEMA_VERSION, Event, EventType
from spawngate.trail.moment import stamp

PAUSE = 1.0
"""Seconds between two attempts to open a trail."""
KEPT = 1_000
"""Events that no call waits for and that are kept until writing works again."""


class Recording:
    """A trail that may come and go. `open_store` raises TrailError while it cannot be opened."""

    def __init__(self, open_store: Callable[[], TrailStore], endpoint: str = "") -> None:
        self.unwritten: Counter[str] = Counter()
        """Events that are lost and not reported yet, by type and verdict."""
        self.problem = ""
        """Why the last attempt failed; empty where it succeeded."""
        self._open_store = open_store
        self._endpoint = endpoint
        self._store: TrailStore | None = None
        self._since = ""
        self._again_at = 0.0
        self._kept: deque[Event] = deque()

    @property
    def head(self) -> Head | None:
        """The end of the trail; None while it is not open."""
        return None if self._store is None else self._store.head

    @property
    def overdue(self) -> bool:
        """Something waits for writing to work again."""
        return bool(self._kept)

    def append(self, events: Sequence[Event], *, counted: bool = True) -> None:
        """Record events that somebody waits for, behind what is overdue.

        Raises TrailError: then they are counted as lost, unless the caller has them elsewhere (`counted`).
        """
        try:
            self._write(events)
        except TrailError:
            for event in events if counted else ():
                self._count(event)
            raise

    def later(self, events: Sequence[Event]) -> None:
        """Record events that nobody waits for: now, or when writing works again. The oldest make room for newer."""
        try:
            self._write(events)
        except TrailError:
            self._kept.extend(events)
            while len(self._kept) > KEPT:
                self._count(self._kept.popleft())

    def retry(self) -> None:
        """Write what is overdue, if anything is."""
        if self.problem or self._kept or self.unwritten:
            self.later(())

    def make_room(self) -> None:
        """Prepare the file for the next records while nobody waits for one."""
        if self._store is not None:
            self._store.make_room()

    def note_head(self) -> None:
        """Note the end of the trail beside it, so that its loss shows."""
        if self._store is not None:
            self._store.note_head()

    def daily(self) -> None:
        """Delete days that are too old."""
        if self._store is None:
            return
        try:
            self._store.expire()
        except TrailError as error:
            self.problem = str(error)

    def prune(self, days: int) -> int:
        """Delete what is older than so many days now; how many days went. Raises TrailError."""
        self._write(())
        assert self._store is not None
        return len(self._store.expire(days))

    def close(self) -> None:
        """Close the trail."""
        if self._store is not None:
            self._store.close()
            self._store = None

    def _write(self, events: Sequence[Event]) -> None:
        try:
            if self._store is None:
                self._store = self._opened()
            overdue = self._overdue()
            self._store.append([*overdue, *events])
        except TrailError as error:
            self.problem = str(error)
            self._since = self._since or stamp(now())
            raise
        if overdue:
            self._kept.clear()
            self.unwritten.clear()
        self.problem = self._since = ""

    def _opened(self) -> TrailStore:
        """The trail. While it cannot be opened nobody waits for the next attempt but every PAUSE seconds."""
        if monotonic() < self._again_at:
            raise TrailError(self.problem)
        try:
            return self._open_store()
        except TrailError:
            self._again_at = monotonic() + PAUSE
            raise

    def _overdue(self) -> list[Event]:
        if not self.unwritten:
            return list(self._kept)
        lost = Event(
            type=EventType.UNWRITTEN,
            at=stamp(now()),
            schema_version=SCHEMA_VERSION,
            endpoint=self._endpoint,
            channel="daemon",
            counts=dict(sorted(self.unwritten.items())),
            detail={"since": self._since},
            message=f"{self.unwritten.total()} events could not be written",
        )
        return [lost, *self._kept]

    def _count(self, event: Event) -> None:
        self._since = self._since or stamp(now())
        verdict = "" if event.decision is None else f":{event.decision.verdict}"
        self.unwritten[f"{event.type}{verdict}"] += 1

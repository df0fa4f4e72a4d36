"""SHELL. The daemon's regular work beside deciding: spools taken over, our own entries looked after, what was not
served reported, inventories recorded.

Must not be here: when it is done (`run`), and how each part works.
"""

import asyncio
import os
import time
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

from spawngate.command.inventory import InventoryView
from spawngate.endpoint.client.spool import forget, take
from spawngate.endpoint.codescan.outbox import waiting
from spawngate.endpoint.daemon import memory
from spawngate.endpoint.daemon.inventory import InventoryWatch, keep_servers, views
from spawngate.endpoint.daemon.place import Place
from spawngate.endpoint.daemon.recording import Recording
from spawngate.endpoint.daemon.report import Report
from spawngate.endpoint.daemon.spool import fallback_events, recorded_before, spool_path
from spawngate.endpoint.daemon.syncing import SyncWatch
from spawngate.endpoint.launching.store import notes_of
from spawngate.endpoint.protect.guard import Guard, Tampered
from spawngate.endpoint.sync.words import SCAN, Word
from spawngate.endpoint.trail.store import now
from spawngate.model.errors import StateError
from spawngate.model.json import Json
from spawngate.trail.event import SCHEMA_VERSION, Event, EventType, SubjectRecord, artifact_event, finding_event
from spawngate.trail.moment import stamp

GUARD = 1.0
"""Seconds between two looks at our entries in the agents' files."""
MINUTE = 60.0
"""Seconds between two notes of the trail's end, and two records of connections that were not served."""


class Upkeep:
    """Regular work of one daemon. `refused` gives counts of what was not served since the start, by cause."""

    def __init__(
        self,
        place: Place,
        recording: Recording,
        *,
        endpoint: str,
        user: str,
        refused: Callable[[], Mapping[str, int]],
        know: Callable[[Mapping[str, InventoryView]], None],
    ) -> None:
        self._place, self._recording, self._endpoint, self._user = place, recording, endpoint, user
        self._count_refused, self._know = refused, know
        self._spools = [spool_path(place, os.getuid())]
        if place.runtime is not None:
            self._spools.append(place.runtime / "spool")
        self._spool_known: Counter[tuple[Json, ...]] | None = None
        # What is in front of hooks and what is in front of launches are noted apart.
        self._guards = (Guard(place.state), Guard(notes_of(place.state)))
        self._guard_at = self._minute_at = 0.0
        self._refused: Mapping[str, int] = {}
        self._inventory: InventoryWatch | None = None
        self._unacknowledged = False
        self._sync: SyncWatch | None = None
        self.report: Report | None = None
        """The last inventory."""

    def start_inventory(self) -> None:
        """Take inventories from now on."""
        self._inventory = InventoryWatch(self._place.state, self._take_report, self._inventory_ended)
        self._inventory.start()

    def start_sync(self) -> None:
        """Speak with the fleet's server from now on, where there is an enrolment."""
        self._sync = SyncWatch(self._place.state, self._take_word, self._sync_ended)

    def close(self) -> None:
        """End what was started."""
        if self._sync is not None:
            self._sync.close()
        if self._inventory is not None:
            self._inventory.close()

    def event(
        self,
        type_: EventType,
        detail: Mapping[str, Json],
        message: str = "",
        counts: Mapping[str, int] | None = None,
        subject: SubjectRecord | None = None,
    ) -> Event:
        """An event of the daemon."""
        return Event(
            type=type_,
            at=stamp(now()),
            schema_version=SCHEMA_VERSION,
            endpoint=self._endpoint,
            channel="daemon",
            detail=detail,
            counts=counts or {},
            message=message,
            subject=subject,
        )

    async def round(self) -> None:
        """One round of everything."""
        self._recording.retry()
        if not self._recording.problem:
            for spool in self._spools:
                self._take_spool(spool)
        if not self._recording.problem:
            self._spool_known = Counter()
            self._take_code_scans()
        self._acknowledge()
        if self._sync is not None:
            self._sync.look()
        if time.monotonic() >= self._minute_at:
            self._minute_at = time.monotonic() + MINUTE
            self._tell_refused()
            self._recording.note_head()
            memory.look()
        await self._look_after_ourselves()

    def _take_spool(self, spool: Path) -> None:
        """Take over what clients decided alone. It stays where it is while the trail cannot be written."""
        try:
            taken = take(spool)
            if not taken.files:
                return
            known = recorded_before(self._place.trail) if self._spool_known is None else self._spool_known
            events = fallback_events(taken, known, at=stamp(now()), endpoint=self._endpoint, user=self._user)
            self._recording.append(events, counted=False)
            forget(taken)
        except (OSError, StateError):
            return

    def _take_code_scans(self) -> None:
        """Record what code scans left. A file stays where it is while the trail cannot be written."""
        for path, events in waiting(self._place.state):
            try:
                self._recording.append(events, counted=False)
                path.unlink(missing_ok=True)
            except (OSError, StateError):
                return

    async def _look_after_ourselves(self) -> None:
        """Tell what happened to our entries in the agents' files and to the client; off the loop, it reads files."""
        if time.monotonic() < self._guard_at:
            return
        self._guard_at = time.monotonic() + GUARD
        events: list[Event] = []
        for guard in self._guards:
            broken, mended = await asyncio.to_thread(guard.look)
            events += [self.event(EventType.SELF_PROTECTION, _tampered(item), item.message) for item in broken]
            for item in mended:
                detail = {**_tampered(item), "what": "restored"}
                events.append(self.event(EventType.SELF_PROTECTION, detail, f"as it should be again: {item.path}"))
        if events:
            self._recording.later(events)

    def _tell_refused(self) -> None:
        before, self._refused = self._refused, dict(self._count_refused())
        new = {cause: count - before.get(cause, 0) for cause, count in sorted(self._refused.items())}
        counts = {cause: count for cause, count in new.items() if count}
        if counts:
            self._recording.later([self.event(EventType.REFUSED, {}, "connections that were not served", counts)])

    def _take_report(self, report: Report) -> None:
        """An inventory: what changed goes into the trail, and the servers are known from the next decision on."""
        self.report = report
        self._recording.later(
            [artifact_event(each, report.taken_at, self._endpoint) for each in report.changes]
            + [finding_event(each, report.taken_at, self._endpoint) for each in report.findings]
        )
        self._unacknowledged = True
        self._acknowledge()
        keep_servers(self._place.state, report.servers)
        self._know(views(report.servers))

    def _acknowledge(self) -> None:
        if self._unacknowledged and not self._recording.overdue and self._inventory is not None:
            self._unacknowledged = False
            self._inventory.recorded()

    def _take_word(self, word: Word) -> None:
        if word.type == SCAN:
            if self._inventory is not None:
                self._inventory.again()
            return
        self._recording.later([self.event(EventType(word.type), word.detail, word.message, word.counts)])

    def _sync_ended(self, code: int) -> None:
        detail: dict[str, Json] = {"error": "the syncing process ended", "code": code}
        self._recording.later([self.event(EventType.FAULT, detail)])

    def _inventory_ended(self, code: int) -> None:
        detail: dict[str, Json] = {"error": "the inventory ended", "code": code}
        self._recording.later([self.event(EventType.FAULT, detail)])


def _tampered(item: Tampered) -> dict[str, Json]:
    return {
        "what": item.what.value,
        "path": item.path,
        "agent": item.agent,
        "pointer": item.pointer,
        "problem": item.detail,
    }

"""SHELL. A store as one thing, whatever keeps it: events, control data, signer, evidence, and its regular upkeep.

Must not be here: any database, where the key comes from, what each part does.
"""

import secrets
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol, Self

import msgspec

from spawngate.server.store.evidence import Evidence
from spawngate.server.store.own import OwnStream
from spawngate.server.store.port import AlteredError, ControlStore, EventStore, Incident, Item
from spawngate.trail import retention
from spawngate.trail.event import SCHEMA_VERSION, Event, EventType
from spawngate.trail.moment import stamp
from spawngate.trail.note import Signer
from spawngate.trail.retention import Hold

MINUTE = 60.0
DELIVERY_DAYS = 30
"""Days for which attempts to deliver are kept, or as long as events where that is shorter."""
_RETENTION = "retention"
_WORD = "word/"
"""Begins the names of events that wait in control data to be recorded by the process that writes the store."""

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """The clock of this machine."""
    return datetime.now(UTC)


class Turn(Protocol):
    """Whose turn it is to do what only one process may do."""

    @property
    def token(self) -> int:
        """Rises whenever it becomes another one's turn; 0 where it is not ours."""

    def take(self) -> bool:
        """Take the turn where nobody has it, keep it where it is ours; whether it is. Raises StoreError."""

    def give_up(self) -> None:
        """Let the next one begin. Raises StoreError."""


class Store:
    """A store that this process may write. Use as a context, or call `close`."""

    folder: Path
    """Where this process keeps what belongs to the store and lies in no database: keys."""
    events: EventStore
    control: ControlStore
    signer: Signer
    evidence: Evidence
    own: OwnStream
    """What the server itself records."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._upkeep_lock = threading.Lock()
        self._minute_at = 0.0
        self._leapt = ""
        """Day on which was told that the clock may be wrong."""
        self._told: list[Incident] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def now(self) -> str:
        """The clock, in the trail's form."""
        return stamp(self._clock())

    def delivery_turn(self) -> tuple[Turn, ControlStore] | None:
        """Where several processes may deliver: whose turn it is, and the control data for whoever's it is, whose every
        change depends on that. None where one process has the place (`delivers`)."""
        return None

    def delivers(self) -> AbstractContextManager[object]:
        """Hold the place of the one process that delivers from this store. Raises StateError where another one does."""
        raise NotImplementedError

    def close(self) -> None:
        """Let everything go."""
        raise NotImplementedError

    # Retention ----------------------------------------------------------------------------------------------------

    @property
    def kept_days(self) -> int:
        """Days that are kept. A setting that was altered or cannot be understood deletes nothing early."""
        try:
            found = self.control.get("setting", _RETENTION)
        except AlteredError:
            return retention.LONGEST
        if found is None:
            return retention.DAYS
        text = found.decode("ascii", "replace")
        return int(text) if text.isdigit() and 0 < len(text) <= 5 and int(text) > 0 else retention.LONGEST

    def keep_days(self, days: int) -> None:
        """Set how many days are kept."""
        self.control.put(Item("setting", _RETENTION, str(days).encode()))

    def holds(self) -> dict[str, Hold]:
        """Legal holds by name. One that was altered or cannot be read holds everything."""
        found: dict[str, Hold] = {}
        for item in self.control.items("hold", limit=10_000):
            try:
                found[item.name] = Hold() if item.altered else msgspec.json.decode(item.value, type=Hold)
            except (msgspec.MsgspecError, UnicodeDecodeError):
                found[item.name] = Hold()
        return found

    def is_held(self, day: str) -> bool:
        """Whether a legal hold keeps a day."""
        return any(hold.keeps(day) for hold in self.holds().values())

    def hold(self, name: str, hold: Hold) -> None:
        """Set a legal hold, and record it."""
        self.control.put(Item("hold", name, msgspec.json.encode(hold)))
        self._record(EventType.ADMINISTRATION, f"legal hold {name} set", {"what": "hold-set", "name": name})

    def lift(self, name: str) -> bool:
        """Lift a legal hold, and record it; whether there was one."""
        if not self.control.remove("hold", name):
            return False
        self._record(EventType.ADMINISTRATION, f"legal hold {name} lifted", {"what": "hold-lifted", "name": name})
        return True

    def prune(self, days: int | None = None, today: str = "") -> list[str]:
        """Delete the days that are too old (`today`: counted from another day), after a record that names them and a
        line in the log of days; which."""
        keep = self.kept_days if days is None else days
        gone = retention.due(self.events.days(), today or self.now()[:10], keep, self.holds().values())
        if not gone:
            return []
        self.evidence.close_days()
        found = {each.day: each for each in self.events.stats().days}
        told = [{"day": day, "events": found[day].events, "bytes": found[day].bytes} for day in gone]
        self._record(EventType.EXPIRED, f"retention of {keep} days: {len(gone)} days deleted", {"store_days": told})
        done: list[str] = []
        for day in gone:
            if self.is_held(day[:10]):
                continue  # another process set a hold meanwhile
            self.evidence.expired(day)
            self.events.drop_day(day)
            done.append(day)
        return done

    # Upkeep -------------------------------------------------------------------------------------------------------

    def upkeep(self) -> None:
        """One round: incidents recorded, days that are over closed, a checkpoint a minute, old days deleted.

        Raises StoreError; the next round does what is left.
        """
        with self._upkeep_lock:
            self._told += self.events.incidents()
            if self._told:
                self.own.record([self._event(EventType.SELF_PROTECTION, *_told(each)) for each in self._told])
                self._told = []
            if not self._leads():
                return
            self._record_words()
            closed = self.evidence.close_days()
            self._tidy()
            moment = self._clock().timestamp()
            if closed or moment - self._minute_at >= MINUTE or moment < self._minute_at:
                self._minute_at = moment
                self.evidence.checkpoint()
                self._every_minute()
                self._prune_unless_in_doubt()

    def _leads(self) -> bool:
        """Whether this process does what only one of a store's processes may do."""
        return True

    def _tidy(self) -> None:
        """Make days that are over quick to ask."""

    def _every_minute(self) -> None:
        """What an adapter does beside."""

    def advice(self) -> str:
        """What whoever runs the database could do so that questions are quicker; empty: nothing. Raises StoreError."""
        return ""

    def _prune_unless_in_doubt(self) -> None:
        """A clock that jumps ahead must not delete every day at once: wait some days, and say so."""
        names, today = self.events.days(), self.now()[:10]
        before = retention.leapt_from(names, today)
        self.prune(today=before)
        if not before:
            keep = timedelta(days=min(self.kept_days, DELIVERY_DAYS))
            self.control.forget_deliveries(stamp(self._clock() - keep))
        elif self._leapt != today and retention.due(names, today, self.kept_days, self.holds().values()):
            self._leapt = today
            message = (
                f"the clock says {today}, and the day before in the store is {before}: days count from that one for now"
            )
            self._record(EventType.SELF_PROTECTION, message, {"what": "clock-leapt", "day": before})

    def _record_words(self) -> None:
        """Record what other processes changed and left word of."""
        words = [item for item in self.control.items("setting", after=_WORD) if item.name.startswith(_WORD)]
        words = [item for item in words if not item.altered]
        if words:
            self.own.record([msgspec.json.decode(item.value, type=Event) for item in words])
            self.control.remove("setting", *(item.name for item in words))

    def _record(self, type_: EventType, message: str, detail: dict[str, object]) -> None:
        self.own.record([self._event(type_, message, detail)])

    def _event(self, type_: EventType, message: str, detail: dict[str, object]) -> Event:
        return Event(
            type=type_,
            at=self.now(),
            schema_version=SCHEMA_VERSION,
            channel="server",
            detail=detail,  # type: ignore[arg-type]  # built here from texts, numbers and lists only
            message=message,
        )


def leave_word(control: ControlStore, at: datetime, message: str, detail: dict[str, object]) -> None:
    """Have the process that writes the store record what this one changed in its control data. Raises StoreError."""
    event = Event(
        type=EventType.ADMINISTRATION,
        at=stamp(at),
        schema_version=SCHEMA_VERSION,
        channel="command",
        detail=detail,  # type: ignore[arg-type]  # texts and numbers
        message=message,
    )
    leave_event(control, event)


def leave_event(control: ControlStore, event: Event) -> None:
    """Have the process that writes the store record this event of another process. Raises StoreError."""
    control.put(Item("setting", f"{_WORD}{event.at}-{secrets.token_hex(4)}", msgspec.json.encode(event)))


def _told(incident: Incident) -> tuple[str, dict[str, object]]:
    what = {"what": f"store-{incident.kind}", "day": incident.day}
    return f"the store: {incident.message}", dict(what)

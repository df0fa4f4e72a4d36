"""SHELL. Signed checkpoints as events of the server's own stream, so that routes carry evidence away from this machine.

Who alters the store afterwards cannot alter what a SIEM has: `audit verify` holds a store against a checkpoint that was
kept elsewhere. A checkpoint of a day that is over, of the log of days or of a file goes out when it is made; the open
day's once an hour, because every event changes it, this one too.
Must not be here: making and signing (`server.store.evidence`), where events go (routes).
"""

import hashlib
import threading
from collections.abc import Callable

import msgspec

from spawngate.server.store.port import AlteredError, ControlStore, Item
from spawngate.trail.event import SCHEMA_VERSION, Event, EventType
from spawngate.trail.moment import of_seconds

TOLD = "checkpoints-told"
OPEN_DAY = 3600.0
"""Seconds between two events of the open day's checkpoint."""
LOOK = 60.0
_DAYS = "days/"
_PAGE = 1000


class Told(msgspec.Struct, frozen=True):
    """What was told last of one checkpoint."""

    digest: str
    at: float
    """Unix seconds."""


class Checkpoints:
    """Tells of checkpoints. `tell` records one event and raises StateError where it cannot."""

    def __init__(self, control: ControlStore, tell: Callable[[Event], object], clock: Callable[[], float]) -> None:
        self._control, self._tell, self._clock = control, tell, clock

    def step(self) -> int:
        """Tell what is new; how many. One that cannot be stored as told is told again. Raises StateError."""
        if not self._control.items("route", limit=1):
            return 0  # nobody would hear it
        now, told = self._clock(), self._known()
        found = self._made()
        newest = max((name for name in found if name.startswith(_DAYS)), default="")
        kept = {name: before for name, before in told.items() if name in found}
        count = 0
        for name, value in found.items():
            digest = hashlib.sha256(value).hexdigest()
            before = told.get(name)
            if before is not None and (before.digest == digest or (name == newest and 0 <= now - before.at < OPEN_DAY)):
                continue
            self._tell(_event(name, value, now))
            kept[name] = Told(digest, now)
            count += 1
        if kept != told:
            self._control.put(Item("setting", TOLD, msgspec.json.encode(kept)))
        return count

    def run(self, stop: threading.Event) -> None:
        """Look once a minute until `stop`. Raises StateError."""
        while not stop.is_set():
            self.step()
            stop.wait(LOOK)

    def _made(self) -> dict[str, bytes]:
        """Every checkpoint by its name. A long retention has more than one page of them."""
        found: dict[str, bytes] = {}
        after = ""
        while True:
            page = self._control.items("checkpoint", after=after, limit=_PAGE)
            found |= {item.name: item.value for item in page if not item.altered}
            if len(page) < _PAGE:
                return found
            after = page[-1].name

    def _known(self) -> dict[str, Told]:
        try:
            stored = self._control.get("setting", TOLD)
            found: dict[str, Told] = {} if stored is None else msgspec.json.decode(stored, type=dict[str, Told])
        except (msgspec.DecodeError, AlteredError):
            return {}  # all are told again
        return found


def _event(name: str, value: bytes, now: float) -> Event:
    return Event(
        type=EventType.CHECKPOINT,
        at=of_seconds(now),
        schema_version=SCHEMA_VERSION,
        channel="server",
        detail={"name": name, "note": value.decode("utf-8", "replace")},
        message=f"checkpoint of {name}",
    )

"""SHELL. What our own commands put into agents' files and took out of them, for the trail.

Where a daemon runs it sees this by itself (`guard.Guard`) and is the only writer of the trail. Without one the command
writes the events.
Must not be here: the trail (`endpoint.trail`), and what tampering is (`guard`).
"""

import getpass
from collections.abc import Sequence
from pathlib import Path

from spawngate.endpoint.daemon import control
from spawngate.endpoint.daemon.place import place
from spawngate.endpoint.protect.apply import Done
from spawngate.endpoint.protect.guard import Tampered, What
from spawngate.endpoint.state import State
from spawngate.endpoint.trail.store import TrailError, TrailStore, now
from spawngate.trail.event import SCHEMA_VERSION, Actor, Event, EventType
from spawngate.trail.moment import stamp

_WHAT = {
    "written": What.INSTALLED,
    "restored": What.WITHDRAWN,
    "removed": What.WITHDRAWN,
    "deleted": What.WITHDRAWN,
}
LOCK_SECONDS = 2.0


def record(state: Path, done: Sequence[Done]) -> str:
    """Note in the trail what was done to agents' files; why that could not be done, or nothing."""
    items = [Tampered(_WHAT[item.outcome], item.path, item.agent) for item in done if item.outcome in _WHAT]
    if not items or control.status(state) is not None:
        return ""
    endpoint = State(state).endpoint()
    try:
        with TrailStore(place(state).trail, endpoint=endpoint, wait=LOCK_SECONDS) as store:
            store.append([_event(item, endpoint) for item in items])
    except TrailError as error:
        return f"this could not be noted in the trail: {error}"
    return ""


def _event(item: Tampered, endpoint: str) -> Event:
    return Event(
        type=EventType.SELF_PROTECTION,
        at=stamp(now()),
        schema_version=SCHEMA_VERSION,
        endpoint=endpoint,
        channel="command",
        actor=Actor(user=_user(), agent=item.agent),
        detail={"what": item.what.value, "path": item.path, "agent": item.agent},
        message=item.message,
    )


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""

"""SHELL. What hook clients decided alone, while the daemon was away or slow, as events of the trail.

Must not be here: reading the spool (`endpoint.client.spool`), and what a line says (`model.alone`).
"""

from collections import Counter
from collections.abc import Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from spawngate.endpoint.client.settings import read_settings
from spawngate.endpoint.client.spool import Taken
from spawngate.endpoint.daemon.place import Place
from spawngate.endpoint.trail import reader
from spawngate.model.alone import DecidedAlone
from spawngate.model.errors import StateError
from spawngate.model.json import Json
from spawngate.trail.event import SCHEMA_VERSION, Actor, Event, EventType
from spawngate.trail.query import Query

LOOK_BACK = 50_000
"""Newest records among which lines are looked for that a daemon recorded just before it crashed."""


def spool_path(place: Place, user_id: int) -> Path:
    """Where the clients of a state folder write: what their configuration says, or the usual place."""
    try:
        settings = read_settings(place.state)
    except StateError:
        settings = None
    return place.spool if settings is None else Path(settings.spool.replace("{uid}", str(user_id)))


def fallback_events(
    taken: Taken, known: Counter[tuple[Json, ...]], *, at: str, endpoint: str, user: str
) -> list[Event]:
    """An event for every decision that is not `known`, and one for what could not be noted or read."""
    left = known.copy()
    events: list[Event] = []
    for decision in taken.decisions:
        detail = _detail(decision)
        key = _key(detail)
        if left[key]:
            left[key] -= 1
            continue
        events.append(
            Event(
                type=EventType.FALLBACK,
                at=at,
                schema_version=SCHEMA_VERSION,
                endpoint=endpoint,
                channel="client",
                actor=Actor(user=user, agent=decision.agent),
                detail=detail,
                message=f"the client decided alone ({decision.failure}): {detail['verdict']}",
            )
        )
    lost = {"dropped": taken.dropped, "damaged": taken.damaged}
    if any(lost.values()):
        events.append(
            Event(
                type=EventType.FALLBACK,
                at=at,
                schema_version=SCHEMA_VERSION,
                endpoint=endpoint,
                channel="client",
                actor=Actor(user=user),
                counts={key: count for key, count in lost.items() if count},
                message="decisions that clients took alone and that are not known one by one",
            )
        )
    return events


def recorded_before(trail: Path) -> Counter[tuple[Json, ...]]:
    """Decisions of clients that are among the newest records: a crash can leave a spool that is recorded already."""
    found: Counter[tuple[Json, ...]] = Counter()
    for value in islice(reader.newest(trail, Query()), LOOK_BACK):
        detail = value.get("detail")
        if value.get("type") == EventType.FALLBACK and isinstance(detail, Mapping):
            found[_key(detail)] += 1
    return found


def _detail(decision: DecidedAlone) -> dict[str, Json]:
    return {
        "time": decision.time,
        "agent": decision.agent,
        "event": decision.event,
        "failure": decision.failure.value,
        "verdict": "closed" if decision.closed else "open",
        "bytes": decision.size,
        "sha256": decision.digest,
    }


def _key(detail: Mapping[str, Any]) -> tuple[Json, ...]:
    return tuple(detail.get(name) for name in ("time", "agent", "event", "failure", "verdict", "bytes", "sha256"))

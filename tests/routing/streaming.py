"""Driving a stream destination's exchange in tests: batches of sealed records, and answers of a stub or a list."""

from collections.abc import Callable, Sequence
from typing import Any

from spawngate.routing.destination import Answer, Batch, Context, Destination, Outcome, Outgoing
from spawngate.routing.settings import Settings
from spawngate.server.store.port import Entry
from spawngate.trail.chain import Head, seal
from spawngate.trail.event import Event, EventType
from tests.trail.mappings.samples import EVENTS, RECORDS

NOW = "2026-11-21T10:05:00.000000Z"
RECEIVED = "2026-11-21T10:00:01.000000Z"


def entry(record: bytes, sequence: int, endpoint: str = "e0f1a2b3c4d5e6f7", type_: str = "decision") -> Entry:
    """A stored event."""
    return Entry(endpoint, "stream-1", sequence, "2026-11-21T10:00:00.123456Z", RECEIVED, type_, record)


def samples() -> Batch:
    """One event of every type."""
    items = tuple(entry(RECORDS[name], at, type_=EVENTS[name].type) for at, name in enumerate(RECORDS, 1))
    return Batch("siem", "batch-1", items)


def simple(messages: Sequence[str], identity: str = "batch-1") -> Batch:
    """Events that hold a message each."""
    head, items = Head("stream-1", 0, "0" * 64), []
    for number, message in enumerate(messages, 1):
        event = Event(EventType.EXPIRED, "2026-11-21T10:00:00.000000Z", 1, endpoint="e1", message=message)
        line, head = seal(event, head)
        items.append(entry(line, number, "e1", "expired"))
    return Batch("siem", identity, tuple(items))


def drive(
    destination: Destination,
    settings: Settings,
    batch: Batch,
    answer: Callable[[Any], Answer],
    *,
    now: str = NOW,
    remembered: dict[str, str] | None = None,
    held: dict[str, str] | None = None,
) -> tuple[Outcome, list[Outgoing]]:
    """The outcome of one attempt and everything that went out."""
    steps = destination.exchange(settings, batch, Context(now, 1, remembered or {}, held or {}))
    sent: list[Outgoing] = []
    try:
        outgoing = next(steps)
        while True:
            sent.append(outgoing)
            outgoing = steps.send(answer(outgoing))
    except StopIteration as end:
        outcome: Outcome = end.value
        return outcome, sent

"""Records of a stream for tests of batches."""

from collections.abc import Sequence

from spawngate.trail import chain
from spawngate.trail.event import SCHEMA_VERSION, DecisionRecord, Event, EventType

INSTALLATION = "0" * 32
STREAM = "stream-1"


def sealed(
    count: int,
    *,
    stream: str = STREAM,
    head: chain.Head | None = None,
    endpoint: str = INSTALLATION,
    verdicts: Sequence[str] = ("allow",),
    at: str = "2026-11-21T10:00:00.000000Z",
) -> list[bytes]:
    """So many lines of a chain, behind `head`."""
    head = head or chain.Head(stream)
    lines = []
    for number in range(count):
        event = Event(
            type=EventType.DECISION,
            at=at,
            schema_version=SCHEMA_VERSION,
            endpoint=endpoint,
            channel="hook",
            decision=DecisionRecord(verdicts[number % len(verdicts)], "enforce"),
            message=f"call {head.sequence + 1}",
        )
        line, head = chain.seal(event, head)
        lines.append(line)
    return lines


def head_of(line: bytes) -> chain.Head:
    """The head behind a line."""
    record = chain.read(line)
    assert record is not None
    return chain.Head(record.stream, record.sequence, record.hash)

"""What all stream destinations share: settings of a batch, events to be mapped, and a batch that goes out in parts.

A receiver limits how much one request may hold, and one event that it will not take must not stop the rest: a part that
is refused is halved until the event is found that is not wanted. What was taken before something fails is told item by
item, so that the cursor moves and nothing is sent twice without need.
Must not be here: formats (`trail.mappings`), requests of one vendor (`routing.destinations`), cursors
(`server.deliver.streams`).
"""

from collections.abc import Callable, Generator, Mapping, Sequence

import msgspec

from spawngate.routing.destination import Answer, HttpAnswer, Item, ItemOutcome, Outcome, Outgoing, State
from spawngate.routing.settings import Settings
from spawngate.trail.event import shortened
from spawngate.trail.mappings.source import Source, read

MOST_EVENTS = 5_000
"""Of one batch."""
MOST_REQUESTS = 16
"""Of one attempt: enough to find one event among as many that is refused."""

Request = Callable[[Sequence[bytes]], Outgoing]
"""What is sent for some of the pieces, in their order."""
Read = Callable[[Answer, int], Outcome]
"""What an answer says of a request with so many pieces; `items` count from the first of them."""


class StreamSettings(Settings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of the settings of stream destinations."""

    batch_events: int = 500
    """Events that are taken from the store at once."""

    def problems(self) -> Mapping[str, str]:
        """Wrong settings by name."""
        found = dict(super().problems())
        if not 1 <= self.batch_events <= MOST_EVENTS:
            found["batch_events"] = f"must be between 1 and {MOST_EVENTS}"
        return found


def source(item: Item) -> Source:
    """One stored event for a mapping. Total."""
    return read(item.record, endpoint=item.endpoint, stream=item.stream, sequence=item.sequence, at=item.time)


def fitting(item: Item, make: Callable[[Source], bytes], largest: int) -> bytes:
    """What a mapping makes of an event, within `largest` bytes: the whole, else without what can be of any length,
    else nothing but its place and type."""
    whole = source(item)
    piece = make(whole)
    if len(piece) <= largest:
        return piece
    short = shortened(whole.event)
    record = {**msgspec.to_builtins(short), "hash": whole.hash, "cut": True}
    piece = make(msgspec.structs.replace(whole, event=short, record=record))
    if len(piece) <= largest:
        return piece
    event = whole.event
    bare = type(event)(
        type=event.type[:100],
        at=event.at[:40],
        schema_version=event.schema_version,
        endpoint=event.endpoint[:100],
        stream=event.stream[:100],
        sequence=event.sequence,
        detail={"cut": True},
        message="too long for this destination",
    )
    return make(
        Source(bare, whole.key[:300], whole.hash[:100], {**msgspec.to_builtins(bare), "hash": whole.hash[:100]})
    )


def in_parts(
    pieces: Sequence[bytes], most: int, largest: int, request: Request, answered: Read
) -> Generator[Outgoing, Answer, Outcome]:
    """An exchange that sends the pieces in order, at most `most` and `largest` bytes of them at once.

    Ends at the first part that has to be tried again, and after `MOST_REQUESTS`; what was settled before is in the
    outcome's items.
    """
    settled: dict[int, ItemOutcome] = {}
    asked, told = 0, ""
    waiting = [(start, stop) for start, stop in reversed(parts(pieces, most, largest))]
    while waiting:
        if asked == MOST_REQUESTS:
            return _of_all(Outcome("retry", "the rest of a large batch goes next", 0.0), "retry", settled)
        asked += 1
        start, stop = waiting.pop()
        answer = yield request(pieces[start:stop])
        outcome = answered(answer, stop - start)
        if outcome.state == "refused" and stop - start > 1:
            middle = (start + stop) // 2
            waiting += [(middle, stop), (start, middle)]
            continue
        told = outcome.reason if outcome.state == "delivered" else told
        given = {start + item.index: item for item in outcome.items}
        for index in range(start, stop):
            item = given.get(index)
            state, reason = (outcome.state, outcome.reason) if item is None else (item.state, item.reason)
            settled[index] = ItemOutcome(index, state, reason)
        if any(settled[index].state == "retry" for index in range(start, stop)):
            return _of_all(outcome, "retry", settled)
    return _of_all(Outcome("delivered", told), "delivered", settled)


def _of_all(outcome: Outcome, state: State, settled: Mapping[int, ItemOutcome]) -> Outcome:
    """The outcome of a whole batch: what fared otherwise than `state`, by item."""
    items = tuple(settled[index] for index in sorted(settled) if settled[index].state != state)
    if state == "delivered":
        return Outcome("delivered", outcome.reason, items=items)
    return Outcome("retry", outcome.reason, outcome.after, outcome.blame, items, outcome.remember, outcome.hold)


def parts(pieces: Sequence[bytes], most: int, largest: int) -> list[tuple[int, int]]:
    """Start and stop of each part. A piece that is larger than allowed is a part of its own: the receiver decides."""
    found: list[tuple[int, int]] = []
    start = size = 0
    for index, piece in enumerate(pieces):
        if index > start and (index - start >= most or size + len(piece) > largest):
            found.append((start, index))
            start, size = index, 0
        size += len(piece)
    if start < len(pieces):
        found.append((start, len(pieces)))
    return found


def said(answer: Answer, *names: str) -> str:
    """A text in a JSON answer, by the names of the members that lead to it; empty where it is not there."""
    if not isinstance(answer, HttpAnswer):
        return ""
    value = decoded(answer)
    for name in names:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value if isinstance(value, str) else ""


def decoded(answer: HttpAnswer) -> object:
    """The JSON of an answer; None where it has none."""
    try:
        return msgspec.json.decode(answer.body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None

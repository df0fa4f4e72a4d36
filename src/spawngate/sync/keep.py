"""What waits to be sent: how much it matters, what is sent at once, and what a full spool gives up first.

The local trail is the spool. Of what was not sent yet, more than a bound is not sent at all: first what a hook merely
told, then what was allowed, then the rest; refusals and changes of the inventory last. Inside of one class the oldest
goes first. What was given up stays in the local trail and is counted.
Must not be here: files, and what a record means.
"""

from collections.abc import Mapping
from enum import IntEnum

import msgspec

LONGEST_STREAM = 200
"""Characters of a stream's name: what a store takes."""
_DENIED = frozenset(("deny", "ask"))


class Weight(IntEnum):
    """How long a record is kept: the lowest is given up first."""

    TOLD = 0
    ALLOWED = 1
    COMMON = 2
    KEPT = 3


class Decided(msgspec.Struct, frozen=True):
    """What of a decision is looked at."""

    verdict: str = ""


class Glimpse(msgspec.Struct, frozen=True):
    """What of a record is looked at before it is sent."""

    stream: str
    sequence: int
    hash: str
    type: str
    previous: str = ""
    decision: Decided | None = None

    @property
    def kind(self) -> str:
        """Its type, a decision with its verdict: what is counted."""
        return self.type if self.decision is None else f"{self.type}:{self.decision.verdict}"


_GLIMPSE = msgspec.json.Decoder(Glimpse)
_COMMON = frozenset(
    ("launch", "daemon-started", "daemon-stopped", "refused", "fault", "delivery", "checkpoint", "fallback")
)


def glimpse(line: bytes) -> Glimpse | None:
    """What a line of the trail is; None for one that is no record."""
    try:
        found = _GLIMPSE.decode(line)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, ValueError):
        return None
    whole = 0 < found.sequence <= 1 << 53 and len(found.hash) == 64 and found.type
    name = found.stream
    named = 0 < len(name) <= LONGEST_STREAM and name.isprintable() and " " not in name
    return found if whole and named else None


def weight(record: Glimpse) -> Weight:
    """How long a record is kept. What nobody knows yet is kept longest."""
    if record.type == "moment":
        return Weight.TOLD
    verdict = record.decision.verdict if record.decision is not None else ""
    if verdict in _DENIED:
        return Weight.KEPT
    if record.type == "decision":
        return Weight.ALLOWED if verdict == "allow" else Weight.COMMON
    return Weight.COMMON if record.type in _COMMON else Weight.KEPT


def at_once(record: Glimpse) -> bool:
    """Whether a record does not wait for the next sync."""
    return weight(record) is Weight.KEPT


def given_up(sizes: Mapping[Weight, int], bound: int) -> dict[Weight, int]:
    """Bytes that are given up of each weight, oldest first, so that at most `bound` is left. Nothing where it fits."""
    over = sum(sizes.values()) - bound
    found: dict[Weight, int] = {}
    for each in Weight:
        if over <= 0:
            break
        taken = min(sizes.get(each, 0), over)
        if taken:
            found[each] = taken
            over -= taken
    return found

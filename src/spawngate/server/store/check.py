"""What every store asks of an entry before it takes it.

Must not be here: what one adapter makes of it.
"""

from functools import lru_cache
from typing import Any

import msgspec

from spawngate.model.errors import UsageError
from spawngate.server.store.port import Entry
from spawngate.trail import moment

LONGEST_NAME = 200
"""Characters of an endpoint's and of a stream's name."""
LARGEST = 1 << 20
"""Bytes of a record."""
_HIGHEST = 1 << 53
_received = lru_cache(16)(moment.exact)
"""Whole batches arrive at one time."""
_decode = msgspec.json.Decoder().decode


@lru_cache(4096)
def _is_name(name: str) -> bool:
    return 0 < len(name) <= LONGEST_NAME and name.isprintable() and " " not in name


def check(entry: Entry) -> tuple[int, int, dict[str, Any]]:
    """Microseconds of its time and of its arrival, and its decoded record.

    Raises UsageError for an entry that no store takes; the message holds no value of it.
    """
    return (*check_place(entry), check_record(entry))


def check_place(entry: Entry) -> tuple[int, int]:
    """Microseconds of its time and of its arrival, without a look into its record. Raises UsageError."""
    if not (_is_name(entry.endpoint) and _is_name(entry.stream)):
        raise UsageError("an event's endpoint and stream are names without blanks, of at most 200 characters")
    if not 0 < entry.sequence <= _HIGHEST:
        raise UsageError("an event's sequence is a number from 1 on")
    try:
        times = moment.exact(entry.time), _received(entry.received)
    except ValueError:
        raise UsageError("an event's times are RFC 3339 in UTC with microseconds") from None
    if len(entry.record) > LARGEST or b"\n" in entry.record:
        raise UsageError(f"a record is one line of at most {LARGEST} bytes")
    return times


def check_record(entry: Entry) -> dict[str, Any]:
    """Its decoded record. Raises UsageError."""
    try:
        value: dict[str, Any] = _decode(entry.record)
        text_type = value["type"]
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, TypeError, KeyError):
        raise UsageError("a record is a JSON object with a type") from None
    if not isinstance(text_type, str) or text_type != entry.type:
        raise UsageError("an event's type is that of its record")
    return value

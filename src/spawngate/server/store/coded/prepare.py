"""An event made ready for its row, outside of every lock: checked, decoded, its leaf hashed.

Must not be here: codes of words and places in a day, which depend on the day (`writer`).
"""

import msgspec

from spawngate.model.errors import UsageError
from spawngate.server.store.check import check_place, check_record
from spawngate.server.store.coded import quick
from spawngate.server.store.coded.columns import Columns
from spawngate.server.store.port import Entry
from spawngate.trail import chain, leaf


class Prepared(msgspec.Struct, frozen=True, gc=False):
    """One event and what its row needs of it. Nothing that could be part of a circle."""

    entry: Entry
    time: int
    received: int
    columns: Columns
    leaf: bytes
    mark: int


def prepare(entry: Entry) -> Prepared:
    """Raises UsageError for an entry that no store takes; the message holds no value of it."""
    time, received = check_place(entry)
    quickly = quick.columns(entry.record)
    if quickly is not None and quickly[0] == entry.type:
        columns = quickly[1]
    else:
        value = check_record(entry)
        try:
            columns = Columns.of(value)
        except RecursionError:
            raise UsageError("a record is nested too deep") from None
    hashed = leaf.hashed(entry.received, entry.endpoint, entry.record)
    return Prepared(entry, time, received, columns, hashed, leaf.mark(hashed))


def record_hash(record: bytes) -> str:
    """The hash that a sealed record names as its own; zeros where it names none."""
    tail = record[-66:-2]
    return tail.decode() if record[-75:-66] == b',"hash":"' and tail.isalnum() else chain.GENESIS

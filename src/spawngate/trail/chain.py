"""The hash chain: every record names its place and the hash of the one before, so that what is missing, altered,
inserted or moved shows.

A record is one line: the canonical bytes of an event with `"hash":"<SHA-256 of those bytes>"` appended as its last
member. Belongs here: sealing, reading a record back, verification. Must not be here: files.

What a chain cannot tell by itself: that its end was cut off, and that somebody who may write the whole trail made all
of it anew. Both show against a head that was noted elsewhere (`verify(..., head=...)`).
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from spawngate.trail.event import Event, EventType, canonical

GENESIS = "0" * 64
_TAIL = re.compile(rb',"hash":"([0-9a-f]{64})"\}\Z')
_TAIL_LENGTH = len(b',"hash":"') + 64 + 2
_HEX = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a chain: the place and hash of its last record."""

    stream: str
    sequence: int = 0
    """0 where the stream has no record yet."""
    hash: str = GENESIS


class Record(msgspec.Struct, frozen=True):
    """One record as it was read."""

    value: Mapping[str, Any]
    """Everything but the hash."""
    hash: str
    """As the record says."""
    intact: bool
    """The hash is that of the record's canonical bytes."""

    @property
    def sequence(self) -> int:
        """Place in the stream."""
        return int(self.value["sequence"])

    @property
    def previous(self) -> str:
        """Hash of the record before."""
        return str(self.value["previous"])

    @property
    def stream(self) -> str:
        """Id of the stream."""
        return str(self.value["stream"])


Kind = Literal["unreadable", "altered", "dropped", "inserted", "reordered", "stream", "shortened"]


@dataclass(frozen=True, slots=True)
class Fault:
    """The first record that is not as it was written."""

    kind: Kind
    line: int
    """Place among the lines that were read, from 1."""
    sequence: int
    """Sequence of the record that is dropped, altered, inserted or moved; 0 where it cannot be told."""
    message: str


@dataclass(frozen=True, slots=True)
class Verified:
    """What verification found."""

    records: int
    """Records that are as they were written, from the first on."""
    first: int
    """Sequence of the first record; 0 where there is none."""
    head: Head | None
    """The last good record."""
    fault: Fault | None = None
    expired: int = 0
    """Records before the first that retention deleted and accounts for."""


def seal(event: Event, head: Head) -> tuple[bytes, Head]:
    """The record of an event behind `head` as one line without its newline, and the new head."""
    sequence = head.sequence + 1
    placed = msgspec.structs.replace(event, stream=head.stream, sequence=sequence, previous=head.hash)
    data = canonical(placed)
    digest = hashlib.sha256(data).hexdigest()
    return b'%b,"hash":"%b"}' % (data[:-1], digest.encode()), Head(head.stream, sequence, digest)


def read(line: bytes) -> Record | None:
    """The record on a line, also where another program has written it anew; None where it is none."""
    try:
        value = msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    if not isinstance(value, dict):
        return None
    given = value.pop("hash", None)
    sequence = value.get("sequence")
    texts = (given, value.get("previous"))
    if not all(isinstance(text, str) and _HEX.fullmatch(text) for text in texts):
        return None
    if not isinstance(value.get("stream"), str) or isinstance(sequence, bool) or not isinstance(sequence, int):
        return None
    if not 0 < sequence < 1 << 62:
        return None
    try:
        data = canonical(value)
    except (ValueError, RecursionError, TypeError):
        return Record(value, given, False)
    intact = hashlib.sha256(data).hexdigest() == given
    if intact and not (line[:-_TAIL_LENGTH] == data[:-1] and _TAIL.search(line)):
        intact = not _repeats(line)
    return Record(value, given, intact)


def _repeats(line: bytes) -> bool:
    """Whether an object on the line names a member twice: readers would disagree about which one counts."""

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            raise ValueError
        return found

    try:
        json.loads(line, object_pairs_hook=members)
    except (ValueError, RecursionError):
        return True
    return False


def verify(lines: Callable[[], Iterable[bytes]], head: Head | None = None) -> Verified:
    """Check one stream. `lines` starts reading anew at every call; empty lines do not count.

    `head` is an end noted elsewhere: the stream must reach it. Stops at the first fault.
    """
    last: Head | None = None
    first = count = expired = 0
    gap: Head | None = None
    noted = False
    for number, line in _numbered(lines()):
        record = read(line)
        if record is None:
            return Verified(count, first, last, _unreadable(number, last), expired)
        if last is None:
            first = record.sequence
            last = Head(record.stream, record.sequence - 1, record.previous)
            if record.sequence > 1:
                gap = last
            elif record.previous != GENESIS:
                return Verified(
                    0, first, None, Fault("altered", number, 1, "the first record does not begin a chain"), 0
                )
        fault = _fault(record, last, number, lines)
        if fault is not None:
            return Verified(count, first, last if count else None, fault, expired)
        last = Head(record.stream, record.sequence, record.hash)
        count += 1
        if gap is not None and _accounts_for(record, gap):
            expired, gap = gap.sequence, None
        if head is not None and head.sequence == record.sequence:
            if head.hash != record.hash:
                message = f"record {record.sequence} is not the one that was noted"
                return Verified(count - 1, first, last, Fault("altered", number, record.sequence, message), expired)
            noted = True
    if gap is not None and last is not None:
        message = f"records 1 to {gap.sequence} are missing, and no record of a deletion by retention names them"
        return Verified(count, first, last, Fault("dropped", 1, 1, message), 0)
    if head is not None and not noted and (last is None or last.sequence < head.sequence):
        at = 0 if last is None else last.sequence
        message = f"ends at record {at}; record {head.sequence} was noted as written"
        return Verified(count, first, last, Fault("shortened", count, at + 1, message), expired)
    return Verified(count, first, last, None, expired)


def _numbered(lines: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield number, line


def _unreadable(number: int, last: Head | None) -> Fault:
    sequence = 1 if last is None else last.sequence + 1
    return Fault("unreadable", number, sequence, f"line {number}, where record {sequence} should be, is no record")


def _accounts_for(record: Record, gap: Head) -> bool:
    detail = record.value.get("detail")
    if record.value.get("type") != EventType.EXPIRED or not isinstance(detail, Mapping):
        return False
    last = detail.get("last")
    return isinstance(last, Mapping) and last.get("sequence") == gap.sequence and last.get("hash") == gap.hash


def _fault(record: Record, last: Head, number: int, lines: Callable[[], Iterable[bytes]]) -> Fault | None:
    """What is wrong with a record that should come right after `last`."""
    sequence, expected = record.sequence, last.sequence + 1
    if not record.intact:
        message = f"record {sequence} was altered: its content does not match its hash"
        return Fault("altered", number, sequence, message)
    if record.stream != last.stream:
        return Fault("stream", number, sequence, f"line {number} belongs to another stream")
    if sequence == expected and record.previous == last.hash:
        return None
    if sequence == expected:
        message = f"record {sequence} does not follow record {last.sequence}: one of them was made anew"
        return Fault("altered", number, sequence, message)
    if sequence < expected:
        return _repeated(record, number, lines)
    moved = 0
    for later, line in _numbered(lines()):
        found = read(line) if later > number else None
        if found is None:
            continue
        if found.sequence == sequence and found.hash == record.hash:
            message = f"record {sequence} stands on line {number} and again, in its place, on line {later}"
            return Fault("inserted", number, sequence, message)
        if not moved and found.sequence == expected and found.previous == last.hash:
            moved = later
    if moved:
        message = f"record {expected} stands behind record {sequence}, on line {moved}"
        return Fault("reordered", moved, expected, message)
    if sequence == expected + 1:
        return Fault("dropped", number, expected, f"record {expected} is missing")
    return Fault("dropped", number, expected, f"records {expected} to {sequence - 1} are missing")


def _repeated(record: Record, number: int, lines: Callable[[], Iterable[bytes]]) -> Fault:
    """A record whose place is taken already: which of the two does the chain go on from?"""
    sequence = record.sequence
    first = 0
    for place, line in _numbered(lines()):
        found = read(line)
        if found is None:
            continue
        if place < number and found.sequence == sequence and not first:
            first = place
            if found.hash == record.hash:
                message = f"record {sequence} stands on line {place} and again on line {number}"
                return Fault("inserted", number, sequence, message)
        if place > number and found.sequence == sequence + 1 and found.previous == record.hash:
            message = f"two records claim place {sequence}; the chain goes on from the one on line {number}"
            return Fault("inserted", first, sequence, message)
    message = f"two records claim place {sequence}; nothing follows the one on line {number}"
    return Fault("inserted", number, sequence, message)

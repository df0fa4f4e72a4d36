"""A batch of records as a server reads it: every line a record of the stream, in its order, behind what the server has.

What is missing must be declared (`messages.Gap`), so that a batch that came before its time is told from one whose
records are gone: the first is refused and comes again, the second is taken and the gap is told. A record whose content
does not match its hash, or that does not follow the one before, is evidence: it is taken and told.
Must not be here: bodies and their encodings, stores, what is told to whom (`server.intake`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import msgspec

from spawngate.sync import messages
from spawngate.sync.messages import LONGEST_LINE, Gap, GapLine, MessageError
from spawngate.trail import chain, moment
from spawngate.trail.chain import GENESIS, Head

_GAP = b'{"gap":'


class BatchError(Exception):
    """The batch is refused whole. `code`: `gap` (it does not go on from `accepted`) or `line` (that `line` is none)."""

    def __init__(self, code: str, message: str, *, line: int = 0, accepted: int = 0) -> None:
        super().__init__(message)
        self.code, self.line, self.accepted = code, line, accepted


class Sent(msgspec.Struct, frozen=True, gc=False):
    """One record."""

    sequence: int
    hash: str
    type: str
    at: str
    """In the trail's form; empty where the record has no time."""
    line: bytes


@dataclass(frozen=True, slots=True)
class Broken:
    """Something that is not as it was written."""

    what: str
    """trail-altered, trail-broken."""
    sequence: int
    message: str


@dataclass(frozen=True, slots=True)
class Batch:
    """What a batch holds."""

    stream: str
    records: tuple[Sent, ...]
    """That the server does not have."""
    repeated: tuple[Sent, ...]
    """That it has, or should have."""
    gaps: tuple[Gap, ...]
    """Declared, and behind what the server has."""
    broken: tuple[Broken, ...]
    accepted: int
    """The last sequence that is accounted for then."""


def read(head: Head, lines: Iterable[bytes], installation: str = "") -> Batch:
    """The batch behind `head`, which names the stream too. `installation`: the endpoint's own id, which its records may
    name and no other. Raises BatchError."""
    records: list[Sent] = []
    repeated: list[Sent] = []
    gaps: list[Gap] = []
    broken: list[Broken] = []
    at, previous = head.sequence, head.hash
    seen = {head.sequence: head.hash} if head.sequence else {}
    declared = False
    number = 0
    for number, line in enumerate(lines, 1):
        if len(line) > LONGEST_LINE:
            raise BatchError("line", "a line is too long", line=number)
        if line.startswith(_GAP):
            gap = _gap(line, number)
            if gap.last <= at:
                continue
            if gap.first > at + 1:
                raise _early(head, at)
            gaps.append(gap)
            at, previous, declared = gap.last, gap.hash, True
            continue
        record, sent = _record(line, number, head.stream, installation)
        if sent.sequence <= at:
            known = seen.get(sent.sequence)
            if known is not None and known != sent.hash:
                broken.append(_other(sent.sequence))
            repeated.append(sent)
            continue
        if sent.sequence > at + 1:
            raise _early(head, at)
        if not record.intact:
            message = f"record {sent.sequence} was altered: its content does not match its hash"
            broken.append(Broken("trail-altered", sent.sequence, message))
        elif previous and record.previous != previous:
            message = f"record {sent.sequence} does not follow record {at}"
            broken.append(Broken("trail-broken", sent.sequence, message))
        records.append(sent)
        at, previous, declared = sent.sequence, sent.hash, False
        seen[at] = sent.hash
    if declared:
        raise BatchError("line", "a gap is followed by no record", line=number)
    return Batch(head.stream, tuple(records), tuple(repeated), tuple(gaps), tuple(broken), at)


def _early(head: Head, at: int) -> BatchError:
    return BatchError("gap", f"what comes behind record {at} is missing", accepted=head.sequence)


def _other(sequence: int) -> Broken:
    return Broken("trail-altered", sequence, f"record {sequence} is another one than was taken before")


def _gap(line: bytes, number: int) -> Gap:
    try:
        gap = messages.read(GapLine, line).gap
    except MessageError:
        raise BatchError("line", "a line declares no gap", line=number) from None
    if gap.last < gap.first:
        raise BatchError("line", "a gap ends before it begins", line=number)
    return gap


def _record(line: bytes, number: int, stream: str, installation: str) -> tuple[chain.Record, Sent]:
    record = chain.read(line)
    if record is None or record.sequence > 1 << 53:
        raise BatchError("line", "a line is no record", line=number)
    value: Any = record.value
    type_ = value.get("type")
    if not isinstance(type_, str) or not 0 < len(type_) <= 200:
        raise BatchError("line", "a record has no type", line=number)
    if record.stream != stream:
        raise BatchError("line", "a record is of another stream", line=number)
    if installation and value.get("endpoint", "") not in ("", installation):
        raise BatchError("line", "a record is of another endpoint", line=number)
    try:
        time = moment.normal(str(value.get("at")))
    except ValueError:
        time = ""
    return record, Sent(record.sequence, record.hash, type_, time, line)


__all__ = ["GENESIS", "Batch", "BatchError", "Broken", "Head", "Sent", "read"]

"""One day, held against itself: every event's place, record, mark and columns, and the tree that they make.

Names what is not as it was stored. What the tree should be is told by signed checkpoints (`server.store.verify`).
Must not be here: signatures, several days.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

import msgspec

from spawngate.server.store.coded import packing
from spawngate.server.store.coded.columns import CODED, NUMBERS, Columns
from spawngate.server.store.coded.prepare import record_hash
from spawngate.server.store.port import StoreError
from spawngate.trail import chain, leaf, moment, tree

TILE = 256
"""Leaves below a tile."""
MOST = 200
"""Faults of one day that are named."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is not as it was stored."""

    kind: str
    """altered, dropped, inserted, swapped, unreadable."""
    number: int
    """The event's number in the day; 0 where it is no event."""
    stream: str
    """`endpoint stream sequence`, as far as it can be told."""
    message: str


@dataclass(slots=True)
class Seen:
    """What a day holds."""

    size: int = 0
    """Events that the file has."""
    leaves: list[bytes] = field(default_factory=list)
    """Hash of each leaf, from the records; empty for one that cannot be had."""
    faults: list[Fault] = field(default_factory=list)
    bad_tiles: list[tuple[int, int]] = field(default_factory=list)
    """First and last number of the events below a kept tile that they do not make."""

    def tell(self, kind: str, number: int, stream: str, message: str) -> None:
        """Note a fault; beyond MOST they are counted by their first."""
        if len(self.faults) < MOST:
            self.faults.append(Fault(kind, number, stream, message))

    def root(self, size: int) -> bytes:
        """Root of the tree of the first `size` leaves."""
        return tree.root_of(self.leaves[:size])


@dataclass(frozen=True, slots=True)
class _Odd:
    """An event whose record does not have its mark."""

    number: int
    name: str
    mark: int
    received: str
    endpoint: str
    record: bytes

    def owns(self, record: bytes) -> bool:
        """Whether that record is the one that was stored here."""
        return leaf.mark(leaf.hashed(self.received, self.endpoint, record)) == self.mark


Link = Callable[[str, str, int, bytes, int], None]
"""Told endpoint, stream, sequence, record and number of every event that can be read, in the order of arrival."""


class RawDay(Protocol):
    """A day as it is kept, at one moment. Every method may raise StoreError."""

    def problems(self) -> Iterable[str]:
        """What the database itself says is damaged."""

    def raw(self) -> Iterable[tuple[Any, ...]]:
        """Number, time, received, stream, sequence, mark, numbers and codes of every event, in the order of arrival."""

    def words(self, column: str) -> Iterable[tuple[int, tuple[str, ...]]]:
        """Codes and words of a column."""

    def stream(self, number: int) -> tuple[str, str]:
        """Endpoint and id of a stream."""

    def block(self, number: int) -> tuple[int, packing.Block]:
        """Number of the first record of the block that an event is in, and the block."""

    def tiles(self) -> dict[int, bytes]:
        """Roots of whole subtrees, by their number."""

    def blocks(self) -> Iterable[tuple[int, int]]:
        """Number of the first record, and count, of each block, in order."""


def look(day: RawDay, link: Link) -> Seen:
    """Read all of a day. Raises StoreError where it cannot be read any further."""
    seen = Seen()
    for problem in day.problems():
        seen.tell("unreadable", 0, "", f"the database is damaged: {problem}")
    words = [dict(_words(day, column, seen)) for column in CODED]
    odd: list[_Odd] = []
    expected = 1
    first, block = 0, packing.Block(b"", 0)
    for row in day.raw():
        number, _, received, stream_number, sequence, mark = row[:6]
        while expected < number:
            seen.tell("dropped", expected, "", f"event {expected} is missing")
            seen.leaves.append(b"")
            expected += 1
        expected = number + 1
        name = _stream(day, stream_number, sequence)
        if not first <= number < first + len(block):
            first, block = day.block(number)
        record = block.record(number - first) if first <= number < first + len(block) else None
        if record is None:
            seen.leaves.append(b"")
            seen.tell("unreadable", number, name, f"event {number} ({name}): its record cannot be read")
            continue
        endpoint, stream = name.split(" ")[:2]
        hashed = leaf.hashed(_text(received), endpoint, record)
        seen.leaves.append(hashed)
        if leaf.mark(hashed) != mark:
            odd.append(_Odd(number, name, mark, _text(received), endpoint, record))
        elif not _fits(row, record, stream, words):
            seen.tell("altered", number, name, f"event {number} ({name}): its columns are not those of its record")
        link(endpoint, stream, sequence, record, number)
    seen.size = expected - 1
    for each in odd:
        other = next((other for other in odd[:MOST] if other is not each and other.owns(each.record)), None)
        said = f"event {each.number} ({each.name}): "
        if other is not None:
            seen.tell("swapped", each.number, each.name, f"{said}the record of event {other.number} stands here")
        else:
            seen.tell("altered", each.number, each.name, f"{said}its record is not the one that was stored")
    _tiles(day, seen)
    _blocks(day, seen)
    return seen


def _words(day: RawDay, column: str, seen: Seen) -> Iterator[tuple[int, tuple[str, ...]]]:
    try:
        yield from day.words(column)
    except StoreError as error:
        seen.tell("altered", 0, "", f"words of {column}: {error}")


def _stream(day: RawDay, number: int, sequence: int) -> str:
    try:
        endpoint, stream = day.stream(number)
    except StoreError:
        endpoint, stream = "?", "?"
    return f"{endpoint} {stream} {sequence}"


def _text(microseconds: int) -> str:
    try:
        return moment.text(microseconds)
    except (ValueError, TypeError):
        return ""


def _fits(row: tuple[Any, ...], record: bytes, stream: str, words: list[dict[int, tuple[str, ...]]]) -> bool:
    """Whether the columns of a row are what its record says."""
    try:
        value = msgspec.json.decode(record)
        columns = Columns.of(value)
    except (msgspec.DecodeError, UnicodeDecodeError, AttributeError, RecursionError):
        return False
    at = value.get("at")
    if isinstance(at, str) and moment.is_normal(at) and moment.microseconds(at) != row[1]:
        return False
    if value.get("hash") and (value.get("sequence", row[4]), value.get("stream", stream)) != (row[4], stream):
        return False
    start = 6 + len(NUMBERS)
    if row[6:start] != columns.numbers:
        return False
    return all(
        set(words[place].get(code, ("?",)) if code is not None else ()) == set(wanted or ())
        for place, (code, wanted) in enumerate(zip(row[start:], columns.words, strict=True))
    )


def _tiles(day: RawDay, seen: Seen) -> None:
    kept = day.tiles()
    for number in range(seen.size // TILE):
        first, last = number * TILE, (number + 1) * TILE
        if kept.pop(number, b"") != tree.root_of(seen.leaves[first:last]):
            seen.bad_tiles.append((first + 1, last))
    if kept:
        seen.tell("altered", 0, "", "there are tiles of events that are not there")


def _blocks(day: RawDay, seen: Seen) -> None:
    expected = 1
    for first, count in day.blocks():
        if first != expected or not 0 < count <= packing.MOST:
            seen.tell("altered", first, "", f"the block of event {first} does not follow the one before")
            return
        expected = first + count
    if expected != seen.size + 1:
        seen.tell("altered", expected, "", f"blocks hold {expected - 1} records, and there are {seen.size} events")


@dataclass(slots=True)
class Chains:
    """The hash chains of all streams over the days of a store, in the order of arrival."""

    heads: dict[tuple[str, str], tuple[int, str]] = field(default_factory=dict)
    waiting: dict[tuple[str, str, int], tuple[str, str, str]] = field(default_factory=dict)
    """Events that came before the one before them: previous hash, own hash, place."""
    begins: dict[tuple[str, str], int] = field(default_factory=dict)
    faults: list[tuple[str, str]] = field(default_factory=list)
    """Place (`day number`) and what is wrong."""
    day: str = ""

    def link(self, endpoint: str, stream: str, sequence: int, record: bytes, number: int) -> None:
        """One event. A foreign record without a chain is left to the tree."""
        body = record[:-75]
        previous = _previous(body)
        if not previous:
            return
        place = f"{self.day} {number}"
        name = f"{endpoint} {stream} {sequence}"
        own = record_hash(record)
        if hashlib.sha256(body + b"}").hexdigest() != own:
            self.faults.append((place, f"event {number} ({name}): its record does not have the hash that it names"))
        key = (endpoint, stream)
        head = self.heads.get(key)
        if head is None:
            self.begins[key] = sequence
            if sequence == 1 and previous != chain.GENESIS:
                self.faults.append((place, f"event {number} ({name}): the first of its stream does not begin a chain"))
            self._take(key, sequence, own)
        elif sequence == head[0] + 1:
            self._check(previous, head[1], place, number, name)
            self._take(key, sequence, own)
        elif sequence <= head[0] and sequence >= self.begins[key]:
            if (*key, sequence) not in self.waiting:
                self.waiting[(*key, -sequence)] = (previous, own, place)
        else:
            self.waiting[(*key, sequence)] = (previous, own, place)

    def _take(self, key: tuple[str, str], sequence: int, own: str) -> None:
        self.heads[key] = sequence, own
        while (following := self.waiting.pop((*key, sequence + 1), None)) is not None:
            previous, hashed, place = following
            sequence += 1
            self._check(previous, own, place, int(place.split(" ")[1]), f"{key[0]} {key[1]} {sequence}")
            own = hashed
            self.heads[key] = sequence, own

    def _check(self, previous: str, expected: str, place: str, number: int, name: str) -> None:
        if previous != expected:
            self.faults.append((place, f"event {number} ({name}) does not follow the one before it in its stream"))

    def gaps(self) -> Iterator[str]:
        """Sequences that are not there between those that are; and streams that do not begin at 1."""
        for (endpoint, stream), first in sorted(self.begins.items()):
            if first > 1:
                yield f"{endpoint} {stream}: 1 to {first - 1}"
            later = sorted(key[2] for key in self.waiting if key[:2] == (endpoint, stream) and key[2] > 0)
            at = self.heads[endpoint, stream][0]
            for sequence in later:
                if sequence > at + 1:
                    yield f"{endpoint} {stream}: {at + 1} to {sequence - 1}"
                at = sequence

    def repeated(self) -> Iterator[tuple[str, str]]:
        """Events whose place in their stream is taken already: place and name."""
        for (endpoint, stream, sequence), (_, _, place) in self.waiting.items():
            if sequence < 0:
                yield place, f"{endpoint} {stream} {-sequence}"


def _previous(body: bytes) -> str:
    match = packing.PREVIOUS.search(body)
    return "" if match is None else match[1].decode()

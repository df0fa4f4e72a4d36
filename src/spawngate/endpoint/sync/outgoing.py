"""SHELL. What of the local trail is not sent yet: how much, which of it goes next, and what is given up of too much.

The trail is the spool; nothing here holds more of it than one batch. A place in it is a day and the offset behind a
line.
Must not be here: sending (`run`), what matters more (`sync.keep`), writing the trail.
"""

import os
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import msgspec

from spawngate.endpoint.trail import segment
from spawngate.model.errors import StateError
from spawngate.sync.keep import Glimpse, Weight, given_up, glimpse, weight
from spawngate.sync.messages import LONGEST_LINE, MOST_BYTES, MOST_RECORDS, Gap, GapLine, Reason

Place = tuple[str, int]
"""A day (2026-11-21), and the offset behind a line of its segment. `("", 0)` is before everything."""


class Position(msgspec.Struct, frozen=True):
    """How far the trail is sent: the place, and the last record of a stream that is accounted for."""

    day: str = ""
    offset: int = 0
    stream: str = ""
    sequence: int = 0

    @property
    def place(self) -> Place:
        """Where to go on."""
        return self.day, self.offset


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One batch."""

    stream: str
    lines: tuple[bytes, ...]
    sequences: tuple[int, ...]
    """Of each line; 0 for one that declares a gap."""
    after: Position
    """How far the trail is sent when this is."""
    given_up: Mapping[str, int] = field(default_factory=dict)
    """Records that are not in it, by type."""
    last: bool = True
    """Nothing came behind it when it was made."""

    @property
    def body(self) -> bytes:
        """As it travels."""
        return b"".join(line + b"\n" for line in self.lines)


def lines(folder: Path, place: Place) -> Iterator[tuple[Place, bytes]]:
    """Complete lines behind a place, oldest first, each with the place behind it. Raises StateError."""
    for day, path in _segments(folder, place):
        name = day.isoformat()
        try:
            for behind, line in segment.forward(path, place[1] if name == place[0] else 0):
                yield (name, behind), line
        except FileNotFoundError:
            continue  # retention was faster
        except OSError as error:
            raise StateError(f"{path} cannot be read ({error.strerror})") from None


def end(folder: Path) -> Place:
    """The place behind everything that is there. Raises StateError."""
    found = _segments(folder, ("", 0))
    if not found:
        return "", 0
    day, path = found[-1]
    try:
        descriptor = segment.open_to_read(path)
    except OSError:
        return day.isoformat(), 0
    try:
        return day.isoformat(), segment.content_end(descriptor)
    finally:
        os.close(descriptor)


def backlog(folder: Path, place: Place) -> int:
    """Bytes behind a place. Raises StateError."""
    found = 0
    for day, path in _segments(folder, place):
        start = place[1] if day.isoformat() == place[0] else 0
        try:
            descriptor = segment.open_to_read(path)
        except OSError:
            continue
        try:
            found += max(segment.content_end(descriptor) - start, 0)
        finally:
            os.close(descriptor)
    return found


def cuts(folder: Path, place: Place, bound: int) -> dict[Weight, Place]:
    """Up to which place records of each weight are given up, so that `bound` bytes are left. Raises StateError."""
    sizes: Counter[Weight] = Counter()
    for _, line in lines(folder, place):
        seen = glimpse(line)
        if seen is not None:
            sizes[weight(seen)] += len(line) + 1
    wanted = given_up(sizes, bound)
    found: dict[Weight, Place] = {}
    left = dict(wanted)
    for at, line in lines(folder, place) if wanted else ():
        seen = glimpse(line)
        each = None if seen is None else weight(seen)
        if each is not None and left.get(each, 0) > 0:
            left[each] -= len(line) + 1
            found[each] = at
    return found


def next_batch(
    folder: Path,
    position: Position,
    cut: Mapping[Weight, Place] | None = None,
    refused: Collection[tuple[str, int]] = (),
) -> Outgoing | None:
    """The records that go next, of one stream; None where there is none. Raises StateError.

    `cut`: of each weight what is given up; `refused`: streams and sequences that the server does not take. What is left
    out is declared in front of the record that comes behind it, so that its end never is the end of a batch.
    """
    making = _Making(position, cut or {}, refused)
    for place, line in lines(folder, position.place):
        if not making.take(place, line):
            return making.done(last=False)
    return making.done(last=True)


class _Making:
    """A batch that is being made."""

    def __init__(self, position: Position, cut: Mapping[Weight, Place], refused: Collection[tuple[str, int]]) -> None:
        self._cut, self._refused = cut, refused
        self._stream, self._sequence = position.stream, position.sequence
        self._after = position
        self._lines: list[bytes] = []
        self._sequences: list[int] = []
        self._bytes = 0
        self._left: Counter[str] = Counter()
        self._gone: Counter[str] = Counter()
        self._reason: Reason | None = None
        self._end: Glimpse | None = None

    def take(self, place: Place, line: bytes) -> bool:
        """Look at the next line; False where it belongs to the next batch."""
        seen = glimpse(line) if len(line) <= LONGEST_LINE else None
        if seen is None:
            if line.strip():
                self._reason = self._reason or "unreadable"
            return True
        if seen.stream != self._stream:
            if self._lines:
                return False
            self._stream, self._sequence, self._end, self._reason = seen.stream, 0, None, None
            self._left.clear()
        if place <= self._cut.get(weight(seen), ("", 0)):
            return self._leave(seen, "given-up")
        if (seen.stream, seen.sequence) in self._refused:
            return self._leave(seen, "refused")
        if self._lines and (self._bytes + len(line) >= MOST_BYTES or len(self._lines) >= MOST_RECORDS):
            return False
        if seen.sequence > self._sequence + 1:
            self._declare(seen)
        self._lines.append(line)
        self._sequences.append(seen.sequence)
        self._bytes += len(line) + 1
        self._sequence = max(self._sequence, seen.sequence)
        self._reason, self._end = None, None
        self._after = Position(*place, self._stream, self._sequence)
        return True

    def done(self, *, last: bool) -> Outgoing | None:
        """The batch; None where nothing is in it."""
        if not self._sequences:
            return None
        lines, sequences = tuple(self._lines), tuple(self._sequences)
        return Outgoing(self._stream, lines, sequences, self._after, dict(self._gone), last)

    def _leave(self, seen: Glimpse, reason: Reason) -> bool:
        if seen.sequence > self._sequence:
            self._left[seen.kind] += 1
            # One gap may hold both: that somebody refused a record weighs more.
            self._reason = "refused" if "refused" in (reason, self._reason) else reason
            self._end = seen
        return True

    def _declare(self, seen: Glimpse) -> None:
        end = self._end
        whole = end is not None and end.sequence == seen.sequence - 1
        reason = self._reason or ("expired" if not self._sequence else "missing")
        gap = Gap(
            self._sequence + 1,
            seen.sequence - 1,
            reason,
            end.hash if whole and end is not None else "",
            dict(sorted(self._left.items())[:200]),
        )
        self._lines.append(msgspec.json.encode(GapLine(gap)))
        self._sequences.append(0)
        self._gone.update(self._left if reason == "given-up" else {})
        self._left.clear()


def rewound(folder: Path, stream: str, sequence: int) -> Position | None:
    """The position behind record `sequence` of a stream; None where the trail has nothing of it. Raises StateError."""
    before: Place = ("", 0)
    known = False
    for place, line in lines(folder, ("", 0)):
        seen = glimpse(line)
        if seen is not None and seen.stream == stream:
            known = True
            if seen.sequence > sequence:
                return Position(*before, stream, sequence)
        before = place
    return Position(*before, stream, sequence) if known else None


def _segments(folder: Path, place: Place) -> list[tuple[date, Path]]:
    try:
        found = segment.segments(folder)
    except OSError as error:
        raise StateError(f"the trail in {folder} cannot be read ({error.strerror})") from None
    return [(day, path) for day, path in found if day.isoformat() >= place[0]]

"""The log of days: small, only growing, kept when the days themselves are gone.

One line for each thing that happened to a whole day, each a leaf of the log's own RFC 6962 tree, whose checkpoints are
signed:

    day 2026-11-21 SIZE ROOT               the day is over, its tree is this
    expired 2026-11-21 SIZE ROOT           it was deleted, by retention or by hand
    lost 2026-11-21 SIZE ROOT FOUND        that state was signed, and only FOUND events were there afterwards

`damaged 2026-11-21` says that a day's file could not be read any more and that the day went on in another file;
`begun 2026-11-21` that this log began anew although that day, the newest, was there: the log before is gone.
Must not be here: files, signatures (`trail.note`), what a tree is (`trail.tree`).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from spawngate.trail import tree

Kind = Literal["day", "expired", "lost", "damaged", "begun"]
_KINDS: dict[str, Kind] = {each: each for each in get_args(Kind)}
_BARE = ("damaged", "begun")
"""Kinds that say nothing of a tree."""
_LINE = re.compile(
    r"(day|expired|lost|damaged|begun) (\d{4}-\d\d-\d\d(?:\.\d\d)?)(?: (\d{1,18}) ([0-9a-f]{64})(?: (\d{1,18}))?)?"
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the log."""

    kind: Kind
    day: str
    size: int = 0
    root: bytes = b""
    found: int = 0
    """Events that were there, of a `lost`."""

    def __str__(self) -> str:
        """As it is written."""
        if self.kind in _BARE:
            return f"{self.kind} {self.day}"
        rest = f" {self.found}" if self.kind == "lost" else ""
        return f"{self.kind} {self.day} {self.size} {self.root.hex()}{rest}"


def read(text: str) -> Line | None:
    """The line of a text; None where it is none."""
    match = _LINE.fullmatch(text)
    if match is None:
        return None
    kind, day, size, root, found = match.groups()
    if (kind in _BARE) != (size is None) or (kind == "lost") != (found is not None):
        return None
    line = Line(_KINDS[kind], day, int(size or 0), bytes.fromhex(root or ""), int(found or 0))
    return line if str(line) == text else None


def root_of(texts: Iterable[str]) -> bytes:
    """Root of the log's tree."""
    return tree.root_of([tree.leaf(text.encode()) for text in texts])


@dataclass(frozen=True, slots=True)
class Days:
    """What the log says of each day."""

    closed: dict[str, Line]
    expired: dict[str, Line]
    lost: tuple[Line, ...]
    damaged: frozenset[str]
    begun: frozenset[str]
    unreadable: tuple[int, ...]
    """Places of lines that are none, from 0."""


def days(texts: Sequence[str]) -> Days:
    """The log's lines by what they say."""
    lines = [read(text) for text in texts]
    return Days(
        {line.day: line for line in lines if line is not None and line.kind == "day"},
        {line.day: line for line in lines if line is not None and line.kind == "expired"},
        tuple(line for line in lines if line is not None and line.kind == "lost"),
        frozenset(line.day for line in lines if line is not None and line.kind == "damaged"),
        frozenset(line.day for line in lines if line is not None and line.kind == "begun"),
        tuple(place for place, line in enumerate(lines) if line is None),
    )

"""SHELL. Segments: the files of the trail, one a UTC day, one record a line.

Belongs here: names, and reading lines forwards and backwards in bounded memory. The file that is being written ends
in zero bytes, because room is taken ahead of the records; a reader takes them for the end.
Must not be here: writing (`store`), the meaning of a line (`trail`).
"""

import os
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

BLOCK = 256 << 10
"""Bytes read at once."""
_NAME = re.compile(r"(\d{4}-\d{2}-\d{2})\.ndjson")


def name(day: date) -> str:
    """File name of a day's segment."""
    return f"{day.isoformat()}.ndjson"


def segments(folder: Path) -> list[tuple[date, Path]]:
    """Segments of a trail, oldest first. Other files do not count. Raises OSError."""
    found: list[tuple[date, Path]] = []
    try:
        names = os.listdir(folder)
    except FileNotFoundError:
        return []
    for each in names:
        match = _NAME.fullmatch(each)
        if match:
            try:
                found.append((date.fromisoformat(match[1]), folder / each))
            except ValueError:
                continue
    return sorted(found)


def open_to_read(path: Path) -> int:
    """A descriptor for a segment; never follows a link and never waits. Raises OSError."""
    return os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)


def content_end(descriptor: int) -> int:
    """Offset behind the last byte that is not zero."""
    end = os.fstat(descriptor).st_size
    while end > 0:
        start = max(0, end - BLOCK)
        block = os.pread(descriptor, end - start, start).rstrip(b"\0")
        if block:
            return start + len(block)
        end = start
    return 0


def forward(path: Path, start: int = 0, *, partial: bool = False) -> Iterator[tuple[int, bytes]]:
    """Lines of a segment from offset `start` on: the offset behind each, and the line without its newline.

    An end without a newline is a record that is just being written; it comes only where `partial` is set.
    """
    descriptor = open_to_read(path)
    try:
        end = content_end(descriptor)
        position = start
        rest = b""
        while position < end:
            block = os.pread(descriptor, min(BLOCK, end - position), position)
            if not block:
                break
            position += len(block)
            lines = (rest + block).split(b"\n")
            rest = lines.pop()
            behind = position - len(rest) - sum(len(line) + 1 for line in lines)
            for line in lines:
                behind += len(line) + 1
                yield behind, line
        if rest and partial:
            yield position, rest
    finally:
        os.close(descriptor)


def backward(path: Path) -> Iterator[tuple[int, bytes]]:
    """Complete lines of a segment, last first: the offset where each begins, and the line without its newline."""
    descriptor = open_to_read(path)
    try:
        position = content_end(descriptor)
        rest = b""
        ended = False
        while position > 0:
            start = max(0, position - BLOCK)
            block = os.pread(descriptor, position - start, start)
            lines = (block + rest).split(b"\n")
            position = start
            rest = lines[0]
            at = start + len(rest)
            offsets: list[tuple[int, bytes]] = []
            for line in lines[1:]:
                offsets.append((at + 1, line))
                at += 1 + len(line)
            for offset, line in reversed(offsets):
                if not ended:
                    ended = True  # what stands behind the last newline is no complete line
                    continue
                yield offset, line
        if ended:
            yield 0, rest
    finally:
        os.close(descriptor)

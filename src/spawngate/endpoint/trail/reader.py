"""SHELL. Reading the local trail: newest first, in order, as it grows, and verification. Needs no lock.

Memory does not grow with the trail: lines are read in blocks and let go.
Must not be here: what a query means (`trail.query`), and how a record is shown (`report.trail`).
"""

import time
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from spawngate.endpoint.trail import segment
from spawngate.endpoint.trail.store import HEAD_FILE
from spawngate.model.errors import StateError
from spawngate.trail import chain
from spawngate.trail.chain import Head, Verified
from spawngate.trail.query import Query

POLL = 0.2
"""Seconds between two looks at a trail that is followed."""


def _found(folder: Path) -> list[tuple[date, Path]]:
    try:
        return segment.segments(folder)
    except OSError as error:
        raise StateError(f"the trail in {folder} cannot be read ({error.strerror})") from None


def lines(folder: Path) -> Iterator[bytes]:
    """Every line, oldest first. An end without newline counts everywhere but in the last segment, where a record may
    just be being written. Raises StateError."""
    found = _found(folder)
    for day, path in found:
        try:
            for _, line in segment.forward(path, partial=day != found[-1][0]):
                yield line
        except FileNotFoundError:
            continue  # retention was faster
        except OSError as error:
            raise StateError(f"{path} cannot be read ({error.strerror})") from None


def newest(folder: Path, wanted: Query) -> Iterator[Mapping[str, Any]]:
    """Records that match, newest first. Raises StateError."""
    since = wanted.since
    for day, path in reversed(_found(folder)):
        if since and day.isoformat() < since[:10]:
            # A segment holds its own day and, where the clock was set back, older ones; never younger ones.
            return
        try:
            for _, line in segment.backward(path):
                value = _value(line)
                if value is not None and wanted.matches(value):
                    yield value
        except FileNotFoundError:
            continue
        except OSError as error:
            raise StateError(f"{path} cannot be read ({error.strerror})") from None


def oldest(folder: Path, wanted: Query) -> Iterator[tuple[Mapping[str, Any], bytes]]:
    """Records that match, oldest first, each with its line. Raises StateError."""
    for line in lines(folder):
        value = _value(line)
        if value is not None and wanted.matches(value):
            yield value, line


def follow(folder: Path, wanted: Query, stop: Callable[[], bool] = lambda: False) -> Iterator[Mapping[str, Any]]:
    """Records that match as they are written from now on, until `stop`. Raises StateError."""
    found = _found(folder)
    current = found[-1] if found else None
    offset = _end_of_records(current[1]) if current else 0
    while not stop():
        grown = False
        if current is not None:
            try:
                for behind, line in segment.forward(current[1], offset):
                    grown, offset = True, behind
                    value = _value(line)
                    if value is not None and wanted.matches(value):
                        yield value
            except FileNotFoundError:
                current = None
            except OSError as error:
                raise StateError(f"the trail in {folder} cannot be read ({error.strerror})") from None
        if not grown:
            following = [each for each in _found(folder) if current is None or each[0] > current[0]]
            if following:
                current, offset = following[0], 0
            else:
                time.sleep(POLL)


def verify(folder: Path, head: Head | None = None) -> Verified:
    """Check the whole trail, also against the end that the writer noted last. Raises StateError."""
    return chain.verify(lambda: lines(folder), head or noted_head(folder))


def verify_file(path: Path, head: Head | None = None) -> Verified:
    """Check an export. Raises StateError where it cannot be read."""

    def again() -> Iterator[bytes]:
        try:
            for _, line in segment.forward(path, partial=True):
                yield line
        except OSError as error:
            raise StateError(f"{path} cannot be read ({error.strerror})") from None

    return chain.verify(again, head)


def noted_head(folder: Path) -> Head | None:
    """The end of the trail as the writer noted it last; it may have gone on since."""
    try:
        return msgspec.json.decode((folder / HEAD_FILE).read_bytes(), type=Head)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return None


def _value(line: bytes) -> Mapping[str, Any] | None:
    try:
        value = msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _end_of_records(path: Path) -> int:
    """Offset behind the last complete line."""
    try:
        for offset, line in segment.backward(path):
            return offset + len(line) + 1
    except OSError:
        pass
    return 0

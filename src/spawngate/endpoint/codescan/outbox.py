"""SHELL. Events of code scans that wait for the daemon, which alone writes the trail while it runs.

Belongs here: the files, written by a scan and taken by the daemon, at least once: a file goes when its events are
recorded. Must not be here: anything of the code scan, which the daemon has no need to load.
"""

import os
import secrets
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from spawngate.trail.event import Event

FOLDER = "code-scans"
OUTBOX = "outbox"
MAX_FILE = 16 << 20
"""Bytes of a file that is read."""
WAITING = 200
"""Files that wait for the daemon. More are not written, and the scan says so."""


def leave(state: Path, events: Sequence[Event]) -> bool:
    """Leave events for the daemon; false where too many wait already. Raises OSError."""
    folder = state / FOLDER / OUTBOX
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if len(documents(folder)) >= WAITING:
        return False
    at = events[-1].at.replace(":", "") if events else ""
    write(folder / f"{at}-{secrets.token_hex(8)}.json", msgspec.json.encode(events))
    return True


def waiting(state: Path) -> Iterator[tuple[Path, tuple[Event, ...]]]:
    """What waits for the daemon, oldest first: each file with its events; none for one that cannot be understood."""
    for path in documents(state / FOLDER / OUTBOX):
        try:
            if path.stat().st_size > MAX_FILE:
                yield path, ()
                continue
            yield path, msgspec.json.decode(path.read_bytes(), type=tuple[Event, ...])
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            yield path, ()
        except OSError:
            continue


def documents(folder: Path) -> list[Path]:
    """Documents of a folder by name; none where there is no folder."""
    try:
        return sorted(path for path in folder.iterdir() if path.suffix == ".json" and not path.is_symlink())
    except OSError:
        return []


def write(path: Path, data: bytes) -> None:
    """A file (0600) that takes the old one's place when it is whole."""
    fresh = path.with_name(f".new-{secrets.token_hex(8)}")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
    try:
        with os.fdopen(os.open(fresh, flags, 0o600), "wb") as file:
            file.write(data)
        os.replace(fresh, path)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise

"""SHELL. What the syncing process keeps between two runs: how far the trail is sent, and how it goes.

What is lost here costs time and nothing else: the server knows what it has.
Must not be here: the enrolment (`enrolment`), what is in force (`applying`).
"""

from pathlib import Path

import msgspec

from spawngate.endpoint.client.settings import replace
from spawngate.endpoint.files import Unreadable, read
from spawngate.endpoint.sync.enrolment import ENROLMENT, FOLDER, POSITION, STATUS, folder
from spawngate.endpoint.sync.outgoing import Position
from spawngate.endpoint.sync.words import Status

MAX_FILE = 1 << 14


def stamp(state: Path) -> object:
    """Equal for as long as the enrolment is the same; None where there is none."""
    try:
        found = (state / FOLDER / ENROLMENT).stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def position(state: Path) -> Position:
    """How far the trail is sent; the begin where that is not known."""
    try:
        return msgspec.json.decode(read(str(state / FOLDER / POSITION), MAX_FILE), type=Position)
    except (Unreadable, msgspec.MsgspecError, ValueError):
        return Position()


def keep_position(state: Path, value: Position) -> None:
    """Keep it. Raises StateError."""
    replace(folder(state) / POSITION, msgspec.json.encode(value) + b"\n", 0o600)


def status(state: Path) -> Status:
    """How it went."""
    try:
        return msgspec.json.decode(read(str(state / FOLDER / STATUS), MAX_FILE), type=Status)
    except (Unreadable, msgspec.MsgspecError, ValueError):
        return Status()


def keep_status(state: Path, value: Status) -> None:
    """Keep it, while there is an enrolment. Raises StateError."""
    if stamp(state) is not None:
        replace(folder(state) / STATUS, msgspec.json.encode(value) + b"\n", 0o600)

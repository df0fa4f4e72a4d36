"""SHELL. Small files of the launches in the state folder: read with a limit, written whole or not at all, locked.

Must not be here: what is in them.
"""

import os
import tempfile
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from spawngate.endpoint import lock
from spawngate.endpoint.client.settings import replace
from spawngate.endpoint.files import Signature, Unreadable, read, signature
from spawngate.model.errors import StateError
from spawngate.trail.event import canonical

FOLDER = "launching"
MAX_FILE = 32 << 20
LOCK_SECONDS = 10.0
_Held = TypeVar("_Held")


def folder_of(state: Path) -> Path:
    """`<state>/launching`, 0700, made where it is missing. Raises StateError."""
    folder = state / FOLDER
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StateError(f"{folder} cannot be used ({error.strerror})") from None
    return folder


def notes_of(state: Path) -> Path:
    """The folder that holds the journal of launches, as `protect.journal` wants it."""
    return state / FOLDER


def load(path: Path, type_: type[_Held], empty: _Held) -> _Held:
    """What a file holds; `empty` where there is none. Raises StateError for one that is damaged."""
    try:
        return msgspec.json.decode(read(os.fspath(path), MAX_FILE), type=type_)
    except Unreadable as error:
        if not os.path.lexists(path):
            return empty
        raise StateError(f"{path} {error.message}") from None
    except (msgspec.MsgspecError, ValueError, RecursionError):
        raise StateError(f"{path} is damaged; restore it or remove it") from None


def save(path: Path, value: Any, *, durable: bool = True) -> None:
    """Write a file of one line, 0600, whole or not at all. Raises StateError.

    `durable`: it is on the disk before this returns. What only saves work need not be.
    """
    data = canonical(value) + b"\n"
    if durable:
        replace(path, data, 0o600)
        return
    temporary = ""
    try:
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")  # mkstemp makes it 0600
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        os.replace(temporary, path)
    except OSError as error:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
        raise StateError(f"cannot write {path} ({error.strerror})") from None


def stamp(path: str | Path) -> Signature | None:
    """Equal for as long as the file is the same; None where there is none."""
    try:
        return signature(os.stat(path))
    except OSError:
        return None


def locked(state: Path, seconds: float = LOCK_SECONDS) -> AbstractContextManager[None]:
    """The lock under which these files are changed. Entering raises StateError after `seconds`."""
    path = folder_of(state) / "lock"
    return lock.locked(path, seconds, f"{path} is held by another process; try again")

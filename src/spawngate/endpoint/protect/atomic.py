"""SHELL. Files of others, changed in one step: the old bytes or the new ones are there, never anything between.

A new file beside the old one takes its place. It gets the old one's mode, owner and extended attributes; a link stays
a link and what it points to is replaced. Nothing is written over that changed since it was read.
Must not be here: what stands in the files.
"""

import contextlib
import hashlib
import os
import stat
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass

from spawngate.endpoint import files
from spawngate.model.errors import SpawngateError

TEMPORARY = ".spawngate-new-"
"""What the names of new files begin with until they take an old one's place. No agent reads such a name."""
MAX_FILE = 16 << 20
"""Bytes of a file that is edited."""


class WriteError(SpawngateError):
    """A file could not be changed. Names the file and the reason."""


@dataclass(frozen=True, slots=True)
class Held:
    """A file as it was when it was read."""

    path: str
    """As it is named; may be a link."""
    target: str
    """Where its bytes lie, all links followed."""
    data: bytes | None
    """None where there is no file."""
    mode: int = 0
    owner: tuple[int, int] = (-1, -1)
    """User and group."""

    @property
    def digest(self) -> str:
        """SHA-256 of the bytes; empty where there is no file."""
        return "" if self.data is None else digest(self.data)


def digest(data: bytes) -> str:
    """SHA-256 in hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def hold(path: str) -> Held:
    """Read a file for a change. Raises WriteError for what is no regular file or cannot be read."""
    target = os.path.realpath(path)
    try:
        status = os.lstat(target)
    except FileNotFoundError:
        return Held(path, target, None)
    except (OSError, ValueError) as error:
        raise WriteError(f"{path} cannot be read ({_reason(error)})") from None
    if not stat.S_ISREG(status.st_mode):
        raise WriteError(f"{path} is no regular file")
    try:
        data = files.read(target, MAX_FILE)
    except files.Unreadable as error:
        raise WriteError(f"{path} {error.message}") from None
    return Held(path, target, data, stat.S_IMODE(status.st_mode), (status.st_uid, status.st_gid))


def put(held: Held, data: bytes, *, mode: int = 0o600, folder_mode: int = 0o700) -> tuple[str, ...]:
    """Give the file new bytes, durably, and return the folders that had to be made for it, outermost first.

    `mode` counts for a file that was not there. Raises WriteError where the file is no longer what was held, or cannot
    be written; then nothing has changed but perhaps empty folders, which are removed again.
    """
    folder = os.path.dirname(held.target)
    made = _make_folders(held, folder_mode)
    temporary = ""
    try:
        descriptor, temporary = tempfile.mkstemp(dir=folder, prefix=TEMPORARY)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            if held.data is not None:
                _keep_attributes(held, file.fileno())
            if hasattr(os, "fchmod"):
                os.fchmod(file.fileno(), mode if held.data is None else held.mode)
            file.flush()
            os.fsync(file.fileno())
        _check_unchanged(held)
        os.replace(temporary, held.target)
        temporary = ""
        sync_folder(folder)
    except OSError as error:
        remove_folders(made)
        raise WriteError(f"{held.path} cannot be written ({_reason(error)})") from None
    finally:
        if temporary:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
    return made


def remove(held: Held) -> None:
    """Delete a file that is still what was held. Raises WriteError."""
    try:
        _check_unchanged(held)
        os.unlink(held.target)
        sync_folder(os.path.dirname(held.target))
    except FileNotFoundError:
        return
    except OSError as error:
        raise WriteError(f"{held.path} cannot be removed ({_reason(error)})") from None


def remove_folders(made: tuple[str, ...]) -> None:
    """Remove folders that we made and that hold nothing, innermost first. Raises nothing."""
    for folder in reversed(made):
        with contextlib.suppress(OSError):
            os.rmdir(folder)


def sweep(folders: Iterable[str]) -> None:
    """Remove new files that a crash left in these folders. Nobody else of us may be writing. Raises nothing."""
    for folder in folders:
        with contextlib.suppress(OSError):
            for name in os.listdir(folder):
                if name.startswith(TEMPORARY):
                    os.unlink(os.path.join(folder, name))


def sync_folder(folder: str) -> None:
    """Make the names of a folder durable, where the system can."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _check_unchanged(held: Held) -> None:
    now = hold(held.path)
    if now.target != held.target or now.data != held.data:
        raise WriteError(f"{held.path} was changed by somebody else just now; run the command again")


def missing_folders(held: Held) -> tuple[str, ...]:
    """Folders that have to be made for the file, outermost first."""
    missing: list[str] = []
    folder = os.path.dirname(held.target)
    while folder and not os.path.isdir(folder) and folder != os.path.dirname(folder):
        missing.append(folder)
        folder = os.path.dirname(folder)
    return tuple(reversed(missing))


def _make_folders(held: Held, mode: int) -> tuple[str, ...]:
    made: list[str] = []
    for path in missing_folders(held):
        try:
            os.mkdir(path, mode)
        except FileExistsError:
            continue
        except OSError as error:
            remove_folders(tuple(made))
            raise WriteError(f"{path} cannot be made ({_reason(error)})") from None
        made.append(path)
    return tuple(made)


def _keep_attributes(held: Held, descriptor: int) -> None:
    """Owner and extended attributes of the old file, as far as we may set them."""
    if hasattr(os, "fchown"):
        with contextlib.suppress(OSError):
            os.fchown(descriptor, *held.owner)
    if hasattr(os, "listxattr"):
        with contextlib.suppress(OSError):
            for name in os.listxattr(held.target):
                with contextlib.suppress(OSError):
                    os.setxattr(descriptor, name, os.getxattr(held.target, name))


def _reason(error: OSError | ValueError) -> str:
    return getattr(error, "strerror", None) or type(error).__name__

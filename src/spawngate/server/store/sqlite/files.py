"""Files of the embedded store: names, connections, and what SQLite's errors mean.

Must not be here: tables, events.
"""

import errno
import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from spawngate.server.store.port import (
    StoreBusyError,
    StoreDamagedError,
    StoreError,
    StoreFullError,
    StoreReadOnlyError,
)

FORMAT = 1
"""Of day files and of the control file: raised when an older release could not read them."""
EVENTS = "events"
"""Folder of the day files."""
DAMAGED = "damaged"
"""Folder of day files that could not be read, put aside when the day went on in a new part."""
CONTROL = "control.sqlite"
LOCK = "lock"
COMPANIONS = ("", "-wal", "-shm", "-journal")
"""What stands behind the name of a database's files."""
_NAME = re.compile(r"(\d{4}-\d{2}-\d{2}(?:\.\d{2})?)\.sqlite")
_MEANING: dict[int, type[StoreError]] = {
    sqlite3.SQLITE_FULL: StoreFullError,
    sqlite3.SQLITE_READONLY: StoreReadOnlyError,
    sqlite3.SQLITE_PERM: StoreReadOnlyError,
    sqlite3.SQLITE_CORRUPT: StoreDamagedError,
    sqlite3.SQLITE_NOTADB: StoreDamagedError,
    sqlite3.SQLITE_BUSY: StoreBusyError,
    sqlite3.SQLITE_LOCKED: StoreBusyError,
}
_OS_MEANING: dict[int, type[StoreError]] = {
    errno.ENOSPC: StoreFullError,
    errno.EDQUOT: StoreFullError,
    errno.EROFS: StoreReadOnlyError,
    errno.EACCES: StoreReadOnlyError,
    errno.EPERM: StoreReadOnlyError,
}
_SAYS: dict[type[StoreError], str] = {
    StoreFullError: "there is no room on the disk",
    StoreReadOnlyError: "it may not be written",
    StoreDamagedError: "it is damaged",
    StoreBusyError: "another process holds it",
}


def day_files(folder: Path) -> list[tuple[str, Path]]:
    """Names and files of the days, oldest first. Raises StoreError."""
    try:
        names = os.listdir(folder / EVENTS)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise meaning(error, folder / EVENTS) from None
    found = [(match[1], folder / EVENTS / name) for name in names if (match := _NAME.fullmatch(name))]
    return sorted(found)


def day_path(folder: Path, day: str) -> Path:
    """The file of a day."""
    return folder / EVENTS / f"{day}.sqlite"


def part_after(day: str) -> str:
    """The name of the next part of the same calendar day: `2026-11-21` goes on as `2026-11-21.01`."""
    date, _, part = day.partition(".")
    return f"{date}.{int(part or 0) + 1:02d}"


def size_of(path: Path) -> int:
    """Bytes of a database and its companions."""
    total = 0
    for end in COMPANIONS[:2]:
        try:
            total += os.stat(f"{path}{end}").st_size
        except OSError:
            continue
    return total


def private_folder(folder: Path) -> None:
    """Make a folder, 0700. Raises StoreError."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise meaning(error, folder) from None


def sync_folder(folder: Path) -> None:
    """Make names in a folder durable. Raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.EOPNOTSUPP):
            raise  # some file systems know no fsync of folders
    finally:
        os.close(descriptor)


def open_to_write(path: Path) -> sqlite3.Connection:
    """A connection whose commits are durable; makes the file, 0600. Raises StoreError."""
    with understood(path):
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        os.close(descriptor)
        connection = sqlite3.connect(
            f"file:{_quoted(path)}?mode=rw", uri=True, isolation_level=None, check_same_thread=False, timeout=5
        )
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=FULL")
            connection.execute("PRAGMA wal_autocheckpoint=4000")
            connection.execute("PRAGMA cache_size=-16000")
            connection.execute("PRAGMA trusted_schema=OFF")
            connection.execute("PRAGMA cell_size_check=ON")
        except BaseException:
            connection.close()
            raise
        return connection


def open_to_read(path: Path) -> sqlite3.Connection:
    """A connection that changes nothing. Raises StoreError."""
    with understood(path):
        if not os.path.isfile(path) or os.path.islink(path):
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
        try:
            return _read(path, "mode=ro")
        except sqlite3.OperationalError:
            wal = Path(f"{path}-wal")
            if os.access(path.parent, os.W_OK) or (wal.exists() and wal.stat().st_size):
                raise
            # Read-only media: without a log there is nothing that SQLite would have to write beside the file.
            return _read(path, "immutable=1")


def _read(path: Path, how: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"file:{_quoted(path)}?{how}", uri=True, isolation_level=None, check_same_thread=False, timeout=5
    )
    try:
        connection.execute("PRAGMA query_only=ON")
        connection.execute("PRAGMA trusted_schema=OFF")
        connection.execute("PRAGMA cell_size_check=ON")
        connection.execute("PRAGMA temp_store=MEMORY")
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def understood(path: Path) -> Iterator[None]:
    """Turns errors of SQLite and of the system into those of the store, which name the file."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise meaning(error, path) from None


def meaning(error: sqlite3.Error | OSError, path: Path) -> StoreError:
    """What an error says of a file."""
    if isinstance(error, OSError):
        kind = _OS_MEANING.get(error.errno or 0, StoreError)
        return kind(f"{path}: {_SAYS.get(kind, error.strerror or 'it cannot be used')}")
    code = getattr(error, "sqlite_errorcode", 0) or 0
    kind = _MEANING.get(code & 0xFF, StoreError)
    if kind is StoreError and isinstance(error, sqlite3.DatabaseError) and _is_foreign(error):
        kind = StoreDamagedError
    return kind(f"{path}: {_SAYS.get(kind, getattr(error, 'sqlite_errorname', '') or str(error))}")


def _is_foreign(error: sqlite3.Error) -> bool:
    """A table or column of ours is missing, or holds what we never write."""
    text = str(error)
    return text.startswith(("no such table", "no such column", "malformed", "Could not decode")) or isinstance(
        error, sqlite3.DataError
    )


def _quoted(path: Path) -> str:
    return os.fspath(path.absolute()).replace("%", "%25").replace("?", "%3f").replace("#", "%23")

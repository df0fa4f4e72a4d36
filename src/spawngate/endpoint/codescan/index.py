"""SHELL. Lowered files and results of trees, kept from one scan to the next by the hash of what they are made of.

Belongs here: one SQLite file in the state folder, bounded; what is in it can always be made anew.
Must not be here: lowering (`codescan.frontends`), and lowering ahead in another process (`ahead`).

A key is the hash of everything that a value depends on: the scan's own source and models, paths, and bytes. So nothing
is ever out of date, and what no scan asks for any more is deleted first when the file grows too large.
"""

import contextlib
import hashlib
import os
import sqlite3
import zlib
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Protocol, TypeVar

import msgspec

import spawngate.codescan
from spawngate import __version__
from spawngate.codescan.finding import ProjectResult
from spawngate.codescan.ir import Module

FILE = "code-index.sqlite"
MAX_BYTES = 256 << 20
"""Bytes of all kept files together, as they are kept."""
MOST_BYTES = 512 << 20
"""Bytes of one kept file as it was lowered; a value that would become more was not written here."""
Value = TypeVar("Value")
_module = msgspec.msgpack.Decoder(Module).decode
_result = msgspec.msgpack.Decoder(ProjectResult).decode
_encode = msgspec.msgpack.Encoder().encode


class Index(Protocol):
    """Lowered files by path and content."""

    def has(self, path: str, source: bytes) -> bool:
        """Whether a file is kept."""

    def get(self, path: str, source: bytes) -> Module | None:
        """A kept file; None where there is none."""

    def put(self, path: str, source: bytes, module: Module) -> None:
        """Keep a file."""

    def result(self, key: bytes) -> ProjectResult | None:
        """The kept result of a tree; None where there is none."""

    def put_result(self, key: bytes, result: ProjectResult) -> None:
        """Keep the result of a tree."""

    def close(self) -> None:
        """Write what is new."""


class NoIndex:
    """Keeps nothing."""

    def has(self, path: str, source: bytes) -> bool:
        """See `Index`."""
        return False

    def get(self, path: str, source: bytes) -> Module | None:
        """See `Index`."""
        return None

    def put(self, path: str, source: bytes, module: Module) -> None:
        """See `Index`."""

    def result(self, key: bytes) -> ProjectResult | None:
        """See `Index`."""
        return None

    def put_result(self, key: bytes, result: ProjectResult) -> None:
        """See `Index`."""

    def close(self) -> None:
        """See `Index`."""


class StoredIndex:
    """An index in a state folder. Trouble with the file makes it an empty one: it only saves time."""

    def __init__(self, state: Path, day: int) -> None:
        """day: days since 1970, by which entries age."""
        self._day = day
        self._new: dict[bytes, bytes] = {}
        self._used: set[bytes] = set()
        self._known: set[bytes] = set()
        self._connection: sqlite3.Connection | None = None
        path = state / FILE
        for _ in range(2):
            try:
                self._connection = _opened(path)
                self._known = {key for (key,) in self._connection.execute("SELECT key FROM lowered")}
                return
            except (sqlite3.Error, OSError):
                # A damaged file holds nothing that cannot be made anew.
                with contextlib.suppress(OSError):
                    path.unlink()

    def has(self, path: str, source: bytes) -> bool:
        """See `Index`."""
        return key_of(path, source) in self._known

    def get(self, path: str, source: bytes) -> Module | None:
        """See `Index`."""
        return self._value(key_of(path, source), _module)

    def result(self, key: bytes) -> ProjectResult | None:
        """See `Index`."""
        return self._value(key, _result)

    def _value(self, key: bytes, decode: Callable[[bytes], Value]) -> Value | None:
        if self._connection is None or key not in self._known:
            return None
        try:
            row = self._connection.execute("SELECT value FROM lowered WHERE key = ?", (key,)).fetchone()
            value = decode(_inflated(row[0])) if row is not None else None
        except (sqlite3.Error, msgspec.MsgspecError, UnicodeDecodeError, zlib.error, TypeError):
            return None
        self._used.add(key)
        return value

    def put(self, path: str, source: bytes, module: Module) -> None:
        """See `Index`."""
        if self._connection is not None:
            # A name that is no text cannot be written down.
            with contextlib.suppress(UnicodeEncodeError):
                self._new[key_of(path, source)] = zlib.compress(_encode(module), 1)

    def put_result(self, key: bytes, result: ProjectResult) -> None:
        """See `Index`."""
        if self._connection is not None:
            with contextlib.suppress(UnicodeEncodeError):
                self._new[key] = zlib.compress(_encode(result), 1)

    def close(self) -> None:
        """See `Index`."""
        connection, self._connection = self._connection, None
        if connection is None:
            return
        with contextlib.closing(connection), contextlib.suppress(sqlite3.Error), connection:
            connection.executemany(
                "INSERT OR REPLACE INTO lowered VALUES (?, ?, ?)",
                [(key, self._day, value) for key, value in self._new.items()],
            )
            connection.executemany(
                "UPDATE lowered SET day = ? WHERE key = ? AND day < ?",
                [(self._day, key, self._day) for key in self._used],
            )
            self._shrink(connection)

    def _shrink(self, connection: sqlite3.Connection) -> None:
        (total,) = connection.execute("SELECT coalesce(sum(length(value)), 0) FROM lowered").fetchone()
        if total <= MAX_BYTES:
            return
        # Half is let go at once, so that this is not done at every scan.
        for key, size in connection.execute("SELECT key, length(value) FROM lowered ORDER BY day, rowid").fetchall():
            if total <= MAX_BYTES // 2:
                break
            connection.execute("DELETE FROM lowered WHERE key = ?", (key,))
            total -= size


def _inflated(value: bytes) -> bytes:
    """Raises zlib.error for what is damaged, and for what would become larger than anything that is kept."""
    inflating = zlib.decompressobj()
    data = inflating.decompress(value, MOST_BYTES)
    if not inflating.eof or inflating.unused_data:
        raise zlib.error("is no whole value of this index")
    return data


def key_of(path: str, source: bytes) -> bytes:
    """The name under which a lowered file is kept."""
    made = hashlib.sha256(_made_by("ir.py", "frontends/*.py"))
    made.update(path.encode("utf-8", "surrogatepass"))
    made.update(b"\0")
    made.update(source)
    return made.digest()


def result_key(sources: Mapping[str, bytes], *more: bytes) -> bytes:
    """The name under which the result of a tree is kept. more: whatever else it depends on."""
    made = hashlib.sha256(_made_by("**/*.py", "**/*.yaml"))
    for part in more:
        made.update(hashlib.sha256(part).digest())
    for path in sorted(sources):
        made.update(hashlib.sha256(path.encode("utf-8", "surrogatepass")).digest())
        made.update(hashlib.sha256(sources[path]).digest())
    return made.digest()


@cache
def _made_by(*patterns: str) -> bytes:
    """A hash of what makes values: another release, or an edited front-end or model, has another one."""
    folder = Path(spawngate.codescan.__path__[0])
    made = hashlib.sha256(__version__.encode())
    for path in sorted({path for pattern in patterns for path in folder.glob(pattern)}):
        with contextlib.suppress(OSError):
            status = path.stat()
            made.update(f"{path}\0{status.st_size}\0{status.st_mtime_ns}\0".encode("utf-8", "surrogatepass"))
    return made.digest()


def _opened(path: Path) -> sqlite3.Connection:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
    os.close(descriptor)
    connection = sqlite3.connect(path, timeout=5.0, isolation_level="DEFERRED")
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("CREATE TABLE IF NOT EXISTS lowered (key BLOB PRIMARY KEY, day INTEGER, value BLOB)")
        connection.execute("SELECT key FROM lowered LIMIT 1").fetchone()
        connection.commit()
    except sqlite3.Error:
        connection.close()
        raise
    return connection

"""SHELL. Agents' files as they are now, for decisions about writes to them.

Belongs here: reading one file with bounds, and where a path really leads. Every call is bounded: a size, regular files
alone, nothing on a network, nothing that blocks.
Must not be here: which files matter and what a write makes of them (`configuration`).
"""

import errno
import os
from collections.abc import Callable
from time import monotonic

from spawngate.configuration.files import LARGEST, MISSING, Content, Unknown
from spawngate.endpoint import files
from spawngate.endpoint.files import Mounts, Unreadable

MOUNTS_SECONDS = 30.0
"""Seconds after which the table of mounts is read again."""
_REASONS = {"oversized": "oversized", "not-a-file": "not-a-file", "network-mount": "network"}


class AgentFiles:
    """The port by which the pure parts read files (`configuration.files.Present`)."""

    def __init__(self, mounts: Callable[[], Mounts] = files.network_mounts, clock: Callable[[], float] = monotonic):
        self._find_mounts = mounts
        self._clock = clock
        self._mounts: Mounts | None = None
        self._until = 0.0

    def __call__(self, path: str) -> Content:
        """The content of the file at an absolute path. Total."""
        if not os.path.isabs(path) or "\0" in path:
            return Unknown("unreadable")
        mounts = self._mounted()
        if mounts.covers(path) is not None:
            return Unknown("network")
        try:
            os.lstat(path)
        except OSError as error:
            missing = error.errno in (errno.ENOENT, errno.ENOTDIR)
            return MISSING if missing else Unknown("unreadable")
        except ValueError:
            return Unknown("unreadable")
        try:
            files.look(path, mounts)
            return files.read(path, LARGEST)
        except Unreadable as error:
            return Unknown(_REASONS.get(error.reason, "unreadable"))

    def resolve(self, path: str) -> str:
        """Where a path leads when links are followed; the path itself where that is not known. Total."""
        if not os.path.isabs(path) or "\0" in path or self._mounted().covers(path) is not None:
            return path
        try:
            return _followed(path) or os.path.realpath(path)
        except (OSError, ValueError):
            return path

    def _mounted(self) -> Mounts:
        now = self._clock()
        if self._mounts is None or now >= self._until:
            self._mounts, self._until = self._find_mounts(), now + MOUNTS_SECONDS
        return self._mounts


_NAMED = getattr(os, "O_PATH", 0)
"""Finds what a name means and opens nothing: no permission, no waiting. Linux alone has it."""
_FOLDS = ("//", "/./", "/../")


def _followed(path: str) -> str:
    """What `os.path.realpath` says of an absolute path, in one question to the kernel in place of one for each part;
    empty where that does not tell it. Parts at the end that are not there stay as they are."""
    if not _NAMED or any(part in f"{path}/" for part in _FOLDS):
        return ""
    at, missing = path.rstrip("/") or "/", ""
    while True:
        try:
            descriptor = os.open(at, _NAMED | os.O_CLOEXEC)
            break
        except (FileNotFoundError, NotADirectoryError):
            at, _, name = at.rpartition("/")
            at, missing = at or "/", f"/{name}{missing}"
        except OSError:
            return ""
    try:
        found = os.readlink(f"/proc/self/fd/{descriptor}")
    except OSError:
        return ""
    finally:
        os.close(descriptor)
    if not found.startswith("/") or found.endswith(" (deleted)"):
        return ""
    first = f"{at.rstrip('/')}/{missing[1:].partition('/')[0]}" if missing else ""
    if first and os.path.lexists(first):
        return ""  # a link that leads nowhere, or something that was made just now
    return f"{found.rstrip('/')}{missing}" or "/"

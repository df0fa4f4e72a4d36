"""SHELL. Digests of files that are run, taken once for as long as a file stays what it is.

Bounded in bytes and time: what is too large, no regular file, or not done in time has no digest, and the reason is
said.
Must not be here: which files matter (`resolve`).
"""

import contextlib
import hashlib
import os
import stat
import threading
import time
from collections import OrderedDict
from pathlib import Path

from spawngate.endpoint.files import Mounts, Signature, Unreadable, look, signature
from spawngate.endpoint.launching import store
from spawngate.model.errors import StateError

MAX_BYTES = 512 << 20
"""Bytes of one file whose digest is taken; Node and Bun are single files of 100 MB."""
KEPT = 2_048
_BLOCK = 1 << 20


class Digests:
    """SHA-256 of files by path, remembered by device, inode, size and both times. Safe to use from several threads."""

    def __init__(self, file: Path | None = None) -> None:
        """`file` keeps what is known over a new start of the daemon; one that cannot be read or written is passed over.

        It is as safe as the approvals beside it: who can change either can change both.
        """
        self._known: OrderedDict[Signature, str] = OrderedDict()
        self._lock = threading.Lock()
        self._file = file
        self._kept = 0
        if file is not None:
            with contextlib.suppress(StateError):
                self._known.update(store.load(file, tuple[tuple[Signature, str], ...], ()))
            self._kept = len(self._known)

    def keep(self) -> None:
        """Write down what is known, where that is news."""
        with self._lock:
            known = tuple(self._known.items())
        if self._file is not None and len(known) != self._kept:
            self._kept = len(known)
            with contextlib.suppress(StateError):
                store.save(self._file, known, durable=False)

    def take(self, path: str, mounts: Mounts, until: float) -> tuple[str, str]:
        """The digest and nothing, or nothing and why there is none. `until` is a time of `time.monotonic`."""
        try:
            status = look(path, mounts)
        except Unreadable as error:
            return "", error.message
        key = signature(status)
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
                return self._known[key], ""
        if status.st_size > MAX_BYTES:
            return "", f"has {status.st_size} bytes, more than the {MAX_BYTES} that are read"
        found, seen, problem = _digest(path, until)
        # Only what was the same before and after is known; anything else is taken again the next time.
        if found and seen == key:
            with self._lock:
                self._known[key] = found
                while len(self._known) > KEPT:
                    self._known.popitem(last=False)
        return found, problem


def _digest(path: str, until: float) -> tuple[str, Signature | None, str]:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
    except (OSError, ValueError):
        return "", None, "cannot be read"
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return "", None, "was replaced by something that is not a regular file"
        digest = hashlib.sha256()
        left = MAX_BYTES
        while block := os.read(descriptor, _BLOCK):
            digest.update(block)
            left -= len(block)
            if left < 0:
                return "", None, "grew while it was read"
            if time.monotonic() > until:
                return "", None, "could not be read in time"
        return digest.hexdigest(), signature(os.fstat(descriptor)), ""
    except OSError:
        return "", None, "cannot be read"
    finally:
        os.close(descriptor)

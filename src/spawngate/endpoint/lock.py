"""SHELL. A lock file: one process at a time changes what lies beside it.

Must not be here: which files a lock protects, and what is said to whoever waits in vain.
"""

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path

from spawngate.model.errors import StateError

_PAUSE = 0.02
"""Seconds between two attempts."""


@contextlib.contextmanager
def locked(path: Path, seconds: float, held: str) -> Iterator[None]:
    """Hold the lock at `path`, which is made where it is missing. The lock of a process that dies is free at once.

    Raises StateError where the file cannot be opened, and one that says `held` where it was not to be had in `seconds`.
    """
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise StateError(f"{path} cannot be opened ({error.strerror})") from None
    try:
        until = time.monotonic() + seconds
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError:
                if time.monotonic() > until:
                    raise StateError(held) from None
                time.sleep(_PAUSE)
        yield
    finally:
        os.close(descriptor)

"""SHELL. The file of approvals, `approvals.json` in the state folder, and a view of it that follows every change.

Must not be here: what an approval covers (`policy.approvals`).
"""

import os
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from spawngate.endpoint.launching import store
from spawngate.endpoint.launching.store import locked
from spawngate.model.errors import StateError
from spawngate.policy.approvals import Approval

FILE = "approvals.json"
SCHEMA_VERSION = 1
Approvals = tuple[Approval, ...]
How = Callable[[Approvals], Sequence[Approval]]
"""A change: the approvals before, to those after."""


class Held(msgspec.Struct, frozen=True):
    """The file."""

    schema_version: int = SCHEMA_VERSION
    approvals: Approvals = ()


def load(state: Path) -> Approvals:
    """All approvals, revoked and expired ones too, oldest first. Raises StateError for a damaged file."""
    path = state / FILE
    held = store.load(path, Held, Held())
    if held.schema_version != SCHEMA_VERSION:
        raise StateError(f"{path} was written by another version of Spawngate ({held.schema_version})")
    return held.approvals


def change(state: Path, how: How) -> Approvals:
    """Change the approvals under the lock, and return them as they are then. Raises StateError."""
    with locked(state):
        before = load(state)
        after = tuple(how(before))
        if after != before:
            store.save(state / FILE, Held(approvals=after))
        return after


class Watched:
    """The approvals as they are on the disk, read again when the file is another one. Safe to use from threads.

    A file that cannot be read holds no approval: nothing is approved by damage.
    """

    def __init__(self, state: Path) -> None:
        self.problem = ""
        """Why nothing is approved; empty where the file could be read."""
        self._state, self._path = state, os.fspath(state / FILE)
        self._stamp: object = ()
        self._known: Approvals = ()
        self._lock = threading.Lock()

    def now(self) -> Approvals:
        """All of them."""
        with self._lock:
            stamp = store.stamp(self._path)
            if stamp != self._stamp:
                try:
                    self._known, self.problem = load(self._state), ""
                except StateError as error:
                    self._known, self.problem = (), str(error)
                self._stamp = stamp
            return self._known

"""SHELL. What is remembered of starts, written down when they are answered, in a thread that looks at no start.

Somebody waits for an answer and nobody for this; and it may wait itself, for the lock of the approvals.
Must not be here: what is remembered of what runs (`known`), what an approval covers (`policy.approvals`).
"""

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from spawngate.endpoint.launching import approvals
from spawngate.endpoint.launching.digests import Digests
from spawngate.endpoint.launching.known import Records, Seen
from spawngate.endpoint.launching.starts import Looked
from spawngate.model.errors import StateError
from spawngate.policy.approvals import all_bound

AFTER_ANSWER = 0.01
"""Seconds that the processor is left to the answers; what comes meanwhile is written together."""


class Keeping:
    """Notes starts, and binds the approvals that cover them to what was found out. What cannot be written is lost."""

    def __init__(self, state: Path, records: Records, digests: Digests, watched: approvals.Watched) -> None:
        self._state, self._records, self._digests, self._watched = state, records, digests, watched
        self._lock = threading.Lock()
        self._waiting: list[tuple[Looked, Seen]] = []
        self._worker = ThreadPoolExecutor(1, "launches-keeping")
        self._work: Future[None] | None = None
        self._closed = threading.Event()

    def add(self, looked: Looked, seen: Seen) -> None:
        """Remember a start, soon."""
        with self._lock:
            self._waiting.append((looked, seen))
            if self._work is None and not self._closed.is_set():
                self._work = self._worker.submit(self._keep)

    def settle(self) -> None:
        """Wait until everything is written."""
        with self._lock:
            work = self._work
        if work is not None:
            work.result()

    def close(self) -> None:
        """Write everything, and take nothing more."""
        self._closed.set()
        self._worker.shutdown()

    def _keep(self) -> None:
        self._closed.wait(AFTER_ANSWER)
        while True:
            with self._lock:
                taken, self._waiting = self._waiting, []
                if not taken:
                    self._work = None
                    return
            with suppress(Exception):  # a fault here loses these, and must not end the remembering of later ones
                self._records.note(*(seen for _, seen in taken))
                self._digests.keep()
                for looked, seen in taken:
                    if looked.standing.approved:
                        self._bind(looked, seen)

    def _bind(self, looked: Looked, seen: Seen) -> None:
        def bound(held: approvals.Approvals) -> approvals.Approvals:
            return all_bound(held, looked.entry.id, looked.identity, seen.at)

        held = self._watched.now()
        if bound(held) != held:
            with suppress(StateError):  # bound at the next start then
                approvals.change(self._state, bound)

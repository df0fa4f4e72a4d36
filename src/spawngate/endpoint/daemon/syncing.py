"""SHELL. The daemon's side of the fleet: a process beside it that speaks with the server, for as long as there is an
enrolment, and what that process wants recorded.

Must not be here: speaking with the server (`endpoint.sync.run`), writing the trail (`recording`).
"""

import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from spawngate.endpoint.daemon.child import Child
from spawngate.endpoint.sync.enrolment import is_enrolled
from spawngate.endpoint.sync.words import Word

MODULE = "spawngate.endpoint.sync.run"
PAUSE = 10.0
"""Seconds before a process that ended is started anew; twice as many each time, up to LONGEST_PAUSE, while none lives
for as long as SETTLED."""
LONGEST_PAUSE = 640.0
SETTLED = 60.0
MAX_LINE = 64 << 10


class SyncWatch:
    """The syncing process of a state folder. `said` gets what it wants recorded, `ended` its exit code."""

    def __init__(self, state: Path, said: Callable[[Word], None], ended: Callable[[int], None]) -> None:
        self._state, self._said = state, said
        self._child = Child(MODULE, state, self._take, ended, longest=MAX_LINE)
        self._again_at = self._started_at = 0.0
        self._pause = PAUSE
        self._closed = False

    @property
    def runs(self) -> bool:
        """Whether there is a process."""
        return self._child.runs

    def look(self) -> None:
        """Have a process where there is an enrolment, and none where there is none. Called every second or so."""
        wanted = not self._closed and is_enrolled(self._state)
        if not self._child.runs and wanted and time.monotonic() >= self._again_at:
            self._start()
        elif self._child.runs and not wanted:
            self._child.stop()

    def close(self) -> None:
        """End the process and wait for it."""
        self._closed = True
        self._child.stop()

    def _start(self) -> None:
        now = time.monotonic()
        lived = self._started_at and now - self._started_at - self._pause >= SETTLED
        self._pause = min(self._pause * 2, LONGEST_PAUSE) if self._started_at and not lived else PAUSE
        self._started_at, self._again_at = now, now + self._pause
        self._child.start()

    def _take(self, line: bytes) -> None:
        try:
            word = msgspec.json.decode(line, type=Word)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            return
        self._said(word)

"""SHELL. What is new here: lines of the trail that cannot wait, and a newer look at the machine.

Must not be here: sending any of it (`run`), looking (`looking`).
"""

import contextlib
import os
import subprocess
import sys
import time
from pathlib import Path

import msgspec

from spawngate.endpoint.files import Unreadable, read
from spawngate.endpoint.sync import outgoing
from spawngate.endpoint.sync.enrolment import folder
from spawngate.endpoint.sync.looks import Look
from spawngate.endpoint.trail import segment
from spawngate.model.errors import StateError
from spawngate.sync.keep import at_once, glimpse
from spawngate.sync.messages import LARGEST_INVENTORY

FILE = "look"
"""Of the last look: one line that tells, then the inventory."""
SOONEST = 30.0
"""Seconds between two looks, however much changes."""
LATEST = 900.0
"""Seconds after which a look is taken although nothing seems to have changed."""
LONGEST = 300.0
"""Seconds that a look may take."""
SETTLED = 3.0
"""Seconds from a change to a look: the inventory that brought it is written down by then."""
_WATCHED = (
    "servers.json",
    "trail-findings.json",
    "advisories*",
    "approvals.json",
    "protect/*",
    "launching/entries.json",
    "policy/*",
)
"""Files that are written when something changed. Not snapshots: what runs just now is another thing every minute."""


class Glance:
    """Follows the end of a trail."""

    def __init__(self, trail: Path) -> None:
        self._trail = trail
        self._stamp: object = None
        self._place: outgoing.Place | None = None
        self.urgent = False
        """A line cannot wait."""
        self.waiting = 0
        """Bytes since the last sending."""

    def look(self) -> None:
        """Look at what was written since the last time. Raises StateError."""
        found = self._newest()
        if found is None:
            self._place = self._place or ("", 0)
        if found is None or found == self._stamp:
            return
        if self._place is None:
            # What waits since before our start goes with the first sync.
            self._place, self._stamp = outgoing.end(self._trail), found
            return
        at = self._place
        for place, line in outgoing.lines(self._trail, at):
            at = place
            self.waiting += len(line) + 1
            seen = glimpse(line)
            self.urgent = self.urgent or (seen is not None and at_once(seen))
        self._place, self._stamp = at, found

    def sent(self) -> None:
        """Everything until now is being sent."""
        self.urgent, self.waiting = False, 0

    def _newest(self) -> object:
        try:
            found = segment.segments(self._trail)
            if not found:
                return None
            status = found[-1][1].stat()
        except OSError:
            return None
        return found[-1][0], status.st_mtime_ns, status.st_size


class Looking:
    """Has the machine looked at, in a process of its own, when something changed and now and then."""

    def __init__(self, state: Path) -> None:
        self._state = state
        self._process: subprocess.Popen[bytes] | None = None
        self._started = self._settled_at = 0.0
        self._stamp: object = ()
        self._wanted = True
        self._at_once = False
        self.found: Look | None = None
        """The last look; None before the first."""

    def again(self, *, at_once: bool = False) -> None:
        """Look again, soon, or now."""
        self._wanted = True
        self._at_once = self._at_once or at_once

    def round(self) -> None:
        """Take what a look found, and begin another one where it is due. Raises StateError."""
        now = time.monotonic()
        if self._process is not None:
            if self._process.poll() is None:
                if now - self._started > LONGEST:
                    self._process.kill()
                return
            self._process = None
            self._take()
        since = now - self._started
        if self._changed() != self._stamp:
            self._stamp, self._wanted = self._changed(), True
            self._settled_at = now + SETTLED
        wanted = self._wanted and since >= SOONEST and now >= self._settled_at
        if not self._started or since >= LATEST or wanted or self._at_once:
            self._begin()

    def document(self) -> bytes:
        """The inventory of the last look; empty where there is none."""
        return self._read().partition(b"\n")[2]

    def close(self) -> None:
        """End a look that is under way."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _begin(self) -> None:
        self._started, self._wanted, self._at_once = time.monotonic(), False, False
        target = os.fspath(folder(self._state) / FILE)
        with contextlib.suppress(OSError):
            self._process = subprocess.Popen(  # noqa: S603  # our own interpreter with our own module
                [sys.executable, "-E", "-P", "-m", "spawngate.endpoint.sync.looking", os.fspath(self._state), target],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd="/",
                close_fds=True,
            )

    def _take(self) -> None:
        with contextlib.suppress(msgspec.MsgspecError, ValueError):
            self.found = msgspec.json.decode(self._read().partition(b"\n")[0], type=Look)

    def _read(self) -> bytes:
        try:
            return read(os.fspath(folder(self._state) / FILE), LARGEST_INVENTORY)
        except (Unreadable, StateError):
            return b""

    def _changed(self) -> object:
        """Equal for as long as nothing that a look sees has changed."""
        found = []
        for pattern in _WATCHED:
            for path in self._state.glob(pattern):
                with contextlib.suppress(OSError):
                    status = path.stat()
                    found.append((os.fspath(path), status.st_mtime_ns, status.st_size))
        return tuple(sorted(found))

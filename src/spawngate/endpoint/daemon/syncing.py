"""SHELL. The daemon's side of the fleet: a process beside it that speaks with the server, for as long as there is an
enrolment, and what that process wants recorded.

Must not be here: speaking with the server (`endpoint.sync.run`), writing the trail (`recording`).
"""

import asyncio
import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from spawngate.endpoint.sync.enrolment import is_enrolled
from spawngate.endpoint.sync.words import Word

PAUSE = 10.0
"""Seconds before a process that ended is started anew; twice as many each time, up to LONGEST_PAUSE, while none lives
for as long as SETTLED."""
LONGEST_PAUSE = 640.0
SETTLED = 60.0
MAX_LINE = 64 << 10


class SyncWatch:
    """The syncing process of a state folder. `said` gets what it wants recorded, `ended` its exit code."""

    def __init__(self, state: Path, said: Callable[[Word], None], ended: Callable[[int], None]) -> None:
        self._state, self._said, self._ended = state, said, ended
        self._process: subprocess.Popen[bytes] | None = None
        self._buffer = bytearray()
        self._again_at = self._started_at = 0.0
        self._pause = PAUSE
        self._closed = False

    @property
    def runs(self) -> bool:
        """Whether there is a process."""
        return self._process is not None

    def look(self) -> None:
        """Have a process where there is an enrolment, and none where there is none. Called every second or so."""
        wanted = not self._closed and is_enrolled(self._state)
        if self._process is None and wanted and time.monotonic() >= self._again_at:
            self._start()
        elif self._process is not None and not wanted:
            self._stop()

    def close(self) -> None:
        """End the process and wait for it."""
        self._closed = True
        self._stop()

    def _start(self) -> None:
        self._buffer = bytearray()
        now = time.monotonic()
        lived = self._started_at and now - self._started_at - self._pause >= SETTLED
        self._pause = min(self._pause * 2, LONGEST_PAUSE) if self._started_at and not lived else PAUSE
        self._started_at, self._again_at = now, now + self._pause
        try:
            process = subprocess.Popen(  # noqa: S603  # our own interpreter with our own module
                [sys.executable, "-E", "-P", "-m", "spawngate.endpoint.sync.run", os.fspath(self._state)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd="/",
                close_fds=True,
            )
        except OSError:
            self._ended(-1)
            return
        self._process = process
        assert process.stdout is not None
        os.set_blocking(process.stdout.fileno(), False)
        asyncio.get_running_loop().add_reader(process.stdout, self._read)

    def _read(self) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        try:
            data = os.read(self._process.stdout.fileno(), MAX_LINE)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        self._buffer += data
        while (at := self._buffer.find(b"\n")) >= 0:
            line = bytes(self._buffer[:at])
            del self._buffer[: at + 1]
            with contextlib.suppress(msgspec.MsgspecError, UnicodeDecodeError):
                self._said(msgspec.json.decode(line, type=Word))
        if not data or len(self._buffer) > MAX_LINE:
            self._ended(self._stop(kill=bool(data)))

    def _stop(self, *, kill: bool = False) -> int:
        process, self._process = self._process, None
        if process is None:
            return 0
        assert process.stdin is not None
        assert process.stdout is not None
        asyncio.get_running_loop().remove_reader(process.stdout)
        if kill:
            process.kill()
        with contextlib.suppress(OSError):
            process.stdin.close()
        process.stdout.close()
        try:
            return process.wait(1.0)
        except subprocess.TimeoutExpired:
            process.kill()
            return process.wait()

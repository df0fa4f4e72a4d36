"""SHELL. A process beside the daemon that says one line after the other: our own interpreter with one of our modules.

It lives for as long as its stdin is open, and has the daemon's environment but for what would change whom it trusts and
what it loads: whatever started the daemon (an editor in a project) may have set that.
Must not be here: what lines mean, when a process is started again (`syncing`, `inventory`).
"""

import asyncio
import contextlib
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

AT_ONCE = 1 << 20
"""Bytes that are read in one turn of the loop."""
PATIENCE = 1.0
"""Seconds that it has to end when its stdin does."""
_REDIRECTS = ("SSL", "OPENSSL_", "PYTHON", "LD_", "DYLD_", "GCONV_", "REQUESTS_CA", "CURL_CA")

Line = Callable[[bytes], None]
"""Gets each line, without its end. Raises ValueError for one that no process of ours says: that ends it."""


class Child:
    """One process at a time. Made and used in an event loop. `ended` gets the exit code of one that ended by itself or
    was ended for what it said, -1 where none could be started."""

    def __init__(self, module: str, state: Path, line: Line, ended: Callable[[int], None], *, longest: int) -> None:
        self._module, self._state, self._line, self._ended, self._longest = module, state, line, ended, longest
        self._process: subprocess.Popen[bytes] | None = None
        self._buffer = bytearray()

    @property
    def runs(self) -> bool:
        """Whether there is a process."""
        return self._process is not None

    def start(self) -> None:
        """Start it."""
        self._buffer = bytearray()
        try:
            process = subprocess.Popen(  # noqa: S603  # our own interpreter with our own module
                [sys.executable, "-E", "-P", "-m", self._module, os.fspath(self._state)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd="/",
                close_fds=True,
                env=environment(os.environ),
            )
        except OSError:
            self._ended(-1)
            return
        self._process = process
        assert process.stdout is not None
        os.set_blocking(process.stdout.fileno(), False)
        asyncio.get_running_loop().add_reader(process.stdout, self._read)

    def write(self, data: bytes) -> None:
        """Say something to it; nothing happens where it does not listen any more."""
        if self._process is not None and self._process.stdin is not None:
            with contextlib.suppress(OSError):
                self._process.stdin.write(data)
                self._process.stdin.flush()

    def stop(self, *, kill: bool = False) -> int:
        """End it and wait for it; its exit code, 0 where there is none."""
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
            return process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            return process.wait()

    def _read(self) -> None:
        process = self._process
        assert process is not None
        assert process.stdout is not None
        try:
            data = os.read(process.stdout.fileno(), AT_ONCE)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        self._buffer += data
        nonsense = False
        while not nonsense and (at := self._buffer.find(b"\n")) >= 0:
            line = bytes(self._buffer[:at])
            del self._buffer[: at + 1]
            try:
                self._line(line)
            except ValueError:
                nonsense = True
            if self._process is not process:
                return  # what it said ended it
        if not data or nonsense or len(self._buffer) > self._longest:
            self._ended(self.stop(kill=bool(data)))


def environment(given: Mapping[str, str]) -> dict[str, str]:
    """The variables that a process beside the daemon gets."""
    return {
        name: value
        for name, value in given.items()
        if not name.upper().startswith(_REDIRECTS) and not name.upper().endswith("_PROXY")
    }

"""SHELL. What a server said, told to the daemon after the agent has it: bounded, beside the traffic, never waited for.

Belongs here: how much is kept until it is told, and when that is. Must not be here: what the daemon makes of it, which
lines pass (`protocol.relay`).

What is lost because the daemon is slow or away is told with the next that is told. A single answer is told at once, so
that a hook that follows it finds it known; of many in a row fifty times a second, so that messages cost nothing.
"""

from __future__ import annotations

import time

from spawngate.protocol.jsontext import encode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from spawngate.endpoint.launcher.loop import Loop

    Send = Callable[[bytes, Callable[[bytes | None, str], None]], None]

MOST = 4 << 20
"""Bytes that wait to be told."""
MOST_AT_ONCE = 1 << 20
"""Bytes of one telling; of a longer line its beginning and its end are told."""
APART = 0.25
"""Seconds of silence after which an answer is a single one."""
TOGETHER = 0.02
"""Seconds in which answers in a row are gathered."""
SHORTEST = 72
"""Bytes of a line that may say more than that something is done."""


class Telling:
    """What was said by the server of `launch`. `send(payload, done)` puts it to the daemon."""

    def __init__(self, loop: Loop, launch: str, send: Send) -> None:
        self._loop = loop
        self._launch = launch
        self._send = send
        self._waiting: list[bytes] = []
        self._size = 0
        self._partial = False
        self._last = 0.0
        self._busy = False
        self._finished: Callable[[], None] | None = None

    def said(self, line: bytes) -> None:
        """The agent has this line."""
        if len(line) < SHORTEST:
            return
        if len(line) > MOST_AT_ONCE:
            half = MOST_AT_ONCE // 2
            line, self._partial = b"%b\n%b" % (line[:half], line[-half:]), True
        if self._size + len(line) > MOST:
            self._partial = True
            return
        self._waiting.append(line)
        self._size += len(line)
        if not self._busy:
            self._busy = True
            now = time.monotonic()
            self._loop.after(0.0 if now - self._last > APART else TOGETHER, self._tell)

    def finish(self, done: Callable[[], None]) -> None:
        """Call `done` when all is told: nothing of this launch is taken after its end."""
        self._finished = done
        if not self._busy:
            self._tell()

    def _tell(self) -> None:
        self._last = time.monotonic()
        if not self._waiting:
            self._busy = False
            if self._finished is not None:
                self._finished()
            return
        lines: list[bytes] = []
        size = 0
        while self._waiting and (not lines or size + len(self._waiting[0]) <= MOST_AT_ONCE):
            line = self._waiting.pop(0)
            lines.append(line if line.endswith(b"\n") else line + b"\n")
            size += len(line)
        self._size -= size
        partial, self._partial = self._partial, False
        head = encode({"launch": self._launch, "partial": partial})

        def told(answer: bytes | None, _failure: str) -> None:
            self._partial = self._partial or answer is None
            self._tell()

        self._send(head + b"\n" + b"".join(lines), told)

"""SHELL. What a remote server said, told to the daemon after the agent has it: bounded, and never waited for.

Must not be here: what passes (`protocol.http`), what the daemon makes of it (`endpoint.launching.course`).
"""

import asyncio

from spawngate.endpoint.proxy.ask import Ask, NoAnswerError

MOST = 4 << 20
"""Bytes that wait to be told."""
MOST_AT_ONCE = 1 << 20
"""Bytes of one telling; of a longer piece its beginning and its end are told."""


class Telling:
    """What was said by one server. Used within one event loop."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._waiting: list[bytes] = []
        self._size = 0
        self._partial = False
        self._task: asyncio.Task[None] | None = None

    def said(self, launch: str, piece: bytes) -> None:
        """The agent has this piece of a body."""
        if len(piece) > MOST_AT_ONCE:
            half = MOST_AT_ONCE // 2
            piece, self._partial = b"%b\n%b" % (piece[:half], piece[-half:]), True
        if self._size + len(piece) > MOST:
            self._partial = True
            return
        self._waiting.append(piece)
        self._size += len(piece)
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._tell(launch))

    async def close(self) -> None:
        """Wait until all is told: nothing of a launch is taken after its end."""
        if self._task is not None:
            await self._task

    async def _tell(self, launch: str) -> None:
        while self._waiting:
            pieces: list[bytes] = []
            size = 0
            while self._waiting and (not pieces or size + len(self._waiting[0]) <= MOST_AT_ONCE):
                pieces.append(self._waiting.pop(0))
                size += len(pieces[-1])
            self._size -= size
            partial, self._partial = self._partial, False
            try:
                await self._ask("told", {"launch": launch, "partial": partial, "lines": b"\n".join(pieces)})
            except NoAnswerError:
                self._partial = True

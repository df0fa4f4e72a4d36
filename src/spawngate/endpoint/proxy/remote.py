"""SHELL. One server behind the proxy: its start, decided by the daemon, before anything is sent there.

Must not be here: requests (`listener`), what a start means (`endpoint.launching.remotes`).
"""

import asyncio
import contextlib
from dataclasses import dataclass, field

from spawngate.endpoint.proxy.ask import Ask, NoAnswerError
from spawngate.endpoint.proxy.telling import Telling
from spawngate.endpoint.proxy.upstream import Address, Idle
from spawngate.protocol.http import Session

AGAIN_SECONDS = 900.0
"""A start is decided anew when it is older than this: an approval may have been taken back."""
DENIED_SECONDS = 2.0
"""A refused start is not asked about again within this."""
UNANSWERED = "Spawngate could not decide whether this server may be used, because {problem}, and refused it."
REFUSED = "Spawngate refused this server."


@dataclass(slots=True)
class Remote:
    """One server behind the proxy."""

    address: Address
    entry: str
    """Id of the entry in the agent's file."""
    url: str
    header_names: tuple[str, ...] = ()
    open: bool = False
    """It goes on where the daemon does not answer."""
    session: Session = field(default_factory=Session)
    idle: Idle = field(default_factory=Idle)
    launch: str = ""
    """The daemon's name for the start; empty before it, and where the daemon was away."""
    results: bool = False
    """The daemon wants to know what the server says."""
    telling: Telling | None = None
    _until: float = 0.0
    _why: str = ""
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def refused(self, ask: Ask) -> str:
        """Why nothing may be sent to the server; empty where it may."""
        async with self._lock:
            now = asyncio.get_running_loop().time()
            if now >= self._until:
                await self._start(ask, now)
            return self._why

    async def _start(self, ask: Ask, now: float) -> None:
        asked = {"schema_version": 1, "id": self.entry, "url": self.url, "header_names": list(self.header_names)}
        try:
            answer = await ask("start", asked)
        except NoAnswerError as problem:
            self._why = "" if self.open else UNANSWERED.format(problem=problem)
            self._until = now + DENIED_SECONDS
            return
        before, launch, message = self.launch, answer.get("launch"), answer.get("message")
        if answer.get("verdict") == "allow" and isinstance(launch, str) and launch:
            self.launch, self._why, self._until = launch, "", now + AGAIN_SECONDS
            relay = answer.get("relay")
            self.results = isinstance(relay, dict) and relay.get("results") is True
        else:
            self.launch, self._until = "", now + DENIED_SECONDS
            self._why = message if isinstance(message, str) and message else REFUSED
        if before:
            await _tell(ask, before, "decided anew")

    def said(self, ask: Ask, piece: bytes) -> None:
        """The agent has this of what the server said."""
        if self.launch and self.results and piece:
            if self.telling is None:
                self.telling = Telling(ask)
            self.telling.said(self.launch, piece)

    async def end(self, ask: Ask, reason: str) -> None:
        """Tells the daemon that the server is no longer used."""
        launch, self.launch = self.launch, ""
        if self.telling is not None:
            await self.telling.close()
        if launch:
            await _tell(ask, launch, reason)


async def _tell(ask: Ask, launch: str, reason: str) -> None:
    with contextlib.suppress(NoAnswerError):
        await ask("end", {"launch": launch, "reason": reason})

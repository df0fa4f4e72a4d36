"""SHELL. The daemon's side of the inventory: starts the collector, takes its reports, starts it again when it ends.

Must not be here: taking inventories (`collector`), and what is done with a report (`run`).
"""

import asyncio
import contextlib
import os
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import msgspec

from spawngate.agents import AGENTS
from spawngate.command.inventory import InventoryView, ServerView
from spawngate.endpoint.daemon.child import Child
from spawngate.endpoint.daemon.report import AGAIN, RECORDED, Report, Server

MODULE = "spawngate.endpoint.daemon.collector"
PAUSE = 60.0
"""Seconds before a collector that ended is started again."""
SERVERS_FILE = "servers.json"
MAX_REPORT = 256 << 20
"""Bytes of one report."""


class InventoryWatch:
    """The collector of a state folder. `taken` gets every report; `recorded` must then be called once."""

    def __init__(self, state: Path, taken: Callable[[Report], None], ended: Callable[[int], None]) -> None:
        self._taken, self._ended = taken, ended
        self._child = Child(MODULE, state, self._take, self._finish, longest=MAX_REPORT)
        self._loop = asyncio.get_running_loop()
        self._later: asyncio.TimerHandle | None = None
        self._closed = False

    def start(self) -> None:
        """Start the collector."""
        if not self._closed:
            self._child.start()

    def recorded(self) -> None:
        """The changes of the last report are recorded."""
        self._child.write(RECORDED)

    def again(self) -> None:
        """Take an inventory now, whether anything seems to have changed or not."""
        self._child.write(AGAIN)

    def close(self) -> None:
        """End the collector and wait for it."""
        self._closed = True
        if self._later is not None:
            self._later.cancel()
        self._child.stop()

    def _take(self, line: bytes) -> None:
        """Raises ValueError for what is no report (of msgspec's)."""
        self._taken(msgspec.json.decode(line, type=Report))

    def _finish(self, code: int) -> None:
        self._ended(code)
        if not self._closed:
            self._later = self._loop.call_later(PAUSE, self.start)


def keep_servers(state: Path, servers: Sequence[Server]) -> None:
    """Remember the servers for the next start, which decides before its first inventory. Failing to is no harm."""
    temporary = ""
    with contextlib.suppress(OSError):
        descriptor, temporary = tempfile.mkstemp(dir=state, prefix=".new-")  # mkstemp makes it 0600
        with os.fdopen(descriptor, "wb") as file:
            file.write(msgspec.json.encode(servers))
        os.replace(temporary, state / SERVERS_FILE)
        return
    if temporary:
        Path(temporary).unlink(missing_ok=True)


def recall_servers(state: Path) -> tuple[Server, ...]:
    """The servers of the last inventory; none where none is remembered."""
    try:
        return msgspec.json.decode((state / SERVERS_FILE).read_bytes(), type=tuple[Server, ...])
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return ()


def views(servers: Iterable[Server]) -> Mapping[str, InventoryView]:
    """What the decider knows of the servers, by agent; an agent without any is known to have none.

    Of two of one name the one in force counts, else the first.
    """
    found: dict[str, dict[str, tuple[bool, ServerView]]] = {agent: {} for agent in AGENTS}
    for server in servers:
        known = found.setdefault(server.agent, {})
        if server.name not in known or (server.in_force and not known[server.name][0]):
            known[server.name] = (
                server.in_force,
                ServerView(
                    name=server.name,
                    tier=server.tier,
                    capabilities=server.capabilities,
                    transport=server.transport,
                    fingerprint=server.fingerprint,
                    # What waits for a person or is off is not known to be wanted.
                    launch=server.launch if server.in_force else "",
                    words=server.words,
                ),
            )
    return {
        agent: InventoryView({name: view for name, (_, view) in known.items()}, complete=True)
        for agent, known in found.items()
    }

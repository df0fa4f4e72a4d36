"""SHELL. The daemon's side of the inventory: starts the collector, takes its reports, starts it again when it ends.

Must not be here: taking inventories (`collector`), and what is done with a report (`run`).
"""

import asyncio
import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import msgspec

from spawngate.agents import AGENTS
from spawngate.command.inventory import InventoryView, ServerView
from spawngate.endpoint.daemon.report import Report, Server

PAUSE = 60.0
"""Seconds before a collector that ended is started again."""
SERVERS_FILE = "servers.json"
MAX_REPORT = 256 << 20
"""Bytes of one report."""


class InventoryWatch:
    """The collector of a state folder. `taken` gets every report; `recorded` must then be called once."""

    def __init__(self, state: Path, taken: Callable[[Report], None], ended: Callable[[int], None]) -> None:
        self._state, self._taken, self._ended = state, taken, ended
        self._process: subprocess.Popen[bytes] | None = None
        self._buffer = bytearray()
        self._loop = asyncio.get_running_loop()
        self._again: asyncio.TimerHandle | None = None
        self._closed = False

    def start(self) -> None:
        """Start the collector."""
        if self._closed:
            return
        self._buffer = bytearray()
        try:
            self._process = subprocess.Popen(  # noqa: S603  # our own interpreter with our own module
                [sys.executable, "-E", "-P", "-m", "spawngate.endpoint.daemon.collector", os.fspath(self._state)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd="/",
                close_fds=True,
            )
        except OSError:
            self._finish(-1)
            return
        assert self._process.stdout is not None
        os.set_blocking(self._process.stdout.fileno(), False)
        self._loop.add_reader(self._process.stdout, self._read)

    def recorded(self) -> None:
        """The changes of the last report are recorded."""
        if self._process is not None and self._process.stdin is not None:
            with contextlib.suppress(OSError):
                self._process.stdin.write(b"\n")
                self._process.stdin.flush()

    def close(self) -> None:
        """End the collector and wait for it."""
        self._closed = True
        if self._again is not None:
            self._again.cancel()
        self._stop()

    def _read(self) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        try:
            data = os.read(self._process.stdout.fileno(), 1 << 20)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        self._buffer += data
        if not data or len(self._buffer) > MAX_REPORT:
            self._finish(self._stop(kill=bool(data)))
            return
        while (at := self._buffer.find(b"\n")) >= 0:
            line = bytes(self._buffer[:at])
            del self._buffer[: at + 1]
            try:
                report = msgspec.json.decode(line, type=Report)
            except msgspec.MsgspecError:
                self._finish(self._stop(kill=True))
                return
            self._taken(report)

    def _stop(self, *, kill: bool = False) -> int:
        process, self._process = self._process, None
        if process is None:
            return 0
        assert process.stdin is not None
        assert process.stdout is not None
        self._loop.remove_reader(process.stdout)
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

    def _finish(self, code: int) -> None:
        self._ended(code)
        if not self._closed:
            self._again = self._loop.call_later(PAUSE, self.start)


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

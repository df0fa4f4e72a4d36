"""SHELL. A start on probation: the same program in a jail, until it has shown that it speaks MCP or that it does not.

Belongs here: the jailed process's life and the clock of `protocol.probe`. Must not be here: what an outcome means (the
daemon), and the granted start. Whatever the outcome, nothing of the jailed start is left when `done` is called.
"""

from __future__ import annotations

import os
import time

from spawngate.endpoint.launcher import below, jail
from spawngate.endpoint.launcher.entry import Entry
from spawngate.endpoint.launcher.loop import Inlet, Loop, Outlet, Timer
from spawngate.endpoint.launcher.replies import Grant
from spawngate.endpoint.launcher.server import NotStarted, Server, start
from spawngate.protocol.framing import Lines, LineTooLong
from spawngate.protocol.probe import LINE_LIMIT, Probe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from spawngate.endpoint.launcher.egress import Egress

NAME = "spawngate"
VERSION = "1"
END = 10.0
"""Seconds within which what was killed has to be gone."""
FIRST = 1.0
"""Seconds, at least, until a server that says nothing is asked in the other era's words."""
CLOSED = 3.0
"""Seconds from the end of its output to its own end."""
MISUSED = 2
"""Exit code of the confining program where it does not know an option, of some server's too."""
NO_JAIL = 125
"""Exit code of the confining program where nothing holds."""


class Probation:
    """One check. `done` is called once, with this object; `outcome` and the rest are final then."""

    def __init__(
        self,
        loop: Loop,
        folder: str,
        entry: Entry,
        program: str,
        environment: dict[bytes, bytes],
        grant: Grant,
        seconds: float,
        done: Callable[[Probation], None],
        opened: Callable[[Server, Grant], Egress | None],
    ) -> None:
        """`opened` gets a server that was started, and makes its way out."""
        self._loop = loop
        self._folder = folder
        self._entry = entry
        self._program = program
        self._environment = {**grant.env, **environment}
        self._grant = grant
        self._seconds = seconds
        self._done = done
        self._opened = opened
        self.egress: Egress | None = None
        """Its way out, which knows what was refused."""
        self._until = time.monotonic() + seconds
        self.server: Server | None = None
        self.outcome = ""
        self.detail = ""
        self.layers = ""
        """What the confining program said: which walls held."""
        self._probe = Probe(NAME, VERSION)
        self._begin(legacy=False)

    @property
    def found(self) -> Probe:
        """What the check learnt of the server."""
        return self._probe

    def _begin(self, *, legacy: bool) -> None:
        self._probe = Probe(NAME, VERSION, legacy)
        self._lines = Lines(LINE_LIMIT)
        self._patience: Timer | None = None
        self._switched = legacy
        self._scratch = jail.make_scratch()
        words = jail.options(
            self._grant,
            self._program,
            self._entry.args,
            self._entry.folder,
            self._environment,
            probe=True,
            seconds=self._seconds,
            scratch=self._scratch,
        )
        try:
            self.server = start(
                self._folder,
                words,
                self._program,
                [self._entry.command, *self._entry.args],
                self._environment,
                quiet=True,
            )
        except NotStarted as error:
            return self._finish("no-sandbox", str(error))
        self.egress = self._opened(self.server, self._grant)
        self._report = b""
        self._status = Inlet(self._loop, self.server.status, self._reported)
        self._status.pause(False)
        self._out = Outlet(self._loop, self.server.stdin, lambda: None, lambda: None)
        self._in = Inlet(self._loop, self.server.stdout, self._take)
        self._in.pause(False)
        self._limit = self._loop.after(max(0.0, self._until - time.monotonic()), self._late)
        self._say(self._probe.start())
        return None

    def _reported(self, data: bytes) -> None:
        self._report += data[:4096]
        for line in self._report.decode("ascii", "replace").split("\n")[:-1]:
            word, _, rest = line.partition(" ")
            if word == "held":
                self.layers = rest
            elif word == "none":
                self._finish("no-sandbox", "the system offers no wall" if not rest else f"only {rest} held")
            elif word == "failed" and rest.isdigit():
                self._finish("exited", f"it could not be started: {os.strerror(int(rest))}")

    def _take(self, data: bytes) -> None:
        if not data:
            # How it ended tells more than that it did; one that only closed its output is waited for no longer.
            self._loop.after(CLOSED, self._closed)
            return None
        try:
            lines = self._lines.feed(data)
        except LineTooLong as problem:
            lines = [*problem.lines, b"!"]  # what is too long for an answer is none
        for line in lines:
            self._say(self._probe.receive(line))
            if self._probe.outcome is not None:
                break
        # Text that has no end yet and cannot become an answer is told at once: a banner, the prompt of a shell.
        pending = self._lines.pending.lstrip()
        if self._probe.outcome is None and pending and pending[:1] not in b"{[\xef":
            self._probe.receive(pending)
        return self._settle()

    def _closed(self) -> None:
        if not self.outcome:
            self._probe.closed()
            self._settle()

    def _say(self, data: bytes) -> None:
        if self._patience is not None:
            self._patience.cancelled = True
        if data:
            self._out.write(data)
        if self._probe.outcome is None:
            # A server of the legacy era may say nothing to a method that it does not know. What was asked too early
            # may still be answered, so the first wait leaves most of the time to the second question.
            patience = self._probe.patience
            if not self._switched:
                patience = min(patience, max(FIRST, self._seconds / 4))
            self._patience = self._loop.after(patience, self._timeout)

    def _timeout(self) -> None:
        self._switched = True
        self._say(self._probe.timeout())
        self._settle()

    def _late(self) -> None:
        while self._probe.outcome is None and self._probe.timeout():
            pass  # the other era's question is not asked any more
        self._settle()

    def _settle(self) -> None:
        if self._probe.outcome is not None:
            self._finish(self._probe.outcome, self._probe.detail)

    def process_ended(self, status: int) -> None:
        """The confining program has ended, and with it whatever was in its namespace."""
        if self.server is None or self.outcome:
            return
        self.server.ended = status
        while not self._in.ended and self._drain():
            pass
        if self.outcome:
            return
        code = os.waitstatus_to_exitcode(status)
        self._probe.closed()
        if code == MISUSED and not self._report and not self._drain_report():
            # It says what holds before it starts anything: this one did not understand its own words.
            self._finish(
                "no-sandbox", "the confining program is of another version; run `spawngate protect --launches`"
            )
        elif code == NO_JAIL and not self.layers:
            self._finish("no-sandbox", "the system offers no wall")
        else:
            how = f"exit code {code}" if code >= 0 else f"signal {-code}"
            self._finish(self._probe.outcome or "exited", f"{self._probe.detail} ({how})")

    def _drain_report(self) -> bool:
        """What it reported before it ended. Whether there was something."""
        try:
            data = os.read(self._status.descriptor, 4096)
        except OSError:
            return False
        if data:
            self._reported(data)
        return bool(data)

    def _drain(self) -> bool:
        """What it wrote before it ended. Whether there was something."""
        try:
            data = os.read(self._in.descriptor, 1 << 16)
        except OSError:
            return False
        if data:
            self._take(data)
        return bool(data) and not self.outcome

    def _finish(self, outcome: str, detail: str) -> None:
        if self.outcome:
            return None
        if outcome == "exited" and self._probe.retry and time.monotonic() < self._until:
            self._end_all()
            return self._begin(legacy=True)
        self.outcome, self.detail = outcome, detail
        self._end_all()
        self._loop.after(0, lambda: self._done(self))
        return None

    def _end_all(self) -> None:
        """Nothing of it is left afterwards: not the group, not what left the group, not the namespace."""
        server = self.server
        if server is not None:
            below.end_below(server.group, END)
            server.ended = 0 if server.ended is None else server.ended
            if self.egress is not None:
                self.egress.close()
            self.server = None
            self._status.close()
            self._in.close()
            self._out.close()
            self._limit.cancelled = True
            if self._patience is not None:
                self._patience.cancelled = True
        if self._scratch:
            jail.remove_scratch(self._scratch)
            self._scratch = ""

    def abandon(self) -> None:
        """End it without an outcome."""
        self.outcome = "abandoned"
        self._end_all()

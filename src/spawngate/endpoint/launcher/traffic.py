"""SHELL. Lines between the agent and a granted server, through `protocol.relay`, until one of the two is gone.

Belongs here: the four pipes, back-pressure, and the end of a server whose agent has left. Must not be here: what is
held and why (`protocol.relay`), what the daemon says (`session`).
"""

from __future__ import annotations

import os
import sys

from spawngate.endpoint.launcher import below
from spawngate.endpoint.launcher.loop import Inlet, Loop, Outlet
from spawngate.endpoint.launcher.server import Server
from spawngate.protocol.framing import Lines, LineTooLong
from spawngate.protocol.relay import Relay

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from spawngate.protocol.relay import Step

FULL = 1 << 20
"""Bytes that wait for one side while the other is read no more."""
HELD = 4 << 20
"""Bytes that wait for the daemon while neither side is read any more."""
WAITING = 64
"""Questions to the daemon at the same time."""
TERM_AFTER = 2.0
KILL_AFTER = 4.0
"""Seconds from the end of the agent's input to SIGTERM, and to SIGKILL."""
FLUSH = 5.0
"""Seconds that an agent has to take a server's last words."""
TERM, KILL = 15, 9


class Traffic:
    """One server's life. `ask(step)` puts a question to the daemon; `said(line)` gets what is written to the agent;
    `done()` is called when all is over."""

    def __init__(
        self,
        loop: Loop,
        server: Server,
        relay: Relay,
        ask: Callable[[Step], None],
        done: Callable[[], None],
        said: Callable[[bytes], None] | None = None,
    ) -> None:
        self._loop = loop
        self._relay = relay
        self._ask = ask
        self._said = said
        self._done = done
        self.server = server
        self.messages = 0
        """Lines of both directions."""
        self.killed = 0
        self.reason = "exited"
        self._agent_lines = Lines()
        self._server_lines = Lines()
        self._over = False
        self._to_agent = Outlet(loop, 1, self._agent_left, self._balance)
        self._to_server = Outlet(loop, server.stdin, lambda: None, self._balance)
        self._from_agent = Inlet(loop, 0, self._agent_said)
        self._from_server = Inlet(loop, server.stdout, self._server_said)
        self._agent_ended = False
        self._balance()

    def _agent_said(self, data: bytes) -> None:
        self._carry(data, self._agent_lines, self._relay.from_agent, "agent")
        if not data:
            self._agent_left()

    def _server_said(self, data: bytes) -> None:
        self._carry(data, self._server_lines, self._relay.from_server, "server")
        if not data:
            self._settle()

    def _carry(self, data: bytes, lines: Lines, take: Callable[[bytes], Sequence[Step]], side: str) -> None:
        try:
            whole = lines.feed(data) if data else [lines.pending] if lines.pending else []
        except LineTooLong as problem:
            for line in problem.lines:
                self._act(take(line))
            sys.stderr.write(f"spawngate: {problem} ({side}); the server is ended\n")
            self.reason = "line too long"
            self.server.signal(KILL)
            (self._from_agent if side == "agent" else self._from_server).close()
            return
        self.messages += len(whole)
        if len(whole) == 1:
            self._act(take(whole[0]))
        else:
            self._act([step for line in whole for step in take(line)])

    def _act(self, steps: Sequence[Step]) -> None:
        """Carries out steps; neighbours of one direction are one write."""
        for direction, outlet in (("server", self._to_server), ("agent", self._to_agent)):
            parts = [step[1] for step in steps if step[0] == direction]
            if parts:
                outlet.write(parts[0] if len(parts) == 1 else b"".join(parts))  # type: ignore[arg-type]  # of these two kinds the second member is bytes
        for step in steps:
            if step[0] in ("call", "tools"):
                self._ask(step)
            elif step[0] == "agent" and self._said is not None:
                self._said(step[1])
        self._balance()

    def resolve(self, token: int, verdict: str, message: str, withhold: Sequence[str] = ()) -> None:
        """The daemon's answer to a question, or what takes its place."""
        self._act(self._relay.resolve(token, verdict, message, withhold))

    def _balance(self) -> None:
        """Who is read: nobody while much is held or asked, neither side while one of the outlets is full."""
        relay = self._relay
        stop = relay.held > HELD or relay.waiting >= WAITING
        self._from_agent.pause(stop or self._to_server.size > FULL or self._to_agent.size > 4 * FULL)
        self._from_server.pause(stop or self._to_agent.size > FULL)
        self._settle()

    def _agent_left(self) -> None:
        """The end of the agent's input, or an agent that takes no more."""
        if self._agent_ended:
            return
        self._agent_ended = True
        self._loop.after(TERM_AFTER, lambda: self.server.signal(TERM))
        self._loop.after(KILL_AFTER, lambda: self.server.signal(KILL))
        self._settle()

    def _settle(self) -> None:
        if self._agent_ended and not self._relay.waiting:
            self._to_server.close_when_empty()
        if self._from_server.ended and not self._relay.waiting:
            if self.server.ended is None:
                self._to_agent.close_when_empty()
            elif not self._over and (self._to_agent.closed or not self._to_agent.size):
                self._finish()

    def process_ended(self, status: int) -> None:
        """The server has ended. What it left behind is ended too, so that its last words have an end."""
        self.server.ended = status
        self.killed += below.end_below(self.server.group, FLUSH)
        self._loop.after(FLUSH, self._finish)
        self._from_agent.close()
        self._to_server.close()
        self._settle()

    def _finish(self) -> None:
        if not self._over:
            self._over = True
            self._from_server.close()
            self._to_agent.close()
            self._done()

    def forward(self, number: int) -> None:
        """A signal that the launcher got."""
        self.server.signal(number)

    @staticmethod
    def exit_of(status: int) -> tuple[int | None, int | None]:
        """Exit code and signal of a wait status; one of them is None."""
        code = os.waitstatus_to_exitcode(status)
        return (code, None) if code >= 0 else (None, -code)

"""SHELL. One launch from the agent's start of the entry to its end: ask, probe, start, carry, tell.

Belongs here: the order of these, what takes the place of an answer that does not come, and how this process ends.
Must not be here: each of them by itself (`ask`, `probation`, `traffic`).

INVARIANT: nothing of the entry is started before the daemon said "allow", but where launch.conf says `failure open`;
then a line is in the spool first.
"""

from __future__ import annotations

import os
import sys

from spawngate.endpoint.launcher import alone, below, jail
from spawngate.endpoint.launcher.ask import Question
from spawngate.endpoint.launcher.below import GONE
from spawngate.endpoint.launcher.loop import Inlet, Outlet, Signals
from spawngate.endpoint.launcher.opening import LAUNCHER, REFUSED, tell
from spawngate.endpoint.launcher.replies import BadReply, Start, Verdict
from spawngate.endpoint.launcher.server import NotStarted, NoWalls, start
from spawngate.endpoint.launcher.traffic import Traffic
from spawngate.protocol import refusal
from spawngate.protocol.framing import Lines, LineTooLong
from spawngate.protocol.jsontext import encode
from spawngate.protocol.relay import Relay

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import NoReturn

    from spawngate.endpoint.launcher.egress import Egress
    from spawngate.endpoint.launcher.entry import Entry
    from spawngate.endpoint.launcher.opening import Opening
    from spawngate.endpoint.launcher.probation import Probation
    from spawngate.endpoint.launcher.replies import Grant
    from spawngate.endpoint.launcher.server import Server
    from spawngate.endpoint.launcher.telling import Telling
    from spawngate.model.launchconf import LaunchConf
    from spawngate.protocol.relay import Step

FORWARDED = (1, 2, 3, 10, 12, 15)
"""SIGHUP, SIGINT, SIGQUIT, SIGUSR1, SIGUSR2, SIGTERM; the two in the middle have other numbers on other systems."""
CHILD, LAUNCHER_GONE = 17, 29
if sys.platform != "linux":
    FORWARDED, CHILD, LAUNCHER_GONE = (1, 2, 3, 15, 30, 31), 20, 23
PATIENCE = 60.0
"""Seconds that a refused start waits for the agent's first request."""
LAST_WORDS = 0.5
"""Seconds that the daemon has for `end`; the agent waits for us by then."""
TELLING = 5.0
"""Seconds that the daemon has for what a server said; nobody waits for it."""
SILENT = "Spawngate could not decide, because its daemon gave no answer ({}). `spawngate status` tells more."
REASONS = {
    "absent": "it does not run",
    "untrusted": "its socket is not to be trusted",
    "broken": "its answer was none",
    "slow": "it took too long",
    "oversized": "the message is too long for it",
}


class Session:
    """Everything of one launch."""

    def __init__(self, folder: str, conf: LaunchConf, entry: Entry, opening: Opening) -> None:
        self._folder = folder
        self._conf = conf
        self._entry = entry
        self._opening = opening
        self._loop = opening.loop
        self._answer: Start | None = None
        self._probation: Probation | None = None
        self._traffic: Traffic | None = None
        self._egress: Egress | None = None
        self._deserted = False
        self._telling: Telling | None = None
        self._agent_out: Outlet | None = None
        self._scratch = ""
        self._granted: Server | None = None
        self._walled = True
        """Nothing is to be known of the granted server's walls any more."""
        Signals(self._loop, (*FORWARDED, CHILD, LAUNCHER_GONE), self._signalled)
        self._loop.watch(LAUNCHER, 0, lambda _happened: self._abandoned())

    def run(self) -> NoReturn:
        """Until the end."""
        payload = self._opening.payload
        self._opening.then(lambda data, failure: self._started(data, failure, payload))
        self._loop.run()
        raise AssertionError("a loop ended that nothing ends")

    def _question(self, verb: str, payload: bytes, done: object, seconds: float | None = None) -> None:
        limit = self._conf.deadline_ms / 1000 if seconds is None else seconds
        Question(self._loop, self._conf.socket, verb, payload, limit, done)  # type: ignore[arg-type]  # every caller's is one

    def _told(self, payload: bytes, done: Callable[[bytes | None, str], None]) -> None:
        self._question("told", payload, done, TELLING)

    def _alone(self, verb: str, failure: str, payload: bytes) -> bool:
        """Whether it goes on without the daemon. What is too long to be judged never does."""
        if self._conf.closed or failure == "oversized":
            return False
        return alone.note(self._conf, verb, failure, payload)

    # Start.

    def _started(self, data: bytes | None, failure: str, payload: bytes) -> None:
        try:
            self._answer = Start(data) if data is not None else None
        except BadReply:
            failure = "broken"
        answer = self._answer
        if answer is None:
            if self._alone("start", failure, payload):
                return self._grant()
            return self._refuse(SILENT.format(REASONS.get(failure, failure)))
        if not answer.allowed:
            return self._refuse(answer.message or "Spawngate refused to start this server.")
        if answer.probe is None:
            return self._grant()
        from spawngate.endpoint.launcher.probation import Probation

        environment = self._entry.without(answer.drop)
        program = answer.program or self._entry.search(environment)
        if not program:
            return self._refuse(f"{self._entry.command} was not found.")
        self._probation = Probation(
            self._loop,
            self._folder,
            self._entry,
            program,
            environment,
            answer.probe,
            answer.seconds,
            self._probed,
            self._open_way,
        )
        return None

    def _probed(self, probation: Probation) -> None:
        assert self._answer is not None
        found = probation.found
        payload = encode(
            {
                "launch": self._answer.launch,
                "outcome": probation.outcome,
                "detail": probation.detail,
                "layers": probation.layers.split(),
                "era": found.era,
                "server": found.server,
                "instructions": found.instructions,
                "tools": found.tools,
            }
        )

        def judged(data: bytes | None, failure: str) -> None:
            try:
                verdict = Verdict(data) if data is not None else None
            except BadReply:
                verdict, failure = None, "broken"
            if verdict is not None and verdict.allowed:
                self._grant()
            elif verdict is not None:
                self._refuse(verdict.message or f"Spawngate did not start this server: {probation.detail}.")
            elif probation.outcome == "mcp" and self._alone("probed", failure, payload):
                self._grant()
            else:
                self._refuse(SILENT.format(REASONS.get(failure, failure)))

        self._report(probation.egress, lambda: self._question("probed", payload, judged))

    def _grant(self, *, unconfined: bool = False) -> None:
        """Start it. `unconfined`: whatever the answer says, because there are no walls and policy goes on without."""
        answer = self._answer
        environment = self._entry.without(answer.drop if answer else frozenset())
        program = (answer.program if answer else "") or self._entry.search(environment)
        if not program:
            return self._refuse(f"{self._entry.command} was not found.")
        options: list[str] = []
        if answer is not None and answer.confine is not None and not unconfined:
            self._scratch = jail.make_scratch()
            options = jail.options(
                answer.confine,
                program,
                self._entry.args,
                self._entry.folder,
                environment,
                probe=False,
                scratch=self._scratch,
            )
        try:
            server = start(self._folder, options, program, [self._entry.command, *self._entry.args], environment)
        except NoWalls as error:
            return self._unwalled(str(error))
        except NotStarted as error:
            return self._refuse(f"{self._entry.command} could not be started: {error}.")
        tell(b"G", server.group)
        self._egress = self._open_way(server, answer.confine) if answer and answer.confine and options else None
        self._status = b""
        self._granted = server
        self._walled = not options
        self._status_inlet = Inlet(self._loop, server.status, self._reported)
        self._status_inlet.pause(False)
        if self._walled:
            self._carry()
        return None

    def _carry(self) -> None:
        """The server is started, within its walls where it is to have some."""
        answer, server = self._answer, self._granted
        assert server is not None
        relay = Relay(answer.decide if answer else True, answer.pins if answer else True)
        said = None
        if answer is not None and answer.results and answer.launch:
            from spawngate.endpoint.launcher.telling import Telling

            self._telling = Telling(self._loop, answer.launch, self._told)
            said = self._telling.said
        self._traffic = Traffic(self._loop, server, relay, self._ask, self._over, said)
        if server.ended is not None:
            self._traffic.process_ended(server.ended)

    def _reported(self, data: bytes) -> None:
        self._status += data
        for line in self._status.split(b"\n")[:-1]:
            word, _, rest = line.partition(b" ")
            if word == b"failed" and rest.isdigit():
                sys.stderr.write(f"spawngate: {self._entry.command}: {os.strerror(int(rest))}\n")
            elif word == b"held" and not self._walled:
                self._walled = True
                if self._answer is not None:
                    payload = encode({"launch": self._answer.launch, "layers": rest.decode("ascii", "replace").split()})
                    self._question("confined", payload, lambda _data, _failure: None)
                self._carry()
        self._status = self._status[self._status.rfind(b"\n") + 1 :]
        if not data and not self._walled:
            # Whatever else it reported: nothing of the server was started, and it is over.
            self._walled = True
            server = self._granted
            assert server is not None
            if server.ended is None:
                below.end_below(server.group, GONE)
                server.ended = 0
            for descriptor in (server.stdin, server.stdout):
                os.close(descriptor)
            self._unwalled("the system offers no wall")

    def _unwalled(self, why: str) -> None:
        """It is to be confined, and nothing holds: the daemon says what policy makes of that."""
        assert self._answer is not None
        payload = encode({"launch": self._answer.launch, "outcome": "no-sandbox", "detail": why, "layers": []})

        def judged(data: bytes | None, failure: str) -> None:
            try:
                verdict = Verdict(data) if data is not None else None
            except BadReply:
                verdict, failure = None, "broken"
            if verdict is not None and verdict.allowed:
                sys.stderr.write(f"spawngate: {self._entry.command} runs without confinement: {why}\n")
                return self._grant(unconfined=True)
            if verdict is not None:
                return self._refuse(verdict.message or f"{self._entry.command} cannot be confined: {why}.")
            return self._refuse(SILENT.format(REASONS.get(failure, failure)))

        self._question("probed", payload, judged)

    def _open_way(self, server: Server, grant: Grant) -> Egress | None:
        """The way out of a jail that has one."""
        channel, answer = server.channel, self._answer
        if channel is None or answer is None:
            return None
        from spawngate.endpoint.launcher.egress import Egress

        environment = self._entry.without(answer.drop) if grant.upstream else {}
        variables = {
            name.decode("utf-8", "surrogateescape"): value.decode("utf-8", "surrogateescape")
            for name, value in environment.items()
        }

        def report() -> None:
            self._report(egress, lambda: None)

        egress = Egress(self._loop, channel, grant.declared, variables, report)
        return egress

    def _report(self, egress: Egress | None, then: Callable[[], None]) -> None:
        """Tell what the way out refused since the last time, and go on."""
        refused, more = egress.refusals() if egress is not None else ([], 0)
        if not refused or self._answer is None:
            return then()
        payload = encode({"launch": self._answer.launch, "refused": refused, "more": more})
        limit = min(LAST_WORDS, self._conf.deadline_ms / 1000)
        return self._question("egress", payload, lambda _data, _failure: then(), limit)

    # Questions of a running server.

    def _ask(self, step: Step) -> None:
        assert self._traffic is not None
        traffic = self._traffic
        launch = self._answer.launch if self._answer is not None else ""
        payload: dict[str, object]
        if step[0] == "call":
            verb, token = "call", step[1]
            payload = {"launch": launch, "tool": step[2], "arguments": step[3]}
        elif step[0] == "tools":
            verb, token = "tools", step[1]
            payload = {"launch": launch, "instructions": step[2], "tools": step[3], "more": step[4]}
        else:
            raise AssertionError("not a question")
        data = encode(payload)

        def answered(answer: bytes | None, failure: str) -> None:
            try:
                verdict = Verdict(answer) if answer is not None else None
            except BadReply:
                verdict, failure = None, "broken"
            if verdict is not None:
                traffic.resolve(token, "allow" if verdict.allowed else "deny", verdict.message, verdict.withhold)
            elif self._alone(verb, failure, data):
                traffic.resolve(token, "allow", "")
            else:
                traffic.resolve(token, "deny", SILENT.format(REASONS.get(failure, failure)))

        self._question(verb, data, answered)

    # Refusal.

    def _refuse(self, message: str) -> None:
        """Nothing is started: the agent's first request is answered with the reason."""
        lines = Lines()
        self._agent_out = out = Outlet(self._loop, 1, lambda: self._finish(REFUSED), self._refused)

        def said(data: bytes) -> None:
            try:
                whole = lines.feed(data) if data else [lines.pending]
            except LineTooLong:
                self._finish(REFUSED)
            answers = b"".join(refusal.refuse(line, message) for line in whole if line)
            out.write(answers)
            if answers or not data:
                inlet.close()
                self._refused()

        sys.stderr.write(f"spawngate: {_plain(message)}\n")
        inlet = Inlet(self._loop, 0, said)
        inlet.pause(False)
        self._loop.after(PATIENCE, lambda: self._finish(REFUSED))

    def _refused(self) -> None:
        if self._agent_out is not None and not self._agent_out.size:
            self._finish(REFUSED)

    # The end.

    def _signalled(self, number: int) -> None:
        if number == CHILD:
            self._reap()
        elif number == LAUNCHER_GONE:
            self._abandoned()
        elif self._traffic is not None:
            self._traffic.forward(number)
        else:
            if self._probation is not None:
                self._probation.abandon()
            self._finish(number, signal=True)

    def _reap(self) -> None:
        while True:
            try:
                process, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if process == 0:
                return
            granted = self._granted
            if granted is not None and self._traffic is None and granted.process == process:
                granted.ended = status
            for owner in (self._probation, self._traffic):
                if owner is not None and owner.server is not None and owner.server.process == process:
                    owner.process_ended(status)

    def _over(self) -> None:
        """The server has ended, and nothing of it is left."""
        traffic = self._traffic
        assert traffic is not None
        if self._deserted:
            return  # its end is told already, with the reason
        code, number = traffic.exit_of(traffic.server.ended or 0)
        self._report(self._egress, lambda: self._end(code, number, traffic.reason))

    def _end(self, code: int | None, number: int | None, reason: str) -> None:
        def leave(_data: bytes | None = None, _failure: str = "") -> None:
            self._finish(number if code is None and number is not None else code or 0, signal=code is None)

        if self._answer is None or not self._answer.launch:
            return leave()
        payload = encode(
            {
                "launch": self._answer.launch,
                "exit": code,
                "signal": number,
                "killed": self._traffic.killed if self._traffic else 0,
                "reason": reason,
                "messages": self._traffic.messages if self._traffic else 0,
            }
        )
        limit = min(LAST_WORDS, self._conf.deadline_ms / 1000)
        telling, self._telling = self._telling, None
        if telling is None:
            return self._question("end", payload, leave, limit)

        once = [leave]

        def told() -> None:
            while once:
                self._question("end", payload, once.pop(), limit)

        self._loop.after(limit, told)
        telling.finish(told)
        return None

    def _abandoned(self) -> None:
        """The launcher is dead: nobody forwards signals or watches any more. The server is ended first."""
        if self._deserted:
            return
        self._deserted = True
        self._loop.forget(LAUNCHER)
        if self._probation is not None and self._traffic is None:
            self._probation.abandon()
        group = self._traffic.server.group if self._traffic is not None else 0
        killed = below.end_below(group, GONE)
        if self._traffic is not None:
            self._traffic.killed += killed
            self._traffic.server.ended = KILLED
            self._end(None, KILLED, "launcher killed")
        else:
            self._finish(REFUSED)

    def _finish(self, number: int, *, signal: bool = False) -> NoReturn:
        below.end_below(0, GONE)
        if self._scratch:
            jail.remove_scratch(self._scratch)
        tell(b"S" if signal else b"E", number)
        os._exit(number if not signal else 128 + number)


KILLED = 9


def _plain(text: str) -> str:
    """Text for a log that people read in a terminal: no control characters."""
    return "".join(character if character.isprintable() else " " for character in text)

"""The relay between an agent and an STDIO server, as a machine that gets lines and names steps.

Belongs here: order, what is held until somebody has decided it, what is answered in the server's place, and what is
taken out of a tool list. Must not be here: pipes, the daemon, what is allowed.

INVARIANT: a `tools/call` reaches the server only after `resolve` said "allow" to it, in whatever way it is written.
INVARIANT: a line that is let through whole is the same bytes, and lines of one direction keep their order.
INVARIANT: while an answer with tools or instructions is asked for, the agent sees none that was not resolved.

A line of the agent that two servers could read differently, and that a server could read as a call, is refused. A line
of the server that two agents could read differently is written anew from our reading, which is the one that was judged.
Sources: MCP `basic/utilities/cancellation`, `server/tools`, `basic/lifecycle`, revisions 2024-11-05 to 2026-07-28.
"""

from __future__ import annotations

from spawngate.protocol import refusal
from spawngate.protocol.answers import Answers, Part, read_answer
from spawngate.protocol.answers import plain as plain_answer
from spawngate.protocol.jsontext import Unreadable
from spawngate.protocol.message import (
    CANCELLED,
    DISCOVER,
    INITIALIZE,
    LIST,
    Message,
    call_of,
    inner_return,
    is_call,
    parse,
    plain,
    watched,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Literal

    ToServer = tuple[Literal["server"], bytes]
    ToAgent = tuple[Literal["agent"], bytes]
    AskCall = tuple[Literal["call"], int, str, dict[str, object]]
    AskTools = tuple[Literal["tools"], int, str | None, list[dict[str, object]] | None, bool]
    Step = ToServer | ToAgent | AskCall | AskTools


class _Held:
    """A line of one direction whose turn has not come: its parts, and how many of them nobody has decided yet."""

    __slots__ = ("batch", "line", "open", "parts", "same")

    def __init__(self, line: bytes, parts: list[Part], batch: bool, same: bool) -> None:
        self.line = line
        self.parts = parts
        self.batch = batch
        self.same = same
        """Whether the line is passed on as it is."""
        self.open = sum(1 for part in parts if part.token)

    def text(self) -> bytes:
        """What is passed on of the line, with the end that it had; empty for nothing."""
        if self.same:
            return self.line
        kept = [part.text.encode() for part in self.parts if part.text is not None]
        if not kept:
            return b""
        end = b"\r\n" if self.line.endswith(b"\r\n") else b"\n"
        return (b"[" + b",".join(kept) + b"]" if self.batch else kept[0]) + end

    def answers(self) -> bytes:
        """A line that answers what is not passed on; empty for nothing."""
        found = [part.answer for part in self.parts if part.answer]
        if not found:
            return b""
        return (b"[" + b",".join(found) + b"]" if self.batch else found[0]) + b"\n"


class Relay:
    """One connection. Lines go in with their end; the last one of a stream may have none.

    Steps: `("server", bytes)` and `("agent", bytes)` are to be written there; `("call", token, tool, arguments)` and
    `("tools", token, instructions, tools, more)` are to be asked, and `resolve`d with the token. `tools` is None where
    only instructions are known; else all tools of the list so far, and `more` says that pages are missing. `answers` is
    what several connections of one session share.
    """

    def __init__(self, decide_tools: bool = True, pins: bool = True, answers: Answers | None = None) -> None:
        self._decide = decide_tools
        self._answers = (answers if answers is not None else Answers()) if pins else None
        self._lines: dict[str, list[_Held]] = {"server": [], "agent": []}
        self._tokens: dict[int, tuple[str, _Held, Part]] = {}
        self._last = 0
        self.held = 0
        """Bytes that wait behind an answer, of both directions together."""
        self.dropped = 0
        """Lines of the server that no reader should take for an answer, and that were not passed on."""

    @property
    def waiting(self) -> int:
        """Tokens that nobody has resolved."""
        return len(self._tokens)

    def from_agent(self, line: bytes) -> list[Step]:
        """Steps for one line that the agent wrote."""
        if plain(line) and not (self._tokens and CANCELLED.encode() in line):
            return self._pass("server", line)
        try:
            messages, batch = parse(line)
            if inner_return(line):
                raise Unreadable("a carriage return stands in the line")
        except Unreadable as problem:
            return self._refuse_line(line, str(problem))
        for message in messages:
            if message.odd and (watched(message) or CANCELLED in message.methods()):
                return self._refuse_line(line, message.odd)
        if not batch and messages[0].values.get("method") == CANCELLED and self._cancel(messages[0]):
            return self._drain("server")
        parts: list[Part] = []
        steps: list[Step] = []
        for message in messages:
            part = Part(message)
            parts.append(part)
            if self._answers is not None:
                self._note(message)
            if self._decide and is_call(message):
                self._hold_call(part, message, steps)
        return steps + self._queue("server", _Held(line, parts, batch, all(part.text is not None for part in parts)))

    def from_server(self, line: bytes) -> list[Step]:
        """Steps for one line that the server wrote."""
        if self._answers is None or (not self._answers.asked and plain_answer(line)):
            return self._pass("agent", line)
        try:
            read = read_answer(line, self._answers)
        except Unreadable:
            return self._pass("agent", line)
        if read is None:
            self.dropped += 1
            return []
        parts, batch, same = read
        steps: list[Step] = []
        for part in parts:
            if part.listing is not None:
                part.token = self._token()
                instructions, tools, more = part.listing.question()
                steps.append(("tools", part.token, instructions, tools, more))
        return steps + self._queue("agent", _Held(line, parts, batch, same))

    def resolve(self, token: int, verdict: str, message: str, withhold: Sequence[str] = ()) -> list[Step]:
        """Steps after the answer to a question: everything but "allow" denies. An unknown token changes nothing.

        `withhold` names tools that are taken out of the list; the empty name stands for the instructions. A list that
        is denied without names loses all of both.
        """
        if token not in self._tokens:
            return []
        direction, held, part = self._tokens.pop(token)
        held.open -= 1
        part.token = 0
        if part.listing is not None:
            text = part.listing.without(None if verdict != "allow" and not withhold else frozenset(withhold))
            if text is not None:
                part.text, held.same = text, False
        elif verdict != "allow":
            self._deny(part, message)
            held.same = False
        return self._drain(direction)

    def _token(self) -> int:
        self._last += 1
        return self._last

    def _note(self, message: Message) -> None:
        """Remembers that an answer with tools or instructions is to come."""
        assert self._answers is not None
        method = message.values.get("method")
        if method not in (LIST, INITIALIZE, DISCOVER) or message.id_text is None:
            return
        params = message.values.get("params")
        cursor = params.get("cursor") if isinstance(params, dict) else None
        self._answers.expect(message.values.get("id"), method == LIST, cursor)

    def _hold_call(self, part: Part, message: Message, steps: list[Step]) -> None:
        try:
            call = call_of(message)
        except Unreadable as problem:
            part.text = None
            if message.id_text is not None:
                text = f"Spawngate refused this tools/call, because it is not clear what it calls: {problem}."
                part.answer = refusal.error(message.id_text, refusal.INVALID_REQUEST, text)
            return
        part.modern = call.modern
        part.token = self._token()
        steps.append(("call", part.token, call.tool, call.arguments))

    def _deny(self, part: Part, message: str) -> None:
        part.text = None
        id_text = part.message.id_text
        if id_text is not None:
            part.answer = refusal.denied(id_text, message, modern=part.modern)

    def _cancel(self, message: Message) -> bool:
        """Takes back a call that the server has not seen; neither the call nor its cancellation is passed on."""
        params = message.values.get("params")
        if not isinstance(params, dict) or "requestId" not in params:
            return False
        wanted = params["requestId"]
        for held in self._lines["server"]:
            for part in held.parts:
                found = part.message.values.get("id")
                if part.text is not None and type(found) is type(wanted) and found == wanted and is_call(part.message):
                    if part.token:
                        del self._tokens[part.token]
                        held.open -= 1
                        part.token = 0
                    part.text, held.same = None, False
                    return True
        return False

    def _refuse_line(self, line: bytes, problem: str) -> list[Step]:
        """Answers a line that is not passed on. Its id is told where a single message has one."""
        id_text, code = None, refusal.PARSE_ERROR
        try:
            messages, batch = parse(line)
            code = refusal.INVALID_REQUEST
            if not batch and sum(member.key == "id" for member in messages[0].members) == 1:
                id_text = messages[0].id_text
        except Unreadable:
            pass
        text = f"Spawngate refused this line, because servers could read it in different ways: {problem}."
        return self._pass("agent", refusal.error(id_text, code, text) + b"\n")

    def _pass(self, direction: str, line: bytes) -> list[Step]:
        if self._lines[direction]:
            return self._queue(direction, _Held(line, [], False, True))
        return [self._write(direction, line)]

    def _queue(self, direction: str, held: _Held) -> list[Step]:
        for part in held.parts:
            if part.token:
                self._tokens[part.token] = (direction, held, part)
        self._lines[direction].append(held)
        self.held += len(held.line)
        return self._drain(direction)

    def _drain(self, direction: str) -> list[Step]:
        """Passes on what waits for nothing any more, in order."""
        lines = self._lines[direction]
        ready = next((number for number, held in enumerate(lines) if held.open), len(lines))
        done, lines[:ready] = lines[:ready], []
        steps: list[Step] = []
        for held in done:
            self.held -= len(held.line)
            text, answers = held.text(), held.answers()
            if text:
                steps.append(self._write(direction, text))
            if answers:
                steps += self._pass("agent", answers)
        return steps

    @staticmethod
    def _write(direction: str, line: bytes) -> Step:
        return ("server", line) if direction == "server" else ("agent", line)

"""Streamable HTTP between an agent and a server, as a machine: one exchange for each request of the agent.

Belongs here: what of a request goes on, what is answered in the server's place, and what of a response goes back, of
both eras. Must not be here: sockets, TLS, the daemon, what is allowed (`relay` asks the same
questions on both transports).

INVARIANT: a `tools/call` is forwarded only after `resolve` said "allow" to it.
INVARIANT: what is let through whole is the same bytes; server-sent events keep their order.

Requests of one agent come on many connections and have no order; what they share is a `Session`. A request whose
headers say something else than its body is refused, because servers and their gateways may believe either. Nothing of
the server makes the agent leave the proxy: redirects and the `endpoint` event of the transport of 2024-11-05 are not
passed.
Sources: MCP `basic/transports` of 2025-03-26, 2025-06-18, 2025-11-25 and 2026-07-28; RFC 9110, 7.6.1 (hop-by-hop).
"""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Sequence
from typing import Literal

from spawngate.protocol import refusal
from spawngate.protocol.answers import Answers
from spawngate.protocol.answers import plain as plain_answer
from spawngate.protocol.jsontext import Unreadable
from spawngate.protocol.message import CALL, Message, parse
from spawngate.protocol.relay import Relay
from spawngate.protocol.sse import Event, Events, EventTooLong

Headers = Sequence[tuple[str, str]]

Forward = tuple[Literal["forward"], str, list[tuple[str, str]], bytes]
Head = tuple[Literal["head"], int, list[tuple[str, str]]]
Write = tuple[Literal["write"], bytes]
Done = tuple[Literal["done"]]
Abort = tuple[Literal["abort"]]
AskCall = tuple[Literal["call"], int, str, dict[str, object]]
AskTools = tuple[Literal["tools"], int, str | None, list[dict[str, object]] | None, bool]
Step = Forward | Head | Write | Done | Abort | AskCall | AskTools

LIMIT = 64 << 20
"""Bytes of one body that is held as a whole."""
HEADER_MISMATCH = -32020

_HOP_BY_HOP = frozenset(
    ("connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection", "te", "trailer")
) | frozenset(("transfer-encoding", "upgrade", "content-length", "expect"))
_NOT_FORWARDED = _HOP_BY_HOP | frozenset(("host", "origin", "referer", "accept-encoding", "cookie", "forwarded"))
_NOT_RETURNED = _HOP_BY_HOP | frozenset(("set-cookie", "alt-svc", "refresh", "clear-site-data"))
"""Cookies know no port: those of a remote server would go to whatever else listens on loopback, and the other way."""
_ALONE = frozenset(
    ("content-type", "content-encoding", "mcp-method", "mcp-name", "mcp-session-id", "mcp-protocol-version")
)
_NO_LINES = bytes.maketrans(b"\r\n", b"  ")
"""Line ends between tokens of JSON mean nothing; inside a string they are not allowed."""


class Session:
    """What all exchanges with one server share."""

    __slots__ = ("answers", "decide_tools", "pins")

    def __init__(self, decide_tools: bool = True, pins: bool = True) -> None:
        self.decide_tools = decide_tools
        self.pins = pins
        self.answers = Answers()


def admitted(target: str, headers: Headers, token: str, port: int) -> str:
    """Why a request to the proxy is turned away; empty where it is not.

    `target` is the request's path; the token in it, not the address, is what lets an agent in. `Host` and `Origin` keep
    out pages of a browser, also after DNS rebinding.
    """
    hosts = {f"{name}{suffix}" for name in ("127.0.0.1", "localhost", "[::1]") for suffix in (f":{port}",)}
    found = [value.strip().lower() for name, value in headers if name.lower() == "host"]
    if len(found) != 1 or found[0] not in hosts:
        return "the Host header names another machine"
    for name, value in headers:
        if name.lower() == "origin" and value.strip().lower() not in {f"http://{host}" for host in hosts}:
            return "the Origin header names a page"
        if name.lower() == "sec-fetch-site" and value.strip().lower() not in ("none", "same-origin"):
            return "a page of a browser asks"
    path = target.partition("?")[0]
    return "" if hmac.compare_digest(path.encode("utf-8", "replace"), f"/{token}".encode()) else "the path is not known"


class Exchange:
    """One request of the agent and the response to it.

    Steps: `("forward", method, headers, body)` is to be sent to the server; `("head", status, headers)`, `("write",
    bytes)` and `("done",)` make the answer to the agent, `("abort",)` breaks it off; `call` and `tools` are questions
    as those of `relay`.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._relay = Relay(session.decide_tools, session.pins, session.answers)
        self._method = ""
        self._headers: list[tuple[str, str]] = []
        self._body = b""
        self._plain = b""
        self._events: Events | None = None
        self._whole: list[bytes] | None = None
        self._size = 0
        self._waiting: list[Event | tuple[bytes, bytes]] = []
        self._ended = False
        self._closed = False
        self.dropped = 0
        """Events that no reader should take for an answer, and that were not passed on."""

    def request(self, method: str, headers: Headers, body: bytes) -> list[Step]:
        """Steps for the agent's request, whose body is whole."""
        self._method, self._body = method, body
        self._headers = [(name, value) for name, value in headers if name.lower() not in _dropped(headers)]
        self._headers.append(("Accept-Encoding", "identity"))
        if method in ("GET", "DELETE") and not body:
            return [self._forward()]
        if method != "POST":
            return self._refuse(405, refusal.INVALID_REQUEST, "the method is not one of MCP")
        problem = _problem(headers, body)
        if problem:
            return self._refuse(415, refusal.INVALID_REQUEST, problem)
        self._plain = body.translate(_NO_LINES)
        try:
            messages, batch = parse(self._plain)
        except Unreadable as unreadable:
            return self._refuse(400, refusal.PARSE_ERROR, f"servers could read it in different ways: {unreadable}")
        problem = _mismatch(headers, messages, batch)
        if problem:
            return self._refuse(400, HEADER_MISMATCH, problem, messages[0].id_text if not batch else None)
        return self._asked(self._relay.from_agent(self._plain))

    def response(self, status: int, headers: Headers) -> list[Step]:
        """Steps for the head of the server's response."""
        if 300 <= status < 400 and status != 304:
            return self._bad("the server redirects elsewhere")
        values = {name.lower(): value for name, value in headers}
        if values.get("content-encoding", "identity").strip().lower() != "identity":
            return self._bad("the server compresses its answer, although it was asked not to")
        kept = [(name, value) for name, value in headers if name.lower() not in _NOT_RETURNED]
        kind = values.get("content-type", "").partition(";")[0].strip().lower()
        if kind == "text/event-stream":
            self._events = Events()
        else:
            # Whatever it calls itself: an agent may take it for JSON.
            self._whole = []
        return [("head", status, kept)]

    def data(self, data: bytes) -> list[Step]:
        """Steps for bytes of the response's body."""
        if self._closed:
            return []
        if self._events is not None:
            try:
                return self._take(self._events.feed(data))
            except EventTooLong:
                return self._break_off()
        if self._whole is None:
            return []
        self._size += len(data)
        if self._size > LIMIT:
            return self._break_off()
        self._whole.append(data)
        return []

    def end(self) -> list[Step]:
        """Steps for the end of the response."""
        if self._closed:
            return []
        self._ended = True
        steps = self._take(self._events.end()) if self._events is not None else self._json()
        return steps + self._finish()

    def resolve(self, token: int, verdict: str, message: str, withhold: Sequence[str] = ()) -> list[Step]:
        """Steps after the answer to a question, as `relay.Relay.resolve`."""
        steps = self._relay.resolve(token, verdict, message, withhold)
        if self._events is None and self._whole is None:
            return self._asked(steps)
        return self._written(steps) + self._finish()

    def _forward(self) -> Step:
        return ("forward", self._method, self._headers, self._body)

    def _asked(self, steps: Sequence[object]) -> list[Step]:
        """Steps of the relay for the request: the body goes on as it came, or the agent is answered."""
        found: list[Step] = []
        refused: list[bytes] = []
        for step in steps:
            assert isinstance(step, tuple)
            if step[0] == "call":
                found.append(step)
            elif step[0] == "agent":
                refused.append(step[1].strip())
            elif step[1] == self._plain:
                found.append(self._forward())
            else:
                # A part of a batch was refused. Answers of two origins cannot be put into one response.
                refused.append(_unsent(step[1]))
        told = [each for each in refused if each != b"[]"]
        if told:
            found += self._answer(200, told[0] if len(told) == 1 else b"[" + b",".join(e[1:-1] for e in told) + b"]")
        elif not found and not self._relay.waiting and not self._closed:
            # A call without an id was denied: there is nobody to tell.
            found += self._answer(202, b"")
        return found

    def _answer(self, status: int, body: bytes) -> list[Step]:
        self._closed = True
        headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
        return [("head", status, headers), ("write", body), ("done",)]

    def _refuse(self, status: int, code: int, why: str, id_text: str | None = None) -> list[Step]:
        return self._answer(status, refusal.error(id_text, code, f"Spawngate refused this request: {why}."))

    def _bad(self, why: str) -> list[Step]:
        return self._answer(502, refusal.error(None, refusal.INTERNAL_ERROR, f"Spawngate: {why}."))

    def _break_off(self) -> list[Step]:
        self._closed = True
        return [("abort",)]

    def _json(self) -> list[Step]:
        body = b"".join(self._whole or ())
        self._whole = []
        if not body:
            return []
        return self._judge(body, body.translate(_NO_LINES))

    def _take(self, events: list[Event]) -> list[Step]:
        steps: list[Step] = []
        for event in events:
            if event.name.strip().lower() == b"endpoint":
                self.dropped += 1
            elif event.data is None:
                self._waiting.append((b"", event.raw))
                steps += self._written([])
            else:
                steps += self._judge(event, event.data.translate(_NO_LINES))
        return steps

    def _judge(self, origin: Event | bytes, plain: bytes) -> list[Step]:
        """Gives a message of the server to the relay, and remembers what it is to be written as."""
        dropped = self._relay.dropped
        if not plain_answer(plain) and not _is_message(plain):
            self.dropped += 1
            return []
        self._waiting.append(origin if isinstance(origin, Event) else (plain, origin))
        steps = self._relay.from_server(plain)
        if self._relay.dropped != dropped:
            self._waiting.pop()
            self.dropped += 1
        return self._written(steps)

    def _written(self, steps: Sequence[object]) -> list[Step]:
        """What the agent gets: lines of the relay come back in the order in which they were given to it."""
        found: list[Step] = []
        for step in steps:
            assert isinstance(step, tuple)
            if step[0] == "tools":
                found.append(step)
                continue
            found += self._silent()
            origin = self._waiting.pop(0)
            if isinstance(origin, Event):
                same = origin.data is not None and step[1] == origin.data.translate(_NO_LINES)
                found.append(("write", origin.raw if same else origin.with_data(step[1].rstrip(b"\n"))))
            else:
                found.append(("write", origin[1] if step[1] == origin[0] else step[1].rstrip(b"\n")))
        return found + self._silent()

    def _silent(self) -> list[Step]:
        """Comments and the like whose turn has come."""
        found: list[Step] = []
        while self._waiting and isinstance(self._waiting[0], tuple) and not self._waiting[0][0]:
            found.append(("write", self._waiting.pop(0)[1]))  # type: ignore[index]  # the line above looked
        return found

    def _finish(self) -> list[Step]:
        if self._ended and not self._closed and not self._relay.waiting:
            self._closed = True
            return [("done",)]
        return []


def _unsent(batch: bytes) -> bytes:
    """Answers to the requests of a batch that was not sent because of a call beside them."""
    messages, _ = parse(batch)
    why = "Not sent: Spawngate refused a tools/call of the same batch."
    asked = [message.id_text for message in messages if "method" in message.values and message.id_text is not None]
    return b"[" + b",".join(refusal.error(id_text, refusal.INVALID_REQUEST, why) for id_text in asked) + b"]"


def _is_message(plain: bytes) -> bool:
    try:
        parse(plain, replace=True)
    except Unreadable:
        return False
    return True


def _dropped(headers: Headers) -> frozenset[str]:
    """Names of headers that are between the agent and the proxy alone, those that `Connection` lists included."""
    listed = [
        word.strip().lower() for name, value in headers if name.lower() == "connection" for word in value.split(",")
    ]
    return _NOT_FORWARDED | frozenset(listed) - _ALONE


def _problem(headers: Headers, body: bytes) -> str:
    names = [name.lower() for name, _ in headers]
    twice = sorted(name for name in _ALONE if names.count(name) > 1)
    if twice:
        return f"the header {twice[0]} stands twice"
    values = {name.lower(): value.strip().lower() for name, value in headers}
    if values.get("content-encoding", "identity") != "identity":
        return "the body is encoded"
    kind, _, parameters = values.get("content-type", "").partition(";")
    if kind.strip() != "application/json":
        return "the body is not application/json"
    if "charset" in parameters and "utf-8" not in parameters.replace("utf8", "utf-8"):
        return "the body is not UTF-8"
    return "the body is too long" if len(body) > LIMIT else ""


def _mismatch(headers: Headers, messages: list[Message], batch: bool) -> str:
    """By which header a server could read another call than the body holds; empty for none."""
    values = {name.lower(): value.strip() for name, value in headers}
    method, name = values.get("mcp-method"), values.get("mcp-name")
    if method is None and name is None:
        return ""
    if batch:
        return "a batch has no Mcp-Method and no Mcp-Name"
    message = messages[0]
    if method is not None and method != message.values.get("method"):
        return "Mcp-Method is not the method of the body"
    if name is not None and message.values.get("method") == CALL:
        params = message.values.get("params")
        if not isinstance(params, dict) or _decoded(name) != params.get("name"):
            return "Mcp-Name is not the name in the body"
    return ""


def _decoded(value: str) -> str:
    """A header's value, out of the `=?base64?...?=` form in which other characters than ASCII are sent."""
    if not (value.startswith("=?base64?") and value.endswith("?=")):
        return value
    try:
        return base64.b64decode(value[9:-2], validate=True).decode()
    except (binascii.Error, ValueError):
        return value

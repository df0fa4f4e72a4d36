"""hook.conf: what a hook client needs to know, and what it answers when it is left alone. docs/hook-protocol.md.

Belongs here: the file's text from and to values. Must not be here: files (`endpoint.client.settings`), and what any
agent's answer looks like (`agents.hooks`). native/conf.c and endpoint/client/hook_client.py read the same text by
their own code; tests/native holds the three against each other.

One directive a line, words separated by one space, bytes outside printable ASCII and `%` `{` `}` `#` written as %XX,
`-` for nothing. The last line is `end`, so that half a file is no file.
"""

from dataclasses import dataclass
from enum import StrEnum

from spawngate.model.call import HookReply
from spawngate.model.wire import MAX_PAYLOAD

VERSION = 1
MAX_CONF = 256 << 10
"""Bytes of the file that a client reads."""
MAX_PATH = 4095
MAX_DEADLINE_MS = 60_000
MAX_REQUEST = 64 << 20
MAX_VARIABLES = 256
ANY = "*"
INFORMING = "inform"
"""Event that the client is told where the agent only informs (prompts, results): refusing would stop nothing, and the
person's own prompt would be lost."""
_PLAIN = frozenset(range(0x21, 0x7F)) - frozenset(b"%{}#")
_WORD = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.:")


class HookConfError(Exception):
    """The text is no hook.conf. The message names the line, never its content."""


class Failure(StrEnum):
    """Why a client had to decide by itself."""

    ABSENT = "absent"
    """No socket, no folder, connection refused."""
    UNTRUSTED = "untrusted"
    """The socket's folder is not 0700 and ours, or the daemon runs as another user."""
    BROKEN = "broken"
    """Closed early, half an answer, a false length, no answer of ours."""
    SLOW = "slow"
    """The deadline passed: while the event was read, while connecting, while waiting for the answer."""
    OVERSIZED = "oversized"
    """The event is longer than the limit."""
    EMPTY = "empty"
    """Standard input was closed or held nothing."""
    INTERRUPTED = "interrupted"
    """A signal asked the client to end."""
    UNRECORDED = "unrecorded"
    """An open decision whose line could not be written to the spool: this decision takes its place."""
    INTERNAL = "internal"
    """No memory, or a defect of the client."""


@dataclass(frozen=True, slots=True)
class Fallback:
    """What a client answers alone, for one agent. The most exact line counts: event before failure before `*`."""

    agent: str
    reply: HookReply
    closed: bool
    """The call is refused. An open decision lets it go on, and is written to the spool first."""
    event: str = ANY
    failure: str = ANY
    """A `Failure`, or `*`."""


@dataclass(frozen=True, slots=True)
class HookConf:
    """The whole file."""

    socket: str
    """Absolute path of the daemon's socket. `{uid}` stands for the user's number."""
    spool: str
    """Absolute path of the file that holds one line for every decision that a client took alone. `{uid}` as above."""
    fallbacks: tuple[Fallback, ...] = ()
    environment: tuple[str, ...] = ()
    """Names of the variables that go with a request."""
    deadline_ms: int = 1500
    """Milliseconds from the client's start to its answer, all together."""
    request_limit: int = MAX_PAYLOAD
    """Bytes of an event."""
    spool_limit: int = 1 << 20
    """Bytes of the spool. What does not fit is counted, one byte each, in a file beside it that ends in `.dropped`."""


def quote(value: bytes) -> str:
    """`value` as one word."""
    if not value:
        return "-"
    return "%2D" if value == b"-" else _quote(value)


def _quote(value: bytes) -> str:
    return "".join(chr(byte) if byte in _PLAIN else f"%{byte:02X}" for byte in value)


def unquote(word: str) -> bytes:
    """The value of one word. Raises HookConfError for what `quote` does not write."""
    if not word:
        raise HookConfError("an empty word")
    return b"" if word == "-" else _unquote(word)


def _unquote(word: str) -> bytes:
    out = bytearray()
    at = 0
    while at < len(word):
        byte = ord(word[at])
        if byte == 0x25:
            digits = word[at + 1 : at + 3]
            if len(digits) != 2 or not all(digit in "0123456789abcdefABCDEF" for digit in digits):
                raise HookConfError("a % without two digits")
            out.append(int(digits, 16))
            at += 3
        elif byte in _PLAIN:
            out.append(byte)
            at += 1
        else:
            raise HookConfError("a byte that has to be written as %XX")
    return bytes(out)


def is_name(text: str) -> bool:
    """Whether `text` can be an agent, an event or a variable here: 1 to 64 letters, digits and `-_.:`."""
    return 0 < len(text) <= 64 and set(text) <= _WORD and text[0] != "-"


def render(conf: HookConf) -> bytes:
    """The file's bytes. Raises ValueError for values that no client would accept."""
    lines = [f"spawngate-hook {VERSION}"]
    lines += [
        f"socket {_quote_path(conf.socket)}",
        f"spool {_quote_path(conf.spool)}",
        f"deadline-ms {_within(conf.deadline_ms, 1, MAX_DEADLINE_MS)}",
        f"request-limit {_within(conf.request_limit, 1, MAX_REQUEST)}",
        f"spool-limit {_within(conf.spool_limit, 0, 1 << 30)}",
    ]
    if len(conf.environment) > MAX_VARIABLES:
        raise ValueError("more variables than a client sends")
    for name in conf.environment:
        if not is_name(name):
            raise ValueError("no name of a variable")
        lines.append(f"env {name}")
    for fallback in conf.fallbacks:
        names = (fallback.agent, fallback.event)
        if not all(name == ANY or is_name(name) for name in names):
            raise ValueError("no name of an agent or event")
        if fallback.failure != ANY:
            Failure(fallback.failure)
        words = (
            "on",
            *names,
            str(fallback.failure),
            "closed" if fallback.closed else "open",
            str(_within(fallback.reply.exit_code, 0, 255)),
            quote(fallback.reply.stdout),
            quote(fallback.reply.stderr),
        )
        lines.append(" ".join(words))
    data = "\n".join([*lines, "end", ""]).encode("ascii")
    if len(data) > MAX_CONF:
        raise ValueError("the file would be longer than a client reads")
    return data


def _quote_path(path: str) -> str:
    if not path.startswith("/") or "\0" in path:
        raise ValueError("a path must be absolute")
    parts = path.split("{uid}")
    if len(path.encode("utf-8", "surrogateescape")) + 10 * len(parts) > MAX_PATH:
        raise ValueError("a path is too long")
    return "{uid}".join(_quote(part.encode("utf-8", "surrogateescape")) for part in parts)


def _within(number: int, low: int, high: int) -> int:
    if not low <= number <= high:
        raise ValueError("a number is out of its bounds")
    return number


def parse(data: bytes) -> HookConf:
    """The file's values. Raises HookConfError, and nothing else, for what a client would not accept."""
    if len(data) > MAX_CONF:
        raise HookConfError("too long")
    if b"\0" in data or not data.isascii():
        raise HookConfError("a byte that has to be written as %XX")
    lines = data.decode("ascii").split("\n")
    if lines[0] != f"spawngate-hook {VERSION}":
        raise HookConfError("line 1: not a hook.conf of this version")
    if len(lines) < 3 or lines[-2:] != ["end", ""]:
        raise HookConfError("the last line is not `end`")
    values: dict[str, str] = {}
    environment: list[str] = []
    fallbacks: list[Fallback] = []
    for number, line in enumerate(lines[1:-2], start=2):
        if not line or line.startswith("#"):
            continue
        name, *words = line.split(" ")
        try:
            if name == "on" and len(words) == 7:
                fallbacks.append(_fallback(words))
            elif name == "env" and len(words) == 1 and is_name(words[0]) and len(environment) < MAX_VARIABLES:
                environment.append(words[0])
            elif name in _SINGLE and len(words) == 1 and name not in values:
                values[name] = words[0]
            else:
                raise HookConfError("not a directive")
        except HookConfError as error:
            raise HookConfError(f"line {number}: {error}") from None
    if missing := [name for name in _SINGLE if name not in values]:
        raise HookConfError(f"no {missing[0]}")
    return HookConf(
        socket=_path(values["socket"]),
        spool=_path(values["spool"]),
        fallbacks=tuple(fallbacks),
        environment=tuple(environment),
        deadline_ms=_number(values["deadline-ms"], 1, MAX_DEADLINE_MS),
        request_limit=_number(values["request-limit"], 1, MAX_REQUEST),
        spool_limit=_number(values["spool-limit"], 0, 1 << 30),
    )


_SINGLE = ("socket", "spool", "deadline-ms", "request-limit", "spool-limit")


def _fallback(words: list[str]) -> Fallback:
    agent, event, failure, verdict, code, out, err = words
    if not all(name == ANY or is_name(name) for name in (agent, event)):
        raise HookConfError("no name of an agent or event")
    if failure != ANY and failure not in {str(known) for known in Failure}:
        raise HookConfError("no such failure")
    if verdict not in ("open", "closed"):
        raise HookConfError("neither open nor closed")
    reply = HookReply(stdout=unquote(out), stderr=unquote(err), exit_code=_number(code, 0, 255))
    return Fallback(agent=agent, reply=reply, closed=verdict == "closed", event=event, failure=failure)


def _path(word: str) -> str:
    decoded = b"{uid}".join(_unquote(part) for part in word.split("{uid}"))
    if not decoded.startswith(b"/") or b"\0" in decoded:
        raise HookConfError("a path must be absolute")
    if len(decoded) > MAX_PATH:
        raise HookConfError("a path is too long")
    return decoded.decode("utf-8", "surrogateescape")


def _number(word: str, low: int, high: int) -> int:
    if not (word.isascii() and word.isdigit() and len(word) <= 10):
        raise HookConfError("not a number")
    value = int(word)
    if not low <= value <= high:
        raise HookConfError("a number is out of its bounds")
    return value


def lookup(conf: HookConf, agent: str, event: str, failure: str) -> Fallback | None:
    """The line that counts: the most exact of those that fit, the last of equals; None where none fits."""
    best: Fallback | None = None
    rank = -1
    for line in conf.fallbacks:
        if line.agent in (ANY, agent) and line.event in (ANY, event) and line.failure in (ANY, failure):
            exact = 4 * (line.agent != ANY) + 2 * (line.event != ANY) + (line.failure != ANY)
            if exact >= rank:
                best, rank = line, exact
    return best

"""What one line of the STDIO transport says: JSON-RPC messages, and which of them call a tool.

Belongs here: reading a line into messages, telling cheaply that a line needs no reading, and naming everything by which
two readers of one line could disagree. Must not be here: what is done about it (`relay`), values of a policy.

A line that is decided by one reading and carried out by another is how a call gets past a decision. Known readers:
Go's `encoding/json` takes keys in any case and keeps the last of them; Python's text files and Java's readers end a
line at a bare CR; Python's `json.loads(bytes)` guesses UTF-16 and UTF-32; some decoders drop bytes that are not UTF-8;
a stream decoder takes several values from one line. Sources: JSON-RPC 2.0; MCP `basic/transports`; RFC 8259, 4 and 8.1.
"""

from __future__ import annotations

from spawngate.protocol.jsontext import Member, Reader, Unreadable, encode, text_of

CALL = "tools/call"
LIST = "tools/list"
INITIALIZE = "initialize"
DISCOVER = "server/discover"
CANCELLED = "notifications/cancelled"
VERSION_KEY = "io.modelcontextprotocol/protocolVersion"
"""Key of `params._meta` by which every request of the modern era names its revision."""

_TOP = frozenset(("jsonrpc", "id", "method", "params", "result", "error"))
_PARAMS = frozenset(("name", "arguments", "_meta", "cursor", "requestid"))
_WATCHED = frozenset((CALL, LIST, INITIALIZE, DISCOVER))


class Call:
    """One `tools/call`."""

    __slots__ = ("arguments", "modern", "tool")

    def __init__(self, tool: str, arguments: dict[str, object], modern: bool) -> None:
        self.tool = tool
        self.arguments = arguments
        self.modern = modern
        """Whether the request names its revision, as all of the modern era do."""


class Message:
    """One JSON object of a line."""

    __slots__ = ("members", "odd", "raw", "text", "values")

    def __init__(self, text: str, members: list[Member], start: int, end: int) -> None:
        self.text = text
        """The line's text, in which the members' places stand."""
        self.raw = text[start:end] if end - start != len(text) else text
        """The object's own text."""
        self.members = members
        self.values = {member.key: member.value for member in members}
        self.odd = self._odd()
        """By which top-level keys two readers could disagree; empty where they cannot."""

    def _odd(self) -> str:
        if len(self.values) != len(self.members):
            return "a key stands twice"
        for key in self.values:
            if key not in _TOP and fold(key) in _TOP:
                return "a key is spelt like another"
        return ""

    @property
    def id_text(self) -> str | None:
        """The id as it was written; None where there is none."""
        for member in reversed(self.members):
            if member.key == "id":
                return self.text[member.start : member.end]
        return None

    def methods(self) -> list[str]:
        """The method in every reading: exact and misspelt keys, each repetition; folded like a key."""
        return [
            fold(member.value)
            for member in self.members
            if isinstance(member.value, str) and fold(member.key) == "method"
        ]

    def replaced(self, key: str, text: str) -> str:
        """The object with another text for the value of `key`; of other keys the last of equal ones, none misspelt."""
        last = {member.key: member for member in self.members if member.key in _TOP or fold(member.key) not in _TOP}
        return (
            "{"
            + ",".join(
                f"{encode(name).decode()}:{text if name == key else self.text[member.start : member.end]}"
                for name, member in last.items()
            )
            + "}"
        )


def fold(text: str) -> str:
    """A key as the most generous reader takes it: any case, without what follows a NUL, without space around it."""
    return text.partition("\0")[0].strip().casefold()


def plain(line: bytes) -> bool:
    """Whether a line from an agent surely holds nothing to watch in any reading, told without parsing it.

    Only then: without a backslash no text can stand for another, and without NUL and with valid UTF-8 no other encoding
    or repair of bytes makes words that do not stand here.
    """
    lower = line.lower()
    if b"\\" in line or b"tools/" in lower or b"initialize" in lower or b"server/discover" in lower or b"\0" in line:
        return False
    if inner_return(line):
        return False
    if not line.isascii():
        try:
            line.decode()
        except UnicodeDecodeError:
            return False
    return True


def inner_return(line: bytes) -> bool:
    """Whether a carriage return stands elsewhere than before the line's end, where some readers would cut the line."""
    at = line.find(b"\r")
    return at >= 0 and line[at:] not in (b"\r\n", b"\r")


def parse(line: bytes, *, replace: bool = False) -> tuple[list[Message], bool]:
    """The messages of a line in order, and whether they stand in a batch. Raises Unreadable for everything else:
    no strict JSON, no object, an empty batch, a batch that holds something else than objects.

    `replace` reads bytes that are not UTF-8 as U+FFFD, as most clients do.
    """
    reader = Reader(text_of(line, replace=replace))
    text = reader.text
    at = reader.space(0)
    mark = text[at : at + 1]
    if mark == "{":
        members, end = reader.members(at)
        messages, batch = [Message(text, members, at, end)], False
    elif mark == "[":
        messages, end, batch = [], at, True
        while True:
            at = reader.space(end + 1)
            if text[at : at + 1] != "{":
                raise Unreadable("an entry of the batch is no object")
            members, end = reader.members(at)
            messages.append(Message(text, members, at, end))
            end = reader.space(end)
            mark = text[end : end + 1]
            if mark == "]":
                end += 1
                break
            if mark != ",":
                raise Unreadable("a comma is missing")
    else:
        raise Unreadable("it is no object")
    if reader.space(end) != len(text):
        raise Unreadable("something follows the message")
    return messages, batch


def watched(message: Message) -> bool:
    """Whether any reading of the message asks for something that the relay watches."""
    return any(method in _WATCHED for method in message.methods())


def is_call(message: Message) -> bool:
    """Whether any reading of the message calls a tool."""
    return CALL in message.methods()


def call_of(message: Message) -> Call:
    """The one call that every reader reads in the message. Raises Unreadable, which says why there is none."""
    if message.odd:
        raise Unreadable(message.odd)
    if message.values.get("method") != CALL:
        raise Unreadable("the method is spelt like tools/call")
    params = message.values.get("params")
    if not isinstance(params, dict):
        raise Unreadable("params is no object")
    if any(member.key == "params" and member.repeats for member in message.members):
        raise Unreadable("a key stands twice")
    if any(key not in _PARAMS and fold(key) in _PARAMS for key in params):
        raise Unreadable("a key is spelt like another")
    name, arguments = params.get("name"), params.get("arguments")
    if not isinstance(name, str):
        raise Unreadable("name is no text")
    if arguments is None:
        arguments = {}
    if not isinstance(arguments, dict):
        raise Unreadable("arguments is no object")
    meta = params.get("_meta")
    return Call(name, arguments, isinstance(meta, dict) and VERSION_KEY in meta)

"""Answers of a server that put text before the model: tool lists and instructions, found whatever they answer to.

Belongs here: which lines of a server hold tools or instructions, adding up pages, taking tools and instructions out.
Must not be here: order and holding (`relay`), whether a tool may be seen (the daemon), digests (`pins`).

An answer is known by what it holds and not by its id alone: agents match ids more loosely than JSON-RPC says (the
TypeScript SDK takes `Number(id)`, the Python SDK `int(id)`), and a server that knows this could answer past a check.
Sources: MCP `server/tools`, `server/utilities/pagination`, `basic/lifecycle`; `modelcontextprotocol/typescript-sdk`
`src/shared/protocol.ts`; `modelcontextprotocol/python-sdk` `src/mcp/shared/session.py`.
"""

from __future__ import annotations

from spawngate.protocol.jsontext import Unreadable, encode
from spawngate.protocol.message import Message, fold, inner_return, parse

_RESULT_KEYS = frozenset(("tools", "nextcursor", "instructions"))
_RESULT_EXACT = frozenset(("tools", "nextCursor", "instructions"))
_TOOL_EXACT = frozenset(
    ("name", "title", "description", "inputSchema", "outputSchema", "annotations", "icons", "execution", "_meta")
)
_TOOL_KEYS = frozenset(key.casefold() for key in _TOOL_EXACT)
_MOST_ASKED = 1024
_MOST_CURSORS = 256


class Part:
    """One message of a line that may be held, and what became of it."""

    __slots__ = ("answer", "listing", "message", "modern", "text", "token")

    def __init__(self, message: Message) -> None:
        self.message = message
        self.text: str | None = message.raw
        """What is passed on; None for nothing."""
        self.answer = b""
        """What is answered to the sender instead."""
        self.token = 0
        """The open question; 0 for none."""
        self.modern = False
        self.listing: Listing | None = None


class Listing:
    """A result with tools, instructions or both, before it is known what of it may be seen."""

    __slots__ = ("_changed", "_message", "_question", "_result")

    def __init__(
        self,
        message: Message,
        result: dict[str, object],
        changed: bool,
        question: tuple[str | None, list[dict[str, object]] | None, bool],
    ) -> None:
        self._message = message
        self._result = result
        self._changed = changed
        self._question = question

    def question(self) -> tuple[str | None, list[dict[str, object]] | None, bool]:
        """Instructions, all tools of the list so far (None where this is no list), whether pages are missing."""
        return self._question

    def without(self, names: frozenset[str] | None) -> str | None:
        """The answer's text without these tools; the empty name stands for the instructions, None for everything.

        None where nothing changes, so that the line stays what the server wrote.
        """
        result, changed = dict(self._result), self._changed
        tools = result.get("tools")
        if isinstance(tools, list):
            kept = [] if names is None else [tool for tool in tools if tool["name"] not in names]
            changed = changed or len(kept) != len(tools)
            result["tools"] = kept
        if "instructions" in result and (names is None or "" in names):
            del result["instructions"]
            changed = True
        return self._message.replaced("result", encode(result).decode()) if changed else None


class Answers:
    """What the agent has asked for and not been answered, and the pages of lists so far."""

    __slots__ = ("_pages", "asked", "instructions")

    def __init__(self) -> None:
        self.asked: dict[tuple[str, str], tuple[bool, object]] = {}
        """By exact id: whether a list was asked for, and its cursor."""
        self._pages: dict[str, list[dict[str, object]]] = {}
        """By cursor: the tools of the pages before it."""
        self.instructions: str | None = None

    def expect(self, identifier: object, is_list: bool, cursor: object) -> None:
        """An answer with this id will come."""
        while len(self.asked) >= _MOST_ASKED:
            del self.asked[next(iter(self.asked))]
        self.asked[_exact(identifier)] = (is_list, cursor)

    def question(
        self, identifier: object, result: dict[str, object], settled: bool
    ) -> tuple[bool, list[dict[str, object]] | None, bool]:
        """Whether there is something to ask about a result; the tools of the list so far; whether pages are missing.

        A `settled` answer is one that every agent takes for the answer to its id.
        """
        is_list, cursor = self._asked(identifier, settled)
        found = result.get("instructions")
        has_instructions = isinstance(found, str) and bool(found.strip())
        tools = result.get("tools")
        if has_instructions:
            self.instructions = str(found)
        elif is_list is False:
            self.instructions = None
        if not isinstance(tools, list):
            return has_instructions, None, False
        before = [] if cursor is None else self._pages.get(str(cursor))
        known = is_list is True and before is not None
        so_far = [*(before or []), *tools]
        following = result.get("nextCursor")
        if known and isinstance(following, str):
            while len(self._pages) >= _MOST_CURSORS:
                del self._pages[next(iter(self._pages))]
            self._pages[following] = so_far
        return True, so_far, not known or following is not None

    def _asked(self, identifier: object, settled: bool) -> tuple[bool | None, object]:
        exact = _exact(identifier)
        if exact in self.asked:
            return self.asked.pop(exact) if settled else self.asked[exact]
        loose = _loose(identifier)
        for (_, text), found in self.asked.items():
            if _loose_text(text) == loose:
                return found
        return None, None

    def settle(self, identifier: object) -> None:
        """An error has answered this id."""
        self.asked.pop(_exact(identifier), None)


def _exact(identifier: object) -> tuple[str, str]:
    return type(identifier).__name__, identifier if isinstance(identifier, str) else encode(identifier).decode()


def _loose(identifier: object) -> object:
    return _loose_text(_exact(identifier)[1])


def _loose_text(text: str) -> object:
    try:
        return float(text)
    except ValueError:
        return text


def plain(line: bytes) -> bool:
    """Whether a line from a server surely holds neither tools nor instructions in any reading, told without parsing.

    Only escapes below U+0100 and the long s can stand for letters of these words; others are everywhere in results.
    """
    lower = line.lower()
    if b"tools" in lower or b"instructions" in lower or b"\\u00" in lower or b"\\u017f" in lower or b"\xc5\xbf" in line:
        return False
    if b"\0" in line or inner_return(line):
        return False
    if not line.isascii():
        try:
            line.decode()
        except UnicodeDecodeError:
            return False
    return True


def read_answer(line: bytes, answers: Answers) -> tuple[list[Part], bool, bool] | None:
    """Parts of a server's line, whether they stand in a batch, and whether the line may stay as it was written.

    None where the line is not to be passed on: an agent waits for tools or instructions, and this could be read as such
    by a reader that is not ours. Raises Unreadable where nobody waits and the line is no message: it may pass.
    """
    suspicious = not plain(line)
    try:
        messages, batch = parse(line, replace=True)
    except Unreadable:
        if answers.asked and suspicious:
            return None
        raise
    same = not inner_return(line) and (line.isascii() or _is_text(line))
    parts = []
    for message in messages:
        if suspicious and answers.asked and any(fold(key) in _RESULT_KEYS for key in message.values):
            return None
        parts.append(_part(message, answers, same))
    return parts, batch, same and all(part.text is message.raw for part, message in zip(parts, messages, strict=True))


def _is_text(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _part(message: Message, answers: Answers, same: bool) -> Part:
    part = Part(message)
    if message.odd:
        part.text = message.replaced("", "")
    identifier, result = message.values.get("id"), message.values.get("result")
    settled = message.values.get("jsonrpc") == "2.0" and not message.odd
    if isinstance(message.values.get("error"), dict) and settled and "result" not in message.values:
        answers.settle(identifier)
    if not isinstance(result, dict):
        return part
    cleaned = _cleaned(result)
    changed = cleaned != result or any(member.repeats for member in message.members if member.key == "result")
    asks, tools, more = answers.question(identifier, cleaned, settled)
    if changed and (asks or any(fold(key) in _RESULT_KEYS for key in result)):
        part.text = message.replaced("result", encode(cleaned).decode())
    if asks:
        part.listing = Listing(
            message, cleaned, changed or bool(message.odd) or not same, (answers.instructions, tools, more)
        )
    return part


def _cleaned(result: dict[str, object]) -> dict[str, object]:
    """A result without keys that some reader takes for another, and without entries of a list that are no tools."""
    kept = {key: value for key, value in result.items() if key in _RESULT_EXACT or fold(key) not in _RESULT_KEYS}
    tools = kept.get("tools")
    if isinstance(tools, list):
        kept["tools"] = [
            {key: value for key, value in tool.items() if key in _TOOL_EXACT or fold(key) not in _TOOL_KEYS}
            for tool in tools
            if isinstance(tool, dict) and isinstance(tool.get("name"), str)
        ]
    return kept

"""A hook's payload: from bytes to a bounded map, and its fields read with what was wrong about them.

Belongs here: decoding of JSON that an agent wrote, limits, and typed access. What is wrong becomes a problem that names
the field, never its value; only what is no JSON object at all raises.
Must not be here: what the fields mean (`agents.hooks.decode`, `agents.hooks.inputs`).
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from spawngate.agents.hooks.dialect import HookInputError, Loaded, Payload
from spawngate.model.json import Json

MAX_BYTES = 16 * 1024 * 1024
"""Longest payload that is read, as in the frame between client and daemon."""

MAX_DEPTH = 64
"""Levels of nesting that are kept; what lies deeper becomes null."""

MAX_ITEMS = 2_000
"""Commands, edits, paths or addresses of one call that are kept."""

MAX_NAME = 512
"""Characters of names and ids that are kept. Texts of tools have no limit of their own."""

_SURROGATE = re.compile("[\ud800-\udfff]")
_decode = json.JSONDecoder(parse_constant=lambda _: None).decode
"""Made once: `json.loads` would make a decoder for every text."""
_strict = msgspec.json.Decoder().decode


def load(payload: Payload) -> Loaded:
    """The payload's object and what was wrong with its text. Raises HookInputError where it holds none."""
    if isinstance(payload, Loaded):
        return payload
    if len(payload) > MAX_BYTES:
        raise HookInputError(f"payload: longer than {MAX_BYTES} bytes")
    value, problems = _value(payload)
    if not isinstance(value, dict):
        raise HookInputError("payload: not a JSON object")
    # Both are rare, and looking at the text is far cheaper than walking every value.
    escaped = b"\\ud" in payload or b"\\uD" in payload
    looked_at = escaped or payload.count(b"{") + payload.count(b"[") > MAX_DEPTH
    if looked_at and _bound(value, escaped):
        problems.append(f"payload: parts nested deeper than {MAX_DEPTH} levels were left out")
    return Loaded(value, tuple(problems))


def _value(payload: bytes) -> tuple[Any, list[str]]:
    """The value of a JSON text, and what was wrong with the text. What the quick and strict decoder does not take the
    lenient one does; of what both take they make the same."""
    try:
        return _strict(payload), []
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        pass
    problems: list[str] = []
    try:
        text = payload.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = payload.decode("utf-8", "replace").removeprefix("\ufeff")
        problems.append("payload: not UTF-8")
    try:
        return _decode(text), problems
    except RecursionError:
        raise HookInputError("payload: nested too deeply") from None
    except ValueError:
        raise HookInputError("payload: not JSON" if text.strip() else "payload: empty") from None


def parse_object(text: str) -> Mapping[str, Json] | None:
    """The object that a text holds as JSON; None where it holds none."""
    value = parse_value(text)
    return value if isinstance(value, Mapping) else None


def parse_value(text: str) -> Json:
    """The value that a text holds as JSON, bounded like a payload; None where it is no JSON."""
    try:
        value = _decode(text)
    except (ValueError, RecursionError):
        return None
    if isinstance(value, dict | list):
        _bound(value, True)
    parsed: Json = _joined(value) if isinstance(value, str) else value
    return parsed


class Reader:
    """Reads fields and notes what is wrong with them. `where` stands in front of their names in problems."""

    def __init__(self, problems: list[str], where: str = "") -> None:
        self.problems = problems
        self._where = where

    def below(self, name: str) -> "Reader":
        """A reader for what lies under a field; it notes in the same list."""
        return Reader(self.problems, f"{self._where}{name}.")

    def problem(self, name: str, what: str) -> None:
        """Notes that a field is wrong. `what` is said in our words, never in the payload's."""
        note = f"{self._where}{name}: {what}"
        if note not in self.problems and len(self.problems) < MAX_ITEMS:
            self.problems.append(note)

    def text(self, source: Mapping[str, Json], *names: str, limit: int | None = None) -> str:
        """The first of the fields that is there as text; empty where none is. Numbers count as their text."""
        get = source.get
        for name in names:
            value = get(name)
            if value is None:
                continue
            if isinstance(value, str):
                return value if limit is None else value[:limit]
            if isinstance(value, int | float) and not isinstance(value, bool):
                return str(value)[:MAX_NAME]
            self.problem(name, "expected text")
        return ""

    def name(self, source: Mapping[str, Json], *names: str) -> str:
        """Like `text`, for a name or an id: of bounded length."""
        get = source.get
        for name in names:
            value = get(name)
            if value is not None:
                return value[:MAX_NAME] if isinstance(value, str) else self.text(source, *names, limit=MAX_NAME)
        return ""

    def flag(self, source: Mapping[str, Json], *names: str) -> bool:
        """Whether one of the fields says yes: true, or the text `true`."""
        for name in names:
            value = source.get(name)
            if isinstance(value, bool):
                return value
            if isinstance(value, str):
                return value.strip().lower() == "true"
            if value is not None:
                self.problem(name, "expected true or false")
        return False

    def map(self, source: Mapping[str, Json], *names: str) -> Mapping[str, Json]:
        """The first of the fields that is there as a map, or as the text of one; empty where none is."""
        for name in names:
            value = source.get(name)
            if isinstance(value, Mapping):
                return value
            if isinstance(value, str):
                parsed = parse_object(value)
                if parsed is not None:
                    return parsed
            if value is not None:
                self.problem(name, "expected a map")
        return {}

    def items(self, source: Mapping[str, Json], *names: str) -> Sequence[Json]:
        """The first of the fields that is there as a list, bounded; one value that is no list stands for a list of it.
        A text that holds a JSON list is that list."""
        for name in names:
            value = source.get(name)
            if value is None:
                continue
            if isinstance(value, str) and value.lstrip().startswith("["):
                parsed = parse_value(value)
                value = parsed if isinstance(parsed, list) else value
            if isinstance(value, str | Mapping):
                return [value]
            if isinstance(value, Sequence):
                if len(value) > MAX_ITEMS:
                    self.problem(name, f"more than {MAX_ITEMS} items; the rest was left out")
                return value[:MAX_ITEMS]
            self.problem(name, "expected a list")
        return ()

    def texts(self, source: Mapping[str, Json], *names: str) -> tuple[str, ...]:
        """The first of the fields that is there, as a list of texts."""
        found = [item for item in self.items(source, *names) if item is not None]
        kept = tuple(item for item in found if isinstance(item, str))
        if len(kept) != len(found):
            self.problem(names[0], "expected a list of texts")
        return kept


def _bound(root: dict[str, Any] | list[Any], escaped: bool) -> bool:
    """Takes out, in place, what lies too deep and, where `escaped`, halves of characters. Whether something was cut."""
    cut = False
    waiting: list[tuple[Any, int]] = [(root, 1)]
    while waiting:
        holder, depth = waiting.pop()
        if escaped and isinstance(holder, dict):
            for key in [key for key in holder if _SURROGATE.search(key)]:
                holder[_joined(key)] = holder.pop(key)
        for place, item in list(holder.items()) if isinstance(holder, dict) else enumerate(holder):
            if isinstance(item, dict | list):
                if depth >= MAX_DEPTH:
                    holder[place] = None
                    cut = True
                else:
                    waiting.append((item, depth + 1))
            elif escaped and isinstance(item, str) and _SURROGATE.search(item):
                holder[place] = _joined(item)
    return cut


def _joined(text: str) -> str:
    # JSON may hold halves of characters, which no encoder of ours takes later.
    return _SURROGATE.sub("\ufffd", text)

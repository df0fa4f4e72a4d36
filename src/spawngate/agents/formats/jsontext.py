"""JSON, JSONC and JSON5 to values, keeping every good neighbour of a bad part.

The standard parser goes first, as it is fast and right for almost every file. What it refuses is read
by the tolerant one below, which knows comments, trailing commas and JSON5, needs no recursion, skips
what is nested too deep, and goes on after an error at the next comma or bracket. pyjson5 and json-five
read the dialects too, but give up on the whole file at its first fault (docs/adr/0003).

Format sources: RFC 8259; "JSON with Comments" as in microsoft/node-jsonc-parser; https://spec.json5.org.
Must not be here: what any key means.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from spawngate.agents.formats import MAX_DEPTH, Format, Problem, writable
from spawngate.agents.formats.text import position
from spawngate.model.json import Json

MAX_PROBLEMS = 20
"""Problems reported for one file; a file with more is not helped by a longer list."""

_TOKEN = re.compile(
    r"""
    (?P<space>[\s\ufeff]+)
  | (?P<comment>//[^\n\r]*|/\*.*?\*/)
  | (?P<unclosed>/\*.*)
  | (?P<double>"[^"\\\n\r]*(?:\\(?:\r\n|.)[^"\\\n\r]*)*")
  | (?P<single>'[^'\\\n\r]*(?:\\(?:\r\n|.)[^'\\\n\r]*)*')
  | (?P<mark>[{}\[\]:,])
  | (?P<word>[^\s{}\[\]:,"'/]+)
  | (?P<bad>["'][^\n\r]*|/)
    """,
    re.VERBOSE | re.DOTALL,
)
# A quote that no string begins with has no partner on its line, so the rest of the line is its string.
# Taking it at once also keeps the tokenizer linear: every start would search the same line again.
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|\r\n|.)", re.DOTALL)
_SIMPLE = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "0": "\0"}
_WORDS: dict[str, Json] = {"true": True, "false": False, "null": None}
_CLOSES = {"{": "}", "[": "]"}


def parse_json(text: str, dialect: Format = Format.JSON) -> tuple[Json, tuple[Problem, ...]]:
    """Value of a document in `dialect` (JSON, JSONC or JSON5), and what was wrong with it. Never raises.

    Relaxed syntax in a file whose agent takes only strict JSON is read and reported as `not-strict`.
    An unreadable document is None with a problem.
    """
    seen = _Duplicates()
    try:
        value: Json = json.loads(text, object_pairs_hook=seen.pairs)
    except (ValueError, RecursionError):
        return _Parser(text, dialect).parse()
    return value, seen.problems()


class _Duplicates:
    """Collects keys that stand twice in one object. The last one wins, as in every agent's parser."""

    def __init__(self) -> None:
        self._keys = 0

    def pairs(self, pairs: list[tuple[str, Json]]) -> dict[str, Json]:
        found = dict(pairs)
        self._keys += len(pairs) - len(found)
        return found

    def problems(self) -> tuple[Problem, ...]:
        if not self._keys:
            return ()
        return (Problem("duplicate-key", f"{self._keys} key(s) stand twice in one object; the last one counts"),)


@dataclass(slots=True)
class _Frame:
    """One open object or array. `expect` is key, colon, value or comma."""

    container: Any
    expect: str
    key: str | None = None
    trailing: bool = False
    """The last mark was a comma."""


@dataclass(slots=True)
class _Parser:
    text: str
    dialect: Format
    problems: list[Problem] = field(default_factory=list)
    stack: list[_Frame] = field(default_factory=list)
    root: Json = None
    has_root: bool = False
    skipping: int = 0
    """Open brackets inside a part that is nested too deep."""
    relaxed: set[str] = field(default_factory=set)

    def parse(self) -> tuple[Json, tuple[Problem, ...]]:
        for kind, token, offset in self._tokens():
            if self.skipping:
                self._skip(token, kind)
            else:
                self._take(kind, token, offset)
        if self.stack or not self.has_root:
            what = "ends before it is complete" if self.has_root else "holds no value"
            self._problem("malformed", len(self.text), what)
        if self.relaxed:
            names = " and ".join(sorted(self.relaxed))
            self.problems.append(
                Problem("not-strict", f"the file uses {names}; its agent reads strict JSON and may ignore it")
            )
        return self.root, tuple(self.problems)

    def _tokens(self) -> Iterator[tuple[str, str, int]]:
        for match in _TOKEN.finditer(self.text):
            kind = match.lastgroup or "bad"
            if kind == "space":
                continue
            if kind == "comment":
                self._relax("comments", (Format.JSONC, Format.JSON5))
                continue
            if kind == "unclosed":
                self._problem("malformed", match.start(), "comment is never closed")
                return
            yield kind, match.group(), match.start()

    def _relax(self, what: str, dialects: tuple[Format, ...]) -> None:
        if self.dialect not in dialects:
            self.relaxed.add(what)

    def _problem(self, reason: str, offset: int, what: str) -> None:
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(Problem(reason, f"{position(self.text, offset)}: {what}"))

    def _skip(self, token: str, kind: str) -> None:
        if kind == "mark" and token in "{[":
            self.skipping += 1
        elif kind == "mark" and token in "}]":
            self.skipping -= 1

    def _take(self, kind: str, token: str, offset: int) -> None:
        if not self.stack:
            if self.has_root:
                if self.problems and self.problems[-1].message.endswith("text after the end"):
                    return
                self._problem("malformed", offset, "text after the end")
            elif kind == "mark" and token in "}],:":
                self._problem("malformed", offset, "expected a value")
            else:
                self._value(kind, token, offset)
            return
        frame = self.stack[-1]
        getattr(self, f"_in_{frame.expect}")(frame, kind, token, offset)

    def _in_key(self, frame: _Frame, kind: str, token: str, offset: int) -> None:
        if kind == "mark" and token in "}]":
            self._close(frame, token, offset)
        elif kind in ("double", "single", "word"):
            if kind != "double":
                self._relax("unquoted or single-quoted keys", (Format.JSON5,))
            frame.key = token if kind == "word" else _unquote(token)
            frame.expect = "colon"
        elif token == ",":
            self._problem("malformed", offset, "expected a key")
        else:
            self._problem("malformed", offset, "expected a key")
            if token in _CLOSES:
                self.skipping = 1

    def _in_colon(self, frame: _Frame, kind: str, token: str, offset: int) -> None:
        if token == ":" and kind == "mark":
            frame.expect = "value"
            return
        self._problem("malformed", offset, "expected a colon after the key")
        frame.expect = "key" if kind == "mark" and token in ",}]" else "value"
        if token != ",":
            self._take(kind, token, offset)

    def _in_value(self, frame: _Frame, kind: str, token: str, offset: int) -> None:
        if kind == "mark" and token in "}],:":
            is_list = isinstance(frame.container, list)
            if token in "}]" and is_list:
                self._close(frame, token, offset)
                return
            self._problem("malformed", offset, "expected a value")
            if not is_list:
                frame.expect = "key"
            if token in "}]":
                self._close(frame, token, offset)
            return
        self._value(kind, token, offset)

    def _in_comma(self, frame: _Frame, kind: str, token: str, offset: int) -> None:
        if kind == "mark" and token in "}]":
            self._close(frame, token, offset)
            return
        frame.expect = "value" if isinstance(frame.container, list) else "key"
        if token == "," and kind == "mark":
            frame.trailing = True
            return
        self._problem("malformed", offset, "expected a comma")
        self._take(kind, token, offset)

    def _close(self, frame: _Frame, token: str, offset: int) -> None:
        if frame.trailing:
            self._relax("trailing commas", (Format.JSONC, Format.JSON5))
        wanted = "]" if isinstance(frame.container, list) else "}"
        if token != wanted:
            self._problem("malformed", offset, f"expected {wanted}")
            # The bracket closes an outer container if there is one of its kind, else it is stray.
            kinds = ["]" if isinstance(open_.container, list) else "}" for open_ in self.stack]
            if token not in kinds:
                return
            while self.stack and kinds.pop() != token:
                self.stack.pop()
        self.stack.pop()
        if self.stack:
            self.stack[-1].expect = "comma"

    def _value(self, kind: str, token: str, offset: int) -> None:
        if kind == "mark":
            container: Any = {} if token == "{" else []
            deep = len(self.stack) >= MAX_DEPTH
            self._store(None if deep else container, offset)
            if deep:
                self._problem("too-deep", offset, f"more than {MAX_DEPTH} levels of nesting; the part was skipped")
                self.skipping = 1
            else:
                self.stack.append(_Frame(container, "key" if token == "{" else "value"))
            return
        if kind == "word":
            known, value = self._word(token)
            if not known:
                self._problem("malformed", offset, "unknown word")
        elif kind == "bad":
            self._problem("malformed", offset, "unclosed string or stray character")
            known, value = False, None
        else:
            if kind == "single":
                self._relax("single-quoted strings", (Format.JSON5,))
            known, value = True, _unquote(token)
        if known:
            self._store(value, offset)
        elif self.stack:
            self.stack[-1].expect = "comma"

    def _word(self, token: str) -> tuple[bool, Json]:
        if token in _WORDS:
            return True, _WORDS[token]
        try:
            return True, writable(int(token, 16 if token[:3].lower().lstrip("+-").startswith("0x") else 10))
        except ValueError:
            pass
        try:
            return True, float(token)
        except ValueError:
            return False, None

    def _store(self, value: Json, offset: int) -> None:
        if not self.stack:
            self.root, self.has_root = value, True
            return
        frame = self.stack[-1]
        frame.expect, frame.trailing = "comma", False
        if isinstance(frame.container, list):
            frame.container.append(value)
            return
        if frame.key in frame.container:
            self._problem("duplicate-key", offset, "the key stands twice in one object; the last one counts")
        frame.container[frame.key] = value


def _unquote(token: str) -> str:
    body = token[1:-1]
    if "\\" not in body:
        return body
    text = _ESCAPE.sub(_escape, body)
    # Two \u escapes may be one character beyond U+FFFF.
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _escape(match: re.Match[str]) -> str:
    code = match.group(1)
    if len(code) > 2 and code[0] in "ux":
        return chr(int(code[1:], 16))
    if len(code) == 3:
        return chr(int(code[1:], 16))
    if code in ("\n", "\r\n", "\r"):
        return ""
    return _SIMPLE.get(code, code)

"""Where to change the text of a TOML document, and nothing but there.

A scanner finds the statements (table headers and assignments) and the spans of arrays and inline tables. A new table
goes to the end of the file, a new key behind the last key of its table, a new element into the array that is there.
tomlkit could do this too, but moves blank lines and comments between tables when it takes one out again.

Format source: https://toml.io/en/v1.0.0.
Must not be here: values (`formats.toml` reads those), what an entry means, other formats.
"""

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn

from spawngate.agents.formats import MAX_DEPTH, Format
from spawngate.agents.formats.edit import EditError, Piece, made_keys
from spawngate.agents.formats.edit_spans import Item, Node, add_last, newline_of, take_out
from spawngate.agents.formats.edit_values import Path, Pointer
from spawngate.agents.formats.text import position
from spawngate.agents.formats.toml import parse_toml
from spawngate.model.json import Json

_SPACE = re.compile(r"[ \t]*")
_TRIVIA = re.compile(r"(?:[ \t\r\n]+|\#[^\r\n]*)*")
_LINE_END = re.compile(r"[ \t]*(?:\#[^\r\n]*)?(?:\r\n|\n|\Z)")
_KEY = re.compile(r"""[A-Za-z0-9_-]+|"(?:[^"\\\r\n]|\\.)*"|'[^'\r\n]*'""")
_TEXT = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"{3,5}' r"|'''(?:[^']|'(?!''))*'{3,5}" r'|"(?:[^"\\\r\n]|\\.)*"' r"|'[^'\r\n]*'",
    re.DOTALL,
)
_BARE = re.compile(r"[^\s,\[\]{}#=\"']+(?: [0-9:.+Z-]+)?")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class _Statement:
    """One table header or assignment."""

    path: Path
    """From the root, with places in arrays of tables."""
    start: int
    """Begin of its line."""
    end: int
    """Behind its line end."""
    value: Node | None = None
    """None for a header."""
    table: Path = ()
    """The table whose header stands above it."""


def parse(text: str, form: Format) -> Json:
    """The value; None for an empty document. Raises EditError for what is not valid TOML."""
    del form
    if not text.strip():
        return None
    value, problems = parse_toml(text)
    if problems:
        raise EditError(f"the file is not valid TOML: {problems[0].message}")
    return value


def append(text: str, pointer: Pointer, value: Json, form: Format) -> list[Piece]:
    """Pieces that add `value` to the list at `pointer`, which is made where it is missing."""
    del form
    statements = _scan(text)
    holder = _holder(statements, pointer)
    if holder is not None and holder.value is not None:
        node, rest = _deepest(holder.value, pointer[len(holder.path) :])
        if not rest:
            return _add(text, node, None, value)
        return _add_nested(text, node, rest, [value])
    if not isinstance(value, Mapping):
        raise EditError("only tables can be added to a list of tables")
    lines = [f"[[{_dotted(pointer)}]]", *(f"{_key(key)} = {_inline(item)}" for key, item in value.items())]
    return _at_end(text, lines)


def put(text: str, pointer: Pointer, value: Json, form: Format) -> list[Piece]:
    """Pieces that give the key at `pointer` that value."""
    del form
    statements = _scan(text)
    holder = _holder(statements, pointer)
    if holder is not None and holder.value is not None:
        node, rest = _deepest(holder.value, pointer[len(holder.path) :])
        if not rest:
            return [Piece(node.start, text[node.start : node.end], _inline(value))]
        return _add_nested(text, node, rest, value)
    parent = pointer[:-1]
    (last_key,) = made_keys(pointer[-1:])
    # A sibling in the same table decides where the key goes, and under which header it is written.
    beside = [item for item in statements if item.value is not None and item.path[:-1] == parent]
    if beside:
        last = beside[-1]
        name = pointer[len(last.table) :]
        return _line_behind(text, last, f"{_indent(text, last)}{_dotted(name)} = {_inline(value)}")
    header = [item for item in statements if item.value is None and item.path == parent]
    if header:
        return _line_behind(text, header[-1], f"{_indent(text, header[-1])}{_key(last_key)} = {_inline(value)}")
    if not parent:
        newline = newline_of(text)
        gap = newline if statements else ""
        return [Piece(0, "", f"{_key(last_key)} = {_inline(value)}{newline}{gap}")]
    return _at_end(text, [f"[{_dotted(parent)}]", f"{_key(last_key)} = {_inline(value)}"])


def delete(text: str, path: Path, form: Format) -> list[Piece]:
    """Pieces that take out what is at `path`, which exists."""
    del form
    statements = _scan(text)
    inside = [item for item in statements if item.path[: len(path)] == path]
    if not inside:
        holder = _holder(statements, path)
        if holder is None or holder.value is None:
            raise EditError("what should be taken out is not there")
        rest = path[len(holder.path) :]
        node = holder.value
        for key in rest[:-1]:
            node = _child(node, key)
        index = _index(node, rest[-1])
        if index is None:
            raise EditError("what should be taken out is not there")
        return take_out(text, node, index)
    pieces: list[Piece] = []
    for item in inside:
        start = item.start
        if item.value is None:
            start = _blank_line_before(text, start)
        if pieces and pieces[-1].at + len(pieces[-1].old) >= start:
            start = pieces[-1].at
            pieces.pop()
        pieces.append(Piece(start, text[start : item.end], ""))
    return pieces


def _blank_line_before(text: str, start: int) -> int:
    """The begin of the one empty line above, or `start`."""
    for newline in ("\r\n", "\n"):
        if text[:start].endswith(newline * 2):
            return start - len(newline)
    return start


def _at_end(text: str, lines: Sequence[str]) -> list[Piece]:
    newline = newline_of(text)
    gap = "" if not text.strip() else newline if text.endswith("\n") else newline * 2
    return [Piece(len(text), "", gap + newline.join(lines) + newline)]


def _line_behind(text: str, statement: _Statement, line: str) -> list[Piece]:
    newline = newline_of(text)
    if text[statement.start : statement.end].endswith("\n"):
        return [Piece(statement.end, "", line + newline)]
    return [Piece(statement.end, "", newline + line)]


def _indent(text: str, statement: _Statement) -> str:
    return text[statement.start : _past(_SPACE, text, statement.start)]


def _holder(statements: Sequence[_Statement], path: Path | Pointer) -> _Statement | None:
    """The assignment in whose value the path ends."""
    for item in statements:
        if item.value is not None and item.path == path[: len(item.path)]:
            return item
    return None


def _deepest(node: Node, pointer: Path | Pointer) -> tuple[Node, tuple[str, ...]]:
    for depth, key in enumerate(pointer):
        index = _index(node, key)
        if index is None:
            return node, tuple(str(key) for key in pointer[depth:])
        node = node.items[index].value
    return node, ()


def _child(node: Node, key: str | int) -> Node:
    index = _index(node, key)
    if index is None:
        raise EditError("what should be taken out is not there")
    return node.items[index].value


def _index(node: Node, key: str | int) -> int | None:
    if isinstance(key, int):
        return key if node.kind == "[" and key < len(node.items) else None
    found = [index for index, item in enumerate(node.items) if item.key == key]
    return found[-1] if node.kind == "{" and found else None


def _add_nested(text: str, node: Node, rest: tuple[str, ...], value: Json) -> list[Piece]:
    for key in reversed(rest[1:]):
        value = {key: value}
    return _add(text, node, rest[0], value)


def _add(text: str, node: Node, key: str | None, value: Json) -> list[Piece]:
    if node.kind != ("[" if key is None else "{"):
        raise EditError("a value stands where a list or a table is needed")
    new = ("" if key is None else f"{_key(key)} = ") + _inline(value)
    if node.items:
        if node.kind == "{" and node.items[-1].comma < 0:
            # An inline table ends on its line and takes no comma behind its last key.
            return [Piece(node.items[-1].value.end, "", ", " + new)]
        return add_last(text, node, new, lambda _: new)
    inner = text[node.start + 1 : node.end - 1]
    if not inner.strip():
        return [Piece(node.start + 1, inner, f" {new} " if node.kind == "{" else new)]
    return add_last(text, node, new, lambda _: new)


def _dotted(pointer: Sequence[str | int]) -> str:
    return ".".join(_key(str(key)) for key in pointer if not isinstance(key, int))


def _key(key: str) -> str:
    return key if _BARE_KEY.fullmatch(key) else _string(key)


def _string(value: str) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _inline(value: Json) -> str:
    """A value on one line."""
    if isinstance(value, str):
        return _string(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, Mapping):
        inner = ", ".join(f"{_key(key)} = {_inline(item)}" for key, item in value.items())
        return "{" + (f" {inner} " if inner else "") + "}"
    if isinstance(value, Sequence):
        return "[" + ", ".join(_inline(item) for item in value) + "]"
    raise EditError("TOML has no null")


def _scan(text: str) -> list[_Statement]:
    """All statements in order. Raises EditError for what is no TOML."""
    found: list[_Statement] = []
    arrays: dict[Path, int] = {}
    table: Path = ()
    place = 0
    while True:
        place = _past(_TRIVIA, text, place)
        if place >= len(text):
            return found
        start = max(text.rfind("\n", 0, place), -1) + 1
        if text.startswith("[", place):
            double = text.startswith("[[", place)
            keys, place = _keys(text, place + 1 + double)
            if not text.startswith("]]" if double else "]", place):
                _refuse(text, place)
            place += 1 + double
            table = _resolved(keys, arrays, new=double)
            end = _line_end(text, place)
            found.append(_Statement(table, start, end, None, table))
        else:
            keys, place = _keys(text, place)
            if not text.startswith("=", place):
                _refuse(text, place)
            node = _value(text, _past(_SPACE, text, place + 1), 0)
            end = _line_end(text, node.end)
            found.append(_Statement((*table, *keys), start, end, node, table))
        place = end


def _resolved(keys: Sequence[str], arrays: dict[Path, int], *, new: bool) -> Path:
    """The path that a header's keys mean: an array of tables stands for its last element, `[[new]]` for one more."""
    path: Path = ()
    for depth, key in enumerate(keys):
        path = (*path, key)
        if new and depth == len(keys) - 1:
            arrays[path] = arrays.get(path, 0) + 1
        if path in arrays:
            path = (*path, arrays[path] - 1)
    return path


def _keys(text: str, place: int) -> tuple[list[str], int]:
    keys: list[str] = []
    while True:
        place = _past(_SPACE, text, place)
        match = _KEY.match(text, place)
        if match is None:
            _refuse(text, place)
        token = match.group()
        try:
            keys.append(next(iter(tomllib.loads(f"{token} = 1"))))
        except tomllib.TOMLDecodeError:
            _refuse(text, place)
        place = _past(_SPACE, text, match.end())
        if not text.startswith(".", place):
            return keys, place
        place += 1


def _value(text: str, place: int, depth: int) -> Node:
    if depth > MAX_DEPTH:
        raise EditError(f"more than {MAX_DEPTH} levels of nesting")
    match = _TEXT.match(text, place) or _BARE.match(text, place)
    if match is not None:
        return Node(place, match.end())
    kind = text[place : place + 1]
    if kind not in ("[", "{"):
        _refuse(text, place)
    node = Node(place, kind=kind)
    close = "]" if kind == "[" else "}"
    place += 1
    while True:
        place = _past(_TRIVIA, text, place)
        if text.startswith(close, place):
            node.end = place + 1
            return node
        start, key = place, None
        if kind == "{":
            keys, place = _keys(text, place)
            # A dotted key in an inline table is one member here; what lies below it cannot be changed.
            key = ".".join(keys)
            if not text.startswith("=", place):
                _refuse(text, place)
            place = _past(_SPACE, text, place + 1)
        inner = _value(text, place, depth + 1)
        item = Item(start, inner, key)
        node.items.append(item)
        place = _past(_TRIVIA, text, inner.end)
        if text.startswith(",", place):
            item.comma = place
            place += 1
        elif not text.startswith(close, place):
            _refuse(text, place)


def _past(pattern: re.Pattern[str], text: str, place: int) -> int:
    match = pattern.match(text, place)
    return place if match is None else match.end()


def _line_end(text: str, place: int) -> int:
    match = _LINE_END.match(text, place)
    if match is None:
        _refuse(text, place)
    return match.end()


def _refuse(text: str, place: int) -> NoReturn:
    raise EditError(f"the file is not valid TOML: {position(text, place)}")

"""Where to change the text of a JSON, JSONC or JSON5 document, and nothing but there.

A scanner finds the span of every value, key and comma. A member owns its key, its value and one comma, never a
comment: what people wrote beside it stays where it was. New text takes over the indentation, line ends and density of
what stands around it.

Format sources: RFC 8259; "JSON with Comments" as in microsoft/node-jsonc-parser; https://spec.json5.org.
Must not be here: values (`jsontext` reads those), what an entry means, other formats.
"""

import json
import re
from typing import NoReturn

from spawngate.agents.formats import MAX_DEPTH, Format
from spawngate.agents.formats.edit import EditError, Piece, made_keys
from spawngate.agents.formats.edit_spans import (
    Item,
    Node,
    add_last,
    breaks,
    indent_at,
    newline_of,
    take_out,
    unit_of,
)
from spawngate.agents.formats.edit_values import Path, Pointer
from spawngate.agents.formats.jsontext import parse_json
from spawngate.agents.formats.text import position
from spawngate.model.json import Json

_HARMLESS = frozenset({"duplicate-key"})

_TOKEN = re.compile(
    r"""
    (?P<space>[\s\ufeff]+)
  | (?P<line>//[^\n\r]*)
  | (?P<block>/\*.*?\*/)
  | (?P<text>"[^"\\\n\r]*(?:\\(?:\r\n|.)[^"\\\n\r]*)*"|'[^'\\\n\r]*(?:\\(?:\r\n|.)[^'\\\n\r]*)*')
  | (?P<mark>[{}\[\]:,])
  | (?P<word>[^\s{}\[\]:,"'/]+)
    """,
    re.VERBOSE | re.DOTALL,
)


def parse(text: str, form: Format) -> Json:
    """The value; None for an empty document. Raises EditError where the agent's own parser would refuse the text."""
    if not text.strip():
        return None
    if form is not Format.JSON and _scan(text) is None:
        return None
    value, problems = parse_json(text, form)
    for problem in problems:
        if problem.reason not in _HARMLESS:
            raise EditError(f"the file is not valid {form.value}: {problem.message}")
    return value


def append(text: str, pointer: Pointer, value: Json, form: Format) -> list[Piece]:
    """Pieces that add `value` to the list at `pointer`, which is made where it is missing."""
    del form
    root = _scan(text)
    node, rest = _deepest(root, pointer)
    if not rest and node is not None and node.kind == "[":
        return _add(text, node, None, value)
    return _add_made(text, node, made_keys(rest), [value])


def put(text: str, pointer: Pointer, value: Json, form: Format) -> list[Piece]:
    """Pieces that give the key at `pointer` that value."""
    del form
    root = _scan(text)
    node, rest = _deepest(root, pointer)
    return _add_made(text, node, made_keys(rest), value)


def delete(text: str, path: Path, form: Format) -> list[Piece]:
    """Pieces that take out what is at `path`, which exists."""
    del form
    node = _scan(text)
    for key in path[:-1]:
        node = None if node is None else _child(node, key)
    index = None if node is None else _index(node, path[-1])
    if node is None or index is None:
        raise EditError("what should be taken out is not there")
    return take_out(text, node, index)


def _add_made(text: str, node: Node | None, rest: tuple[str, ...], value: Json) -> list[Piece]:
    """`value` under the keys `rest`, of which none exists, below the deepest container that does."""
    if node is not None and node.kind == "{" and rest:
        for key in reversed(rest[1:]):
            value = {key: value}
        return _add(text, node, rest[0], value)
    for key in reversed(rest):
        value = {key: value}
    if node is None:
        gap = newline_of(text) if text and not text.endswith(("\n", "\r")) else ""
        return [Piece(len(text), "", gap + _render(text, None, value, "") + newline_of(text))]
    # What is overwritten, or a null that stands where a container should.
    return [Piece(node.start, text[node.start : node.end], _render(text, node, value, indent_at(text, node.start)))]


def _add(text: str, node: Node, key: str | None, value: Json) -> list[Piece]:
    """A new last member (element, where `key` is None) of a container."""
    dense = _is_dense(text)
    name = "" if key is None else _inline(key, dense) + (":" if dense else ": ")
    inline = name + _inline(value, dense)
    if dense and not node.items:
        return [Piece(node.start + 1, text[node.start + 1 : node.end - 1], inline)]
    return add_last(text, node, inline, lambda indent: name + _render(text, node, value, indent), blank=not dense)


def _deepest(root: Node | None, pointer: Pointer) -> tuple[Node | None, Pointer]:
    """The deepest value along the pointer, and the keys that are missing below it."""
    node = root
    for depth, key in enumerate(pointer):
        child = None if node is None else _child(node, key)
        if child is None:
            return node, pointer[depth:]
        node = child
    return node, ()


def _child(node: Node, key: str | int) -> Node | None:
    index = _index(node, key)
    return None if index is None else node.items[index].value


def _index(node: Node, key: str | int) -> int | None:
    """Place of a member. Of a key that stands twice the last one counts, as in every agent's parser."""
    if isinstance(key, int):
        return key if node.kind == "[" and key < len(node.items) else None
    found = [index for index, item in enumerate(node.items) if item.key == key]
    return found[-1] if node.kind == "{" and found else None


def _scan(text: str) -> Node | None:
    """The root's spans; None where there is no value. Raises EditError for what is no document."""
    root: Node | None = None
    stack: list[Node] = []
    expect = "value"
    place = 0
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None:
            _refuse(text, place)
        kind, token, start = match.lastgroup, match.group(), place
        place = match.end()
        if kind in ("space", "line", "block"):
            continue
        top = stack[-1] if stack else None
        if token in ("}", "]"):
            if top is None or top.kind != ("{" if token == "}" else "[") or expect not in ("key", "value", "comma"):
                _refuse(text, start)
            if expect == "value" and top.kind == "{":
                _refuse(text, start)
            top.end = place
            stack.pop()
            expect = "comma" if stack else "end"
        elif token == "," and kind == "mark":
            if expect != "comma" or top is None:
                _refuse(text, start)
            top.items[-1].comma = start
            expect = "key" if top.kind == "{" else "value"
        elif token == ":" and kind == "mark":
            if expect != "colon":
                _refuse(text, start)
            expect = "value"
        elif expect == "key" and top is not None and kind in ("text", "word"):
            top.items.append(Item(start, Node(place), _key(token, kind)))
            expect = "colon"
        elif expect == "value" and kind is not None:
            node = Node(start, place, token if kind == "mark" else "")
            if top is None:
                root = node
            elif top.kind == "{":
                top.items[-1].value = node
            else:
                top.items.append(Item(start, node))
            if node.kind:
                if len(stack) >= MAX_DEPTH:
                    raise EditError(f"more than {MAX_DEPTH} levels of nesting")
                stack.append(node)
                expect = "key" if token == "{" else "value"
            else:
                expect = "comma" if stack else "end"
        else:
            _refuse(text, start)
    if stack or (root is None and expect != "value"):
        _refuse(text, len(text))
    return root


def _key(token: str, kind: str) -> str:
    if kind == "word":
        return token
    value, _ = parse_json(token, Format.JSON5)
    return value if isinstance(value, str) else token


def _refuse(text: str, place: int) -> NoReturn:
    raise EditError(f"the file is not valid: {position(text, place)}")


def _is_dense(text: str) -> bool:
    """Whether no blanks stand between tokens."""
    body = text.strip()
    return not breaks(body) and bool(re.search(r"[,:]", body)) and not re.search(r"[,:]\s", body)


def _inline(value: Json, dense: bool) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":") if dense else (", ", ": "))


def _render(text: str, node: Node | None, value: Json, indent: str) -> str:
    if _is_dense(text):
        return _inline(value, True)
    lines = json.dumps(value, ensure_ascii=False, indent=unit_of(text, node)).split("\n")
    return (newline_of(text) + indent).join(lines)

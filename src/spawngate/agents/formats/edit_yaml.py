"""Where to change the text of a YAML document, and nothing but there.

PyYAML's composer tells where every node begins and ends. A new key or element goes on lines of its own behind the last
line of its collection, or inside the brackets of a flow collection. What is reached through an alias, a merge or a
second document is refused by the check of the whole value, not by rules here.

Format source: https://yaml.org/spec/1.1/ and 1.2, as PyYAML reads them.
Must not be here: values (`yamltext` reads those), what an entry means, other formats.
"""

import json
from collections.abc import Mapping, Sequence

import yaml

from spawngate.agents.formats import Format
from spawngate.agents.formats.edit import EditError, Piece, made_keys
from spawngate.agents.formats.edit_spans import Item, Node, newline_of, take_out
from spawngate.agents.formats.edit_values import Path, Pointer, is_list
from spawngate.agents.formats.yamltext import parse_yaml
from spawngate.model.json import Json

MAX_CHARACTERS = 1 << 20
"""Length of a document whose nodes are looked for: the composer that knows their places is slow."""

_UNIT = "  "


def parse(text: str, form: Format) -> Json:
    """The value; None for an empty document. Raises EditError for what is not one valid document."""
    del form
    _compose(text)
    value, problems = parse_yaml(text)
    if problems:
        raise EditError(f"the file is not valid YAML: {problems[0].message}")
    return value


def append(text: str, pointer: Pointer, value: Json, form: Format) -> list[Piece]:
    """Pieces that add `value` to the list at `pointer`, which is made where it is missing."""
    del form
    node, parent, rest = _deepest(_compose(text), pointer)
    if not rest and isinstance(node, yaml.SequenceNode):
        if _is_flow(node):
            return _into_flow(text, node, _flow(value))
        column = " " * node.start_mark.column
        return _lines_behind(text, node, _item(value, column, column + _UNIT))
    return _made(text, node, parent, made_keys(rest), [value])


def put(text: str, pointer: Pointer, value: Json, form: Format) -> list[Piece]:
    """Pieces that give the key at `pointer` that value."""
    del form
    node, parent, rest = _deepest(_compose(text), pointer)
    if not rest and node is not None and not _is_empty(node):
        items = list(value) if is_list(value) else []
        block = isinstance(node, yaml.SequenceNode) and not _is_flow(node) and is_list(value)
        colon = text.rfind(":", 0, node.start_mark.index) + 1
        if block and not items and not text[colon : node.start_mark.index].strip():
            return [Piece(colon, text[colon : _end(node)], " []")]
        if block and items:
            # The dashes stay where they were, so that the list stays as deep as it was.
            column = newline_of(text) + " " * node.start_mark.column
            lines = column.join(f"- {_flow(item)}" for item in items)
            return [Piece(node.start_mark.index, text[node.start_mark.index : _end(node)], lines)]
        if not isinstance(node, yaml.ScalarNode) and not _is_flow(node):
            raise EditError("a value over several lines cannot be replaced")
        return [Piece(node.start_mark.index, text[node.start_mark.index : node.end_mark.index], _flow(value))]
    return _made(text, node, parent, made_keys(rest), value)


def delete(text: str, path: Path, form: Format) -> list[Piece]:
    """Pieces that take out what is at `path`, which exists."""
    del form
    node: yaml.Node | None = _compose(text)
    for key in path[:-1]:
        node = None if node is None else _child(node, key)
    index = None if node is None else _index(node, path[-1])
    if node is None or index is None:
        raise EditError("what should be taken out is not there")
    if _is_flow(node):
        return take_out(text, _spans(text, node), index)
    if isinstance(node, yaml.SequenceNode):
        last: yaml.Node = node.value[index]
        start = text.rfind("-", 0, last.start_mark.index)
        if start < 0 or text[start + 1 : last.start_mark.index].strip():
            raise EditError("what should be taken out does not begin with a dash")
    else:
        name, last = node.value[index]
        start = name.start_mark.index
    start = text.rfind("\n", 0, start) + 1
    end = text.find("\n", _end(last))
    end = len(text) if end < 0 else end + 1
    if text[_end(last) - 1 : _end(last)] == "\n":
        end = _end(last)
    return [Piece(start, text[start:end], "")]


def _made(
    text: str, node: yaml.Node | None, parent: yaml.Node | None, rest: tuple[str, ...], value: Json
) -> list[Piece]:
    """`value` under the keys `rest`, of which none exists, below the deepest node that does."""
    if isinstance(node, yaml.MappingNode) and rest:
        if _is_flow(node):
            for key in reversed(rest[1:]):
                value = {key: value}
            return _into_flow(text, node, f"{_scalar(rest[0])}: {_flow(value)}")
        column = " " * node.start_mark.column
        for key in reversed(rest):
            value = {key: value}
        return _lines_behind(text, node, _block(value, column))
    for key in reversed(rest):
        value = {key: value}
    newline = newline_of(text)
    if node is None:
        gap = "" if not text or text.endswith("\n") else newline
        return [Piece(len(text), "", gap + newline.join(_block(value, "")) + newline)]
    if not _is_empty(node):
        raise EditError("a value stands where a list or a map is needed")
    if node.start_mark.index != node.end_mark.index or parent is None:
        return [Piece(node.start_mark.index, text[node.start_mark.index : node.end_mark.index], _flow(value))]
    # `key:` with nothing behind it: what it holds goes below it, one level deeper.
    column = " " * parent.start_mark.column + _UNIT
    end = _line_end(text, node.start_mark.index)
    return [Piece(end, "", newline + newline.join(_block(value, column)))]


def _lines_behind(text: str, node: yaml.Node, lines: Sequence[str]) -> list[Piece]:
    newline = newline_of(text)
    end = _end(node)
    if text[end - 1 : end] == "\n":
        return [Piece(end, "", newline.join(lines) + newline)]
    return [Piece(_line_end(text, end), "", newline + newline.join(lines))]


def _line_end(text: str, place: int) -> int:
    end = text.find("\n", place)
    if end < 0:
        return len(text)
    return end - 1 if text[end - 1 : end] == "\r" else end


def _into_flow(text: str, node: yaml.Node, new: str) -> list[Piece]:
    spans = _spans(text, node)
    if not spans.items:
        return [Piece(spans.start + 1, "", new)]
    last = spans.items[-1]
    if last.comma >= 0:
        return [Piece(last.comma + 1, "", " " + new)]
    return [Piece(last.value.end, "", ", " + new)]


def _spans(text: str, node: yaml.Node) -> Node:
    """A flow collection as spans."""
    found = Node(node.start_mark.index, node.end_mark.index, "[" if isinstance(node, yaml.SequenceNode) else "{")
    for member in node.value:
        first, last = (member, member) if isinstance(member, yaml.Node) else member
        found.items.append(Item(first.start_mark.index, Node(last.start_mark.index, last.end_mark.index)))
    ends = [item.start for item in found.items[1:]] + [node.end_mark.index] * bool(found.items)
    for item, until in zip(found.items, ends, strict=True):
        item.comma = _comma(text, item.value.end, until)
    return found


def _comma(text: str, start: int, end: int) -> int:
    while start < end:
        if text[start] == ",":
            return start
        start = _line_end(text, start) if text[start] == "#" else start + 1
    return -1


def _deepest(root: yaml.Node | None, pointer: Pointer) -> tuple[yaml.Node | None, yaml.Node | None, Pointer]:
    """The deepest node along the pointer, the one above it, and the keys that are missing below it."""
    node, parent = root, None
    for depth, key in enumerate(pointer):
        child = None if node is None else _child(node, key)
        if child is None:
            return node, parent, pointer[depth:]
        node, parent = child, node
    return node, parent, ()


def _child(node: yaml.Node, key: str | int) -> yaml.Node | None:
    index = _index(node, key)
    if index is None:
        return None
    member = node.value[index]
    found: yaml.Node = member if isinstance(member, yaml.Node) else member[1]
    return found


def _index(node: yaml.Node, key: str | int) -> int | None:
    if isinstance(node, yaml.SequenceNode):
        return key if isinstance(key, int) and key < len(node.value) else None
    if isinstance(node, yaml.MappingNode):
        found = [
            index
            for index, (name, _) in enumerate(node.value)
            if isinstance(name, yaml.ScalarNode) and name.value == key
        ]
        return found[-1] if found else None
    return None


def _end(node: yaml.Node) -> int:
    """Behind the last character of a node. The composer ends a block collection only where the next token begins."""
    last = node
    while isinstance(last, yaml.CollectionNode) and not _is_flow(last) and last.value:
        member = last.value[-1]
        last = member if isinstance(member, yaml.Node) else member[1]
    end: int = last.end_mark.index
    return end


def _is_flow(node: yaml.Node) -> bool:
    return isinstance(node, yaml.CollectionNode) and bool(node.flow_style)


def _is_empty(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.tag == "tag:yaml.org,2002:null"


def _compose(text: str) -> yaml.Node | None:
    if len(text) > MAX_CHARACTERS:
        raise EditError(f"the file has more than {MAX_CHARACTERS} characters")
    try:
        node: yaml.Node | None = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f": line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise EditError(f"the file is not one valid YAML document{where}") from None
    except RecursionError:
        raise EditError("values are nested too deep") from None
    return node


def _block(value: Json, indent: str) -> list[str]:
    """Lines of a map or list in block form."""
    if isinstance(value, Mapping) and value:
        lines = []
        for key, item in value.items():
            if isinstance(item, Mapping | list | tuple) and item:
                lines += [f"{indent}{_scalar(key)}:", *_block(item, indent + _UNIT)]
            else:
                lines.append(f"{indent}{_scalar(key)}: {_flow(item)}")
        return lines
    if isinstance(value, list | tuple) and value:
        return [line for item in value for line in _item(item, indent, indent + _UNIT)]
    return [indent + _flow(value)]


def _item(value: Json, indent: str, deeper: str) -> list[str]:
    """Lines of one element of a block list."""
    lines = _block(value, deeper)
    return [indent + "- " + lines[0][len(deeper) :], *lines[1:]]


def _flow(value: Json) -> str:
    """A value on one line. JSON is YAML, but for characters that YAML wants escaped."""
    if isinstance(value, str):
        return _scalar(value, quoted=True)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_scalar(key)}: {_flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, Sequence):
        return "[" + ", ".join(_flow(item) for item in value) + "]"
    return json.dumps(value)


def _scalar(value: str, *, quoted: bool = False) -> str:
    plain = value.isascii() and value.replace("_", "a").isalpha() and value.lower() not in _WORDS
    if plain and not quoted:
        return value
    if value.isprintable():
        return json.dumps(value, ensure_ascii=False)
    # JSON writes what lies beyond U+FFFF as two escapes, which YAML reads as two characters.
    return (
        '"' + "".join(f"\\U{ord(sign):08x}" if ord(sign) > 0xFFFF else json.dumps(sign)[1:-1] for sign in value) + '"'
    )


_WORDS = frozenset({"true", "false", "yes", "no", "on", "off", "null", "y", "n"})

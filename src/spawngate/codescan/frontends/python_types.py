"""Python's annotations as `ir.Type`.

Belongs here: annotations, base classes, forward references in quotes. Not here: what a type means.
"""

from __future__ import annotations

import ast
import re

from tree_sitter import Node

from spawngate.codescan import ir
from spawngate.codescan.frontends.syntax import Reading

MAX_TYPE_DEPTH = 20
_DOTTED = re.compile(r"[A-Za-z_][\w.]*\Z")
_QUOTED_NAMES = re.compile(r"[A-Za-z_][\w.]*")


def lower_type(reading: Reading, node: Node, depth: int = 0) -> ir.Type:
    """The type that a node writes; what is no type is a Type named "" ."""
    row, column = node.start_point
    at = row + 1, column
    kind = node.type
    if depth > MAX_TYPE_DEPTH or not reading.spend():
        return ir.Type(*at, "")
    children = [child for child in node.named_children if child.type != "comment"]
    if kind in ("type", "parenthesized_expression") and children:
        return lower_type(reading, children[0], depth + 1)
    if kind in ("identifier", "attribute", "dotted_name", "member_type"):
        return ir.Type(*at, "".join(reading.text(node).split()))
    if kind == "none":
        return ir.Type(*at, "None")
    if kind in ("string", "concatenated_string"):
        return _quoted(reading, node, at)
    if kind in ("generic_type", "subscript") and children:
        head = lower_type(reading, children[0], depth + 1)
        inner = [
            part
            for child in children[1:]
            for part in (child.named_children if child.type == "type_parameter" else [child])
            if part.type != "comment"
        ]
        return _generic(reading, at, head.name, inner, depth)
    if kind in ("binary_operator", "union_type"):
        parts = [lower_type(reading, child, depth + 1) for child in children]
        flat = [part for each in parts for part in (each.args if each.name == "|" else (each,))]
        return ir.Type(*at, "|", tuple(flat))
    if kind == "call" and children:
        return lower_type(reading, children[0], depth + 1)
    if kind in ("list", "tuple", "type_parameter"):
        return ir.Type(*at, "", tuple(lower_type(reading, child, depth + 1) for child in children))
    return ir.Type(*at, "")


def _generic(reading: Reading, at: tuple[int, int], name: str, inner: list[Node], depth: int) -> ir.Type:
    last = name.rpartition(".")[2]
    if last == "Literal":
        return ir.Type(*at, "Literal", (), tuple(_constant(reading, part) for part in inner))
    if last == "Annotated" and inner:
        return lower_type(reading, inner[0], depth + 1)
    args = tuple(lower_type(reading, part, depth + 1) for part in inner)
    if last in ("Union", "Optional"):
        return ir.Type(*at, "|", (*args, ir.Type(*at, "None")) if last == "Optional" else args)
    return ir.Type(*at, name, args)


def _constant(reading: Reading, node: Node) -> ir.Constant:
    try:
        value = ast.literal_eval(reading.text(node))
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return reading.text(node)
    return value if isinstance(value, str | int | float | bool) or value is None else reading.text(node)


def _quoted(reading: Reading, node: Node, at: tuple[int, int]) -> ir.Type:
    """A forward reference. Inside it only names are read: `"list[Server] | None"` is a union of its names."""
    text = reading.text(node).strip("\"' ")
    if _DOTTED.match(text):
        return ir.Type(*at, text)
    names = [name for name in _QUOTED_NAMES.findall(text) if name not in ("Optional", "Union", "None")]
    if not names:
        return ir.Type(*at, "")
    if "[" in text and "|" not in text and not text.startswith(("Optional", "Union", "typing.")):
        return ir.Type(*at, names[0], tuple(ir.Type(*at, name) for name in names[1:]))
    return ir.Type(*at, "|", tuple(ir.Type(*at, name) for name in names))


def marks_of(reading: Reading, node: Node | None) -> list[Node]:
    """What `Annotated[T, mark, ..]` says beside the type."""
    while node is not None and node.type == "type" and node.named_children:
        node = node.named_children[0]
    if node is None or node.type not in ("generic_type", "subscript") or not node.named_children:
        return []
    if reading.text(node.named_children[0]).rpartition(".")[2] != "Annotated":
        return []
    inner = [
        part
        for child in node.named_children[1:]
        for part in (child.named_children if child.type == "type_parameter" else [child])
        if part.type != "comment"
    ][1:]
    return [part.named_children[0] if part.type == "type" and part.named_children else part for part in inner]

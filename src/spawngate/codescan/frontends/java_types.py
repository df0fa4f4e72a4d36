"""Java's types as `ir.Type`.

Belongs here: types as written. Not here: what a type means. Names of nodes: tree-sitter-java 0.23, node-types.json.
"""

from __future__ import annotations

from tree_sitter import Node

from spawngate.codescan import ir
from spawngate.codescan.frontends.lowering import at, parts_of
from spawngate.codescan.frontends.syntax import Reading

MAX_TYPE_DEPTH = 20
_ANNOTATIONS = frozenset(["annotation", "marker_annotation"])


def lower_type(reading: Reading, node: Node, depth: int = 0) -> ir.Type:
    """The type that a node writes; an array is named "[]", a wildcard is its bound."""
    place = at(node)
    kind = node.type
    if depth > MAX_TYPE_DEPTH or not reading.spend():
        return ir.Type(*place, "")
    children = [child for child in parts_of(node) if child.type not in _ANNOTATIONS]
    if kind == "generic_type" and children:
        head = lower_type(reading, children[0], depth + 1)
        inner = parts_of(children[-1]) if len(children) > 1 else []
        return ir.Type(*place, head.name, tuple([lower_type(reading, part, depth + 1) for part in inner]))
    if kind == "array_type":
        element = node.child_by_field_name("element")
        return ir.Type(*place, "[]", (lower_type(reading, element, depth + 1),) if element is not None else ())
    if kind == "wildcard":
        return lower_type(reading, children[-1], depth + 1) if children else ir.Type(*place, "Object")
    if kind == "annotated_type" and children:
        return lower_type(reading, children[-1], depth + 1)
    if node.end_byte - node.start_byte > 300:
        return ir.Type(*place, "")
    return ir.Type(*place, "".join(reading.text(node).split()))


def declared_type(reading: Reading, node: Node | None) -> ir.Type | None:
    """Type of a declaration; None for `var`."""
    if node is None:
        return None
    lowered = lower_type(reading, node)
    return None if lowered.name in ("var", "val") else lowered

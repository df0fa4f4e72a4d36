"""TypeScript's types as `ir.Type`.

Belongs here: annotations, type arguments, what stands behind `extends` and `implements`. Not here: what a type means.
Names of nodes: tree-sitter-typescript 0.23, node-types.json.
"""

from __future__ import annotations

from tree_sitter import Node

from spawngate.codescan import ir
from spawngate.codescan.frontends.javascript_text import string_value
from spawngate.codescan.frontends.syntax import Reading

MAX_TYPE_DEPTH = 20
MAX_FIELDS = 60
"""Fields of a type written in place that are read."""
_NAMES = frozenset(
    [
        "predefined_type",
        "type_identifier",
        "identifier",
        "nested_type_identifier",
        "nested_identifier",
        "member_expression",
        "this_type",
        "this",
    ]
)
_WRAPPERS = frozenset(
    [
        "type_annotation",
        "parenthesized_type",
        "readonly_type",
        "optional_type",
        "rest_type",
        "constraint",
        "default_type",
        "asserts_annotation",
        "type_predicate_annotation",
        "parenthesized_expression",
        "non_null_expression",
        "as_expression",
        "flow_maybe_type",
    ]
)
_NOTHING = frozenset(["null", "undefined", "void", "never"])


def lower_type(reading: Reading, node: Node, depth: int = 0) -> ir.Type:
    """The type that a node writes; what has no name is a Type named ""; an object type is named "{}"."""
    row, column = node.start_point
    at = row + 1, column
    kind = node.type
    if depth > MAX_TYPE_DEPTH or not reading.spend():
        return ir.Type(*at, "")
    if kind in _NAMES:
        return ir.Type(*at, "".join(reading.text(node).split()))
    children = [child for child in node.named_children if child.type != "comment"]
    if kind in _WRAPPERS and children:
        return lower_type(reading, children[0], depth + 1)
    if kind in ("generic_type", "call_expression") and children:
        head = lower_type(reading, children[0], depth + 1)
        inner = children[-1].named_children if len(children) > 1 else []
        return ir.Type(*at, head.name, tuple(lower_type(reading, part, depth + 1) for part in inner))
    if kind in ("union_type", "intersection_type"):
        return _union(reading, node, at, depth)
    if kind == "array_type" and children:
        return ir.Type(*at, "[]", (lower_type(reading, children[0], depth + 1),))
    if kind == "literal_type" and children:
        return _literal(reading, children[0], at)
    if kind == "tuple_type":
        return ir.Type(*at, "()", tuple(lower_type(reading, part, depth + 1) for part in children))
    if kind == "object_type":
        return _object(reading, children, at, depth)
    if kind == "function_type":
        return ir.Type(*at, "function")
    if kind == "type_query" and children:
        return ir.Type(*at, "typeof " + "".join(reading.text(children[0]).split()))
    return ir.Type(*at, "")


def _object(reading: Reading, members: list[Node], at: tuple[int, int], depth: int) -> ir.Type:
    """`{a: A; b?: B}`: a Type named "{}" whose arguments are the types of the fields that its literals name."""
    names: list[ir.Constant] = []
    types: list[ir.Type] = []
    for member in members[:MAX_FIELDS]:
        name, written = member.child_by_field_name("name"), member.child_by_field_name("type")
        if member.type == "property_signature" and name is not None and written is not None:
            names.append(reading.text(name).strip("\"'"))
            types.append(lower_type(reading, written, depth + 1))
    return ir.Type(*at, "{}", tuple(types), tuple(names))


def _union(reading: Reading, node: Node, at: tuple[int, int], depth: int) -> ir.Type:
    """Members of `a | b | c`, which the grammar nests to the left, without recursion along it."""
    members: list[Node] = []
    current: Node | None = node
    while current is not None and current.type == node.type:
        children = [child for child in current.named_children if child.type != "comment"]
        members.extend(reversed(children[1:] if len(children) > 1 else children))
        current = children[0] if len(children) > 1 else None
    if current is not None:
        members.append(current)
    types = [lower_type(reading, member, depth + 1) for member in reversed(members)]
    if node.type == "intersection_type":
        return types[0] if len(types) == 1 else ir.Type(*at, "&", tuple(types))
    kept = [each for each in types if each.name not in _NOTHING]
    if kept and all(each.name == "Literal" for each in kept):
        return ir.Type(*at, "Literal", (), tuple(value for each in kept for value in each.literals))
    return kept[0] if len(kept) == 1 else ir.Type(*at, "|", tuple(kept))


def _literal(reading: Reading, node: Node, at: tuple[int, int]) -> ir.Type:
    kind, text = node.type, reading.text(node)
    if kind == "string":
        return ir.Type(*at, "Literal", (), (string_value(text),))
    if kind in ("true", "false"):
        return ir.Type(*at, "Literal", (), (kind == "true",))
    if kind in _NOTHING:
        return ir.Type(*at, kind)
    return ir.Type(*at, "Literal", (), (text,))

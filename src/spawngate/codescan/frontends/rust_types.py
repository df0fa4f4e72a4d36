"""Rust's types as `ir.Type`.

Belongs here: types as written; references, lifetimes, `impl` and `dyn` are dropped. Not here: what a type means. Names
of nodes: tree-sitter-rust 0.24, node-types.json.
"""

from __future__ import annotations

from tree_sitter import Node

from spawngate.codescan import ir
from spawngate.codescan.frontends.lowering import at, parts_of
from spawngate.codescan.frontends.syntax import Reading

MAX_TYPE_DEPTH = 20
_WRAPPERS = frozenset(
    ["reference_type", "pointer_type", "abstract_type", "dynamic_type", "bracketed_type", "higher_ranked_trait_bound"]
)
_SKIPPED = frozenset(["lifetime", "mutable_specifier", "type_parameters", "removed_trait_bound"])


def lower_type(reading: Reading, node: Node, itself: str = "", depth: int = 0) -> ir.Type:
    """The type that a node writes. `itself` is what `Self` stands for. Tuples are "()", arrays and slices "[]"."""
    place = at(node)
    kind = node.type
    if depth > MAX_TYPE_DEPTH or not reading.spend():
        return ir.Type(*place, "")
    children = [child for child in parts_of(node) if child.type not in _SKIPPED]
    if kind == "generic_type" and children:
        head = lower_type(reading, children[0], itself, depth + 1)
        inner = parts_of(children[-1]) if len(children) > 1 else []
        kept = [part for part in inner if part.type not in ("lifetime", "type_binding", "block", "literal")]
        return ir.Type(*place, head.name, tuple([lower_type(reading, part, itself, depth + 1) for part in kept]))
    if kind in _WRAPPERS and children:
        return lower_type(reading, children[-1], itself, depth + 1)
    if kind == "bounded_type" and children:
        return lower_type(reading, children[0], itself, depth + 1)
    if kind == "qualified_type" and children:
        return lower_type(reading, children[0], itself, depth + 1)
    if kind in ("array_type", "slice_type") and children:
        return ir.Type(*place, "[]", (lower_type(reading, children[0], itself, depth + 1),))
    if kind in ("tuple_type", "unit_type"):
        return ir.Type(*place, "()", tuple([lower_type(reading, part, itself, depth + 1) for part in children]))
    if kind == "function_type":
        return ir.Type(*place, "function")
    if node.end_byte - node.start_byte > 300:
        return ir.Type(*place, "")
    name = "".join(reading.text(node).split())
    if itself and (name == "Self" or name.startswith("Self::")):
        name = itself + name[4:]
    return ir.Type(*place, name)

"""Rules of `macro_rules!` as functions: `($a:expr) => { start($a) }` is `fn it(_a: _) { start(_a) }`.

Belongs here: the text of such a function, with every token where it stands in the file. Not here: its lowering
(`rust`), what a macro of a library does. Repetitions are written once, with one element in place of all; how often, and
fragments that are no values, are not told. Source: The Rust Reference, Macros By Example.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

MAX_RULE = 20_000
"""Bytes of one rule."""
MAX_NODES = 5_000


def name_of(macro: str) -> str:
    """The name of the function that the rules of a macro are."""
    return f"{macro}!"


def rules(definition: Node) -> Iterator[tuple[Node, Node]]:
    """Patterns and bodies of a macro's rules."""
    for rule in definition.named_children:
        left, right = rule.child_by_field_name("left"), rule.child_by_field_name("right")
        if rule.type == "macro_rule" and left is not None and right is not None:
            yield left, right


def as_function(source: bytes, pattern: Node, body: Node) -> tuple[bytes, frozenset[str]] | None:
    """The source of a function for a rule, and the names of its parameters that stand for any number of arguments.

    None where the rule is too large, or has no arguments.
    """
    if body.end_byte - pattern.start_byte > MAX_RULE:
        return None
    names: list[str] = []
    many: set[str] = set()
    for node, repeated in _below(pattern, "token_repetition_pattern"):
        if node.type == "metavariable" and node.parent is not None and node.parent.type == "token_binding_pattern":
            name = f"_{_text(source, node)[1:]}"
            names.append(name)
            if repeated:
                many.add(name)
    if not names:
        return None
    start = body.start_byte
    text = bytearray(source[start : body.end_byte])
    for node, _ in _below(body, "token_repetition"):
        first, last = node.start_byte - start, node.end_byte - start
        if node.type == "metavariable":
            text[first : first + 1] = b" " if text[first:last] == b"$crate" else b"_"
        elif node.type == "token_repetition":
            closing = next((each for each in reversed(node.children) if each.type == ")"), None)
            text[first : first + 2] = b"  "
            if closing is not None:
                behind = closing.start_byte - start
                text[behind:last] = b" " * (last - behind)
    text[:1], text[-1:] = b"{", b"}"
    head = f"fn it({', '.join(f'{name}: _' for name in names)})".encode()
    row, column = body.start_point
    return b"\n" * row + head.ljust(column) + bytes(text), frozenset(many)


def _below(root: Node, repetition: str) -> Iterator[tuple[Node, bool]]:
    """Nodes below one, in their order, and whether they stand in a repetition."""
    stack = [(child, False) for child in reversed(root.children)]
    for _ in range(MAX_NODES):
        if not stack:
            return
        node, within = stack.pop()
        yield node, within
        stack.extend((child, within or node.type == repetition) for child in reversed(node.children))


def _text(source: bytes, node: Node) -> str:
    return source[node.start_byte : node.end_byte].decode("utf-8", "replace")

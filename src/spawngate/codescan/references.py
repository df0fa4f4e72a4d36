"""Functions of libraries that are handed on by their name: `.map(ServerParameters::builder)`, `.map(Transport::new)`.

Belongs here: the call that such a reference stands for, of a static function and of a method. Must not be here: what
the call means (`sinks`, `slicer_calls`), functions of the project (`calls`).
"""

from __future__ import annotations

from collections.abc import Iterator

from spawngate.codescan import ir
from spawngate.codescan.definitions import FunctionInfo, ModuleInfo
from spawngate.codescan.walk import last_name

_runs_words = """
map flatMap flat_map filter_map and_then then thenApply thenCompose mapToObj map_ok for_each forEach try_for_each
ifPresent thenAccept
"""
RUNS = frozenset(_runs_words.split())
"""Methods that run the function which they are given on what they are called on, or on each element of it."""


def calls(reference: ir.Attribute, holder: ir.Call) -> Iterator[ir.Call]:
    """The calls that a reference may stand for: with the value as its argument, and on the value as its object."""
    if not isinstance(holder.callee, ir.Attribute):
        return
    at = reference.line, reference.column
    base = holder.callee.base
    value = ir.Join(*at, (base, ir.Index(*at, base, ir.Unknown(*at, "any"))))
    yield ir.Call(*at, reference, (ir.Argument(*at, value),))
    written = _dotted(reference.base)
    if written:
        yield ir.Call(*at, ir.Attribute(*at, ir.Cast(*at, value, ir.Type(*at, written)), reference.name))


def handed(module: ModuleInfo, name: str) -> Iterator[tuple[ir.Attribute, ir.Call, FunctionInfo]]:
    """References of that name in a file that a method runs, with its call."""
    if module.language not in ("java", "rust"):
        return
    for node, function in module.mentions.get(name, ()):
        holder = module.argument_of.get(node)
        if holder is not None and isinstance(node, ir.Attribute) and last_name(holder[0].callee) in RUNS:
            yield node, holder[0], function


def _dotted(node: ir.Expression) -> str:
    names: list[str] = []
    while isinstance(node, ir.Attribute):
        names.append(node.name)
        node = node.base
    return ".".join([node.id, *reversed(names)]) if isinstance(node, ir.Name) else ""

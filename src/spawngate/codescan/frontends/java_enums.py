"""Constants of Java's enums that have a body of their own (JLS 8.9.1), as one method that asks which constant it is.

Belongs here: `PIPE { void open() {..} }, WEB { void open() {..} }` to `void open() { if (this == PIPE) .. else .. }`.
Must not be here: lowering of the bodies' methods (`java_definitions`).
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import structs

from spawngate.codescan import ir

Bodies = Sequence[tuple[str, Sequence[ir.Function]]]
"""Names of constants in order, each with the methods of its body."""


def joined(members: Sequence[ir.Statement], bodies: Bodies) -> list[ir.Statement]:
    """Members of an enum in which every method that a constant has for itself asks for that constant first."""
    own: dict[tuple[str, int], list[tuple[str, ir.Function]]] = {}
    for constant, methods in bodies:
        for method in methods:
            own.setdefault((method.name, len(method.params)), []).append((constant, method))
    out: list[ir.Statement] = []
    for member in members:
        found = own.pop((member.name, len(member.params)), None) if isinstance(member, ir.Function) else None
        out.append(_chosen(member, found) if isinstance(member, ir.Function) and found else member)
    for found in own.values():
        first = found[0][1]
        out.append(_chosen(structs.replace(first, body=()), found))
    return out


def _chosen(method: ir.Function, own: Sequence[tuple[str, ir.Function]]) -> ir.Function:
    body = method.body
    for constant, each in reversed(own):
        place = each.line, each.column
        test = ir.Operation(*place, "==", (ir.Name(*place, "self"), ir.Name(*place, constant)))
        renamed = tuple(
            ir.Assign(*place, ir.Name(*place, theirs.name), ir.Name(*place, ours.name), theirs.type)
            for theirs, ours in zip(each.params, method.params, strict=True)
            if theirs.name != ours.name
        )
        body = (ir.If(*place, test, (*renamed, *each.body), body),)
    return structs.replace(method, body=body)

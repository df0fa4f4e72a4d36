"""Builders that derive macros write for a Rust struct, as members of the struct itself.

Belongs here: which derives make a builder, and what it looks like: `bon` and `typed-builder` give `T::builder()`, a
method for each field and `build()`; `derive_builder` gives a class `TBuilder` with the same methods and `default()`.
Must not be here: nodes of the grammar. Sources: docs.rs of bon 3, typed-builder 0.21, derive_builder 0.20.
"""

from __future__ import annotations

from collections.abc import Sequence

from spawngate.codescan import ir

_DERIVES = frozenset(["Builder", "TypedBuilder"])


def builds(decorators: Sequence[ir.Expression]) -> bool:
    """Whether a `#[derive(..)]` writes a builder."""
    for mark in decorators:
        if isinstance(mark, ir.Call) and isinstance(mark.callee, ir.Name) and mark.callee.id == "derive":
            for each in mark.args:
                value = each.value
                name = value.name if isinstance(value, ir.Attribute) else value.id if isinstance(value, ir.Name) else ""
                if name in _DERIVES:
                    return True
    return False


def members(title: str, fields: Sequence[ir.Statement], place: tuple[int, int]) -> tuple[ir.Statement, ...]:
    """Methods of the builder, which here is the struct: what they set is what `build()` gives."""
    out: list[ir.Statement] = []
    written = ir.Type(*place, title)
    made = ir.Call(*place, ir.Name(*place, title), (), new=True)
    for name in ("builder", "create_empty"):
        body = (ir.Return(*place, made),)
        out.append(ir.Function(*place, name, (), body, written, static=True, exported=True))
    myself = ir.Name(*place, "self")
    receiver = ir.Param(*place, "self", decorators=(ir.Name(*place, ir.MUTABLE),))
    for field in fields:
        if isinstance(field, ir.Assign) and isinstance(field.target, ir.Name):
            at, name = (field.line, field.column), field.target.id
            own = ir.Attribute(*at, ir.Name(*at, "self"), name)
            given = ir.Param(*at, "value", field.type)
            body_ = (ir.Assign(*at, own, ir.Name(*at, "value")), ir.Return(*at, ir.Name(*at, "self")))
            for called in (name, f"maybe_{name}"):
                added = (ir.Name(*at, ir.ADDED),)
                out.append(ir.Function(*at, called, (receiver, given), body_, written, added, exported=True))
    out.append(ir.Function(*place, "build", (receiver,), (ir.Return(*place, myself),), written, exported=True))
    return tuple(out)


def builder_class(title: str, place: tuple[int, int], exported: bool) -> ir.Class:
    """`TBuilder` of derive_builder: everything that the struct itself has, and `default()`."""
    name = f"{title}Builder"
    made = ir.Call(*place, ir.Name(*place, name), (), new=True)
    empty = ir.Function(
        *place, "default", (), (ir.Return(*place, made),), ir.Type(*place, name), static=True, exported=True
    )
    return ir.Class(*place, name, (ir.Type(*place, title),), (empty,), "struct", (), exported)

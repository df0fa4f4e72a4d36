"""One write against one question: is it the part that is asked for, and what was put there.

Belongs here: assignments to `x.f[k]` and calls that add to a container, wherever they stand. Not here: which of them
concern a field (`slicer_fields`) or a variable (`slicer_variables`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from spawngate.codescan import containers, ir
from spawngate.codescan.definitions import FunctionInfo
from spawngate.codescan.flow import ANY, Path, key_of, leaves, path_of
from spawngate.codescan.walk import last_name, root_name

if TYPE_CHECKING:
    from spawngate.codescan.slicer import Frame, Search, State


def written(
    search: Search,
    statement: ir.Assign,
    target: ir.Expression,
    function: FunctionInfo,
    prefix: Path,
    state: State,
    cost: int,
    frame: Frame | None = None,
) -> bool:
    """A write whose target begins (behind its root) with `prefix`; asks for the part that the state wants."""
    if statement.value is None:
        return False
    whole = path_of(target)
    if whole[: len(prefix)] != prefix:
        return False
    inner = whole[len(prefix) :]
    asked = state.path
    for one, other in zip(asked, inner, strict=False):
        if one != other and ANY not in (one, other):
            return True
    rest = asked[len(inner) :] if len(asked) >= len(inner) else ()
    for leaf, path, _ in leaves(statement.target):
        if leaf is target:
            search.ask(
                statement.value,
                function,
                (*path, *rest),
                frame,
                state,
                cost,
                f"written to `{prefix[-1] if prefix else root_name(target)}`",
                "field",
                statement.line,
            )
            return True
    return False


def stored(search: Search, call: ir.Call, function: FunctionInfo, state: State, cost: int) -> bool:
    """A call that adds to a container (`rows.append(v)`); asks for what it adds of the part that the state wants."""
    found = False
    for expression, path in containers.stored(call, state.path) or ():
        found = True
        name = last_name(call.callee)
        search.ask(expression, function, path, None, state, cost, f"by {name}()", "field", call.line)
    return found


def holder(target: ir.Expression, name: str) -> ir.Expression | None:
    """`x` of `x.name...`."""
    while isinstance(target, ir.Attribute | ir.Index):
        if last_name(target) == name:
            return target.base
        target = target.base
    return None


def below(target: ir.Expression, name: str) -> Path:
    """The steps behind `name` of `x.name[k].f`."""
    steps: list[str | int] = []
    while isinstance(target, ir.Attribute | ir.Index) and last_name(target) != name:
        steps.append(target.name if isinstance(target, ir.Attribute) else key_of(target.key))
        target = target.base
    return tuple(reversed(steps))


def meets(asked: Path, written: Path) -> bool:
    """One of the two lies below the other."""
    return all(one == other or ANY in (one, other) for one, other in zip(asked, written, strict=False))

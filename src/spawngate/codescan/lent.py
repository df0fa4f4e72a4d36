"""What a program puts into a static of Rust through the function that lends it.

Belongs here: `registry().write().unwrap().insert(key, value)`, where `registry()` gives a lock over a static, in one
expression or by way of a local name. Must not be here: locks that are fields (`slicer_fields`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from spawngate.codescan import containers, ir
from spawngate.codescan.definitions import FunctionInfo, held
from spawngate.codescan.flow import ANY, Bound, Path, path_of
from spawngate.codescan.walk import last_name

if TYPE_CHECKING:
    from spawngate.codescan.slicer import Search, State

COST = 2
_STORES = containers.ADDERS | containers.PUTTERS | containers.QUEUERS | containers.UPDATERS


def lent(search: Search, target: FunctionInfo, path: Path, state: State) -> None:
    """Asks for what callers of `target` put at `path` of what it gives them."""
    if target.params or target.module.language != "rust" or target.node.returns is None:
        return
    for module in search.project.importers(target.module, target.name):
        for verb in sorted(_STORES & module.calls.keys()) if target.name in module.calls else ():
            for call, around in module.calls[verb]:
                base = held(call.callee.base) if isinstance(call.callee, ir.Attribute) else call.callee
                if isinstance(base, ir.Call) and _is(search, base, around, target):
                    _stored(search, call, around, path, state)
        for call, around in module.calls.get(target.name, ()):
            for local in _locals(search, call, around) if _is(search, call, around, target) else ():
                for inner, here in module.on.get(local, ()):
                    if here is around:
                        _stored(search, inner, here, path, state)
        step = path[0] if path else ANY
        for statement, place, around in module.writes.get(str(step), ()) if step != ANY else ():
            root = place
            while isinstance(root, ir.Attribute | ir.Index):
                root = root.base
            root = held(root)
            if isinstance(root, ir.Call) and statement.value is not None and _is(search, root, around, target):
                whole = path_of(place)
                if path[: len(whole)] == whole:
                    rest = path[len(whole) :]
                    search.ask(statement.value, around, rest, None, state, COST, "written", "field", statement.line)


def _is(search: Search, call: ir.Call, around: FunctionInfo, target: FunctionInfo) -> bool:
    return any(each.target is target for each in search.calls.reached(call, around))


def _locals(search: Search, call: ir.Call, around: FunctionInfo) -> list[str]:
    """Names under which the function keeps what it was lent."""
    return [
        name
        for name, versions in search.project.flow(around).all.items()
        if any(isinstance(each, Bound) and each.value is not None and held(each.value) is call for each in versions)
    ]


def _stored(search: Search, call: ir.Call, around: FunctionInfo, path: Path, state: State) -> None:
    for expression, part in containers.stored(call, path) or ():
        what = f"by {last_name(call.callee)}()"
        search.ask(expression, around, part, None, state, COST, what, "store", call.line)

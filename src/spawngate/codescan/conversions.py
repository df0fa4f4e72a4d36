"""Rust's conversions: `x.into()` is the `from` of the class that is wanted, for the class that is given.

Belongs here: which `impl From` and `TryFrom` of the project stands behind `.into()` and `.try_into()`, and where those
are called. Must not be here: conversions of the standard library, which keep the value (`containers`), `parse`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from spawngate.codescan import ir
from spawngate.codescan.definitions import ClassInfo, FunctionInfo

if TYPE_CHECKING:
    from spawngate.codescan.calls import Calls

_MADE_BY = {"into": "from", "try_into": "try_from"}
_CALLED_BY = {made: called for called, made in _MADE_BY.items()}
MAX_WAYS = 3
"""Conversions into one class that are followed where the class that is given is not known."""


def into(calls: Calls, node: ir.Call, wanted: ClassInfo, function: FunctionInfo) -> list[FunctionInfo]:
    """The functions of the project that a call of `into` runs to make an object of a class."""
    callee = node.callee
    if not isinstance(callee, ir.Attribute) or callee.name not in _MADE_BY or node.args:
        return []
    ways = [each for each in calls.project.functions(_MADE_BY[callee.name], "rust") if _makes(each, wanted)]
    return _fitting(calls, ways, callee.base, function)


def alike(calls: Calls, node: ir.Call, target: FunctionInfo, function: FunctionInfo) -> list[FunctionInfo]:
    """`Server::from(x)`: of several conversions into a class those that take what is given."""
    if target.name not in _CALLED_BY or target.module.language != "rust":
        return [target]
    if target.owner is None or len(node.args) != 1:
        return [target]
    ways = [each for each in calls.project.functions(target.name, "rust") if _makes(each, target.owner)]
    return _fitting(calls, ways, node.args[0].value, function) or [target]


def _fitting(
    calls: Calls, ways: list[FunctionInfo], given: ir.Expression, function: FunctionInfo
) -> list[FunctionInfo]:
    known = {kind.cls for kind in calls.resolver.kinds(given, function)} - {None}
    fitting = [each for each in ways if known & set(_taken(calls, each))]
    return fitting or (ways if len(ways) <= MAX_WAYS and not known else [])


def sites(calls: Calls, target: FunctionInfo) -> Iterator[tuple[ir.Call, FunctionInfo]]:
    """Calls of `into` that run a `from` of the project: on an object of the class that it takes."""
    name = _CALLED_BY.get(target.name, "")
    if target.module.language != "rust" or not name or target.owner is None:
        return
    for cls in dict.fromkeys(_taken(calls, target)):
        for module in calls.project.modules_with(cls.name, "rust"):
            for call, around in module.calls.get(name, ()):
                base = call.callee.base if isinstance(call.callee, ir.Attribute) and not call.args else None
                if base is not None and any(kind.cls is cls for kind in calls.resolver.kinds(base, around)):
                    yield call, around


def _makes(function: FunctionInfo, wanted: ClassInfo) -> bool:
    return function.owner is not None and function.owner.name == wanted.name and len(function.params) == 1


def _taken(calls: Calls, function: FunctionInfo) -> Iterator[ClassInfo]:
    """Classes of the project that a conversion takes."""
    for param in function.params[:1]:
        for kind in calls.resolver.kinds_of_type(param.type, function):
            if kind.cls is not None:
                yield kind.cls

"""How the arguments of a call become the parameters of a function.

Belongs here: places that give a function its arguments, binding by position, name and spread, Java's overloads. Must
not be here: which definitions a call reaches (`calls`), which places call a definition (`callers`).
"""

from __future__ import annotations

from dataclasses import dataclass

from spawngate.codescan import ir
from spawngate.codescan.definitions import FunctionInfo
from spawngate.codescan.flow import ANY, Path
from spawngate.codescan.walk import last_name


@dataclass(frozen=True, slots=True)
class Site:
    """A place from which a function gets its arguments."""

    call: ir.Call
    function: FunctionInfo
    """The function around the call."""
    cost: int
    way: str = "call"
    """`call`; `construct`; `message`: what a producer sends; `later`: arguments stand behind the function in the same
    call; `applied`: behind it in one list; `job`: one of them is the `data` of the first parameter; `element`, `whole`:
    the receiver's elements or itself are the first parameter; `folded`: its elements are the second; `echo`: a library
    hands over what another of its calls was given under the same name."""
    place: int = 0
    """With `later` and `applied`: position of the function among the arguments, -1 where they are all its own; with
    `job` of the data."""
    shift: int = 0
    """With `later`: parameters ahead that another call fills."""
    via: tuple[ir.Call, FunctionInfo, bool] | None = None
    """The call that hands the function to the one around `call`, where that is, and whether it constructs: parameters
    there are what this call gives, and not what others give who hand over other functions."""


Bindings = list[tuple[ir.Expression, Path]]


def bind(call: ir.Call, target: FunctionInfo, index: int, path: Path, construct: bool = False) -> Bindings:
    """The expressions of a call that a parameter gets, each with the path to ask of it; empty for a default.

    `index` -1 is the receiver. `path` is what is asked of the parameter.
    """
    callee = call.callee
    offset = 1 if target.receiver and (construct or _bound(call, target)) else 0
    if index == -1 or (index == 0 and offset):
        return [(callee.base, path)] if isinstance(callee, ir.Attribute) and not construct else []
    param = target.params[index]
    place = index - offset
    if param.spread == "*":
        return _rest(call, place, path)
    if param.spread == "**":
        return _keywords(call, target, path)
    out: Bindings = []
    position = 0
    for argument in call.args:
        if argument.name or argument.spread == "**":
            continue
        if argument.spread == "*":
            if position <= place and not param.keyword_only:
                out.append((argument.value, (place - position, *path)))
            break
        if position == place and not param.keyword_only:
            return [(argument.value, path)]
        position += 1
    for argument in call.args:
        if argument.name == param.name:
            return [(argument.value, path)]
    out.extend((argument.value, (param.name, *path)) for argument in call.args if argument.spread == "**")
    return out


def _bound(call: ir.Call, target: FunctionInfo) -> bool:
    """The object stands before the dot, or is bound already; not among the arguments."""
    callee = call.callee
    if not isinstance(callee, ir.Attribute):
        return True
    if target.module.language == "rust" and len(call.args) == len(target.params) - 1:
        return True  # `Runner.start(x)` of a struct without fields; `Runner::start(runner, x)` has one more
    owner = target.owner
    by_class = isinstance(callee.base, ir.Name) and owner is not None and callee.base.id == owner.name
    return not by_class or any(last_name(each) == "classmethod" for each in target.node.decorators)


def _rest(call: ir.Call, place: int, path: Path) -> Bindings:
    out: Bindings = []
    wanted = path[0] if path else ANY
    inner = path[1:] if path else ()
    position = 0
    for argument in call.args:
        if argument.name or argument.spread == "**":
            continue
        if argument.spread == "*":
            out.append((argument.value, path or ()))
        elif position >= place and (not isinstance(wanted, int) or wanted == position - place):
            out.append((argument.value, inner))
        position += 1
    return out


def _keywords(call: ir.Call, target: FunctionInfo, path: Path) -> Bindings:
    named = {param.name for param in target.params if not param.spread}
    wanted = path[0] if path else ANY
    inner = path[1:] if path else ()
    out: Bindings = [
        (argument.value, inner)
        for argument in call.args
        if argument.name and argument.name not in named and wanted in (ANY, argument.name)
    ]
    if wanted == ANY or not out:
        out.extend((argument.value, path) for argument in call.args if argument.spread == "**")
    return out


def siblings(target: FunctionInfo) -> list[FunctionInfo]:
    """Methods of one name in one class: Java's overloads. Elsewhere the function alone."""
    if target.module.language != "java" or target.owner is None:
        return [target]
    return [each for each in target.module.functions.get(target.name, ()) if each.owner is target.owner] or [target]


def accepts(call: ir.Call, target: FunctionInfo) -> bool:
    """The number of arguments fits the parameters."""
    count = sum(1 for each in call.args if not (isinstance(each.value, ir.Unknown) and each.value.what == "class"))
    params = target.params
    if params and params[-1].spread:
        return count >= len(params) - 1
    return count == len(params)

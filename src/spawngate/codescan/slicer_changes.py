"""The slice through calls that change what they are given: `fill(d, v)`, `rows.append(v)`, `setattr(x, k, v)`.

Belongs here: what a call may have put into its receiver or an argument, and how long a list was before. Not here: what
the call gives back (`slicer_calls`), which adding methods there are (`containers`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from spawngate.codescan import containers, ir, paired
from spawngate.codescan.binding import bind
from spawngate.codescan.definitions import ClassInfo, FunctionInfo
from spawngate.codescan.flow import (
    ANY,
    RECEIVER,
    Bound,
    Changed,
    Handed,
    Merged,
    Parameter,
    Path,
    Unset,
    Version,
    key_of,
    path_of,
)
from spawngate.codescan.models.match import select
from spawngate.codescan.places import is_place, plain, remaining
from spawngate.codescan.walk import last_name

if TYPE_CHECKING:
    from spawngate.codescan.slicer import Search, State

MAX_VERSIONS = 60


def handed(search: Search, version: Handed, state: State) -> None:
    """What a call may have put into its receiver or argument, and what was there before."""
    node = version.call
    function = state.function
    asked = state.path
    name = last_name(node.callee)
    knowledge = search.knows(function)
    inner: Path = ()
    if version.position == RECEIVER and isinstance(node.callee, ir.Attribute):
        inner = path_of(node.callee.base)
        if isinstance(node.callee.base, ir.Call):
            inner = _entry_of(node.callee.base)
    rest = remaining(asked, inner)
    search.ask(version.before, function, asked, state.frame, state)
    if rest is None:
        return
    line = node.line
    spoken = search.resolver.spoken(node.callee, function)
    if knowledge.propagators.may_match(*spoken) or knowledge.source_calls.may_match(*spoken):
        callee = search.resolver.callee(node.callee, function)
        models = knowledge.propagators.find(callee, node)
        for model in models:
            for flow in model.flows:
                if is_place(node, flow.to, version.position):
                    below = remaining(rest, flow.to.path)
                    if below is not None:
                        for expression, left in select(node, flow.source):
                            search.ask(
                                expression,
                                function,
                                (*plain(left), *below),
                                state.frame,
                                state,
                                0,
                                f"by {name}()",
                                "assign",
                                line,
                            )
        for source in knowledge.source_calls.find(callee, node):
            for taint in source.taints:
                if is_place(node, taint, version.position) and remaining(rest, taint.path) is not None:
                    search.source(source.kind, source.id, source.what or f"{name}()", state, line)
        if models:
            return
    if name == "setattr" and version.position == 0 and len(node.args) == 3:
        around, named = search.project.flow(function), node.args[1].value
        key = key_of(named)
        value = node.args[2].value
        if rest and not paired.may_be(around, named, rest[0], search.members(function)):
            return
        entries = paired.source_of(around, named, value) or paired.part_of(named, value)
        if entries is not None and rest:
            search.ask(entries, function, rest, state.frame, state, 0, "by setattr()", "assign", line)
        elif rest and (rest[0] == key or ANY in (rest[0], key)):
            search.ask(value, function, rest[1:], state.frame, state, 0, "by setattr()", "assign", line)
        return
    reached = search.calls.reached(node, function)
    for each in reached:
        target = each.target
        construct = isinstance(target, ClassInfo)
        if isinstance(target, ClassInfo):
            init = search.resolver.method(target, "__init__")
            if init is None:
                continue
            target = init
        _changed_by(search, version, target, rest, state, each.cost, construct)
    if reached or version.position != RECEIVER:
        return
    if rest and isinstance(rest[0], int) and rest[0] < known_length(version) and name in containers.ADDERS:
        return
    for expression, path in containers.stored(node, rest) or ():
        search.ask(expression, function, path, state.frame, state, 0, f"by {name}()", "assign", line)


def _entry_of(node: ir.Call) -> Path:
    """The entry that `data["servers"].setdefault(name, {})` hands out to be changed."""
    callee = node.callee
    if not isinstance(callee, ir.Attribute) or callee.name != "setdefault" or not node.args:
        return ()
    if isinstance(callee.base, ir.Call):
        return (*_entry_of(callee.base), key_of(node.args[0].value))
    return (*path_of(callee.base), key_of(node.args[0].value))


def known_length(version: Version) -> int:
    """Elements that a list has from the start: what is added behind them, on whatever way, is not among them."""
    lengths: list[int] = []
    seen: set[Version] = set()
    todo = [version]
    while todo and len(seen) < MAX_VERSIONS:
        here = todo.pop()
        if here in seen:
            continue
        seen.add(here)
        if isinstance(here, Merged):
            todo.extend(each for each in here.versions if not isinstance(each, Unset))
        elif isinstance(here, Changed | Handed):
            todo.append(here.before)
        else:
            lengths.append(_written_length(here))
    return min(lengths) if lengths and not todo else 0


def _written_length(version: Version) -> int:
    if isinstance(version, Bound) and isinstance(version.value, ir.Sequence) and not version.path:
        for place, item in enumerate(version.value.items):
            if isinstance(item, ir.Spread):
                return place
        return len(version.value.items)
    return 0


def _may_change(target: FunctionInfo, name: str) -> bool:
    """Rust says through which parameters a function changes what it is given."""
    marks = [mark for param in target.params if param.name == name for mark in param.decorators]
    return any(isinstance(mark, ir.Name) and mark.id == ir.MUTABLE for mark in marks)


def _changed_by(
    search: Search, version: Handed, target: FunctionInfo, rest: Path, state: State, cost: int, construct: bool
) -> None:
    """The function of the project may have changed the object: its version when the function ends."""
    flow = search.project.flow(target)
    name = ""
    if version.position == RECEIVER:
        name = "self"
        if target.receiver and target.params:
            name = target.params[0].name
    else:
        wanted = version.call.args[version.position].value
        for index, param in enumerate(target.params):
            if any(value is wanted for value, _ in bind(version.call, target, index, (), construct)):
                name = param.name
                break
    if target.module.language == "rust" and not _may_change(target, name):
        return
    end = flow.exit.get(name)
    if end is None or isinstance(end, Parameter):
        return
    frame = search.enter(version.call, state.function, target, state.frame, None, construct)
    if frame is not None:
        search.ask(
            end,
            target,
            rest,
            frame,
            state,
            cost,
            f"changed by {target.qualname}()",
            "call",
            version.call.line,
            state.function,
        )

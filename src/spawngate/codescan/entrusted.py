"""Functions that a program entrusts to a library which calls them: what they are called with comes from its side.

Belongs here: the ways in which a function gets to a library (a decorator of its, a class of its that is extended, an
argument, a field of its object, an object that is registered) and what then follows of the library's purpose. It is the
default where no model describes the handler and nobody in the project calls it. Not here: what libraries are for
(`families`), handlers that a model describes (`knowledge`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from spawngate.codescan import ir
from spawngate.codescan.definitions import FunctionInfo
from spawngate.codescan.families import family
from spawngate.codescan.finding import SourceKind
from spawngate.codescan.flow import Bound
from spawngate.codescan.meanings import Value
from spawngate.codescan.walk import inside

if TYPE_CHECKING:
    from spawngate.codescan.calls import Calls

_HOOKS = frozenset(["_run", "_arun", "_call", "_acall", "_execute", "_aexecute", "_handle", "_process"])
"""Methods that libraries call although their names begin as those of private ones do."""
MAX_STEPS = 8
MAX_FILES = 12


def to(calls: Calls, function: FunctionInfo) -> tuple[str, SourceKind] | None:
    """The library that calls the function, and the kind of what it gives it; None where none is known to."""
    if function.module.language != "python":
        return None
    known = calls.entrusted
    if function not in known:
        known[function] = None
        for name in _holders(calls, function):
            found = family(name)
            if found is not None and not _is_own(calls, name.partition(".")[0]):
                known[function] = found
                break
    return known[function]


def _is_own(calls: Calls, package: str) -> bool:
    """The project is that library, or holds a copy of it: a package that lies in no other."""
    found = calls.own_packages.get(package)
    if found is None:
        sources = calls.project.sources
        inits = [path for path in sources if f"/{path}".endswith(f"/{package}/__init__.py")]
        found = any(f"{path.removesuffix(f'{package}/__init__.py')}__init__.py" not in sources for path in inits)
        calls.own_packages[package] = found
    return found


def _holders(calls: Calls, function: FunctionInfo) -> Iterator[str]:
    """Qualified names of what may call the function."""
    around = function.parent or function.module.top
    for mark in function.node.decorators:
        yield from belongs(calls, mark, around)
    owner = function.owner
    if owner is not None:
        if function.name[:1] != "_" or function.name in _HOOKS:
            yield from calls.resolver.class_names(owner)
        for mark in owner.decorators:
            yield from belongs(calls, mark, owner.module.top)
        for site in calls.sites(owner) if function.name[:1] != "_" else ():
            if site.way == "construct":
                yield from _handed_over(calls, site.call, site.function)
    if function.closure is not None:
        yield from _given(calls, function.closure, around)
    elif function.name:
        files = [function.module, *calls.project.modules_using(function.name, "python")]
        for module in list(dict.fromkeys(files))[:MAX_FILES]:
            for node, place in module.mentions.get(function.name, ()):
                if any(each is function for each in calls.callables.of(node, place)):
                    yield from _given(calls, node, place)


def _handed_over(calls: Calls, made: ir.Call, around: FunctionInfo) -> Iterator[str]:
    """`server.register_instance(Facade())`, also by way of a variable."""
    names = {
        name
        for name, versions in calls.project.flow(around).all.items()
        if any(isinstance(each, Bound) and each.value is made for each in versions)
    }
    for found in list(around.module.calls.values()):
        for call, place in found:
            if place is around and any(
                each.value is made or (isinstance(each.value, ir.Name) and each.value.id in names) for each in call.args
            ):
                yield from belongs(calls, call.callee, around)


def _given(calls: Calls, node: ir.Expression, around: FunctionInfo) -> Iterator[str]:
    """The call that gets the function, or the object whose field it becomes."""
    module = around.module
    holder = module.argument_of.get(node)
    call = holder[0] if holder is not None else module.entry_of.get(node)
    if call is not None:
        yield from belongs(calls, call.callee, around)
        return
    for found in module.writes.values():
        for statement, target, place in found:
            if place is around and statement.value is node and isinstance(target, ir.Attribute):
                yield from belongs(calls, target.base, around)
    for calls_ in list(module.calls.values()):
        for each, place in calls_:
            if place is around and any(part is node for part in _listed(each)):
                yield from belongs(calls, each.callee, around)


def _listed(call: ir.Call) -> Iterator[ir.Expression]:
    """What stands in lists and objects among the arguments: `tools=[f, g]`."""
    for argument in call.args:
        if isinstance(argument.value, ir.Sequence | ir.Record):
            yield from inside(argument.value)


def belongs(calls: Calls, node: ir.Expression, function: FunctionInfo) -> Iterator[str]:
    """Qualified names of the library's thing that an expression begins with, through variables and calls."""
    resolver = calls.resolver
    for _ in range(MAX_STEPS):
        while isinstance(node, ir.Attribute | ir.Call | ir.Index | ir.Cast):
            if isinstance(node, ir.Attribute):
                for kind in resolver.kinds(node, function):
                    yield from kind.names if kind.cls is None else resolver.class_names(kind.cls)
            node = node.callee if isinstance(node, ir.Call) else node.value if isinstance(node, ir.Cast) else node.base
        if not isinstance(node, ir.Name) or node.id in ("self", "cls"):
            return
        for kind in resolver.kinds(node, function):
            yield from kind.names if kind.cls is None else resolver.class_names(kind.cls)
        module = function.module
        version = resolver.project.flow(function).uses.get(node)
        if isinstance(version, Bound) and version.value is not None:
            node = version.value
            continue
        if resolver.scope_of(node.id, function) not in (None, module.top):
            return
        if node.id in module.imports:
            yield from resolver.names(module).qualified(node)
            for meaning in resolver.meaning(node.id, function):
                if isinstance(meaning, Value):
                    made = [each.value for each in meaning.module.assigned.get(meaning.name, ())]
                    if len(made) == 1 and isinstance(made[0], ir.Call):
                        yield from belongs(calls, made[0], meaning.module.top)
            return
        values = [each.value for each in module.assigned.get(node.id, ())]
        if len(values) != 1 or not isinstance(values[0], ir.Call):
            return
        node, function = values[0], module.top

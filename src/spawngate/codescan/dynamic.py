"""What Python objects answer and call by convention: `__getattr__`, single dispatch, partial methods, schemas' hooks.

Belongs here: conventions of Python's data model, of `functools` and of marshmallow that lead to another definition of
the project. Not here: fields and calls as they are written (`slicer_fields`, `calls`).
Sources: Python 3.13, data model and functools; marshmallow 4, extending schemas.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, TypeGuard

from spawngate.codescan import ir
from spawngate.codescan.definitions import ClassInfo, FunctionInfo
from spawngate.codescan.flow import Bound, Path
from spawngate.codescan.walk import last_name

if TYPE_CHECKING:
    from spawngate.codescan.calls import Calls
    from spawngate.codescan.slicer import Search, State


def answered(search: Search, cls: ClassInfo, name: str, state: State) -> bool:
    """What `__getattr__` of a class returns for a field that nothing writes; False where the class has none."""
    method = search.resolver.method(cls, "__getattr__")
    if method is None or cls.module.language != "python" or len(method.params) < 2:
        return False
    asked = method.params[1].name
    for returned in search.project.flow(method).returns:
        value = returned.value
        if value is None:
            continue
        what = f"read by {method.qualname}()"
        base, path = value, state.path
        if isinstance(value, ir.Index) and isinstance(value.key, ir.Name) and value.key.id == asked:
            base, path = value.base, (name, *state.path)
        elif isinstance(value, ir.Call) and value.args and _is_name(value.args[0].value, asked):
            if isinstance(value.callee, ir.Attribute) and value.callee.name in ("get", "pop"):
                base, path = value.callee.base, (name, *state.path)
        elif _is_getattr(value, asked):
            base, path = value.args[0].value, (name, *state.path)
        search.ask(base, method, path, None, state, 1, what, "return", returned.line)
    return True


def _is_getattr(node: ir.Expression, name: str) -> TypeGuard[ir.Call]:
    """`getattr(x, name)`."""
    called = isinstance(node, ir.Call) and last_name(node.callee) == "getattr" and len(node.args) > 1
    return called and isinstance(node, ir.Call) and _is_name(node.args[1].value, name)


def _is_name(node: ir.Expression, name: str) -> bool:
    return isinstance(node, ir.Name) and node.id == name


def dispatcher(calls: Calls, target: FunctionInfo) -> FunctionInfo | None:
    """The function whose calls reach `target`, which is registered with it for a type: `@f.register`."""
    around = target.parent or target.module.top
    for mark in target.node.decorators:
        named = mark.callee if isinstance(mark, ir.Call) else mark
        if not isinstance(named, ir.Attribute) or named.name != "register":
            continue
        for found in calls.callables.of(named.base, around):
            if isinstance(found, FunctionInfo) and _dispatches(found):
                return found
    return None


def _dispatches(function: FunctionInfo) -> bool:
    marks = (mark.callee if isinstance(mark, ir.Call) else mark for mark in function.node.decorators)
    return any(last_name(mark) in ("singledispatch", "singledispatchmethod") for mark in marks)


def by_convention(calls: Calls, target: FunctionInfo) -> Iterator[tuple[ir.Call, FunctionInfo, int, int]]:
    """Calls that give a method its arguments without naming it, each with the place of the function among the call's
    arguments (-1: all are the method's own) and the number of parameters ahead of them that another call fills.

    `name = partialmethod(f, a)` in the class and `x.name(b)`; `Schema().load(data)` of a method marked `post_load`;
    `getattr(x, f"on_{kind}")(event)` for the methods that begin so.
    """
    owner = target.owner
    if owner is None or target.module.language != "python":
        return
    for name, field in owner.fields.items():
        wrapper = field.value
        if not isinstance(wrapper, ir.Call) or last_name(wrapper.callee) != "partialmethod" or not wrapper.args:
            continue
        if _is_name(wrapper.args[0].value, target.name):
            yield wrapper, owner.module.top, 0, 0
            given = sum(1 for each in wrapper.args[1:] if not each.name)
            for call, around in _called(calls, name, owner):
                yield call, around, -1, given
    if _is_hook(target):
        for call, around in _called(calls, "load", owner):
            yield call, around, -1, 0
    if target.name == "__setitem__":
        for call, around in _entries_set(calls, owner):
            yield call, around, -1, 0
    for call, around in _looked_up(calls, target, owner):
        yield call, around, -1, 0
    for path in calls.project.files_with("methodcaller"):
        module = calls.project.module(path) if _LOOKS_UP.search(calls.project.sources[path]) else None
        for call, around in module.calls.get("methodcaller", ()) if module is not None else ():
            prefix = _prefix(call.args[0].value) if call.args else ""
            if prefix and target.name.startswith(prefix):
                yield call, around, 0, 0


def _entries_set(calls: Calls, owner: ClassInfo) -> Iterator[tuple[ir.Call, FunctionInfo]]:
    """`registry[key] = value` as the call that it is, for objects of a class that defines `__setitem__`."""
    modules = dict.fromkeys(calls.project.modules_with(owner.name, "python"))
    for module in list(modules):
        for name, statements in module.assigned.items():
            if any(
                isinstance(each.value, ir.Call) and last_name(each.value.callee) == owner.name for each in statements
            ):
                modules.update(dict.fromkeys(calls.project.importers(module, name)))
    for module in modules:
        for found in list(module.writes.values()):
            for statement, target, around in found:
                if not isinstance(target, ir.Index) or target.key is None or statement.value is None:
                    continue
                if statement.target is target and _is_of(calls, target.base, around, owner):
                    at = target.line, target.column
                    args = (ir.Argument(*at, target.key), ir.Argument(*at, statement.value))
                    yield ir.Call(*at, ir.Attribute(*at, target.base, "__setitem__"), args), around


def entry(search: Search, node: ir.Index, state: State) -> bool:
    """`registry[key]` of an object whose class defines `__getitem__`: what that returns."""
    found = False
    if state.function.module.language == "python" and node.key is not None:
        for kind in search.resolver.kinds(node.base, state.function):
            method = search.resolver.method(kind.cls, "__getitem__") if kind.cls is not None and kind.instance else None
            if method is not None:
                from spawngate.codescan.slicer_calls import into

                at = node.line, node.column
                callee = ir.Attribute(*at, node.base, "__getitem__")
                into(search, ir.Call(*at, callee, (ir.Argument(*at, node.key),)), method, state, 0)
                found = True
    return found


_LOOKS_UP = re.compile(rb"(getattr\([^()]*,|methodcaller\()\s*f[\"']")
"""Text of a file that looks something up by a name put together; others are not lowered for it."""


def _looked_up(calls: Calls, target: FunctionInfo, owner: ClassInfo) -> Iterator[tuple[ir.Call, FunctionInfo]]:
    for module in calls.project.modules(calls.project.texts.files_matching("getattr", _LOOKS_UP), "python"):
        for lookup, around in module.calls.get("getattr", ()):
            if len(lookup.args) < 2:
                continue
            prefix = _prefix(lookup.args[1].value)
            if not prefix or not target.name.startswith(prefix):
                continue
            if not _is_of(calls, lookup.args[0].value, around, owner, below=True):
                continue
            names = {
                name
                for name, versions in calls.project.flow(around).all.items()
                if any(isinstance(each, Bound) and each.value is lookup for each in versions)
            }
            for called in ("", *sorted(names)):
                for call, place in module.calls.get(called, ()):
                    if place is around and (called or call.callee is lookup):
                        yield call, around


def _prefix(name: ir.Expression) -> str:
    """The constant text that a name put together begins with, of some length: it says which methods are meant."""
    first = name.parts[0] if isinstance(name, ir.Format) and name.parts else None
    value = first.value if isinstance(first, ir.Literal) else None
    return value if isinstance(value, str) and len(value) > 2 else ""


_LOADERS = frozenset(["import_module", "__import__", "module_from_spec", "load_module", "load_source"])
MAX_LOADED = 10


def members_of_loaded(calls: Calls, callee: ir.Attribute, function: FunctionInfo) -> list[FunctionInfo | ClassInfo]:
    """`importlib.import_module(f"plugins.{kind}").Plugin(..)`: what the files below hold under that name."""
    loader: ir.Expression | None = callee.base
    if isinstance(loader, ir.Name):
        version = calls.project.flow(function).uses.get(loader)
        loader = version.value if isinstance(version, Bound) and not version.path else None
    if not isinstance(loader, ir.Call) or last_name(loader.callee) not in _LOADERS:
        return []
    below = _prefix(loader.args[0].value).rpartition(".")[0].strip(".").replace(".", "/") if loader.args else ""
    found: list[FunctionInfo | ClassInfo] = []
    for module in calls.project.modules_with(callee.name, "python"):
        folder = module.path.rpartition("/")[0]
        own = module.toplevel(callee.name)
        if isinstance(own, FunctionInfo | ClassInfo) and (not below or f"/{folder}/".find(f"/{below}/") >= 0):
            found.append(own)
    return found if len(found) <= MAX_LOADED else []


def through_library(calls: Calls, target: FunctionInfo) -> Iterator[tuple[ir.Call, FunctionInfo]]:
    """Calls by the name of a marked function on a library's object: `manager.hook.open_server(name=n)` of pluggy."""
    if not target.node.decorators or target.module.language != "python" or len(target.name) < 5:
        return
    names = {param.name for param in target.params}
    for module in calls.project.modules_using(target.name, "python"):
        for call, around in module.calls.get(target.name, ()):
            given = [argument.name for argument in call.args if argument.name]
            fits = given and len(given) == len(call.args) and names.issuperset(given)
            if fits and isinstance(call.callee, ir.Attribute) and not calls.reached(call, around):
                yield call, around


def graph_state(search: Search, function: FunctionInfo, index: int, path: Path, state: State) -> bool:
    """The state of a graph (LangGraph): what its other nodes return under that key. False for no node's parameter."""
    if index != 0 or not path or function.module.language != "python" or function.owner is not None:
        return False
    nodes: dict[FunctionInfo, None] = {}
    for module in search.project.calling("add_node", "python"):
        for call, around in module.calls.get("add_node", ()):
            for argument in call.args[:2]:
                found = search.calls.callables.of(argument.value, around)
                nodes.update(dict.fromkeys(each for each in found if isinstance(each, FunctionInfo)))
    if function not in nodes:
        return False
    answered = False
    for node in nodes:
        for returned in search.project.flow(node).returns:
            if node is function or returned.value is None:
                continue
            keys = _keys(returned.value)
            answered = answered or keys is None or str(path[0]) in keys
            what = f"left in the graph's state by {node.qualname}()"
            search.ask(returned.value, node, path, None, state, 2, what, "store", returned.line)
    started = [each for word in _STARTS for each in _started(search, word, str(path[0]))]
    for value, around in started:
        search.ask(value, around, path[1:], None, state, 2, "given to the graph", "argument", value.line)
    return answered or bool(started)


def _keys(value: ir.Expression) -> set[str] | None:
    """The keys of an object that is written out; None where they are not all known."""
    if not isinstance(value, ir.Record) or not all(isinstance(each.key, ir.Literal) for each in value.entries):
        return None
    return {str(each.key.value) for each in value.entries if isinstance(each.key, ir.Literal)}


_STARTS = ("invoke", "ainvoke", "stream", "astream", "astream_events", "batch", "abatch")


def _started(search: Search, word: str, key: str) -> Iterator[tuple[ir.Expression, FunctionInfo]]:
    """What a graph is started with under a key: `graph.ainvoke({"command": c})`."""
    for module in search.project.calling(word, "python"):
        for call, around in module.calls.get(word, ()):
            given = call.args[0].value if call.args else None
            if isinstance(given, ir.Name):
                version = search.project.flow(around).uses.get(given)
                given = version.value if isinstance(version, Bound) and not version.path else None
            for entry in given.entries if isinstance(given, ir.Record) else ():
                if isinstance(entry.key, ir.Literal) and entry.key.value == key:
                    yield entry.value, around


def _is_hook(method: FunctionInfo) -> bool:
    marks = (mark.callee if isinstance(mark, ir.Call) else mark for mark in method.node.decorators)
    return any(last_name(mark) == "post_load" for mark in marks)


def _called(calls: Calls, name: str, cls: ClassInfo) -> Iterator[tuple[ir.Call, FunctionInfo]]:
    for module in calls.project.modules_using(name, "python"):
        for call, around in module.calls.get(name, ()):
            if isinstance(call.callee, ir.Attribute) and _is_of(calls, call.callee.base, around, cls):
                yield call, around


def _is_of(calls: Calls, node: ir.Expression, function: FunctionInfo, cls: ClassInfo, below: bool = False) -> bool:
    """An object of the class or of one below it; with `below` also of one that it extends."""
    resolver = calls.resolver
    kinds = [kind.cls for kind in resolver.kinds(node, function) if kind.cls is not None]
    return any(resolver.extends(each, cls) or (below and resolver.extends(cls, each)) for each in kinds)


def loaded(search: Search, node: ir.Call, state: State) -> bool:
    """`Schema().load(data)` of marshmallow: what its `post_load` makes, else the data as the schema declares it."""
    callee = node.callee
    if not isinstance(callee, ir.Attribute) or callee.name not in ("load", "loads") or not node.args:
        return False
    if state.function.module.language != "python":
        return False
    for kind in search.resolver.kinds(callee.base, state.function):
        cls = kind.cls
        if cls is None or not any(name.endswith("marshmallow.Schema") for name in search.resolver.class_names(cls)):
            continue
        for method in (method for each in (cls, *search.resolver.bases(cls)) for method in each.methods.values()):
            if _is_hook(method):
                from spawngate.codescan.slicer_calls import into

                into(search, node, method, state, 0)
                return True
        declared = cls.fields.get(str(state.path[0])) if state.path else None
        closed = isinstance(declared.value, ir.Call) and _is_closed(declared.value) if declared is not None else False
        if not closed:
            search.follow(node.args[0].value, state, state.path)
        return True
    return False


_CLOSED = frozenset(
    ["Integer", "Int", "Boolean", "Bool", "Float", "Decimal", "UUID", "DateTime", "Enum", "Url", "Number"]
)


def _is_closed(field: ir.Call) -> bool:
    """A field that holds no text of the sender's: a number, an identifier, one of a list."""
    if last_name(field.callee) in _CLOSED:
        return True
    checks = (argument.value for argument in field.args if argument.name == "validate")
    return any(isinstance(check, ir.Call) and last_name(check.callee) == "OneOf" for check in checks)

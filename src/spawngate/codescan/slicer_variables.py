"""The slice through variables that outlive a function: those of modules, of functions around, and shared objects.

Belongs here: which writes a read of such a variable may see. Not here: fields of the project's own classes
(`slicer_fields`), rows and files (`stores`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from spawngate.codescan import containers, ir
from spawngate.codescan.definitions import FunctionInfo, ModuleInfo
from spawngate.codescan.flow import ANY, KEYS, leaves, path_of
from spawngate.codescan.meanings import Value
from spawngate.codescan.slicer_writes import below, holder, meets, stored, written
from spawngate.codescan.walk import last_name, root_name

if TYPE_CHECKING:
    from spawngate.codescan.slicer import Search, State

SHARED = frozenset(
    ["session_state", "user_session", "session", "state", "locals", "globalThis", "global", "app_data", "bot_data", "g"]
)
"""Objects of frameworks on which a program keeps what it needs elsewhere, by a key: Streamlit's `st.session_state`,
Flask's `session` and `g`, Starlette's `app.state`, Express's `app.locals` and `req.session`, JavaScript's globals."""


def module_value(search: Search, thing: Value, state: State) -> None:
    """A variable at the top of a module, with every write to it in the project."""
    module, name = thing.module, thing.name
    top = module.top
    end = search.project.flow(top).exit.get(name)
    answered = False
    if end is not None:
        answered = True
        search.ask(end, top, state.path, None, state)
    for value in module.exports.get(name, ()):
        if not (isinstance(value, ir.Name) and value.id == name):
            answered = True
            search.ask(value, top, state.path, None, state)
    for other, local in _seen_as(search, module, name):
        for statement, target, function in other.writes.get(local, ()):
            if function is top:
                continue
            if root_name(target) == local and search.resolver.scope_of(local, function) in (
                None,
                other.top,
                function,
            ):
                written(search, statement, target, function, (), state, 1)
            elif holder(target, local) is not None and other is not module:
                whole = path_of(target)
                written(search, statement, target, function, whole[: whole.index(local) + 1], state, 2)
        for call, function in other.on.get(local, ()):
            if function is not top:
                stored(search, call, function, state, 1)
        _storedbelow(search, other, local, state)
    for function in module.rebound.get(name, ()):
        if search.resolver.scope_of(name, function) in (None, top):
            search.rebound(name, function, state)
    if not answered:
        search.unresolved(f"variable `{name}` of {module.path}", state)


def _seen_as(search: Search, module: ModuleInfo, name: str) -> list[tuple[ModuleInfo, str]]:
    """The files that may import the variable, each with every name that it has there."""
    key = module.path, name
    known = search.project.seen_as.get(key)
    if known is None:
        importing = search.project.importers(module, name)
        known = [(other, local) for other in importing for local in _locals(search, other, module, name)]
        search.project.seen_as[key] = known
    return known


def _locals(search: Search, other: ModuleInfo, module: ModuleInfo, name: str) -> list[str]:
    """Under which names a file sees the variable."""
    if other is module:
        return [name]
    out: list[str] = []
    for local, imports in other.imports.items():
        for statement in imports:
            if statement.name == name or (statement.name == "default" and name == "default"):
                meanings = search.resolver.meaning(local, other.top)
                if any(isinstance(each, Value) and each.module is module and each.name == name for each in meanings):
                    out.append(local)
            elif not statement.name and module.path in search.project.imported(other, statement.module):
                out.append(name)
    return out


def stored_within(search: Search, name: str, scope: FunctionInfo, state: State) -> None:
    """`chunks.push(x)` in a function nested in the one whose variable `chunks` is."""
    for call, function in search.resolver.inner_calls(name, scope):
        stored(search, call, function, state, 1)
    for statement, target, function in scope.module.writes.get(name, ()):
        if function is scope or function.parent is None or root_name(target) != name or statement.target is not target:
            continue
        part, asked = path_of(target), state.path
        if statement.value is None or part is None or search.resolver.scope_of(name, function) is not scope:
            continue
        if len(part) <= len(asked) and all(
            one == other or ANY in (one, other) for one, other in zip(part, asked, strict=False)
        ):
            what = f"written to `{name}`"
            search.ask(statement.value, function, asked[len(part) :], None, state, 1, what, "field", statement.line)


def sent(search: Search, name: str, top: FunctionInfo, state: State) -> None:
    """`subject.next(x)` in the functions of a file, for a chain that its top builds on the subject."""
    for call, function in top.module.on.get(name, ()):
        callee = call.callee
        if function is top or not isinstance(callee, ir.Attribute) or callee.name != "next":
            continue
        if isinstance(callee.base, ir.Name) and search.resolver.scope_of(name, function) in (None, top):
            stored(search, call, function, state, 1)


def _storedbelow(search: Search, module: ModuleInfo, local: str, state: State) -> None:
    """`db.data.servers.push(x)` for a variable `db` of a module."""
    path = state.path
    for count, step in enumerate(path[:3], start=1):
        if not isinstance(step, str) or step in (ANY, KEYS):
            return
        for call, function in module.on.get(step, ()):
            held = call.callee.base if isinstance(call.callee, ir.Attribute) else None
            if held is None or root_name(held) != local or path_of(held) != path[:count]:
                continue
            for expression, part in containers.stored(call, path[count:]) or ():
                what = f"by {last_name(call.callee)}()"
                search.ask(expression, function, part, None, state, 1, what, "field", call.line)


def shared(search: Search, node: ir.Name | ir.Attribute, state: State) -> bool:
    """What the project writes to the same key of the same object of a framework; False for an object of its own."""
    path, name = state.path, last_name(node)
    if isinstance(node, ir.Attribute) and (
        root_name(node) in ("self", "cls")
        or any(kind.cls is not None for kind in search.resolver.kinds(node.base, state.function))
    ):
        return False
    if not path or not isinstance(path[0], str) or path[0] in ("*", KEYS):
        return False
    found = False
    for module in search.project.modules_with(name, state.function.module.language):
        for statement, target, function in module.writes.get(path[0], ()):
            owner = holder(target, path[0])
            if owner is None or last_name(owner) != name or statement.value is None:
                continue
            inner = below(target, path[0])
            for leaf, part, _ in leaves(statement.target):
                if leaf is target and meets(path[1:], inner):
                    found = True
                    what = f"written to {name}[{path[0]}]"
                    rest = (*part, *path[1 + len(inner) :])
                    search.ask(statement.value, function, rest, None, state, 1, what, "store", statement.line)
        for call, function in module.on.get(name, ()):
            found = stored(search, call, function, state, 1) or found
    return found

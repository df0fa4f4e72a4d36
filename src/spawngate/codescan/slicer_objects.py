"""The slice through one object: the one a method runs on, and the one that is made here.

Belongs here: which argument of a construction is which field, and what a field holds that the constructor does not
write. Not here: writes to the field of any object of a class (`slicer_fields`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from spawngate.codescan import forms, ir
from spawngate.codescan.binding import bind
from spawngate.codescan.definitions import ClassInfo, FunctionInfo, owner_of
from spawngate.codescan.flow import ANY, Bound, Changed, Handed, Path, Version

if TYPE_CHECKING:
    from spawngate.codescan.slicer import Search, State

MAX_RECEIVERS = 40


def receiver(search: Search, function: FunctionInfo, path: Path, state: State, cost: int = 0) -> None:
    """A part of the object that a method runs on, whoever called it."""
    owner = owner_of(function)
    if owner is None or not path or not isinstance(path[0], str):
        return
    if owner.module.language == "rust" and _only_read(search, owner):
        sites = [site for site in search.calls.sites(function) if isinstance(site.call.callee, ir.Attribute)]
        for site in sites[:MAX_RECEIVERS]:
            what = f"object of {function.qualname}()"
            assert isinstance(site.call.callee, ir.Attribute)
            base = site.call.callee.base
            search.ask(base, site.function, path, None, state, cost + site.cost, what, "call", site.call.line)
        stored = owner.kind != "enum" and (path[0] in owner.module.on or path[0] in owner.module.writes)
        if sites and not stored:
            return
    search.ask(search.field_of(owner, path[0]), function, path[1:], None, state, cost)


def _only_read(search: Search, cls: ClassInfo) -> bool:
    """An enum, whose data is in its variants, or a struct that nothing makes but serde: ask where its objects are."""
    return cls.kind == "enum" or not any(site.way == "construct" and site.call.args for site in search.calls.sites(cls))


def constructed(search: Search, node: ir.Expression, function: FunctionInfo) -> bool:
    """The object was made in this function: its fields are known without asking every object of its class."""
    if isinstance(node, ir.Call):
        return any(isinstance(each.target, ClassInfo) for each in search.calls.reached(node, function))
    if not isinstance(node, ir.Name):
        return False
    version: Version | None = search.project.flow(function).uses.get(node)
    while isinstance(version, Changed | Handed):
        if isinstance(version, Changed) and _sets(search, node, version.path, function):
            return False
        version = version.before
    return (
        isinstance(version, Bound)
        and isinstance(version.value, ir.Call)
        and not version.path
        and constructed(search, version.value, function)
    )


def _sets(search: Search, node: ir.Name, path: Path, function: FunctionInfo) -> bool:
    """The assignment runs a setter, which may write other fields."""
    if not path or not isinstance(path[0], str):
        return False
    kinds = search.resolver.kinds(node, function)
    return any(kind.cls is not None and search.resolver.method(kind.cls, path[0]) is not None for kind in kinds)


def construct(search: Search, node: ir.Call, cls: ClassInfo, state: State, cost: int) -> None:
    """A part of an object that is made here."""
    path = _named(search, cls, state.path)
    if cls.kind == "variant" and _taken_as_another(cls, state):
        return
    if cls.module.language == "python" and _matched_as_another(search, cls, state):
        return
    if not path or not isinstance(path[0], str) or path[0] == ANY:
        for argument in node.args:
            search.ask(
                argument.value,
                state.function,
                (),
                state.frame,
                state,
                cost,
                f"argument of {cls.name}()",
                "argument",
                node.line,
            )
        return
    name = path[0]
    if name in forms.VALIDATED and forms.bound(search, node, cls, path[1:], state):
        return
    init = search.resolver.method(cls, "__init__")
    if init is not None and init.node.body:
        receiver_name = init.params[0].name if init.receiver and init.params else "self"
        end = search.project.flow(init).exit.get(receiver_name)
        frame = search.enter(node, state.function, init, state.frame, None, True)
        if end is not None and frame is not None:
            search.ask(end, init, path, frame, state, cost, f"made by {cls.name}()", "call", node.line, state.function)
        for index, param in enumerate(init.params):
            if param.field and param.name == name:
                for expression, part in bind(node, init, index, path[1:], True):
                    search.ask(expression, state.function, part, state.frame, state, cost)
        return
    found = keyword(search, node, cls, name, path[1:])
    if not found and init is not None:
        for index, param in enumerate(init.params):
            if param.name == name:
                found = bind(node, init, index, path[1:], True)
    for expression, part in found:
        search.ask(
            expression,
            state.function,
            part,
            state.frame,
            state,
            cost,
            f"field `{name}` of {cls.name}",
            "field",
            node.line,
        )
    another = cls.kind == "variant" and node.args and not any(each.spread for each in node.args)
    if not found and not another:  # another variant of an enum has no such field
        unset(search, None, path, state, cls)


def keyword(search: Search, call: ir.Call, cls: ClassInfo, name: str, path: Path) -> list[tuple[ir.Expression, Path]]:
    """What a construction gives for a field, by name, by position, or by a spread."""
    out: list[tuple[ir.Expression, Path]] = []
    order = [each for base in reversed([cls, *search.resolver.bases(cls)]) for each in base.fields]
    position = 0
    for argument in call.args:
        if argument.name == name:
            return [(argument.value, path)]
        if argument.spread == "**":
            out.append((argument.value, (name, *path)))
        elif not argument.name and not argument.spread:
            if position < len(order) and order[position] == name:
                return [(argument.value, path)]
            position += 1
    return out


def _named(search: Search, cls: ClassInfo, path: Path) -> Path:
    """`case Server(program)`, `row[0]` of a named tuple: the field at a place, in the order of the declarations."""
    if not path or not isinstance(path[0], int) or cls.module.language != "python":
        return path
    order = [each for base in reversed([cls, *search.resolver.bases(cls)]) for each in base.fields]
    return (order[path[0]], *path[1:]) if path[0] < len(order) else path


def _taken_as_another(cls: ClassInfo, state: State) -> bool:
    """The way goes through a pattern of another variant of the enum: this one never comes there."""
    owner = cls.parent.name if cls.parent is not None else ""
    here: State | None = state
    for _ in range(60):
        if here is None or here.path != state.path:
            return False
        if isinstance(here.thing, ir.Cast):
            enum, _, variant = here.thing.type.name.rpartition("::")
            if enum.rpartition("::")[2] == owner and variant != cls.name:
                return True
        here = here.before
    return False


def _matched_as_another(search: Search, cls: ClassInfo, state: State) -> bool:
    """The way goes through a pattern of another class (`case Local(command=c)`): this object never comes there."""
    here: State | None = state
    for _ in range(60):
        if here is None or here.path != state.path:
            return False
        if isinstance(here.thing, ir.Cast):
            wanted = [each.cls for each in search.resolver.kinds_of_type(here.thing.type, here.function)]
            if wanted and None not in wanted:
                extends = search.resolver.extends
                return not any(each is not None and (extends(each, cls) or extends(cls, each)) for each in wanted)
        here = here.before
    return False


def unset(
    search: Search, function: FunctionInfo | None, path: Path, state: State, cls: ClassInfo | None = None
) -> None:
    """A field that the constructor does not write: its default, or what methods write later."""
    owner = cls if cls is not None else owner_of(function) if function is not None else None
    if owner is None or not path or not isinstance(path[0], str):
        return
    resolver = search.resolver
    method = resolver.method(owner, path[0])
    if method is not None:
        if method.node.getter:
            search.ask(search.field_of(owner, path[0]), state.function, path[1:], None, state, 1)
        return
    for each in (owner, *resolver.bases(owner)):
        declared = each.fields.get(path[0])
        if declared is not None:
            if declared.value is not None:
                search.ask(declared.value, each.module.top, path[1:], None, state)
            kept = search.stores.entities.model(owner, search.knows(owner.module.top))
            if kept is not None:
                search.ask(search.field_of(owner, path[0]), state.function, path[1:], None, state, 1)
            return
    search.ask(search.field_of(owner, path[0]), state.function, path[1:], None, state, 2)

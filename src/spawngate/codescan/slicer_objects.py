"""The slice through objects: fields, constructions, getters, and variables of modules.

Belongs here: which writes a read of a field or of a module's variable may see. Not here: rows and files (`stores`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from spawngate.codescan import containers, dynamic, elsewhere, filled, forms, ir, paired, stores
from spawngate.codescan.binding import bind, siblings
from spawngate.codescan.calls import COMMON
from spawngate.codescan.definitions import ClassInfo, FunctionInfo, ModuleInfo, held
from spawngate.codescan.finding import SourceKind
from spawngate.codescan.flow import (
    ANY,
    KEYS,
    Bound,
    Changed,
    Handed,
    Parameter,
    Path,
    Version,
    key_of,
    leaves,
    path_of,
)
from spawngate.codescan.resolve import Value, owner_of
from spawngate.codescan.scalars import is_scalar
from spawngate.codescan.walk import last_name, root_name

if TYPE_CHECKING:
    from spawngate.codescan.slicer import Field, Frame, Search, State

MAX_RECEIVERS = 40
MAX_UNTYPED_WRITERS = 4
"""More writes than this to a field of that name on unknown objects say nothing about this class."""


_plain_words = """
config options params args settings command data value values input payload body name type server servers context
session state result request response items item list path file files text content message messages model tools
"""
_PLAIN = frozenset(_plain_words.split())
"""Names of fields that every class has: they say nothing of which one is meant."""
MAX_WRITING_FILES = 24
"""A field that so many files write is one of many classes."""


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


def getter(search: Search, node: ir.Attribute, state: State) -> bool:
    """`x.f` where `f` is a property, or a method that is not called."""
    function = state.function
    found = False
    for kind in search.resolver.kinds(node.base, function):
        method = search.resolver.method(kind.cls, node.name) if kind.cls is not None else None
        if method is not None and method.node.getter:
            found = True
            if function.name == node.name and function.owner is method.owner is not None and function is not method:
                _foreign_writes(search, method.owner, node.name, state)  # a setter: what others write
                continue
            frame = search.enter(None, function, method, state.frame, node.base)
            for returned in search.project.flow(method).returns:
                if returned.value is not None:
                    what = f"read by the property {method.qualname}"
                    search.ask(returned.value, method, state.path, frame, state, 0, what, "return", returned.line)
    return found


def field(search: Search, thing: Field, state: State) -> None:
    """Everything that is written to the field of a class."""
    cls, name = thing.cls, thing.name
    resolver = search.resolver
    if _is_number(search, cls, name, state.path):
        return
    bases = resolver.bases(cls)
    family = [*resolver.parts_of(cls), *bases, *resolver.saying(cls, name)]
    if _method_or_getter(search, cls, name, state):
        return
    answered = stores.entity_field(search, cls, name, state)
    if cls.module.language == "python" and search.stores.entity_model(cls, search.knows(cls.module.top)) is not None:
        answered = forms.stored(search, cls, name, state) or answered
    for each in family:
        answered = _own_writes(search, each, name, state, cls) or answered
    for each in (cls, *bases):
        declared = each.fields.get(name)
        if declared is not None and declared.value is not None:
            answered = not _is_column(declared.value) or answered
            _declared(search, each, declared.value, state)
            break
    answered = _constructor_keyword(search, cls, name, state) or answered
    answered = _foreign_writes(search, cls, name, state) or answered
    if cls.module.language in ("java", "rust"):
        answered = elsewhere.put(search, cls, name, state) or answered
    answered = answered or dynamic.answered(search, cls, name, state)
    kept = None if answered else search.stores.entity_model(cls, search.knows(cls.module.top))
    if not answered and filled.filled(search, cls, name, state):
        return
    if kept is not None:
        what = f"rows of {cls.name}, whose field `{name}` nothing in the project writes"
        search.ask_source(SourceKind.DB, kept.id, what, state, cls.module.top, cls.node.line)
    elif not answered and not stores.bound(search, cls, state):
        search.unresolved(f"field `{name}` of {cls.qualname}, which nothing writes", state)


def _is_number(search: Search, cls: ClassInfo, name: str, path: Path) -> bool:
    """By its declaration the field holds no text."""
    for each in (*search.resolver.parts_of(cls), *search.resolver.bases(cls)):
        declared = each.fields.get(name)
        if declared is not None:
            return is_scalar(search.resolver, declared.type, path, each.module.top)
    return False


def _method_or_getter(search: Search, cls: ClassInfo, name: str, state: State) -> bool:
    method = search.resolver.method(cls, name)
    if method is None:
        return False
    apart = cls.module.language in ("java", "rust") and not method.node.getter
    if apart and any(name in each.fields for each in (*search.resolver.parts_of(cls), *search.resolver.bases(cls))):
        return False  # fields and methods have names of their own there
    if not method.node.getter:
        _foreign_writes(search, cls, name, state)
        return True
    for returned in search.project.flow(method).returns:
        if returned.value is not None:
            what = f"property {method.qualname}"
            search.ask(returned.value, method, state.path, None, state, 0, what, "return", returned.line)
    return True


_COLUMNS = ("Field", "field", "attrib", "ib", "mapped_column", "Column")


def _is_column(value: ir.Expression) -> bool:
    """A declaration that holds no value of its own."""
    if not isinstance(value, ir.Call):
        return False
    return last_name(value.callee) in _COLUMNS or last_name(value.callee).endswith("Field")


def _declared(search: Search, cls: ClassInfo, value: ir.Expression, state: State) -> None:
    """The default in the class body. `Field(default=x)`, `field(default_factory=f)` count by their default alone."""
    top = cls.module.top
    if isinstance(value, ir.Call) and _is_column(value):
        for argument in value.args:
            if argument.name == "default" or (not argument.name and last_name(value.callee) == "Field"):
                search.ask(argument.value, top, state.path, None, state)
            elif argument.name in ("default_factory", "factory"):
                for target in search.calls.callables.of(argument.value, top):
                    if isinstance(target, FunctionInfo):
                        from spawngate.codescan.slicer_calls import into

                        into(search, None, target, state, 0)
        return
    plugin = search.knows(top)
    for model in plugin.plugins:
        if model.fields:
            from spawngate.codescan.models.match import Index

            index = Index([(target, model.id) for target in model.fields])
            named = value.callee if isinstance(value, ir.Call) else value
            if index.may_match(last_name(named)) and index.find(search.resolver.callee(named, top)):
                search.source(SourceKind.PLUGIN, model.id, "field of a plugin that its user sets", state, value.line)
    search.ask(value, top, state.path, None, state, 0, f"default of {cls.qualname}", "field", value.line)


def _constructions(search: Search, cls: ClassInfo, init: FunctionInfo) -> tuple[Frame, ...]:
    """Frames of the constructions of a class that inherits its constructor: other subclasses say nothing of it."""
    resolver = search.resolver
    if init.name != "__init__" or resolver.method(cls, "__init__") is not init:
        return ()
    family = [each for each in (cls, *resolver.constructed(cls)) if resolver.method(each, "__init__") is init]
    sites = [site for each in family for site in search.calls.sites(each) if site.way == "construct"]
    frames = [search.enter(site.call, site.function, init, None, None, True) for site in sites[:MAX_RECEIVERS]]
    return tuple(frame for frame in frames if frame is not None)


def _own_writes(search: Search, cls: ClassInfo, name: str, state: State, of: ClassInfo) -> bool:
    """`self.name = v`, `self.name[k] = v`, `self.name.append(v)` in the class's methods, for an object of `of`."""
    module = cls.module
    found = False
    for statement, target, function in module.writes.get(name, ()):
        if function.added and not search.calls.sites(function):
            continue
        if owner_of(function) is cls and root_name(target) in ("self", "cls", "this", "Self"):
            made = _constructions(search, of, function) if of is not cls else ()
            for frame in made or (None,):
                found = _written(search, statement, target, function, (name,), state, 1, frame) or found
    for call, function in module.on.get(name, ()):
        if (
            owner_of(function) is cls
            and isinstance(call.callee, ir.Attribute)
            and root_name(held(call.callee.base)) in ("self", "cls")
        ):
            _stored(search, call, function, state, 1)
    for call, function in module.calls.get("assign", ()) if module.language == "javascript" else ():
        given = [argument.value for argument in call.args if not argument.spread]
        if owner_of(function) is cls and given and isinstance(given[0], ir.Name) and given[0].id == "self":
            for value in given[1:]:
                found = True
                what = "by Object.assign()"
                search.ask(value, function, (name, *state.path), None, state, 1, what, "field", call.line)
    if module.language == "rust":
        _lent_writes(search, cls, name, state)
    if module.language == "python":
        found = _named_writes(search, cls, name, state) or found
    return found


def _named_writes(search: Search, cls: ClassInfo, name: str, state: State) -> bool:
    """`setattr(self, key, value)` in the class's methods, also over the entries of a mapping."""
    found = False
    for call, function in cls.module.calls.get("setattr", ()):
        if owner_of(function) is not cls or len(call.args) != 3 or root_name(call.args[0].value) != "self":
            continue
        key, value = call.args[1].value, call.args[2].value
        flow = search.project.flow(function)
        refused = isinstance(key, ir.Name) and not paired.may_be(flow.at.get(call), key, name)
        if refused or key_of(key) not in (ANY, name):
            continue
        found = True
        source = paired.source_of(flow, key, value)
        path = state.path if source is None else (name, *state.path)
        place = ("by setattr()", "field", call.line)
        search.ask(value if source is None else source, function, path, None, state, 1, *place)
    return found


def _lent_writes(search: Search, cls: ClassInfo, name: str, state: State) -> None:
    """`let mut rows = self.rows.lock().unwrap(); rows.insert(k, v)`: what a lock lends has a name of its own."""
    for method in cls.methods.values():
        for local, versions in search.project.flow(method).all.items():
            values = [each.value for each in versions if isinstance(each, Bound) and each.value is not None]
            lent = [held(value) for value in values]
            if any(isinstance(each, ir.Attribute) and each.name == name and root_name(each) == "self" for each in lent):
                for call, function in cls.module.on.get(local, ()):
                    base = call.callee.base if isinstance(call.callee, ir.Attribute) else None
                    if function is method and isinstance(base, ir.Name):
                        _stored(search, call, function, state, 1)


def _written(
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


def _stored(search: Search, call: ir.Call, function: FunctionInfo, state: State, cost: int) -> bool:
    found = False
    for expression, path in containers.stored(call, state.path) or ():
        found = True
        name = last_name(call.callee)
        search.ask(expression, function, path, None, state, cost, f"by {name}()", "field", call.line)
    return found


def stored_within(search: Search, name: str, scope: FunctionInfo, state: State) -> None:
    """`chunks.push(x)` in a function nested in the one whose variable `chunks` is."""
    for call, function in scope.module.on.get(name, ()):
        callee = call.callee
        if function is scope or function.parent is None or not isinstance(callee, ir.Attribute):
            continue
        if isinstance(callee.base, ir.Name) and search.resolver.scope_of(name, function) is scope:
            _stored(search, call, function, state, 1)


def _stored_below(search: Search, module: ModuleInfo, local: str, state: State) -> None:
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


SHARED = frozenset(
    ["session_state", "user_session", "session", "state", "locals", "globalThis", "global", "app_data", "bot_data", "g"]
)
"""Objects of frameworks on which a program keeps what it needs elsewhere, by a key: Streamlit's `st.session_state`,
Flask's `session` and `g`, Starlette's `app.state`, Express's `app.locals` and `req.session`, JavaScript's globals."""


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
            holder = _holder(target, path[0])
            if holder is None or last_name(holder) != name or statement.value is None:
                continue
            inner = _below(target, path[0])
            for leaf, part, _ in leaves(statement.target):
                if leaf is target and _meets(path[1:], inner):
                    found = True
                    what = f"written to {name}[{path[0]}]"
                    rest = (*part, *path[1 + len(inner) :])
                    search.ask(statement.value, function, rest, None, state, 1, what, "store", statement.line)
        for call, function in module.on.get(name, ()):
            found = _stored(search, call, function, state, 1) or found
    return found


def _constructor_keyword(search: Search, cls: ClassInfo, name: str, state: State) -> bool:
    """Fields of classes that have no constructor of their own: dataclasses, models, records, structs."""
    init = search.resolver.method(cls, "__init__")
    if init is not None and not (init.added and not search.calls.sites(init)):
        for made in siblings(init):  # a record of Java may have others beside the one that sets its fields
            for index, param in enumerate(made.params):
                if param.field and param.name == name:
                    search.ask(Parameter(index), made, state.path, None, state, 1)
                    return True
        if init.node.body:
            return False
    found = False
    for each in (cls, *search.resolver.constructed(cls)):
        own = search.resolver.method(each, "__init__")
        if own is not None and own is not init and own.node.body:
            continue
        for site in search.calls.sites(each):
            if site.way != "construct":
                continue
            if search.apart(site.call):
                found = True
                continue
            for expression, path in keyword(search, site.call, each, name, state.path):
                found = True
                what = f"field `{name}` of {each.qualname}"
                search.ask(expression, site.function, path, None, state, site.cost + 1, what, "field", site.call.line)
    return found


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


def _foreign_writes(search: Search, cls: ClassInfo, name: str, state: State) -> bool:
    """`x.name = v` elsewhere, where `x` is known to be of the class, or nothing is known and few write it."""
    typed: list[tuple[ir.Assign, ir.Expression, FunctionInfo, int]] = []
    untyped: list[tuple[ir.Assign, ir.Expression, FunctionInfo, int]] = []
    resolver = search.resolver
    bases = resolver.bases(cls)
    for module in search.project.writers(name, cls.module.language):
        for statement, target, function in module.writes.get(name, ()):
            base = _holder(target, name)
            if base is None or (isinstance(base, ir.Name) and base.id in ("self", "cls") and owner_of(function)):
                continue
            kinds = resolver.kinds(base, function)
            known = [kind.cls for kind in kinds if kind.cls is not None]
            if any(each is cls or each in bases or cls in resolver.bases(each) for each in known):
                typed.append((statement, target, function, 1))
            elif not kinds and last_name(base).lower() in cls.name.lower() and len(last_name(base)) > 2:
                untyped.append((statement, target, function, 6))
    chosen = typed + (untyped if len(untyped) <= MAX_UNTYPED_WRITERS else [])
    found = False
    for statement, target, function, cost in chosen:
        whole = path_of(target)
        prefix = whole[: whole.index(name) + 1]
        found = _written(search, statement, target, function, prefix, state, cost) or found
    return found


def by_name(search: Search, name: str, path: Path, function: FunctionInfo, state: State) -> bool:
    """A field of an object of which nothing is known: the few classes whose methods write a field of that name."""
    if (
        len(name) < 4
        or name in COMMON
        or (name in _PLAIN and function.module.language == "javascript")
        or len(search.project.written_in(name)) > MAX_WRITING_FILES
    ):
        return False
    owners: dict[ClassInfo, None] = {}
    for module in search.project.writers(name, function.module.language):
        for _, target, writer in module.writes.get(name, ()):
            owner = owner_of(writer)
            if owner is not None and root_name(target) == "self" and path_of(target)[:1] == (name,):
                owners.setdefault(owner)
    own = owner_of(function)
    owners.pop(own, None) if own is not None else None
    if not owners or len(owners) > MAX_UNTYPED_WRITERS:
        return False
    for owner in owners:
        what = f"field `{name}` of {owner.qualname}, by its name"
        cost = 4 * len(owners)
        search.ask(
            search.field_of(owner, name),
            owner.module.top,
            path,
            None,
            state,
            cost,
            what,
            "field",
            state.line,
            state.where,
        )
    return True


def _holder(target: ir.Expression, name: str) -> ir.Expression | None:
    """`x` of `x.name...`."""
    while isinstance(target, ir.Attribute | ir.Index):
        if last_name(target) == name:
            return target.base
        target = target.base
    return None


def _below(target: ir.Expression, name: str) -> Path:
    """The steps behind `name` of `x.name[k].f`."""
    steps: list[str | int] = []
    while isinstance(target, ir.Attribute | ir.Index) and last_name(target) != name:
        steps.append(target.name if isinstance(target, ir.Attribute) else key_of(target.key))
        target = target.base
    return tuple(reversed(steps))


def _meets(asked: Path, written: Path) -> bool:
    return all(one == other or ANY in (one, other) for one, other in zip(asked, written, strict=False))


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
                family = {cls, *search.resolver.bases(cls), *search.resolver.subclasses(cls)}
                return not any(each in family for each in wanted)
        here = here.before
    return False


def _named(search: Search, cls: ClassInfo, path: Path) -> Path:
    """`case Server(program)`, `row[0]` of a named tuple: the field at a place, in the order of the declarations."""
    if not path or not isinstance(path[0], int) or cls.module.language != "python":
        return path
    order = [each for base in reversed([cls, *search.resolver.bases(cls)]) for each in base.fields]
    return (order[path[0]], *path[1:]) if path[0] < len(order) else path


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
            kept = search.stores.entity_model(owner, search.knows(owner.module.top))
            if kept is not None:
                search.ask(search.field_of(owner, path[0]), state.function, path[1:], None, state, 1)
            return
    search.ask(search.field_of(owner, path[0]), state.function, path[1:], None, state, 2)


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
    for other in search.project.importers(module, name):
        for local in _locals(search, other, module, name):
            for statement, target, function in other.writes.get(local, ()):
                if function is top:
                    continue
                if root_name(target) == local and search.resolver.scope_of(local, function) in (
                    None,
                    other.top,
                    function,
                ):
                    _written(search, statement, target, function, (), state, 1)
                elif _holder(target, local) is not None and other is not module:
                    whole = path_of(target)
                    _written(search, statement, target, function, whole[: whole.index(local) + 1], state, 2)
            for call, function in other.on.get(local, ()):
                if function is not top:
                    _stored(search, call, function, state, 1)
            _stored_below(search, other, local, state)
    for function in module.rebound.get(name, ()):
        if search.resolver.scope_of(name, function) in (None, top):
            search.rebound(name, function, state)
    if not answered:
        search.unresolved(f"variable `{name}` of {module.path}", state)


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

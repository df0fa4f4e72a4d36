"""The slice through fields: everything that is written to a field of the objects of a class.

Belongs here: writes in the class's methods and elsewhere, defaults, constructions that fill it by name, properties that
stand in its place. Not here: an object that was made at hand (`slicer_objects`), rows and files (`stores`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from spawngate.codescan import dynamic, elsewhere, filled, forms, ir, paired, posted, stores
from spawngate.codescan.binding import siblings
from spawngate.codescan.calls import COMMON
from spawngate.codescan.definitions import ClassInfo, FunctionInfo, held, owner_of
from spawngate.codescan.finding import SourceKind
from spawngate.codescan.flow import ANY, Bound, Parameter, Path, key_of, path_of
from spawngate.codescan.models.match import Index
from spawngate.codescan.scalars import is_scalar
from spawngate.codescan.slicer_objects import MAX_RECEIVERS, keyword
from spawngate.codescan.slicer_writes import holder, stored, written
from spawngate.codescan.walk import last_name, root_name

if TYPE_CHECKING:
    from spawngate.codescan.slicer import Field, Frame, Search, State

MAX_UNTYPED_WRITERS = 4
"""More writes than this to a field of that name on unknown objects say nothing about this class."""
MAX_WRITING_FILES = 24
"""A field that so many files write is one of many classes."""
_plain_words = """
config options params args settings command data value values input payload body name type server servers context
session state result request response items item list path file files text content message messages model tools
"""
_PLAIN = frozenset(_plain_words.split())
"""Names of fields that every class has: they say nothing of which one is meant."""
_COLUMNS = ("Field", "field", "attrib", "ib", "mapped_column", "Column")


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
    if cls.module.language == "python" and search.stores.entities.model(cls, search.knows(cls.module.top)) is not None:
        answered = forms.stored(search, cls, name, state) or answered
    for each in family:
        answered = _own_writes(search, each, name, state, cls) or answered
        if each.module.language == "python":
            answered = _named_writes(search, each, name, state) or answered
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
    kept = None if answered else search.stores.entities.model(cls, search.knows(cls.module.top))
    if not answered and filled.filled(search, cls, name, state):
        return
    if kept is not None:
        what = f"rows of {cls.name}, whose field `{name}` nothing in the project writes"
        search.ask_source(SourceKind.DB, kept.id, what, state, cls.module.top, cls.node.line)
    elif not answered and not posted.within(search, cls, state):
        search.unresolved(f"field `{name}` of {cls.qualname}, which nothing writes", state)


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
            index = Index([(target, model.id) for target in model.fields])
            named = value.callee if isinstance(value, ir.Call) else value
            if index.may_match(last_name(named)) and index.find(search.resolver.callee(named, top)):
                search.source(SourceKind.PLUGIN, model.id, "field of a plugin that its user sets", state, value.line)
    search.ask(value, top, state.path, None, state, 0, f"default of {cls.qualname}", "field", value.line)


def _constructions(search: Search, cls: ClassInfo, init: FunctionInfo) -> tuple[Frame, ...]:
    """Frames of a base's constructor for objects of a class: what its other subclasses give it says nothing of them.

    They are the constructions of the class where it inherits the constructor, else the calls by constructors of its own
    line (`super().__init__(x)`).
    """
    resolver = search.resolver
    if init.name != "__init__":
        return ()

    def in_line(owner: ClassInfo | None) -> bool:
        return owner is not None and (resolver.extends(owner, cls) or resolver.extends(cls, owner))

    frames: list[Frame | None] = []
    if resolver.method(cls, "__init__") is init:
        family = [each for each in (cls, *resolver.constructed(cls)) if resolver.method(each, "__init__") is init]
        sites = [site for each in family for site in search.calls.sites(each) if site.way == "construct"]
        frames = [search.enter(site.call, site.function, init, None, None, True) for site in sites[:MAX_RECEIVERS]]
    else:
        sites = [site for site in search.calls.sites(init) if site.way == "call" and in_line(owner_of(site.function))]
        frames = [search.enter(site.call, site.function, init, None) for site in sites[:MAX_RECEIVERS]]
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
                found = written(search, statement, target, function, (name,), state, 1, frame) or found
    for call, function in module.on.get(name, ()):
        if (
            owner_of(function) is cls
            and isinstance(call.callee, ir.Attribute)
            and root_name(held(call.callee.base)) in ("self", "cls")
        ):
            stored(search, call, function, state, 1)
    for call, function in module.calls.get("assign", ()) if module.language == "javascript" else ():
        given = [argument.value for argument in call.args if not argument.spread]
        if owner_of(function) is cls and given and isinstance(given[0], ir.Name) and given[0].id == "self":
            for value in given[1:]:
                found = True
                what = "by Object.assign()"
                search.ask(value, function, (name, *state.path), None, state, 1, what, "field", call.line)
    if module.language == "rust":
        _lent_writes(search, cls, name, state)
    return found


def _named_writes(search: Search, cls: ClassInfo, name: str, state: State) -> bool:
    """`setattr(row, key, value)` on an object of the class, also over a list of names or the entries of a mapping."""
    found = False
    for module in search.project.modules_with("setattr", "python", beside=cls.name):
        for call, function in module.calls.get("setattr", ()):
            if len(call.args) != 3 or not _is_of(search, call.args[0].value, function, cls):
                continue
            key, value = call.args[1].value, call.args[2].value
            flow, members = search.project.flow(function), search.members(function)
            if key_of(key) not in (ANY, name) or not paired.may_be(flow, key, name, members):
                continue
            walked = paired.runs_over(flow, key)
            listed = members(walked) if walked is not None else None
            if listed is not None and name not in listed:
                continue
            found = True
            source = paired.source_of(flow, key, value) or paired.part_of(key, value)
            path = state.path if source is None else (name, *state.path)
            place = ("by setattr()", "field", call.line)
            search.ask(value if source is None else source, function, path, None, state, 1, *place)
    return found


def _is_of(search: Search, node: ir.Expression, function: FunctionInfo, cls: ClassInfo) -> bool:
    if isinstance(node, ir.Name) and node.id == "self":
        return owner_of(function) is cls
    return any(kind.cls is cls and kind.instance for kind in search.resolver.kinds(node, function))


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
                        stored(search, call, function, state, 1)


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


def _foreign_writes(search: Search, cls: ClassInfo, name: str, state: State) -> bool:
    """`x.name = v` elsewhere, where `x` is known to be of the class, or nothing is known and few write it."""
    typed: list[tuple[ir.Assign, ir.Expression, FunctionInfo, int]] = []
    untyped: list[tuple[ir.Assign, ir.Expression, FunctionInfo, int]] = []
    resolver = search.resolver
    bases = resolver.bases(cls)
    for module in search.project.writers(name, cls.module.language):
        for statement, target, function in module.writes.get(name, ()):
            base = holder(target, name)
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
        found = written(search, statement, target, function, prefix, state, cost) or found
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

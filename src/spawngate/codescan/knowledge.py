"""The models, arranged for the questions that a slice asks.

Belongs here: indexes over `Models`, one set for each language, and the matching of handlers. Not here: the records
(`models.model`), resolution (`resolve`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TypeVar

from spawngate.codescan import ir
from spawngate.codescan.definitions import ClassInfo, FunctionInfo
from spawngate.codescan.finding import SourceKind
from spawngate.codescan.meanings import Value
from spawngate.codescan.models.match import Index, last_part, select
from spawngate.codescan.models.model import (
    Access,
    GuardModel,
    Handler,
    Language,
    LibraryModel,
    Models,
    ParamPick,
    PluginModel,
    PropagatorModel,
    RegistrationModel,
    SanitizerModel,
    SinkModel,
    SourceModel,
    StoreModel,
    Target,
    TypeModel,
)
from spawngate.codescan.models.model import Path as ModelPath
from spawngate.codescan.models.said import Said
from spawngate.codescan.resolve import Resolver
from spawngate.codescan.walk import last_name

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Entry:
    """A model of functions that are called from outside: a source's handler, or a plugin."""

    id: str
    kind: SourceKind
    handler: Handler
    params: tuple[ParamPick, ...]
    what: str


@dataclass(frozen=True, slots=True)
class Opening:
    """A parameter that comes from outside. `paths`: the parts of it that do; () is the whole."""

    entry: Entry
    index: int
    paths: tuple[ModelPath, ...]


class Knowledge:
    """What is known of one language's libraries."""

    def __init__(self, models: Models, language: Language, says: Callable[[str], bool] = lambda _: True) -> None:
        """says: whether an identifier stands in any file of the project; models that nothing there can mean are left
        out."""
        libraries = models.of(language)
        self.may_match = Said(libraries, says).may_match
        """Whether a target can match anything in the project."""
        self.language = language
        self.libraries = libraries
        self.near = models.near(language)
        self.aliases = {name: target for library in libraries for name, target in library.aliases.items()}

        def index(pick: Callable[[LibraryModel], Iterable[tuple[Target, T]]]) -> Index[T]:
            return self.index(pair for library in libraries for pair in pick(library))

        self.sinks: Index[SinkModel] = index(lambda each: [(t, m) for m in each.sinks for t in m.targets])
        self.source_calls: Index[SourceModel] = index(lambda each: [(t, m) for m in each.sources for t in m.calls])
        self.source_reads: Index[SourceModel] = index(lambda each: [(t, m) for m in each.sources for t in m.reads])
        self.propagators: Index[PropagatorModel] = index(
            lambda each: [(t, m) for m in each.propagators for t in m.targets]
        )
        self.sanitizers: Index[SanitizerModel] = index(
            lambda each: [(t, m) for m in each.sanitizers for t in m.targets]
        )
        self.types: Index[TypeModel] = index(lambda each: [(t, m) for m in each.types for t in m.targets])
        self.guard_calls: Index[GuardModel] = index(lambda each: [(t, m) for m in each.guards for t in m.calls])
        self.guard_marks: Index[GuardModel] = index(
            lambda each: [(t, m) for m in each.guards for t in (*m.decorators, *m.marks)]
        )
        self.guards = tuple(model for library in libraries for model in library.guards)
        self.reads: Index[tuple[StoreModel, Access]] = index(
            lambda each: [(t, (m, a)) for m in each.stores for a in m.reads for t in a.targets]
        )
        self.writes: Index[tuple[StoreModel, Access]] = index(
            lambda each: [(t, (m, a)) for m in each.stores for a in m.writes for t in a.targets]
        )
        self.stores = tuple(model for library in libraries for model in library.stores)
        self.registrations: tuple[RegistrationModel, ...] = tuple(
            model for library in libraries for model in library.registrations
        )
        self.plugins: tuple[PluginModel, ...] = tuple(model for library in libraries for model in library.plugins)
        self.entries = tuple(_entries(libraries))
        self._decorators: Index[Entry] = self.index(
            (target, entry) for entry in self.entries for target in entry.handler.decorators
        )
        self._class_decorators: Index[Entry] = self.index(
            (target, entry) for entry in self.entries for target in entry.handler.class_decorators
        )
        self._registered: Index[Entry] = self.index(
            (target, entry) for entry in self.entries for target in entry.handler.registered
        )
        self._registering = self._registered.words()
        self._based = [entry for entry in self.entries if entry.handler.bases]
        filed = [entry for entry in self.entries if not (entry.handler.under or entry.handler.beside)]
        self._filed = [entry for entry in filed if entry.handler.files or entry.handler.directive]
        self._called = [entry for entry in self.entries if entry.handler.functions or entry.handler.takes]
        self._called = [entry for entry in self._called if not (entry.handler.under or entry.handler.beside)]
        self._beside = [entry for entry in self.entries if entry.handler.beside]
        self._under = [entry for entry in self.entries if entry.handler.under]
        self._guards_named: dict[str, tuple[GuardModel, ...]] = {}
        self._openings: dict[FunctionInfo, tuple[Opening, ...]] = {}
        self._answers: dict[FunctionInfo, Entry | None] = {}

    def index(self, pairs: Iterable[tuple[Target, T]]) -> Index[T]:
        """Models by what they match, without those that can match nothing in the project."""
        return Index([pair for pair in pairs if self.may_match(pair[0])])

    def guards_named(self, name: str) -> tuple[GuardModel, ...]:
        """Guards that are known by the name of what is called."""
        found = self._guards_named.get(name)
        if found is None:
            named = (each for each in self.guards if name and any(re.fullmatch(one, name) for one in each.names))
            found = self._guards_named[name] = tuple(named)
        return found

    def openings(self, function: FunctionInfo, resolver: Resolver) -> tuple[Opening, ...]:
        """Parameters of a function that come from outside, by the models of handlers."""
        found = self._openings.get(function)
        if found is None:
            out: list[Opening] = []
            for entry in dict.fromkeys(self._handlers(function, resolver)):
                out.extend(_picked(entry, function, resolver))
            found = self._openings[function] = tuple(out)
        return found

    def answers(self, function: FunctionInfo, resolver: Resolver) -> Entry | None:
        """The model of a function that a library implements, whose result comes from outside."""
        if function.node.body or function not in self._answers:
            found = () if function.node.body else self._handlers(function, resolver)
            self._answers[function] = next((entry for entry in found if entry.handler.returns), None)
        return self._answers[function]

    def _handlers(self, function: FunctionInfo, resolver: Resolver) -> Iterable[Entry]:
        for decorator in function.node.decorators:
            yield from self._marked(self._decorators, decorator, function.parent or function.module.top, resolver)
        if function.owner is not None:
            yield from self._by_class(function, function.owner, resolver)
            yield from self._inherited(function, function.owner, resolver)
        for node, around in self._handed_on(function, resolver):
            holder = around.module.argument_of.get(node)
            call = holder[0] if holder is not None else around.module.entry_of.get(node)
            if call is not None and self._registered.may_match(*resolver.spoken(call.callee, around)):
                callee = resolver.callee(call.callee, around)
                for entry in self._registered.find(callee, call):
                    places = [part for at in entry.handler.at for part, left in select(call, at) if not left]
                    if any(part is node for part in places):
                        yield entry
        if function.name == "__init__" and function.owner is not None and self.language == "python":
            yield from self._depended_on(function.owner, resolver)
        for entry in self._filed:
            if _by_file(entry.handler, function):
                yield entry
        for entry in self._called:
            if _by_name(entry.handler, function):
                yield entry
        record = function.module.record_of.get(function.closure) if function.closure is not None else None
        for entry in self._beside if record is not None else ():
            if record is not None and _stands_beside(entry.handler, function, record):
                yield entry
        keys = function.module.holders(function.closure) if self._under and function.closure is not None else []
        if self._under and self.language == "javascript" and function.parent is function.module.top:
            keys = [
                *keys,
                *_held_elsewhere(function, resolver, {key for each in self._under for key in each.handler.under}),
            ]
        if keys:
            for entry in self._under:
                own = entry.handler.functions
                named = any(key in entry.handler.under and (not own or name in own) for key, name in keys)
                named = named and (not entry.handler.files or _in_files(entry.handler, function))
                if named and _takes_params(entry.handler, function):
                    yield entry

    def _inherited(self, function: FunctionInfo, owner: ClassInfo, resolver: Resolver) -> Iterable[Entry]:
        """Marks of the method that this one overrides count for it: Spring MVC and JAX-RS look at interfaces too."""
        if self.language != "java" or function.name == "__init__":
            return
        for base in resolver.bases(owner):
            for method in base.module.functions.get(function.name, ()):
                if method.owner is base and len(method.params) == len(function.params):
                    for decorator in method.node.decorators:
                        yield from self._marked(self._decorators, decorator, base.module.top, resolver)

    def _depended_on(self, cls: ClassInfo, resolver: Resolver) -> Iterable[Entry]:
        """FastAPI makes the object from the request: `target: Annotated[Target, Depends()]`."""
        for module in resolver.project.depending(cls.module, cls.name):
            for same in list(module.functions.values()):
                for function in same:
                    for param in function.params:
                        if _is_made_of_request(param, function, cls, resolver):
                            yield from (each for each in self.entries if each.id == "python.fastapi.route-parameters")

    def _handed_on(self, function: FunctionInfo, resolver: Resolver) -> Iterable[tuple[ir.Expression, FunctionInfo]]:
        """Where the function stands as a value: in its own file, and in others that register it."""
        yield from occurrences(function)
        if function.closure is not None or not function.name or not self._registering:
            return
        for module in resolver.project.registering(function, self._registering):
            for node, around in module.mentions.get(function.name, ()):
                holder = module.argument_of.get(node)
                if holder is None or not self._registered.may_match(*resolver.spoken(holder[0].callee, around)):
                    continue
                if function in resolver.chain(node, around) or _is_method(node, around, function, resolver):
                    yield node, around

    def _marked(
        self, index: Index[Entry], decorator: ir.Expression, around: FunctionInfo, resolver: Resolver
    ) -> tuple[Entry, ...]:
        call = decorator if isinstance(decorator, ir.Call) else None
        named = call.callee if call is not None else decorator
        if not index.may_match(*resolver.spoken(named, around)):
            return ()
        return index.find(resolver.callee(named, around), call)

    def _by_class(self, function: FunctionInfo, owner: ClassInfo, resolver: Resolver) -> Iterable[Entry]:
        public = not function.name.startswith("_")
        for decorator in owner.decorators:
            for entry in self._marked(self._class_decorators, decorator, owner.module.top, resolver):
                if _takes(entry.handler, function, public):
                    yield entry
        if not self._based:
            return
        names = resolver.class_names(owner)
        for entry in self._based:
            wanted = entry.handler.bases
            matches = any(fnmatchcase(name, each) for each in wanted for name in names)
            if matches and _takes(entry.handler, function, public):
                yield entry


def _takes(handler: Handler, function: FunctionInfo, public: bool) -> bool:
    return function.name in handler.methods if handler.methods else public


def _entries(libraries: Iterable[LibraryModel]) -> Iterable[Entry]:
    for library in libraries:
        for source in library.sources:
            if source.handler is not None:
                picks = source.params or (ParamPick(),)
                yield Entry(source.id, source.kind, source.handler, picks, source.what or "handler's parameter")
        for plugin in library.plugins:
            yield Entry(plugin.id, SourceKind.PLUGIN, plugin.handler, plugin.params, "parameter of a plugin's method")


def occurrences(function: FunctionInfo) -> Iterable[tuple[ir.Expression, FunctionInfo]]:
    """Where the function stands as a value, in its own file."""
    if function.closure is not None and function.parent is not None:
        yield function.closure, function.parent
    elif function.name:
        yield from function.module.mentions.get(function.name, ())
        if function.closure is None:
            return
    if function.closure is not None:
        for name, statements in function.module.assigned.items():
            if any(each.value is function.closure for each in statements):
                yield from function.module.mentions.get(name, ())


def _by_file(handler: Handler, function: FunctionInfo) -> bool:
    top = function.parent is function.module.top and function.owner is None
    if handler.directive:
        # Of a file only what it exports can be called from a page, or is handed to what it exports.
        handed = function.closure is not None and function.closure in function.module.argument_of
        open_ = top and (handed or bool(_exported_as(function)))
        whole = open_ and _directive(handler.directive, function.module.ir.body)
        return whole or _directive(handler.directive, function.node.body)
    if not top or not _in_files(handler, function):
        return False
    names = _exported_as(function)
    return bool(names) and (not handler.exports or any(name in handler.exports for name in names))


def _in_files(handler: Handler, function: FunctionInfo) -> bool:
    return any(fnmatchcase(f"/{function.module.path}", f"*/{each}") for each in handler.files)


def _exported_as(function: FunctionInfo) -> set[str]:
    """Names under which a file hands the function out."""
    names = {function.name} if function.node.exported or function.name in function.module.exports else set()
    for name, values in function.module.exports.items():
        for value in values:
            if (isinstance(value, ir.Closure) and value is function.closure) or (
                isinstance(value, ir.Name) and value.id == function.name
            ):
                names.add(name)
    return names


def _by_name(handler: Handler, function: FunctionInfo) -> bool:
    """A platform calls the function by its name, or knows it by its parameters."""
    if function.owner is not None or function.parent is not function.module.top:
        return False
    names = {function.name, *(name for name, values in function.module.exports.items() if function.closure in values)}
    if handler.functions and not names & set(handler.functions):
        return False
    return _takes_params(handler, function)


def _held_elsewhere(function: FunctionInfo, resolver: Resolver, wanted: set[str]) -> Iterable[tuple[str, str]]:
    """Keys of object literals of other files that hold a function which its own file exports, as `holders` gives them.

    `Mutation: { addServer }` where `addServer` is imported.
    """
    names = {
        name for name, found in function.module.assigned.items() if any(e.value is function.closure for e in found)
    }
    names |= {function.name} if function.closure is None and function.node.exported else set()
    project = resolver.project
    files = {
        path
        for key in wanted - {"default"}
        for path in project.files_with(key)
        if f"{key}:".encode() in project.sources[path] or f"{key} =".encode() in project.sources[path]
    }
    for name in names - {""}:
        for path in resolver.project.files_with(name):
            module = resolver.project.module(path) if path in files and path != function.module.path else None
            if module is None or module.language != "javascript":
                continue
            for key in wanted:
                for record in module.inner.get(key, ()):
                    for entry in record.entries:
                        if isinstance(entry.key, ir.Literal) and isinstance(entry.value, ir.Name):
                            meant = resolver.meaning(entry.value.id, module.top)
                            if any(each is function or each == Value(function.module, name) for each in meant):
                                yield key, str(entry.key.value)


def _stands_beside(handler: Handler, function: FunctionInfo, record: ir.Record) -> bool:
    """The function is an entry of an object of the shape that the handler asks for."""
    keys = {str(each.key.value): each.value for each in record.entries if isinstance(each.key, ir.Literal)}
    own = {key for key, value in keys.items() if value is function.closure}
    if handler.functions and not own & set(handler.functions):
        return False
    return all(any(part in keys for part in each.split("|")) for each in handler.beside)


def _takes_params(handler: Handler, function: FunctionInfo) -> bool:
    if len(function.params) < len(handler.takes):
        return False
    for param, wanted in zip(function.params, handler.takes, strict=False):
        written = last_part(param.type.name) if param.type is not None else ""
        if param.name.strip("_") != wanted and written != wanted:
            return False
    return True


def _directive(wanted: str, body: tuple[ir.Statement, ...]) -> bool:
    for statement in body[:3]:
        if isinstance(statement, ir.Evaluate) and isinstance(statement.value, ir.Literal):
            if statement.value.value == wanted:
                return True
        elif not isinstance(statement, ir.Import):
            return False
    return False


def _picked(entry: Entry, function: FunctionInfo, resolver: Resolver) -> Iterable[Opening]:
    if entry.handler.returns:
        return
    offset = 1 if function.receiver else 0
    for place, param in enumerate(function.params[offset:]):
        for pick in entry.params:
            if _picks(pick, place, param, function, resolver):
                yield Opening(entry, place + offset, pick.paths)


def _picks(pick: ParamPick, place: int, param: ir.Param, function: FunctionInfo, resolver: Resolver) -> bool:
    if pick.index is not None and not (place == pick.index or (pick.rest and place >= pick.index)):
        return False
    if (pick.names and param.name not in pick.names) or param.name in pick.not_names:
        return False
    if pick.types or pick.not_types:
        types = _type_names(param.type, function, resolver)
        if pick.types and not _any_named(types, pick.types):
            return False
        if _any_named(types, pick.not_types):
            return False
    if pick.untyped and (param.type is not None or function.closure is None):
        return False
    marks = _marks(param, function, resolver)
    if pick.unmarked and any(last_part(name) not in _CHECKS for name in marks):
        return False
    if pick.marks and not _any_named(marks, pick.marks):
        return False
    return not _any_named(marks, pick.not_marks)


_CHECKS = frozenset(
    ["Valid", "Validated", "NotNull", "NotEmpty", "NotBlank", "Size", "Nullable", "NonNull", "Parameter"]
)
"""Marks of a parameter that check or describe it, and do not say where it comes from."""


def _any_named(found: Iterable[str], wanted: tuple[str, ...]) -> bool:
    exact = set(wanted)
    return any(name in exact or last_part(name) in exact for name in found)


def _type_names(written: ir.Type | None, function: FunctionInfo, resolver: Resolver) -> list[str]:
    """A type and its arguments, as written and qualified."""
    out: list[str] = []
    todo = [written] if written is not None else []
    while todo and len(out) < 60:
        here = todo.pop()
        if here.name:
            out.append(here.name)
            out.extend(resolver.names(function.module).qualified_text(here.name))
        if here is written and function.module.language == "rust":  # an extractor of the project
            for kind in resolver.kinds_of_type(here, function):
                out.extend(resolver.class_names(kind.cls) if kind.cls is not None else ())
        todo.extend(here.args)
    return out


def _is_made_of_request(param: ir.Param, function: FunctionInfo, cls: ClassInfo, resolver: Resolver) -> bool:
    """`Depends()` beside the class, or `Depends(Class)`; `Depends(get_it)` makes the object in another way."""
    for mark in (*param.decorators, *resolver.alias_marks(param.type, function), param.default):
        if not isinstance(mark, ir.Call) or last_name(mark.callee) != "Depends":
            continue
        if mark.args:
            return cls in resolver.chain(mark.args[0].value, function.module.top)
        return cls.name in _type_names(param.type, function, resolver)
    return False


def _marks(param: ir.Param, function: FunctionInfo, resolver: Resolver) -> list[str]:
    out: list[str] = []
    marks = [*param.decorators, *resolver.alias_marks(param.type, function)]
    if isinstance(param.default, ir.Call):
        marks.append(param.default)
    for mark in marks:
        named = mark.callee if isinstance(mark, ir.Call) else mark
        out.append(last_name(named))
        out.extend(resolver.names(function.module).qualified(named))
    return out


def _is_method(node: ir.Expression, around: FunctionInfo, function: FunctionInfo, resolver: Resolver) -> bool:
    """`servers::add` of Java, where the class of `servers` is known."""
    if not isinstance(node, ir.Attribute) or function.owner is None or function.module.language != "java":
        return False
    kinds = resolver.kinds(node.base, around)
    return any(kind.cls is not None and resolver.method(kind.cls, node.name) is function for kind in kinds)

"""Stores: what is read is what was written, anywhere in the project, under the same name.

Belongs here: rows, settings, files and caches as nodes of the slice. Not here: which libraries have stores (`models`),
what names them (`store_names`), which classes are kept (`entities`), who writes (`store_writes`).

A row of a class is an object of that class: what is written to its fields anywhere is what is read. Everything else is
found by the name of its table, collection, file or cache. What nobody in the project writes is a source of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from spawngate.codescan import ir, mappers, posted, sql
from spawngate.codescan.definitions import ClassInfo, FunctionInfo
from spawngate.codescan.entities import Entities, table_of
from spawngate.codescan.finding import SourceKind
from spawngate.codescan.flow import ANY, Path
from spawngate.codescan.models.match import Callee
from spawngate.codescan.models.model import Root, StoreKind, StoreModel
from spawngate.codescan.statements import Statements
from spawngate.codescan.store_names import OPENS, Entity, StoreNames, is_own, named_by
from spawngate.codescan.store_writes import StoreWrites
from spawngate.codescan.walk import last_name

if TYPE_CHECKING:
    from spawngate.codescan.calls import Calls
    from spawngate.codescan.knowledge import Opening
    from spawngate.codescan.slicer import Search, State, Store

_KINDS = {
    StoreKind.DB: SourceKind.DB,
    StoreKind.SETTINGS: SourceKind.ENV,
    StoreKind.FILE: SourceKind.FILE,
    StoreKind.CACHE: SourceKind.DB,
}
_NAMES = {
    StoreKind.DB: "rows of",
    StoreKind.SETTINGS: "settings",
    StoreKind.FILE: "content of the file",
    StoreKind.CACHE: "cache",
}
_UPLOADED = frozenset(["filepath", "tempFilePath"])
"""Fields of formidable's and express-fileupload's files that say where what was sent lies."""


class Stores:
    """The stores of one project."""

    def __init__(self, calls: Calls) -> None:
        self.names = StoreNames(calls)
        self.entities = Entities(calls.resolver)
        self.statements = Statements(self.names)
        self.writes = StoreWrites(self.names, self.entities, self.statements)
        self.handlers: dict[tuple[str, str], tuple[tuple[Opening, FunctionInfo], ...]] = {}
        """By language and name of a class, what `posted` found out: handlers with a parameter of it."""
        self.holders: dict[tuple[str, str], tuple[str, ...]] = {}
        """And names of the classes with a field of it."""
        self.filled: dict[str, dict[ClassInfo, tuple[ClassInfo, StoreModel]]] = {}
        """By language, what `filled` found out: classes that a framework fills, each with the one that is marked."""


def read_call(search: Search, node: ir.Call, callee: Callee, state: State) -> bool:
    """A call that reads a store asks for what is written there."""
    knowledge = search.knows(state.function)
    if is_own(search.resolver, node, state.function):
        return False
    if knowledge.reads.may_match(callee.member):
        callee = search.stores.entities.callee(node, callee, state.function, knowledge)
    for model, access in knowledge.reads.find(callee, node):
        if access.value.root is not Root.RESULT:
            continue
        for named in named_by(access.entity, node) or [node]:
            if model.kind is StoreKind.FILE and isinstance(named, ir.Attribute) and named.name in _UPLOADED:
                search.follow(named, state, ())  # an uploaded file holds what its sender wrote
                return True
            name = search.stores.names.name_of(model.kind, named, state.function)
            if model.kind is StoreKind.DB and access.entity is not None and access.entity.root is Root.RECEIVER:
                texts = [search.stores.names.text(each.value, state.function) for each in node.args[:1]]
                told = next((found for found in map(sql.table, texts) if found), "")
                name = told or search.stores.statements.queried(node, state.function) or name
            if (
                model.kind is StoreKind.FILE
                and access.entity not in access.keys  # a key is a path, never what the file holds
                and isinstance(named, ir.Name | ir.Call)
                and _is_content(search, named, state)
            ):
                search.follow(named, state, state.path)
                return True
            if model.kind is StoreKind.DB and isinstance(name, str) and node.args:
                if mappers.mapped(search, node, search.store(model.id, model.kind.value, name), state):
                    return True
                path = mappers.by_property(node, state.path)
                if path != state.path:
                    thing = search.store(model.id, model.kind.value, name)
                    search.ask(thing, state.function, path, None, state, 1, f"row of {name}", "store", node.line)
                    return True
            _ask(search, name, model, state, node.line)
            return True
    return False


def _is_content(search: Search, node: ir.Expression, state: State) -> bool:
    """`json.load(response)`, `yaml.safe_load(text)`: the argument holds text, and no file's name."""
    value = search.stores.names.value(node, state.function) if isinstance(node, ir.Name) else (node, state.function)
    if value is None:
        return True
    inner = value[0]
    while isinstance(inner, ir.Cast):
        inner = inner.value
    if isinstance(inner, ir.Literal | ir.Format):
        return False
    if isinstance(inner, ir.Call):
        return last_name(inner.callee) not in (*OPENS, "Path", "join", "resolve")
    return False


def _ask(search: Search, name: Entity, model: StoreModel, state: State, line: int) -> None:
    path = state.path
    if model.id.endswith(".supabase") and path[:1] in (("data",), ("error",), ("count",)):
        if path[0] != "data":
            return
        path = path[1:]
    while isinstance(name, str) and path and model.kind is StoreKind.DB and path[0] in ("rows", "row"):
        path = path[1:]  # of a query's result
    if isinstance(name, ClassInfo):
        if name.name == "Entity" and name.module.language == "rust":  # SeaORM asks the entity for rows of its model
            name = next(iter(search.resolver.bases(name)), name)
        while path and (path[0] == ANY or isinstance(path[0], int)):
            path = path[1:]
        what = f"row of {name.name}"
        if path and isinstance(path[0], str):
            thing = search.field_of(name, path[0])
            search.ask(thing, name.module.top, path[1:], None, state, 1, what, "store", line, state.function)
        else:
            for each in name.fields:
                thing = search.field_of(name, each)
                search.ask(thing, name.module.top, (), None, state, 2, what, "store", line, state.function)
        return
    thing_ = search.store(model.id, model.kind.value, name)
    search.ask(thing_, state.function, path, None, state, 1, f"read from {name or model.id}", "store", line)


def store(search: Search, thing: Store, state: State) -> None:
    """Everything that is written to a store by name."""
    kind = StoreKind(thing.kind)
    knowledge = search.knows(state.function)
    answered = False
    for write in search.stores.writes.all(knowledge, kind):
        path = state.path
        if kind is StoreKind.CACHE and write.name != thing.name and thing.name:
            below = _below(thing.name, write.name, path)
            if below is None:
                continue
            path = below
        elif not thing.name or write.name != thing.name:
            continue
        answered = True
        for value, left in write.values:
            plain = search.stores.names.value(value, write.function) if isinstance(value, ir.Name) else None
            row = isinstance(plain[0] if plain is not None else value, ir.Record) and not left
            tail = path[1:] if path and (path[0] == ANY or isinstance(path[0], int)) else path
            for asked in dict.fromkeys((tail,) if row else (path, tail)):
                what = f"written to {thing.name}"
                search.ask(value, write.function, (*left, *asked), None, state, 1, what, "store", write.call.line)
    if not answered:
        source = _KINDS[kind]
        before = state.before
        line = next((each for each in (state.line, before.line if before else 0) if each), state.function.node.line)
        named = thing.name or "that is chosen elsewhere"
        what = f"{_NAMES[kind]} {named}, which nothing in the project writes"
        search.source(source, thing.id, what, state, line)


def _below(read: str, written: str, path: Path) -> Path | None:
    """What is asked of a value written under `servers.x` where `servers` is read, or the other way; None for others.

    `electron-store` and `conf` take a key with dots for a way into the value.
    """
    if read.startswith(f"{written}."):
        return (*read[len(written) + 1 :].split("."), *path)
    if not written.startswith(f"{read}."):
        return None
    for step in written[len(read) + 1 :].split("."):
        if path and path[0] != step and ANY not in (path[0], step):
            return None
        path = path[1:]
    return path


def entity_field(search: Search, cls: ClassInfo, name: str, state: State) -> bool:
    """Writes of a row's field that are no assignments: a request is bound to the entity, or to its request's class."""
    knowledge = search.knows(cls.module.top)
    model = search.stores.entities.model(cls, knowledge)
    if model is None:
        return False
    if model.kind is StoreKind.SETTINGS:
        search.source(SourceKind.ENV, model.id, f"setting {cls.name}.{name}", state, cls.node.line)
        return True
    found = posted.as_row(search, cls, name, knowledge, state)
    own = (cls.name.lower(), table_of(cls))
    for write in search.stores.writes.all(knowledge, StoreKind.DB):
        if write.name in own:
            for value, left in write.values:
                found = True
                what = f"written to {cls.name}"
                search.ask(
                    value, write.function, (*left, name, *state.path), None, state, 1, what, "store", write.call.line
                )
    return found

"""Writes to stores: rows, settings, files and caches that a project fills, each under its name.

Belongs here: which calls write, and what. Not here: what names a store (`store_names`), the reading side (`stores`),
assignments to fields of rows, which are those of any object (`slicer_objects`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from spawngate.codescan import ir, sql
from spawngate.codescan.definitions import ClassInfo, FunctionInfo
from spawngate.codescan.entities import Entities
from spawngate.codescan.flow import ANY, Path
from spawngate.codescan.meanings import Value
from spawngate.codescan.models.match import Index, select
from spawngate.codescan.models.model import Access, Root, StoreKind, StoreModel
from spawngate.codescan.statements import Statements
from spawngate.codescan.store_names import OPENS, StoreNames, is_own, named_by
from spawngate.codescan.walk import last_name

if TYPE_CHECKING:
    from spawngate.codescan.knowledge import Knowledge

MAX_FILES = 150
_UPDATES = frozenset(["$set", "$setOnInsert", "$push", "$addToSet"])

Models = Index[tuple[StoreModel, Access]]


@dataclass(frozen=True, slots=True)
class Write:
    """A write to a store: the parts of a call that are written."""

    call: ir.Call
    function: FunctionInfo
    name: str
    values: tuple[tuple[ir.Expression, Path], ...]
    kind: StoreKind
    model: str


class StoreWrites:
    """Writes to the stores of one project."""

    def __init__(self, names: StoreNames, entities: Entities, statements: Statements) -> None:
        self.names = names
        self.entities = entities
        self.statements = statements
        self.resolver = names.resolver
        self.project = names.project
        self._found: dict[tuple[str, StoreKind], tuple[Write, ...]] = {}

    def all(self, knowledge: Knowledge, kind: StoreKind) -> tuple[Write, ...]:
        """Every write to stores of a kind in the project, in one language."""
        key = (knowledge.language, kind)
        found = self._found.get(key)
        if found is None:
            self._found[key] = ()
            found = self._found[key] = tuple(self._find_writes(knowledge, kind))
        return found

    def _find_writes(self, knowledge: Knowledge, kind: StoreKind) -> Iterator[Write]:
        if kind is StoreKind.DB:
            yield from self._constructed(knowledge)
        models = knowledge.index(
            (t, (m, a)) for m in knowledge.stores if m.kind is kind for a in m.writes for t in a.targets
        )
        words = models.words() | ({"write"} if kind is StoreKind.FILE else frozenset())
        texts = self.project.texts
        counted: dict[str, int] = {}
        calling: set[str] = set()
        for word in words:
            paths = texts.files_calling(word, knowledge.language)
            calling.update(path for path in paths if word == "write" or self._may_write(path, word, models))
            for path in self.project.files_with(word):
                counted[path] = counted.get(path, 0) + 1
        likely = sorted(calling, key=lambda path: ("mcp" not in path.lower(), -counted[path], path))
        for module in self.project.modules(likely[:MAX_FILES], knowledge.language):
            renamed = [
                local
                for local, found in module.imports.items()
                if local not in words and any(each.name in words for each in found)
            ]
            for word in (*words, *renamed):
                for call, function in module.calls.get(word, ()):
                    yield from self._written(call, function, knowledge, kind, models)

    def _may_write(self, path: str, word: str, models: Models) -> bool:
        """Whether a call of the word in a file may be one of those that write, by what it is called on."""
        texts = self.project.texts
        places = texts.called_on(path, word)
        script, python = (texts.languages[path] == language for language in ("javascript", "python"))
        told = not script or texts.imports_own(path) or sql.writes(texts.sources[path])
        for target, (model, access) in models.of(word):
            if target.names:
                if not python or any(first in ("", "*") or texts.imports(path, (first,)) for first, _ in places):
                    return True
                continue
            if not any(first for first, _ in places):
                continue  # `set(x)` of Python is no method
            if not told and model.kind is StoreKind.DB and access.entity is not None and access.entity.root is Root.ARG:
                continue  # a statement that stands nowhere
            near = any(last == "*" or last.lower().lstrip("_") in target.receivers for _, last in places)
            if target.on or near or not target.receivers:
                return True
        return False

    def _written(
        self, call: ir.Call, function: FunctionInfo, knowledge: Knowledge, kind: StoreKind, models: Models
    ) -> Iterator[Write]:
        if is_own(self.resolver, call, function):
            return
        callee = self.entities.callee(call, self.resolver.callee(call.callee, function), function, knowledge)
        matched = False
        for model, access in models.find(callee, call):
            matched = True
            values: list[tuple[ir.Expression, Path]] = []
            row: ir.Record | None = None
            if access.value.root is Root.KEYWORDS and not access.value.path:
                values = [(_keyword_record(call), ())]
                if last_name(call.callee) == "values" and call.args and not call.args[0].name:
                    values.append((call.args[0].value, ()))  # `insert(T).values(row)`
            elif (row := self.statements.row(call, function)) is not None:
                values = [(row, ())]
            elif (bound_ := self.statements.column(call, function)) is not None:
                values = [(bound_, ())]
            elif access.value.root is not Root.RESULT:
                values = [(each, _plain(left)) for each, left in select(call, access.value)]
            elif isinstance(call.callee, ir.Attribute) or call.args:
                values = [(argument.value, ()) for argument in call.args[1:]]
            name = self._access_name(access, call, function, kind)
            if row is not None and values == [(row, ())]:
                name = sql.table(self.names.text(call.args[0].value, function)) or name
            if name and values:
                yield Write(call, function, name, tuple(_updates(values)), kind, model.id)
        if not matched and kind is StoreKind.FILE and last_name(call.callee) == "write" and call.args:
            base = call.callee.base if isinstance(call.callee, ir.Attribute) else None
            value = self.names.value(base, function) if base is not None else None
            opened = value[0] if value is not None else None
            if isinstance(opened, ir.Call) and last_name(opened.callee) in OPENS and base is not None:
                name = self.names.file(base, function)
                if name:
                    yield Write(call, function, name, ((call.args[0].value, ()),), kind, "file")

    def _constructed(self, knowledge: Knowledge) -> Iterator[Write]:
        """`new Server(row)`, `Server.build(row)` of such a class."""
        names: dict[str, None] = {}
        for word in sorted(self.entities.makers(knowledge).words()):
            for module in self.project.calling(word, knowledge.language):
                for name in (*module.assigned, "default") if word in module.calls else ():
                    if self.entities.is_made(Value(module, name), knowledge):
                        stem = module.path.rpartition("/")[2].partition(".")[0]
                        names.update(dict.fromkeys((name,) if name != "default" else re.findall(r"\w+", stem)))
        for name in names:
            for module in self.project.modules_with(name, knowledge.language):
                for local in dict.fromkeys((name, *module.imports)):
                    for call, function in module.calls.get(local, ()):
                        if call.new and call.args and isinstance(call.callee, ir.Name):
                            kept = [m for m in self.resolver.chain(call.callee, function) if isinstance(m, Value)]
                            if any(self.entities.is_made(each, knowledge) for each in kept):
                                entity = self.names.entity(call.callee, function)
                                if isinstance(entity, str):
                                    value = call.args[0].value
                                    yield Write(call, function, entity, ((value, ()),), StoreKind.DB, "constructed")

    def _access_name(self, access: Access, call: ir.Call, function: FunctionInfo, kind: StoreKind) -> str:
        for node in named_by(access.entity, call):
            name = self.names.name_of(kind, node, function)
            return name.name.lower() if isinstance(name, ClassInfo) else name
        return ""


def _keyword_record(call: ir.Call) -> ir.Record:
    """`create(command=c, defaults={..}, **rest)` as the row that it writes."""
    entries: list[ir.Entry] = []
    for argument in call.args:
        at = argument.line, argument.column
        if argument.spread == "**" or argument.name in ("defaults", "create_defaults"):
            entries.append(ir.Entry(*at, None, argument.value))
        elif argument.name:
            entries.append(ir.Entry(*at, ir.Literal(*at, argument.name), argument.value))
    return ir.Record(call.line, call.column, tuple(entries))


def _updates(values: list[tuple[ir.Expression, Path]]) -> Iterator[tuple[ir.Expression, Path]]:
    """What MongoDB's operators write: of `{"$set": row}` it is the row."""
    for value, left in values:
        keys = value.entries if isinstance(value, ir.Record) else ()
        rows = [each.value for each in keys if isinstance(each.key, ir.Literal) and each.key.value in _UPDATES]
        if rows and not left:
            yield from ((row, ()) for row in rows)
        else:
            yield value, left


def _plain(path: tuple[object, ...]) -> Path:
    return tuple(step if isinstance(step, str | int) else ANY for step in path)

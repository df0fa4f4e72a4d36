"""Classes whose objects a library keeps: by their marks, their bases, or the call that makes them.

Belongs here: which classes are entities, of which library, and their tables. Not here: which libraries do so
(`models`), what is written to their rows (`store_writes`).
"""

from __future__ import annotations

from dataclasses import replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from spawngate.codescan import ir
from spawngate.codescan.definitions import ClassInfo, FunctionInfo
from spawngate.codescan.meanings import Value
from spawngate.codescan.models.match import Callee, Index
from spawngate.codescan.models.model import StoreModel
from spawngate.codescan.resolve import Resolver
from spawngate.codescan.walk import last_name

if TYPE_CHECKING:
    from spawngate.codescan.knowledge import Knowledge


class Entities:
    """Entities of one project."""

    def __init__(self, resolver: Resolver) -> None:
        self.resolver = resolver
        self._models: dict[ClassInfo, StoreModel | None] = {}
        self._marks: dict[str, Index[StoreModel]] = {}
        self._makers: dict[str, Index[StoreModel]] = {}

    def model(self, cls: ClassInfo, knowledge: Knowledge) -> StoreModel | None:
        """The store that keeps objects of a class; None for classes that are not kept."""
        if cls in self._models:
            return self._models[cls]
        found: StoreModel | None = None
        names = self.resolver.class_names(cls)[1:]
        marks = self._marks.get(knowledge.language)
        if marks is None:
            marks = knowledge.index((t, m) for m in knowledge.stores for e in m.entities for t in e.decorators)
            self._marks[knowledge.language] = marks
        for decorator in cls.decorators:
            named = decorator.callee if isinstance(decorator, ir.Call) else decorator
            if marks.may_match(last_name(named)):
                call = decorator if isinstance(decorator, ir.Call) else None
                for model in marks.find(self.resolver.callee(named, cls.module.top), call):
                    found = model
        for model in knowledge.stores:
            for entity in model.entities:
                if found is None and any(fnmatchcase(name, base) for base in entity.bases for name in names):
                    found = model
        if found is not None and any("SQLModel" in name for name in names) and not cls.node.keywords:
            found = None
        self._models[cls] = found
        return found

    def makers(self, knowledge: Knowledge) -> Index[StoreModel]:
        """Calls that make a class of rows."""
        found = self._makers.get(knowledge.language)
        if found is None:
            found = knowledge.index((t, m) for m in knowledge.stores for e in m.entities for t in e.calls)
            self._makers[knowledge.language] = found
        return found

    def is_made(self, value: Value, knowledge: Knowledge) -> bool:
        """`mongoose.model("Server", schema)`, `sequelize.define("Server", {..})`: a library makes the class of rows."""
        makers = self.makers(knowledge)
        given = [each.value for each in value.module.assigned.get(value.name, ())]
        for each in (*given, *value.module.exports.get(value.name, ())):
            if isinstance(each, ir.Call) and makers.may_match(last_name(each.callee)):
                return bool(makers.find(self.resolver.callee(each.callee, value.module.top), each))
        return False

    def callee(self, call: ir.Call, callee: Callee, function: FunctionInfo, knowledge: Knowledge) -> Callee:
        """What is known of a call, with what the file of its entity imports: `Tool.objects.get(..)` where `Tool` is
        imported from a file that imports the library."""
        root: ir.Expression = call.callee
        while isinstance(root, ir.Attribute | ir.Call):
            root = root.callee if isinstance(root, ir.Call) else root.base
        if root is call.callee or not isinstance(root, ir.Name):
            return callee
        for meaning in self.resolver.chain(root, function):
            if isinstance(meaning, Value) and self.is_made(meaning, knowledge):
                return replace(callee, imports=callee.imports | self.resolver.names(meaning.module).imports)
            if isinstance(meaning, ClassInfo) and self.model(meaning, knowledge) is not None:
                found = (self.resolver.names(each.module).imports for each in (meaning, *self.resolver.bases(meaning)))
                bases = self.resolver.class_names(meaning)  # of `db.Model`, where `db` is made in another file
                return replace(callee, imports=callee.imports.union(bases, *found))
        return callee


_TABLE_MARKS = {"diesel": "table_name", "sea_orm": "table_name", "Table": "name", "TableName": "value"}
"""Marks that name the table of a class, each with the argument that does."""


def table_of(cls: ClassInfo) -> str:
    """The table that a mark of the class names, in lower case; "" where none does."""
    for mark in cls.decorators:
        wanted = _TABLE_MARKS.get(last_name(mark.callee)) if isinstance(mark, ir.Call) else None
        for argument in mark.args if isinstance(mark, ir.Call) and wanted else ():
            if argument.name == wanted or (not argument.name and wanted in ("name", "value")):
                value = argument.value
                return str(value.value).lower() if isinstance(value, ir.Literal) else last_name(value).lower()
    return ""

"""Objects that are written out as literals: the functions among their entries, and the interfaces they stand for.

Belongs here: which object literals an expression may be (through variables, parameters, results of the project's own
functions), and which are written where an interface is asked for. Not here: classes (`resolve`), values (`slicer`).

In TypeScript most services are no classes: `const repository: Repository = { async save(x) {..} }`, a factory that
returns such an object, a table of procedures that is handed to a router. A call of a method of the interface, of the
parameter, or of the factory's result reaches the function in the literal.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from spawngate.codescan import hung, ir
from spawngate.codescan.binding import bind
from spawngate.codescan.definitions import ClassInfo, FunctionInfo, ModuleInfo
from spawngate.codescan.flow import ANY, Bound, Changed, Handed, Merged, Parameter, Path, Version
from spawngate.codescan.meanings import Value
from spawngate.codescan.resolve import Resolver
from spawngate.codescan.walk import nested

if TYPE_CHECKING:
    from spawngate.codescan.calls import Calls

MAX_DEPTH = 8
MAX_SITES = 8
"""Calls of a function that are looked at for what its parameter is."""
MAX_OBJECTS = 24
MAX_SERVING = 8
"""A key that more files write says nothing of whose function is meant."""
MAX_LOOKS = 240
"""Expressions that one question looks at."""
MAX_ENTRIES = 200

Object = tuple[ir.Record, FunctionInfo]
"""An object literal and the function around it."""


class Literals:
    """Object literals of one project's JavaScript."""

    def __init__(self, calls: Calls) -> None:
        self.calls = calls
        self.resolver: Resolver = calls.resolver
        self.project = calls.project
        self._typed: dict[str, dict[str, list[Object]]] = {}
        self._looks: set[tuple[object, FunctionInfo]] = set()
        self._served: dict[str, list[FunctionInfo | ClassInfo]] = {}
        self._asked = 0

    def methods(self, base: ir.Expression, name: str, function: FunctionInfo) -> list[FunctionInfo | ClassInfo]:
        """What `base.name` calls where `base` is an object literal, however it came here."""
        out: list[FunctionInfo | ClassInfo] = []
        for record, around in self._asks(base, function) if self.project.defined(name, "javascript") else ():
            out.extend(self._entry(record, name, around))
        return list(dict.fromkeys(out))

    def _asks(self, base: ir.Expression, function: FunctionInfo) -> list[Object]:
        """A question of its own, or a part of the one that is being answered: then within the bounds of that."""
        if self._asked:
            return self.objects(base, function, MAX_DEPTH // 2)
        self._asked = 1
        self._looks = set()
        try:
            return self.objects(base, function)
        finally:
            self._asked = 0

    def fulfilling(self, cls: ClassInfo, name: str) -> list[FunctionInfo | ClassInfo]:
        """Functions called `name` in the object literals that are written where the interface is asked for."""
        out: list[FunctionInfo | ClassInfo] = []
        for each in (cls, *self.resolver.subclasses(cls)):
            if each.kind != "interface":
                continue
            for module in self.project.typing(each.name, "javascript"):
                for record, around in self._typed_in(module).get(each.name, ()):
                    if self._means(each, module):
                        out.extend(self._entry(record, name, around))
        return list(dict.fromkeys(out))[:MAX_OBJECTS]

    def _means(self, cls: ClassInfo, module: ModuleInfo) -> bool:
        """The name of the interface is that interface in the file."""
        found = self.resolver.meaning(cls.name, module.top)
        return not found or cls in found

    def _entry(self, record: ir.Record, name: str, around: FunctionInfo) -> Iterator[FunctionInfo | ClassInfo]:
        for entry in record.entries[:MAX_ENTRIES]:
            if isinstance(entry.key, ir.Literal) and entry.key.value == name:
                yield from self.calls.callables.of(entry.value, around)
            elif entry.key is None:
                for inner, place in self.objects(entry.value, around, MAX_DEPTH - 2):
                    yield from self._entry(inner, name, place)

    def served(self, name: str) -> list[FunctionInfo | ClassInfo]:
        """Functions called `name` in object literals of which a library makes a service: it is handed them, or a
        function that returns them.
        """
        found = self._served.get(name)
        if found is None:
            out: list[FunctionInfo | ClassInfo] = []
            texts = self.project.texts
            paths = [path for path in self.project.files_with(name) if texts.languages[path] == "javascript"]
            paths = [path for path in paths if texts.keys(path, name)]
            for module in self.project.modules(paths) if len(paths) <= MAX_SERVING else ():
                for entry, around in module.records.get(name, ()):
                    made = around.closure is not None and around.closure in module.argument_of
                    if made or entry.value in module.entry_of:
                        out.extend(self.calls.callables.of(entry.value, around))
            found = self._served[name] = list(dict.fromkeys(out))[:MAX_OBJECTS]
        return found

    # what an expression may be

    def objects(self, node: ir.Expression, function: FunctionInfo, depth: int = 0) -> list[Object]:
        """Object literals that an expression may be; empty where none is seen."""
        key = (node, function)
        if depth > MAX_DEPTH or key in self._looks or len(self._looks) > MAX_LOOKS:
            return []
        if not isinstance(node, ir.Record):
            self._looks.add(key)
        match node:
            case ir.Record():
                return [(node, function)]
            case ir.Cast() | ir.Spread():
                return self.objects(node.value, function, depth + 1)
            case ir.Join():
                return [each for part in node.branches for each in self.objects(part, function, depth + 1)]
            case ir.Name():
                return self._of_name(node, function, depth)
            case ir.Attribute():
                return self._of_attribute(node, function, depth)
            case ir.Call() if not node.new:
                return self._of_call(node, function, depth)
            case _:
                return []

    def _of_call(self, node: ir.Call, function: FunctionInfo, depth: int) -> list[Object]:
        reached = self.calls.reached(node, function)
        out: list[Object] = []
        for each in reached[:4]:
            if isinstance(each.target, FunctionInfo):
                for returned in self.project.flow(each.target).returns[:6]:
                    if returned.value is not None:
                        out.extend(self.objects(returned.value, each.target, depth + 1))
        if not reached:  # `Object.freeze({..})`, `defineService({..})`
            out.extend((each.value, function) for each in node.args[:1] if isinstance(each.value, ir.Record))
        return out[:MAX_OBJECTS]

    def _of_name(self, node: ir.Name, function: FunctionInfo, depth: int) -> list[Object]:
        version = self.project.flow(function).uses.get(node)
        if version is not None:
            return self._of_version(version, function, depth)
        scope = self.resolver.scope_of(node.id, function)
        if scope is not None and scope is not function.module.top:
            versions = self.project.flow(scope).all[node.id][:4]
            return [each for one in versions for each in self._of_version(one, scope, depth)]
        out: list[Object] = []
        for meaning in self.resolver.meaning(node.id, function):
            if isinstance(meaning, Value):
                module = meaning.module
                values = [each.value for each in module.assigned.get(meaning.name, ())[:3] if each.value is not None]
                for value in (*values, *module.exports.get(meaning.name, ())[:2]):
                    out.extend(self.objects(value, module.top, depth + 1))
        return out

    def _of_version(self, version: Version, function: FunctionInfo, depth: int) -> list[Object]:
        if depth > MAX_DEPTH:
            return []
        while isinstance(version, Changed | Handed):
            version = version.before
        if isinstance(version, Merged):
            return [each for one in version.versions[:4] for each in self._of_version(one, function, depth + 1)]
        if isinstance(version, Bound):
            found = self.objects(version.value, function, depth + 1) if version.value is not None else []
            return self._below(found, version.path, depth)
        if isinstance(version, Parameter) and version.index >= 0:
            return self._given(function, version.index, version.path, depth)
        return []

    def _given(self, function: FunctionInfo, index: int, path: Path, depth: int) -> list[Object]:
        """What the calls of a function give for its parameter."""
        out: list[Object] = []
        for site in self.calls.sites(function)[:MAX_SITES] if depth < MAX_DEPTH else ():
            if site.way not in ("call", "construct"):
                continue
            for value, left in bind(site.call, function, index, path, site.way == "construct"):
                out.extend(self._below(self.objects(value, site.function, depth + 1), left, depth))
        return out[:MAX_OBJECTS]

    def _below(self, found: list[Object], path: Path, depth: int) -> list[Object]:
        for step in path:
            if not isinstance(step, str) or step == ANY:
                return []
            found = [each for record, around in found for each in self._field(record, step, around, depth)]
        return found

    def _field(self, record: ir.Record, name: str, around: FunctionInfo, depth: int) -> list[Object]:
        for entry in record.entries[:MAX_ENTRIES]:
            if isinstance(entry.key, ir.Literal) and entry.key.value == name:
                return self.objects(entry.value, around, depth + 1)
        return []

    def _of_attribute(self, node: ir.Attribute, function: FunctionInfo, depth: int) -> list[Object]:
        out = self._below(self.objects(node.base, function, depth + 1), (node.name,), depth)
        if out:
            return out
        for meaning in self.resolver.chain(node, function):
            if isinstance(meaning, Value):
                for each in meaning.module.assigned.get(meaning.name, ())[:3]:
                    if each.value is not None:
                        out.extend(self.objects(each.value, meaning.module.top, depth + 1))
        for kind in self.resolver.kinds(node.base, function):
            for cls in (kind.cls, *self.resolver.bases(kind.cls)) if kind.cls is not None else ():
                out.extend(self._of_field(cls, node.name, depth))
        if not out:
            for value, around in hung.values(self.project, node):
                out.extend(self.objects(value, around, depth + 1))
        return out[:MAX_OBJECTS]

    def _of_field(self, cls: ClassInfo, name: str, depth: int) -> Iterator[Object]:
        declared = cls.fields.get(name)
        if declared is not None and declared.value is not None:
            yield from self.objects(declared.value, cls.module.top, depth + 1)
        for statement, target, around in cls.module.writes.get(name, ()):
            if statement.target is not target or statement.value is None or not isinstance(target, ir.Attribute):
                continue
            if target.name == name and isinstance(target.base, ir.Name) and target.base.id == "self":
                yield from self.objects(statement.value, around, depth + 1)
        init = cls.methods.get("__init__")
        for index, param in enumerate(init.params if init is not None else ()):
            if param.field and param.name == name and init is not None:
                if param.default is not None:
                    yield from self.objects(param.default, cls.module.top, depth + 1)
                yield from self._given(init, index, (), depth)

    # literals of an interface

    def _typed_in(self, module: ModuleInfo) -> dict[str, list[Object]]:
        """Object literals of a file by the names of the types that are written for them."""
        found = self._typed.get(module.path)
        if found is None:
            found = self._typed[module.path] = {}
            for function in list(module.of.values()):
                for name, record in self._declared(function):
                    found.setdefault(name, []).append((record, function))
        return found

    def _declared(self, function: FunctionInfo) -> Iterator[tuple[str, ir.Record]]:
        returned = [each.value for each in self.project.flow(function).returns if each.value is not None]
        names = list(_names(function.node.returns))
        bound: dict[str, ir.Expression] = {}
        for statement in nested(function.node.body):
            if isinstance(statement, ir.Assign) and statement.value is not None:
                if isinstance(statement.target, ir.Name):
                    bound[statement.target.id] = statement.value
                yield from _literals(statement.value, list(_names(statement.type)), function, self)
        for value in returned:
            yield from _literals(
                bound.get(value.id, value) if isinstance(value, ir.Name) else value, names, function, self
            )


def _literals(
    value: ir.Expression, names: list[str], function: FunctionInfo, literals: Literals
) -> Iterator[tuple[str, ir.Record]]:
    """The literal that a value is, under the names of its type; of a closure what it returns."""
    while isinstance(value, ir.Cast):
        names = [*names, *_names(value.type)]
        value = value.value
    if isinstance(value, ir.Call) and len(value.args) == 1:  # `Object.freeze<T>({..})`
        value = value.args[0].value
    if isinstance(value, ir.Record):
        yield from ((name, value) for name in names)
    elif isinstance(value, ir.Closure) and names:
        inner = function.module.of.get(value.function)
        for returned in literals.project.flow(inner).returns if inner is not None else ():
            if isinstance(returned.value, ir.Record):
                yield from ((name, returned.value) for name in names)


def _names(written: ir.Type | None) -> Iterator[str]:
    todo = [written] if written is not None else []
    while todo:
        here = todo.pop()
        name = here.name.rpartition(".")[2]
        if name[:1].isupper():
            yield name
        todo.extend(here.args)

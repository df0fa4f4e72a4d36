"""What models are told of a name: the qualified names that a thing called, read or written above another may bear.

Belongs here: `Resolver`, the one object that the other parts ask, and the names by which models know things. Its layers
below, each of which knows those before it: `meanings` (definitions that names stand for), `hierarchy` (classes),
`results` (objects that calls give), `kinds` (objects). Not here: who calls whom (`calls`), where values come from
(`slicer`).
"""

from __future__ import annotations

from collections.abc import Mapping

from spawngate.codescan import ir
from spawngate.codescan.definitions import ClassInfo, FunctionInfo, owner_of
from spawngate.codescan.flow import Bound, Path, Version
from spawngate.codescan.kinds import Kinds
from spawngate.codescan.meanings import module_level
from spawngate.codescan.models.match import Callee, Index
from spawngate.codescan.models.model import TypeModel
from spawngate.codescan.project import Project
from spawngate.codescan.walk import last_name

_SAME_FUNCTION = frozenset(["promisify", "async_to_sync", "sync_to_async", "util.promisify"])


class Resolver(Kinds):
    """Answers about one project."""

    def __init__(
        self,
        project: Project,
        aliases: Mapping[str, Mapping[str, str]] | None = None,
        types: Mapping[str, Index[TypeModel]] | None = None,
    ) -> None:
        super().__init__(project, aliases, types)
        self.scalars: dict[tuple[ir.Type, Path], bool] = {}
        """What `scalars` found out; a written type stands in one file, so it means one thing."""

    def _base_names(self, function: FunctionInfo) -> tuple[str, ...]:
        owner = owner_of(function)
        return self.class_names(owner)[1:] if owner is not None else ()

    def _another_name(self, version: Version | None, function: FunctionInfo) -> tuple[str, ...]:
        """`const run = promisify(exec)`, `const { Transport: Stdio } = stdio`, `const T = stdio.Transport`."""
        if not isinstance(version, Bound) or version.value is None or len(version.path) > 1:
            return ()
        value = version.value
        if isinstance(value, ir.Call) and last_name(value.callee) in _SAME_FUNCTION and len(value.args) == 1:
            value = value.args[0].value
        for step in version.path:
            if not isinstance(step, str) or step == "*":
                return ()
            value = ir.Attribute(value.line, value.column, value, step)
        if not isinstance(value, ir.Name | ir.Attribute):
            return ()
        names = self.names(function.module).qualified(value)
        return names if not any(name.startswith("#") for name in names) else ()

    def _library_class(self, node: ir.Name, function: FunctionInfo) -> tuple[str, ...]:
        """A class of the project that inherits the constructor of a library's: making one makes the library's."""
        for meaning in self.meaning(node.id, function):
            if isinstance(meaning, ClassInfo) and meaning.bases and self.method(meaning, "__init__") is None:
                return self.class_names(meaning)
        return ()

    def spoken(self, node: ir.Expression, function: FunctionInfo) -> tuple[str, ...]:
        """Last names by which a model may know a thing: as it is written here, as it was imported, as it was bound."""
        name = last_name(node)
        if not isinstance(node, ir.Name) or not name:
            return (name,)
        out = [name]
        module = function.module
        out.extend(each.name or "default" for each in module.imports.get(name, ()))
        version = self.project.flow(function).uses.get(node)
        bound = [(version.value, version.path)] if isinstance(version, Bound) and version.value is not None else []
        for value, path in bound or module_level(name, module):
            same = isinstance(value, ir.Call) and last_name(value.callee) in _SAME_FUNCTION and len(value.args) == 1
            told = value.args[0].value if same and isinstance(value, ir.Call) else value
            out.append(str(path[-1]) if path else last_name(told))
        return tuple(dict.fromkeys(each for each in out if each))

    def callee(self, node: ir.Expression, function: FunctionInfo) -> Callee:
        """What is known of a thing that is called, read or stands as a decorator, for the models' matching."""
        names = self.names(function.module)
        root = node
        while isinstance(root, ir.Attribute | ir.Index):
            root = root.base
        local = isinstance(root, ir.Name) and self.scope_of(root.id, function) not in (None, function.module.top)
        qualified = () if local and isinstance(root, ir.Name) else names.qualified(node)
        member, receiver = "", ""
        classes: tuple[str, ...] | None = None
        if isinstance(node, ir.Attribute) and node.name == "__init__" and last_name(node.base) == "super":
            qualified = self._base_names(function)
        elif isinstance(node, ir.Attribute | ir.Index):
            member = last_name(node)
            receiver = last_name(node.base.callee if isinstance(node.base, ir.Call) else node.base)
            kinds = self.kinds(node.base, function)
            if kinds:
                known: dict[str, None] = {}
                for kind in kinds:
                    for name in self.class_names(kind.cls) if kind.cls is not None else kind.names:
                        known.setdefault(name)
                classes = tuple(known)
                joint = "::" if function.module.language == "rust" else "."
                qualified = (*qualified, *(f"{name}{joint}{member}" for name in known))
        elif isinstance(node, ir.Name) and node.id == "super":
            qualified = self._base_names(function)
        elif isinstance(node, ir.Name) and local:
            kinds = tuple(kind for kind in self.kinds(node, function) if not kind.instance)
            qualified = tuple(name for kind in kinds if kind.cls is None for name in kind.names)
            qualified = qualified or self._another_name(self.project.flow(function).uses.get(node), function)
        elif isinstance(node, ir.Name) and (made := self._library_class(node, function)):
            qualified = made
        elif isinstance(node, ir.Name) and len(found := module_level(node.id, function.module)) == 1:
            value, path = found[0]
            qualified = self._another_name(Bound(found_at(value), value, path), function.module.top) or qualified
        return Callee(qualified, member, classes, receiver, names.imports)


def found_at(value: ir.Expression) -> ir.Statement:
    """A statement for a version that no statement makes."""
    return ir.Evaluate(value.line, value.column, value)

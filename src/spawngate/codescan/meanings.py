"""What names stand for: definitions in the project, through scopes, imports and re-exports.

Belongs here: names, and chains of them (`pkg.module.Class`). Not here: classes of objects (`kinds`), and what models
are told of a name (`resolve`).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass

from spawngate.codescan import ir
from spawngate.codescan.definitions import ClassInfo, FunctionInfo, ModuleInfo
from spawngate.codescan.flow import Path, Unset, leaves
from spawngate.codescan.models.names import Names
from spawngate.codescan.project import Project
from spawngate.codescan.walk import last_name

MAX_DEPTH = 14


@dataclass(frozen=True, slots=True)
class Value:
    """A name that is bound to a value at the top of a module."""

    module: ModuleInfo
    name: str


Meaning = FunctionInfo | ClassInfo | ModuleInfo | Value


class Meanings(ABC):
    """Answers about the names of one project."""

    def __init__(self, project: Project, aliases: Mapping[str, Mapping[str, str]] | None = None) -> None:
        self.project = project
        self.aliases = aliases or {}
        self._names: dict[str, Names] = {}
        self._members: dict[tuple[str, str], list[Meaning]] = {}
        self._scopes: dict[tuple[str, FunctionInfo], FunctionInfo | None] = {}
        self._inner_calls: dict[tuple[str, FunctionInfo], list[tuple[ir.Call, FunctionInfo]]] = {}

    @abstractmethod
    def method(self, cls: ClassInfo, name: str) -> FunctionInfo | None:
        """A method of a class, its own or inherited."""

    def names(self, module: ModuleInfo) -> Names:
        """What a file's own imports bind."""
        found = self._names.get(module.path)
        if found is None:
            found = self._names[module.path] = Names(module.ir, self.aliases.get(module.language), module.bindings)
        return found

    def scope_of(self, name: str, function: FunctionInfo) -> FunctionInfo | None:
        """The innermost function around that binds the name as a variable; None for names of the module or none."""
        key = name, function
        if key in self._scopes:
            return self._scopes[key]
        here: FunctionInfo | None = function
        while here is not None:
            flow = self.project.flow(here)
            if name in flow.all and name not in flow.outer:
                break
            here = here.parent
        self._scopes[key] = here
        return here

    def inner_calls(self, name: str, scope: FunctionInfo) -> list[tuple[ir.Call, FunctionInfo]]:
        """Calls of methods of a function's variable in the functions nested in it: `chunks.push(x)`."""
        key = name, scope
        found = self._inner_calls.get(key)
        if found is None:
            found = self._inner_calls[key] = []
            for call, function in scope.module.on.get(name, ()):
                base = call.callee.base if isinstance(call.callee, ir.Attribute) else None
                if function is scope or function.parent is None or not isinstance(base, ir.Name):
                    continue
                if self.scope_of(name, function) is scope:
                    found.append((call, function))
        return found

    def meaning(self, name: str, function: FunctionInfo) -> list[Meaning]:
        """Definitions that a name stands for: nested functions, the file's own, imported ones. Not variables."""
        module = function.module
        here: FunctionInfo | None = function
        while here is not None:
            for each in module.functions.get(name, ()):
                if each.parent is here and each.owner is None:
                    return [each]
            here = here.parent
        nested = [each for each in module.classes.get(name, ()) if each.parent is None]
        if nested:
            return [nested[0]]
        if name not in module.imports and (name in module.assigned or _is_taken(name, module)):
            return [Value(module, name)]
        found = self._imported(name, module)
        if found or name in module.imports:
            return found
        inner = module.classes.get(name, [])
        if inner:
            return [inner[0]]
        for star in module.stars:
            inside = f"{star.module}.{name}" if module.language == "java" else star.module
            found = self._of_modules(module, inside, name)
            if found:
                return found
        if module.language == "java":
            return self._of_modules(module, f"{module.package}.{name}" if module.package else name, name)
        return []

    def _imported(self, name: str, module: ModuleInfo, depth: int = 0) -> list[Meaning]:
        out: list[Meaning] = []
        for statement in module.imports.get(name, ()):
            if statement.name in ("", "*"):
                paths = self.project.imported(module, statement.module)
                if not paths and module.language == "python" and "." in statement.module:
                    continue
                out.extend(each for each in map(self.project.module, paths) if each is not None)
            elif module.language == "java":
                out.extend(self._of_modules(module, f"{statement.module}.{statement.name}", statement.name, depth))
            else:
                out.extend(self._of_modules(module, statement.module, statement.name, depth))
        return out

    def _of_modules(self, importer: ModuleInfo, module: str, name: str, depth: int = 0) -> list[Meaning]:
        if depth > MAX_DEPTH:
            return []
        out: list[Meaning] = []
        for path in self.project.imported(importer, module):
            info = self.project.module(path)
            if info is not None:
                out.extend(self.member(info, name, depth + 1))
        if out:
            return out
        if importer.language == "rust" and "::" in module:  # `crate::a::inner`, where a.rs says `mod inner { .. }`
            around, _, inline = module.rpartition("::")
            for path in self.project.imported(importer, around):
                info = self.project.module(path)
                if info is not None and inline in info.assigned:
                    out.extend(self.member(info, name, depth + 1))
            if out:
                return out
        if importer.language == "python":
            joined = f"{module}{name}" if module.endswith(".") else f"{module}.{name}"
        elif importer.language == "rust":
            joined = f"{module}::{name}"
        else:
            return []
        return [each for each in map(self.project.module, self.project.imported(importer, joined)) if each is not None]

    def member(self, module: ModuleInfo, name: str, depth: int = 0) -> list[Meaning]:
        """What `module.name` is, through re-exports."""
        key = (module.path, name)
        if key in self._members:
            return self._members[key]
        if depth > MAX_DEPTH:
            return []
        self._members[key] = []
        found: list[Meaning] = []
        own = module.toplevel(name)
        if own is not None:
            found = [own]
        elif name in module.exports:
            for value in module.exports[name]:
                found.extend(self._exported(module, value, depth))
        elif name in module.assigned or _is_taken(name, module):
            found = [Value(module, name)]
        if not found and name in module.imports:
            found = self._imported(name, module, depth + 1)
        if not found:
            for star in module.stars:
                if star.module:
                    found = self._of_modules(module, star.module, name, depth + 1)
                    if found:
                        break
        if not found and name == "default":
            defined: list[FunctionInfo | ClassInfo] = [one for each in module.functions.values() for one in each]
            defined.extend(one for each in module.classes.values() for one in each)
            found.extend([each for each in defined if each.node.exported][:1])
        self._members[key] = found
        return found

    def _exported(self, module: ModuleInfo, value: ir.Expression, depth: int) -> list[Meaning]:
        if isinstance(value, ir.Closure):
            return [module.of[value.function]]
        if isinstance(value, ir.Call) and value.new:
            return [Value(module, "default")]
        name = last_name(value)
        if isinstance(value, ir.Name):
            own = module.toplevel(name)
            if own is not None:
                return [own]
            if name in module.assigned:
                return [Value(module, name)]
            return self._imported(name, module, depth + 1)
        return [Value(module, "default")]

    def chain(self, node: ir.Expression, function: FunctionInfo) -> list[Meaning]:
        """Definitions that a name or a chain of attributes stands for: `pkg.module.Class`."""
        names: list[str] = []
        while isinstance(node, ir.Attribute):
            names.append(node.name)
            node = node.base
        if not isinstance(node, ir.Name):
            return []
        path = function.module.language == "rust" and bool(names) and self._is_path(node, names[-1], function)
        if not path and self.scope_of(node.id, function) not in (None, function.module.top):
            return []
        here = self.meaning(node.id, function)
        if not here and names and function.module.language in ("python", "rust"):
            whole, joint = [node.id, *reversed(names)], "." if function.module.language == "python" else "::"
            for end in range(len(whole) - 1, 0, -1):
                found = self._of_modules(function.module, joint.join(whole[:end]), whole[end])
                if found:
                    here, names = found, list(reversed(whole[end + 1 :]))
                    break
        for name in reversed(names):
            further: list[Meaning] = []
            for each in here:
                if isinstance(each, ModuleInfo):
                    further.extend(self.member(each, name))
                elif isinstance(each, ClassInfo):
                    inner = [cls for cls in each.module.classes.get(name, ()) if cls.parent is each]
                    further.extend(inner)
                    method = self.method(each, name)
                    if method is not None and not inner:
                        further.append(method)
            here = further
        if function.module.language == "javascript":
            out: list[Meaning] = []
            for each in here:
                default = self.member(each, "default") if isinstance(each, ModuleInfo) else []
                out.extend(default or [each])
            return out
        return here

    def _is_path(self, node: ir.Name, step: str, function: FunctionInfo) -> bool:
        """`service::Service`, `let live = live::current()` of Rust: no variable, whatever variables there are."""
        if node.path or step[:1].isupper():
            return True
        flow = self.project.flow(function)
        version = flow.uses.get(node)
        return node.id in flow.all and (version is None or isinstance(version, Unset))


def _is_taken(name: str, module: ModuleInfo) -> bool:
    """`ours, theirs = Pipe()` at the top of a file."""
    return module.language == "python" and name in module.taken


def module_level(name: str, module: ModuleInfo) -> list[tuple[ir.Expression, Path]]:
    """What a variable of the file is assigned: the value, and the part of it that a destructuring takes."""
    out: list[tuple[ir.Expression, Path]] = []
    out.extend((statement.value, ()) for statement in module.assigned.get(name, ()) if statement.value is not None)
    for statement in module.taken.get(name, ()):
        for leaf, path, _ in leaves(statement.target):
            if isinstance(leaf, ir.Name) and leaf.id == name and statement.value is not None:
                out.append((statement.value, path))
    return out

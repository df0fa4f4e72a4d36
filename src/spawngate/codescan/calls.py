"""Who calls whom in a project: the definitions that a call may reach, with what that costs.

Belongs here: resolution of calls, and what one project remembers of it in both directions. Must not be here: from a
definition to its calls (`callers`), functions as values (`callables`), arguments (`binding`), values (`slicer`).

Costs: 0 resolved by import, scope or type; 1 an override in a subclass; 2 the only definition of that name; 2 for each
of several definitions of that name up to MANY; 3 where the callee is computed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from spawngate.codescan import conversions, dynamic, ir
from spawngate.codescan.binding import Site, accepts, siblings
from spawngate.codescan.callables import RUN, Callables
from spawngate.codescan.callers import Callers
from spawngate.codescan.definitions import ClassInfo, FunctionInfo, ModuleInfo, owner_of
from spawngate.codescan.finding import SourceKind
from spawngate.codescan.literals import Literals
from spawngate.codescan.resolve import Resolver
from spawngate.codescan.walk import last_name

MAX_DEFINERS = 80
"""A method that so many files define is what a framework asks of every plugin: its name says nothing."""
MANY = 10
"""A name with more definitions than this resolves nothing."""
MOST_METHODS = 24
"""Of a class with more methods a computed name says nothing."""
_common_words = """
append extend insert pop remove clear get items keys values update setdefault copy add discard union join split
strip lower upper format encode decode read write close open send recv put set push map filter forEach reduce
find some every then catch finally slice splice concat includes indexOf toString equals hashCode size isEmpty
contains stream collect toList of asList iter into clone unwrap expect as_str to_string to_owned new from
default len is_empty ok ok_or map_err and_then insert entry or_insert write_all flush json text bytes dict
model_dump keys log info debug warn warning error exception print build builder run start stop main execute call
invoke apply
"""
COMMON = frozenset(_common_words.split())
"""Names that say nothing: without a known object they resolve to no definition of the project."""


@dataclass(frozen=True, slots=True)
class Reached:
    """A definition that a call may reach. A class when it constructs."""

    target: FunctionInfo | ClassInfo
    cost: int


Given = tuple[ir.Expression, FunctionInfo, ir.Call]
"""What a call gives, the function around it, and the call."""


class Calls:
    """Call resolution of one project."""

    def __init__(self, resolver: Resolver) -> None:
        self.resolver = resolver
        self.project = resolver.project
        self.callables = Callables(resolver)
        self.literals = Literals(self)
        self.callers = Callers(self)
        self.exchanged: dict[ClassInfo, tuple[Given, ...]] = {}
        """Objects that libraries are given, by class, as far as `exchange` was asked."""
        self.kept: dict[tuple[str, str], list[Given]] = {}
        """Values that libraries are given under a constant key, by language and key, as far as `exchange` was asked."""
        self.entrusted: dict[FunctionInfo, tuple[str, SourceKind] | None] = {}
        """What `entrusted` found out: the library that calls a function."""
        self.own_packages: dict[str, bool] = {}
        """What `entrusted` found out: whether the project is the library of that name, or holds a copy of it."""
        self._reached: dict[ir.Call, tuple[Reached, ...]] = {}
        self._sites: dict[FunctionInfo | ClassInfo, tuple[Site, ...]] = {}

    def reached(self, call: ir.Call, function: FunctionInfo) -> tuple[Reached, ...]:
        """Definitions of the project that a call may reach, cheapest first; empty for calls of libraries."""
        found = self._reached.get(call)
        if found is None:
            self._reached[call] = ()
            found = self._reached[call] = tuple(_overloads(call, self._resolve(call, function)))
        return found

    def _resolve(self, call: ir.Call, function: FunctionInfo) -> list[Reached]:
        callee = call.callee
        resolver = self.resolver
        if isinstance(callee, ir.Closure):
            return [Reached(function.module.of[callee.function], 0)]
        if isinstance(callee, ir.Name) and callee.id in ("super", "self") and owner_init(callee, function, resolver):
            return [Reached(each, 0) for each in owner_init(callee, function, resolver)]
        if isinstance(callee, ir.Name) and callee.id.endswith("!"):
            return self._macro(call, callee.id, function)
        direct = [each for each in resolver.chain(callee, function) if isinstance(each, FunctionInfo | ClassInfo)]
        if direct:
            return [
                Reached(way, 0)
                for each in direct
                for way in (
                    conversions.alike(self, call, each, function) if isinstance(each, FunctionInfo) else (each,)
                )
            ]
        if isinstance(callee, ir.Name):
            return self._variable(callee, function)
        if not isinstance(callee, ir.Attribute):
            return self._computed(callee, function)
        if function.module.language == "python":
            loaded = dynamic.members_of_loaded(self, callee, function)
            if loaded:
                return [Reached(each, 2) for each in loaded]
        kinds = resolver.kinds(callee.base, function)
        out: list[Reached] = []
        for kind in kinds:
            if kind.cls is None:
                continue
            method = resolver.method(kind.cls, callee.name)
            if method is not None and not (isinstance(callee.base, ir.Name) and callee.base.id == "super"):
                if method.node.body:
                    out.append(Reached(method, 0))
                overrides = resolver.overrides(kind.cls, callee.name)
                out.extend(Reached(each, 1 if len(overrides) < 4 else 2) for each in overrides[:MANY])
            elif method is not None:
                out.append(Reached(method, 0))
            else:
                out.extend(self._field_call(kind.cls, callee.name))
                if kind.cls.module.language == "java":  # a library's class or interface declares it
                    heirs = [each for each in resolver.subclasses(kind.cls) if callee.name in each.methods]
                    out.extend(Reached(each.methods[callee.name], 1) for each in heirs[:MANY])
            if kind.cls.kind == "interface" and kind.cls.module.language == "javascript":
                out.extend(Reached(each, 1) for each in self.literals.fulfilling(kind.cls, callee.name))
        if not out:
            out.extend(Reached(each, 1) for each in self._entries_of(callee, function))
        if not out and function.module.language == "java" and callee.name in RUN:
            run = self.callables.of(callee.base, function) if not (callee.name == "get" and call.args) else []
            out.extend(Reached(each, 2) for each in run if isinstance(each, FunctionInfo))
        if not out and isinstance(callee.base, ir.Name) and callee.base.id == "self" and owner_of(function) is None:
            beside = [entry for entry, _ in function.module.records.get(callee.name, ())]
            found = [each for entry in beside for each in self.callables.of(entry.value, function)]
            out.extend(Reached(each, 1) for each in dict.fromkeys(found) if len(set(found)) < 3)
        if not out and function.module.language == "javascript":
            out.extend(Reached(each, 1) for each in self.literals.methods(callee.base, callee.name, function))
        if out or any(kind.cls is None for kind in kinds):
            return out
        if self._foreign(callee.base, function):
            return []
        if any(kind.cls is not None and resolver.inherits_unseen(kind.cls, callee.name) for kind in kinds):
            return []
        if any(kind.cls is not None for kind in kinds) and function.module.language == "java":
            return []
        if any(kind.cls is not None for kind in kinds) or resolver.names(function.module).qualified(callee):
            root = callee.base
            external = isinstance(root, ir.Name) and root.id in function.module.imports
            if external or callee.name in COMMON:
                return []
        return self._by_name(callee.name, function)

    def _foreign(self, node: ir.Expression, function: FunctionInfo) -> bool:
        """Something of a library: a global, what it exports, or a result of its calls."""
        for _ in range(8):
            while isinstance(node, ir.Attribute | ir.Call | ir.Index | ir.Cast):
                node = (
                    node.callee if isinstance(node, ir.Call) else node.value if isinstance(node, ir.Cast) else node.base
                )
            if not isinstance(node, ir.Name) or node.id == "self":
                return False
            module = function.module
            if self.resolver.scope_of(node.id, function) not in (None, module.top):
                return False
            if node.id in module.imports:
                found = self.resolver.chain(node, function)
                return not found or self._stands_in(node.id, found, module)
            values = [each.value for each in module.assigned.get(node.id, ())]
            if not values:
                return module.language == "javascript" and self.resolver.scope_of(node.id, function) is None
            if len(values) != 1 or not isinstance(values[0], ir.Call):
                return False
            node = values[0].callee
        return False

    def _stands_in(self, name: str, found: Sequence[object], module: ModuleInfo) -> bool:
        """What a file defines under a name that it imports of a library too stands in where that is not installed."""
        if any(not isinstance(each, ClassInfo | FunctionInfo) or each.module is not module for each in found):
            return False
        return not any(self.project.imported(module, each.module) for each in module.imports[name])

    def _entries_of(self, callee: ir.Attribute, function: FunctionInfo) -> list[FunctionInfo | ClassInfo]:
        """`service.connect(x)` where `service` is an object literal."""
        key = ir.Literal(callee.line, callee.column, callee.name)
        return self.callables.entries(callee.base, function, key, 0)

    def _field_call(self, cls: ClassInfo, name: str) -> list[Reached]:
        """`self.handler(x)` where the field holds a function."""
        for each in (cls, *self.resolver.bases(cls)):
            declared = each.fields.get(name)
            if declared is not None and declared.value is not None:
                return [Reached(found, 0) for found in self.callables.of(declared.value, each.module.top)]
            for statement, target, function in each.module.writes.get(name, ()):
                if statement.target is target and statement.value is not None and last_name(target) == name:
                    found = self.callables.of(statement.value, function)
                    if found:
                        return [Reached(one, 1) for one in found]
        return []

    def _by_name(self, name: str, function: FunctionInfo) -> list[Reached]:
        if not name or name in COMMON or name.startswith("__"):
            return []
        if self.project.definers(name, function.module.language) > MAX_DEFINERS:
            return []
        found = [each for each in self.project.methods(name, function.module.language) if each.node.body]
        if not found and function.module.language == "javascript":
            served = self.literals.served(name)
            return [Reached(each, 2 * len(served)) for each in served] if len(served) < 4 else []
        roots = {self._root_of(each.owner, name) for each in found if each.owner is not None}
        if not found or len(roots) > MANY:
            return []
        return [Reached(each, 2 * len(roots)) for each in found[: 2 * MANY]]

    def _root_of(self, cls: ClassInfo, name: str) -> str:
        """The name of the class that introduces a method: overrides of one method are one definition."""
        return [each for each in (cls, *self.resolver.bases(cls)) if name in each.methods][-1].name

    def _variable(self, callee: ir.Name, function: FunctionInfo) -> list[Reached]:
        owner = owner_of(function)
        if callee.id in ("cls", "Self") and owner is not None:
            return [Reached(owner, 0)]
        found = self.callables.of(callee, function)
        for kind in self.resolver.kinds(callee, function) if not found else ():
            method = self.resolver.method(kind.cls, "__call__") if kind.instance and kind.cls is not None else None
            if method is not None:
                found.append(method)
        return [Reached(each, 1) for each in found]

    def _macro(self, call: ir.Call, name: str, function: FunctionInfo) -> list[Reached]:
        """`name!(..)` of Rust, by any way that brings macros in: the rules of the project that take the arguments."""
        if not self.project.defined(name[:-1], "rust"):
            return []
        rules = [
            each for module in self.project.modules_with(name[:-1], "rust") for each in module.functions.get(name, ())
        ]
        files = {each.module for each in rules}
        if len(files) > 1:
            rules = [each for each in rules if each.module is function.module]
        return [Reached(each, 0) for each in rules if accepts(call, each)]

    def _computed(self, callee: ir.Expression, function: FunctionInfo) -> list[Reached]:
        found = self.callables.of(callee, function)
        if not found and function.module.language == "javascript" and isinstance(callee, ir.Index):
            found = self._any_method(callee.base, function)
        return [Reached(each, 3) for each in found]

    def _any_method(self, base: ir.Expression, function: FunctionInfo) -> list[FunctionInfo | ClassInfo]:
        """`service[name](x)`: every method of the object's class may be meant."""
        while isinstance(base, ir.Cast):
            base = base.value
        classes = [kind.cls for kind in self.resolver.kinds(base, function) if kind.cls is not None and kind.instance]
        found = [each for cls in classes[:2] for name, each in cls.methods.items() if name != "__init__"]
        return list(found) if len(found) <= MOST_METHODS else []

    def sites(self, target: FunctionInfo | ClassInfo) -> tuple[Site, ...]:
        """Places that call a function, or construct a class; cheapest first."""
        found = self._sites.get(target)
        if found is None:
            self._sites[target] = ()
            out = self.callers.of(target)
            found = self._sites[target] = tuple(sorted(out, key=lambda site: site.cost))
        return found


def _overloads(call: ir.Call, found: list[Reached]) -> list[Reached]:
    out: list[Reached] = []
    for each in found:
        same = siblings(each.target) if isinstance(each.target, FunctionInfo) else []
        if len(same) < 2:
            out.append(each)
            continue
        fitting = [one for one in same if accepts(call, one)] or same
        out.extend(Reached(one, each.cost) for one in fitting)
    return out


def owner_init(callee: ir.Name, function: FunctionInfo, resolver: Resolver) -> list[FunctionInfo]:
    """`super(x)` and `this(x)` in a constructor."""
    if function.name != "__init__" or function.owner is None:
        return []
    if callee.id == "self":
        return [function.owner.methods["__init__"]]
    for base in resolver.bases(function.owner):
        if "__init__" in base.methods:
            return [base.methods["__init__"]]
    return []

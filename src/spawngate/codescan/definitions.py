"""What one file defines and mentions: functions, classes, calls, writes of attributes, imports.

Belongs here: the index of one lowered module. Not here: anything that needs another file (`project`, `resolve`).
"""

from __future__ import annotations

from collections.abc import Iterable

from spawngate.codescan import ir
from spawngate.codescan.walk import expressions, last_name, parts, statements

TOP = "<module>"
"""Name of the function that stands for a module's own statements."""


class FunctionInfo:
    """A function, method, closure, or a module's top, with what is around it."""

    __slots__ = ("closure", "module", "name", "node", "owner", "parent", "qualname")

    def __init__(
        self,
        node: ir.Function,
        module: ModuleInfo,
        owner: ClassInfo | None,
        parent: FunctionInfo | None,
    ) -> None:
        self.node = node
        self.module = module
        self.owner = owner
        self.parent = parent
        self.closure: ir.Closure | None = None
        self.name = node.name
        self.qualname: str
        if owner is not None:
            self.qualname = f"{owner.qualname}.{node.name}"
        elif parent is not None and parent.name != TOP:
            self.qualname = f"{parent.qualname}.{node.name or '<closure>'}"
        else:
            self.qualname = node.name or "<closure>"

    def __repr__(self) -> str:
        return f"<{self.module.path}:{self.qualname}>"

    @property
    def params(self) -> tuple[ir.Param, ...]:
        return self.node.params

    @property
    def added(self) -> bool:
        """No source has it: an annotation adds it (Lombok's setters). Where nobody calls it, it says nothing."""
        return any(isinstance(each, ir.Name) and each.id == ir.ADDED for each in self.node.decorators)

    @property
    def receiver(self) -> bool:
        """The first parameter is the object or class (Python's and Rust's `self`, `cls`)."""
        params = self.node.params
        return (
            self.owner is not None
            and bool(params)
            and not self.node.static
            and (self.module.language == "python" or params[0].name == "self")
        )


class ClassInfo:
    """A class: all blocks of one name in one file together."""

    __slots__ = ("bases", "decorators", "fields", "kind", "methods", "module", "name", "node", "parent", "qualname")

    def __init__(self, node: ir.Class, module: ModuleInfo, parent: ClassInfo | None) -> None:
        self.node = node
        self.name = node.name
        self.kind: str = node.kind
        self.module = module
        self.parent = parent
        self.qualname: str = f"{parent.qualname}.{node.name}" if parent is not None else node.name
        self.bases: list[ir.Type] = []
        self.methods: dict[str, FunctionInfo] = {}
        self.fields: dict[str, ir.Assign] = {}
        self.decorators: list[ir.Expression] = []

    def __repr__(self) -> str:
        return f"<class {self.module.path}:{self.qualname}>"

    def join(self, node: ir.Class) -> None:
        """Another block of the same class."""
        self.bases.extend(node.bases)
        self.decorators.extend(node.decorators)
        if node.kind != "impl":
            self.node = node
            self.kind = node.kind


_HANDED = frozenset([ir.Name, ir.Attribute, ir.Closure])
"""Kinds of arguments and entries by which a function may be handed on."""


class ModuleInfo:
    """One file."""

    def __init__(self, module: ir.Module) -> None:
        self.ir = module
        self.path = module.path
        self.language = module.language
        self.package = module.package
        self.functions: dict[str, list[FunctionInfo]] = {}
        """By name, wherever they stand."""
        self.classes: dict[str, list[ClassInfo]] = {}
        self.of: dict[ir.Function, FunctionInfo] = {}
        self.class_of: dict[ir.Class, ClassInfo] = {}
        self.calls: dict[str, list[tuple[ir.Call, FunctionInfo]]] = {}
        """By the last name of what is called."""
        self.within: dict[ir.Expression, FunctionInfo] = {}
        """The function around a call or a closure."""
        self.argument_of: dict[ir.Expression, tuple[ir.Call, ir.Argument]] = {}
        """The call that a name, an attribute or a closure is an argument of."""
        self.entry_of: dict[ir.Expression, ir.Call] = {}
        """The call that a name or a closure is handed to within an object literal: `tool({execute: f})`."""
        self.mentions: dict[str, list[tuple[ir.Expression, FunctionInfo]]] = {}
        """Names and attributes that are not called, by their last name: functions handed on, entries of registries."""
        self.writes: dict[str, list[tuple[ir.Assign, ir.Expression, FunctionInfo]]] = {}
        """Assignments to attributes and keys, by every name in the target's chain: `a`, `b` of `a.b[k] = v`."""
        self.on: dict[str, list[tuple[ir.Call, FunctionInfo]]] = {}
        """Calls of methods, by the last name of the object: `servers` of `self.servers.update(d)`."""
        self.rebound: dict[str, list[FunctionInfo]] = {}
        """Functions that declare a name `global` or `nonlocal`."""
        self.records: dict[str, list[tuple[ir.Entry, FunctionInfo]]] = {}
        """Entries of object literals that are closures or names, by their key."""
        self.record_of: dict[ir.Expression, ir.Record] = {}
        """The object literal that a closure is an entry of."""
        self.inner: dict[str, list[ir.Record]] = {}
        """Object literals that are entries of one, by their key."""
        self.imports: dict[str, list[ir.Import]] = {}
        self.stars: list[ir.Import] = []
        self.bindings: list[ir.Import] = []
        """Every import, wherever it stands."""
        self.exports: dict[str, list[ir.Expression]] = {}
        self.assigned: dict[str, list[ir.Assign]] = {}
        """Assignments to plain names at the top of the file."""
        self.taken: dict[str, list[ir.Assign]] = {}
        """Destructuring assignments at the top of the file, by each name that they bind."""
        self.decorated: list[tuple[FunctionInfo, ir.Expression]] = []
        top = ir.Function(1, 0, TOP, (), module.body)
        self.top = FunctionInfo(top, self, None, None)
        self.of[top] = self.top
        self._index()

    def _index(self) -> None:
        todo: list[tuple[ir.Statement, FunctionInfo, ClassInfo | None]] = [
            (statement, self.top, None) for statement in reversed(self.ir.body)
        ]
        while todo:
            statement, function, owner = todo.pop()
            kind = type(statement)
            if kind is ir.Function:
                assert isinstance(statement, ir.Function)
                info = self._function(statement, function, owner)
                todo.extend((each, info, None) for each in reversed(statement.body))
            elif kind is ir.Class:
                assert isinstance(statement, ir.Class)
                cls = self._class(statement, owner)
                todo.extend((each, function, cls) for each in reversed(statement.body))
            elif kind is ir.Import:
                assert isinstance(statement, ir.Import)
                self.bindings.append(statement)
                if statement.name == "*":
                    self.stars.append(statement)
                if statement.local and statement.local != "*":
                    self.imports.setdefault(statement.local, []).append(statement)
                continue
            elif kind is ir.Assign:
                assert isinstance(statement, ir.Assign)
                self._assign(statement, function, owner)
            elif kind is ir.Export:
                assert isinstance(statement, ir.Export)
                self.exports.setdefault(statement.name, []).append(statement.value)
            todo.extend((each, function, owner) for each in reversed(statements(statement)))
            for expression in expressions(statement):
                self._expression(expression, function, todo)

    def _function(self, node: ir.Function, around: FunctionInfo, owner: ClassInfo | None) -> FunctionInfo:
        info = FunctionInfo(node, self, owner, around)
        self.of[node] = info
        self.functions.setdefault(node.name, []).append(info)
        if owner is not None:
            kept = owner.methods.get(node.name)
            if kept is None or (node.body and not (kept.node.getter and not node.getter)):  # a setter beside its getter
                owner.methods[node.name] = info
            if node.name == "__init__":
                for param in node.params:
                    if param.field:
                        name = ir.Name(param.line, param.column, param.name)
                        owner.fields.setdefault(param.name, ir.Assign(param.line, param.column, name, None, param.type))
        self.decorated.extend((info, decorator) for decorator in node.decorators)
        return info

    def _class(self, node: ir.Class, parent: ClassInfo | None) -> ClassInfo:
        found = self.classes.setdefault(node.name, [])
        same = [each for each in found if each.parent is parent]
        if same and (node.kind == "impl" or same[0].kind == "impl"):
            info = same[0]
        else:
            info = ClassInfo(node, self, parent)
            found.append(info)
        info.join(node)
        self.class_of[node] = info
        return info

    def _assign(self, statement: ir.Assign, function: FunctionInfo, owner: ClassInfo | None) -> None:
        target = statement.target
        if isinstance(target, ir.Name):
            if owner is not None:
                kept = owner.fields.get(target.id)
                if kept is None or kept.value is None:
                    owner.fields[target.id] = statement
            elif function is self.top:
                self.assigned.setdefault(target.id, []).append(statement)
            return
        for each in _targets(target):
            if isinstance(each, ir.Name):
                if function is self.top and owner is None:
                    self.taken.setdefault(each.id, []).append(statement)
            else:
                for name in _links(each):
                    self.writes.setdefault(name, []).append((statement, each, function))

    def _expression(
        self,
        root: ir.Expression,
        function: FunctionInfo,
        todo: list[tuple[ir.Statement, FunctionInfo, ClassInfo | None]],
    ) -> None:
        # Asked by the exact class, five times as fast as `isinstance`: this loop sees every node of every file.
        stack: list[tuple[ir.Expression, bool]] = [(root, False)]
        while stack:
            node, called = stack.pop()
            kind = type(node)
            if kind is ir.Name:
                assert isinstance(node, ir.Name)
                if not called:
                    self.mentions.setdefault(node.id, []).append((node, function))
            elif kind is ir.Literal:
                pass
            elif kind is ir.Attribute:
                assert isinstance(node, ir.Attribute)
                if not called:
                    self.mentions.setdefault(node.name, []).append((node, function))
                stack.append((node.base, False))
            elif kind is ir.Call:
                assert isinstance(node, ir.Call)
                self._call(node, function)
                stack.extend([(argument.value, False) for argument in node.args])
                stack.append((node.callee, True))
            elif kind is ir.Closure:
                assert isinstance(node, ir.Closure)
                if node.function in self.of:  # `module.exports = {..}` is an assignment and an export of one object
                    continue
                info = FunctionInfo(node.function, self, None, function)
                info.closure = node
                self.of[node.function] = info
                self.within[node] = function
                todo.extend((each, info, None) for each in reversed(node.function.body))
                stack.extend((param.default, False) for param in node.function.params if param.default is not None)
            else:
                if kind is ir.Record:
                    assert isinstance(node, ir.Record)
                    self._record(node, function)
                elif kind is ir.Unknown:
                    assert isinstance(node, ir.Unknown)
                    for part in node.parts if node.what in ("global", "nonlocal") else ():
                        self.rebound.setdefault(last_name(part), []).append(function)
                stack.extend([(part, False) for part in parts(node)])

    def _call(self, node: ir.Call, function: FunctionInfo) -> None:
        self.calls.setdefault(last_name(node.callee), []).append((node, function))
        self.within[node] = function
        if isinstance(node.callee, ir.Attribute):
            holder = last_name(held(node.callee.base))
            if holder:
                self.on.setdefault(holder, []).append((node, function))
        for argument in node.args:
            value = argument.value
            if type(value) in _HANDED:
                self.argument_of[value] = (node, argument)
            elif (bound := _bound(value)) is not None:
                self.argument_of[bound] = (node, argument)
            elif isinstance(value, ir.Record):
                for entry in value.entries:
                    if type(entry.value) in _HANDED:
                        self.entry_of[entry.value] = node

    def _record(self, node: ir.Record, function: FunctionInfo) -> None:
        for entry in node.entries:
            value, key = entry.value, entry.key
            if type(value) is ir.Closure:
                self.record_of[value] = node
            if not isinstance(key, ir.Literal):
                continue
            if type(value) is ir.Closure or type(value) is ir.Name:
                self.records.setdefault(str(key.value), []).append((entry, function))
            elif isinstance(value, ir.Record):
                self.inner.setdefault(str(key.value), []).append(value)

    def holders(self, closure: ir.Closure) -> list[tuple[str, str]]:
        """Keys of the object literals that hold one with this function, each with the function's own key there.

        `default` is the object that the file exports by default.
        """
        tables = [(key, record) for key, records in self.inner.items() for record in records]
        for name, found in self.assigned.items():
            tables.extend((name, each.value) for each in found if isinstance(each.value, ir.Record))
        for value in self.exports.get("default", ()):
            while isinstance(value, ir.Cast):
                value = value.value
            if isinstance(value, ir.Name):
                values = [each.value for each in self.assigned.get(value.id, ()) if isinstance(each.value, ir.Record)]
                tables.extend(("default", each) for each in values if isinstance(each, ir.Record))
            elif isinstance(value, ir.Record):
                tables.append(("default", value))
        return [
            (key, str(entry.key.value))
            for key, record in tables
            for entry in record.entries
            if entry.value is closure and isinstance(entry.key, ir.Literal)
        ]

    def toplevel(self, name: str) -> FunctionInfo | ClassInfo | None:
        """The function or class of that name at the top of the file (under conditions as well)."""
        for function in self.functions.get(name, ()):
            if function.owner is None and function.parent is self.top:
                return function
        for cls in self.classes.get(name, ()):
            if cls.parent is None:
                return cls
        return None


def owner_of(function: FunctionInfo) -> ClassInfo | None:
    """The class around a function or around one that it stands in."""
    here: FunctionInfo | None = function
    while here is not None:
        if here.owner is not None:
            return here.owner
        here = here.parent
    return None


def _bound(node: ir.Expression) -> ir.Expression | None:
    """`this.run` of `this.run.bind(this)`: the method that is handed on."""
    if isinstance(node, ir.Call) and isinstance(node.callee, ir.Attribute) and node.callee.name == "bind":
        base = node.callee.base
        return base if isinstance(base, ir.Name | ir.Attribute) else None
    return None


_lending_words = """
lock write read borrow borrow_mut try_lock try_write try_read blocking_lock blocking_write get_mut as_mut as_ref
unwrap expect unwrap_or_else entry or_default deref_mut opsForValue opsForHash
"""
_LENDING = frozenset(_lending_words.split())


def held(node: ir.Expression) -> ir.Expression:
    """`self.items` of `self.items.write().unwrap()`: what a lock, a cell or an entry lends is the thing itself."""
    while isinstance(node, ir.Call) and isinstance(node.callee, ir.Attribute) and node.callee.name in _LENDING:
        node = node.callee.base
    return node


def _links(target: ir.Expression) -> list[str]:
    """Names in a chain of attributes and constant keys."""
    names: list[str] = []
    while isinstance(target, ir.Attribute | ir.Index | ir.Cast):
        if isinstance(target, ir.Cast):
            target = target.value
            continue
        name = last_name(target)
        if name and name not in names:
            names.append(name)
        target = target.base
    if isinstance(target, ir.Name) and target.id not in ("self", *names):
        names.append(target.id)
    return names


def _targets(target: ir.Expression) -> Iterable[ir.Expression]:
    todo = [target]
    while todo:
        node = todo.pop()
        if isinstance(node, ir.Sequence):
            todo.extend(node.items)
        elif isinstance(node, ir.Spread):
            todo.append(node.value)
        elif isinstance(node, ir.Record):
            todo.extend(entry.value for entry in node.entries)
        else:
            yield node

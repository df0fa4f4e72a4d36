"""Constants that an expression stands for: one text or number, or the members of a constant set.

Belongs here: what a check compares with. Not here: where data comes from (`slicer`).
"""

from __future__ import annotations

from spawngate.codescan import ir
from spawngate.codescan.calls import Calls
from spawngate.codescan.definitions import ClassInfo, FunctionInfo
from spawngate.codescan.flow import Bound, Handed, Version
from spawngate.codescan.meanings import Value
from spawngate.codescan.walk import last_name

MAX_DEPTH = 8
_COLLECTIONS = frozenset(["set", "frozenset", "list", "tuple", "Set", "of", "asList", "from", "freeze", "vec!", "new"])


class Constants:
    """Answers for one project."""

    def __init__(self, calls: Calls) -> None:
        self.calls = calls
        self.resolver = calls.resolver
        self.project = calls.project

    def value(self, node: ir.Expression, function: FunctionInfo, depth: int = 0) -> ir.Constant:
        """The constant that an expression always is; None where it is none (or the constant null)."""
        if depth > MAX_DEPTH:
            return None
        match node:
            case ir.Literal():
                return node.value
            case ir.Cast():
                return self.value(node.value, function, depth + 1)
            case ir.Call(callee=ir.Attribute() as callee) if callee.name in (
                "lower",
                "strip",
                "value",
                "toLowerCase",
                "trim",
                "to_string",
                "into",
                "name",
            ):
                return self.value(callee.base, function, depth + 1)
            case ir.Name() | ir.Attribute():
                for inner, around in self.definitions(node, function):
                    found = self.value(inner, around, depth + 1)
                    if found is not None:
                        return found
        return None

    def members(self, node: ir.Expression, function: FunctionInfo, depth: int = 0) -> frozenset[str] | None:
        """Texts in a set, list or table that is written out; None where it is not constant."""
        if depth > MAX_DEPTH:
            return None
        match node:
            case ir.Sequence():
                out: set[str] = set()
                for item in node.items:
                    value = self.value(item, function, depth + 1)
                    if isinstance(value, str):
                        out.add(value)
                    elif isinstance(item, ir.Spread):
                        inner = self.members(item.value, function, depth + 1)
                        if inner is None:
                            return None
                        out |= inner
                    else:
                        return None
                return frozenset(out)
            case ir.Record():
                keys = [self.value(entry.key, function, depth + 1) for entry in node.entries if entry.key is not None]
                spreads = [
                    self.members(entry.value, function, depth + 1) for entry in node.entries if entry.key is None
                ]
                known = {key for key in keys if isinstance(key, str)}
                for each in spreads:
                    known |= each or set()
                return frozenset(known) if known else None
            case ir.Call() if last_name(node.callee) in _COLLECTIONS or node.new:
                if len(node.args) == 1:
                    inner = self.members(node.args[0].value, function, depth + 1)
                    if inner is not None:
                        return inner
                texts = [self.value(argument.value, function, depth + 1) for argument in node.args]
                if texts and all(isinstance(text, str) for text in texts):
                    return frozenset(str(text) for text in texts)
                return None
            case ir.Call(callee=ir.Attribute(name="keys" | "keySet" | "values") as callee):
                return self.members(callee.base, function, depth + 1)
            case ir.Name() | ir.Attribute():
                for definition, around in self.definitions(node, function):
                    found = self.members(definition, around, depth + 1)
                    if found is not None:
                        return found
        return None

    def launches(self, node: ir.Expression, function: FunctionInfo, depth: int = 0) -> bool:
        """Whether a collection is written out and holds nothing but sequences of constants: whole launches."""
        if depth > MAX_DEPTH:
            return False
        match node:
            case ir.Sequence(items=items):
                return bool(items) and all(
                    isinstance(item, ir.Sequence)
                    and bool(item.items)
                    and all(self.value(each, function, depth + 1) is not None for each in item.items)
                    for item in items
                )
            case ir.Call(args=(only,)) if last_name(node.callee) in _COLLECTIONS or node.new:
                return self.launches(only.value, function, depth + 1)
            case ir.Name() | ir.Attribute():
                found = self.definitions(node, function)
                return bool(found) and all(self.launches(each, around, depth + 1) for each, around in found)
        return False

    def definitions(
        self, node: ir.Name | ir.Attribute, function: FunctionInfo
    ) -> list[tuple[ir.Expression, FunctionInfo]]:
        """What is assigned to a name or a field, with the function around it; empty where that is not known."""
        if isinstance(node, ir.Name):
            version: Version | None = self.project.flow(function).uses.get(node)
            while isinstance(version, Handed):
                version = version.before
            if isinstance(version, Bound):
                return [(version.value, function)] if version.value is not None and not version.path else []
            if version is not None:
                return []
            scope = self.resolver.scope_of(node.id, function)
            if scope is not None and scope is not function.module.top:
                found = [each for each in self.project.flow(scope).all[node.id] if isinstance(each, Bound)]
                return [(each.value, scope) for each in found[:1] if each.value is not None and not each.path]
        out: list[tuple[ir.Expression, FunctionInfo]] = []
        for meaning in self.resolver.chain(node, function):
            if isinstance(meaning, Value):
                last = meaning.module.assigned.get(meaning.name, [])[-1:]
                out.extend((each.value, meaning.module.top) for each in last if each.value is not None)
                if not last:
                    handed = meaning.module.exports.get(meaning.name, ())[:1]
                    out.extend((each, meaning.module.top) for each in handed if not isinstance(each, ir.Name))
        if not out and isinstance(node, ir.Attribute):
            out.extend(self._field(node, function))
        if not out and isinstance(node, ir.Attribute):
            out.extend(self._entry(node, function))
        return out

    def _entry(self, node: ir.Attribute, function: FunctionInfo) -> list[tuple[ir.Expression, FunctionInfo]]:
        """`config.allowStdio` where `config` is an object literal."""
        if not isinstance(node.base, ir.Name | ir.Attribute):
            return []
        for table, around in self.definitions(node.base, function):
            while isinstance(table, ir.Cast) or (isinstance(table, ir.Call) and last_name(table.callee) == "freeze"):
                table = table.value if isinstance(table, ir.Cast) else table.args[0].value if table.args else node
            if isinstance(table, ir.Record):
                for entry in reversed(table.entries):
                    if isinstance(entry.key, ir.Literal) and entry.key.value == node.name:
                        return [(entry.value, around)]
        return []

    def _field(self, node: ir.Attribute, function: FunctionInfo) -> list[tuple[ir.Expression, FunctionInfo]]:
        """`Transport.STDIO`, `self.ALLOWED`, `settings.enabled`: the value in the class body."""
        classes = [each for each in self.resolver.chain(node.base, function) if isinstance(each, ClassInfo)]
        classes += [kind.cls for kind in self.resolver.kinds(node.base, function) if kind.cls is not None]
        if node.name in ("value", "name") and isinstance(node.base, ir.Attribute) and not classes:
            return self._field(node.base, function)
        for cls in classes:
            for each in (cls, *self.resolver.bases(cls)):
                declared = each.fields.get(node.name)
                if declared is not None and declared.value is not None:
                    return [(declared.value, each.module.top)]
        return []

"""Functions and classes that an expression may stand for: closures, names, entries of a table, what a wrapper returns.

Belongs here: functions as values. Must not be here: what a call reaches (`calls`), object literals with methods, which
only JavaScript has (`literals`).
"""

from __future__ import annotations

from spawngate.codescan import ir
from spawngate.codescan.definitions import ClassInfo, FunctionInfo
from spawngate.codescan.flow import ANY, Bound
from spawngate.codescan.meanings import Value
from spawngate.codescan.resolve import Resolver
from spawngate.codescan.walk import last_name

WRAPS = frozenset(
    [
        "partial", "bind", "wraps", "lru_cache", "cache", "memoize", "memoise", "debounce", "throttle", "promisify",
        "callbackify", "async_to_sync", "sync_to_async", "useCallback", "asyncHandler", "expressAsyncHandler",
        "catchAsync", "wrapAsync", "tryCatch", "asyncWrapper", "once", "staticmethod", "classmethod", "csrf_exempt",
    ]
)  # fmt: skip
"""What they return calls the function that they are given, with the arguments that it gets."""
MAX_DEPTH = 6
PUTS = frozenset(["put", "putIfAbsent", "insert", "register", "computeIfAbsent"])
"""Methods of Java's and Rust's tables that take a key and what stands under it."""
TABLES = PUTS | {"of", "ofEntries", "entry", "from"}
"""Calls that make a table, or an entry of one, of what they are given."""
RUN = frozenset(["apply", "accept", "get", "run", "call", "test", "create", "invoke", "applyAsInt", "execute"])
"""Methods of Java's functional interfaces that run the function which stands for an object of them."""

MAX_LISTED = 40


class Callables:
    """Functions as values, in one project."""

    def __init__(self, resolver: Resolver) -> None:
        self.resolver = resolver
        self.project = resolver.project

    def of(self, node: ir.Expression, function: FunctionInfo, depth: int = 0) -> list[FunctionInfo | ClassInfo]:
        """Functions and classes that an expression may stand for: closures, names, entries of a registry."""
        if depth > MAX_DEPTH:
            return []
        resolver = self.resolver
        match node:
            case ir.Closure():
                return [function.module.of[node.function]]
            case ir.Cast():
                return self.of(node.value, function, depth + 1)
            case ir.Join():
                return [each for part in node.branches for each in self.of(part, function, depth + 1)]
            case ir.Index():
                return self.entries(node.base, function, node.key, depth)
            case ir.Call(callee=ir.Attribute(name="get" | "getOrDefault" | "remove") as callee):
                return self.entries(callee.base, function, node.args[0].value if node.args else None, depth)
            case ir.Call(callee=ir.Attribute(name="bind") as callee):
                return self.of(callee.base, function, depth + 1)
            case ir.Call(
                callee=ir.Attribute(name="orElse" | "orElseThrow" | "orElseGet" | "ok_or" | "ok_or_else") as callee
            ):
                return self.of(callee.base, function, depth + 1)
            case ir.Call(callee=ir.Attribute(name="ofNullable" | "requireNonNull" | "of"), args=(first, *_)):
                return self.of(first.value, function, depth + 1)
            case ir.Call():
                wraps = last_name(node.callee) in WRAPS
                return self.of(node.args[0].value, function, depth + 1) if wraps and node.args else []
            case ir.Name():
                version = self.project.flow(function).uses.get(node)
                if isinstance(version, Bound) and version.value is not None and not version.path:
                    return self.of(version.value, function, depth + 1)
                if isinstance(version, Bound) and version.path == (ANY,) and function.module.language == "python":
                    return [
                        each for part in self._listed(version.value, function) for each in self.of(*part, depth + 1)
                    ]
                if version is not None:
                    return []
        found: list[FunctionInfo | ClassInfo] = []
        for meaning in resolver.chain(node, function):
            if isinstance(meaning, FunctionInfo | ClassInfo):
                found.append(meaning)
            elif isinstance(meaning, Value):
                for statement in meaning.module.assigned.get(meaning.name, ())[:3]:
                    if statement.value is not None:
                        found.extend(self.of(statement.value, meaning.module.top, depth + 1))
        if not found and isinstance(node, ir.Attribute):
            for kind in resolver.kinds(node.base, function):
                method = resolver.method(kind.cls, node.name) if kind.cls is not None else None
                if method is not None:
                    found.append(method)
        if not found and isinstance(node, ir.Name):
            scope = resolver.scope_of(node.id, function)
            if scope is not None and scope is not function:
                for version in self.project.flow(scope).all[node.id][:4]:
                    if isinstance(version, Bound) and version.value is not None and not version.path:
                        found.extend(self.of(version.value, scope, depth + 1))
        return found

    def _listed(self, node: ir.Expression | None, function: FunctionInfo) -> list[tuple[ir.Expression, FunctionInfo]]:
        """What a list that is written out holds: `for step in STEPS`."""
        lists = [(node, function)] if isinstance(node, ir.Sequence) else []
        for meaning in self.resolver.chain(node, function) if isinstance(node, ir.Name | ir.Attribute) else ():
            if isinstance(meaning, Value):
                assigned = meaning.module.assigned.get(meaning.name, ())
                lists.extend(
                    (each.value, meaning.module.top) for each in assigned if isinstance(each.value, ir.Sequence)
                )
        return [(item, around) for each, around in lists for item in each.items[:MAX_LISTED]]

    def entries(
        self, base: ir.Expression, function: FunctionInfo, key: ir.Expression | None, depth: int
    ) -> list[FunctionInfo | ClassInfo]:
        """Functions in the table `base`, written out as a literal where it is defined."""
        tables: list[tuple[ir.Expression, FunctionInfo]] = []
        if isinstance(base, ir.Record):  # `{"/start": self.start}.get(path, self.other)`
            tables.append((base, function))
        for meaning in self.resolver.chain(base, function):
            if isinstance(meaning, Value):
                assigned = meaning.module.assigned.get(meaning.name, ())
                tables.extend((each.value, meaning.module.top) for each in assigned if each.value is not None)
        if isinstance(base, ir.Attribute):
            for kind in self.resolver.kinds(base.base, function):
                if kind.cls is None:
                    continue
                declared = kind.cls.fields.get(base.name)
                if declared is not None and declared.value is not None:
                    tables.append((declared.value, kind.cls.module.top))
                for statement, target, around in kind.cls.module.writes.get(base.name, ()):
                    if statement.value is None:
                        continue
                    if last_name(target) in (base.name, ""):
                        tables.append((statement.value, around))
                    elif isinstance(target, ir.Index) and last_name(target.base) == base.name:
                        entry = ir.Entry(target.line, target.column, target.key, statement.value)
                        tables.append((ir.Record(target.line, target.column, (entry,)), around))
        typed = function.module.language in ("java", "rust")
        for call, around in function.module.on.get(last_name(base), ())[:200] if typed else ():
            if last_name(call.callee) in PUTS and len(call.args) == 2:
                added = ir.Entry(call.line, call.column, call.args[0].value, call.args[1].value)
                tables.append((ir.Record(call.line, call.column, (added,)), around))
        if isinstance(base, ir.Name):
            version = self.project.flow(function).uses.get(base)
            if isinstance(version, Bound) and version.value is not None:
                tables.append((version.value, function))
        out: list[FunctionInfo | ClassInfo] = []
        wanted = key.value if isinstance(key, ir.Literal) else None
        for table, around in tables:
            if isinstance(table, ir.Call):
                for meaning in self.resolver.chain(table.callee, around) if typed and depth < MAX_DEPTH else ():
                    for returned in self.project.flow(meaning).returns if isinstance(meaning, FunctionInfo) else ():
                        if returned.value is not None and isinstance(meaning, FunctionInfo):
                            out.extend(self.entries(returned.value, meaning, key, depth + 1))
                table = _table(table)
            if isinstance(table, ir.Record):
                for entry in table.entries[:100]:
                    if typed and wanted is not None and not isinstance(entry.key, ir.Literal):
                        continue  # a constant key is asked for, and a method's name is none
                    named = isinstance(entry.key, ir.Literal) and wanted is not None
                    if not named or (isinstance(entry.key, ir.Literal) and entry.key.value == wanted):
                        out.extend(self.of(entry.value, around, depth + 1))
            elif isinstance(table, ir.Closure | ir.Name | ir.Attribute):
                out.extend(self.of(table, around, depth + 1))
        return out


def _table(node: ir.Call) -> ir.Record:
    """`Map.of(k, f, ..)`, `Map.ofEntries(entry(k, f))`, `HashMap::from([(k, f)])` as the table that it makes."""
    name, values = last_name(node.callee), [argument.value for argument in node.args]
    pairs: list[tuple[ir.Expression, ...]] = []
    if name == "of":
        pairs = list(zip(values[::2], values[1::2], strict=False))
    elif name == "ofEntries":
        pairs = [tuple([each.value for each in entry.args]) for entry in values if isinstance(entry, ir.Call)]
    elif name == "from" and values and isinstance(values[0], ir.Sequence):
        pairs = [each.items for each in values[0].items if isinstance(each, ir.Sequence)]
    at = node.line, node.column
    return ir.Record(*at, tuple([ir.Entry(*at, pair[0], pair[1]) for pair in pairs if len(pair) == 2]))

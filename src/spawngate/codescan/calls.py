"""Who calls whom: definitions that a call may reach, calls that may reach a definition, and how arguments are bound.

Belongs here: resolution of calls with its cost, callbacks, registries, binding. Not here: values (`slicer`).

Costs: 0 resolved by import, scope or type; 1 an override in a subclass; 2 the only definition of that name; 2 for each
of several definitions of that name up to MANY; 3 to 5 by way of a callback or a registry.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from spawngate.codescan import channels, dynamic, ir, messages
from spawngate.codescan.definitions import ClassInfo, FunctionInfo, ModuleInfo
from spawngate.codescan.flow import ANY, Bound, Path
from spawngate.codescan.literals import Literals
from spawngate.codescan.resolve import Resolver, Value, owner_of
from spawngate.codescan.walk import inside, last_name, root_name

MAX_DEFINERS = 80
"""A method that so many files define is what a framework asks of every plugin: its name says nothing."""
MANY = 10
"""A name with more definitions than this resolves nothing."""
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
_elements_words = """
map forEach filter flatMap some every find findIndex findLast each for_each filter_map flat_map any all
computeIfPresent peek anyMatch allMatch noneMatch mapToObj removeIf ifPresent map_values
"""
_ELEMENTS = frozenset(_elements_words.split())
_TASKS = frozenset(["delay", "s", "si", "send", "kiq", "remote", "enqueue", "defer", "spawn"])
_WRAPS = frozenset(
    [
        "partial", "bind", "wraps", "lru_cache", "cache", "memoize", "memoise", "debounce", "throttle", "promisify",
        "callbackify", "async_to_sync", "sync_to_async", "useCallback", "asyncHandler", "expressAsyncHandler",
        "catchAsync", "wrapAsync", "tryCatch", "asyncWrapper", "once", "staticmethod", "classmethod", "csrf_exempt",
    ]
)  # fmt: skip
"""What they return calls the function that they are given, with the arguments that it gets."""
_whole_words = """
andThen asyncAndThen andThrough asyncAndThrough andTee asyncMap ifOk chain
then and_then map_ok let also apply tap thenApply thenCompose thenAccept thenApplyAsync thenComposeAsync
thenAcceptAsync whenComplete
"""
_WHOLE = frozenset(_whole_words.split())
_COLLECTORS = frozenset(
    ["toMap", "toUnmodifiableMap", "toConcurrentMap", "mapping", "groupingBy", "partitioningBy", "filtering"]
)
"""Java's collectors: their functions get the elements of the stream that collects."""


@dataclass(frozen=True, slots=True)
class Reached:
    """A definition that a call may reach. A class when it constructs."""

    target: FunctionInfo | ClassInfo
    cost: int


@dataclass(frozen=True, slots=True)
class Site:
    """A place from which a function gets its arguments."""

    call: ir.Call
    function: FunctionInfo
    """The function around the call."""
    cost: int
    way: str = "call"
    """`call`; `construct`; `message`: what a producer sends; `later`: arguments stand behind the function in the same
    call; `applied`: behind it in one list; `job`: one of them is the `data` of the first parameter; `element`, `whole`:
    the receiver's elements or itself are the first parameter; `folded`: its elements are the second."""
    place: int = 0
    """With `later` and `applied`: position of the function among the arguments, -1 where they are all its own; with
    `job` of the data."""
    shift: int = 0
    """With `later`: parameters ahead that another call fills."""
    via: tuple[ir.Call, FunctionInfo, bool] | None = None
    """The call that hands the function to the one around `call`, where that is, and whether it constructs: parameters
    there are what this call gives, and not what others give who hand over other functions."""


class Calls:
    """Call resolution of one project."""

    def __init__(self, resolver: Resolver) -> None:
        self.resolver = resolver
        self.project = resolver.project
        self.literals = Literals(self)
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
        direct = [each for each in resolver.chain(callee, function) if isinstance(each, FunctionInfo | ClassInfo)]
        if direct:
            return [Reached(each, 0) for each in direct]
        if isinstance(callee, ir.Name):
            return self._variable(callee, function)
        if not isinstance(callee, ir.Attribute):
            return self._computed(callee, function)
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
                return not self.resolver.chain(node, function)
            values = [each.value for each in module.assigned.get(node.id, ())]
            if not values:
                return module.language == "javascript" and self.resolver.scope_of(node.id, function) is None
            if len(values) != 1 or not isinstance(values[0], ir.Call):
                return False
            node = values[0].callee
        return False

    def _entries_of(self, callee: ir.Attribute, function: FunctionInfo) -> list[FunctionInfo | ClassInfo]:
        """`service.connect(x)` where `service` is an object literal."""
        key = ir.Literal(callee.line, callee.column, callee.name)
        return self._entries(callee.base, function, key, 0)

    def _field_call(self, cls: ClassInfo, name: str) -> list[Reached]:
        """`self.handler(x)` where the field holds a function."""
        for each in (cls, *self.resolver.bases(cls)):
            declared = each.fields.get(name)
            if declared is not None and declared.value is not None:
                return [Reached(found, 0) for found in self.functions_of(declared.value, each.module.top)]
            for statement, target, function in each.module.writes.get(name, ()):
                if statement.target is target and statement.value is not None and last_name(target) == name:
                    found = self.functions_of(statement.value, function)
                    if found:
                        return [Reached(one, 1) for one in found]
        return []

    def _by_name(self, name: str, function: FunctionInfo) -> list[Reached]:
        if not name or name in COMMON or name.startswith("__"):
            return []
        if self.project.definers(name, function.module.language) > MAX_DEFINERS:
            return []
        found = [
            each
            for each in self.project.functions(name, function.module.language)
            if each.owner is not None and each.node.body
        ]
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
        found = self.functions_of(callee, function)
        for kind in self.resolver.kinds(callee, function) if not found else ():
            method = self.resolver.method(kind.cls, "__call__") if kind.instance and kind.cls is not None else None
            if method is not None:
                found.append(method)
        return [Reached(each, 1) for each in found]

    def _computed(self, callee: ir.Expression, function: FunctionInfo) -> list[Reached]:
        return [Reached(each, 3) for each in self.functions_of(callee, function)]

    def functions_of(
        self, node: ir.Expression, function: FunctionInfo, depth: int = 0
    ) -> list[FunctionInfo | ClassInfo]:
        """Functions and classes that an expression may stand for: closures, names, entries of a registry."""
        if depth > 6:
            return []
        resolver = self.resolver
        match node:
            case ir.Closure():
                return [function.module.of[node.function]]
            case ir.Cast():
                return self.functions_of(node.value, function, depth + 1)
            case ir.Join():
                return [each for part in node.branches for each in self.functions_of(part, function, depth + 1)]
            case ir.Index():
                return self._entries(node.base, function, node.key, depth)
            case ir.Call(callee=ir.Attribute(name="get") as callee):
                return self._entries(callee.base, function, node.args[0].value if node.args else None, depth)
            case ir.Call(callee=ir.Attribute(name="bind") as callee):
                return self.functions_of(callee.base, function, depth + 1)
            case ir.Call():
                wraps = last_name(node.callee) in _WRAPS
                return self.functions_of(node.args[0].value, function, depth + 1) if wraps and node.args else []
            case ir.Name():
                version = self.project.flow(function).uses.get(node)
                if isinstance(version, Bound) and version.value is not None and not version.path:
                    return self.functions_of(version.value, function, depth + 1)
                if version is not None:
                    return []
        found: list[FunctionInfo | ClassInfo] = []
        for meaning in resolver.chain(node, function):
            if isinstance(meaning, FunctionInfo | ClassInfo):
                found.append(meaning)
            elif isinstance(meaning, Value):
                for statement in meaning.module.assigned.get(meaning.name, ())[:3]:
                    if statement.value is not None:
                        found.extend(self.functions_of(statement.value, meaning.module.top, depth + 1))
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
                        found.extend(self.functions_of(version.value, scope, depth + 1))
        return found

    def _entries(
        self, base: ir.Expression, function: FunctionInfo, key: ir.Expression | None, depth: int
    ) -> list[FunctionInfo | ClassInfo]:
        """Functions in the table `base`, written out as a literal where it is defined."""
        tables: list[tuple[ir.Expression, FunctionInfo]] = []
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
        if isinstance(base, ir.Name):
            version = self.project.flow(function).uses.get(base)
            if isinstance(version, Bound) and version.value is not None:
                tables.append((version.value, function))
        out: list[FunctionInfo | ClassInfo] = []
        wanted = key.value if isinstance(key, ir.Literal) else None
        for table, around in tables:
            if isinstance(table, ir.Record):
                for entry in table.entries[:100]:
                    named = isinstance(entry.key, ir.Literal) and wanted is not None
                    if not named or (isinstance(entry.key, ir.Literal) and entry.key.value == wanted):
                        out.extend(self.functions_of(entry.value, around, depth + 1))
            elif isinstance(table, ir.Closure | ir.Name | ir.Attribute):
                out.extend(self.functions_of(table, around, depth + 1))
        return out

    # from a definition to its calls

    def sites(self, target: FunctionInfo | ClassInfo) -> tuple[Site, ...]:
        """Places that call a function, or construct a class; cheapest first."""
        found = self._sites.get(target)
        if found is None:
            self._sites[target] = ()
            out = self._find(target)
            found = self._sites[target] = tuple(sorted(out, key=lambda site: site.cost))
        return found

    def _find(self, target: FunctionInfo | ClassInfo) -> list[Site]:
        if isinstance(target, FunctionInfo) and target.closure is not None:
            return self._closure_sites(target)
        name = target.name
        if isinstance(target, FunctionInfo) and name == "__init__" and target.owner is not None:
            family = (target.owner, *self.resolver.constructed(target.owner))
            same = siblings(target)
            plain = [cls for cls in family if self.resolver.method(cls, "__init__") in same]
            out = [site for cls in plain for site in self.sites(cls)]
            if len(same) > 1:
                out = [site for site in out if accepts(site.call, target)]
            return out + self._named("__init__", target)
        if isinstance(target, FunctionInfo) and target.node.decorators:
            dispatching = dynamic.dispatcher(self, target)
            if dispatching is not None:
                return list(self.sites(dispatching))
            return [*self._named(name, target), *channels.marked(self, target), *self._by_convention(target)]
        out = self._named(name, target)
        if isinstance(target, FunctionInfo) and not out and target.module.language == "python":
            out = [*channels.marked(self, target), *self._by_convention(target)]
        return out

    def _by_convention(self, target: FunctionInfo) -> list[Site]:
        return [
            Site(call, function, 1, "later", place, shift)
            for call, function, place, shift in dynamic.by_convention(self, target)
        ]

    def _named(self, name: str, target: FunctionInfo | ClassInfo) -> list[Site]:
        out: list[Site] = []
        seen: set[ir.Call] = set()
        way = "construct" if isinstance(target, ClassInfo) else "call"
        special = isinstance(target, FunctionInfo) and target.owner is not None and name in ("__init__", "__call__")
        todo = [
            target.owner.name if special and isinstance(target, FunctionInfo) and target.owner is not None else name
        ]
        known = {name, *todo}
        done: set[tuple[str, str]] = set()
        while todo:
            key = todo.pop()
            for module in self._mentioning(key, target):
                locals_ = {name, key}
                for local, found in module.imports.items():
                    for each in found:
                        if each.name in (name, key) or (key == "default" and each.name in ("default", "")):
                            locals_.add(local)
                            if (each.export or module.language == "python") and local not in known:
                                known.add(local)
                                todo.append(local)
                if module is target.module or key != "default":
                    for alias in self._aliases(module, key, target):
                        locals_.add(alias)
                        if alias not in known:
                            known.add(alias)
                            todo.append(alias)
                if isinstance(target, ClassInfo) and module is target.module:
                    locals_ |= {"cls", "Self"}
                fresh = {local for local in locals_ if local and (module.path, local) not in done}
                done.update((module.path, local) for local in fresh)
                for local in sorted(fresh):
                    out.extend(self._deferred(module, local, target))
                    for call, function in module.calls.get(local, ()):
                        if call in seen:
                            continue
                        for reached in self.reached(call, function):
                            if reached.target is target:
                                seen.add(call)
                                out.append(Site(call, function, reached.cost, way))
                out.extend(self._mentioned(module, fresh, target))
        return out

    def _mentioning(self, name: str, target: FunctionInfo | ClassInfo) -> list[ModuleInfo]:
        """Files that may use the definition under a name; a default export is used under any."""
        language = target.module.language
        if name != "default":
            method = isinstance(target, FunctionInfo) and target.owner is not None and name == target.name
            behind_dot = method and language in ("python", "javascript") and not name.startswith("__")
            if behind_dot:
                found = list(self.project.modules_using(name, language))
            else:
                found = list(self.project.mentioning(name, language, made=isinstance(target, ClassInfo)))
            if isinstance(target, FunctionInfo) and target.owner is not None and target.node.static:
                found = list(self.project.modules_with(name, language, beside=target.owner.name))
            return found if target.module in found else [target.module, *found]
        folder, _, file = target.module.path.rpartition("/")
        stem = file.partition(".")[0]
        words = re.findall(r"\w+", stem if stem != "index" else folder.rpartition("/")[2])
        modules = [module for word in words[:1] for module in self.project.modules_with(word, language)]
        return modules if target.module in modules else [target.module, *modules]

    def _aliases(self, module: ModuleInfo, name: str, target: FunctionInfo | ClassInfo) -> list[str]:
        """Other names under which the file hands the definition out: exports, keys of objects, fields."""
        closure = target.closure if isinstance(target, FunctionInfo) else None
        out: list[str] = []
        for exported, values in module.exports.items():
            named = any(value is closure or (isinstance(value, ir.Name) and value.id == name) for value in values)
            out.extend([exported] if named else [])
        if isinstance(target, FunctionInfo) and target.name == "__call__" and target.owner is not None:
            made = target.owner.name
            out.extend(
                key
                for key, found in (*module.assigned.items(),)
                if any(isinstance(e.value, ir.Call) and last_name(e.value.callee) == made for e in found)
            )
        if closure is not None and module is target.module:
            out.extend(key for key, entries in module.records.items() if any(e.value is closure for e, _ in entries))
            out.extend(key for key, found in module.assigned.items() if any(e.value is closure for e in found))
            out.extend(key for key, found in module.writes.items() if any(e.value is closure for e, _, _ in found))
            for classes in module.classes.values():
                for cls in classes:
                    out.extend(key for key, field in cls.fields.items() if field.value is closure)
        return [each for each in out if each != name]

    def _deferred(self, module: ModuleInfo, name: str, target: FunctionInfo | ClassInfo) -> list[Site]:
        """`task.delay(x)`, `task.apply_async([x])`: the arguments are the function's own."""
        out: list[Site] = []
        for call, function in module.on.get(name, ()):
            if isinstance(call.callee, ir.Attribute) and target in self.functions_of(call.callee.base, function):
                if call.callee.name in _TASKS:
                    out.append(Site(call, function, 1))
                elif (applied := channels.applied(call, function)) is not None:
                    out.append(applied)
        return out

    def _mentioned(self, module: ModuleInfo, names: set[str], target: FunctionInfo | ClassInfo) -> list[Site]:
        out: list[Site] = []
        for name in names:
            for node, function in module.mentions.get(name, ()):
                holder = module.argument_of.get(node)
                if holder is None:
                    if target in self._at_top(node, function):
                        out.extend(self._registry(node, function, target))
                elif target in self.functions_of(node, function):
                    out.extend(self._handed(holder, function, target))
        return out

    def _at_top(self, node: ir.Expression, function: FunctionInfo) -> list[FunctionInfo | ClassInfo]:
        return self.functions_of(node, function)

    def _closure_sites(self, target: FunctionInfo) -> list[Site]:
        closure = target.closure
        module = target.module
        around = target.parent
        if closure is None or around is None:
            return []
        holder = module.argument_of.get(closure)
        sent = messages.sites(self, target)
        if sent:
            return sent
        if holder is not None:
            return self._handed(holder, around, target)
        out: list[Site] = []
        for call, function in module.calls.get("", ()):
            if call.callee is closure:
                out.append(Site(call, function, 0))
        for name, versions in self.project.flow(around).all.items():
            if any(isinstance(each, Bound) and each.value is closure for each in versions):
                for call, function in module.calls.get(name, ()):
                    if any(each.target is target for each in self.reached(call, function)):
                        out.append(Site(call, function, 0))
        seen = {site.call for site in out}
        out.extend(site for site in self._named(target.name, target) if site.call not in seen)
        return out or self._registry(closure, around, target)

    def _handed(
        self, holder: tuple[ir.Call, ir.Argument], function: FunctionInfo, target: FunctionInfo | ClassInfo
    ) -> list[Site]:
        """The function is an argument: whoever gets it calls it."""
        call, argument = holder
        place = call.args.index(argument)
        emitted = channels.listeners(self, call, argument, function)
        if emitted:
            return list(emitted)
        out: list[Site] = list(channels.jobs(self, call, function))
        if out:
            return out
        if last_name(call.callee) in _WRAPS:
            out = self._wrapped(call, function, target)
            if out:
                return out
        reached = self.reached(call, function)
        for each in reached:
            inner = each.target
            if isinstance(inner, ClassInfo):
                init = self.resolver.method(inner, "__init__")
                if init is None:
                    continue
                inner = init
            for index, param in enumerate(inner.params):
                bound = bind(call, inner, index, (), isinstance(each.target, ClassInfo))
                if any(value is argument.value for value, _ in bound):
                    via = (call, function, isinstance(each.target, ClassInfo))
                    called = self._calls_of_parameter(inner, param.name, each.cost + 3)
                    kept = [site for site in called if _passes_kept(site.call)]
                    if kept:
                        out.append(Site(call, function, kept[0].cost, "later", place))
                    out.extend(
                        replace(site, via=via) if site.function is inner else site
                        for site in called
                        if site not in kept
                    )
        if reached:
            return out
        last = last_name(call.callee)
        if last in _ELEMENTS:
            return [Site(call, function, 1, "element")]
        if last in ("reduce", "reduceRight", "fold") and place == 0 and function.module.language == "javascript":
            return [Site(call, function, 1, "folded")]
        if last in _WHOLE:
            return [Site(call, function, 1, "whole")]
        if last in _COLLECTORS:
            collecting = [
                (each, around)
                for each, around in function.module.calls.get("collect", ())
                if any(inner is call for argument in each.args for inner in inside(argument.value))
            ]
            return [Site(each, around, 1, "element") for each, around in collecting]
        return [Site(call, function, 4, "later", place)]

    def _wrapped(self, wrapper: ir.Call, function: FunctionInfo, target: FunctionInfo | ClassInfo) -> list[Site]:
        """Calls of what a wrapper returns: `async_to_sync(f)(x)`, `run = promisify(f)` and `run(x)`."""
        module = function.module
        out = [
            Site(call, around, 1)
            for calls in list(module.calls.values())
            for call, around in calls
            if call.callee is wrapper
        ]
        names = [name for name, found in module.assigned.items() if any(each.value is wrapper for each in found)]
        for name in names:
            for other in self.project.importers(module, name):
                for call, around in other.calls.get(name, ()):
                    if any(reached.target is target for reached in self.reached(call, around)):
                        out.append(Site(call, around, 1))
        return out

    def _calls_of_parameter(self, function: FunctionInfo, name: str, cost: int) -> list[Site]:
        module = function.module
        out = [
            Site(call, around, cost)
            for call, around in module.calls.get(name, ())
            if isinstance(call.callee, ir.Name) and self._within(around, function)
        ]
        owner = function.owner
        if owner is not None:
            for statement, target, around in [each for found in module.writes.values() for each in found]:
                if around is function and isinstance(statement.value, ir.Name) and statement.value.id == name:
                    field = last_name(target)
                    out.extend(
                        Site(call, place, cost)
                        for call, place in module.calls.get(field, ())
                        if isinstance(call.callee, ir.Attribute)
                    )
        out.extend(channels.stored(self, function, name))
        return out

    def _within(self, inner: FunctionInfo, outer: FunctionInfo) -> bool:
        here: FunctionInfo | None = inner
        while here is not None:
            if here is outer:
                return True
            here = here.parent
        return False

    def _registry(self, node: ir.Expression, function: FunctionInfo, target: FunctionInfo | ClassInfo) -> list[Site]:
        """The function stands in a table; calls of the table's entries call it."""
        module = function.module
        tables = [
            name
            for name, statements in module.assigned.items()
            for each in statements
            if isinstance(each.value, ir.Record | ir.Sequence) and any(part is node for part in inside(each.value))
        ]
        for statement, place, around in [each for found in module.writes.values() for each in found]:
            if around is function and statement.value is not None and last_name(place):
                if any(part is node for part in inside(statement.value)):
                    tables.append(last_name(place))
                    if isinstance(place, ir.Index):
                        tables.append(last_name(place.base))
            elif around is function and statement.value is node:
                tables.extend(name for name in (last_name(getattr(place, "base", place)),) if name)
        for classes in module.classes.values():
            for cls in classes:
                for name, field in cls.fields.items():
                    if field.value is not None and any(part is node for part in inside(field.value)):
                        tables.append(name)
        out: list[Site] = []
        for name in dict.fromkeys(tables):
            for other in self.project.importers(module, name):
                around_table = {each for _, each in other.mentions.get(name, ())} | {
                    each for _, each in other.on.get(name, ())
                }
                for calls in other.calls.values():
                    for call, each in calls:
                        near = each in around_table and not isinstance(call.callee, ir.Attribute)
                        if near and any(found.target is target for found in self.reached(call, each)):
                            out.append(Site(call, each, 4))
        return out


def siblings(target: FunctionInfo) -> list[FunctionInfo]:
    """Methods of one name in one class: Java's overloads. Elsewhere the function alone."""
    if target.module.language != "java" or target.owner is None:
        return [target]
    return [each for each in target.module.functions.get(target.name, ()) if each.owner is target.owner] or [target]


def accepts(call: ir.Call, target: FunctionInfo) -> bool:
    """The number of arguments fits the parameters."""
    count = sum(1 for each in call.args if not (isinstance(each.value, ir.Unknown) and each.value.what == "class"))
    params = target.params
    if params and params[-1].spread:
        return count >= len(params) - 1
    return count == len(params)


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


Bindings = list[tuple[ir.Expression, Path]]


def bind(call: ir.Call, target: FunctionInfo, index: int, path: Path, construct: bool = False) -> Bindings:
    """The expressions of a call that a parameter gets, each with the path to ask of it; empty for a default.

    `index` -1 is the receiver. `path` is what is asked of the parameter.
    """
    callee = call.callee
    offset = 1 if target.receiver and (construct or _bound(call, target)) else 0
    if index == -1 or (index == 0 and offset):
        return [(callee.base, path)] if isinstance(callee, ir.Attribute) and not construct else []
    param = target.params[index]
    place = index - offset
    if param.spread == "*":
        return _rest(call, place, path)
    if param.spread == "**":
        return _keywords(call, target, path)
    out: Bindings = []
    position = 0
    for argument in call.args:
        if argument.name or argument.spread == "**":
            continue
        if argument.spread == "*":
            if position <= place and not param.keyword_only:
                out.append((argument.value, (place - position, *path)))
            break
        if position == place and not param.keyword_only:
            return [(argument.value, path)]
        position += 1
    for argument in call.args:
        if argument.name == param.name:
            return [(argument.value, path)]
    out.extend((argument.value, (param.name, *path)) for argument in call.args if argument.spread == "**")
    return out


def _bound(call: ir.Call, target: FunctionInfo) -> bool:
    """The object stands before the dot, or is bound already; not among the arguments."""
    callee = call.callee
    if not isinstance(callee, ir.Attribute):
        return True
    if target.module.language == "rust" and len(call.args) == len(target.params) - 1:
        return True  # `Runner.start(x)` of a struct without fields; `Runner::start(runner, x)` has one more
    owner = target.owner
    by_class = isinstance(callee.base, ir.Name) and owner is not None and callee.base.id == owner.name
    return not by_class or any(last_name(each) == "classmethod" for each in target.node.decorators)


def _rest(call: ir.Call, place: int, path: Path) -> Bindings:
    out: Bindings = []
    wanted = path[0] if path else ANY
    inner = path[1:] if path else ()
    position = 0
    for argument in call.args:
        if argument.name or argument.spread == "**":
            continue
        if argument.spread == "*":
            out.append((argument.value, path or ()))
        elif position >= place and (not isinstance(wanted, int) or wanted == position - place):
            out.append((argument.value, inner))
        position += 1
    return out


def _keywords(call: ir.Call, target: FunctionInfo, path: Path) -> Bindings:
    named = {param.name for param in target.params if not param.spread}
    wanted = path[0] if path else ANY
    inner = path[1:] if path else ()
    out: Bindings = [
        (argument.value, inner)
        for argument in call.args
        if argument.name and argument.name not in named and wanted in (ANY, argument.name)
    ]
    if wanted == ANY or not out:
        out.extend((argument.value, path) for argument in call.args if argument.spread == "**")
    return out


def _passes_kept(call: ir.Call) -> bool:
    """`self.func(*self.args, **self.kwargs)`: what was kept together with the function, and given with it."""
    return bool(call.args) and all(
        argument.spread and isinstance(argument.value, ir.Attribute) and root_name(argument.value) == "self"
        for argument in call.args
    )

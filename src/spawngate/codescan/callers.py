"""From a definition to the places that call it: by its name and its aliases, as a callback, out of a table.

Belongs here: which calls, constructions and hand-overs give a function its arguments, with their cost. Must not be
here: what a call reaches (`calls`), joins by a name that is a text (`channels`, `messages`), binding (`binding`).

Costs: what the call's resolution costs; 1 where a library runs the function on what it is called on, or a wrapper
stands around it; 3 more where a function of the project gets it and calls it; 4 for a table's entries and for what an
unknown library is handed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from spawngate.codescan import channels, conversions, dynamic, echoes, ir, messages
from spawngate.codescan.binding import Site, accepts, bind, siblings
from spawngate.codescan.callables import PUTS, RUN, TABLES, WRAPS
from spawngate.codescan.definitions import ClassInfo, FunctionInfo, ModuleInfo
from spawngate.codescan.flow import Bound
from spawngate.codescan.walk import inside, last_name, root_name

if TYPE_CHECKING:
    from spawngate.codescan.calls import Calls

_elements_words = """
map forEach filter flatMap some every find findIndex findLast each for_each filter_map flat_map any all
computeIfPresent peek anyMatch allMatch noneMatch mapToObj removeIf ifPresent map_values
"""
_ELEMENTS = frozenset(_elements_words.split())
_TASKS = frozenset(["delay", "s", "si", "send", "kiq", "remote", "enqueue", "defer", "spawn"])
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


class Callers:
    """Places that call the definitions of one project."""

    def __init__(self, calls: Calls) -> None:
        self.calls = calls
        self.callables = calls.callables
        self.resolver = calls.resolver
        self.project = calls.project

    def of(self, target: FunctionInfo | ClassInfo) -> list[Site]:
        """Places that call a function, or construct a class, in no order."""
        if isinstance(target, FunctionInfo) and target.closure is not None:
            return self._closure_sites(target)
        name = target.name
        if isinstance(target, FunctionInfo) and name == "__init__" and target.owner is not None:
            family = (target.owner, *self.resolver.constructed(target.owner))
            same = siblings(target)
            plain = [cls for cls in family if self.resolver.method(cls, "__init__") in same]
            out = [site for cls in plain for site in self.calls.sites(cls)]
            if len(same) > 1:
                out = [site for site in out if accepts(site.call, target)]
            return out + self._named("__init__", target)
        if isinstance(target, FunctionInfo) and target.node.decorators:
            dispatching = dynamic.dispatcher(self.calls, target)
            if dispatching is not None:
                return list(self.calls.sites(dispatching))
            out = [*self._named(name, target), *channels.marked(self.calls, target), *self._by_convention(target)]
            return out or [Site(*each, 3) for each in dynamic.through_library(self.calls, target)]
        out = self._named(name, target)
        if isinstance(target, FunctionInfo) and target.name in ("from", "try_from"):
            out.extend(Site(call, around, 1, "whole") for call, around in conversions.sites(self.calls, target))
        if isinstance(target, FunctionInfo) and not out and target.module.language == "javascript":
            out = list(self._computed(target))
        if isinstance(target, FunctionInfo) and not out and target.module.language == "python":
            out = [*channels.marked(self.calls, target), *self._by_convention(target)]
        return out

    def _computed(self, target: FunctionInfo) -> Iterator[Site]:
        """`service[name](x)`, in files that know the class."""
        owner = target.owner
        for module in self.project.modules_with(owner.name, "javascript") if owner is not None else ():
            for call, function in module.calls.get("", ()):
                if isinstance(call.callee, ir.Index):
                    for each in self.calls.reached(call, function):
                        if each.target is target:
                            yield Site(call, function, each.cost)

    def _by_convention(self, target: FunctionInfo) -> list[Site]:
        return [
            Site(call, function, 1, "later", place, shift)
            for call, function, place, shift in dynamic.by_convention(self.calls, target)
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
                        for reached in self.calls.reached(call, function):
                            if reached.target is target:
                                seen.add(call)
                                out.append(Site(call, function, reached.cost, way))
                out.extend(self._mentioned(module, fresh, target))
        return out

    def _mentioning(self, name: str, target: FunctionInfo | ClassInfo) -> list[ModuleInfo]:
        """Files that may use the definition under a name; a default export is used under any."""
        language = target.module.language
        if name.endswith("!"):  # a macro of Rust
            return list(self.project.modules_with(name[:-1], language))
        if name != "default":
            method = isinstance(target, FunctionInfo) and target.owner is not None and name == target.name
            served = (
                isinstance(target, FunctionInfo) and target.parent is not None and target.name in target.module.records
            )
            behind_dot = (method or served) and language in ("python", "javascript") and not name.startswith("__")
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
            if isinstance(call.callee, ir.Attribute) and target in self.callables.of(call.callee.base, function):
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
                    if target in self.callables.of(node, function):
                        out.extend(self._registry(node, function, target))
                elif self._stands_for(node, function, target):
                    out.extend(self._handed(holder, function, target))
        return out

    def _stands_for(self, node: ir.Expression, function: FunctionInfo, target: FunctionInfo | ClassInfo) -> bool:
        """The function itself, or the method of an interface that it fulfils: `start(workflow::run, ..)` of Java."""
        found = self.callables.of(node, function)
        if target in found or not isinstance(target, FunctionInfo) or target.owner is None:
            return target in found
        return target.module.language == "java" and any(
            isinstance(each, FunctionInfo)
            and each.owner is not None
            and each.name == target.name
            and not each.node.body
            and self.resolver.extends(target.owner, each.owner)
            for each in found
        )

    def _closure_sites(self, target: FunctionInfo) -> list[Site]:
        closure = target.closure
        module = target.module
        around = target.parent
        if closure is None or around is None:
            return []
        holder = module.argument_of.get(closure)
        sent = messages.sites(self.calls, target)
        if sent:
            return sent
        if holder is not None:
            return self._handed(holder, around, target)
        entry = module.entry_of.get(closure)
        if (
            entry is not None
            and not self.calls.reached(entry, around)
            and (told := echoes.sites(self.calls, entry, around))
        ):
            return told
        out: list[Site] = []
        for call, function in module.calls.get("", ()):
            if call.callee is closure:
                out.append(Site(call, function, 0))
        for name, versions in self.project.flow(around).all.items():
            if any(isinstance(each, Bound) and each.value is closure for each in versions):
                for call, function in module.calls.get(name, ()):
                    if any(each.target is target for each in self.calls.reached(call, function)):
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
        emitted = channels.listeners(self.calls, call, argument, function)
        if emitted:
            return list(emitted)
        out: list[Site] = list(channels.jobs(self.calls, call, function))
        if out:
            return out
        if last_name(call.callee) in WRAPS:
            out = self._wrapped(call, function, target)
            if out:
                return out
        reached = self.calls.reached(call, function)
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
        if last in TABLES and function.module.language in ("java", "rust"):
            return self._registry(argument.value, function, target)
        return echoes.sites(self.calls, call, function) or [Site(call, function, 4, "later", place)]

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
                    if any(reached.target is target for reached in self.calls.reached(call, around)):
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
        for key, entries in module.records.items() if module.language == "javascript" else ():
            kept = any(isinstance(e.value, ir.Name) and e.value.id == name and at is function for e, at in entries)
            for call, place in module.calls.get(key, ()) if kept else ():  # `table.push({ method, handler })`
                if isinstance(call.callee, ir.Attribute):
                    out.append(Site(call, place, cost))
        out.extend(channels.stored(self.calls, function, name))
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
        typed = module.language in ("java", "rust")  # where tables are made by calls
        tables = [
            name
            for name, statements in module.assigned.items()
            for each in statements
            if (isinstance(each.value, ir.Record | ir.Sequence) or (typed and isinstance(each.value, ir.Call)))
            and any(part is node for part in inside(each.value))
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
        holder = module.argument_of.get(node)
        if holder is not None and last_name(holder[0].callee) in PUTS and isinstance(holder[0].callee, ir.Attribute):
            tables.append(last_name(holder[0].callee.base))
        out: list[Site] = []
        for name, versions in self.project.flow(function).all.items():  # a table that has no name, only what it gives
            values = [each.value for each in versions if isinstance(each, Bound) and isinstance(each.value, ir.Call)]
            if not tables and any(part is node for value in values if value is not None for part in inside(value)):
                for call, each in module.calls.get(name, ()):
                    if each is function and any(found.target is target for found in self.calls.reached(call, each)):
                        out.append(Site(call, each, 2))
        for name in dict.fromkeys(each for each in tables if each):
            for other in self.project.importers(module, name):
                around_table = {each for _, each in other.mentions.get(name, ())} | {
                    each for _, each in other.on.get(name, ())
                }
                for calls in other.calls.values():
                    for call, each in calls:
                        runs = not isinstance(call.callee, ir.Attribute) or (
                            other.language == "java" and call.callee.name in RUN
                        )
                        near = each in around_table and runs
                        if near and any(found.target is target for found in self.calls.reached(call, each)):
                            out.append(Site(call, each, 4))
        if module.language == "java":
            out.extend(self._by_interface(module, frozenset(tables)))
        return out

    def _by_interface(self, module: ModuleInfo, tables: frozenset[str]) -> Iterator[Site]:
        """`Map<Kind, Connector>`: whoever calls the one method of the interface calls what stands in the table."""
        fields = [
            (cls.fields[name].type, cls)
            for same in module.classes.values()
            for cls in same
            for name in sorted(tables & cls.fields.keys())
        ]
        for written, cls in fields:
            for kind in (
                self.resolver.kinds_of_type(written.args[-1], cls.module.top) if written and written.args else ()
            ):
                yield from self._runs_of(kind.cls) if kind.cls is not None and kind.cls.kind == "interface" else ()

    def _runs_of(self, interface: ClassInfo) -> Iterator[Site]:
        """Calls of the one method that a functional interface of the project leaves open."""
        methods = [each for each in interface.methods.values() if not each.node.body]
        for method in methods if len(methods) == 1 else ():
            for other in self.project.calling(method.name, "java"):
                for call, around in other.calls.get(method.name, ()):
                    base = call.callee.base if isinstance(call.callee, ir.Attribute) else None
                    kinds = self.resolver.kinds(base, around) if base is not None else ()
                    if any(kind.cls is interface for kind in kinds):
                        yield Site(call, around, 4)


def _passes_kept(call: ir.Call) -> bool:
    """`self.func(*self.args, **self.kwargs)`: what was kept together with the function, and given with it."""
    return bool(call.args) and all(
        argument.spread and isinstance(argument.value, ir.Attribute) and root_name(argument.value) == "self"
        for argument in call.args
    )

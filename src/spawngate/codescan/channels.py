"""Calls that reach a function by a name or through a table: events, topics, signals, tasks, jobs, registries.

Belongs here: the join of what listens with what emits, of tasks with what enqueues them, and of decorators and
functions that put a function into a table with the calls of that table's entries. Not here: callbacks that a call runs
itself (`calls`), values (`slicer`).

Sources: Node's EventEmitter, NestJS's `@OnEvent`, mitt, RxJS Subject, blinker and Django signals, Celery's
`apply_async` and `send_task`, arq's `enqueue_job`, BullMQ's and Bull's queues, Agenda, as their manuals describe them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from spawngate.codescan import ir
from spawngate.codescan.binding import Site
from spawngate.codescan.definitions import ClassInfo, FunctionInfo
from spawngate.codescan.flow import ANY, Bound, Parameter, Path
from spawngate.codescan.meanings import Value
from spawngate.codescan.walk import inside, last_name

if TYPE_CHECKING:
    from spawngate.codescan.calls import Calls

COST = 3
_listen_words = """
on once addListener addEventListener prependListener subscribe add_listener listen listener register connect handle
add_handler registerHandler register_handler addHandler on_event handler bind receiver subscriber tap
consumer localConsumer
"""
LISTEN = frozenset(_listen_words.split())
_MARKS = LISTEN | {"OnEvent", "On", "EventPattern", "MessagePattern"}
"""Decorators that make a function a listener; those in capitals are of NestJS and of class-based event libraries."""
_emit_words = """
emit publish dispatch dispatchEvent trigger fire notify send emit_async emitAsync broadcast post invoke raise_event
send_robust asend publish_async fire_event next
"""
EMIT = frozenset(_emit_words.split())
_BY_NAME = {
    "python": ("enqueue_job", "send_task", "signature", "schedule_task"),
    "javascript": ("now", "schedule", "every"),
}
"""Calls whose first argument is the name of the function or task that is to run."""
_APPLIED = frozenset(["apply_async", "apply", "signature", "send_task"])
"""Calls that take the function's arguments as one list: `args=[..]`, or the first behind the name."""
_QUEUES = frozenset(["Queue", "Bull", "FlowProducer", "Bee"])
_WORKERS = frozenset(["Worker", "process", "define"])
_STORES = frozenset(["append", "add", "set", "push", "setdefault", "insert", "register", "unshift"])


def listeners(calls: Calls, holder: ir.Call, argument: ir.Argument, function: FunctionInfo) -> tuple[Site, ...] | None:
    """Where something is emitted for the function that a call is given; None for a call that does not listen.

    `on("name", f)` is joined with `emit("name", ..)` by the constant name; `signal.connect(f)`, which has none, with
    `signal.send(..)` by the object.
    """
    if last_name(holder.callee) not in LISTEN or not isinstance(holder.callee, ir.Attribute):
        return None
    place = holder.args.index(argument)
    named = [each.value for each in holder.args[:place] if not each.name]
    if named:
        name = _constant(calls, named[0], function)
        return tuple(_emitted(calls, name, function.module.language)) if name else None
    return tuple(_signalled(calls, holder.callee.base, function))


def awaited(calls: Calls, node: ir.Call, function: FunctionInfo, path: Path) -> list[tuple[Site, ir.Expression]]:
    """What `events.on(emitter, "name")`, a sequence of lists, and `once(..)`, one list, give: arguments of `emit`."""
    names = calls.resolver.names(function.module).qualified(node.callee)
    if not {"events#on", "events#once", "events#default.on", "events#default.once"} & set(names) or len(node.args) < 2:
        return []
    step = path[0 if last_name(node.callee) == "once" else 1 :][:1]
    name = _constant(calls, node.args[1].value, function)
    out: list[tuple[Site, ir.Expression]] = []
    for site in _emitted(calls, name, function.module.language) if name else ():
        given = site.call.args[site.place + 1 :]
        out.extend((site, each.value) for at, each in enumerate(given) if step in ((), (at,), (ANY,)))
    return out


def marked(calls: Calls, target: FunctionInfo) -> Iterator[Site]:
    """Calls that reach a function by its decorators: `@bus.on("name")`, `@register("key")`, `@task(name="a.b")`."""
    around = target.parent or target.module.top
    for mark in target.node.decorators:
        named = mark.callee if isinstance(mark, ir.Call) else mark
        if isinstance(mark, ir.Call) and last_name(named) in _MARKS and mark.args:
            name = _constant(calls, mark.args[0].value, around)
            if name:
                yield from _emitted(calls, name, target.module.language)
            elif last_name(named) in ("receiver", "connect"):
                yield from _signalled(calls, mark.args[0].value, around)
        if isinstance(mark, ir.Attribute) and mark.name == "connect":  # of blinker
            yield from _signalled(calls, mark.base, around)
        for inner, param in _given_by_mark(calls, mark, around):
            yield from stored(calls, inner, param)
    yield from _by_name(calls, target)


def _given_by_mark(calls: Calls, mark: ir.Expression, around: FunctionInfo) -> Iterator[tuple[FunctionInfo, str]]:
    """Functions of the project that a decorator hands the decorated function, each with the parameter that gets it."""
    reached: list[FunctionInfo | ClassInfo]
    if isinstance(mark, ir.Call):
        reached = []
        for each in calls.reached(mark, around):
            if isinstance(each.target, FunctionInfo):
                for returned in calls.project.flow(each.target).returns:
                    if returned.value is not None:
                        reached.extend(calls.callables.of(returned.value, each.target))
    else:
        reached = calls.callables.of(mark, around)
    for inner in reached:
        if isinstance(inner, FunctionInfo):
            params = inner.params[1 if inner.receiver else 0 :]
            if params:
                yield inner, params[0].name


def stored(calls: Calls, function: FunctionInfo, name: str) -> Iterator[Site]:
    """Calls of the entries of a table into which the function puts its parameter: `TABLE[key] = fn`, `.append(fn)`."""
    module = function.module
    tables: dict[str, None] = {}
    for found in module.writes.values():
        for statement, target, around in found:
            if around is function and _is_parameter(calls, statement.value, function, name):
                held = target.base if isinstance(target, ir.Index) else target
                tables.setdefault(last_name(held))
    for node, around in module.mentions.get(name, ()):
        holder = module.argument_of.get(node)
        if holder is None or around is not function:
            continue
        callee = holder[0].callee
        if isinstance(callee, ir.Attribute) and callee.name in _STORES:
            base = callee.base
            while isinstance(base, ir.Call | ir.Index):
                inner = base.callee if isinstance(base, ir.Call) else base
                base = inner.base if isinstance(inner, ir.Attribute | ir.Index) else ir.Name(0, 0, "")
            tables.setdefault(last_name(base))
    for table in tables:
        if len(table) < 2:
            continue
        for other in dict.fromkeys((module, *calls.project.importers(module, table))):
            for call, around in [each for same in list(other.calls.values()) for each in same]:
                if _calls_entry(calls, call, around, table):
                    yield Site(call, around, COST + 1)


def _is_parameter(calls: Calls, node: ir.Expression | None, function: FunctionInfo, name: str) -> bool:
    if not isinstance(node, ir.Name) or node.id != name:
        return False
    return isinstance(calls.project.flow(function).uses.get(node), Parameter)


def _calls_entry(calls: Calls, call: ir.Call, around: FunctionInfo, table: str) -> bool:
    callee = call.callee
    if isinstance(callee, ir.Index):
        return last_name(callee.base) == table
    if isinstance(callee, ir.Call):
        return _reads(callee, table)
    if isinstance(callee, ir.Name):
        version = calls.project.flow(around).uses.get(callee)
        if isinstance(version, Bound) and version.value is not None:
            looped = isinstance(version.statement, ir.Loop) or version.value is callee
            return any(_reads(each, table, looped) for each in inside(version.value))
    return False


def _reads(node: ir.Expression, table: str, whole: bool = False) -> bool:
    """An entry of the table, or with `whole` the table that a loop walks."""
    if isinstance(node, ir.Index):
        return last_name(node.base) == table
    if isinstance(node, ir.Call) and isinstance(node.callee, ir.Attribute):
        return last_name(node.callee.base) == table and node.callee.name in ("get", "pop", "values", "items", "at")
    return whole and isinstance(node, ir.Name | ir.Attribute) and last_name(node) == table


def applied(call: ir.Call, function: FunctionInfo) -> Site | None:
    """`task.apply_async(args=[..])`: the arguments stand in one list."""
    return Site(call, function, 1, "applied", -1) if last_name(call.callee) in _APPLIED else None


def jobs(calls: Calls, holder: ir.Call, function: FunctionInfo) -> Iterator[Site]:
    """`queue.add("name", data)` for the function that `new Worker(queue, f)` or `queue.process(f)` runs on each job."""
    if last_name(holder.callee) not in _WORKERS:
        return
    language = function.module.language
    for module in calls.project.calling("add", language):
        for call, around in module.calls.get("add", ()):
            if isinstance(call.callee, ir.Attribute) and _is_queue(calls, call.callee.base, around):
                texts = call.args and isinstance(call.args[0].value, ir.Literal | ir.Format)
                place = 1 if len(call.args) > 1 and (texts or len(call.args) > 2) else 0
                if place < len(call.args):
                    yield Site(call, around, COST, "job", place)


def _is_queue(calls: Calls, node: ir.Expression, function: FunctionInfo) -> bool:
    values = [kind.names for kind in calls.resolver.kinds(node, function)]
    if any(name.rpartition("#")[2].rpartition(".")[2] in _QUEUES or "bull" in name for each in values for name in each):
        return True
    for meaning in calls.resolver.chain(node, function):
        if isinstance(meaning, Value):
            for statement in meaning.module.assigned.get(meaning.name, ()):
                if isinstance(statement.value, ir.Call) and last_name(statement.value.callee) in _QUEUES:
                    return True
    return False


def _by_name(calls: Calls, target: FunctionInfo) -> Iterator[Site]:
    """`send_task("module.function", args=[..])`, `enqueue_job("function", x)`."""
    names = {target.name}
    around = target.parent or target.module.top
    for mark in target.node.decorators:
        for argument in mark.args if isinstance(mark, ir.Call) else ():
            if argument.name == "name" or (not argument.name and isinstance(argument.value, ir.Literal)):
                names.add(_constant(calls, argument.value, around))
    names.discard("")
    project = calls.project
    meant = {path for name in names for path in project.files_with(name.rpartition(".")[2])}
    meant.update(project.files_with(target.name))
    for word in _BY_NAME.get(target.module.language, ()):
        for path in project.files_with(word):
            module = project.module(path) if path in meant else None
            if module is None or module.language != target.module.language:
                continue
            for call, function in module.calls.get(word, ()):
                told = _constant(calls, call.args[0].value, function) if call.args else ""
                if told and (told in names or told.rpartition(".")[2] == target.name):
                    way = "applied" if word in _APPLIED else "later"
                    first = target.params[0].name if target.params else ""
                    # arq hands each job its context first, in the place where the call has the job's name.
                    yield Site(call, function, COST, way, -1 if first.strip("_") in ("ctx", "context") else 0)


def _emitted(calls: Calls, name: str, language: str) -> Iterator[Site]:
    for word in sorted(EMIT):
        for module in calls.project.calling(word, language):
            for call, function in module.calls.get(word, ()):
                plain = [each for each in call.args if not each.name and not each.spread]
                made = plain[0].value if plain else None
                if word == "dispatchEvent" and isinstance(made, ir.Call) and len(made.args) > 1:
                    if _constant(calls, made.args[0].value, function) == name:
                        yield Site(made, function, COST, "later", 0)  # `new CustomEvent("x", { detail })`
                elif len(call.args) > 1 and plain and _constant(calls, plain[0].value, function) == name:
                    yield Site(call, function, COST, "later", call.args.index(plain[0]))


def _signalled(calls: Calls, subject: ir.Expression, function: FunctionInfo) -> Iterator[Site]:
    name = last_name(subject)
    if len(name) < 3 or name in ("self", "this"):
        return
    wanted = calls.resolver.chain(subject, function)
    for module in calls.project.modules_with(name, function.module.language):
        for call, around in module.on.get(name, ()):
            callee = call.callee
            if not isinstance(callee, ir.Attribute) or callee.name not in EMIT or not call.args:
                continue
            if calls.resolver.chain(callee.base, around) == wanted:
                yield Site(call, around, COST, "later", -1)


def _constant(calls: Calls, node: ir.Expression, function: FunctionInfo) -> str:
    from spawngate.codescan.constants import Constants

    value = Constants(calls).value(node, function)
    return value if isinstance(value, str) and len(value) > 1 else ""

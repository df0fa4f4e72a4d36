"""The slice through calls: results, changed arguments, and parameters back to the calls that fill them.

Belongs here: what a call's result is made of, in this order: a sanitizer ends it, a source, a store, a model's flows, a
definition of the project, what every program uses (`containers`), and last: an unknown call passes its arguments on.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from spawngate.codescan import (
    containers,
    decorated,
    dynamic,
    filled,
    forms,
    ir,
    lent,
    mappers,
    messages,
    paired,
    passing,
    references,
    schemas,
    slicer_objects,
    stores,
)
from spawngate.codescan.binding import Site, bind
from spawngate.codescan.definitions import ClassInfo, FunctionInfo
from spawngate.codescan.finding import SourceKind
from spawngate.codescan.flow import (
    ANY,
    KEYS,
    RECEIVER,
    Bound,
    Changed,
    Handed,
    Merged,
    Parameter,
    Path,
    Unset,
    Version,
    key_of,
    path_of,
)
from spawngate.codescan.models.match import select
from spawngate.codescan.models.model import Path as ModelPath
from spawngate.codescan.models.model import Rest, Root, Selector
from spawngate.codescan.scalars import is_constant, is_scalar
from spawngate.codescan.walk import last_name

if TYPE_CHECKING:
    from spawngate.codescan.slicer import Search, State

UNKNOWN_COST = 3
"""For passing through a call that nobody knows."""
WRAPPER_COST = 1
"""For an object of a library that is made of its arguments."""
MAX_SITES = 40
MAX_VERSIONS = 60


def remaining(asked: Path, written: ModelPath) -> Path | None:
    """What is left of `asked` below a place `written`; None where they do not meet. () when only a part was written."""
    for number, step in enumerate(written):
        if number >= len(asked):
            return ()
        here = asked[number]
        if isinstance(step, Rest):
            if isinstance(here, int) and here < step.start:
                return None
        elif step not in (ANY, here) and here != ANY:
            return None
    return asked[len(written) :]


def plain(path: ModelPath) -> Path:
    """A model's path as one of the slice: the rest of a list is any of its elements."""
    return tuple(ANY if isinstance(step, Rest) else step for step in path)


def call(search: Search, node: ir.Call, state: State) -> None:
    """What `state.path` of a call's result is made of."""
    function = state.function
    knowledge = search.knows(function)
    name = last_name(node.callee)
    callee = None
    spoken = search.resolver.spoken(node.callee, function)
    known = (
        knowledge.sanitizers.may_match(*spoken),
        knowledge.source_calls.may_match(*spoken),
        knowledge.propagators.may_match(*spoken),
        knowledge.reads.may_match(*spoken),
    )
    if any(known):
        callee = search.resolver.callee(node.callee, function)
        for sanitizer in knowledge.sanitizers.find(callee, node):
            if not sanitizer.slots or search.slot in sanitizer.slots:
                return
        for source in knowledge.source_calls.find(callee, node):
            for taint in source.taints:
                if taint.root is Root.RESULT and remaining(state.path, taint.path) is not None:
                    search.source(source.kind, source.id, source.what or f"{name}()", state, node.line)
                    return
        if stores.read_call(search, node, callee, state):
            return
        if _propagated(search, node, callee, state):
            return
    if name == "Promise" and node.new and node.args and _resolved(search, node, state):
        return
    if name == "valid" and schemas.refuses_valid(function, search.calls, state.path):
        return
    if name in schemas.PARSES and _parsed(search, node, name, state):
        return
    reached = search.calls.reached(node, function)
    for each in reached:
        if isinstance(each.target, ClassInfo):
            slicer_objects.construct(search, node, each.target, state, each.cost)
        else:
            into(search, node, each.target, state, each.cost)
    if reached:
        return
    python = function.module.language == "python"
    if python and (forms.viewed(search, node, state) or dynamic.loaded(search, node, state)):
        return
    parts = containers.builtin(node, state.path)
    if parts is not None:
        for expression, path in parts.answers:
            search.follow(expression, state, path)
        for expression, path in parts.returns_of:
            targets = search.calls.callables.of(expression, function)
            for target in targets:
                if isinstance(target, FunctionInfo):
                    into(search, None, target, state, 0, path)
                else:
                    search.ask(expression, function, path, state.frame, state)
            foreign = not targets and not isinstance(expression, ir.Closure)
            if foreign and isinstance(expression, ir.Attribute):
                modelled = knowledge.propagators.may_match(expression.name)
                for stands in references.calls(expression, node) if modelled else ():
                    if knowledge.propagators.find(search.resolver.callee(stands.callee, function), stands):
                        for part in dict.fromkeys((path, state.path)):
                            search.ask(stands, function, part, state.frame, state)
            if foreign and last_name(expression) not in containers.STOPS and isinstance(node.callee, ir.Attribute):
                search.follow(node.callee.base, state, (), UNKNOWN_COST)  # `map(String::trim)`: a library's function
        return
    if not _implemented(search, node, state) and not passing.received(search, node, state):
        _unknown(search, node, state, name)


def _implemented(search: Search, node: ir.Call, state: State) -> bool:
    """A method without a body, of an interface that a library implements: clients, mappers, AI services."""
    function, callee = state.function, node.callee
    if not isinstance(callee, ir.Attribute) or function.module.language != "java":
        return False
    for kind in search.resolver.kinds(callee.base, function):
        method = search.resolver.method(kind.cls, callee.name) if kind.cls is not None else None
        entry = search.knows(method).answers(method, search.resolver) if method is not None else None
        if method is None or entry is None:
            continue
        rows = search.resolver.kinds_of_type(method.node.returns, method)
        rows = (*rows, *(each for row in rows for each in row.args))
        row = next((each.cls for each in rows if each.cls is not None), None)
        path = state.path[1:] if state.path[:1] == (ANY,) else state.path
        if entry.kind is SourceKind.DB and row is not None and path and isinstance(path[0], str):
            what = f"row of {row.name}"
            thing = search.field_of(row, path[0])
            stores.bound(search, row, state)
            search.ask(thing, row.module.top, path[1:], None, state, 1, what, "store", node.line, function)
        else:
            search.source(entry.kind, entry.id, f"{entry.what}: {method.qualname}()", state, node.line)
        return True
    return False


def _resolved(search: Search, node: ir.Call, state: State) -> bool:
    """`new Promise((resolve) => ..)`: what `resolve` is called with, in the function or in those within it."""
    found = False
    for target in search.calls.callables.of(node.args[0].value, state.function):
        if not isinstance(target, FunctionInfo) or not target.params:
            continue
        for call_, around in target.module.calls.get(target.params[0].name, ()):
            here: FunctionInfo | None = around
            while here is not None and here is not target:
                here = here.parent
            if here is target and call_.args:
                found = True
                search.ask(call_.args[0].value, around, state.path, None, state, 0, "resolved", "return", call_.line)
    return found


def _parsed(search: Search, node: ir.Call, name: str, state: State) -> bool:
    """`Schema.parse(x)`: only what the schema names and lets through."""
    callee, path = node.callee, state.path
    if not isinstance(callee, ir.Attribute) or not node.args:
        return False
    if not schemas.is_schema(search.calls, callee.base, state.function):
        return False
    if name.startswith("safe"):
        if path[:1] not in ((), ("data",), (ANY,)):
            return True
        path = path[1:]
    if schemas.passes(search.calls, callee.base, state.function, path):
        search.follow(node.args[0].value, state, path)
    return True


_LOOKUP = re.compile(
    r"(get|find|fetch|load|read|select|query|look_?up|download|list|retrieve|open|search)(?=_|[A-Z]|$)"
)
_EMPTY_BUILDERS = frozenset(["Builder", "builder", "newBuilder"])
"""Of a library: what they give without an argument holds nothing yet."""
_MEASURE = re.compile(r"(Count|Size|Length|Port|Timeout|Millis|Seconds)$")
"""Ends of names of getters that give numbers."""
_READER = re.compile(r"_*(get|read|load|fetch|download|retrieve|find|lookup)(?=_|[A-Z]|$)_?(.*)")
_WRITERS = ("save", "write", "put", "set", "store", "upload", "add", "persist", "update", "create", "register")


def _unknown(search: Search, node: ir.Call, state: State, name: str) -> None:
    """Pass-through: whatever goes in may come out. Of a look-up it may not: its arguments are keys."""
    function = state.function
    if name in _EMPTY_BUILDERS and not node.args:
        return
    if _LOOKUP.match(name) and isinstance(node.callee, ir.Attribute):
        if function.module.language == "java":
            _looked_up(search, node, node.callee, state)
        search.unresolved(f"what {name}() finds", state)
        return
    # `new Api({ token }).servers`: a part of the object is what was given under its name, if anything.
    whole = not (node.new and state.path and isinstance(state.path[0], str) and state.path[0] != ANY)
    for argument in node.args:
        search.ask(
            argument.value,
            function,
            state.path if isinstance(argument.value, ir.Record) and not whole else (),
            state.frame,
            state,
            WRAPPER_COST if node.new or name[:1].isupper() else UNKNOWN_COST,
            f"through {name or 'a call'}()",
            "call",
            node.line,
        )
    callee = node.callee
    if isinstance(callee, ir.Attribute):
        root = callee.base
        imported = isinstance(root, ir.Name) and root.id in function.module.imports
        if not imported:
            chained = function.module.language == "javascript" and isinstance(root, ir.Call)
            search.follow(root, state, (), 1 if chained else UNKNOWN_COST)  # one chain is one thing of a library
    elif isinstance(callee, ir.Call | ir.Index):
        search.follow(callee, state, (), UNKNOWN_COST)
    search.unresolved(f"result of {name or 'a call'}()", state)


def _looked_up(search: Search, node: ir.Call, callee: ir.Attribute, state: State) -> None:
    """What a look-up on a value at hand finds is part of that value: `request.getCommand()`, `json.getText("a")`.

    A service that looks it up elsewhere is a field, or a class; a variable that came along is data.
    """
    root: ir.Expression = callee.base
    while isinstance(root, ir.Call | ir.Attribute):
        root = root.callee if isinstance(root, ir.Call) else root.base
    function = state.function
    if not isinstance(root, ir.Name) or search.resolver.scope_of(root.id, function) in (None, function.module.top):
        return
    if _MEASURE.search(callee.name):
        return
    read = re.sub(r"^get(?=[A-Z])", "", callee.name)
    if node.args or read == callee.name:
        search.follow(callee.base, state, (), UNKNOWN_COST)
    else:
        search.follow(callee.base, state, (f"{read[:1].lower()}{read[1:]}", *state.path), WRAPPER_COST)


def _propagated(search: Search, node: ir.Call, callee: object, state: State) -> bool:
    knowledge = search.knows(state.function)
    models = knowledge.propagators.find(callee, node)  # type: ignore[arg-type]  # a Callee: resolve returns nothing else
    for model in models:
        for flow in model.flows:
            if flow.to.root is Root.RESULT:
                rest = remaining(state.path, flow.to.path)
                if rest is not None:
                    ask_selected(search, node, flow.source, rest, state)
    return bool(models)


def ask_selected(search: Search, node: ir.Call, selector: Selector, rest: Path, state: State) -> None:
    """Asks for what a selector names of a call."""
    for expression, left in select(node, selector):
        search.follow(expression, state, (*plain(left), *rest))


def into(
    search: Search, node: ir.Call | None, target: FunctionInfo, state: State, cost: int, path: Path | None = None
) -> None:
    """What a function of the project returns."""
    asked = state.path if path is None else path
    if is_scalar(search.resolver, target.node.returns, asked, target):
        return
    _paired(search, target, state, cost, asked, node)
    lent.lent(search, target, asked, state)
    frame = search.enter(node, state.function, target, state.frame) if node is not None else None
    line = node.line if node is not None else 0
    for returned in search.project.flow(target).returns:
        if returned.value is None:
            continue
        part = asked
        if not returned.final and asked and asked[0] in (ANY, 0):
            part = asked[1:]
        search.ask(
            returned.value,
            target,
            part,
            frame,
            state,
            cost,
            f"returned by {target.qualname}()",
            "return",
            line or returned.line,
            state.function if line else target,
        )


def _paired(search: Search, target: FunctionInfo, state: State, cost: int, path: Path, node: ir.Call | None) -> None:
    """`store.get_x(key)` returns what `store.save_x(key, data)` was given: the parameters that are no keys of both."""
    owner = target.owner
    named = _READER.fullmatch(target.name)
    if owner is None or named is None:
        return
    thing = named.group(2)
    keys = {param.name for param in target.params}
    for verb in _WRITERS:
        capital = f"{thing[:1].upper()}{thing[1:]}"
        for wanted in dict.fromkeys((f"{verb}_{thing}" if thing else verb, f"{verb}{capital}")):
            writer = search.resolver.method(owner, wanted)
            if writer is None or writer is target:
                continue
            shared = [param.name for param in writer.params if param.name in keys and param.name != "self"]
            for index, param in enumerate(writer.params):
                flag = isinstance(param.default, ir.Literal) or (param.type is not None and param.type.name == "bool")
                if param.name in keys or flag or (index == 0 and (writer.receiver or not shared)):
                    continue
                what = f"what {writer.qualname}() stores"
                line = node.line if node is not None else target.node.line
                sure = 2 if thing else 8
                search.ask(
                    Parameter(index), writer, path, None, state, cost + sure, what, "store", line, state.function
                )


def handed(search: Search, version: Handed, state: State) -> None:
    """What a call may have put into its receiver or argument, and what was there before."""
    node = version.call
    function = state.function
    asked = state.path
    name = last_name(node.callee)
    knowledge = search.knows(function)
    inner: Path = ()
    if version.position == RECEIVER and isinstance(node.callee, ir.Attribute):
        inner = path_of(node.callee.base)
        if isinstance(node.callee.base, ir.Call):
            inner = _entry_of(node.callee.base)
    rest = remaining(asked, inner)
    search.ask(version.before, function, asked, state.frame, state)
    if rest is None:
        return
    line = node.line
    spoken = search.resolver.spoken(node.callee, function)
    if knowledge.propagators.may_match(*spoken) or knowledge.source_calls.may_match(*spoken):
        callee = search.resolver.callee(node.callee, function)
        models = knowledge.propagators.find(callee, node)
        for model in models:
            for flow in model.flows:
                if _is_place(node, flow.to, version.position):
                    below = remaining(rest, flow.to.path)
                    if below is not None:
                        for expression, left in select(node, flow.source):
                            search.ask(
                                expression,
                                function,
                                (*plain(left), *below),
                                state.frame,
                                state,
                                0,
                                f"by {name}()",
                                "assign",
                                line,
                            )
        for source in knowledge.source_calls.find(callee, node):
            for taint in source.taints:
                if _is_place(node, taint, version.position) and remaining(rest, taint.path) is not None:
                    search.source(source.kind, source.id, source.what or f"{name}()", state, line)
        if models:
            return
    if name == "setattr" and version.position == 0 and len(node.args) == 3:
        key = key_of(node.args[1].value)
        value = node.args[2].value
        entries = paired.source_of(search.project.flow(function), node.args[1].value, value)
        if entries is not None and rest:
            search.ask(entries, function, rest, state.frame, state, 0, "by setattr()", "assign", line)
        elif rest and (rest[0] == key or ANY in (rest[0], key)):
            search.ask(value, function, rest[1:], state.frame, state, 0, "by setattr()", "assign", line)
        return
    reached = search.calls.reached(node, function)
    for each in reached:
        target = each.target
        construct = isinstance(target, ClassInfo)
        if isinstance(target, ClassInfo):
            init = search.resolver.method(target, "__init__")
            if init is None:
                continue
            target = init
        _changed_by(search, version, target, rest, state, each.cost, construct)
    if reached or version.position != RECEIVER:
        return
    if rest and isinstance(rest[0], int) and rest[0] < known_length(version) and name in containers.ADDERS:
        return
    for expression, path in containers.stored(node, rest) or ():
        search.ask(expression, function, path, state.frame, state, 0, f"by {name}()", "assign", line)


def _entry_of(node: ir.Call) -> Path:
    """The entry that `data["servers"].setdefault(name, {})` hands out to be changed."""
    callee = node.callee
    if not isinstance(callee, ir.Attribute) or callee.name != "setdefault" or not node.args:
        return ()
    if isinstance(callee.base, ir.Call):
        return (*_entry_of(callee.base), key_of(node.args[0].value))
    return (*path_of(callee.base), key_of(node.args[0].value))


def known_length(version: Version) -> int:
    """Elements that a list has from the start: what is added behind them, on whatever way, is not among them."""
    lengths: list[int] = []
    seen: set[Version] = set()
    todo = [version]
    while todo and len(seen) < MAX_VERSIONS:
        here = todo.pop()
        if here in seen:
            continue
        seen.add(here)
        if isinstance(here, Merged):
            todo.extend(each for each in here.versions if not isinstance(each, Unset))
        elif isinstance(here, Changed | Handed):
            todo.append(here.before)
        else:
            lengths.append(_written_length(here))
    return min(lengths) if lengths and not todo else 0


def _written_length(version: Version) -> int:
    if isinstance(version, Bound) and isinstance(version.value, ir.Sequence) and not version.path:
        for place, item in enumerate(version.value.items):
            if isinstance(item, ir.Spread):
                return place
        return len(version.value.items)
    return 0


def _may_change(target: FunctionInfo, name: str) -> bool:
    """Rust says through which parameters a function changes what it is given."""
    marks = [mark for param in target.params if param.name == name for mark in param.decorators]
    return any(isinstance(mark, ir.Name) and mark.id == ir.MUTABLE for mark in marks)


def _changed_by(
    search: Search, version: Handed, target: FunctionInfo, rest: Path, state: State, cost: int, construct: bool
) -> None:
    """The function of the project may have changed the object: its version when the function ends."""
    flow = search.project.flow(target)
    name = ""
    if version.position == RECEIVER:
        name = "self"
        if target.receiver and target.params:
            name = target.params[0].name
    else:
        wanted = version.call.args[version.position].value
        for index, param in enumerate(target.params):
            if any(value is wanted for value, _ in bind(version.call, target, index, (), construct)):
                name = param.name
                break
    if target.module.language == "rust" and not _may_change(target, name):
        return
    end = flow.exit.get(name)
    if end is None or isinstance(end, Parameter):
        return
    frame = search.enter(version.call, state.function, target, state.frame, None, construct)
    if frame is not None:
        search.ask(
            end,
            target,
            rest,
            frame,
            state,
            cost,
            f"changed by {target.qualname}()",
            "call",
            version.call.line,
            state.function,
        )


def _is_place(node: ir.Call, selector: Selector, position: int) -> bool:
    if position == RECEIVER:
        return selector.root is Root.RECEIVER
    wanted = node.args[position].value
    whole = Selector(selector.root, selector.index, selector.keyword, selector.rest)
    return selector.root is Root.ARG and any(value is wanted for value, _ in select(node, whole))


# parameters


def parameter(search: Search, version: Parameter, state: State) -> None:
    """What callers give for a parameter."""
    function = state.function
    path = (*version.path, *state.path)
    index = version.index
    if 0 <= index < len(function.params) and is_scalar(search.resolver, function.params[index].type, path, function):
        return
    if function in search.mapped and mappers.row(search, function, index, path, state):
        return
    decorated_by = function.params[index].decorators if 0 <= index < len(function.params) else ()
    if decorated_by and function.module.language == "javascript":
        if decorated.is_closed(search.calls, function.params[index], function):
            return
        for maker in decorated.makers(search.calls, function.params[index], function):
            into(search, None, maker, state, 0, path)
    opened = _opened(search, function, index, path, state)
    frame = state.frame
    receiver = index == RECEIVER or (index == 0 and function.receiver)
    if frame is not None and frame.target is function:
        _from_frame(search, frame, index, path, state, receiver)
        return
    if receiver:
        slicer_objects.receiver(search, function, path, state)
        return
    if function.module.language == "python" and forms.handed(search, function, index, path, state):
        return
    param = function.params[index]
    _default(search, function, param, path, state)
    sites = search.calls.sites(function)
    answered = [_from_site(search, site, function, index, path, state) for site in sites[:MAX_SITES]]
    if opened or dynamic.graph_state(search, function, index, path, state):
        return
    if sites and param.default is None and not any(answered):
        # Somebody calls it whom nothing was read of: a framework it is handed to. That is no constant.
        search.unresolved(f"parameter `{param.name}` of {function.qualname}(), which is handed on", state)
    if len(sites) > MAX_SITES:
        search.result.incomplete = True
    if not sites:
        _open(search, function, param, path, state)


def _opened(search: Search, function: FunctionInfo, index: int, path: Path, state: State) -> bool:
    """The parameter is a source by the model of its handler."""
    stopped = False
    for opening in search.knows(function).openings(function, search.resolver):
        if opening.index != index:
            continue
        if opening.entry.kind is SourceKind.PLUGIN and search.calls.sites(function):
            continue
        if "messaging.queue" in opening.entry.id and any(
            each.way == "message" for each in search.calls.sites(function)
        ):
            continue  # the project sends the messages itself
        if any(remaining(path, each) is not None for each in opening.paths):
            param = function.params[index]
            if _enforced(search, function, param, path):
                stopped = True
                continue
            what = f"{opening.entry.what}: parameter `{param.name}` of {function.qualname}()"
            search.source(opening.entry.kind, opening.entry.id, what, state, param.line or function.node.line)
            stopped = stopped or opening.entry.kind is not SourceKind.PLUGIN
    return stopped


def _enforced(search: Search, function: FunctionInfo, param: ir.Param, path: Path) -> bool:
    """What is asked for cannot be a text of the sender's: a schema or a checked type stands before the handler."""
    if is_constant(search.resolver, param.type, path, function):
        return True
    return schemas.refuses(function, search.calls, path) or schemas.typed(search.calls, function, param, path)


def _default(search: Search, function: FunctionInfo, param: ir.Param, path: Path, state: State) -> None:
    default = param.default
    if default is None:
        return
    around = function.parent or function.module.top
    if isinstance(default, ir.Call) and default.args:
        for target in search.calls.callables.of(default.args[0].value, around):
            if isinstance(target, FunctionInfo):
                into(search, None, target, state, 0, path)
                return
    search.ask(default, around, path, None, state)


def _from_frame(search: Search, frame: object, index: int, path: Path, state: State, receiver: bool) -> None:
    from spawngate.codescan.slicer import Frame

    assert isinstance(frame, Frame)
    function = state.function
    if frame.construct and receiver:
        slicer_objects.unset(search, function, path, state)
        return
    if frame.call is None:
        if receiver and frame.receiver is not None:
            search.ask(frame.receiver, frame.function, path, frame.outer, state)
        return
    if search.apart(frame.call):
        return
    bound = bind(frame.call, function, index, path, frame.construct)
    if receiver and not bound:
        slicer_objects.receiver(search, function, path, state)
        return
    for expression, part in bound:
        known = receiver and slicer_objects.constructed(search, expression, frame.function)
        search.ask(
            expression,
            frame.function,
            part,
            frame.outer,
            state,
            0,
            "" if receiver else f"argument `{function.params[index].name}` of {function.qualname}()",
            "argument",
            frame.call.line,
        )
        if receiver and not known:
            slicer_objects.receiver(search, function, path, state, 2)
    if not bound and not receiver:
        _default(search, function, function.params[index], path, state)


def _from_site(search: Search, site: Site, function: FunctionInfo, index: int, path: Path, state: State) -> bool:
    """Asks what one call gives for a parameter; False where that call gives nothing that is seen."""
    if search.apart(site.call):
        return True
    what = f"argument `{function.params[index].name}` of {function.qualname}()"
    place = (what, "argument", site.call.line)
    frame = None
    if site.via is not None:
        handing, around, constructs = site.via
        frame = search.enter(handing, around, site.function, None, None, constructs)
    offset = 1 if function.receiver else 0
    if site.way == "message":
        sent = list(messages.given(site, function, index, path))
        for expression, part in sent:
            search.ask(expression, site.function, part, None, state, site.cost, *place)
        return bool(sent)
    if site.way == "job":
        if index != offset or path[:1] not in ((), ("data",)):
            return False
        search.ask(site.call.args[site.place].value, site.function, path[1:], frame, state, site.cost, *place)
        return True
    if site.way in ("later", "applied"):
        later = _later(site, function, index - offset, path)
        for expression, part in later:
            search.ask(expression, site.function, part, frame, state, site.cost, *place)
        return bool(later)
    if site.way == "folded":  # `rows.reduce((all, row) => .., {})`
        base = site.call.callee.base if isinstance(site.call.callee, ir.Attribute) else None
        if index == offset + 1 and base is not None:
            search.ask(base, site.function, (ANY, *path), None, state, site.cost, *place)
        elif index == offset:
            for argument in site.call.args[1:2]:
                search.ask(argument.value, site.function, path, None, state, site.cost, *place)
            for returned in search.project.flow(function).returns:
                if returned.value is not None:
                    search.ask(returned.value, function, path, None, state, site.cost, *place)
        return index in (offset, offset + 1)
    if site.way in ("element", "whole"):
        step: Path = (ANY,) if site.way == "element" else ()
        if _walks_entries(site, function) and isinstance(site.call.callee, ir.Attribute):
            asked: Path = (KEYS,) if index == offset else (ANY, *path)
            search.ask(site.call.callee.base, site.function, asked, None, state, site.cost, *place)
            return True
        if index == offset and isinstance(site.call.callee, ir.Attribute):
            search.ask(site.call.callee.base, site.function, (*step, *path), frame, state, site.cost, *place)
        elif index == offset:
            for argument in site.call.args[1:2]:
                search.ask(argument.value, site.function, (*step, *path), frame, state, site.cost, *place)
        return index == offset
    bound = bind(site.call, function, index, path, site.way == "construct")
    for expression, part in bound:
        search.ask(expression, site.function, part, frame, state, site.cost, *place)
    return bool(bound)


def _walks_entries(site: Site, function: FunctionInfo) -> bool:
    """`map.forEach((key, value) -> ..)` of Java."""
    named = last_name(site.call.callee) in ("forEach", "computeIfPresent", "replaceAll")
    return named and function.module.language == "java" and len(function.params) == 2


def _later(site: Site, function: FunctionInfo, index: int, path: Path) -> list[tuple[ir.Expression, Path]]:
    """`Thread(target=f, args=(x,))`, `submit(f, x)`, `partial(f, x, k=v)`."""
    out: list[tuple[ir.Expression, Path]] = []
    offset = 1 if function.receiver else 0
    param = function.params[index + offset]
    name = param.name
    index -= site.shift
    behind = [each for each in site.call.args[site.place + 1 :] if not each.name and not each.spread]
    if site.way == "applied":
        out.extend((each.value, (index, *path)) for each in behind[:1])
        out.extend((each.value, (name, *path)) for each in behind[1:2])
    elif param.spread == "*" and not (site.place >= 0 and site.call.args[site.place].name):
        out.extend((each.value, path[1:]) for each in behind[max(index, 0) :])
    elif 0 <= index < len(behind) and (site.place < 0 or not site.call.args[site.place].name):
        out.append((behind[index].value, path))
    for argument in site.call.args:
        if argument.name == "args":
            out.append((argument.value, (index, *path)))
        elif argument.name == "kwargs":
            out.append((argument.value, (name, *path)))
        elif argument.name == name:
            out.append((argument.value, path))
        elif argument.spread == "**":
            out.append((argument.value, (name, *path)))
    return out


def _open(search: Search, function: FunctionInfo, param: ir.Param, path: Path, state: State) -> None:
    """Nobody in the project calls the function."""
    if path and isinstance(path[0], str) and slicer_objects.by_name(search, path[0], path[1:], function, state):
        return
    if function.closure is not None:
        search.unresolved(f"parameter `{param.name}` of a function that is handed on", state)
        return
    if filled.by_setter(search, function, state):
        return
    what = f"parameter `{param.name}` of {function.qualname}(), which nothing in the project calls"
    search.source(SourceKind.PARAM, "", what, state, param.line or function.node.line)

"""The slice through the results of calls.

Belongs here: what a call's result is made of, in this order: a sanitizer ends it, a source, a store, a model's flows, a
definition of the project, what every program uses (`containers`), and last: an unknown call passes its arguments on.
Not here: what a call changes (`slicer_changes`), the way from a parameter to the calls that fill it
(`slicer_parameters`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from spawngate.codescan import (
    channels,
    containers,
    conversions,
    dynamic,
    exchange,
    exposed,
    forms,
    handles,
    ir,
    lent,
    passing,
    posted,
    references,
    schemas,
    slicer_objects,
    stores,
)
from spawngate.codescan.definitions import ClassInfo, FunctionInfo
from spawngate.codescan.finding import SourceKind
from spawngate.codescan.flow import ANY, Parameter, Path
from spawngate.codescan.models.match import select
from spawngate.codescan.models.model import Root, Selector
from spawngate.codescan.places import plain, remaining
from spawngate.codescan.results import PATH_METHODS, is_path
from spawngate.codescan.scalars import is_scalar
from spawngate.codescan.walk import last_name

if TYPE_CHECKING:
    from spawngate.codescan.slicer import Search, State

UNKNOWN_COST = 3
"""For passing through a call that nobody knows."""
WRAPPER_COST = 1
"""For an object of a library that is made of its arguments."""
_LOOKUP = re.compile(
    r"(get|find|fetch|load|read|select|query|look_?up|download|list|retrieve|open|search)(?=_|[A-Z]|$)"
)
_EMPTY_BUILDERS = frozenset(["Builder", "builder", "newBuilder"])
"""Of a library: what they give without an argument holds nothing yet."""
_MEASURE = re.compile(r"(Count|Size|Length|Port|Timeout|Millis|Seconds)$")
"""Ends of names of getters that give numbers."""
_PARSER = re.compile(r"(Yaml|YAML|Toml|Json|JSON|Gson|Xml|XML|Parser|Mapper|Reader|Decoder|Properties)\w*$")
"""Names of libraries' classes that read a text or a stream which they are given."""
_READER = re.compile(r"_*(get|read|load|fetch|download|retrieve|find|lookup)(?=_|[A-Z]|$)_?(.*)")
_PARSE_CALLS = re.compile(
    r"_*(try_|safe_|strict_)?(parse|loads|decode|deserialize)(_(string|text|str|json|value|document))?"
)
_TEXT_READER = re.compile(r"pars(er|ing)|json|yaml|toml|token|lex|decod", re.IGNORECASE)
_SIGNS = frozenset(
    ["current_char", "cur_char", "next_char", "peek", "_peek", "advance", "_advance", "pos", "_pos", "index"]
)
"""Names by which a class that reads a text sign by sign remembers where it is."""
_WRITERS = ("save", "write", "put", "set", "store", "upload", "add", "persist", "update", "create", "register")


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
        if function.module.language == "python" and handles.joined(search, node, state):
            return
        if stores.read_call(search, node, callee, state):
            return
        if _propagated(search, node, callee, state):
            return
    if name == "Promise" and node.new and node.args and _resolved(search, node, state):
        return
    if name == "valid" and schemas.refuses_valid(function, search.calls, state.path):
        return
    if name in ("on", "once") and _awaited(search, node, name, state):
        return
    if name in schemas.PARSES and _parsed(search, node, name, state):
        return
    reached = search.calls.reached(node, function)
    for each in reached:
        if isinstance(each.target, ClassInfo):
            slicer_objects.construct(search, node, each.target, state, each.cost)
        elif _reads_text(node, each.target):
            line = node.line
            what = f"read by {each.target.qualname}()"
            search.ask(node.args[0].value, function, (), state.frame, state, each.cost, what, "call", line)
        else:
            into(search, node, each.target, state, each.cost)
    if reached:
        return
    python = function.module.language == "python"
    if python and (forms.viewed(search, node, state) or dynamic.loaded(search, node, state)):
        return
    if name == "get" and exchange.held(search, node, state):
        return
    if isinstance(node.callee, ir.Attribute) and _inherited(search, node, node.callee, state):
        return
    if name in ("into", "try_into") and _converted(search, node, state):
        return
    if python and not any(known) and handles.joined(search, node, state):
        return
    if python and not node.args and isinstance(node.callee, ir.Attribute):
        if name in handles.WHOLES:
            search.follow(node.callee.base, state, state.path, WRAPPER_COST)
            return
        if name in handles.RECEIVES:
            search.follow(node.callee.base, state, (ANY, *state.path), WRAPPER_COST)
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


def _converted(search: Search, node: ir.Call, state: State) -> bool:
    """`.into()` of Rust: by the conversion of the project that makes the class which is wanted here."""
    wanted = exchange.written_class(search, state) if state.function.module.language == "rust" else None
    ways = conversions.into(search.calls, node, wanted, state.function) if wanted is not None else []
    for way in ways:
        assert isinstance(node.callee, ir.Attribute)
        given = ir.Argument(node.line, node.column, node.callee.base)
        written = ir.Call(node.line, node.column, ir.Name(node.line, node.column, way.name), (given,))
        into(search, written, way, state, 1)
    return bool(ways)


def _inherited(search: Search, node: ir.Call, callee: ir.Attribute, state: State) -> bool:
    """`get(id)` in `class ServerDAO extends AbstractDAO<Server>`: rows of the class that the library's base is of."""
    function, path = state.function, state.path
    if function.module.language != "java" or not path or not isinstance(path[0], str) or path[0] == ANY:
        return False
    for kind in search.resolver.kinds(callee.base, function):
        if kind.cls is None or search.resolver.method(kind.cls, callee.name) is not None:
            continue
        for base in kind.cls.bases:
            for each in search.resolver.kinds_of_type(base, kind.cls.module.top):
                row = each.args[0].cls if each.cls is None and each.args else None
                if row is not None and search.stores.entities.model(row, search.knows(function)) is not None:
                    what = f"row of {row.name}"
                    thing = search.field_of(row, path[0])
                    search.ask(thing, row.module.top, path[1:], None, state, 1, what, "store", node.line, function)
                    return True
    return False


def _reads_text(node: ir.Call, target: FunctionInfo) -> bool:
    """A parser of the project's own, sign by sign: what it gives is made of the text, whatever way it takes within."""
    if _PARSE_CALLS.fullmatch(target.name) is None or len(node.args) != 1 or node.args[0].spread:
        return False
    holders = [target.module.path.rpartition("/")[2].rpartition(".")[0]]
    holders.extend([target.owner.name] if target.owner is not None else [])
    signs = target.module.assigned.keys() | target.module.writes.keys() | target.module.calls.keys()
    return bool(_SIGNS & signs) and any(_TEXT_READER.search(each) for each in holders)


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
            posted.within(search, row, state)
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


def _awaited(search: Search, node: ir.Call, name: str, state: State) -> bool:
    found = channels.awaited(search.calls, node, state.function, state.path)
    rest = state.path[1 if name == "once" else 2 :]
    for site, value in found:
        search.ask(value, site.function, rest, None, state, site.cost, "emitted", "call", site.call.line)
    return bool(found)


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


def _unknown(search: Search, node: ir.Call, state: State, name: str) -> None:
    """Pass-through: whatever goes in may come out. Of a look-up it may not: its arguments are keys."""
    function = state.function
    if name in _EMPTY_BUILDERS and not node.args:
        return
    if exposed.received(search, node, name, state):
        return
    if _LOOKUP.match(name) and isinstance(node.callee, ir.Attribute):
        if exchange.found(search, node, state):
            return
        if function.module.language == "java":
            if _parses(search, node.callee, function):
                for argument in node.args[:1]:
                    search.follow(argument.value, state, (), UNKNOWN_COST)
            else:
                _looked_up(search, node, node.callee, state)
        elif function.module.language == "python" and handles.kept(
            search, node.callee.base, state, (ANY, *state.path) if state.path[:1] != (ANY,) else state.path
        ):
            return
        search.unresolved(f"what {name}() finds", state)
        return
    if not node.new and name != "new":
        exchange.found(search, node, state)
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
    holder = callee.base if isinstance(callee, ir.Attribute) and name in PATH_METHODS else None
    if holder is not None and any(is_path(kind) for kind in search.resolver.kinds(holder, function)):
        search.follow(holder, state, ())
        return
    if isinstance(callee, ir.Attribute):
        root = callee.base
        imported = isinstance(root, ir.Name) and root.id in function.module.imports
        if not imported:
            chained = function.module.language == "javascript" and isinstance(root, ir.Call)
            search.follow(root, state, (), 1 if chained else UNKNOWN_COST)  # one chain is one thing of a library
    elif isinstance(callee, ir.Call | ir.Index):
        search.follow(callee, state, (), UNKNOWN_COST)
    search.unresolved(f"result of {name or 'a call'}()", state)


def _parses(search: Search, callee: ir.Attribute, function: FunctionInfo) -> bool:
    """`new Yaml().load(text)`: of a library's parser, whatever its method is called."""
    kinds = search.resolver.kinds(callee.base, function)
    return any(kind.cls is None and any(_PARSER.search(name) for name in kind.names) for kind in kinds)


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

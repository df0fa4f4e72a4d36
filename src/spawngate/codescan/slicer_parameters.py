"""The slice from a parameter back to what fills it.

Belongs here: the calls of a function, however they reach it, its default, its model as a handler, and what is said
where nobody calls it. Not here: which calls those are (`calls`), what the argument is made of (`slicer`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import structs

from spawngate.codescan import (
    beans,
    decorated,
    dynamic,
    echoes,
    entrusted,
    exchange,
    exposed,
    filled,
    forms,
    ir,
    mappers,
    messages,
    schemas,
    shared_state,
    slicer_fields,
    slicer_objects,
)
from spawngate.codescan.binding import Site, bind
from spawngate.codescan.definitions import FunctionInfo
from spawngate.codescan.finding import SourceKind
from spawngate.codescan.flow import ANY, KEYS, RECEIVER, Parameter, Path
from spawngate.codescan.places import remaining
from spawngate.codescan.scalars import is_constant, is_scalar
from spawngate.codescan.slicer_calls import into
from spawngate.codescan.walk import last_name

if TYPE_CHECKING:
    from spawngate.codescan.slicer import Frame, Search, State

MAX_SITES = 40
UNSURE = 4
"""Cost of calls that were joined by a name or handed to a library: beside them the function may be a handler."""


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
    if opened or shared_state.handed(search, function, index, path, state):
        return
    if dynamic.graph_state(search, function, index, path, state):
        return
    if sites and not any(answered) and exchange.handed_out(search, param, function, path, state):
        return
    sure = any(answer and site.cost < UNSURE for answer, site in zip(answered, sites, strict=False))
    if sites and not sure and exposed.opened(search, function, index, path, state):
        return
    if sites and param.default is None and not any(answered):
        # Somebody calls it whom nothing was read of: a framework it is handed to. That is no constant.
        if _entrusted(search, function, param, path, state):
            return
        search.unresolved(f"parameter `{param.name}` of {function.qualname}(), which is handed on", state)
    if len(sites) > MAX_SITES:
        search.result.incomplete = True
    if not sites and not exposed.opened(search, function, index, path, state):
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


def _from_frame(search: Search, frame: Frame, index: int, path: Path, state: State, receiver: bool) -> None:
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
    if site.way == "echo":
        echoed = list(echoes.given(site, path)) if index == offset or site.place < 0 else []
        for expression, part in echoed:
            search.ask(expression, site.function, part, None, state, site.cost, *place)
        return bool(echoed)
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


def _entrusted(search: Search, function: FunctionInfo, param: ir.Param, path: Path, state: State) -> bool:
    """A library calls the function with what it is for: messages, requests, choices of a model."""
    if isinstance(param.default, ir.Call) or param.decorators or param.name in ("self", "cls"):
        return False  # the library puts something of the program's own there
    if search.knows(function).openings(function, search.resolver):
        return False  # a model knows better
    found = entrusted.to(search.calls, function)
    if found is None:
        return False
    if _enforced(search, function, param, path) or _enforced_within(search, function, param, path):
        return True
    library, kind = found
    what = f"what {library} calls {function.qualname}() with: parameter `{param.name}`"
    search.source(kind, f"python.{library}", what, state, param.line or function.node.line)
    return True


def _enforced_within(search: Search, function: FunctionInfo, param: ir.Param, path: Path) -> bool:
    """`data: FromJSON[Server]` and `data.value.kind`: the class within the library's says what may stand there."""
    inner = param.type.args[:1] if param.type is not None and len(path) > 1 else ()
    return any(_enforced(search, function, structs.replace(param, type=each), path[1:]) for each in inner)


def _open(search: Search, function: FunctionInfo, param: ir.Param, path: Path, state: State) -> None:
    """Nobody in the project calls the function."""
    bean = beans.source(function)
    if bean is not None:
        search.source(bean[0], "java.spring.function-bean", bean[1], state, param.line or function.node.line)
        return
    if exchange.handed_out(search, param, function, path, state):
        return
    if _entrusted(search, function, param, path, state):
        return
    if path and isinstance(path[0], str) and slicer_fields.by_name(search, path[0], path[1:], function, state):
        return
    if function.closure is not None:
        search.unresolved(f"parameter `{param.name}` of a function that is handed on", state)
        return
    if filled.by_setter(search, function, state) or messages.by_class(search, function, param, path, state):
        return
    what = f"parameter `{param.name}` of {function.qualname}(), which nothing in the project calls"
    search.source(SourceKind.PARAM, "", what, state, param.line or function.node.line)

"""Handlers by their shape: functions that a library which no model describes calls with what it receives.

Belongs here: what of a call, an object literal or a mark says that a function is a handler of requests or messages, and
which of its parameters carry them. Not here: handlers of described libraries (`models`, `knowledge`), callbacks that
the project itself calls (`callers`). A shape is weaker evidence than a model: it is asked for last, where a slice would
end *unresolved*, and it needs two signs that agree (a verb and a path, a key and its neighbours, a mark and a mark).

Sources: manuals of hapi, ts-rest, oRPC, tsoa, Feathers, Azure Functions, nats.js, MQTT.js, matrix-bot-sdk,
µWebSockets.js: what they have in common.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from spawngate.codescan import ir, schemas
from spawngate.codescan.constants import Constants
from spawngate.codescan.definitions import FunctionInfo
from spawngate.codescan.finding import SourceKind
from spawngate.codescan.flow import ANY, Path
from spawngate.codescan.walk import last_name

if TYPE_CHECKING:
    from spawngate.codescan.slicer import Search, State

MODEL = "javascript.shapes.handler"
_verbs_words = """
get post put patch delete del all route head options
"""
_VERBS = frozenset(_verbs_words.split())
_procedure_words = """
handler mutation query action procedure serverAction resolver resolve implement onCall onRequest http httpTrigger
mutationField queryField defineHandler createHandler addMethod rpc command
"""
_PROCEDURES = frozenset(_procedure_words.split())
_tables_words = """
router routes createRouter implement resolvers handlers actions procedures methods addService
"""
_TABLES = frozenset(_tables_words.split())
"""Calls that are given an object of handlers, by their names."""
_listens_words = """
on once addListener addEventListener subscribe consume process listen receive onMessage
"""
_LISTENS = frozenset(_listens_words.split())
_silent_words = """
error close closed exit end finish disconnect disconnected connect connected connection open ready drain timeout spawn
"""
_SILENT = frozenset(_silent_words.split())
"""Events that carry no message."""
_handlers_words = """
handler handle handlers resolve resolver action onRequest mutation query fetch run
"""
_HANDLERS = frozenset(_handlers_words.split())
_routed_words = """
method methods path url route pattern endpoint
"""
_ROUTED = frozenset(_routed_words.split())
_declared_words = """
input args schema body validate validation params request type
"""
_DECLARED = frozenset(_declared_words.split())
_MESSAGES = frozenset(["message", "onMessage", "onmessage"])
_sockets_words = """
open close drain upgrade onOpen onClose onopen onclose idleTimeout
"""
_SOCKETS = frozenset(_sockets_words.split())
_marks_words = """
body query param params payload arg args input data requestbody bodyparams queryparams requestparam
"""
_MARKS = frozenset(_marks_words.split())
_SERVED = frozenset(["use", "service", "expose", "registerService", "addService", "mount"])
_SERVICE = frozenset(["create", "update", "patch", "find", "get", "remove"])
_carrier_words = """
body query params payload input data args arguments message event request req content json headers detail value text
cookies files rawBody formData values fields variables parsedInput rawInput match
"""
_CARRIERS = frozenset(_carrier_words.split())
"""Parts of what a library hands to a handler that hold what was sent."""
_PARTS_OF_REQUESTS = frozenset(["body", "query", "params", "payload", "rawBody", "headers", "cookies"])
_context_words = """
ctx context c req request res response reply h next env app server client session user db tx prisma services deps
container cradle err error config settings options opts logger socket ws conn connection root parent
"""
_CONTEXT = frozenset(_context_words.split())
"""Names of parameters that are more than what was sent: only a carrier of theirs is."""
_builtins_words = """
child_process cluster events fs http https net os path process readline stream timers tls url util
"""
_BUILTINS = frozenset(_builtins_words.split())
_STREAMS = frozenset(["subscribe", "consume", "consumeMessages", "receive", "pull", "messages"])
_BODY = re.compile(r"(?:^|[a-z_])[bB]ody(?:Json|JSON|Text|Form|Raw|UrlParams)?$")
"""Names of a library's functions that read the body of the request at hand: `readBody`, `schemaBodyJson`."""


def opened(search: Search, function: FunctionInfo, index: int, path: Path, state: State) -> bool:
    """A parameter of a function that has the shape of a handler is a source; whether it was one, or a schema ends it.

    Args:
        index: the parameter.
        path: the part of it that is asked for.
    """
    if function.module.language != "javascript":
        return False
    kind: SourceKind | None = None
    if _is_marked(search, function, index) or _of_request(function.params[index].name, path):
        kind = SourceKind.HTTP
    elif _carries(function.params[index], path):
        kind = _kind(search, function)
    if kind is None:
        return False
    if schemas.refuses(function, search.calls, path) or _by_contract(search, function, path):
        return True
    param = function.params[index]
    what = f"a handler by its shape: parameter `{param.name}` of {function.qualname}()"
    search.source(kind, MODEL, what, state, param.line or function.node.line)
    return True


def received(search: Search, node: ir.Call, name: str, state: State) -> bool:
    """The result of a library's call that reads the body of a request, or that gives messages one after the other."""
    if state.function.module.language != "javascript":
        return False
    if name in _STREAMS and state.path[:1] == (ANY,) and isinstance(node.callee, ir.Attribute):
        search.source(SourceKind.IPC, MODEL, f"messages of {name}()", state, node.line)
        return True
    if _BODY.search(name) is None:
        return False
    for argument in node.args:
        schema = schemas.is_schema(search.calls, argument.value, state.function)
        if schema and not schemas.passes(search.calls, argument.value, state.function, state.path):
            return True
    search.source(SourceKind.HTTP, MODEL, f"body of a request: {name}()", state, node.line)
    return True


def _carries(param: ir.Param, path: Path) -> bool:
    name = param.name.strip("_")
    if name.isdecimal() and isinstance(param.pattern, ir.Record):
        keys = {each.key.value for each in param.pattern.entries if isinstance(each.key, ir.Literal)}
        envelope = keys <= _CARRIERS | _CONTEXT
        return bool(path) and (path[0] in _CARRIERS or not (envelope or path[0] in _CONTEXT))
    if name in _CONTEXT or not name or name.isdecimal():
        return bool(path) and path[0] in _CARRIERS
    return True


def _of_request(name: str, path: Path) -> bool:
    """`req.body`, `ctx.request.body`: what the parts are called says what they are."""
    if path[:1] in (("request",), ("req",)) and name in _CONTEXT:
        path = path[1:]
    elif name not in ("req", "request"):
        return False
    return bool(path) and path[0] in _PARTS_OF_REQUESTS


def _is_marked(search: Search, function: FunctionInfo, index: int) -> bool:
    """`@post("/x") add(@body() given)`: a library's mark on the method, and one on the parameter."""
    marks = {
        last_name(each.callee if isinstance(each, ir.Call) else each).lower()
        for each in function.params[index].decorators
    }
    names = search.resolver.names(function.module)
    return bool(marks & _MARKS) and any(
        not each.startswith((".", "#"))
        for mark in function.node.decorators
        for each in names.qualified(mark.callee if isinstance(mark, ir.Call) else mark)
    )


def _kind(search: Search, function: FunctionInfo) -> SourceKind | None:
    closure = function.closure
    if function.owner is not None and function.name in _SERVICE and _is_served(search, function):
        return SourceKind.HTTP
    if closure is not None and (found := _by_record(function, closure)) is not None:
        return found
    return next(
        (kind for kind in (_by_call(search, function, *each) for each in _handings(search, function)) if kind),
        None,
    )


def _handings(search: Search, function: FunctionInfo) -> list[tuple[ir.Call, FunctionInfo, str]]:
    """Calls of libraries that get the function, with the key under which they do: "" as an argument of its own."""
    closure, module, parent = function.closure, function.module, function.parent
    if closure is None or parent is None or parent is module.top:
        later = [site for site in search.calls.sites(function) if site.way == "later"]
        found = [(site.call, site.function, "") for site in later[:4]] or list(_entered(search, function))
        if found or closure is None or parent is None:
            return found
    holder = module.argument_of.get(closure)
    if holder is not None:
        return [(holder[0], parent, "")]
    call = module.entry_of.get(closure)
    return [(call, parent, function.name)] if call is not None else []


def _entered(search: Search, function: FunctionInfo) -> Iterator[tuple[ir.Call, FunctionInfo, str]]:
    """`addService(definition, { start })`, in whatever file: the function is handed over under a name."""
    if function.owner is not None or not function.name:
        return
    for module in search.project.mentioning(function.name, "javascript"):
        for node, around in module.mentions.get(function.name, ()):
            call = module.entry_of.get(node)
            if call is not None and any(each is function for each in search.resolver.chain(node, around)):
                yield call, around, function.name


def _by_call(
    search: Search, function: FunctionInfo, call: ir.Call, around: FunctionInfo, key: str
) -> SourceKind | None:
    name = last_name(call.callee)
    known = name in _VERBS or name in _PROCEDURES or name in _LISTENS or name in _TABLES
    if not known or search.calls.reached(call, around):
        return None
    first = _text(call.args[0].value) if call.args else ""
    if key and key not in _HANDLERS:
        return SourceKind.HTTP if name in _TABLES else None
    if name in _VERBS:
        return SourceKind.HTTP if first.startswith(("/", "*")) else None
    if name in _PROCEDURES:
        return SourceKind.HTTP
    if name in _LISTENS and first not in _SILENT and isinstance(call.callee, ir.Attribute):
        return _listened(search, call.callee, around, first)
    return None


def _listened(search: Search, callee: ir.Attribute, around: FunctionInfo, event: str) -> SourceKind | None:
    """`client.on("room.message", f)`, where the client is a library's and not of Node's own modules."""
    names = [name for kind in search.resolver.kinds(callee.base, around) if kind.cls is None for name in kind.names]
    packages = {re.split(r"[#.]", name)[0] for name in names if not name.startswith((".", "#"))}
    if not packages or packages & _BUILTINS:
        return None
    sockets = any("ws" in each.lower() or "socket" in each.lower() for each in packages)
    if callee.name in ("on", "once", "addListener", "addEventListener") and "message" not in event.lower():
        return None
    if callee.name in ("subscribe", "consume", "process", "receive"):
        return SourceKind.IPC
    return SourceKind.WS if sockets else SourceKind.HTTP


def _by_record(function: FunctionInfo, closure: ir.Closure) -> SourceKind | None:
    record = function.module.record_of.get(closure)
    if record is None:
        return None
    keys = {str(each.key.value) for each in record.entries if isinstance(each.key, ir.Literal)}
    own = {str(each.key.value) for each in record.entries if each.value is closure and isinstance(each.key, ir.Literal)}
    if own & _MESSAGES and keys & _SOCKETS:
        return SourceKind.WS
    if own & _HANDLERS and (keys & _ROUTED or keys & _DECLARED) and "description" not in keys:
        return SourceKind.HTTP
    return None


def _is_served(search: Search, function: FunctionInfo) -> bool:
    """`app.use("servers", new Service())`: a framework calls the methods of a service that it is given with a name."""
    owner = function.owner
    for site in search.calls.sites(owner) if owner is not None else ():
        for name in _SERVED:
            for call, around in site.function.module.calls.get(name, ()):
                given = len(call.args) > 1 and any(each.value is site.call for each in call.args[1:])
                if given and _text(call.args[0].value) and not search.calls.reached(call, around):
                    return True
    return False


def _by_contract(search: Search, function: FunctionInfo, path: Path) -> bool:
    """`router(contract, { add: f })`: the schema that a contract has for the route of that name refuses the part."""
    closure, parent = function.closure, function.parent
    call = function.module.entry_of.get(closure) if closure is not None else None
    if call is None or parent is None or not path:
        return False
    constants = Constants(search.calls)
    for argument in call.args:
        value = argument.value
        for found, around in constants.definitions(value, parent) if isinstance(value, ir.Name | ir.Attribute) else ():
            route = _entry(_record(found), function.name)
            for key in (str(path[0]), "input") if route is not None else ():
                schema = _entry(_record(route), key)
                if schema is not None and not schemas.passes(search.calls, schema, around, path[1:]):
                    return True
    return False


def _record(node: ir.Expression | None) -> ir.Record | None:
    if isinstance(node, ir.Call) and node.args:
        node = node.args[0].value
    return node if isinstance(node, ir.Record) else None


def _entry(record: ir.Record | None, key: str) -> ir.Expression | None:
    for entry in record.entries if record is not None else ():
        if isinstance(entry.key, ir.Literal) and str(entry.key.value) == key:
            return entry.value
    return None


def _text(node: ir.Expression) -> str:
    if isinstance(node, ir.Format) and node.parts:
        return _text(node.parts[0]) or "/"
    return node.value if isinstance(node, ir.Literal) and isinstance(node.value, str) else ""

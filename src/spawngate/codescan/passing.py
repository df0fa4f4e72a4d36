"""Values that go through Rust's channels: what the receiving end gives is what the sending ends were given.

Belongs here: channels of tokio, std, crossbeam, flume, async-channel and futures, by the type of what goes through
them or by the name of the sending end. Must not be here: queues of other languages (`containers`), events (`channels`).
Sources: docs.rs of tokio 1.48 (sync::mpsc, oneshot, broadcast, watch), std::sync::mpsc, crossbeam-channel, flume.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from spawngate.codescan import ir
from spawngate.codescan.binding import bind
from spawngate.codescan.definitions import ClassInfo, FunctionInfo
from spawngate.codescan.flow import Parameter, Path
from spawngate.codescan.walk import inside, last_name, nested

if TYPE_CHECKING:
    from spawngate.codescan.slicer import Search, State

CHANNELS = frozenset(["channel", "unbounded_channel", "unbounded", "bounded", "sync_channel", "rendezvous"])
_SENDS = frozenset(["send", "try_send", "blocking_send", "send_async", "send_replace", "unbounded_send", "start_send"])
_CHANGES = frozenset(["send_modify", "send_if_modified"])
_FEW = 2
"""So many sends in a project are taken for a channel's of which nothing else is known."""
_SURE, _GUESSED = 2, 5


def received(search: Search, node: ir.Call, state: State) -> bool:
    """The receiving end of `let (tx, rx) = channel()`: asks for what is sent; False for any other call or part."""
    path, function = state.path, state.function
    if function.module.language != "rust" or last_name(node.callee) not in CHANNELS or path[:1] != (1,):
        return False
    names, kinds = _ends(search, node, function)
    for argument in node.args:  # what `watch::channel(value)` begins with
        search.ask(argument.value, function, path[1:], state.frame, state)
    found: list[tuple[ir.Call, FunctionInfo, int]] = []
    rest: list[tuple[ir.Call, FunctionInfo, int]] = []
    for word in sorted(_SENDS | _CHANGES):
        for module in search.project.calling(word, "rust"):
            for call, around in module.calls.get(word, ()):
                if not isinstance(call.callee, ir.Attribute) or len(call.args) != 1:
                    continue
                through = _through(search, call, around)
                if through and kinds:
                    if through & kinds:
                        found.append((call, around, _SURE))
                elif last_name(call.callee.base) in names:
                    found.append((call, around, _SURE))
                else:
                    rest.append((call, around, _GUESSED))
    for call, around, cost in found or (rest if len(rest) <= _FEW else ()):
        _sent(search, call, around, path[1:], state, cost)
    if not found and len(rest) > _FEW:
        search.unresolved("what is sent through a channel", state)
    return True


def _sent(search: Search, call: ir.Call, around: FunctionInfo, path: Path, state: State, cost: int) -> None:
    given = call.args[0].value
    what = f"sent by {last_name(call.callee)}()"
    if last_name(call.callee) not in _CHANGES:
        search.ask(given, around, path, None, state, cost, what, "store", call.line)
        return
    for target in search.calls.callables.of(given, around):
        if isinstance(target, FunctionInfo) and target.params:
            end = search.project.flow(target).exit.get(target.params[0].name)
            if end is not None and not isinstance(end, Parameter):
                search.ask(end, target, path, None, state, cost, what, "store", call.line)


def _ends(search: Search, node: ir.Call, function: FunctionInfo) -> tuple[set[str], set[ClassInfo]]:
    """Names of the sending end, and classes of what goes through: as written, or by the functions that get an end."""
    module = function.module
    names: set[str] = set()
    both: set[str] = set()
    kinds: set[ClassInfo] = set()
    for statement in nested(function.node.body):
        if not isinstance(statement, ir.Assign) or statement.value is None:
            continue
        value = statement.value
        if not any(each is node for each in inside(value)):
            continue
        for each in inside(value):
            if isinstance(each, ir.Cast) and each.value is node:
                kinds.update(_classes(search, each.type, function))
        if isinstance(statement.target, ir.Sequence) and len(statement.target.items) == 2:
            ends = [last_name(item) for item in statement.target.items]
            names.add(ends[0])
            both.update(each for each in ends if each)
    names.discard("")
    for name in both:
        for mention, around in module.mentions.get(name, ()):
            holder = module.argument_of.get(mention)
            if holder is None:
                continue
            for reached in search.calls.reached(holder[0], around):
                target = reached.target
                for index, param in enumerate(target.params if isinstance(target, FunctionInfo) else ()):
                    assert isinstance(target, FunctionInfo)
                    if param.type is not None and any(
                        value is mention for value, _ in bind(holder[0], target, index, ())
                    ):
                        for arg in param.type.args:
                            kinds.update(_classes(search, arg, target))
    return names, kinds


def _classes(search: Search, written: ir.Type, function: FunctionInfo) -> set[ClassInfo]:
    return {kind.cls for kind in search.resolver.kinds_of_type(written, function) if kind.cls is not None}


def _through(search: Search, call: ir.Call, around: FunctionInfo) -> set[ClassInfo]:
    """Classes of what a call sends: by what it is given, or by the type of the sending end."""
    assert isinstance(call.callee, ir.Attribute)
    out: set[ClassInfo] = set()
    for kind in search.resolver.kinds(call.args[0].value, around):
        if kind.cls is not None:
            out.update((kind.cls, *search.resolver.bases(kind.cls)))
    for kind in search.resolver.kinds(call.callee.base, around):
        out.update(each.cls for each in kind.args if each.cls is not None)
    return out

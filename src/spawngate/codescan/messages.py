"""Messages between the parts of one program: what a consumer gets is what a producer of the same kind sends.

Belongs here: queues, topics, worker threads and child processes of JavaScript: which calls send, and which part of what
they send a consumer's parameter is. Not here: events and jobs that have a name (`channels`), who a consumer is when
nothing in the project sends (`models`).

Sources: kafkajs 2, amqplib 0.10, nats.js 2, MQTT.js 5 and node-redis 5 as their manuals describe them; Node.js 22,
worker_threads and child_process.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from spawngate.codescan import ir
from spawngate.codescan.binding import Site
from spawngate.codescan.definitions import FunctionInfo
from spawngate.codescan.flow import ANY, Path
from spawngate.codescan.walk import last_name

if TYPE_CHECKING:
    from spawngate.codescan.calls import Calls
    from spawngate.codescan.slicer import Search, State

COST = 3


@dataclass(frozen=True, slots=True)
class Sending:
    """One way to send: the call, the argument that is sent, and how a part of it is asked for at the consumer."""

    call: str
    argument: int
    below: Path
    """Where in that argument the message lies."""
    param: int
    """The consumer's parameter."""
    path: Path
    """Where in that parameter the message lies."""
    receivers: re.Pattern[str]


_ANY = re.compile(r"")
_KAFKA = (Sending("send", 0, ("messages", ANY, "value"), 0, ("message", "value"), re.compile("producer|kafka", re.I)),)
_AMQP = (
    Sending("sendToQueue", 1, (), 0, ("content",), _ANY),
    Sending("publish", 2, (), 0, ("content",), re.compile("chan|^ch$|rabbit|amqp|exchange", re.I)),
)
_NATS = (Sending("publish", 1, (), 1, ("data",), re.compile("^n?c$|nats|conn|bus|js", re.I)),)
_TOPIC = (Sending("publish", 1, (), 1, (), _ANY),)
_SUBSCRIBED = (Sending("publish", 1, (), 0, (), _ANY),)
_POSTED = (
    Sending("postMessage", 0, (), 0, (), _ANY),
    Sending("send", 0, (), 0, (), re.compile("child|proc|worker|fork", re.I)),
)


def sites(calls: Calls, target: FunctionInfo) -> list[Site]:
    """Calls that send what the function, handed to a consumer, gets; empty for any other function."""
    closure, module = target.closure, target.module
    if closure is None or module.language != "javascript":
        return []
    out: list[Site] = []
    for sending in _sendings(target):
        for other in calls.project.calling(sending.call, "javascript"):
            for call, around in other.calls.get(sending.call, ()):
                callee = call.callee
                if not isinstance(callee, ir.Attribute) or len(call.args) <= sending.argument:
                    continue
                if isinstance(call.args[sending.argument].value, ir.Literal):
                    continue  # a sign of life: what else arrives comes from others
                if sending.receivers.search(last_name(callee.base)) and not _is_own(call, target, around):
                    out.append(Site(call, around, COST, "message"))
    return list({site.call: site for site in out}.values())


def _is_own(call: ir.Call, target: FunctionInfo, around: FunctionInfo) -> bool:
    """The consumer sends an answer: it does not get that itself."""
    here: FunctionInfo | None = around
    while here is not None:
        if here is target:
            return True
        here = here.parent
    return False


def _sendings(target: FunctionInfo) -> tuple[Sending, ...]:
    closure, module = target.closure, target.module
    assert closure is not None
    entry = module.entry_of.get(closure)
    if entry is not None:
        if last_name(entry.callee) == "run" and target.name in ("eachMessage", "eachBatch"):
            return _KAFKA
        return _NATS if last_name(entry.callee) == "subscribe" and target.name == "callback" else ()
    holder = module.argument_of.get(closure)
    if holder is None or not isinstance(holder[0].callee, ir.Attribute):
        return ()
    call, argument = holder
    name, place = call.callee.name if isinstance(call.callee, ir.Attribute) else "", call.args.index(argument)
    if name == "consume" and place == 1:
        return _AMQP
    if name in ("subscribe", "pSubscribe") and place == 1:
        return _SUBSCRIBED
    first = call.args[0].value
    listens = name in ("on", "once", "addListener", "addEventListener") and place == 1
    if listens and isinstance(first, ir.Literal) and first.value in ("message", "pmessage", "messageBuffer"):
        return (*_TOPIC, *_POSTED) if len(target.params) > 1 else _POSTED
    return ()


def given(site: Site, function: FunctionInfo, index: int, path: Path) -> Iterator[tuple[ir.Expression, Path]]:
    """What of a sending call a part of the consumer's parameter is."""
    name = last_name(site.call.callee)
    for sending in _sendings(function):
        if sending.call != name or sending.param != index or len(site.call.args) <= sending.argument:
            continue
        asked = path[: len(sending.path)]
        if asked == sending.path[: len(asked)]:
            rest = path[len(sending.path) :]
            yield site.call.args[sending.argument].value, (*sending.below, *rest)


def by_class(search: Search, function: FunctionInfo, param: ir.Param, path: Path, state: State) -> bool:
    """`bus.execute(new Start(x))` for a method that nobody calls and that takes a `Start`: a bus hands it over."""
    if function.module.language != "javascript" or function.owner is None or not path:
        return False
    found = False
    for kind in search.resolver.kinds_of_type(param.type, function):
        if kind.cls is None or kind.cls.kind != "class" or kind.cls is function.owner:
            continue
        for site in search.calls.sites(kind.cls):
            if site.way == "construct" and not search.project.is_test(site.function.module.path):
                found = True
                what = f"a {kind.cls.name} for {function.qualname}()"
                search.ask(site.call, site.function, path, None, state, COST, what, "call", site.call.line)
    return found


def worker_data(search: Search, state: State) -> bool:
    """`workerData` in a worker: what the threads of the project are started with."""
    found = False
    for module in search.project.calling("Worker", "javascript"):
        for call, around in module.calls.get("Worker", ()):
            if len(call.args) > 1:
                found = True
                what = "data of a worker thread"
                path = ("workerData", *state.path)
                search.ask(call.args[1].value, around, path, None, state, COST, what, "call", call.line)
    return found

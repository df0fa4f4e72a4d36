"""Two calls of libraries that are given one name: what the one hands over, the function that the other got receives.

Belongs here: functions registered under a constant name with a library that no model describes, and the calls that say
the same name again (`createFunction({ event: "a/b" }, f)` and `send({ name: "a/b", data })`; `method("mcp.start", f)`
and `methods.mcp.start(x)`). Not here: emitters, queues and signals of known shape (`channels`, `messages`).

Sources: manuals of Inngest, Trigger.dev, hapi (server methods), Moleculer, json-rpc-2.0.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from spawngate.codescan import ir
from spawngate.codescan.binding import Site
from spawngate.codescan.definitions import FunctionInfo
from spawngate.codescan.flow import Path

if TYPE_CHECKING:
    from spawngate.codescan.calls import Calls

COST = 4
_names_words = """
name event type topic action id task job method trigger subject
"""
_NAMES = frozenset(_names_words.split())
"""Keys of an object literal under which a library is told a name."""
_send_words = """
send call request invoke run execute trigger enqueue publish perform dispatch emit start add create sendEvent rpc
notify broadcast schedule
"""
_SENDS = frozenset(_send_words.split())
_held_words = """
methods procedures commands actions rpc api services
"""
_HELD = frozenset(_held_words.split())
_envelope_words = """
data payload event params body input job detail args message request ctx context
"""
_ENVELOPE = frozenset(_envelope_words.split())
"""Steps that a library puts around what it hands over."""
_PARTS = re.compile(r"[./:#]")
_WORD = re.compile(r"\w+")
MIN_NAME = 4
MAX_FILES = 12


def sites(calls: Calls, holder: ir.Call, function: FunctionInfo) -> list[Site]:
    """Calls that say the name again which a library was given together with a function; each with its way `echo`."""
    if function.module.language != "javascript" or not isinstance(holder.callee, ir.Attribute | ir.Name):
        return []
    out: list[Site] = []
    for name in dict.fromkeys(text for argument in holder.args for text in _told(argument.value)):
        out.extend(_called_again(calls, name, holder))
        out.extend(_called_so(calls, name, holder))
    return out


def given(site: Site, path: Path) -> Iterator[tuple[ir.Expression, Path]]:
    """What a call that says the name hands over for a part of the function's parameter."""
    values = [each.value for each in site.call.args if not each.name and not each.spread]
    if site.place < 0:  # `methods.mcp.start(x)`: the arguments themselves
        yield from ((each, path) for each in values[:1])
        return
    for value in values[site.place :]:
        if isinstance(value, ir.Literal):
            continue
        keys = _keys(value)
        rest = path
        while rest and rest[0] in _ENVELOPE and not (keys and rest[0] in keys):
            rest = rest[1:]
        if isinstance(value, ir.Record) and rest and rest[0] not in keys:
            yield from ((value, (each, *rest)) for each in sorted(_ENVELOPE & keys))
        else:
            yield value, rest


def _told(node: ir.Expression) -> Iterator[str]:
    """Names within an argument: the text itself, or the values of some keys of an object literal."""
    if isinstance(node, ir.Literal):
        if isinstance(node.value, str) and len(node.value) >= MIN_NAME and not node.value.startswith("/"):
            yield node.value
    elif isinstance(node, ir.Record):
        for entry in node.entries:
            if isinstance(entry.key, ir.Literal) and entry.key.value in _NAMES:
                yield from (_told(entry.value) if isinstance(entry.value, ir.Literal) else ())


def _called_again(calls: Calls, name: str, holder: ir.Call) -> Iterator[Site]:
    words = _WORD.findall(name)
    project = calls.project
    for path in project.files_with(max(words, key=len, default=""))[:MAX_FILES]:
        module = project.module(path) if name.encode("utf-8", "surrogatepass") in project.sources[path] else None
        if module is None or module.language != "javascript":
            continue
        for word in _SENDS & module.calls.keys():
            for call, around in module.calls[word]:
                place = next((place for place, each in enumerate(call.args) if name in _told(each.value)), None)
                if place is None or call is holder or calls.reached(call, around):
                    continue
                inside = isinstance(call.args[place].value, ir.Record)
                if inside or len(call.args) > place + 1:
                    yield Site(call, around, COST, "echo", place if inside else place + 1)


def _called_so(calls: Calls, name: str, holder: ir.Call) -> Iterator[Site]:
    """`methods.mcp.start(x)` for `method("mcp.start", f)`."""
    parts = _PARTS.split(name)
    for module in calls.project.calling(parts[-1], "javascript"):
        for call, around in module.calls.get(parts[-1], ()):
            here: ir.Expression = call.callee
            chain: list[str] = []
            while isinstance(here, ir.Attribute):
                chain.insert(0, here.name)
                here = here.base
            ends = chain[-len(parts) :] == parts and len(chain) > len(parts)
            held = chain[-len(parts) - 1] if ends else ""
            if ends and held in _HELD and call is not holder and call.args:
                yield Site(call, around, COST, "echo", -1)


def _keys(node: ir.Expression) -> set[str | int]:
    entries = node.entries if isinstance(node, ir.Record) else ()
    return {str(each.key.value) for each in entries if isinstance(each.key, ir.Literal)}

"""What is put into a collection that is a field, from outside of its class.

Belongs here: `config.servers.insert(name, server)` and `config.getServers().put(name, server)`, where `config` is known
to be of the class. Must not be here: what the class's own methods put there, and assignments (`slicer_fields`).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from spawngate.codescan import containers, ir
from spawngate.codescan.definitions import ClassInfo, FunctionInfo, ModuleInfo, held
from spawngate.codescan.walk import last_name

if TYPE_CHECKING:
    from spawngate.codescan.slicer import Search, State

MAX_FILES = 60
_VERBS = containers.ADDERS | containers.PUTTERS | containers.UPDATERS


def put(search: Search, cls: ClassInfo, name: str, state: State) -> bool:
    """Asks for what others put into the field `name` of objects of the class; False where nobody does."""
    if not state.path:
        return False
    language = cls.module.language
    getter = f"get{name[:1].upper()}{name[1:]}" if language == "java" else ""
    family = {cls, *search.resolver.bases(cls)}
    found = False
    for word in (name, getter):
        modules = search.project.modules_with(word, language) if word else []
        for module in islice(modules, MAX_FILES):
            for call, function, holder in _calls(module, word, word == getter):
                kinds = search.resolver.kinds(holder, function)
                if any(kind.cls in family for kind in kinds):
                    for expression, part in containers.stored(call, state.path) or ():
                        found = True
                        what = f"by {last_name(call.callee)}()"
                        search.ask(expression, function, part, None, state, 1, what, "field", call.line)
    return found


def _calls(module: ModuleInfo, name: str, read: bool) -> Iterator[tuple[ir.Call, FunctionInfo, ir.Expression]]:
    """Calls that put something into `x.name`, or with `read` into `x.name()`, each with `x`."""
    if not read:
        for call, function in module.on.get(name, ()):
            base = held(call.callee.base) if isinstance(call.callee, ir.Attribute) else call.callee
            if not isinstance(base, ir.Attribute) or base.name != name or last_name(call.callee) not in _VERBS:
                continue
            if not isinstance(base.base, ir.Name) or base.base.id != "self":
                yield call, function, base.base
        return
    if name not in module.calls:
        return
    for verb in sorted(_VERBS & module.calls.keys()):
        for call, function in module.calls[verb]:
            base = call.callee.base if isinstance(call.callee, ir.Attribute) else call.callee
            if isinstance(base, ir.Call) and isinstance(base.callee, ir.Attribute) and base.callee.name == name:
                yield call, function, base.callee.base

"""What a program gives to a library and gets back from it: joined by the class of the object, or by a constant key.

Belongs here: the default for libraries that no model describes, where one part of the project hands an object over
(`bus.post(new Launch(..))`, `session.insert("draft", draft)`) and another part is given it (`@Subscribe void on(Launch
launch)`, `session.get("draft")`). Must not be here: stores and messages that are described (`stores`, `messages`,
`channels`), calls of the project's own functions.

It is a guess, and costs as much as one: the class is the project's own, the verb of the giving call says that something
is sent or kept, and few places give objects of that class. Otherwise nothing is joined.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from spawngate.codescan import ir
from spawngate.codescan.constants import Constants
from spawngate.codescan.definitions import ClassInfo, FunctionInfo, ModuleInfo
from spawngate.codescan.flow import ANY, Bound, Changed, Handed, Parameter, Path
from spawngate.codescan.walk import last_name

if TYPE_CHECKING:
    from spawngate.codescan.calls import Given
    from spawngate.codescan.slicer import Search, State

COST = 5
MAX_GIVEN = 6
"""More places that give objects of one class, or values under one key, than this say nothing of what comes out."""
MAX_STEPS = 6
"""Steps back along the trace on which a written type is looked for."""
LANGUAGES = frozenset(["java", "rust"])
"""Where a call says, by types, what it is given."""
_GIVES = re.compile(
    r"(do_|try_|a?sync_)?"
    r"(send|publish|post|emit|put|set|insert|save|store|persist|offer|enqueue|dispatch|push|perform|tell|ask|schedule"
    r"|submit|cast|fire|notify|raise|produce|broadcast|trigger|upsert|merge|cache|record|deliver|forward|queue|keep|write"
    r"|add|register|remember|convert_?and_?send)(?=_|[A-Z]|$)",
    re.IGNORECASE,
)
_KEEPS = re.compile(r"(put|set|insert|save|store|write|cache|remember|add|keep|upsert)(?=_|[A-Z]|$)")
_HOLDER = re.compile(r"session|store|storage|cache|bucket|table|kv|settings|preferences|database", re.IGNORECASE)
"""In the name of a library's class, or of what opens it: it keeps what it is given."""
_WORD = re.compile(r"\w+")
_SHORT = 3
"""Keys with fewer letters than this are those of anything."""


def handed_out(search: Search, param: ir.Param, function: FunctionInfo, path: Path, state: State) -> bool:
    """The parameter of a function that a library calls: objects of its class that the project gave to libraries."""
    if function.module.language not in LANGUAGES or param.type is None:
        return False
    kinds = search.resolver.kinds_of_type(param.type, function)
    asked = [_given(search, each.cls, path, state) for each in kinds if each.cls is not None]
    return any(asked)


def found(search: Search, node: ir.Call, state: State) -> bool:
    """What a call of a library finds: what is kept under its constant key, else by the class that is written."""
    if state.function.module.language not in LANGUAGES:
        return False
    if _kept(search, node, state):
        return True
    cls = written_class(search, state)
    return cls is not None and _given(search, cls, state.path, state)


def held(search: Search, node: ir.Call, state: State) -> bool:
    """`session.get("draft")` of an object of a library that keeps what it is given, and is no collection."""
    function, callee = state.function, node.callee
    if function.module.language not in LANGUAGES or not isinstance(callee, ir.Attribute) or len(node.args) != 1:
        return False
    kinds = search.resolver.kinds(callee.base, function)
    foreign = [name for kind in kinds for name in kind.names if kind.cls is None]
    if not foreign and not kinds and isinstance(callee.base, ir.Name):
        version = search.project.flow(function).uses.get(callee.base)
        while isinstance(version, Handed | Changed):
            version = version.before
        value = version.value if isinstance(version, Bound) else None
        while isinstance(value, ir.Cast):
            value = value.value
        foreign = [last_name(value.callee)] if isinstance(value, ir.Call) else []
    if not any(_HOLDER.search(name) for name in foreign):
        return False
    return _kept(search, node, state)


def _given(search: Search, cls: ClassInfo, path: Path, state: State) -> bool:
    """Asks for the objects of a class that the project gives to libraries; False where none is known."""
    while path and (path[0] == ANY or isinstance(path[0], int)):
        path = path[1:]  # one of many
    if cls.module.language not in LANGUAGES or not path:
        return False
    known = search.calls.exchanged
    places = known.get(cls)
    if places is None:
        known[cls] = ()
        places = known[cls] = tuple(_giving(search, cls))
    if not places or len(places) > MAX_GIVEN:
        return False
    for value, around, call in places:
        what = f"a {cls.name} that {last_name(call.callee)}() is given"
        search.ask(value, around, path, None, state, COST, what, "store", call.line)
    return True


def _giving(search: Search, cls: ClassInfo) -> Iterator[Given]:
    for module in search.project.modules_with(cls.name, cls.module.language):
        for name, calls in module.calls.items():
            if _GIVES.match(name) is None:
                continue
            for call, around in calls:
                if search.calls.reached(call, around):
                    continue
                for argument in call.args:
                    kinds = search.resolver.kinds(argument.value, around)
                    if any(
                        kind.instance and kind.cls is not None and cls in (kind.cls, kind.cls.parent) for kind in kinds
                    ):
                        yield argument.value, around, call


def _kept(search: Search, node: ir.Call, state: State) -> bool:
    """Asks for what calls of libraries are given under the same key."""
    places = _under(search, node, state.function)
    for value, around, call in places:
        what = f"kept by {last_name(call.callee)}()"
        search.ask(value, around, state.path, None, state, COST, what, "store", call.line)
    return bool(places)


def _under(search: Search, node: ir.Call, function: FunctionInfo) -> list[Given]:
    if not node.args or not isinstance(node.callee, ir.Attribute):
        return []
    constants = Constants(search.calls)
    named = node.args[0].value
    key = constants.value(named, function)
    if not isinstance(key, str) or len(key) < _SHORT:
        return []
    language = function.module.language
    places = search.calls.kept.get((language, key))
    if places is None:
        words = {max(_WORD.findall(key), key=len, default=""), last_name(named)} - {""}
        files = [module for word in sorted(words) for module in search.project.modules_with(word, language)]
        places = search.calls.kept[language, key] = list(_keeping(search, constants, dict.fromkeys(files), key))
    return places if len(places) <= MAX_GIVEN else []


def _keeping(search: Search, constants: Constants, files: Iterable[ModuleInfo], key: str) -> Iterator[Given]:
    """Values that calls of libraries are given under a constant key."""
    for module in files:
        for name, calls in module.calls.items():
            if _KEEPS.match(name) is None:
                continue
            for call, around in calls:
                if len(call.args) != 2 or not isinstance(call.callee, ir.Attribute):
                    continue
                same = constants.value(call.args[0].value, around) == key
                if same and not search.calls.reached(call, around):
                    yield call.args[1].value, around, call


def written_class(search: Search, state: State) -> ClassInfo | None:
    """The project's class that the current expression is written to be: by a cast, a variable, what is returned."""
    resolver = search.resolver
    here: State | None = state
    for _ in range(MAX_STEPS):
        here = here.before if here is not None else None
        if here is None or here.path != state.path:  # of another object
            return None
        written = None
        within = here.function
        if within is not state.function and isinstance(here.thing, Parameter):
            index = here.thing.index
            written = within.params[index].type if 0 <= index < len(within.params) else None
        elif within is not state.function:
            written, within = state.function.node.returns, state.function
        elif isinstance(here.thing, ir.Cast):
            written = here.thing.type
        elif isinstance(here.thing, Bound) and not here.thing.path:
            written = getattr(here.thing.statement, "type", None)
        for kind in resolver.kinds_of_type(written, within):
            for inner in (kind, *kind.args):
                if inner.cls is not None:
                    return inner.cls
        if here.function is not state.function:
            return None
    return None

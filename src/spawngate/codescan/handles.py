"""Objects of libraries that keep what they are given: shelves, caches, documents, channels, futures.

Belongs here: what was put into the same thing by another hand: another object that was opened under the same constant
name, the other end of a pair, a future that somebody fulfils, a parser of settings. It is the default for libraries
that no model describes. Not here: stores with a model (`stores`), which methods add to an object (`containers`).
Sources: Python 3.13: shelve, configparser, multiprocessing, asyncio.Future; anyio, trio: memory channels.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from spawngate.codescan import containers, ir, paired
from spawngate.codescan.definitions import FunctionInfo, owner_of
from spawngate.codescan.flow import ANY, Bound, Path, Version, key_of
from spawngate.codescan.meanings import Value
from spawngate.codescan.slicer_writes import stored
from spawngate.codescan.walk import last_name

if TYPE_CHECKING:
    from spawngate.codescan.slicer import Search, State

COST = 2
_open_words = """
open connect load table collection bucket namespace cache store db database document folder topic queue stream channel
"""
_OPENS = frozenset(_open_words.split())
_PARSERS = frozenset(["ConfigParser", "RawConfigParser", "SafeConfigParser", "ConfigUpdater"])
_FUTURES = frozenset(["create_future", "Future", "Deferred", "AsyncResult"])
_FULFILS = ("set_result", "callback", "set")
RECEIVES = frozenset(["recv", "receive", "receive_nowait"])
"""Methods that give one thing that was sent."""
WHOLES = frozenset(["all", "rows", "records", "documents", "dump", "snapshot", "scan", "to_list"])
"""Methods that give all that is kept."""
MAX_HANDLES = 12
MAX_NAMES = 6
_NAMING = frozenset(["str", "Path", "fspath"])


def joined(search: Search, node: ir.Call, state: State) -> bool:
    """What was put into the object that this call opens, by whoever opened it too; False where nobody did."""
    name = last_name(node.callee)
    if name in _PARSERS:
        return _settings(search, state)
    if name in _FUTURES:
        return _fulfilled(search, state)
    if name not in _OPENS and not name[:1].isupper():
        return False
    wanted = _identity(search, node, state.function)
    if not wanted or search.calls.reached(node, state.function):
        return False
    found = False
    for call, around in _calls(search, name):
        if _identity(search, call, around) != wanted:
            continue
        for thing, place in _held(search, call, around):
            what = f"kept in {wanted}"
            found = True
            if call is node:
                continue
            search.ask(thing, place, state.path, None, state, COST, what, "store", call.line)
    return found


def _calls(search: Search, name: str) -> Iterator[tuple[ir.Call, FunctionInfo]]:
    count = 0
    for module in search.project.calling(name, "python"):
        for each in module.calls.get(name, ()):
            count += 1
            if count > 4 * MAX_HANDLES:
                return
            yield each


def _identity(search: Search, node: ir.Call, function: FunctionInfo) -> str:
    """The constant text under which the object is opened; "" for none."""
    plain = [each.value for each in node.args if not each.name and not each.spread]
    here, around = (plain[0], function) if plain else (None, function)
    for _ in range(MAX_NAMES):
        if isinstance(here, ir.Literal):
            return here.value if isinstance(here.value, str) and len(here.value) > 1 else ""
        if isinstance(here, ir.Call) and last_name(here.callee) in _NAMING and here.args:
            here = here.args[0].value
            continue
        found = search.stores.names.value(here, around) if isinstance(here, ir.Name | ir.Attribute) else None
        if found is None:
            return ""
        here, around = found
    return ""


def _held(search: Search, call: ir.Call, around: FunctionInfo) -> Iterator[tuple[Version | Value, FunctionInfo]]:
    """The variables that hold what a call gives, as they are at last."""
    module = around.module
    for name, versions in search.project.flow(around).all.items():
        if not any(isinstance(each, Bound) and each.value is call and not each.path for each in versions):
            continue
        if around is module.top:
            yield Value(module, name), around
        elif len(versions) > 1:
            yield versions[-1], around


def twin(search: Search, version: Bound, state: State) -> None:
    """`ours, theirs = Pipe()`: what one end was given comes out of the other."""
    target = version.statement.target if isinstance(version.statement, ir.Assign) else None
    function = state.function
    if not isinstance(target, ir.Sequence) or not isinstance(version.value, ir.Call):
        return
    if len(version.path) != 1 or search.calls.reached(version.value, function):
        return
    for place, other in enumerate(target.items):
        if not isinstance(other, ir.Name) or place == version.path[0]:
            continue
        module = function.module
        for call, around in module.on.get(other.id, ()):
            callee = call.callee
            if not isinstance(callee, ir.Attribute) or not isinstance(callee.base, ir.Name):
                continue
            if callee.base.id == other.id and search.resolver.scope_of(other.id, around) in (
                function if function is not module.top else None,
                function,
            ):
                stored(search, call, around, state, COST)


def _settings(search: Search, state: State) -> bool:
    """`parser.set(section, option, value)`, `parser[section][option] = value` on any parser of settings."""
    path = state.path
    if not path:
        return False
    found = False
    for module in search.project.modules_with("configparser", "python"):
        for call, around in module.calls.get("set", ()):
            base = call.callee.base if isinstance(call.callee, ir.Attribute) else None
            if base is None or len(call.args) != 3 or not _is_parser(search, base, around):
                continue
            keys = [key_of(each.value) for each in call.args[:2]]
            if _meet(path, tuple(keys)):
                found = True
                option, value = call.args[1].value, call.args[2].value
                source = paired.source_of(search.project.flow(around), option, value) if len(path) > 1 else None
                place = ("set in settings", "store", call.line)
                if source is not None:
                    search.ask(source, around, path[1:2], None, state, COST, *place)
                else:
                    search.ask(value, around, (), None, state, COST, *place)
        for writes in module.writes.values():
            for statement, target, around in writes:
                if not isinstance(target, ir.Index) or statement.value is None:
                    continue
                inner = target.base
                if isinstance(inner, ir.Index) and _is_parser(search, inner.base, around):
                    keys, rest = [key_of(inner.key), key_of(target.key)], path[2:]
                elif _is_parser(search, inner, around):
                    keys, rest = [key_of(target.key)], path[1:]
                else:
                    continue
                if _meet(path, tuple(keys)):
                    found = True
                    place = ("set in settings", "store", statement.line)
                    search.ask(statement.value, around, rest, None, state, COST, *place)
    return found


def _is_parser(search: Search, node: ir.Expression, function: FunctionInfo) -> bool:
    kinds = search.resolver.kinds(node, function)
    return any(name.rpartition(".")[2] in _PARSERS for kind in kinds for name in kind.names)


def _meet(asked: Path, written: Path) -> bool:
    return all(one == other or ANY in (one, other) for one, other in zip(asked, written, strict=False))


def _fulfilled(search: Search, state: State) -> bool:
    """A future holds what somebody in the same file sets as its result."""
    found = False
    for word in _FULFILS[: 2 if state.function.module.imports.keys() & {"defer", "Deferred"} else 1]:
        for call, around in state.function.module.calls.get(word, ()):
            if len(call.args) == 1 and not call.args[0].name:
                found = True
                value = call.args[0].value
                search.ask(value, around, state.path, None, state, COST, f"by {word}()", "field", call.line)
    return found


def kept(search: Search, base: ir.Expression, state: State, path: Path) -> bool:
    """What methods of an object of a library put into it: never what it was made with. False where none did."""
    function = state.function
    found = False
    if isinstance(base, ir.Name):
        for meaning in search.resolver.meaning(base.id, function):
            if isinstance(meaning, Value):
                for module in search.project.importers(meaning.module, meaning.name):
                    for call, around in module.on.get(meaning.name, ()):
                        found = _put(search, call, around, state, path) or found
    elif isinstance(base, ir.Attribute) and isinstance(base.base, ir.Name) and base.base.id == "self":
        owner = owner_of(function)
        for call, around in function.module.on.get(base.name, ()):
            if owner is not None and owner_of(around) is owner:
                found = _put(search, call, around, state, path) or found
    return found


def _put(search: Search, call: ir.Call, around: FunctionInfo, state: State, path: Path) -> bool:
    found = False
    for expression, part in containers.stored(call, path) or ():
        found = True
        what = f"by {last_name(call.callee)}()"
        search.ask(expression, around, part, None, state, COST, what, "field", call.line)
    return found

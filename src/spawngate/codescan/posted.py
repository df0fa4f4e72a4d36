"""Objects that a framework makes of a request: the parameter of a handler is of the class, or of one that holds it.

Belongs here: which handlers are handed objects of a class. Not here: how a handler is known (`models`, `knowledge`),
rows that are written otherwise (`stores`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from spawngate.codescan import ir
from spawngate.codescan.definitions import ClassInfo, FunctionInfo
from spawngate.codescan.walk import last_name

if TYPE_CHECKING:
    from spawngate.codescan.knowledge import Knowledge, Opening
    from spawngate.codescan.slicer import Search, State

_READING = re.compile(
    r"(?:list|query|find|get|page|search|select|count|export|show|view|fetch|load|read|tree|options|download)(?![a-z])"
)
_GET_MARKS = frozenset(["GetMapping", "GET", "Get", "get", "HEAD", "head"])


def as_row(search: Search, cls: ClassInfo, name: str, knowledge: Knowledge, state: State) -> bool:
    """A request is the row: a handler that does not only read takes the entity, or its request's class.

    `name`: the field that is asked for; a handler that sets it itself takes it from nobody.
    """
    found = False
    for stem in _bound_names(cls):
        for opening, function in _handlers(search, knowledge, stem):
            if not _only_reads(function) and not _overwrites(function, function.params[opening.index], name):
                found = True
                _tell(search, opening, function, f"stored as {cls.name}", state)
    return found


def _only_reads(function: FunctionInfo) -> bool:
    """A handler that asks for rows: its parameter is a filter, not what is stored."""
    marks = {last_name(mark.callee if isinstance(mark, ir.Call) else mark) for mark in function.node.decorators}
    return bool(marks & _GET_MARKS) or _READING.match(function.name) is not None


def _overwrites(function: FunctionInfo, param: ir.Param, name: str) -> bool:
    """`row.setCommand(..)`, whatever was sent: a statement of the handler itself, in no branch."""
    setter = f"set{name[:1].upper()}{name[1:]}"
    calls = [each.value for each in function.node.body if isinstance(each, ir.Evaluate)]
    callees = [each.callee for each in calls if isinstance(each, ir.Call) and isinstance(each.callee, ir.Attribute)]
    return any(each.name == setter and last_name(each.base) == param.name for each in callees)


def within(search: Search, cls: ClassInfo, state: State) -> bool:
    """The class stands, at whatever depth, in the class of a handler's parameter: the framework makes its objects."""
    knowledge = search.knows(cls.module.top)
    names: dict[str, None] = {cls.name: None}
    for name in list(names):
        for holder in _holders(search, name, cls.module.language):
            names.setdefault(holder)
            for outer in _holders(search, holder, cls.module.language):
                names.setdefault(outer)
    found = False
    for name in list(names)[:20]:
        for opening, function in _handlers(search, knowledge, name):
            found = True
            _tell(search, opening, function, f"which holds {cls.name}", state)
    return found


def _handlers(search: Search, knowledge: Knowledge, name: str) -> tuple[tuple[Opening, FunctionInfo], ...]:
    """Handlers with a parameter of a class, each with that parameter."""
    key = knowledge.language, name
    known = search.stores.handlers.get(key)
    if known is None:
        known = search.stores.handlers[key] = tuple(_found_handlers(search, knowledge, name))
    return known


def _found_handlers(search: Search, knowledge: Knowledge, name: str) -> Iterator[tuple[Opening, FunctionInfo]]:
    for module in search.project.typing(name, knowledge.language):
        for function in [each for same in list(module.functions.values()) for each in same]:
            if any(_names(param.type, name) for param in function.params):
                for opening in knowledge.openings(function, search.resolver):
                    if _names(function.params[opening.index].type, name):
                        yield opening, function


def _tell(search: Search, opening: Opening, function: FunctionInfo, then: str, state: State) -> None:
    param = function.params[opening.index]
    what = f"{opening.entry.what}: `{param.name}` of {function.qualname}(), {then}"
    search.ask_source(opening.entry.kind, opening.entry.id, what, state, function, param.line)


def _holders(search: Search, name: str, language: str) -> tuple[str, ...]:
    """Classes that have a field of a type."""
    key = language, name
    known = search.stores.holders.get(key)
    if known is None:
        known = search.stores.holders[key] = tuple(
            cls.name
            for module in search.project.typing(name, language)
            for classes in module.classes.values()
            for cls in classes
            if cls.name != name and any(_names(field.type, name) for field in cls.fields.values())
        )
    return known


def _bound_names(cls: ClassInfo) -> list[str]:
    names = [cls.name]
    if cls.module.language == "java":
        base = cls.name.removesuffix("Entity").removesuffix("DO").removesuffix("Po")
        names += [f"{base}{end}" for end in ("Bo", "BO", "Dto", "DTO", "Vo", "VO", "Request", "Form", "Param", "Req")]
    return names


def _names(written: ir.Type | None, name: str) -> bool:
    todo = [written] if written is not None else []
    while todo:
        here = todo.pop()
        if here.name.rpartition(".")[2] == name:
            return True
        todo.extend(here.args)
    return False

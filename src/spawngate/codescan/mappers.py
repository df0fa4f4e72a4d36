"""Functions that a store runs on each row: JDBC's `RowMapper`, closures of rusqlite's `query_map`.

Belongs here: which functions those are, and what of a row they get: its columns, by name or in the order of the
statement. Must not be here: which calls read a store (`models`), what is written to it (`stores`).
Sources: Spring Framework 6.2, JdbcTemplate; java.sql.ResultSet (columns from 1); rusqlite 0.37, Row::get (from 0).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from spawngate.codescan import ir, sql
from spawngate.codescan.definitions import ClassInfo, FunctionInfo
from spawngate.codescan.flow import ANY, Path
from spawngate.codescan.walk import last_name

if TYPE_CHECKING:
    from spawngate.codescan.slicer import Search, State, Store

_METHODS = ("mapRow", "map", "mapTo", "extractData", "processRow", "apply")
"""Methods of classes whose objects map a row."""
_BY_PROPERTY = frozenset(["BeanPropertyRowMapper", "DataClassRowMapper", "SimplePropertyRowMapper"])
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Mapped:
    """Rows that a function gets: the store, and the columns that the statement selects, in order."""

    store: Store
    columns: tuple[str, ...]
    line: int
    function: FunctionInfo


def mapped(search: Search, node: ir.Call, store: Store, state: State) -> bool:
    """The call hands each row to a function, whose result it gives: asks for that; False where there is none."""
    function = state.function
    columns = sql.selected(_statement(search, node, function))
    found = False
    for argument in node.args:
        for target in _functions(search, argument.value, function):
            found = True
            search.mapped.setdefault(target, []).append(Mapped(store, columns, node.line, function))
            path = state.path[1:] if state.path[:1] == (ANY,) or _numbered(state.path) else state.path
            from spawngate.codescan.slicer_calls import into

            into(search, None, target, state, 1, path)
    return found


def row(search: Search, target: FunctionInfo, index: int, path: Path, state: State) -> bool:
    """What a mapping function gets as its row; False for any other parameter."""
    rows = search.mapped.get(target)
    if rows is None or index != (1 if target.receiver else 0):
        return False
    for each in rows:
        step = path[0] if path else ANY
        if isinstance(step, int):
            place = step - (1 if target.module.language == "java" else 0)
            step = each.columns[place] if 0 <= place < len(each.columns) else ANY
        column: Path = () if step == ANY else (str(step).lower(),)
        what = f"row of {each.store.name}"
        search.ask(each.store, each.function, (*column, *path[1:]), None, state, 1, what, "store", each.line)
    return True


def by_property(node: ir.Call, path: Path) -> Path:
    """`execPath` is the column `exec_path` where rows are mapped by the names of properties."""
    named = [each.value.callee if isinstance(each.value, ir.Call) else each.value for each in node.args]
    roots = {last_name(each.base) if isinstance(each, ir.Attribute) else last_name(each) for each in named}
    if not roots & _BY_PROPERTY:
        return path
    return tuple(_HUMP.sub("_", step).lower() if isinstance(step, str) and step != ANY else step for step in path)


def _numbered(path: Path) -> bool:
    return bool(path) and isinstance(path[0], int)


def _statement(search: Search, node: ir.Call, function: FunctionInfo) -> str:
    """The text of the statement: the first argument, or what the object was prepared from."""
    text = search.stores.names.text(node.args[0].value, function) if node.args else ""
    if not sql.table(text) and isinstance(node.callee, ir.Attribute):
        text = search.stores.names.text(node.callee.base, function)
    return text


def _functions(search: Search, node: ir.Expression, function: FunctionInfo) -> list[FunctionInfo]:
    found = search.calls.callables.of(node, function)
    if not found and isinstance(node, ir.Attribute):  # a constant of the class that holds a closure
        for meaning in search.resolver.chain(node.base, function):
            declared = meaning.fields.get(node.name) if isinstance(meaning, ClassInfo) else None
            if isinstance(meaning, ClassInfo) and declared is not None and declared.value is not None:
                return _functions(search, declared.value, meaning.module.top)
    if not found and isinstance(node, ir.Call):
        found = [each for each in search.resolver.chain(node.callee, function) if isinstance(each, ClassInfo)]
    out: list[FunctionInfo] = []
    for each in found:
        if isinstance(each, FunctionInfo):
            out.append(each)
        else:
            methods = (search.resolver.method(each, name) for name in _METHODS)
            out.extend(method for method in methods if method is not None and method.node.body)
    return [each for each in out if each.params]

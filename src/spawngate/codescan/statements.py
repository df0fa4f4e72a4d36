"""Statements of SQL in calls: the row that one writes, and the table that was asked last.

Belongs here: calls that are handed a statement and its values, in the shapes that drivers have. Not here: the language
itself (`sql`), calls of mappers (`mappers`).
"""

from __future__ import annotations

from spawngate.codescan import ir, sql
from spawngate.codescan.definitions import FunctionInfo
from spawngate.codescan.store_names import STATEMENTS, StoreNames
from spawngate.codescan.walk import last_name

_ROWS = frozenset(["params!", "params", "vec!"])
"""What holds the values of a statement, in order: rusqlite's macro."""


class Statements:
    """Statements of one project."""

    def __init__(self, names: StoreNames) -> None:
        self.names = names

    def row(self, call: ir.Call, function: FunctionInfo) -> ir.Record | None:
        """`execute("INSERT INTO t (a, b) VALUES (?, ?)", x, y)` as the row that it writes; None for anything else."""
        if not call.args:
            return None
        text, first = self.names.text(call.args[0].value, function), 1
        if not sql.table(text):
            text, first = self._prepared(call, function), 0
        if not sql.table(text):
            return None
        behind = [argument.value for argument in call.args[first:] if not argument.name and not argument.spread]
        if len(behind) == 1 and isinstance(behind[0], ir.Call) and last_name(behind[0].callee) in _ROWS:
            behind = [argument.value for argument in behind[0].args]
            behind = [ir.Sequence(call.line, call.column, tuple(behind))]
        elif len(behind) == 1 and function.module.language == "java" and not isinstance(behind[0], ir.Sequence):
            behind = [ir.Sequence(call.line, call.column, tuple(behind))]  # of arguments that may be many
        given: ir.Expression | None = behind[0] if len(behind) == 1 else None
        entries: list[ir.Entry] = []
        for column, place in sql.columns(text):
            at = call.line, call.column
            value: ir.Expression | None = None
            if not place.isdecimal():
                value = ir.Index(*at, given, ir.Literal(*at, place)) if given is not None else None
            elif isinstance(given, ir.Sequence):
                value = given.items[int(place)] if int(place) < len(given.items) else None
            elif len(behind) > 1:
                value = behind[int(place)] if int(place) < len(behind) else None
            elif given is not None:
                value = ir.Index(*at, given, ir.Literal(*at, int(place)))
            if value is not None:
                entries.append(ir.Entry(*at, ir.Literal(*at, column), value))
        return ir.Record(call.line, call.column, tuple(entries))

    def column(self, call: ir.Call, function: FunctionInfo) -> ir.Record | None:
        """`query("INSERT INTO t (a, b) ..").bind(x).bind(y)` as the column that a `bind` writes; None elsewhere."""
        if function.module.language == "java":
            return self._parameter(call, function)
        if function.module.language != "rust" or last_name(call.callee) not in ("bind", "push_bind") or not call.args:
            return None
        place, base = 0, call.callee.base if isinstance(call.callee, ir.Attribute) else None
        while isinstance(base, ir.Call | ir.Cast):
            if isinstance(base, ir.Cast):
                base = base.value
                continue
            place += last_name(base.callee) in ("bind", "push_bind")
            if not isinstance(base.callee, ir.Attribute) or last_name(base.callee).startswith("query"):
                break
            base = base.callee.base
        told = sql.columns(self.names.text(base, function)) if isinstance(base, ir.Call) else []
        at = call.line, call.column
        for column, number in told:
            if number == str(place):
                return ir.Record(*at, (ir.Entry(*at, ir.Literal(*at, column), call.args[0].value),))
        return ir.Record(*at, ()) if told else None

    def _parameter(self, call: ir.Call, function: FunctionInfo) -> ir.Record | None:
        """`sql("INSERT INTO t (a) VALUES (:a)").param("a", x)` as the column that it writes; None elsewhere."""
        base = call.callee.base if isinstance(call.callee, ir.Attribute) else None
        place = 0
        while isinstance(base, ir.Call) and isinstance(base.callee, ir.Attribute):
            if last_name(base.callee) in STATEMENTS:
                break
            place += last_name(base.callee) == last_name(call.callee)
            base = base.callee.base
        if not isinstance(base, ir.Call) or not base.args or not call.args:
            return None
        told = sql.columns(self.names.text(base.args[0].value, function))
        at = call.line, call.column
        first = call.args[0].value
        wanted = {str(place)} if len(call.args) == 1 else set()
        if len(call.args) > 1 and isinstance(first, ir.Literal):
            named = isinstance(first.value, str)
            wanted = {str(first.value)} if named else {str(first.value), str(int(first.value or 0) - 1)}
        for column, holder in told:
            if holder in wanted:
                return ir.Record(*at, (ir.Entry(*at, ir.Literal(*at, column), call.args[-1].value),))
        return ir.Record(*at, ()) if told else None

    def queried(self, node: ir.Call, function: FunctionInfo) -> str:
        """The table of `cur.fetchone()`: of what was executed on the same object before."""
        callee = node.callee
        holder = last_name(callee.base) if isinstance(callee, ir.Attribute) else ""
        found = ""
        for call, around in function.module.on.get(holder, ()) if holder else ():
            before = around is function and call.line <= node.line and bool(call.args)
            if before and last_name(call.callee) in ("execute", "query"):
                found = sql.table(self.names.text(call.args[0].value, function)) or found
        return found

    def _prepared(self, call: ir.Call, function: FunctionInfo) -> str:
        """The statement of `insert.run(..)` where `insert = db.prepare("INSERT ..")`; "" for anything else."""
        base = call.callee.base if isinstance(call.callee, ir.Attribute) else None
        found = (base, function) if isinstance(base, ir.Call) else self.names.value(base, function) if base else None
        if found is None or not isinstance(found[0], ir.Call) or last_name(found[0].callee) not in ("prepare", "query"):
            return ""
        return self.names.text(found[0].args[0].value, found[1]) if found[0].args else ""

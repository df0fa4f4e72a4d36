"""The part of Python that short scripts change configuration with: its syntax.

Belongs here: walking such a script's syntax tree over values of our own.
Must not be here: functions and methods (`configuration.python_library`), and running anything: no name of the script
reaches Python. What is not understood is refused, and then nothing is known of the script's effect.
"""

import ast
from collections.abc import Sequence
from typing import Any

from spawngate.configuration.files import Content, Files, Unknown
from spawngate.configuration.python_library import (
    LONGEST,
    MOST_ITEMS,
    Handle,
    Library,
    Module,
    NotUnderstood,
    ScriptPath,
    joined_path,
)

__all__ = ["NotUnderstood", "run_python"]


def run_python(code: str, files: Files, cwd: str = "", arguments: Sequence[str] = ()) -> Content:
    """What the script prints; what it writes is written to `files`. Raises NotUnderstood; what it had
    opened to write is unknown then."""
    if len(code) > LONGEST:
        raise NotUnderstood("too long")
    walker = _Walker(files, cwd, arguments)
    try:
        walker.block(ast.parse(code).body)
        walker.close()
    except (
        SyntaxError,
        ValueError,
        TypeError,
        KeyError,
        IndexError,
        AttributeError,
        RecursionError,
        MemoryError,
        OverflowError,
        NotUnderstood,
    ) as error:
        for handle in walker.open:
            if handle.writes:
                files.write(handle.at, Unknown("code"))
        raise NotUnderstood(type(error).__name__) from None
    return walker.printed


_MODULES = frozenset({"json", "os", "os.path", "pathlib", "sys", "shutil"})


class _Walker(Library):
    # -- statements --------------------------------------------------------------------------------------------

    def block(self, body: Sequence[ast.stmt]) -> None:
        for statement in body:
            self.statement(statement)

    def statement(self, node: ast.stmt) -> None:
        self.step()
        match node:
            case ast.Import(names):
                for alias in names:
                    if alias.name not in _MODULES:
                        raise NotUnderstood("module")
                    self.names[alias.asname or alias.name.partition(".")[0]] = Module(
                        alias.name if alias.asname else alias.name.partition(".")[0]
                    )
            case ast.ImportFrom("pathlib", names) if all(alias.name == "Path" for alias in names):
                for alias in names:
                    self.names[alias.asname or "Path"] = Module("Path")
            case ast.ImportFrom("json" | "os" | "os.path" as module, names):
                for alias in names:
                    self.names[alias.asname or alias.name] = Module(f"{module}.{alias.name}")
            case ast.Assign(targets, value):
                found = self.value(value)
                for target in targets:
                    self.assign(target, found)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                self.assign(target, self.value(value))
            case ast.AugAssign(target, ast.Add(), value):
                self.assign(target, self.added(self.value(target), self.value(value)))
            case ast.Expr(value):
                self.value(value)
            case ast.Delete(targets):
                for target in targets:
                    if not isinstance(target, ast.Subscript):
                        raise NotUnderstood("delete")
                    del self.value(target.value)[self.value(target.slice)]
            case ast.With(items, body):
                for item in items:
                    handle = self.value(item.context_expr)
                    if not isinstance(handle, Handle):
                        raise NotUnderstood("with")
                    if item.optional_vars is not None:
                        self.assign(item.optional_vars, handle)
                self.block(body)
                self.close()
            case ast.If(test, body, orelse):
                self.block(body if self.value(test) else orelse)
            case ast.For(target, iterable, body, []):
                items = self.value(iterable)
                if not isinstance(items, list | tuple | dict):
                    raise NotUnderstood("loop")
                for item in list(items):
                    self.step()
                    self.assign(target, item)
                    self.block(body)
            case ast.Try(body, _, orelse, finalbody):
                self.block(body)
                self.block(orelse)
                self.block(finalbody)
            case ast.Pass():
                pass
            case _:
                raise NotUnderstood("statement")

    def assign(self, target: ast.expr, value: Any) -> None:
        match target:
            case ast.Name(name):
                self.names[name] = value
            case ast.Subscript(base, index):
                holder = self.value(base)
                if not isinstance(holder, dict | list):
                    raise NotUnderstood("assign")
                holder[self.value(index)] = value
            case ast.Tuple(elements) | ast.List(elements):
                items = list(value)
                if len(items) != len(elements):
                    raise NotUnderstood("assign")
                for element, item in zip(elements, items, strict=True):
                    self.assign(element, item)
            case _:
                raise NotUnderstood("assign")

    # -- expressions -------------------------------------------------------------------------------------------

    def value(self, node: ast.expr) -> Any:
        self.step()
        match node:
            case ast.Constant(value):
                return value
            case ast.Name(name):
                return self.name(name)
            case ast.Dict(keys, values):
                table: dict[Any, Any] = {}
                for key, item in zip(keys, values, strict=True):
                    if key is None:
                        table.update(self.value(item))
                    else:
                        table[self.value(key)] = self.value(item)
                return table
            case ast.List(elements):
                return [self.value(element) for element in elements]
            case ast.Tuple(elements):
                return tuple([self.value(element) for element in elements])
            case ast.Subscript(base, index):
                holder = self.value(base)
                if not isinstance(holder, dict | list | tuple | str) or isinstance(index, ast.Slice):
                    raise NotUnderstood("index")
                return holder[self.value(index)]
            case ast.BinOp(left, ast.Add(), right):
                return self.added(self.value(left), self.value(right))
            case ast.BinOp(left, ast.Div(), right):
                return ScriptPath(joined_path(self.path(self.value(left)), self.path(self.value(right))))
            case ast.BinOp(left, ast.BitOr(), right):
                one, other = self.value(left), self.value(right)
                if isinstance(one, dict) and isinstance(other, dict):
                    return {**one, **other}
                raise NotUnderstood("operator")
            case ast.BoolOp(operator, values):
                found: Any = None
                for item in values:
                    found = self.value(item)
                    if bool(found) is isinstance(operator, ast.Or):
                        return found
                return found
            case ast.UnaryOp(ast.Not(), operand):
                return not self.value(operand)
            case ast.Compare(left, [operator], [right]):
                return self.compared(self.value(left), operator, self.value(right))
            case ast.IfExp(test, body, orelse):
                return self.value(body if self.value(test) else orelse)
            case ast.JoinedStr(values):
                return "".join(self.formatted(item) for item in values)
            case ast.Attribute(base, name):
                return self.attribute(self.value(base), name)
            case ast.Call():
                return self.call(node)
        raise NotUnderstood("expression")

    def formatted(self, node: ast.expr) -> str:
        if isinstance(node, ast.FormattedValue):
            if node.conversion != -1 or node.format_spec is not None:
                raise NotUnderstood("format")
            return self.text(self.value(node.value))
        return self.text(self.value(node))

    def added(self, one: Any, other: Any) -> Any:
        same = (isinstance(one, str) and isinstance(other, str)) or (isinstance(one, list) and isinstance(other, list))
        if not same or len(one) + len(other) > (2 * LONGEST if isinstance(one, str) else MOST_ITEMS):
            raise NotUnderstood("operator")
        self.step(len(one) + len(other))
        return one + other

    def compared(self, one: Any, operator: ast.cmpop, other: Any) -> bool:
        match operator:
            case ast.In():
                return bool(one in other)
            case ast.NotIn():
                return bool(one not in other)
            case ast.Eq():
                return bool(one == other)
            case ast.NotEq():
                return bool(one != other)
            case ast.Is():
                return one is other
            case ast.IsNot():
                return one is not other
        raise NotUnderstood("operator")

    def name(self, name: str) -> Any:
        if name in self.names:
            return self.names[name]
        if name in ("open", "print", "str", "dict", "list", "len"):
            return Module(name)
        raise NotUnderstood("name")

    def attribute(self, base: Any, name: str) -> Any:
        if isinstance(base, Module):
            if (base.name, name) == ("sys", "argv"):
                return ["-", *self.arguments]
            return Module(f"{base.name}.{name}")
        if isinstance(base, ScriptPath) and name == "parent":
            return ScriptPath(base.text.rpartition("/")[0] or ".")
        raise NotUnderstood("attribute")

    # -- calls -------------------------------------------------------------------------------------------------

    def call(self, node: ast.Call) -> Any:
        if any(isinstance(item, ast.Starred) for item in node.args):
            raise NotUnderstood("arguments")
        if isinstance(node.func, ast.Attribute):
            base = self.value(node.func.value)
            if not isinstance(base, Module):
                return self.method(base, node.func.attr, [self.value(item) for item in node.args], node)
            function: Any = Module(f"{base.name}.{node.func.attr}")
        else:
            function = self.value(node.func)
        if not isinstance(function, Module):
            raise NotUnderstood("call")
        given = [self.value(item) for item in node.args]
        return self.function(function.name, given, node)

"""The part of Python that short scripts change configuration with: read JSON or text, change the value, write it back.

Belongs here: walking such a script's syntax tree over values of our own.
Must not be here: running anything. No name of the script reaches Python: whatever is not in the tables below is
refused, and then nothing is known of the script's effect.
"""

import ast
import json
from collections.abc import Callable, Sequence
from typing import Any

from spawngate.configuration.files import Content, Files, Missing, Unknown, joined

MOST_STEPS = 5_000
LONGEST = 1 << 20
"""Characters of a text or of code."""


class NotUnderstood(Exception):
    """The script holds what is not computed here, or would fail."""


def run_python(code: str, files: Files, cwd: str = "", arguments: Sequence[str] = ()) -> Content:
    """What the script prints; what it writes is written to `files`. Raises NotUnderstood, and then has written nothing
    but what came before."""
    if len(code) > LONGEST:
        raise NotUnderstood("too long")
    try:
        tree = ast.parse(code)
        walker = _Walker(files, cwd, arguments)
        walker.block(tree.body)
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
    ) as error:
        raise NotUnderstood(type(error).__name__) from None
    return walker.printed


class _Path:
    """A path of the script."""

    def __init__(self, text: str) -> None:
        self.text = text


class _Handle:
    """An open file of the script."""

    def __init__(self, at: str, mode: str) -> None:
        self.at = at
        self.mode = mode
        self.parts: list[str] = []


class _Module:
    def __init__(self, name: str) -> None:
        self.name = name


_MODULES = frozenset({"json", "os", "os.path", "pathlib", "sys", "shutil"})
_ENCODINGS = ("utf-8", "utf8", "UTF-8", "utf-8-sig")


class _Walker:
    def __init__(self, files: Files, cwd: str, arguments: Sequence[str]) -> None:
        self.files = files
        self.cwd = cwd
        self.names: dict[str, Any] = {}
        self.steps = 0
        self.printed: Content = b""
        self.open: list[_Handle] = []
        self.arguments = [word for word in arguments if word != "-"]

    # -- statements --------------------------------------------------------------------------------------------

    def block(self, body: Sequence[ast.stmt]) -> None:
        for statement in body:
            self.statement(statement)

    def step(self) -> None:
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise NotUnderstood("too long")

    def statement(self, node: ast.stmt) -> None:
        self.step()
        match node:
            case ast.Import(names):
                for alias in names:
                    if alias.name not in _MODULES:
                        raise NotUnderstood("module")
                    self.names[alias.asname or alias.name.partition(".")[0]] = _Module(
                        alias.name if alias.asname else alias.name.partition(".")[0]
                    )
            case ast.ImportFrom("pathlib", names) if all(alias.name == "Path" for alias in names):
                for alias in names:
                    self.names[alias.asname or "Path"] = _Module("Path")
            case ast.ImportFrom("json" | "os" | "os.path" as module, names):
                for alias in names:
                    self.names[alias.asname or alias.name] = _Module(f"{module}.{alias.name}")
            case ast.Assign(targets, value):
                found = self.value(value)
                for target in targets:
                    self.assign(target, found)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                self.assign(target, self.value(value))
            case ast.AugAssign(target, ast.Add(), value):
                self.assign(target, self.added(self.value(_loaded(target)), self.value(value)))
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
                    if not isinstance(handle, _Handle):
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
                return _Path(_join(self.path(self.value(left)), self.path(self.value(right))))
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

    def text(self, value: Any) -> str:
        if isinstance(value, _Path):
            return value.text
        if isinstance(value, str | int) and len(str(value)) < LONGEST:
            return str(value)
        raise NotUnderstood("text")

    def added(self, one: Any, other: Any) -> Any:
        same = (isinstance(one, str) and isinstance(other, str)) or (isinstance(one, list) and isinstance(other, list))
        if not same or len(one) + len(other) > LONGEST:
            raise NotUnderstood("operator")
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
            return _Module(name)
        raise NotUnderstood("name")

    def attribute(self, base: Any, name: str) -> Any:
        if isinstance(base, _Module):
            if (base.name, name) == ("sys", "argv"):
                return ["-", *self.arguments]
            return _Module(f"{base.name}.{name}")
        if isinstance(base, _Path) and name == "parent":
            return _Path(base.text.rpartition("/")[0] or ".")
        raise NotUnderstood("attribute")

    # -- calls -------------------------------------------------------------------------------------------------

    def call(self, node: ast.Call) -> Any:
        if any(isinstance(item, ast.Starred) for item in node.args):
            raise NotUnderstood("arguments")
        if isinstance(node.func, ast.Attribute):
            base = self.value(node.func.value)
            if not isinstance(base, _Module):
                return self.method(base, node.func.attr, [self.value(item) for item in node.args], node)
            function: Any = _Module(f"{base.name}.{node.func.attr}")
        else:
            function = self.value(node.func)
        if not isinstance(function, _Module):
            raise NotUnderstood("call")
        given = [self.value(item) for item in node.args]
        return self.function(function.name, given, node)

    def function(self, name: str, given: list[Any], node: ast.Call) -> Any:
        match name, given:
            case "open", [path, *mode]:
                keywords = {item.arg: self.value(item.value) for item in node.keywords}
                return self.opened(self.path(path), str(mode[0] if mode else keywords.get("mode", "r")))
            case "print", _:
                return self.print(given, node)
            case "json.load", [_Handle() as handle]:
                return json.loads(self.read(handle.at))
            case "json.loads", [str() as text]:
                return json.loads(text)
            case "json.dump", [value, _Handle() as handle]:
                self.write(handle, json.dumps(value, indent=2))
                return None
            case "json.dumps", [value]:
                return json.dumps(value, indent=2)
            case (("os.path.expanduser" | "os.path.expandvars" | "os.path.abspath" | "os.path.realpath"), [path]):
                return self.path(path)
            case "os.path.join", [first, *rest]:
                text = self.path(first)
                for part in rest:
                    text = _join(text, self.path(part))
                return text
            case "os.path.dirname", [path]:
                return self.path(path).rpartition("/")[0]
            case "os.path.exists" | "os.path.isfile", [path]:
                return not isinstance(self.content(self.files.place(self.path(path), self.cwd)), Missing)
            case "os.getenv" | "os.environ.get", ["HOME", *_]:
                return "~"
            case "os.getcwd", []:
                return self.cwd or "."
            case "os.makedirs" | "os.mkdir", _:
                return None
            case "os.replace" | "os.rename" | "shutil.move" | "shutil.copy" | "shutil.copyfile", [one, other]:
                self.moved(self.path(one), self.path(other), keep=name.startswith("shutil.copy"))
                return None
            case "Path" | "pathlib.Path", [first, *rest]:
                text = self.path(first)
                for part in rest:
                    text = _join(text, self.path(part))
                return _Path(text)
            case "Path.home" | "pathlib.Path.home", []:
                return _Path("~")
            case "Path.cwd" | "pathlib.Path.cwd", []:
                return _Path(self.cwd or ".")
            case "str", [value]:
                return self.text(value)
            case "dict" | "list", []:
                return {} if name == "dict" else []
            case "dict" | "list", [dict() | list() | tuple() as value]:
                return dict(value) if name == "dict" else list(value)
            case "len", [value]:
                return len(value)
        raise NotUnderstood("function")

    def method(self, base: Any, name: str, given: list[Any], node: ast.Call) -> Any:
        if isinstance(base, _Path):
            return self.of_path(base, name, given)
        if isinstance(base, _Handle):
            if name == "read" and not given:
                return self.read(base.at)
            if name == "write" and len(given) == 1:
                self.write(base, self.text(given[0]))
                return None
            if name in ("close", "flush", "truncate", "seek"):
                if name in ("truncate", "seek"):
                    base.parts.clear()
                return None
            raise NotUnderstood("method")
        if isinstance(base, dict) and name in _OF_DICT:
            if name == "update" and node.keywords:
                base.update({str(item.arg): self.value(item.value) for item in node.keywords if item.arg})
                return None
            return _OF_DICT[name](base, given)
        if isinstance(base, list) and name in _OF_LIST:
            return _OF_LIST[name](base, given)
        if isinstance(base, str) and name in _OF_TEXT and len(base) < LONGEST:
            found = _OF_TEXT[name](base, given)
            if isinstance(found, str) and len(found) > LONGEST:
                raise NotUnderstood("too long")
            return found
        raise NotUnderstood("method")

    def of_path(self, base: _Path, name: str, given: list[Any]) -> Any:
        at = self.files.place(base.text, self.cwd)
        match name, given:
            case "expanduser" | "resolve" | "absolute", _:
                return base
            case "read_text", _:
                return self.read(at)
            case "write_text", [str() as text, *_]:
                self.files.write(at, text.encode("utf-8", "surrogatepass"))
                return None
            case "exists" | "is_file", []:
                return not isinstance(self.content(at), Missing)
            case "open", mode:
                return self.opened(base.text, str(mode[0]) if mode else "r")
            case "mkdir" | "touch", _:
                return None
            case "joinpath", parts:
                text = base.text
                for part in parts:
                    text = _join(text, self.path(part))
                return _Path(text)
            case "replace" | "rename", [other]:
                self.moved(base.text, self.path(other), keep=False)
                return None
        raise NotUnderstood("method")

    # -- files -------------------------------------------------------------------------------------------------

    def path(self, value: Any) -> str:
        if isinstance(value, _Path):
            return value.text
        if isinstance(value, str) and "\0" not in value:
            return value
        raise NotUnderstood("path")

    def opened(self, path: str, mode: str) -> _Handle:
        handle = _Handle(self.files.place(path, self.cwd), mode)
        if "w" in mode or "x" in mode:
            handle.parts = []
        elif "a" in mode:
            old = self.content(handle.at)
            handle.parts = [] if isinstance(old, Missing) else [self.read(handle.at)]
        self.open.append(handle)
        return handle

    def content(self, at: str) -> Content:
        content = self.files.read(at)
        if isinstance(content, Unknown):
            raise NotUnderstood(content.reason)
        return content

    def read(self, at: str) -> str:
        content = self.content(at)
        if isinstance(content, bytes):
            return content.decode("utf-8")
        raise NotUnderstood("missing")

    def write(self, handle: _Handle, text: str) -> None:
        if not any(letter in handle.mode for letter in "wax+"):
            raise NotUnderstood("mode")
        handle.parts.append(text)
        self.files.write(handle.at, "".join(handle.parts).encode("utf-8", "surrogatepass"))

    def close(self) -> None:
        """What was opened for writing and not written is empty."""
        for handle in self.open:
            if "w" in handle.mode and not handle.parts:
                self.files.write(handle.at, b"")
        self.open.clear()

    def moved(self, one: str, other: str, *, keep: bool) -> None:
        origin = self.files.place(one, self.cwd)
        self.files.write(self.files.place(other, self.cwd), self.content(origin))
        if not keep:
            from spawngate.configuration.files import MISSING

            self.files.write(origin, MISSING)

    def print(self, given: list[Any], node: ast.Call) -> None:
        target: Any = None
        for item in node.keywords:
            if item.arg == "file":
                target = self.value(item.value)
        try:
            text = " ".join(self.text(item) for item in given) + "\n"
        except NotUnderstood:
            self.printed = Unknown("code")
            return
        if isinstance(target, _Handle):
            self.write(target, text)
        elif target is None:
            self.printed = joined(self.printed, text.encode("utf-8", "surrogatepass"))


def _loaded(target: ast.expr) -> ast.expr:
    return target


def _join(one: str, other: str) -> str:
    return other if other.startswith(("/", "~")) else f"{one.rstrip('/')}/{other}"


def _pop(table: Any, given: list[Any]) -> Any:
    return table.pop(*given)


def _extended(items: list[Any], given: list[Any]) -> None:
    items.extend(given[0])
    if len(items) > LONGEST:
        raise NotUnderstood("too long")


_OF_DICT: dict[str, Callable[[dict[Any, Any], list[Any]], Any]] = {
    "setdefault": lambda table, given: table.setdefault(given[0], given[1] if len(given) > 1 else None),
    "get": lambda table, given: table.get(given[0], given[1] if len(given) > 1 else None),
    "update": lambda table, given: table.update(given[0]),
    "pop": _pop,
    "items": lambda table, given: list(table.items()),
    "keys": lambda table, given: list(table),
    "values": lambda table, given: list(table.values()),
    "copy": lambda table, given: dict(table),
}
_OF_LIST: dict[str, Callable[[list[Any], list[Any]], Any]] = {
    "append": lambda items, given: items.append(given[0]),
    "extend": _extended,
    "insert": lambda items, given: items.insert(given[0], given[1]),
    "remove": lambda items, given: items.remove(given[0]),
    "pop": _pop,
}
_OF_TEXT: dict[str, Callable[[str, list[Any]], Any]] = {
    "replace": lambda text, given: text.replace(given[0], given[1]) if given[0] else text,
    "strip": lambda text, given: text.strip(),
    "rstrip": lambda text, given: text.rstrip(),
    "encode": lambda text, given: text,
    "startswith": lambda text, given: text.startswith(given[0]),
    "endswith": lambda text, given: text.endswith(given[0]),
    "lower": lambda text, given: text.lower(),
}

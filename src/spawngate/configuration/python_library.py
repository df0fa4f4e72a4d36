"""What the modules and types of Python do in short scripts that change configuration: json, os, pathlib, open, and the
methods of dictionaries, lists and texts.

Belongs here: functions and methods by name, over values of our own. Must not be here: syntax
(`configuration.python_code`). Whatever is not named here is refused.
"""

import ast
import json
from collections.abc import Callable, Sequence
from typing import Any

from spawngate.configuration.files import MISSING, Content, Files, Missing, Unknown, joined

MOST_STEPS = 40_000
"""Steps of one script; work on a text costs a step for every 512 characters."""
LONGEST = 1 << 20
"""Characters of a text that is put together."""
MOST_ITEMS = 10_000
"""Items of a list."""


class NotUnderstood(Exception):
    """The script holds what is not computed here, or would fail."""


class ScriptPath:
    """A path of the script."""

    def __init__(self, text: str) -> None:
        self.text = text


class Handle:
    """An open file of the script."""

    def __init__(self, at: str, mode: str) -> None:
        self.at = at
        self.mode = mode
        self.parts: list[str] = []
        self.dirty = "w" in mode or "x" in mode
        """Something is to be written: opening a file to write it makes it empty."""
        self.cut = "r" not in mode
        """What was behind the new text is gone."""

    @property
    def writes(self) -> bool:
        """Whether the script may write to it."""
        return any(letter in self.mode for letter in "wax+")


class Module:
    def __init__(self, name: str) -> None:
        self.name = name


class Library:
    """Functions and methods, with the files that they read and write."""

    def __init__(self, files: Files, cwd: str, arguments: Sequence[str]) -> None:
        self.files = files
        self.cwd = cwd
        self.names: dict[str, Any] = {}
        self.steps = 0
        self.printed: Content = b""
        self.open: list[Handle] = []
        self.arguments = [word for word in arguments if word != "-"]

    def step(self, characters: int = 0) -> None:
        """Counts one step, and the work on so many characters."""
        self.steps += 1 + characters // 512
        if self.steps > MOST_STEPS:
            raise NotUnderstood("too long")

    def value(self, node: ast.expr) -> Any:
        """The value of an expression; given by whoever walks the syntax."""
        raise NotImplementedError

    def text(self, value: Any) -> str:
        if isinstance(value, ScriptPath):
            return value.text
        if isinstance(value, str | int) and len(str(value)) < LONGEST:
            return str(value)
        raise NotUnderstood("text")

    def function(self, name: str, given: list[Any], node: ast.Call) -> Any:
        match name, given:
            case "open", [path, *mode]:
                keywords = {item.arg: self.value(item.value) for item in node.keywords}
                return self.opened(self.path(path), str(mode[0] if mode else keywords.get("mode", "r")))
            case "print", _:
                return self.print(given, node)
            case "json.load", [Handle() as handle]:
                return json.loads(self.read(handle.at))
            case "json.loads", [str() as text]:
                self.step(len(text))
                return json.loads(text)
            case "json.dump", [value, Handle() as handle]:
                self.write(handle, self.dumped(value))
                return None
            case "json.dumps", [value]:
                return self.dumped(value)
            case (("os.path.expanduser" | "os.path.expandvars" | "os.path.abspath" | "os.path.realpath"), [path]):
                return self.path(path)
            case "os.path.join", [first, *rest]:
                text = self.path(first)
                for part in rest:
                    text = joined_path(text, self.path(part))
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
                    text = joined_path(text, self.path(part))
                return ScriptPath(text)
            case "Path.home" | "pathlib.Path.home", []:
                return ScriptPath("~")
            case "Path.cwd" | "pathlib.Path.cwd", []:
                return ScriptPath(self.cwd or ".")
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
        if isinstance(base, ScriptPath):
            return self.of_path(base, name, given)
        if isinstance(base, Handle):
            if name == "read" and not given:
                return self.read(base.at)
            if name == "write" and len(given) == 1:
                self.write(base, self.text(given[0]))
                return None
            if name in ("close", "flush", "truncate", "seek"):
                if name == "seek":
                    base.parts.clear()
                base.cut = base.cut or name == "truncate"
                return None
            raise NotUnderstood("method")
        if isinstance(base, dict) and name in _OF_DICT:
            if name == "update" and node.keywords:
                base.update({str(item.arg): self.value(item.value) for item in node.keywords if item.arg})
                return None
            return _OF_DICT[name](base, given)
        if isinstance(base, list) and name in _OF_LIST:
            return _OF_LIST[name](base, given)
        if isinstance(base, str) and name in _OF_TEXT and len(base) < 2 * LONGEST:
            self.step(len(base))
            found = _OF_TEXT[name](base, given)
            if isinstance(found, str) and len(found) > 2 * LONGEST:
                raise NotUnderstood("too long")
            return found
        raise NotUnderstood("method")

    def of_path(self, base: ScriptPath, name: str, given: list[Any]) -> Any:
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
                    text = joined_path(text, self.path(part))
                return ScriptPath(text)
            case "replace" | "rename", [other]:
                self.moved(base.text, self.path(other), keep=False)
                return None
        raise NotUnderstood("method")

    # -- files -------------------------------------------------------------------------------------------------

    def dumped(self, value: Any) -> str:
        text = json.dumps(value, indent=2)
        self.step(len(text))
        return text

    def path(self, value: Any) -> str:
        if isinstance(value, ScriptPath):
            return value.text
        if isinstance(value, str) and "\0" not in value:
            return value
        raise NotUnderstood("path")

    def opened(self, path: str, mode: str) -> Handle:
        handle = Handle(self.files.place(path, self.cwd), mode)
        if "a" in mode:
            old = self.content(handle.at)
            handle.parts = [] if isinstance(old, Missing) else [self.read(handle.at)]
        self.open.append(handle)
        return handle

    def content(self, at: str) -> Content:
        self.close()
        content = self.files.read(at)
        if isinstance(content, Unknown):
            raise NotUnderstood(content.reason)
        return content

    def read(self, at: str) -> str:
        content = self.content(at)
        if isinstance(content, bytes):
            self.step(len(content))
            return content.decode("utf-8")
        raise NotUnderstood("missing")

    def write(self, handle: Handle, text: str) -> None:
        if not handle.writes:
            raise NotUnderstood("mode")
        self.step(len(text))
        handle.parts.append(text)
        handle.dirty = True

    def close(self) -> None:
        """What open files hold is written."""
        for handle in self.open:
            if handle.dirty:
                if not handle.cut:
                    raise NotUnderstood("the rest of the file stays")
                handle.dirty = False
                self.files.write(handle.at, "".join(handle.parts).encode("utf-8", "surrogatepass"))

    def moved(self, one: str, other: str, *, keep: bool) -> None:
        origin = self.files.place(one, self.cwd)
        self.files.write(self.files.place(other, self.cwd), self.content(origin))
        if not keep:
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
        if isinstance(target, Handle):
            self.write(target, text)
        elif target is None:
            self.printed = joined(self.printed, text.encode("utf-8", "surrogatepass"))


def joined_path(one: str, other: str) -> str:
    return other if other.startswith(("/", "~")) else f"{one.rstrip('/')}/{other}"


def _pop(table: Any, given: list[Any]) -> Any:
    return table.pop(*given)


def _extended(items: list[Any], given: list[Any]) -> None:
    items.extend(given[0])
    if len(items) > MOST_ITEMS:
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

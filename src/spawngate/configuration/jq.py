"""The part of jq that people change configuration with: paths, assignments, `del`, merging, literals and variables.

Belongs here: reading such a program and running it over a value.
Must not be here: jq's command line (`configuration.shell`), files.
Source: the jq 1.7 manual, sections "Basic filters", "Assignment", "Object construction"
(https://jqlang.org/manual/), read 2026-11. Whatever else jq knows is refused, never guessed. `yq` of mikefarah shares
this part of the language.
"""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from spawngate.configuration.jq_values import NotUnderstood, Step, add, delete, get, merge, put, subtract

__all__ = ["NotUnderstood", "run"]

Filter = Callable[[Any], Any]
MOST_TOKENS = 4_000
DEEPEST = 60
_TOKEN = re.compile(
    r"\s+|#[^\n]*"
    r"|(?P<string>\"(?:[^\"\\]|\\.)*\")"
    r"|(?P<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)"
    r"|(?P<variable>\$[A-Za-z_]\w*)"
    r"|(?P<field>\.[A-Za-z_][\w]*)"
    r"|(?P<name>[A-Za-z_][\w]*)"
    r"|(?P<op>\|=|\+=|-=|\*=|//=|//|==|!=|[.|=+*(){}\[\],:;?-])"
)


def run(program: str, value: Any, variables: Mapping[str, Any] | None = None) -> Any:
    """The one result of a program over a value. Raises NotUnderstood."""
    try:
        return _Parser(program, variables or {}).whole()(value)
    except (RecursionError, TypeError, ValueError, KeyError, IndexError, AttributeError) as error:
        raise NotUnderstood(type(error).__name__) from None


def _tokens(text: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None or len(found) > MOST_TOKENS:
            raise NotUnderstood("token")
        at = match.end()
        if match.lastgroup:
            found.append((match.lastgroup, match[0]))
    return found


class _Path:
    """A path expression: reads a value, and can be assigned to."""

    __slots__ = ("steps",)

    def __init__(self, steps: tuple[Step, ...]) -> None:
        self.steps = steps

    def __call__(self, value: Any) -> Any:
        for step in self.steps:
            value = get(value, step)
        return value


class _Parser:
    def __init__(self, text: str, variables: Mapping[str, Any]) -> None:
        self.tokens = _tokens(text)
        self.at = 0
        self.depth = 0
        self.variables = variables

    def whole(self) -> Filter:
        if not self.tokens:
            return lambda value: value
        found = self.pipe()
        if self.at < len(self.tokens):
            raise NotUnderstood("rest")
        return found

    def peek(self) -> str:
        return self.tokens[self.at][1] if self.at < len(self.tokens) else ""

    def kind(self) -> str:
        return self.tokens[self.at][0] if self.at < len(self.tokens) else ""

    def take(self) -> str:
        text = self.peek()
        if not text:
            raise NotUnderstood("end")
        self.at += 1
        return text

    def expect(self, text: str) -> None:
        if self.take() != text:
            raise NotUnderstood("syntax")

    def pipe(self) -> Filter:
        self.depth += 1
        if self.depth > DEEPEST:
            raise NotUnderstood("too deep")
        left = self.alternative()
        while self.peek() == "|":
            self.take()
            left = _then(left, self.alternative())
        self.depth -= 1
        return left

    def assignment(self) -> Filter:
        left = self.sum()
        operator = self.peek()
        if operator not in ("=", "|=", "+=", "-=", "*=", "//="):
            return left
        self.take()
        if not isinstance(left, _Path):
            raise NotUnderstood("assign")
        return _assign(left, operator, self.sum())

    def alternative(self) -> Filter:
        """Binds weaker than an assignment: `.a = .b // 1` is `(.a = .b) // 1`."""
        left = self.assignment()
        if self.peek() == "//":
            self.take()
            return _alternative(left, self.alternative())
        return left

    def sum(self) -> Filter:
        left = self.product()
        while self.peek() in ("+", "-"):
            operation = add if self.take() == "+" else subtract
            left = _both(left, self.product(), operation)
        return left

    def product(self) -> Filter:
        left = self.term()
        while self.peek() == "*":
            self.take()
            left = _both(left, self.term(), merge)
        return left

    def term(self) -> Filter:
        kind, text = self.kind(), self.take()
        found: Filter
        if kind == "string":
            found = _constant(_text(text))
        elif kind == "number":
            found = _constant(json.loads(text))
        elif kind == "variable":
            if text[1:] not in self.variables:
                raise NotUnderstood("variable")
            found = _constant(self.variables[text[1:]])
        elif kind == "field":
            found = _Path((text[1:],))
        elif text == ".":
            found = _Path((_text(self.take()),) if self.kind() == "string" else ())
        elif text == "(":
            found = self.pipe()
            self.expect(")")
        elif text == "{":
            return self.table()
        elif text == "[":
            return self.items()
        else:
            return self.word(text)
        return self.path(found)

    def path(self, base: Filter) -> Filter:
        """What follows a path or value: `.a`, `["a"]`, `[0]`, `?`."""
        while True:
            if self.kind() == "field":
                base = _step(base, self.take()[1:])
            elif self.peek() == "." and self.at + 1 < len(self.tokens) and self.tokens[self.at + 1][0] == "string":
                self.take()
                base = _step(base, _text(self.take()))
            elif self.peek() == "[":
                self.take()
                base = _step(base, self.key())
                self.expect("]")
            elif self.peek() == "?":
                self.take()
            else:
                return base

    def key(self) -> Step:
        kind, text = self.kind(), self.take()
        if kind == "string":
            return _text(text)
        if kind == "number" and re.fullmatch(r"-?\d{1,6}", text):
            return int(text)
        if kind == "variable":
            value = self.variables.get(text[1:])
            if isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool)):
                return value
        raise NotUnderstood("key")

    def word(self, text: str) -> Filter:
        if text in ("true", "false", "null"):
            return _constant({"true": True, "false": False, "null": None}[text])
        if text == "empty":
            raise NotUnderstood("empty")
        if text == "del":
            self.expect("(")
            paths = [self.pipe()]
            while self.peek() == ",":
                self.take()
                paths.append(self.pipe())
            self.expect(")")
            steps = [path.steps for path in paths if isinstance(path, _Path)]
            if len(steps) != len(paths):
                raise NotUnderstood("delete")
            return _deleting(sorted(steps, key=len, reverse=True))
        if text in ("setpath", "delpaths"):
            self.expect("(")
            where = self.pipe()(None)
            new = None
            if text == "setpath":
                self.expect(";")
                new = self.pipe()
            self.expect(")")
            if new is not None:
                return _assign(_Path(tuple(_steps(where))), "=", new)
            return _deleting(sorted((tuple(_steps(path)) for path in where), key=len, reverse=True))
        if text == "tojson":
            return lambda value: json.dumps(value)
        if text == "fromjson":
            return json.loads
        raise NotUnderstood("name")

    def table(self) -> Filter:
        pairs: list[tuple[Filter, Filter]] = []
        while self.peek() != "}":
            kind, text = self.kind(), self.take()
            if kind == "string":
                key: Filter = _constant(_text(text))
            elif kind == "name":
                key = _constant(text)
            elif kind == "variable":
                if text[1:] not in self.variables:
                    raise NotUnderstood("variable")
                key = _constant(text[1:]) if self.peek() in (",", "}") else _constant(self.variables[text[1:]])
                if self.peek() in (",", "}"):
                    pairs.append((key, _constant(self.variables[text[1:]])))
                    self._comma()
                    continue
            elif text == "(":
                key = self.pipe()
                self.expect(")")
            else:
                raise NotUnderstood("key")
            if self.peek() == ":":
                self.take()
                pairs.append((key, self.alternative()))
            else:
                pairs.append((key, _Path((str(key(None)),))))
            self._comma()
        self.expect("}")
        return lambda value: {_name(key(value)): item(value) for key, item in pairs}

    def _comma(self) -> None:
        if self.peek() == ",":
            self.take()
        elif self.peek() != "}":
            raise NotUnderstood("table")

    def items(self) -> Filter:
        found: list[Filter] = []
        while self.peek() != "]":
            found.append(self.alternative())
            if self.peek() == ",":
                self.take()
            elif self.peek() != "]":
                raise NotUnderstood("items")
        self.expect("]")
        return lambda value: [item(value) for item in found]


def _name(value: Any) -> str:
    if not isinstance(value, str):
        raise NotUnderstood("key")
    return value


def _steps(value: Any) -> list[Step]:
    if isinstance(value, list) and all(isinstance(step, str | int) and not isinstance(step, bool) for step in value):
        return value
    raise NotUnderstood("path")


def _text(token: str) -> str:
    if "\\(" in token:
        raise NotUnderstood("interpolation")
    found = json.loads(token)
    return _name(found)


def _constant(value: Any) -> Filter:
    return lambda _: value


def _then(one: Filter, other: Filter) -> Filter:
    if isinstance(one, _Path) and isinstance(other, _Path):
        return _Path(one.steps + other.steps)
    return lambda value: other(one(value))


def _both(one: Filter, other: Filter, operation: Callable[[Any, Any], Any]) -> Filter:
    return lambda value: operation(one(value), other(value))


def _alternative(one: Filter, other: Filter) -> Filter:
    def found(value: Any) -> Any:
        first = one(value)
        return other(value) if first is None or first is False else first

    return found


def _step(base: Filter, step: Step) -> Filter:
    if isinstance(base, _Path):
        return _Path((*base.steps, step))
    return lambda value: get(base(value), step)


def _deleting(paths: list[tuple[Step, ...]]) -> Filter:
    def found(value: Any) -> Any:
        for steps in paths:
            value = delete(value, steps)
        return value

    return found


def _assign(path: _Path, operator: str, right: Filter) -> Filter:
    def found(value: Any) -> Any:
        here = path(value)
        if operator == "=":
            new = right(value)
        elif operator == "|=":
            new = right(here)
        elif operator == "//=":
            new = right(value) if here is None or here is False else here
        else:
            operation = {"+=": add, "-=": subtract, "*=": merge}[operator]
            new = operation(here, right(value))
        return put(value, path.steps, new)

    return found

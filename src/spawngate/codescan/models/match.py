"""Comparison of a model with a piece of code: does this call match, and which expressions are its slots.

Belongs here: targets against what is known of a call, conditions, and the selection of expressions.
Must not be here: finding out what a name or an object is (`names`, and the engine's own resolution).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Generic, TypeVar

from spawngate.codescan import ir
from spawngate.codescan.models.model import Condition, Path, Rest, Root, Selector, Target
from spawngate.codescan.models.patterns import found

T = TypeVar("T")
_PARTS = re.compile(r"[.#]|::")
Picked = tuple[ir.Expression, Path]
"""An expression, and the path that is still to be asked of it."""


@dataclass(frozen=True, slots=True)
class Callee:
    """What is known of the thing that is called, read, or stands as a decorator."""

    names: tuple[str, ...] = ()
    """Qualified names it may have, the likeliest first."""
    member: str = ""
    """Name of the method or attribute, "" when it is none."""
    classes: tuple[str, ...] | None = None
    """Qualified classes of the object, bases included; None where nothing is known of it."""
    receiver: str = ""
    """Last name of the object as written: `router` of `self.router.get`, `input` of `procedure.input(s).mutation`."""
    imports: frozenset[str] = frozenset()
    """Qualified names and modules that the file imports."""


class Index(Generic[T]):
    """Models by the last name of what they match, so that a call is compared with few."""

    def __init__(self, pairs: Iterable[tuple[Target, T]]) -> None:
        self._names: dict[str, list[tuple[str, Target, T]]] = {}
        self._members: dict[str, list[tuple[Target, T]]] = {}
        for target, model in pairs:
            for name in target.names:
                self._names.setdefault(last_part(name), []).append((name, target, model))
            for member in target.members:
                self._members.setdefault(member, []).append((target, model))

    def find(self, callee: Callee, call: ir.Call | None = None) -> tuple[T, ...]:
        """Models that match, those named in full first; each once. Conditions hold only for a call."""
        found: list[T] = []
        for name in callee.names:
            for wanted, target, model in self._names.get(last_part(name), ()):
                same = name == wanted or ("*" in wanted and fnmatchcase(name, wanted))
                if same and _holds(target, call) and model not in found:
                    found.append(model)
        if callee.member:
            for target, model in self._members.get(callee.member, ()):
                if model not in found and _is_object(target, callee) and _holds(target, call):
                    found.append(model)
        return tuple(found)

    def words(self) -> frozenset[str]:
        """Last names that anything here ends in."""
        return frozenset((*self._names, *self._members))

    def of(self, word: str) -> tuple[tuple[Target, T], ...]:
        """Models that end in a name."""
        named = ((target, model) for _, target, model in self._names.get(word, ()))
        return (*named, *self._members.get(word, ()))

    def may_match(self, *names: str) -> bool:
        """Whether anything at all ends in one of these names: the cheap question to ask first."""
        return any(name in self._names or name in self._members for name in names)


def last_part(name: str) -> str:
    """`StdioServerParameters` of `mcp.client.stdio.StdioServerParameters`."""
    return _PARTS.split(name)[-1]


def _is_object(target: Target, callee: Callee) -> bool:
    if not (target.on or target.hints or target.receivers):
        return True  # by its arguments alone
    if callee.classes is not None:
        return any(fnmatchcase(name, wanted) for wanted in target.on for name in callee.classes)
    if target.receivers and callee.receiver.lower().lstrip("_") not in target.receivers:
        return False
    if target.hints and not any(_within(name, hint) for hint in target.hints for name in callee.imports):
        return False
    return bool(target.receivers or target.hints)


def _within(name: str, prefix: str) -> bool:
    return name.startswith(prefix) and (len(name) == len(prefix) or prefix[-1] in "#/" or name[len(prefix)] in ".#:/")


def _holds(target: Target, call: ir.Call | None) -> bool:
    if not target.where:
        return True
    return call is not None and all(_condition(condition, call) for condition in target.where)


def _condition(condition: Condition, call: ir.Call) -> bool:
    picked = select(call, condition.at)
    if condition.absent:
        return bool(picked) == condition.negated
    holds = any(not path and _is(condition, expression) for expression, path in picked)
    return holds != condition.negated


def _is(condition: Condition, expression: ir.Expression) -> bool:
    if condition.shape:
        return shape_of(expression) == condition.shape
    if not isinstance(expression, ir.Literal):
        return False
    value = expression.value
    if condition.pattern:
        return isinstance(value, str) and found(condition.pattern, value)
    text = str(value).lower() if isinstance(value, bool) or value is None else str(value)
    return text in condition.literals


def shape_of(expression: ir.Expression) -> str:
    """`function`, `text`, `number`, `list`, `object`, `call`, or "" for anything else."""
    match expression:
        case ir.Closure():
            return "function"
        case ir.Literal(value=str()) | ir.Format():
            return "text"
        case ir.Literal(value=bool()):
            return ""
        case ir.Literal(value=int() | float()):
            return "number"
        case ir.Sequence():
            return "list"
        case ir.Record():
            return "object"
        case ir.Call():
            return "call"
        case _:
            return ""


def select(call: ir.Call, selector: Selector) -> tuple[Picked, ...]:
    """The expressions of a call that a selector means, each with what is left of the path.

    Empty when the call does not have that part. `result` selects nothing: it is the call itself.
    """
    if selector.root is Root.RESULT:
        return ()
    if selector.root is Root.RECEIVER:
        callee = call.callee
        return _down(callee.base, selector.path) if isinstance(callee, ir.Attribute) else ()
    if selector.root is Root.KEYWORDS:
        return _keywords(call, selector.path)
    out: list[Picked] = []
    for expression, path in _arguments(call, selector):
        out.extend(_down(expression, path))
    return tuple(out)


def _keywords(call: ir.Call, path: Path) -> tuple[Picked, ...]:
    wanted, rest = (path[0], path[1:]) if path else ("*", ())
    out: list[Picked] = []
    for argument in call.args:
        if argument.spread == "**":
            out.extend(_down(argument.value, path))
        elif argument.name and wanted in ("*", argument.name):
            out.extend(_down(argument.value, rest))
    return tuple(out)


def _arguments(call: ir.Call, selector: Selector) -> list[Picked]:
    positional = [argument for argument in call.args if not argument.name and argument.spread != "**"]
    out: list[Picked] = []
    if selector.index is not None:
        index = selector.index if selector.index >= 0 else selector.index + len(positional)
        for place, argument in enumerate(positional):
            if argument.spread:
                if place <= index or selector.rest:
                    start = max(index - place, 0)
                    out.append((argument.value, ((Rest(start) if selector.rest else start), *selector.path)))
                    if not selector.rest:
                        break
            elif place == index or (selector.rest and place > index):
                out.append((argument.value, selector.path))
                if not selector.rest:
                    break
    if selector.keyword and not out:
        for argument in call.args:
            if argument.name == selector.keyword:
                return [(argument.value, selector.path)]
        rest = (selector.keyword, *selector.path)
        out.extend((argument.value, rest) for argument in call.args if argument.spread == "**")
    return out


def _down(expression: ir.Expression, path: Path) -> tuple[Picked, ...]:
    """Follows a path into what is written here; what is not written out keeps the rest of the path."""
    todo: list[Picked] = [(expression, path)]
    out: list[Picked] = []
    while todo:
        here, left = todo.pop()
        if isinstance(here, ir.Cast):
            todo.append((here.value, left))
        elif isinstance(here, ir.Join):
            todo.extend((branch, left) for branch in reversed(here.branches))
        elif not left:
            out.append((here, left))
        elif isinstance(here, ir.Record):
            todo.extend(reversed(_entries(here, left)))
        elif isinstance(here, ir.Sequence):
            todo.extend(reversed(_items(here, left)))
        elif isinstance(here, ir.Literal):
            continue
        else:
            out.append((here, left))
    return tuple(out)


def _entries(record: ir.Record, path: Path) -> list[Picked]:
    wanted, rest = path[0], path[1:]
    named: list[Picked] = []
    spread: list[Picked] = []
    for entry in record.entries:
        if entry.key is None:
            spread.append((entry.value, path))
        elif wanted == "*" or (isinstance(entry.key, ir.Literal) and str(entry.key.value) == str(wanted)):
            named.append((entry.value, rest))
        elif not isinstance(entry.key, ir.Literal):
            spread.append((entry.value, rest))
    return [*named, *spread] if wanted == "*" or not named else named


def _items(sequence: ir.Sequence, path: Path) -> list[Picked]:
    wanted, rest = path[0], path[1:]
    if isinstance(wanted, str) and wanted != "*":
        return []
    out: list[Picked] = []
    spread_before = False
    for place, item in enumerate(sequence.items):
        if isinstance(item, ir.Spread):
            spread_before = True
            out.append((item.value, ("*", *rest)))
        elif isinstance(wanted, Rest):
            if place >= wanted.start or spread_before:
                out.append((item, rest))
        elif wanted == "*" or wanted == place or spread_before:
            out.append((item, rest))
    return out

"""Which functions are handlers by their models, and which of their parameters come from outside.

Belongs here: the comparison of a function with `Handler` and `ParamPick`. Must not be here: finding the function that a
registration names, and classes of objects: the engine hands them in.
"""

from collections.abc import Callable, Iterable, Sequence
from fnmatch import fnmatchcase
from typing import Generic, TypeVar

from spawngate.codescan import ir
from spawngate.codescan.models.match import Callee, Index, last_part
from spawngate.codescan.models.model import Handler, ParamPick, Path, Selector

T = TypeVar("T")
Mark = tuple[Callee, ir.Call | None]
"""A decorator: what is known of it, and the call if it is written as one."""
_NOT_ELEMENTS = ("|", "[]", "Literal")


class HandlerIndex(Generic[T]):
    """Handlers by what makes a function one."""

    def __init__(self, pairs: Iterable[tuple[Handler, T]]) -> None:
        all_pairs = list(pairs)
        self._decorators = Index(
            (target, (handler, model))
            for handler, model in all_pairs
            if not handler.class_decorators and not handler.bases
            for target in handler.decorators
        )
        self._registered = Index(
            (target, (at, model)) for handler, model in all_pairs for target in handler.registered for at in handler.at
        )
        self._classes = [(handler, model) for handler, model in all_pairs if handler.bases or handler.class_decorators]
        self._class_marks = {
            id(handler): Index((target, True) for target in handler.class_decorators) for handler, _ in self._classes
        }
        self._method_marks = {
            id(handler): Index((target, True) for target in handler.decorators) for handler, _ in self._classes
        }
        self._files = [(handler, model) for handler, model in all_pairs if handler.files]
        self._directives = [(handler, model) for handler, model in all_pairs if handler.directive]

    def of_function(
        self,
        function: ir.Function,
        marks: Sequence[Mark],
        class_marks: Sequence[Mark] = (),
        bases: Sequence[str] = (),
        path: str = "",
        *,
        method: bool = False,
        directives: Sequence[str] = (),
    ) -> tuple[T, ...]:
        """Models whose handler this function is, by its marks, its class or its file.

        `bases`: qualified names of the base classes, theirs included. `path`: the file's, with `/`. `directives`: of the
        file (`directives_of` its body); the function's own are read here.
        """
        found: list[T] = []
        for callee, call in marks:
            for _, model in self._decorators.find(callee, call):
                if model not in found:
                    found.append(model)
        if method:
            for handler, model in self._classes:
                if model not in found and self._in_class(handler, function, marks, class_marks, bases):
                    found.append(model)
        elif path:
            for handler, model in self._files:
                if (
                    function.exported
                    and any(fnmatchcase(f"/{path}", f"*/{glob}") for glob in handler.files)
                    and (not handler.exports or function.name in handler.exports)
                ):
                    found.append(model)
            if self._directives:
                own = directives_of(function.body)
                for handler, model in self._directives:
                    if handler.directive in own or (function.exported and handler.directive in directives):
                        found.append(model)
        return tuple(found)

    def registered(self, callee: Callee, call: ir.Call) -> tuple[tuple[Selector, T], ...]:
        """Where in a call functions stand that become handlers by it."""
        return self._registered.find(callee, call)

    def may_register(self, name: str) -> bool:
        """Whether a call that ends in this name could register anything."""
        return self._registered.may_match(name)

    def _in_class(
        self,
        handler: Handler,
        function: ir.Function,
        marks: Sequence[Mark],
        class_marks: Sequence[Mark],
        bases: Sequence[str],
    ) -> bool:
        is_class = any(fnmatchcase(name, wanted) for wanted in handler.bases for name in bases) or any(
            self._class_marks[id(handler)].find(callee, call) for callee, call in class_marks
        )
        if not is_class:
            return False
        if handler.decorators:
            return any(self._method_marks[id(handler)].find(callee, call) for callee, call in marks)
        if handler.methods:
            return function.name in handler.methods
        return not function.name.startswith("_")


def directives_of(body: Sequence[ir.Statement]) -> tuple[str, ...]:
    """Texts that stand alone at the beginning of a file or function: `use server`."""
    out: list[str] = []
    for statement in body:
        if not isinstance(statement, ir.Evaluate) or not isinstance(statement.value, ir.Literal):
            break
        out.append(str(statement.value.value))
    return tuple(out)


def picked_params(
    function: ir.Function, picks: Iterable[ParamPick], qualified: Callable[[str], Sequence[str]]
) -> tuple[tuple[ir.Param, Path], ...]:
    """Parameters that come from outside, and which part of each.

    `qualified`: names that a type or mark as written may have; its last part counts as well.
    """
    params = [param for param in function.params if param.name not in ("self", "cls", "this")]
    out: list[tuple[ir.Param, Path]] = []
    for pick in picks:
        for place, param in enumerate(params):
            if not _is_picked(pick, place, param, qualified):
                continue
            out.extend((param, path) for path in pick.paths if (param, path) not in out)
    return tuple(out)


def _is_picked(pick: ParamPick, place: int, param: ir.Param, qualified: Callable[[str], Sequence[str]]) -> bool:
    if pick.index is not None and not (place == pick.index or (pick.rest and place > pick.index)):
        return False
    if (pick.names and param.name not in pick.names) or param.name in pick.not_names:
        return False
    marks = _marks(param, qualified)
    if (pick.unmarked and param.decorators) or (pick.marks and not _any_of(marks, pick.marks)):
        return False
    if _any_of(marks, pick.not_marks):
        return False
    types = _types(param.type, qualified)
    return not (pick.types and not _any_of(types, pick.types)) and not _any_of(types, pick.not_types)


def _any_of(names: Iterable[str], wanted: Sequence[str]) -> bool:
    """Whether one of the names is one of those wanted; a wanted last part alone matches any with that end."""
    if not wanted:
        return False
    return any(
        name == each or (last_part(each) == each and last_part(name) == each) for name in names for each in wanted
    )


def _types(type_: ir.Type | None, qualified: Callable[[str], Sequence[str]]) -> list[str]:
    out: list[str] = []
    todo = [type_] if type_ is not None else []
    while todo:
        here = todo.pop()
        if here.name not in _NOT_ELEMENTS:
            out.append(here.name)
            out.extend(qualified(here.name))
        todo.extend(here.args)
    return out


def _marks(param: ir.Param, qualified: Callable[[str], Sequence[str]]) -> list[str]:
    """Names of annotations on the parameter, of its default's call, and of calls in its type (`Annotated`)."""
    out: list[str] = []
    default = [param.default] if param.default is not None else []
    for expression in (*param.decorators, *default):
        here = expression.callee if isinstance(expression, ir.Call) else expression
        text = _dotted(here)
        if text and (isinstance(expression, ir.Call) or expression in param.decorators):
            out.append(text)
            out.extend(qualified(text))
    return out


def _dotted(expression: ir.Expression) -> str:
    parts: list[str] = []
    while isinstance(expression, ir.Attribute):
        parts.append(expression.name)
        expression = expression.base
    return ".".join([expression.id, *reversed(parts)]) if isinstance(expression, ir.Name) else ""

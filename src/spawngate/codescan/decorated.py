"""What the decorators of a TypeScript parameter say: who makes its value, and what a pipe or a type lets through.

Belongs here: NestJS pipes and custom decorators of parameters, types that GraphQL enforces. Not here: schemas of bodies
(`schemas`), which decorators make a function a handler (`models`).

Sources: the manuals of NestJS 11 (Pipes, Custom decorators), type-graphql 2 and @nestjs/graphql (Arguments).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from spawngate.codescan import ir
from spawngate.codescan.definitions import ClassInfo, FunctionInfo
from spawngate.codescan.meanings import Value
from spawngate.codescan.walk import last_name

if TYPE_CHECKING:
    from spawngate.codescan.calls import Calls

_PIPES = frozenset(
    ["ParseIntPipe", "ParseFloatPipe", "ParseBoolPipe", "ParseUUIDPipe", "ParseDatePipe", "ParseEnumPipe"]
)
_TYPES = frozenset(["Int", "Float", "Boolean", "Number", "Date", "GraphQLInt", "GraphQLFloat", "GraphQLBoolean"])
_MAKERS = frozenset(["createParamDecorator", "createParameterDecorator", "createMethodMiddlewareDecorator"])


def is_closed(calls: Calls, param: ir.Param, function: FunctionInfo) -> bool:
    """By a decorator the parameter is a number, a truth value or one of an enum's constants; no text of the sender."""
    for mark in param.decorators:
        for argument in mark.args if isinstance(mark, ir.Call) else ():
            if any(_closes(calls, each, function) for each in _told(argument.value, function)):
                return True
    return False


def _told(node: ir.Expression, function: FunctionInfo) -> Iterator[ir.Expression]:
    """A pipe or a type as it is given: itself, made with `new`, returned by `() => Type`, under `type:` or `pipes:`."""
    if isinstance(node, ir.Record):
        for entry in node.entries:
            if isinstance(entry.key, ir.Literal) and entry.key.value in ("type", "validate"):
                yield from _told(entry.value, function)
    elif isinstance(node, ir.Closure):
        for each in node.function.body:
            if isinstance(each, ir.Return) and each.value is not None:
                yield each.value
    elif isinstance(node, ir.Call):
        yield node.callee
    else:
        yield node


def _closes(calls: Calls, node: ir.Expression, function: FunctionInfo) -> bool:
    name = last_name(node)
    if name in _PIPES or name in _TYPES:
        return True
    return any(
        isinstance(each, ClassInfo) and each.kind == "enum"
        for each in calls.resolver.chain(node, function.parent or function.module.top)
    )


def makers(calls: Calls, param: ir.Param, function: FunctionInfo) -> Iterator[FunctionInfo]:
    """Functions of the project whose result is the parameter: `Spec = createParamDecorator((data, ctx) => ..)`."""
    top = function.module.top
    for mark in param.decorators:
        named = mark.callee if isinstance(mark, ir.Call) else mark
        for meaning in calls.resolver.chain(named, top):
            if not isinstance(meaning, Value):
                continue
            for each in meaning.module.assigned.get(meaning.name, ()):
                made = each.value
                if isinstance(made, ir.Call) and last_name(made.callee) in _MAKERS and made.args:
                    given = calls.callables.of(made.args[0].value, meaning.module.top)
                    yield from (one for one in given if isinstance(one, FunctionInfo))

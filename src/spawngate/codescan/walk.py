"""Walking over the intermediate representation without recursion.

Belongs here: which nodes stand directly in a node, and the orders to visit them. Not here: what they mean.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from operator import attrgetter
from typing import Any

from spawngate.codescan import ir


def parts(node: ir.Expression) -> tuple[ir.Expression, ...]:
    """Expressions that stand directly in an expression, in order of evaluation. A closure's body is not among them."""
    return _PARTS[type(node)](node)


def _of_call(node: ir.Call) -> tuple[ir.Expression, ...]:
    return (node.callee, *[argument.value for argument in node.args])


def _of_index(node: ir.Index) -> tuple[ir.Expression, ...]:
    return (node.base,) if node.key is None else (node.base, node.key)


def _of_record(node: ir.Record) -> tuple[ir.Expression, ...]:
    out: list[ir.Expression] = []
    for entry in node.entries:
        if entry.key is not None:
            out.append(entry.key)
        out.append(entry.value)
    return tuple(out)


def _of_join(node: ir.Join) -> tuple[ir.Expression, ...]:
    return node.branches if node.test is None else (node.test, *node.branches)


def _of_comprehension(node: ir.Comprehension) -> tuple[ir.Expression, ...]:
    inner = [each for clause in node.clauses for each in (clause.iterable, clause.target, *clause.conditions)]
    return (*inner, node.value) if node.key is None else (*inner, node.key, node.value)


_PARTS: dict[type, Callable[[Any], tuple[ir.Expression, ...]]] = {
    ir.Name: lambda _: (),
    ir.Literal: lambda _: (),
    ir.Closure: lambda _: (),
    ir.Attribute: lambda node: (node.base,),
    ir.Call: _of_call,
    ir.Index: _of_index,
    ir.Sequence: attrgetter("items"),
    ir.Record: _of_record,
    ir.Join: _of_join,
    ir.Format: attrgetter("parts"),
    ir.Operation: attrgetter("operands"),
    ir.Spread: lambda node: (node.value,),
    ir.Cast: lambda node: (node.value,),
    ir.Comprehension: _of_comprehension,
    ir.Unknown: attrgetter("parts"),
}
"""By kind of node: it is asked a million times in a scan, and a `match` tries the kinds one after the other."""


def inside(node: ir.Expression) -> Iterator[ir.Expression]:
    """An expression and everything in it, outer first; closures are yielded and not entered."""
    todo = [node]
    while todo:
        here = todo.pop()
        yield here
        todo.extend(reversed(parts(here)))


def expressions(statement: ir.Statement) -> tuple[ir.Expression, ...]:
    """Expressions that stand directly in a statement; those of its inner statements are not among them."""
    match statement:
        case ir.Assign():
            out = (statement.target, *statement.decorators)
            return out if statement.value is None else (statement.value, *out)
        case ir.Evaluate() | ir.Export():
            return (statement.value,)
        case ir.If():
            return (statement.test,)
        case ir.Loop():
            return tuple(each for each in (statement.iterable, statement.target, statement.test) if each is not None)
        case ir.Return() | ir.Raise():
            return () if statement.value is None else (statement.value,)
        case ir.Function():
            inner = [each for param in statement.params for each in (param.default, *param.decorators) if each]
            return (*statement.decorators, *inner)
        case ir.Class():
            return (*statement.decorators, *[argument.value for argument in statement.keywords])
        case _:
            return ()


def statements(statement: ir.Statement) -> tuple[ir.Statement, ...]:
    """Statements that stand in a statement's blocks; bodies of functions and classes are not among them."""
    match statement:
        case ir.If() | ir.Loop():
            return statement.body + statement.orelse
        case ir.Try():
            handled = [each for handler in statement.handlers for each in handler.body]
            return (*statement.body, *handled, *statement.orelse, *statement.final)
        case _:
            return ()


def nested(block: Iterable[ir.Statement]) -> Iterator[ir.Statement]:
    """Statements of a block and of the blocks in them, last ones first; not those of functions and classes."""
    todo = list(block)
    while todo:
        here = todo.pop()
        todo.extend(statements(here))
        yield here


def last_name(node: ir.Expression) -> str:
    """`get` of `self.router.get` and of `get`; "" where the expression ends in no name."""
    match node:
        case ir.Name():
            return node.id
        case ir.Attribute():
            return node.name
        case ir.Index(key=ir.Literal(value=str() as key)):
            return key
        case ir.Cast():
            return last_name(node.value)
        case _:
            return ""


def root_name(node: ir.Expression) -> str:
    """`self` of `self.router.get`; "" where the chain begins with no name."""
    while True:
        match node:
            case ir.Name():
                return node.id
            case ir.Attribute() | ir.Index():
                node = node.base
            case ir.Cast():
                node = node.value
            case _:
                return ""

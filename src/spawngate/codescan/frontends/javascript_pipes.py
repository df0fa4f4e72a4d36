"""Pipes of functions in JavaScript, lowered to the calls that they stand for.

Belongs here: `pipe(x, f, map(g))` of remeda, fp-ts, Effect and ramda, and `x$.pipe(map(g))` of RxJS. Not here: streams
(`a.pipe(b)`), schemas (`.pipe(z.number())`), which have no operators among their arguments.
Sources: remeda 2, fp-ts 2, Effect 3, RxJS 7 documentation.
"""

from __future__ import annotations

from spawngate.codescan import ir

_operator_words = """
map filter flatMap mergeMap switchMap concatMap exhaustMap tap forEach find reduce scan take takeUntil skip first last
distinctUntilChanged
debounceTime throttleTime catchError retry startWith shareReplay share finalize delay prop pick omit
sortBy uniq uniqBy values entries pluck pathOr chain andThen mapError catchAll toArray
"""
_OPERATORS = frozenset(_operator_words.split())
_SAME = {"mergeMap": "flatMap", "switchMap": "flatMap", "concatMap": "flatMap", "exhaustMap": "flatMap"}
_FIELDS = frozenset(["prop", "pluck"])


def piped(call: ir.Call) -> ir.Expression | None:
    """The value that a pipe of known steps gives; None for a call that is no such pipe."""
    callee = call.callee
    values = [argument.value for argument in call.args]
    if any(argument.spread for argument in call.args):
        return None
    if isinstance(callee, ir.Name) and callee.id == "pipe" and len(values) > 1:
        start, steps = values[0], values[1:]
        if isinstance(start, ir.Closure) or not any(_operator(step) for step in steps):
            return None
    elif isinstance(callee, ir.Attribute) and callee.name == "pipe" and values and all(map(_operator, values)):
        start, steps = callee.base, values
    else:
        return None
    for step in steps:
        start = _applied(start, step)
    return start


def _operator(step: ir.Expression) -> bool:
    return isinstance(step, ir.Call) and isinstance(step.callee, ir.Name) and step.callee.id in _OPERATORS


def _applied(value: ir.Expression, step: ir.Expression) -> ir.Expression:
    """One step: an operator is a method of what comes, everything else a function that is called with it."""
    at = step.line, step.column
    if isinstance(step, ir.Call) and isinstance(step.callee, ir.Name) and step.callee.id in _OPERATORS:
        name = step.callee.id
        first = step.args[0].value if step.args else None
        if name in _FIELDS and isinstance(first, ir.Literal) and isinstance(first.value, str):
            return ir.Attribute(*at, value, first.value)
        return ir.Call(*at, ir.Attribute(*at, value, _SAME.get(name, name)), step.args)
    return ir.Call(*at, step, (ir.Argument(*at, value),))

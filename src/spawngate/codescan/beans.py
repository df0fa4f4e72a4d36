"""Functions that Spring runs because they are beans: `@Bean Consumer<Order> orders() { return order -> ..; }`.

Belongs here: the source that such a function's parameter is: a message of a binding (Spring Cloud Function and Stream),
or what a model writes where the bean is described as a tool (Spring AI before 1.0). Must not be here: other handlers
(`models`). Sources: reference manuals of Spring Cloud Function 4, Spring Cloud Stream 4, Spring AI 1.0 M6.
"""

from __future__ import annotations

from spawngate.codescan import ir
from spawngate.codescan.definitions import FunctionInfo
from spawngate.codescan.finding import SourceKind
from spawngate.codescan.walk import last_name

_FUNCTIONS = frozenset(["Consumer", "Function", "BiFunction"])


def source(function: FunctionInfo) -> tuple[SourceKind, str] | None:
    """What the parameters of a function are that a method of a configuration returns as a bean; None for any other."""
    maker = function.parent
    if function.module.language != "java" or function.closure is None or maker is None or maker.node.returns is None:
        return None
    marks = {last_name(each.callee if isinstance(each, ir.Call) else each) for each in maker.node.decorators}
    if "Bean" not in marks or maker.node.returns.name.rpartition(".")[2] not in _FUNCTIONS:
        return None
    if "Description" in marks:
        return SourceKind.LLM, f"arguments that a model writes when it calls {maker.qualname}"
    return SourceKind.IPC, f"message of a binding: bean {maker.qualname}"

"""What is known at a place, as single facts: `x in {..}` held, `transport == "stdio"` did not.

Belongs here: conditions taken apart, checks in functions that are called, and in validators of classes. Not here: what
a fact is worth (`guards`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from spawngate.codescan import ir
from spawngate.codescan.calls import Calls
from spawngate.codescan.definitions import ClassInfo, FunctionInfo
from spawngate.codescan.flow import Condition
from spawngate.codescan.walk import last_name

MAX_DEPTH = 3
MAX_FACTS = 400
_VALIDATORS = frozenset(
    ["model_validator", "field_validator", "validator", "root_validator", "validates", "validates_schema", "pre_load"]
)
_OF_FIELDS = frozenset(["field_validator", "validator", "validates"])
"""Validators that are given the value of a field, whose name is in their decorator."""
_ANY = frozenset(["any", "some", "anyMatch"])
_ALL = frozenset(["all", "every", "allMatch"])
_MEMBER = frozenset(["includes", "has", "contains", "containsKey", "contains_key", "indexOf", "hasOwnProperty"])
_EQUAL = frozenset(["equals", "equalsIgnoreCase", "eq", "eq_ignore_ascii_case"])
_NEGATIONS = {"==": "!=", "in": "not in", "is": "is not"}


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that holds: `left op right`, or `left` is true (op "true") or false (op "false")."""

    op: str
    left: ir.Expression
    right: ir.Expression | None
    function: FunctionInfo
    """Where the names in it are seen."""
    either: bool = False
    """Only one of several alternatives: not known by itself."""
    when: ir.Expression | None = None
    """Known only where this held."""
    call: ir.Call | None = None
    """The call of the project's function that checks it."""
    caller: FunctionInfo | None = None
    """Where that call stands."""
    declared: bool = False
    """By the type of a field alone: worth something only where the launch is tied to that field."""
    leaves: bool = False
    """The other outcome leaves; False for a branch that was merely taken."""
    chain: tuple[tuple[ir.Call, FunctionInfo, FunctionInfo], ...] = ()
    """The calls that led into `function`, innermost first: each with the function around it and the one it enters."""


class Conditions:
    """Facts of one project."""

    def __init__(self, calls: Calls) -> None:
        self.calls = calls
        self.resolver = calls.resolver
        self.project = calls.project
        self._known: dict[tuple[Condition, FunctionInfo, int], tuple[Fact, ...]] = {}

    def facts(self, condition: Condition | None, function: FunctionInfo, depth: int = 0) -> Iterator[Fact]:
        """Facts of a chain of conditions, nearest first, those of functions that are called among them."""
        count = 0
        while condition is not None and count < MAX_FACTS:
            count += 1
            key = condition, function, depth
            known = self._known.get(key)
            if known is None:
                known = self._known[key] = tuple(self._of_one(condition, function, depth))
            yield from known
            condition = condition.before

    def _of_one(self, condition: Condition, function: FunctionInfo, depth: int) -> Iterator[Fact]:
        if condition.holds is None:
            yield from self._passed(condition.test, function, condition.when, depth)
            return
        for fact in self._facts(condition.test, condition.holds, function, condition.when, depth):
            yield replace(fact, leaves=True) if condition.left and not fact.leaves else fact

    def _passed(
        self, test: ir.Expression, function: FunctionInfo, when: ir.Expression | None, depth: int
    ) -> Iterator[Fact]:
        """A call returned: what its function checks before it returns holds."""
        if not isinstance(test, ir.Call):
            return
        yield Fact("returned", test, None, function, when=when, call=test)
        if depth >= MAX_DEPTH:
            return
        for reached in self.calls.reached(test, function)[:3]:
            target = reached.target
            if isinstance(target, FunctionInfo) and reached.cost <= 2:
                for fact in self.facts(self.project.flow(target).known, target, depth + 1):
                    if fact.op != "returned":
                        yield replace(fact, call=test, caller=function, chain=(*fact.chain, (test, function, target)))

    def _facts(
        self,
        test: ir.Expression,
        holds: bool,
        function: FunctionInfo,
        when: ir.Expression | None,
        depth: int,
    ) -> Iterator[Fact]:
        todo: list[tuple[ir.Expression, bool, bool]] = [(test, holds, False)]
        while todo:
            node, true, either = todo.pop()
            match node:
                case ir.Operation(op="not", operands=(inner,)):
                    todo.append((inner, not true, either))
                case ir.Operation(op="and"):
                    todo.extend((each, true, either or not true) for each in node.operands)
                case ir.Operation(op="or"):
                    todo.extend((each, true, either or true) for each in node.operands)
                case ir.Join(test=None):
                    todo.extend((each, true, either or true) for each in node.branches)
                case ir.Operation(operands=(left, right)):
                    op = node.op
                    if not true:
                        turned = {**_NEGATIONS, **{value: key for key, value in _NEGATIONS.items()}}
                        op = turned.get(op, f"not {op}")
                    yield Fact(op, left, right, function, either, when)
                case ir.Call():
                    yield from self._call(node, true, function, either, when, depth, todo)
                case ir.Cast():
                    todo.append((node.value, true, either))
                case _:
                    yield Fact("true" if true else "false", node, None, function, either, when)

    def _call(
        self,
        node: ir.Call,
        true: bool,
        function: FunctionInfo,
        either: bool,
        when: ir.Expression | None,
        depth: int,
        todo: list[tuple[ir.Expression, bool, bool]],
    ) -> Iterator[Fact]:
        name = last_name(node.callee)
        argument = node.args[0].value if node.args else None
        base = node.callee.base if isinstance(node.callee, ir.Attribute) else None
        if name in _MEMBER and base is not None and argument is not None:
            yield Fact("in" if true else "not in", argument, base, function, either, when)
            return
        if name in _EQUAL and base is not None and argument is not None:
            yield Fact("==" if true else "!=", base, argument, function, either, when)
            return
        if (name in _ANY and not true) or (name in _ALL and true):
            inner = argument
            if isinstance(inner, ir.Comprehension):
                todo.append((inner.value, true, either))
                return
            for target in self.calls.callables.of(inner, function) if inner is not None else ():
                if isinstance(target, FunctionInfo):
                    yield from self._returns(target, true, either, when, depth, node)
                    return
        yield Fact("true" if true else "false", node, None, function, either, when, node)
        if depth < MAX_DEPTH:
            for reached in self.calls.reached(node, function)[:2]:
                if isinstance(reached.target, FunctionInfo) and reached.cost <= 2:
                    yield from self._returns(reached.target, true, either, when, depth, node)

    def _returns(
        self,
        target: FunctionInfo,
        true: bool,
        either: bool,
        when: ir.Expression | None,
        depth: int,
        call: ir.Call,
    ) -> Iterator[Fact]:
        """What a function that answers yes or no has checked when it answers `true`."""
        flow = self.project.flow(target)
        ways = [each for each in flow.returns if not _is(each.value, not true)]
        for returned in ways:
            facts: list[Fact] = []
            if returned.value is not None and not isinstance(returned.value, ir.Literal):
                facts.extend(self._facts(returned.value, true, target, when, depth + 1))
            facts.extend(self.facts(flow.at.get(returned), target, depth + 1))
            for fact in facts:
                if fact.op != "returned":
                    several = either or fact.either or len(ways) > 1
                    yield replace(fact, either=several, when=fact.when or when, call=call, leaves=True)

    def validated(self, cls: ClassInfo) -> Iterator[Fact]:
        """What the validators of a class check before an object of it exists."""
        for each in (cls, *self.resolver.bases(cls)):
            for name, field in each.fields.items():
                members = _literals(field.type)
                if members and each.module.language != "javascript":  # TypeScript's types are gone when it runs
                    at = field.line, field.column
                    texts = ir.Sequence(*at, tuple(ir.Literal(*at, text) for text in members))
                    yield Fact("in", ir.Name(*at, name), texts, each.module.top, declared=True)
            for method in each.methods.values():
                marks = {
                    last_name(mark.callee if isinstance(mark, ir.Call) else mark) for mark in method.node.decorators
                }
                if marks & _VALIDATORS or method.name in ("__post_init__", "__attrs_post_init__", "model_post_init"):
                    for fact in self.facts(self.project.flow(method).known, method, 1):
                        yield from _of_fields(fact, method)

    def constrained(self, cls: ClassInfo) -> Iterator[Fact]:
        """Patterns that Jakarta Validation checks before a handler runs, where its parameter asks for it."""
        for name, field in cls.fields.items():
            for mark in field.decorators:
                if isinstance(mark, ir.Call) and last_name(mark.callee) == "Pattern":
                    at = mark.line, mark.column
                    test = ir.Call(*at, ir.Name(*at, "matches"), (ir.Argument(*at, ir.Name(*at, name)),))
                    yield Fact("true", test, None, cls.module.top, call=test, leaves=True)
                for validator in self._validators(mark, cls):
                    at = mark.line, mark.column
                    call = ir.Call(*at, ir.Name(*at, validator.name), (ir.Argument(*at, ir.Name(*at, name)),))
                    for fact in self._returns(validator, True, False, None, 0, call):
                        yield replace(fact, caller=cls.module.top)

    def _validators(self, mark: ir.Expression, cls: ClassInfo) -> Iterator[FunctionInfo]:
        """`isValid` of the classes that an annotation of the project names: `@Constraint(validatedBy = V.class)`."""
        for meaning in self.resolver.chain(mark.callee if isinstance(mark, ir.Call) else mark, cls.module.top):
            for inner in meaning.decorators if isinstance(meaning, ClassInfo) else ():
                if not isinstance(meaning, ClassInfo) or not isinstance(inner, ir.Call):
                    continue
                for argument in inner.args if last_name(inner.callee) == "Constraint" else ():
                    listed = argument.value
                    for each in listed.items if isinstance(listed, ir.Sequence) else (listed,):
                        base = each.base if isinstance(each, ir.Attribute) and each.name == "class" else each
                        for found in self.resolver.chain(base, meaning.module.top):
                            method = self.resolver.method(found, "isValid") if isinstance(found, ClassInfo) else None
                            if method is not None:
                                yield method


def _of_fields(fact: Fact, method: FunctionInfo) -> Iterator[Fact]:
    """What a validator of named fields says of its parameter it says of each of them."""
    named = [
        argument.value
        for mark in method.node.decorators
        if isinstance(mark, ir.Call) and last_name(mark.callee) in _OF_FIELDS
        for argument in mark.args
        if not argument.name and isinstance(argument.value, ir.Literal) and isinstance(argument.value.value, str)
    ]
    values = {param.name for param in method.params[1 if method.receiver or method.params[:1] else 0 :][:1]}
    if not named or not isinstance(fact.left, ir.Name) or fact.left.id not in values or fact.function is not method:
        yield fact
        return
    for each in named:
        if isinstance(each, ir.Literal):
            yield replace(fact, left=ir.Name(fact.left.line, fact.left.column, str(each.value)))


def _literals(written: ir.Type | None) -> tuple[str, ...]:
    """Texts of a literal type, optional or not."""
    if written is None:
        return ()
    if written.name == "|":
        kinds = [_literals(arg) for arg in written.args if arg.name not in ("None", "null", "undefined")]
        return tuple(text for each in kinds for text in each) if all(kinds) else ()
    if written.name == "Literal" and all(isinstance(text, str) for text in written.literals):
        return tuple(str(text) for text in written.literals)
    return ()


def _is(value: ir.Expression | None, wanted: bool) -> bool:
    if value is None:
        return not wanted
    return isinstance(value, ir.Literal) and bool(value.value) is wanted

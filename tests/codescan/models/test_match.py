"""Matching: names, objects of known and unknown class, conditions, and the choice of expressions."""

import pytest

from spawngate.codescan import ir
from spawngate.codescan.frontends import lower
from spawngate.codescan.ir import dump
from spawngate.codescan.models.match import Callee, Index, select
from spawngate.codescan.models.model import Condition, Root, Selector, Target
from spawngate.codescan.models.selector import parse_selector, write_path


def call_of(code: str) -> ir.Call:
    statement = lower("x.py", code.encode()).body[0]
    assert isinstance(statement, ir.Evaluate)
    assert isinstance(statement.value, ir.Call)
    return statement.value


def found(target: Target, callee: Callee, code: str = "f()") -> bool:
    return Index([(target, "model")]).find(callee, call_of(code)) == ("model",)


def test_names_are_whole() -> None:
    target = Target(names=("a.b.C",))
    assert found(target, Callee(names=("x.C", "a.b.C")))
    assert not found(target, Callee(names=("b.C", "a.b.C.d", "xa.b.C")))
    assert found(Target(names=("a.*.C",)), Callee(names=("a.b.c.C",)))
    assert not found(Target(names=("a.*.C",)), Callee(names=("a.C",)))


def test_an_object_of_known_class_matches_by_its_class_alone() -> None:
    target = Target(members=("run",), on=("a.B",), hints=("a",), receivers=("b",))
    assert found(target, Callee(member="run", classes=("x.Y", "a.B")))
    assert not found(target, Callee(member="run", classes=("x.Y",), receiver="b", imports=frozenset(["a.B"])))
    assert not found(target, Callee(member="walk", classes=("a.B",)))


@pytest.mark.parametrize(
    ("receiver", "imports", "matches"),
    [
        ("router", ["a.B"], True),
        ("_Router", ["a"], True),
        ("other", ["a.B"], False),
        ("router", ["ab"], False),
        ("router", [], False),
    ],
)
def test_an_object_of_unknown_class_needs_both_hints(receiver: str, imports: list[str], matches: bool) -> None:
    target = Target(members=("run",), hints=("a",), receivers=("router",))
    assert found(target, Callee(member="run", receiver=receiver, imports=frozenset(imports))) is matches


def test_without_hints_an_unknown_object_never_matches() -> None:
    assert not found(Target(members=("run",), on=("a.B",)), Callee(member="run"))


@pytest.mark.parametrize(
    ("condition", "code", "holds"),
    [
        (Condition(Selector(Root.ARG, keyword="shell"), literals=("true",)), "f(shell=True)", True),
        (Condition(Selector(Root.ARG, keyword="shell"), literals=("true",)), "f(shell=False)", False),
        (Condition(Selector(Root.ARG, keyword="shell"), literals=("true",)), "f()", False),
        (Condition(Selector(Root.ARG, keyword="shell"), literals=("true",)), "f(**k)", False),
        (Condition(Selector(Root.ARG, 0), literals=("1", "a")), "f(1)", True),
        (Condition(Selector(Root.ARG, 0), pattern="^/"), "f('/x')", True),
        (Condition(Selector(Root.ARG, 0), pattern="^/"), "f(x)", False),
        (Condition(Selector(Root.ARG, 0), shape="function"), "f(lambda: 1)", True),
        (Condition(Selector(Root.ARG, 0), shape="list"), "f({})", False),
        (Condition(Selector(Root.ARG, 0), shape="object"), "f({})", True),
        (Condition(Selector(Root.ARG, 0), absent=True), "f()", True),
        (Condition(Selector(Root.ARG, 0), absent=True, negated=True), "f(1)", True),
        (Condition(Selector(Root.ARG, 0), literals=("a",), negated=True), "f('b')", True),
    ],
)
def test_conditions(condition: Condition, code: str, holds: bool) -> None:
    assert found(Target(names=("f",), where=(condition,)), Callee(names=("f",)), code) is holds


def test_each_model_once_and_names_before_members() -> None:
    index = Index(
        [
            (Target(members=("run",), on=("a.B",)), "member"),
            (Target(names=("a.B.run",)), "name"),
            (Target(names=("a.B.run",)), "member"),
        ]
    )
    assert index.find(Callee(("a.B.run",), "run", ("a.B",))) == ("name", "member")
    assert index.may_match("run")
    assert not index.may_match("B")


@pytest.mark.parametrize(
    ("selector", "code", "picked"),
    [
        ("arg(0)", "f(a, b)", ["a"]),
        ("arg(-1)", "f(a, b)", ["b"]),
        ("arg(1:)", "f(a, b, c)", ["b", "c"]),
        ("arg(1, k)", "f(a, k=b)", ["b"]),
        ("arg(k)", "f(**d)", ["d.k"]),
        ("arg(0, k)", "f(**d)", ["d.k"]),
        ("arg(1)", "f(a, *xs)", ["xs[0]"]),
        ("arg(2:)", "f(a, *xs)", ["xs[1:]"]),
        ("arg(0)", "f()", []),
        ("arg(0).a", "f({'a': x, 'b': y})", ["x"]),
        ("arg(0).a.b", "f({'a': x})", ["x.b"]),
        ("arg(0).a", "f({**d, 'b': y})", ["d.a"]),
        ("arg(0).*", "f({'a': x, 'b': y})", ["x", "y"]),
        ("arg(0)[1:]", "f([a, b, *c])", ["b", "c.*"]),
        ("arg(0)[0]", "f([a, b])", ["a"]),
        ("arg(0).a", "f([a, b])", []),
        ("arg(0)", "f(a or b)", ["a", "b"]),
        ("receiver", "o.f(a)", ["o"]),
        ("receiver.args", "o.f(a)", ["o.args"]),
        ("receiver", "f(a)", []),
        ("keywords", "f(a, k=b, **c)", ["b", "c"]),
        ("result", "f(a)", []),
    ],
)
def test_select(selector: str, code: str, picked: list[str]) -> None:
    chosen = select(call_of(code), parse_selector(selector))
    assert [f"{dump(node)[6:-2]}{write_path(path)}" for node, path in chosen] == picked

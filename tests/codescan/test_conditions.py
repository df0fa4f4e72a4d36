"""Facts that are known at a place."""

import pytest

from spawngate.codescan.conditions import Conditions, Fact
from spawngate.codescan.ir import dump
from tests.codescan.projects import Sources, one


def facts(text: str) -> list[str]:
    """Facts at the first call of `sink`."""
    sources = one(text)
    node, function = sources.call("sink")
    found = Conditions(sources.calls).facts(sources.project.flow(function).at[node], function)
    return [shown(fact) for fact in found if fact.op != "returned"]


def shown(fact: Fact) -> str:
    right = "" if fact.right is None else f" {dump(fact.right)}"
    return f"{'either ' if fact.either else ''}{dump(fact.left)} {fact.op}{right}"


def test_branches_and_their_opposites() -> None:
    assert facts("def f(a):\n    if a == 1:\n        sink()\n") == ["Name('a') == Literal(1)"]
    assert facts("def f(a):\n    if a == 1:\n        raise E\n    sink()\n") == ["Name('a') != Literal(1)"]
    assert facts("def f(a):\n    if a not in B:\n        return\n    sink()\n") == ["Name('a') in Name('B')"]
    assert facts("def f(a):\n    if not a:\n        return\n    sink()\n") == ["Name('a') true"]


def test_and_and_or() -> None:
    both = ["Name('b') true", "Name('a') true"]
    assert facts("def f(a, b):\n    if a and b:\n        sink()\n") == both
    assert facts("def f(a, b):\n    if a or b:\n        raise E\n    sink()\n") == [
        "Name('b') false",
        "Name('a') false",
    ]
    assert facts("def f(a, b):\n    if a and b:\n        raise E\n    sink()\n") == [
        "either Name('b') false",
        "either Name('a') false",
    ]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.ts", "function f(a, b, c) { if (a || !b || c) { throw new E(); } sink(); }"),
        (
            "A.java",
            "class A { void f(Flag a, Flag b, Flag c) { if (a || !b || c) { throw new E(); } sink(); } }",
        ),
        ("a.rs", "fn f(a: bool, b: bool, c: bool) { if a || !b || c { return; } sink(); }"),
    ],
)
def test_none_of_several_alternatives_held(path: str, text: str) -> None:
    sources = Sources({path: text})
    node, function = sources.call("sink", path)
    found = Conditions(sources.calls).facts(sources.project.flow(function).at[node], function)
    told = [shown(fact) for fact in found if fact.op != "returned"]
    assert told == ["Name('c') false", "Name('b') true", "Name('a') false"]


def test_membership_and_equality_by_methods() -> None:
    assert facts("def f(a):\n    if not B.includes(a):\n        raise E\n    sink()\n") == ["Name('a') in Name('B')"]
    assert facts("def f(a):\n    if a.equals(b):\n        raise E\n    sink()\n") == ["Name('a') != Name('b')"]


def test_any_and_all_of_a_comprehension() -> None:
    text = "def f(xs):\n    if any(x == 1 for x in xs):\n        raise E\n    sink()\n"
    assert facts(text) == ["Name('x') != Literal(1)"]


def test_checks_of_functions_that_are_called() -> None:
    text = "def check(t):\n    if t == 'stdio':\n        raise E\ndef f(a):\n    check(a)\n    sink()\n"
    assert facts(text) == ["Name('t') != Literal('stdio')"]
    answering = "def ok(t):\n    return t in GOOD\ndef f(a):\n    if not ok(a):\n        raise E\n    sink()\n"
    call = "Call(Name('ok'), args=(Argument(Name('a')),))"
    assert facts(answering) == [f"{call} true", "Name('t') in Name('GOOD')"]


def test_a_check_in_a_branch_of_its_own_names_the_branch() -> None:
    sources = one("def f(a):\n    if a:\n        if a not in B:\n            raise E\n    sink()\n")
    node, function = sources.call("sink")
    found = list(Conditions(sources.calls).facts(sources.project.flow(function).at[node], function))
    assert [(shown(fact), fact.leaves, dump(fact.when)) for fact in found] == [
        ("Name('a') in Name('B')", True, "Name('a')")
    ]


def test_validators_and_literal_types_of_a_class() -> None:
    sources = one(
        "from typing import Literal\nclass A(M):\n    t: Literal['sse'] | None\n    u: str\n"
        "    @field_validator('u')\n    def check(cls, v):\n"
        "        if v not in G:\n            raise E\n        return v\n"
    )
    found = list(Conditions(sources.calls).validated(sources.cls("A")))
    assert [(shown(fact), fact.declared) for fact in found] == [
        ("Name('t') in Sequence((Literal('sse'),))", True),
        ("Name('u') in Name('G')", False),  # of the field, which the data is called on its way
    ]


def test_a_recursion_of_checks_ends() -> None:
    assert facts("def f(a):\n    if not f(a):\n        return False\n    sink()\n    return True\n")


def test_patterns_of_a_class_of_requests() -> None:
    text = 'class Form { @NotBlank @Pattern(regexp = "[a-z]+") String command; String free; }'
    sources = Sources({"Form.java": text})
    found = list(Conditions(sources.calls).constrained(sources.cls("Form", "Form.java")))
    assert [shown(fact) for fact in found] == ["Call(Name('matches'), args=(Argument(Name('command')),)) true"]

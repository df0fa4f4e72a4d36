"""How the arguments of a call become parameters."""

from spawngate.codescan.binding import accepts, bind, siblings
from spawngate.codescan.ir import dump
from tests.codescan.projects import Sources, one


def bound(call: str, head: str, index: int, *path: str | int) -> list[tuple[str, tuple[str | int, ...]]]:
    sources = one(f"{head}\n    pass\n{call}\n")
    function = next(iter(sources.module().functions.values()))[0]
    node, _ = sources.call(function.name)
    return [(dump(value), part) for value, part in bind(node, function, index, path)]


def test_arguments_are_bound_by_place_name_and_spread() -> None:
    assert bound("f(1, b=2)", "def f(a, b):", 0) == [("Literal(1)", ())]
    assert bound("f(1, b=2)", "def f(a, b):", 1, "x") == [("Literal(2)", ("x",))]
    assert bound("f(1)", "def f(a, b=3):", 1) == []
    assert bound("f(*xs)", "def f(a, b):", 1) == [("Name('xs')", (1,))]
    assert bound("f(**d)", "def f(a, b):", 1, "x") == [("Name('d')", ("b", "x"))]
    assert bound("f(1, 2)", "def f(a, *, b=0):", 1) == []


def test_rest_parameters_take_what_is_left() -> None:
    assert bound("f(1, 2, 3)", "def f(a, *rest):", 1, 1, "x") == [("Literal(3)", ("x",))]
    assert bound("f(1, k=2, **d)", "def f(a, **rest):", 1, "k") == [("Literal(2)", ())]
    assert bound("f(1, k=2, **d)", "def f(a, **rest):", 1, "other") == [("Name('d')", ("other",))]


def test_overloads_of_java_are_told_apart_by_their_number_of_parameters() -> None:
    java = "class A {\n  void go(String a) {}\n  void go(String a, int... b) {}\n  void f() { go(x, 1, 2); }\n}\n"
    sources = Sources({"A.java": java})
    call, _ = sources.call("go", path="A.java")
    first, rest = sources.module("A.java").functions["go"]
    assert siblings(first) == [first, rest]
    assert (accepts(call, first), accepts(call, rest)) == (False, True)
    python = one("class A:\n    def go(self, a): pass\n").function("go")
    assert siblings(python) == [python]

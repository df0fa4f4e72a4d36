"""Who calls whom, at which cost, and how arguments are bound."""

import pytest

from spawngate.codescan.calls import Calls, bind, owner_init
from spawngate.codescan.definitions import ClassInfo
from spawngate.codescan.ir import Name, dump
from tests.codescan.projects import Sources, one


def reached(sources: Sources, name: str, number: int = 0) -> list[tuple[str, int]]:
    node, function = sources.call(name, number=number)
    return [(each.target.qualname, each.cost) for each in sources.calls.reached(node, function)]


def sites(sources: Sources, name: str) -> list[tuple[str, int, str]]:
    found = sources.calls.sites(sources.function(name))
    return [(site.function.qualname, site.cost, site.way) for site in found]


def test_functions_methods_and_constructions_cost_nothing() -> None:
    sources = one(
        "class A:\n    def __init__(self): pass\n    def go(self): helper()\n"
        "def helper(): pass\ndef f(a: A):\n    a.go()\n    A()\n    A().go()\n"
    )
    assert (reached(sources, "helper"), reached(sources, "A")) == ([("helper", 0)], [("A", 0)])
    assert (reached(sources, "go"), reached(sources, "go", 1)) == ([("A.go", 0)], [("A.go", 0)])
    assert sites(sources, "go") == [("f", 0, "call"), ("f", 0, "call")]
    assert sites(sources, "__init__") == [("f", 0, "construct"), ("f", 0, "construct")]


def test_overrides_cost_a_little() -> None:
    body = "def launch(self): return 1"
    sources = one(f"class A:\n    {body}\nclass B(A):\n    {body}\ndef f(a: A):\n    a.launch()\n")
    assert reached(sources, "launch") == [("A.launch", 0), ("B.launch", 1)]


def test_names_alone_cost_more_the_more_there_are() -> None:
    body = "def launch_it(self): return 1"
    alone = one(f"class A:\n    {body}\ndef f(a):\n    a.launch_it()\n")
    assert reached(alone, "launch_it") == [("A.launch_it", 2)]
    several = one(f"class A:\n    {body}\nclass B:\n    {body}\ndef f(a):\n    a.launch_it()\n")
    assert reached(several, "launch_it") == [("A.launch_it", 4), ("B.launch_it", 4)]


@pytest.mark.parametrize("name", ["get", "run", "append"])
def test_names_that_say_nothing_resolve_to_nothing(name: str) -> None:
    sources = one(f"class A:\n    def {name}(self): pass\ndef f(a):\n    a.{name}()\n")
    assert reached(sources, name) == []


def test_objects_of_libraries_are_no_objects_of_ours() -> None:
    ours = "class A:\n    def launch_it(self): return 1\n"
    sources = one(f"import acme\n{ours}def f():\n    acme.launch_it()\n    acme.X().launch_it()\n")
    assert (reached(sources, "launch_it"), reached(sources, "launch_it", 1)) == ([], [])


def test_functions_that_are_handed_on() -> None:
    sources = one(
        "def a(x): pass\ndef b(function): function(1)\ndef c():\n    b(a)\n    pool.submit(a, 2)\n    [3].map(a)\n"
    )
    assert sites(sources, "a") == [("c", 1, "element"), ("b", 3, "call"), ("c", 4, "later")]


def test_functions_in_a_table() -> None:
    sources = one("def a(x): pass\nT = {'a': a}\ndef c(n):\n    T[n](1)\n    handler = T.get(n)\n    handler(2)\n")
    assert sorted(sites(sources, "a")) == [("c", 4, "call"), ("c", 4, "call")]


def test_functions_that_an_expression_stands_for() -> None:
    sources = one("from functools import partial\ndef a(): pass\ndef b(n):\n    use(a if n else partial(a, 1))\n")
    node, function = sources.call("use")
    found = sources.calls.functions_of(node.args[0].value, function)
    assert [each.qualname for each in found] == ["a", "a"]


def test_super_of_a_constructor() -> None:
    sources = one("class A:\n    def __init__(self): pass\nclass B(A):\n    def __init__(self): super().__init__()\n")
    init = sources.cls("B").methods["__init__"]
    assert owner_init(Name(1, 0, "super"), init, sources.resolver) == [sources.cls("A").methods["__init__"]]
    assert owner_init(Name(1, 0, "super"), sources.module().top, sources.resolver) == []


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


def test_a_recursion_of_calls_ends() -> None:
    sources = one("def a(f): return a(f)\ndef b(): return a(a)\n")
    calls: Calls = sources.calls
    found = calls.sites(sources.function("a"))
    assert [site.way for site in found if not isinstance(site.function, ClassInfo)].count("call") >= 2


def test_a_function_that_is_handed_over_remembers_who_did() -> None:
    sources = one(
        "def run(func, *args):\n    return func(*args)\n"
        "def inner(a): pass\ndef other(a): pass\n"
        "def f():\n    run(inner, 1)\ndef g():\n    run(other, 2)\n"
    )
    (site,) = sources.calls.sites(sources.function("inner"))
    assert site.via is not None
    assert (site.function.qualname, dump(site.via[0].args[1]), site.via[1].qualname, site.via[2]) == (
        "run", "Argument(Literal(1))", "f", False
    )  # fmt: skip


def test_a_method_of_a_librarys_class_is_none_of_the_projects() -> None:
    text = (
        "from framework import Base\nfrom abc import ABC\nclass Mine({0}):\n    def other(self): return 1\n"
        "class Page:\n    def prompt_user(self): return 1\ndef f(a: Mine):\n    a.prompt_user()\n"
    )
    assert reached(one(text.format("Base")), "prompt_user") == []
    assert [name for name, _ in reached(one(text.format("ABC")), "prompt_user")] == ["Page.prompt_user"]


def test_a_function_that_is_kept_is_called_with_what_was_kept_beside_it() -> None:
    sources = one(
        "class Task:\n    def start(self, func, *args):\n        self.func = func\n        self.args = args\n"
        "    def run(self):\n        return self.func(*self.args)\n"
        "def inner(a): pass\ndef f():\n    Task().start(inner, 1)\n"
    )
    (site,) = sources.calls.sites(sources.function("inner"))
    assert (site.function.qualname, site.way, dump(site.call.args[site.place])) == (
        "f", "later", "Argument(Name('inner'))"
    )  # fmt: skip

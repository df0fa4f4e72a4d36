"""Who calls whom, at which cost, and how arguments are bound."""

import pytest

from spawngate.codescan.calls import owner_init
from spawngate.codescan.ir import Name
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


def test_super_of_a_constructor() -> None:
    sources = one("class A:\n    def __init__(self): pass\nclass B(A):\n    def __init__(self): super().__init__()\n")
    init = sources.cls("B").methods["__init__"]
    assert owner_init(Name(1, 0, "super"), init, sources.resolver) == [sources.cls("A").methods["__init__"]]
    assert owner_init(Name(1, 0, "super"), sources.module().top, sources.resolver) == []


def test_a_method_of_a_librarys_class_is_none_of_the_projects() -> None:
    text = (
        "from framework import Base\nfrom abc import ABC\nclass Mine({0}):\n    def other(self): return 1\n"
        "class Page:\n    def prompt_user(self): return 1\ndef f(a: Mine):\n    a.prompt_user()\n"
    )
    assert reached(one(text.format("Base")), "prompt_user") == []
    assert [name for name, _ in reached(one(text.format("ABC")), "prompt_user")] == ["Page.prompt_user"]


def test_a_class_that_stands_in_for_a_library_has_the_librarys_methods() -> None:
    """`except ImportError: class FastMCP: ..` is not what runs; methods of that name elsewhere are others."""
    text = (
        "try:\n    from fastmcp import FastMCP\nexcept ImportError:\n    class FastMCP:\n"
        "        def __init__(self, *a):\n            pass\n"
        "mcp = FastMCP('x')\nmcp.prompt()\n"
        "class Page:\n    def prompt(self):\n        return 1\n"
    )
    project = one(text)
    call, function = project.call("prompt")
    assert project.calls.reached(call, function) == ()
    project = one(text.replace("from fastmcp import FastMCP", "FastMCP = None"))
    call, function = project.call("prompt")
    assert [each.target.qualname for each in project.calls.reached(call, function)] == ["Page.prompt"]


def test_functions_of_one_exported_object_call_each_other_through_this() -> None:
    text = "module.exports = { actions: { go(x) { this.begin(x); } }, methods: { begin(y) { use(y); } } };\n"
    sources = Sources({"app.js": text})
    call, function = sources.call("begin", "app.js")
    (reached,) = sources.calls.reached(call, function)
    (_, begin) = sources.call("use", "app.js")
    assert reached.target is begin
    assert [site.call for site in sources.calls.sites(begin)] == [call]


def test_a_computed_name_may_be_any_method_of_the_class() -> None:
    text = "class S { start(a) { use(a); } stop() {} }\nconst s = new S();\nfunction f(n, x) { (s as any)[n](x); }\n"
    sources = Sources({"app.ts": text})
    call, function = sources.call("", "app.ts")
    assert [repr(each.target) for each in sources.calls.reached(call, function)] == [
        "<app.ts:S.start>",
        "<app.ts:S.stop>",
    ]

"""What names and expressions are."""

from spawngate.codescan import ir
from spawngate.codescan.resolve import Resolver, Value, owner_of, type_name
from tests.codescan.projects import Sources, one

PACKAGE = {
    "pkg/__init__.py": "from .real import Server as Public, LIMIT\n",
    "pkg/real.py": (
        "from .base import Base\n\nLIMIT = 3\n\n"
        "class Server(Base):\n    child: 'Server'\n    def twin(self): return self\n"
    ),
    "pkg/base.py": "class Base:\n    def start(self): pass\n",
    "app.py": (
        "import pkg\nfrom pkg import Public\nfrom typing import Optional\nfrom mcp import StdioServerParameters\n\n"
        "def f(server: Optional[Public], other=None):\n"
        "    made = Public()\n"
        "    many: list[Public] = []\n"
        "    for one in many:\n"
        "        use(one)\n"
        "    use(server)\n    use(made.twin().child)\n    use(other)\n"
        "    use(pkg.Public)\n    use(StdioServerParameters())\n"
    ),
}


def shown(sources: Sources, number: int) -> list[str]:
    """Classes of the argument of the n-th `use`."""
    node, function = sources.call("use", number=number)
    found = sources.resolver.kinds(node.args[0].value, function)
    return [kind.cls.qualname if kind.cls is not None else "|".join(kind.names) for kind in found]


def test_classes_of_objects() -> None:
    sources = Sources(PACKAGE)
    assert [shown(sources, number) for number in range(6)] == [
        ["Server"],
        ["Server"],
        ["Server"],
        [],
        ["Server"],
        ["mcp.client.stdio.StdioServerParameters"],
    ]


def test_names_are_followed_through_re_exports() -> None:
    sources = Sources(PACKAGE)
    top = sources.module().top
    assert [repr(each) for each in sources.resolver.meaning("Public", top)] == ["<class pkg/real.py:Server>"]
    package = sources.module("pkg/__init__.py")
    assert sources.resolver.member(package, "LIMIT") == [Value(sources.module("pkg/real.py"), "LIMIT")]
    assert sources.resolver.member(package, "missing") == []


def test_bases_subclasses_and_inherited_methods() -> None:
    sources = Sources(PACKAGE)
    server, base = sources.cls("Server", "pkg/real.py"), sources.cls("Base", "pkg/base.py")
    resolver: Resolver = sources.resolver
    assert (resolver.bases(server), resolver.subclasses(base)) == ([base], [server])
    found = resolver.method(server, "start")
    assert found is base.methods["start"]
    assert resolver.class_names(server) == ("pkg.real.Server", ".base.Base", "pkg.base.Base")


def test_a_cycle_of_bases_and_imports_ends() -> None:
    sources = Sources({"a.py": "from b import B\nclass A(B): pass\n", "b.py": "from a import A\nclass B(A): pass\n"})
    assert [each.name for each in sources.resolver.bases(sources.cls("A", "a.py"))] == ["B"]
    looped = Sources({"c.py": "from d import x\n", "d.py": "from c import x\n"})
    assert looped.resolver.meaning("x", looped.module("c.py").top) == []


def test_scopes_of_variables() -> None:
    sources = one("x = 1\ndef f(a):\n    def g(b):\n        return a, b, x\n    return g\n")
    inner, outer = sources.function("g"), sources.function("f")
    scope = sources.resolver.scope_of
    assert (scope("b", inner), scope("a", inner), scope("nothing", inner)) == (inner, outer, None)
    assert scope("x", inner) is sources.module().top


def test_what_models_are_told_of_a_callee() -> None:
    sources = one(
        "from mcp import ClientSession\nclass Mine(ClientSession):\n    def go(self):\n        self.call_tool()\n"
    )
    node, function = sources.call("call_tool")
    callee = sources.resolver.callee(node.callee, function)
    assert (callee.member, callee.receiver) == ("call_tool", "self")
    assert callee.classes == ("app.Mine", "mcp.client.session.ClientSession")
    assert "mcp.client.session.ClientSession.call_tool" in callee.names


def test_aliases_of_annotated_types() -> None:
    sources = one(
        "from typing import Annotated\nfrom fastapi import Depends\nclass User: pass\n"
        "Current = Annotated[User, Depends(load)]\ndef f(user: Current): use(user)\n"
    )
    function = sources.function("f")
    assert [type(mark).__name__ for mark in sources.resolver.alias_marks(function.params[0].type, function)] == ["Call"]
    assert shown(sources, 0) == ["User"]


def test_owners_and_type_names() -> None:
    sources = one("class A:\n    def f(self):\n        def g(): pass\n")
    assert owner_of(sources.function("g")) is sources.cls("A")
    assert owner_of(sources.module().top) is None
    node = type_name(ir.Type(1, 0, "a::b.C"))
    assert ir.dump(node) == "Attribute(Attribute(Name('a'), 'b'), 'C')"


def test_java_finds_its_own_packages_through_a_star() -> None:
    use = "package app;\nimport acme.domain.*;\nclass Use { Object f(Tool tool) { return tool; } }\n"
    sources = Sources({"src/acme/domain/Tool.java": "package acme.domain;\nclass Tool {}\n", "src/app/Use.java": use})
    function = sources.function("f", "src/app/Use.java")
    (kind,) = sources.resolver.kinds_of_type(function.params[0].type, function)
    assert kind.cls is sources.cls("Tool", "src/acme/domain/Tool.java")


def test_rust_finds_what_a_module_within_a_file_hands_on() -> None:
    sources = Sources(
        {
            "src/mcp/mod.rs": "mod stdio;\npub mod prelude { pub use super::stdio::connect as start; }\n",
            "src/mcp/stdio.rs": "pub fn connect() {}\n",
            "src/web.rs": "use crate::mcp::prelude::*;\nfn f() { start(); }\n",
        }
    )
    call, function = sources.call("start", "src/web.rs")
    assert sources.resolver.chain(call.callee, function) == [sources.function("connect", "src/mcp/stdio.rs")]

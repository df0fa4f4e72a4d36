"""Classes, their bases and their methods."""

from spawngate.codescan import ir
from spawngate.codescan.definitions import owner_of
from spawngate.codescan.hierarchy import type_name
from spawngate.codescan.resolve import Resolver
from tests.codescan.projects import PACKAGE, Sources, one


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


def test_owners_and_type_names() -> None:
    sources = one("class A:\n    def f(self):\n        def g(): pass\n")
    assert owner_of(sources.function("g")) is sources.cls("A")
    assert owner_of(sources.module().top) is None
    node = type_name(ir.Type(1, 0, "a::b.C"))
    assert ir.dump(node) == "Attribute(Attribute(Name('a'), 'b'), 'C')"

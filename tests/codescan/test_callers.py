"""From a definition to the places that call it."""

from spawngate.codescan.definitions import ClassInfo
from spawngate.codescan.ir import dump
from tests.codescan.projects import Sources, one


def sites(sources: Sources, name: str) -> list[tuple[str, int, str]]:
    found = sources.calls.sites(sources.function(name))
    return [(site.function.qualname, site.cost, site.way) for site in found]


def test_functions_that_are_handed_on() -> None:
    sources = one(
        "def a(x): pass\ndef b(function): function(1)\ndef c():\n    b(a)\n    pool.submit(a, 2)\n    [3].map(a)\n"
    )
    assert sites(sources, "a") == [("c", 1, "element"), ("b", 3, "call"), ("c", 4, "later")]


def test_functions_in_a_table() -> None:
    sources = one("def a(x): pass\nT = {'a': a}\ndef c(n):\n    T[n](1)\n    handler = T.get(n)\n    handler(2)\n")
    assert sorted(sites(sources, "a")) == [("c", 4, "call"), ("c", 4, "call")]


def test_a_recursion_of_calls_ends() -> None:
    sources = one("def a(f): return a(f)\ndef b(): return a(a)\n")
    calls = sources.calls
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


JAVA_TABLE = """interface Connector { Object connect(String definition); }
enum Kind { A, B }
class Connectors {
  private final Map<Kind, Connector> table = new EnumMap<>(Kind.class);
  Connectors() { table.put(Kind.A, this::stdio); }
  Connector of(Kind kind) { return table.get(kind); }
  Object stdio(String definition) { return definition; }
}
class User { void go(Connectors all) { all.of(Kind.A).connect("x"); } }
"""


def test_functions_in_a_table_of_an_interface_of_the_project() -> None:
    sources = Sources({"A.java": JAVA_TABLE})
    (site,) = sources.calls.sites(sources.function("stdio", "A.java"))
    assert (site.function.qualname, site.way, site.cost) == ("User.go", "call", 4)


def test_a_reference_to_the_method_of_an_interface_stands_for_what_fulfils_it() -> None:
    java = (
        "interface Flow { void run(String a); }\nclass Real implements Flow { public void run(String a) {} }\n"
        "class User { void go(Client client, Flow flow) { client.start(flow::run, x); } }\n"
    )
    sources = Sources({"A.java": java})
    run = sources.cls("Real", "A.java").methods["run"]
    (site,) = sources.calls.sites(run)
    assert (site.function.qualname, site.way, site.place) == ("User.go", "later", 0)


def test_rules_of_a_macro_are_called_by_their_number_of_arguments() -> None:
    rust = "macro_rules! go { ($a:expr) => { go!($a, 1) }; ($a:expr, $b:expr) => { run($a) }; }\nfn f() { go!(x); }\n"
    sources = Sources({"a.rs": rust})
    one_, two = sources.module("a.rs").functions["go!"]
    found = [[site.function.qualname for site in sources.calls.sites(each)] for each in (one_, two)]
    assert found == [["f"], ["go!"]]

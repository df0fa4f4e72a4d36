"""Functions and classes that an expression may stand for."""

import pytest

from tests.codescan.projects import Sources, one


def standing_for(text: str) -> list[str]:
    sources: Sources = one(text)
    node, function = sources.call("use")
    return [each.qualname for each in sources.calls.callables.of(node.args[0].value, function)]


def test_functions_that_an_expression_stands_for() -> None:
    head = "from functools import partial\ndef a(): pass\n"
    assert standing_for(f"{head}def b(n):\n    use(a if n else partial(a, 1))\n") == ["a", "a"]
    assert standing_for(f"{head}def b():\n    c = a\n    use(c)\n") == ["a"]
    assert standing_for(f"{head}def b():\n    c = acme()\n    use(c)\n") == []


@pytest.mark.parametrize(
    ("entry", "wanted"), [("T['x']", ["a"]), ("T[n]", ["a", "B"]), ("T.get('y')", ["B"]), ("T['z']", [])]
)
def test_entries_of_a_table(entry: str, wanted: list[str]) -> None:
    table = "def a(): pass\nclass B: pass\nT = {'x': a, 'y': B}\n"
    assert standing_for(f"{table}def f(n):\n    use({entry})\n") == wanted


def test_methods_of_a_known_object() -> None:
    text = "class A:\n    def go(self): pass\ndef f(a: A):\n    use(a.go)\n"
    assert standing_for(text) == ["A.go"]


@pytest.mark.parametrize(
    ("table", "wanted"),
    [
        ('Map.of("a", A::one, "b", A::two)', ["A.two"]),
        ('Map.ofEntries(Map.entry("a", A::one), Map.entry("b", A::two))', ["A.two"]),
        ("new HashMap<>()", []),
    ],
)
def test_entries_of_tables_of_java(table: str, wanted: list[str]) -> None:
    java = (
        f"class A {{\n  static Map<String, Runnable> T = {table};\n  static void one() {{}}\n  static void two() {{}}\n"
        '  void f() { use(T.get("b")); }\n}\n'
    )
    sources = Sources({"A.java": java})
    node, function = sources.call("use", path="A.java")
    assert [each.qualname for each in sources.calls.callables.of(node.args[0].value, function)] == wanted


def test_a_table_that_a_function_makes() -> None:
    rust = (
        'fn table() -> HashMap<String, Make> { let mut t = HashMap::new(); t.insert("a", one); t }\n'
        'fn one() {}\nfn f() { let all = table(); let make = all.get("a"); use_it(make); }\n'
    )
    sources = Sources({"a.rs": rust})
    node, function = sources.call("use_it", path="a.rs")
    assert [each.qualname for each in sources.calls.callables.of(node.args[0].value, function)] == ["one"]


def test_calls_of_a_tables_own_methods_call_none_of_its_entries() -> None:
    fields = "class A {\n  Map<K, Runnable> t = new HashMap<>();\n"
    java = f"{fields}  void f() {{ t.put(K.A, A::one); }}\n  static void one() {{}}\n}}\n"
    sources = Sources({"A.java": java})
    node, function = sources.call("put", path="A.java")
    assert sources.calls.reached(node, function) == ()

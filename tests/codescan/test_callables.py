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

"""Patterns of Rust: what they bind, and what they test."""

import pytest

from spawngate.codescan import ir
from spawngate.codescan.frontends import lower

CASES = [
    ("if let Some(a) = b { f(a); }", ["a"], "Operation('is not', (Name('b'), Literal(None)))"),
    ("if let E::A { x, y: z, .. } = b { f(x); }", ["x", "z"], "instanceof"),
    ("if let (a, 1) = b { f(a); }", ["a"], "=="),
    ("if let [a, rest @ ..] = b { f(a); }", ["a", "rest"], ""),
    ("if let E::A | E::B = b { f(); }", [], "in"),
]


@pytest.mark.parametrize(("source", "names", "test"), CASES)
def test_is_lowered(source: str, names: list[str], test: str) -> None:
    (function,) = lower("a.rs", f"fn g() {{ {source} }}".encode()).body
    assert isinstance(function, ir.Function)
    bound = [
        each.id for statement in function.body if isinstance(statement, ir.Assign) for each in _names(statement.target)
    ]
    assert sorted(bound) == sorted(names)
    tests = [ir.dump(each.test) for each in function.body if isinstance(each, ir.If)]
    assert all(test in each for each in tests)
    assert len(tests) <= 1


def _names(node: ir.Expression) -> list[ir.Name]:
    match node:
        case ir.Name():
            return [node]
        case ir.Sequence():
            return [name for item in node.items for name in _names(item)]
        case ir.Record():
            return [name for entry in node.entries for name in _names(entry.value)]
        case ir.Spread() | ir.Cast():
            return _names(node.value)
        case _:
            return []

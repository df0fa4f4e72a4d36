"""Expressions of Python."""

import pytest

from spawngate.codescan.frontends import lower
from spawngate.codescan.ir import dump


def value(text: str) -> str:
    """What stands behind `x =`."""
    return dump(lower("a.py", f"x = {text}".encode()).body).removeprefix("(Assign(Name('x'), ").removesuffix("),)")


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("'a' 'b'", "Literal('ab')"),
        ("'a' + 'b'", "Literal('ab')"),
        ("b'a'", "Literal('a')"),
        ("r'\\d'", "Literal('\\\\d')"),
        ("f'a{b}c'", "Format((Literal('a'), Name('b'), Literal('c')))"),
        ("'%s' % (a, b)", "Format((Literal('%s'), Name('a'), Name('b')))"),
        ("-1", "Literal(-1)"),
        ("0x10", "Literal(16)"),
        ("1 + 2", "Operation('arith', (Literal(1), Literal(2)))"),
        ("a - b", "Operation('arith', (Name('a'), Name('b')))"),
        ("a or b or c", "Join((Name('a'), Name('b'), Name('c')))"),
        ("a and b", "Operation('and', (Name('a'), Name('b')))"),
        ("not a", "Operation('not', (Name('a'),))"),
        ("a is not b", "Operation('is not', (Name('a'), Name('b')))"),
        (
            "a < b < c",
            "Operation('and', (Operation('<', (Name('a'), Name('b'))), Operation('<', (Name('b'), Name('c')))))",
        ),
        ("a if b else c", "Join((Name('a'), Name('c')), test=Name('b'))"),
        ("a.b['c'][d]", "Index(Index(Attribute(Name('a'), 'b'), Literal('c')), Name('d'))"),
        ("a[1:2]", "Index(Name('a'), None)"),
        ("[*a, b]", "Sequence((Spread(Name('a')), Name('b')))"),
        ("[a] + b", "Sequence((Name('a'), Spread(Name('b'))))"),
        ("{'a': b, **c}", "Record((Entry(Literal('a'), Name('b')), Entry(None, Name('c'))))"),
        ("a | b", "Record((Entry(None, Name('a')), Entry(None, Name('b'))))"),
        (
            "f(a, *b, c=d, **e)",
            "Call(Name('f'), args=(Argument(Name('a')), Argument(Name('b'), spread='*'), "
            "Argument(Name('d'), name='c'), Argument(Name('e'), spread='**')))",
        ),
        ("await f()", "Call(Name('f'))"),
        ("super().f()", "Call(Attribute(Name('super'), 'f'))"),
        ("lambda a: b", "Closure(Function('', (Param('a'),), (Return(Name('b')),)))"),
        ("[a for b in c if d]", "Comprehension(Name('a'), (Clause(Name('b'), Name('c'), conditions=(Name('d'),)),))"),
        ("...", "Literal(None)"),
    ],
)
def test_expressions(text: str, node: str) -> None:
    assert value(text) == node


def test_places_are_those_of_the_source() -> None:
    module = lower("a.py", b"\n  \nx = (client\n     .open(1))\n")
    assert (module.body[0].line, module.body[0].column) == (3, 0)
    call = module.body[0].value  # type: ignore[union-attr]  # an Assign, as asserted by its place
    assert (call.line, call.column) == (4, 6)  # type: ignore[union-attr]  # a Call


@pytest.mark.parametrize(
    "text", ["(" * 20_000, "[" * 20_000 + "]" * 20_000, "a" + ".b()" * 20_000, "1" + "+a" * 20_000]
)
def test_deep_nesting_is_no_overflow(text: str) -> None:
    assert lower("a.py", f"x = {text}\ny = 1\n".encode()).path == "a.py"

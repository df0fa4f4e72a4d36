"""Expressions of Java."""

import pytest

from spawngate.codescan import ir
from spawngate.codescan.frontends import lower

CASES = [
    (
        ".java",
        "class A { Object f; void m(Object a) { a.b().c(d)[1].e = this.f; f = A.this.g; super.m(a); h(f, "
        "g()); } void h(Object... x) {} }",
        "(Class('A', (), (Assign(Name('f'), None, type=Type('Object')), Function('m', (Param('a', "
        "type=Type('Object')),), (Assign(Attribute(Index(Call(Attribute(Call(Attribute(Name('a'), 'b')), "
        "'c'), args=(Argument(Name('d')),)), Literal(1)), 'e'), Attribute(Name('self'), 'f')), "
        "Assign(Attribute(Name('self'), 'f'), Attribute(Name('A'), 'g')), "
        "Evaluate(Call(Attribute(Name('super'), 'm'), args=(Argument(Name('a')),))), "
        "Evaluate(Call(Attribute(Name('self'), 'h'), args=(Argument(Attribute(Name('self'), 'f')), "
        "Argument(Call(Attribute(Name('self'), 'g'))))))), returns=Type('void')), Function('h', (Param('x', "
        "type=Type('Object'), spread='*'),), (), returns=Type('void')))),)",
    ),
    (
        ".java",
        "class A { void m() { var x = new F<String>(y) { int n = 1; void g(int k) { m(); } }; z = new "
        'String[]{"a", b}; w = new int[3]; } }',
        "(Class('A', (), (Function('m', (), (Assign(Name('x'), Call(Name('F'), args=(Argument(Name('y')), "
        "Argument(Unknown('class', parts=(Literal(1), Closure(Function('g', (Param('k', type=Type('int')),), "
        "(Evaluate(Call(Attribute(Name('self'), 'm'))),), returns=Type('void'))))))), new=True)), "
        "Assign(Name('z'), Sequence((Literal('a'), Name('b')))), Assign(Name('w'), Sequence(()))), "
        "returns=Type('void')),)),)",
    ),
    (
        ".java",
        'class A { void m() { x = "a" + b + 1; y = "a" + "b" + 1; z = 1 + 2; w = a && b || !c; v = a < b; u '
        "= -1; t = i++; s = (String) o; r = (a ? b : c); q += 1; p -= 2; } }",
        "(Class('A', (), (Function('m', (), (Assign(Name('x'), Format((Literal('a'), Name('b'), "
        "Literal(1)))), Assign(Name('y'), Literal('ab1')), Assign(Name('z'), Operation('arith', (Literal(1), "
        "Literal(2)))), Assign(Name('w'), Operation('or', (Operation('and', (Name('a'), Name('b'))), "
        "Operation('not', (Name('c'),))))), Assign(Name('v'), Operation('<', (Name('a'), Name('b')))), "
        "Assign(Name('u'), Literal(-1)), Assign(Name('t'), Operation('arith', (Name('i'),))), "
        "Assign(Name('s'), Cast(Name('o'), Type('String'))), Assign(Name('r'), Join((Name('b'), Name('c')), "
        "test=Name('a'))), Assign(Name('q'), Literal(1), augmented=True), Assign(Name('p'), "
        "Operation('arith', (Literal(2),)), augmented=True)), returns=Type('void')),)),)",
    ),
    (
        ".java",
        "class A { void m() { f = x -> x; g = (String x, int... y) -> { return x; }; h = (a, b) -> a; i = "
        "A::m; j = A::new; k = this::m; l = A.class; } }",
        "(Class('A', (), (Function('m', (), (Assign(Name('f'), Closure(Function('', (Param('x'),), "
        "(Return(Name('x')),)))), Assign(Name('g'), Closure(Function('', (Param('x', type=Type('String')), "
        "Param('y', type=Type('int'), spread='*')), (Return(Name('x')),)))), Assign(Name('h'), "
        "Closure(Function('', (Param('a'), Param('b')), (Return(Name('a')),)))), Assign(Name('i'), "
        "Attribute(Name('A'), 'm')), Assign(Name('j'), Name('A')), Assign(Name('k'), Attribute(Name('self'), "
        "'m')), Assign(Name('l'), Attribute(Name('A'), 'class'))), returns=Type('void')),)),)",
    ),
    (
        ".java",
        "class A { String m(Object o) { if (o instanceof String s && s != null) { return s; } else if (o "
        "instanceof P(int k, var l)) { return l; } return null; } }",
        "(Class('A', (), (Function('m', (Param('o', type=Type('Object')),), (Assign(Name('s'), "
        "Cast(Name('o'), Type('String'))), Assign(Name('k'), Cast(Name('o'), Type('P'))), Assign(Name('l'), "
        "Cast(Name('o'), Type('P'))), If(Operation('and', (Operation('instanceof', (Name('o'), "
        "Name('String'))), Operation('!=', (Name('s'), Literal(None))))), (Return(Name('s')),), "
        "orelse=(If(Operation('instanceof', (Name('o'), Name('P'))), (Return(Name('l')),)),)), "
        "Return(Literal(None))), returns=Type('String')),)),)",
    ),
    (
        ".java",
        'class A { int m(Object x) { return switch (x) { case "a", "b" -> 1; case C c when c.ok() -> { '
        "go(c); yield 2; } default -> throw new X(); }; } }",
        "(Class('A', (), (Function('m', (Param('x', type=Type('Object')),), (Assign(Name('c'), "
        "Cast(Name('x'), Type('C'))), If(Operation('instanceof', (Name('x'), Name('C'))), "
        "(Evaluate(Call(Attribute(Name('self'), 'go'), args=(Argument(Name('c')),))),)), "
        "If(Operation('not', (Operation('or', (Operation('==', (Name('x'), Literal('a'))), "
        "Operation('==', (Name('x'), Literal('b'))), Operation('instanceof', (Name('x'), Name('C'))))),)), "
        "(Raise(Call(Name('X'), new=True)),)), "
        "Return(Join((Literal(1), Literal(2)), test=Name('x')))), returns=Type('int')),)),)",
    ),
    (
        ".java",
        "class A { void m() { a = 'c'; b = '\\u0041'; c = 0x1FL; d = 017; e = 1_000; f = 1.5f; g = "
        '99999999999999999999; h = 1e400; i = "\\101\\t\\"\\\\"; j = """\n        a\n          b\\n"""; k = true; l '
        "= null; } }",
        "(Class('A', (), (Function('m', (), (Assign(Name('a'), Literal('c')), Assign(Name('b'), "
        "Literal('A')), Assign(Name('c'), Literal(31)), Assign(Name('d'), Literal(15)), Assign(Name('e'), "
        "Literal(1000)), Assign(Name('f'), Literal(1.5)), Assign(Name('g'), "
        "Literal('99999999999999999999')), Assign(Name('h'), Literal('1e400')), Assign(Name('i'), "
        "Literal('A\\t\"\\\\')), Assign(Name('j'), Literal('a\\n  b\\n')), Assign(Name('k'), Literal(True)), "
        "Assign(Name('l'), Literal(None))), returns=Type('void')),)),)",
    ),
]


@pytest.mark.parametrize(("suffix", "source", "expected"), CASES)
def test_is_lowered(suffix: str, source: str, expected: str) -> None:
    module = lower("a" + suffix, source.encode())
    assert (ir.dump(module.body), module.troubles, module.incomplete) == (expected, (), False)


def test_a_record_pattern_of_a_nested_record_binds_its_variables() -> None:
    """The grammar takes `O.R(String p)` for a call with errors; the names are bound all the same."""
    text = (
        "class A { Object m(Object x) { return switch (x) { case O.R(String p, var o) -> p; "
        "case O.S(O.R(int q)) -> q; default -> 0; }; } }"
    )
    assert ir.dump(lower("a.java", text.encode()).body) == (
        "(Class('A', (), (Function('m', (Param('x', type=Type('Object')),), (Assign(Name('p'), "
        "Cast(Name('x'), Type('O.R'))), Assign(Name('o'), Cast(Name('x'), Type('O.R'))), "
        "Assign(Name('q'), Cast(Name('x'), Type('O.S'))), "
        "Return(Join((Name('p'), Name('q'), Literal(0)), test=Name('x')))), returns=Type('Object')),)),)"
    )

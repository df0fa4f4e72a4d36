"""Files and statements of Java."""

import pytest

from spawngate.codescan import ir
from spawngate.codescan.frontends import lower

CASES = [
    (
        ".java",
        "package a.b; import a.b.C; import static a.b.C.m; import a.b.*; import static x.Y.*;",
        "(Import('a.b', 'C', 'C'), Import('a.b', 'C', '_static1'), Import('a.b', '*', '*'), Import('x', 'Y', "
        "'_static2'))",
    ),
    (
        ".java",
        "class A { void m(Object x) { switch (x) { case 1: case 2: f(); break; case 3: g(); default: h(); } "
        'switch (x) { case "a" -> f(); case String s when s.isEmpty() -> g(s); default -> {} } } }',
        "(Class('A', (), (Function('m', (Param('x', type=Type('Object')),), (If(Operation('in', (Name('x'), "
        "Sequence((Literal(1), Literal(2))))), (Evaluate(Call(Attribute(Name('self'), 'f'))),), "
        "orelse=(If(Operation('==', (Name('x'), Literal(3))), (Evaluate(Call(Attribute(Name('self'), 'g'))), "
        "Evaluate(Call(Attribute(Name('self'), 'h')))), orelse=(Evaluate(Call(Attribute(Name('self'), "
        "'h'))),)),)), If(Operation('==', (Name('x'), Literal('a'))), (Evaluate(Call(Attribute(Name('self'), "
        "'f'))),), orelse=(If(Operation('and', (Operation('instanceof', (Name('x'), Name('String'))), "
        "Call(Attribute(Name('s'), 'isEmpty')))), (Assign(Name('s'), Cast(Name('x'), Type('String'))), "
        "Evaluate(Call(Attribute(Name('self'), 'g'), args=(Argument(Name('s')),))))),))), "
        "returns=Type('void')),)),)",
    ),
    (
        ".java",
        "class A { void m() { if (a) b(); else if (c) { d(); } else e(); for (int i = 0, j; i < 1; i++) "
        "f(i); for (String s : xs) { g(s); } for (var t : ts) {} while (a) b(); do { c(); } while (d); } }",
        "(Class('A', (), (Function('m', (), (If(Name('a'), (Evaluate(Call(Attribute(Name('self'), 'b'))),), "
        "orelse=(If(Name('c'), (Evaluate(Call(Attribute(Name('self'), 'd'))),), "
        "orelse=(Evaluate(Call(Attribute(Name('self'), 'e'))),)),)), Assign(Name('i'), Literal(0), "
        "type=Type('int')), Assign(Name('j'), None, type=Type('int')), Loop(None, None, Operation('<', "
        "(Name('i'), Literal(1))), (Evaluate(Call(Attribute(Name('self'), 'f'), "
        "args=(Argument(Name('i')),))), Evaluate(Operation('arith', (Name('i'),))))), Assign(Name('s'), "
        "None, type=Type('String')), Loop(Name('s'), Name('xs'), None, "
        "(Evaluate(Call(Attribute(Name('self'), 'g'), args=(Argument(Name('s')),))),)), Loop(Name('t'), "
        "Name('ts'), None, ()), Loop(None, None, Name('a'), (Evaluate(Call(Attribute(Name('self'), "
        "'b'))),)), Loop(None, None, Name('d'), (Evaluate(Call(Attribute(Name('self'), 'c'))),))), "
        "returns=Type('void')),)),)",
    ),
    (
        ".java",
        "class A { void m() { try (var r = open(); s) { use(r); } catch (B | C e) { log(e); throw e; } "
        "finally { close(); } synchronized (x) { go(); } assert a : b; lab: for (;;) { break lab; } while "
        "(y) continue; { int z; } return; } }",
        "(Class('A', (), (Function('m', (), (Try((Assign(Name('r'), Call(Attribute(Name('self'), 'open'))), "
        "Evaluate(Call(Attribute(Name('self'), 'use'), args=(Argument(Name('r')),)))), "
        "handlers=(Handler('e', (Evaluate(Call(Attribute(Name('self'), 'log'), "
        "args=(Argument(Name('e')),))), Raise(Name('e')))),), final=(Evaluate(Call(Attribute(Name('self'), "
        "'close'))),)), Evaluate(Call(Attribute(Name('self'), 'go'))), If(Operation('not', (Name('a'),)), "
        "(Raise(None),)), Loop(None, None, None, (Jump('break'),)), Loop(None, None, Name('y'), "
        "(Jump('continue'),)), Assign(Name('z'), None, type=Type('int')), Return(None)), "
        "returns=Type('void')),)),)",
    ),
    (
        ".java",
        "class A { A() { this(1); } A(int x) { super(x); } }",
        "(Class('A', (), (Function('__init__', (), (Evaluate(Call(Attribute(Name('self'), '__init__'), "
        "args=(Argument(Literal(1)),))),)), Function('__init__', (Param('x', type=Type('int')),), "
        "(Evaluate(Call(Attribute(Name('super'), '__init__'), args=(Argument(Name('x')),))),)))),)",
    ),
    (
        ".java",
        "int x = 1; void main() { go(x); }",
        "(Assign(Name('x'), Literal(1), type=Type('int')), Function('main', (), (Evaluate(Call(Name('go'), "
        "args=(Argument(Name('x')),))),), returns=Type('void')))",
    ),
]


@pytest.mark.parametrize(("suffix", "source", "expected"), CASES)
def test_is_lowered(suffix: str, source: str, expected: str) -> None:
    module = lower("a" + suffix, source.encode())
    assert (ir.dump(module.body), module.troubles, module.incomplete) == (expected, (), False)

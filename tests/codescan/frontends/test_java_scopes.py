"""What bare names mean in Java."""

import pytest

from spawngate.codescan import ir
from spawngate.codescan.frontends import lower

CASES = [
    (
        ".java",
        "import static x.Y.run; class A extends B { int own; void m(int p) { run(p); go(own, p, inherited, "
        "CONST, Other.x); int own = 1; go(own); } class In { void n() { m(own); Runnable r = new Runnable() "
        "{ public void run() { m(own); } }; } } }",
        "(Import('x', 'Y', '_static1'), Class('A', (Type('B'),), (Assign(Name('own'), None, "
        "type=Type('int')), Function('m', (Param('p', type=Type('int')),), "
        "(Evaluate(Call(Attribute(Name('_static1'), 'run'), args=(Argument(Name('p')),))), "
        "Evaluate(Call(Attribute(Name('self'), 'go'), args=(Argument(Attribute(Name('self'), 'own')), "
        "Argument(Name('p')), Argument(Attribute(Name('self'), 'inherited')), Argument(Name('CONST')), "
        "Argument(Attribute(Name('Other'), 'x'))))), Assign(Name('own'), Literal(1), type=Type('int')), "
        "Evaluate(Call(Attribute(Name('self'), 'go'), args=(Argument(Name('own')),)))), "
        "returns=Type('void')), Class('In', (), (Function('n', (), (Evaluate(Call(Attribute(Name('A'), 'm'), "
        "args=(Argument(Attribute(Name('A'), 'own')),))), Assign(Name('r'), Call(Name('Runnable'), "
        "args=(Argument(Unknown('class', parts=(Closure(Function('run', (), "
        "(Evaluate(Call(Attribute(Name('A'), 'm'), args=(Argument(Attribute(Name('A'), 'own')),))),), "
        "returns=Type('void'), exported=True)),))),), new=True), type=Type('Runnable'))), "
        "returns=Type('void')),)))))",
    ),
    (
        ".java",
        "class A { int x; void m() { Runnable r = new R() { int y; void run() { go(x, y); own(y); } void "
        "own(int z) {} }; } }",
        "(Class('A', (), (Assign(Name('x'), None, type=Type('int')), Function('m', (), (Assign(Name('r'), "
        "Call(Name('R'), args=(Argument(Unknown('class', parts=(Closure(Function('run', (), "
        "(Evaluate(Call(Attribute(Name('self'), 'go'), args=(Argument(Attribute(Name('self'), 'x')), "
        "Argument(Name('y'))))), Evaluate(Call(Name('own'), args=(Argument(Name('y')),)))), "
        "returns=Type('void'))), Closure(Function('own', (Param('z', type=Type('int')),), (), "
        "returns=Type('void')))))),), new=True), type=Type('Runnable')),), returns=Type('void')))),)",
    ),
    (
        ".java",
        "class A { int x; void m() { { int x = 1; go(x); } go(x); f(x -> x); go(x); for (int x : xs) go(x); "
        "go(x); try {} catch (E x) { go(x); } go(x); } }",
        "(Class('A', (), (Assign(Name('x'), None, type=Type('int')), Function('m', (), (Assign(Name('x'), "
        "Literal(1), type=Type('int')), Evaluate(Call(Attribute(Name('self'), 'go'), "
        "args=(Argument(Name('x')),))), Evaluate(Call(Attribute(Name('self'), 'go'), "
        "args=(Argument(Attribute(Name('self'), 'x')),))), Evaluate(Call(Attribute(Name('self'), 'f'), "
        "args=(Argument(Closure(Function('', (Param('x'),), (Return(Name('x')),)))),))), "
        "Evaluate(Call(Attribute(Name('self'), 'go'), args=(Argument(Attribute(Name('self'), 'x')),))), "
        "Assign(Name('x'), None, type=Type('int')), Loop(Name('x'), Name('xs'), None, "
        "(Evaluate(Call(Attribute(Name('self'), 'go'), args=(Argument(Name('x')),))),)), "
        "Evaluate(Call(Attribute(Name('self'), 'go'), args=(Argument(Attribute(Name('self'), 'x')),))), "
        "Try((), handlers=(Handler('x', (Evaluate(Call(Attribute(Name('self'), 'go'), "
        "args=(Argument(Name('x')),))),)),)), Evaluate(Call(Attribute(Name('self'), 'go'), "
        "args=(Argument(Attribute(Name('self'), 'x')),)))), returns=Type('void')))),)",
    ),
    (
        ".java",
        "import static a.B.*; import static c.D.e; import static c.D.F; class A { "
        "java.util.function.Function<X, Y> g; Consumer<X> h; void m(Supplier<X> s, Z z) { go(); e(F); "
        "h.accept(s.get()); this.h.accept(z.get()); Runnable r = () -> {}; r.run(); g.apply(z); } }",
        "(Import('a', 'B', '_static1'), Import('c', 'D', '_static2'), Import('c', 'D', '_static3'), "
        "Class('A', (), (Assign(Name('g'), None, type=Type('java.util.function.Function', args=(Type('X'), "
        "Type('Y')))), Assign(Name('h'), None, type=Type('Consumer', args=(Type('X'),))), Function('m', "
        "(Param('s', type=Type('Supplier', args=(Type('X'),))), Param('z', type=Type('Z'))), "
        "(Evaluate(Call(Attribute(Name('_static1'), 'go'))), Evaluate(Call(Attribute(Name('_static2'), 'e'), "
        "args=(Argument(Attribute(Name('_static3'), 'F')),))), Evaluate(Call(Attribute(Name('self'), 'h'), "
        "args=(Argument(Call(Name('s'))),))), Evaluate(Call(Attribute(Name('self'), 'h'), "
        "args=(Argument(Call(Attribute(Name('z'), 'get'))),))), Assign(Name('r'), Closure(Function('', (), "
        "())), type=Type('Runnable')), Evaluate(Call(Name('r'))), Evaluate(Call(Attribute(Name('self'), "
        "'g'), args=(Argument(Name('z')),)))), returns=Type('void')))))",
    ),
]


@pytest.mark.parametrize(("suffix", "source", "expected"), CASES)
def test_is_lowered(suffix: str, source: str, expected: str) -> None:
    module = lower("a" + suffix, source.encode())
    assert (ir.dump(module.body), module.troubles, module.incomplete) == (expected, (), False)

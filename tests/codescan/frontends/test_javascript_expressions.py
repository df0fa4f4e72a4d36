"""Expressions of JavaScript and TypeScript."""

import pytest

from spawngate.codescan import ir
from spawngate.codescan.frontends import lower

CASES = [
    (
        ".ts",
        "x = a || b && p!.c(d)",
        "(Assign(Name('x'), Join((Name('a'), Join((Call(Attribute(Name('p'), 'c'), args=(Argument(Name('d')),)), "
        "Literal(False)), test=Name('b'))))),)",
    ),
    (
        ".ts",
        "x = (a && p)!.c",
        "(Assign(Name('x'), Attribute(Join((Name('p'), Literal(False)), test=Name('a')), 'c')),)",
    ),
    (
        ".ts",
        "if (a === 'b' && p!.c) f()",
        "(If(Operation('and', (Operation('==', (Name('a'), Literal('b'))), Attribute(Name('p'), 'c'))), "
        "(Evaluate(Call(Name('f'))),)),)",
    ),
    (
        ".ts",
        "x = !p!.c + 'a' + q![r].s",
        "(Assign(Name('x'), Format((Operation('not', (Attribute(Name('p'), 'c'),)), Literal('a'), "
        "Attribute(Index(Name('q'), Name('r')), 's')))),)",
    ),
    (
        ".js",
        'a.b?.c["d"][k](1, ...xs)',
        "(Evaluate(Call(Index(Index(Attribute(Attribute(Name('a'), 'b'), 'c'), Literal('d')), Name('k')), "
        "args=(Argument(Literal(1)), Argument(Name('xs'), spread='*')))),)",
    ),
    (
        ".js",
        'x = `a\\n${b}c` + 1 + "d"',
        "(Assign(Name('x'), Format((Format((Literal('a\\n'), Name('b'), Literal('c'))), Literal(1), Literal('d')))),)",
    ),
    (
        ".js",
        'y = "a" + "b"',
        "(Assign(Name('y'), Literal('ab')),)",
    ),
    (
        ".js",
        "z = 1 - 2 + 3",
        "(Assign(Name('z'), Format((Operation('arith', (Literal(1), Literal(2))), Literal(3)))),)",
    ),
    (
        ".js",
        'new a.B({ c, "d-e": 1, [f]: 2, ...g, h() {}, get i() { return 1 } })',
        "(Evaluate(Call(Attribute(Name('a'), 'B'), args=(Argument(Record((Entry(Literal('c'), Name('c')), "
        "Entry(Literal('d-e'), Literal(1)), Entry(Name('f'), Literal(2)), Entry(None, Name('g')), "
        "Entry(Literal('h'), Closure(Function('h', (), ()))), Entry(Literal('i'), Closure(Function('i', (), "
        "(Return(Literal(1)),), getter=True)))))),), new=True)),)",
    ),
    (
        ".js",
        "x = a && b || c ?? d",
        "(Assign(Name('x'), Join((Join((Join((Name('b'), Literal(False)), test=Name('a')), Name('c'))), Name('d')))),)",
    ),
    (
        ".js",
        "x = cond ? a : b",
        "(Assign(Name('x'), Join((Name('a'), Name('b')), test=Name('cond'))),)",
    ),
    (
        ".js",
        "[a, , b = 1, ...c] = xs",
        "(Assign(Sequence((Name('a'), Literal(None), Join((Name('b'), Literal(1))), Spread(Name('c')))), Name('xs')),)",
    ),
    (
        ".js",
        "({ a, b: c, d = 1, e: { f }, ...g } = x)",
        "(Assign(Record((Entry(Literal('a'), Name('a')), Entry(Literal('b'), Name('c')), Entry(Literal('d'), "
        "Join((Name('d'), Literal(1)))), Entry(Literal('e'), Record((Entry(Literal('f'), Name('f')),))), "
        "Entry(None, Name('g')))), Name('x')),)",
    ),
    (
        ".js",
        "a ??= b; c += d; e -= f; g &&= h; i++",
        "(Assign(Name('a'), Join((Name('a'), Name('b')))), Assign(Name('c'), Name('d'), augmented=True), "
        "Assign(Name('e'), Operation('arith', (Name('f'),)), augmented=True), If(Name('g'), "
        "(Assign(Name('g'), Name('h')),)), Evaluate(Operation('arith', (Name('i'),))))",
    ),
    (
        ".js",
        "x = (f(), y = 2, z)",
        "(Assign(Name('y'), Literal(2)), Evaluate(Call(Name('f'))), Evaluate(Name('y')), Assign(Name('x'), Name('z')))",
    ),
    (
        ".js",
        "const f = async (a, { b } = {}, [c], ...d) => a",
        "(Function('f', (Param('a'), Param('_1', default=Record(()), pattern=Record((Entry(Literal('b'), "
        "Name('b')),))), Param('_2', pattern=Sequence((Name('c'),))), Param('d', spread='*')), "
        "(Return(Name('a')),), is_async=True),)",
    ),
    (
        ".js",
        "const g = function* named() { yield 1; yield* other }",
        "(Function('g', (), (Return(Literal(1), final=False),)),)",
    ),
    (
        ".js",
        'x = typeof a === "string"; y = void 0; z = -1; w = !a; delete a.b',
        "(Assign(Name('x'), Operation('==', (Operation('instanceof', (Name('a'),)), Literal('string')))), "
        "Assign(Name('y'), Literal(None)), Assign(Name('z'), Literal(-1)), Assign(Name('w'), "
        "Operation('not', (Name('a'),))), Evaluate(Operation('is not', (Attribute(Name('a'), 'b'),))))",
    ),
    (
        ".js",
        "tag`a${b}`",
        "(Evaluate(Call(Name('tag'), args=(Argument(Format((Literal('a'), Name('b')))),))),)",
    ),
    (
        ".js",
        "x = <A b={c} {...d}>text {e}</A>",
        "(Assign(Name('x'), Unknown('jsx_element', parts=(Unknown('jsx_opening_element', parts=(Name('A'), "
        "Unknown('jsx_attribute', parts=(Name('b'), Unknown('jsx_expression', parts=(Name('c'),)))), "
        "Unknown('jsx_expression', parts=(Spread(Name('d')),)))), Unknown('jsx_text'), "
        "Unknown('jsx_expression', parts=(Name('e'),)), Unknown('jsx_closing_element', "
        "parts=(Name('A'),))))),)",
    ),
    (
        ".js",
        'x = /a+/g.test("b")',
        "(Assign(Name('x'), Call(Attribute(Literal('/a+/g'), 'test'), args=(Argument(Literal('b')),))),)",
    ),
    (
        ".js",
        "x = import.meta.url; y = new.target",
        "(Assign(Name('x'), Attribute(Unknown('meta_property'), 'url')), Assign(Name('y'), Unknown('meta_property')))",
    ),
    (
        ".js",
        'x = "\\x41\\u{1F600}\\u0042\\\nc\\0"',
        "(Assign(Name('x'), Literal('A😀Bc\\x00')),)",
    ),
    (
        ".js",
        "x = 0xff + 10n + 1_000 + 1e3 + 99999999999999999999",
        "(Assign(Name('x'), Literal('2551010001000.099999999999999999999')),)",
    ),
    (
        ".ts",
        'const a = b as C, d = <E>f, g = h satisfies I, j = k!, l = ["x"] as const',
        "(Assign(Name('a'), Cast(Name('b'), Type('C'))), Assign(Name('d'), Cast(Name('f'), Type('E'))), "
        "Assign(Name('g'), Cast(Name('h'), Type('I'))), Assign(Name('j'), Name('k')), Assign(Name('l'), "
        "Sequence((Literal('x'),))))",
    ),
    (
        ".ts",
        "f<string>(a); const g = f<number>; new C<D>(x)",
        "(Evaluate(Call(Name('f'), args=(Argument(Name('a')),))), Assign(Name('g'), Name('f')), "
        "Evaluate(Call(Name('C'), args=(Argument(Name('x')),), new=True)))",
    ),
    (
        ".tsx",
        'const f = <T,>(x: T) => <B a="c">{x as Y}</B>',
        "(Function('f', (Param('x', type=Type('T')),), (Return(Unknown('jsx_element', "
        "parts=(Unknown('jsx_opening_element', parts=(Name('B'), Unknown('jsx_attribute', parts=(Name('a'), "
        "Literal('c'))))), Unknown('jsx_expression', parts=(Cast(Name('x'), Type('Y')),)), "
        "Unknown('jsx_closing_element', parts=(Name('B'),))))),)),)",
    ),
]


@pytest.mark.parametrize(("suffix", "source", "expected"), CASES)
def test_is_lowered(suffix: str, source: str, expected: str) -> None:
    module = lower("a" + suffix, source.encode())
    assert (ir.dump(module.body), module.troubles, module.incomplete) == (expected, (), False)

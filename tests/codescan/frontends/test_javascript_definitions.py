"""Functions, classes, interfaces and enums of JavaScript and TypeScript."""

import pytest

from spawngate.codescan import ir
from spawngate.codescan.frontends import lower

CASES = [
    (
        ".js",
        "let a; const f = (b) => { let c; a = b; c += 1; [d, b] = c; ({ e: g } = b); for (const h of c) h = 1; };",
        "(Assign(Name('a'), None), Function('f', (Param('b'),), (Evaluate(Unknown('nonlocal', "
        "parts=(Name('a'), Name('d'), Name('g')))), Assign(Name('c'), None), Assign(Name('a'), Name('b')), "
        "Assign(Name('c'), Literal(1), augmented=True), Assign(Sequence((Name('d'), Name('b'))), Name('c')), "
        "Assign(Record((Entry(Literal('e'), Name('g')),)), Name('b')), Loop(Name('h'), Name('c'), None, "
        "(Assign(Name('h'), Literal(1)),)))))",
    ),
    (
        ".js",
        "function f() { return }",
        "(Function('f', (), (Return(None),)),)",
    ),
    (
        ".js",
        "class A extends B.C { static x = 1; #y; z = (a) => a; constructor(a) { super(a); this.#y = a } get "
        'w() { return this.#y } set w(v) { this.#y = v } static m() { super.m() } async *g() {} ["c"]() {} '
        "static { A.x = 2 } }",
        "(Class('A', (Type('B.C'),), (Assign(Name('x'), Literal(1)), Assign(Name('#y'), None), Function('z', "
        "(Param('a'),), (Return(Name('a')),)), Function('__init__', (Param('a'),), "
        "(Evaluate(Call(Attribute(Name('super'), '__init__'), args=(Argument(Name('a')),))), "
        "Assign(Attribute(Name('self'), '#y'), Name('a')))), Function('w', (), "
        "(Return(Attribute(Name('self'), '#y')),), getter=True), Function('w', (), (Assign(Name('v'), "
        "Attribute(Name('self'), 'w')), Assign(Attribute(Name('self'), '#y'), Name('v')))), Function('m', "
        "(), (Evaluate(Call(Attribute(Name('super'), 'm'))),), static=True), Function('g', (), (), "
        "is_async=True), Function('c', (), ()), Assign(Attribute(Name('A'), 'x'), Literal(2)))),)",
    ),
    (
        ".js",
        "const A = class extends mix(B, C) {}; f(class D {})",
        "(Class('A', (Type('mix', args=(Type('B'), Type('C'))), Type('B'), Type('C')), ()), Class('D', (), "
        "()), Evaluate(Call(Name('f'), args=(Argument(Name('D')),))))",
    ),
    (
        ".ts",
        'export enum E { A = "a", B, "c-d" = 3 }',
        "(Class('E', (), (Assign(Name('A'), Literal('a')), Assign(Name('B'), Literal(1)), "
        "Assign(Name('c-d'), Literal(3))), kind='enum', exported=True),)",
    ),
    (
        ".ts",
        'interface A extends B, C<string> { a: string; b?: number; m(x: string): void; readonly c: "x" | "y" }',
        "(Class('A', (Type('B'), Type('C', args=(Type('string'),))), (Assign(Name('a'), None, "
        "type=Type('string')), Assign(Name('b'), None, type=Type('number')), Function('m', (Param('x', "
        "type=Type('string')),), (), returns=Type('void')), Assign(Name('c'), None, type=Type('Literal', "
        "literals=('x', 'y')))), kind='interface'),)",
    ),
    (
        ".ts",
        'type T = { a: string } & Base; type U = A | B; type V = Other; type W = "x" | "y"',
        "(Class('T', (Type('Base'),), (Assign(Name('a'), None, type=Type('string')),), kind='interface'), "
        "Class('U', (Type('A'), Type('B')), (), kind='interface'), Class('V', (Type('Other'),), (), "
        "kind='interface'))",
    ),
    (
        ".ts",
        'abstract class A<T> extends B<T> implements C, D.E { private x: string = "a"; readonly y?: F; '
        "constructor(private readonly s: S, public n = 1, plain: P) { super() } abstract m(): string; "
        'declare z: number; @Dec() p: string; @Post("x") async q(@Body() dto: Dto, @Query("k") k?: string): '
        "Promise<void> {} }",
        "(Class('A', (Type('B'), Type('C'), Type('D.E')), (Assign(Name('x'), Literal('a'), "
        "type=Type('string')), Assign(Name('y'), None, type=Type('F')), Function('__init__', (Param('s', "
        "type=Type('S'), field=True), Param('n', default=Literal(1), field=True), Param('plain', "
        "type=Type('P'))), (Evaluate(Call(Attribute(Name('super'), '__init__'))),)), Function('m', (), (), "
        "returns=Type('string')), Assign(Name('z'), None, type=Type('number')), Assign(Name('p'), None, "
        "type=Type('string'), decorators=(Call(Name('Dec')),)), Function('q', (Param('dto', "
        "type=Type('Dto'), decorators=(Call(Name('Body')),)), Param('k', type=Type('string'), "
        "decorators=(Call(Name('Query'), args=(Argument(Literal('k')),)),))), (), returns=Type('Promise', "
        "args=(Type('void'),)), decorators=(Call(Name('Post'), args=(Argument(Literal('x')),)),), "
        "is_async=True))),)",
    ),
    (
        ".ts",
        "@Injectable({ a: 1 }) export class S {}",
        "(Class('S', (), (), decorators=(Call(Name('Injectable'), args=(Argument(Record((Entry(Literal('a'), "
        "Literal(1)),))),)),), exported=True),)",
    ),
    (
        ".ts",
        "export @Dec class S {}",
        "(Class('S', (), (), decorators=(Name('Dec'),), exported=True),)",
    ),
    (
        ".ts",
        "function f(this: X, a?: string, ...rest: string[]): a is string; function f(a) { return a }",
        "(Function('f', (Param('a'),), (Return(Name('a')),)),)",
    ),
]


@pytest.mark.parametrize(("suffix", "source", "expected"), CASES)
def test_is_lowered(suffix: str, source: str, expected: str) -> None:
    module = lower("a" + suffix, source.encode())
    assert (ir.dump(module.body), module.troubles, module.incomplete) == (expected, (), False)

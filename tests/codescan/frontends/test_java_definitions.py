"""Classes, records, enums and interfaces of Java."""

import pytest

from spawngate.codescan import ir
from spawngate.codescan.frontends import lower

CASES = [
    (
        ".java",
        "public record R(String a, @NotNull List<? extends B> b) implements I { R { check(a); } static int "
        'q() { return 1; } public String a() { return "x"; } }',
        "(Class('R', (Type('I'),), (Assign(Name('a'), None, type=Type('String')), Assign(Name('b'), None, "
        "type=Type('List', args=(Type('B'),)), decorators=(Name('NotNull'),)), Function('q', (), "
        "(Return(Literal(1)),), returns=Type('int'), static=True), Function('a', (), "
        "(Return(Literal('x')),), returns=Type('String'), exported=True), Function('__init__', (Param('a', "
        "type=Type('String'), field=True), Param('b', type=Type('List', args=(Type('B'),)), "
        "decorators=(Name('NotNull'),), field=True)), (Evaluate(Call(Attribute(Name('self'), 'check'), "
        "args=(Argument(Attribute(Name('self'), 'a')),))),), exported=True), Function('b', (), "
        "(Return(Attribute(Name('self'), 'b')),), returns=Type('List', args=(Type('B'),)), exported=True)), "
        "kind='record', exported=True),)",
    ),
    (
        ".java",
        'enum E implements I { N("node") { int f() { return 1; } }, M; final String c; E(String c) { this.c = c; } }',
        "(Class('E', (Type('I'),), (Assign(Name('N'), Call(Name('E'), args=(Argument(Literal('node')),), "
        "new=True)), Assign(Name('M'), Literal('M')), Assign(Name('c'), None, type=Type('String')), "
        "Function('__init__', (Param('c', type=Type('String')),), (Assign(Attribute(Name('self'), 'c'), "
        "Name('c')),)), Function('f', (), (If(Operation('==', (Name('self'), Name('N'))), (Return(Literal(1)),)),), "
        "returns=Type('int'))), kind='enum'),)",
    ),
    (
        ".java",
        "interface I<T> extends J, K<T> { int X = 1; default void a(int y[]) { b(); } String b(); private "
        "void c() {} }",
        "(Class('I', (Type('J'), Type('K', args=(Type('T'),))), (Assign(Name('X'), Literal(1), "
        "type=Type('int')), Function('a', (Param('y', type=Type('[]', args=(Type('int'),))),), "
        "(Evaluate(Call(Attribute(Name('self'), 'b'))),), returns=Type('void'), exported=True), "
        "Function('b', (), (), returns=Type('String'), exported=True), Function('c', (), (), "
        "returns=Type('void'))), kind='interface'),)",
    ),
    (
        ".java",
        '@interface Ann { String value() default "x"; }',
        "(Class('Ann', (), (), kind='interface'),)",
    ),
    (
        ".java",
        "class A { static { a(); } { b(); } class In { enum E { X } } static void a() {} void b(final "
        "@RequestBody Map<String, Object[]> m, String... rest) throws E {} }",
        "(Class('A', (), (Evaluate(Call(Attribute(Name('self'), 'a'))), "
        "Evaluate(Call(Attribute(Name('self'), 'b'))), Class('In', (), (Class('E', (), (Assign(Name('X'), "
        "Literal('X')),), kind='enum'),)), Function('a', (), (), returns=Type('void'), static=True), "
        "Function('b', (Param('m', type=Type('Map', args=(Type('String'), Type('[]', "
        "args=(Type('Object'),)))), decorators=(Name('RequestBody'),)), Param('rest', type=Type('String'), "
        "spread='*')), (), returns=Type('void')))),)",
    ),
]


@pytest.mark.parametrize(("suffix", "source", "expected"), CASES)
def test_is_lowered(suffix: str, source: str, expected: str) -> None:
    module = lower("a" + suffix, source.encode())
    assert (ir.dump(module.body), module.troubles, module.incomplete) == (expected, (), False)

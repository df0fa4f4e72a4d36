"""Modules and statements of JavaScript and TypeScript; what is broken or hostile."""

import pytest

from spawngate.codescan import ir
from spawngate.codescan.frontends import lower

CASES = [
    (
        ".js",
        'import a, { b as c, "e f" as g } from "./m.js"; import * as ns from "n"; import "side"',
        "(Import('./m.js', 'default', 'a'), Import('./m.js', 'b', 'c'), Import('./m.js', 'e f', 'g'), "
        "Import('n', '', 'ns'))",
    ),
    (
        ".ts",
        'import fs = require("fs"); import X = A.B.C; import { type T } from "t"; import type U from "u"',
        "(Import('fs', '', 'fs'), Assign(Name('X'), Attribute(Attribute(Name('A'), 'B'), 'C')), Import('t', "
        "'T', 'T'), Import('u', 'default', 'U'))",
    ),
    (
        ".js",
        'export * from "./a"; export * as b from "./b"; export { c, d as e } from "./c"; export { f as g, h '
        "as default }",
        "(Import('./a', '*', '*', export=True), Import('./b', '', 'b', export=True), Import('./c', 'c', 'c', "
        "export=True), Import('./c', 'd', 'e', export=True), Export('g', Name('f')), Export('default', "
        "Name('h')))",
    ),
    (
        ".js",
        "export default function () {}",
        "(Function('_default1', (), (), exported=True), Export('default', Name('_default1')))",
    ),
    (
        ".js",
        "export default class Named {}",
        "(Class('Named', (), (), exported=True), Export('default', Name('Named')))",
    ),
    (
        ".js",
        "export default { a: 1 }",
        "(Export('default', Record((Entry(Literal('a'), Literal(1)),))),)",
    ),
    (
        ".js",
        "export default async (a) => a",
        "(Function('_default1', (Param('a'),), (Return(Name('a')),), exported=True, is_async=True), "
        "Export('default', Name('_default1')))",
    ),
    (
        ".js",
        "export const { a, b } = c, f = () => 1",
        "(Assign(Record((Entry(Literal('a'), Name('a')), Entry(Literal('b'), Name('b')))), Name('c'), "
        "exported=True), Function('f', (), (Return(Literal(1)),), exported=True))",
    ),
    (
        ".js",
        "export function f() {} export class C {}",
        "(Function('f', (), (), exported=True), Class('C', (), (), exported=True))",
    ),
    (
        ".js",
        'const m = require("m"), { a, b: c } = require("./n"), { d: { e } } = require("o"), x = '
        'require("p").y; require("q")(1)',
        "(Import('m', '', 'm'), Import('./n', 'a', 'a'), Import('./n', 'b', 'c'), Import('o', '', "
        "'_module1'), Assign(Record((Entry(Literal('d'), Record((Entry(Literal('e'), Name('e')),))),)), "
        "Name('_module1')), Import('p', '', '_module2'), Assign(Name('x'), Attribute(Name('_module2'), "
        "'y')), Import('q', '', '_module3'), Evaluate(Call(Name('_module3'), args=(Argument(Literal(1)),))))",
    ),
    (
        ".js",
        'const z = await import("./z"); import("./w").then(m => m.go())',
        "(Import('./z', '', 'z'), Import('./w', '', '_module1'), Evaluate(Call(Attribute(Name('_module1'), "
        "'then'), args=(Argument(Closure(Function('', (Param('m'),), (Return(Call(Attribute(Name('m'), "
        "'go'))),)))),))))",
    ),
    (
        ".js",
        "module.exports = { a, b: c, d() {} }",
        "(Export('a', Name('a')), Export('b', Name('c')), Export('d', Closure(Function('d', (), ()))), "
        "Export('default', Record((Entry(Literal('a'), Name('a')), Entry(Literal('b'), Name('c')), "
        "Entry(Literal('d'), Closure(Function('d', (), ())))))))",
    ),
    (
        ".js",
        "module.exports = class A {}",
        "(Class('A', (), (), exported=True), Export('default', Name('A')))",
    ),
    (
        ".js",
        "module.exports = function go() {}",
        "(Function('go', (), (), exported=True), Export('default', Name('go')))",
    ),
    (
        ".js",
        "exports.a = exports.b = void 0; exports.a = a; module.exports.f = (x) => x; exports.K = class {}",
        "(Export('a', Name('a')), Export('f', Closure(Function('f', (Param('x'),), (Return(Name('x')),)))), "
        "Class('K', (), (), exported=True), Export('K', Name('K')))",
    ),
    (
        ".js",
        'const x_1 = __importDefault(require("x")); const y = tslib_1.__importStar(require("y")); (0, x_1.default)(1)',
        "(Import('x', '', 'x_1'), Import('y', '', 'y'), Evaluate(Call(Attribute(Name('x_1'), 'default'), "
        "args=(Argument(Literal(1)),))))",
    ),
    (
        ".js",
        '__exportStar(require("./a"), exports); Object.defineProperty(exports, "__esModule", { value: true '
        '}); Object.defineProperty(exports, "b", { enumerable: true, get: function () { return c_1.b; } })',
        "(Import('./a', '*', '*', export=True), Export('b', Attribute(Name('c_1'), 'b')))",
    ),
    (
        ".js",
        "function f(a) { return __awaiter(this, void 0, void 0, function* () { yield g(a); return a; }); }",
        "(Function('f', (Param('a'),), (Return(Call(Name('g'), args=(Argument(Name('a')),)), final=False), "
        "Return(Name('a')))),)",
    ),
    (
        ".js",
        "if (!(a === 1 && b) || c in d) { e() } else if (f instanceof G) g(); else { h }",
        "(If(Operation('or', (Operation('not', (Operation('and', (Operation('==', (Name('a'), Literal(1))), "
        "Name('b'))),)), Operation('in', (Name('c'), Name('d'))))), (Evaluate(Call(Name('e'))),), "
        "orelse=(If(Operation('instanceof', (Name('f'), Name('G'))), (Evaluate(Call(Name('g'))),)),)),)",
    ),
    (
        ".js",
        "while ((m = next())) { use(m) }",
        "(Assign(Name('m'), Call(Name('next'))), Loop(None, None, Name('m'), (Evaluate(Call(Name('use'), "
        "args=(Argument(Name('m')),))),)))",
    ),
    (
        ".js",
        "for (const k in o) { f(k) }",
        "(Loop(Name('k'), Call(Attribute(Name('Object'), 'keys'), args=(Argument(Name('o')),)), None, "
        "(Evaluate(Call(Name('f'), args=(Argument(Name('k')),))),)),)",
    ),
    (
        ".js",
        "for (let i = 0, n = xs.length; i < n; i++) { f(xs[i]) }",
        "(Assign(Name('i'), Literal(0)), Assign(Name('n'), Attribute(Name('xs'), 'length')), Loop(None, "
        "None, Operation('<', (Name('i'), Name('n'))), (Evaluate(Call(Name('f'), "
        "args=(Argument(Index(Name('xs'), Name('i'))),))), Evaluate(Operation('arith', (Name('i'),))))))",
    ),
    (
        ".js",
        "for await (const [k, v] of xs) f(k)",
        "(Loop(Sequence((Name('k'), Name('v'))), Name('xs'), None, (Evaluate(Call(Name('f'), "
        "args=(Argument(Name('k')),))),)),)",
    ),
    (
        ".js",
        "do { a() } while (b)",
        "(Loop(None, None, Name('b'), (Evaluate(Call(Name('a'))),)),)",
    ),
    (
        ".js",
        "lab: for (;;) { break lab; continue }",
        "(Loop(None, None, None, (Jump('break'), Jump('continue'))),)",
    ),
    (
        ".js",
        "switch (a) { case 1: case 2: b(); break; case 3: c(); default: d() }",
        "(If(Operation('in', (Name('a'), Sequence((Literal(1), Literal(2))))), (Evaluate(Call(Name('b'))),), "
        "orelse=(If(Operation('==', (Name('a'), Literal(3))), (Evaluate(Call(Name('c'))), "
        "Evaluate(Call(Name('d')))), orelse=(Evaluate(Call(Name('d'))),)),)),)",
    ),
    (
        ".js",
        "switch (true) { case a > 1: b() }",
        "(If(Operation('>', (Name('a'), Literal(1))), (Evaluate(Call(Name('b'))),)),)",
    ),
    (
        ".js",
        "try { a() } catch (e) { b(e) } finally { c() }",
        "(Try((Evaluate(Call(Name('a'))),), handlers=(Handler('e', (Evaluate(Call(Name('b'), "
        "args=(Argument(Name('e')),))),)),), final=(Evaluate(Call(Name('c'))),)),)",
    ),
    (
        ".js",
        'try { a() } catch { throw new E("x") }',
        "(Try((Evaluate(Call(Name('a'))),), handlers=(Handler('', (Raise(Call(Name('E'), "
        "args=(Argument(Literal('x')),), new=True)),)),)),)",
    ),
    (
        ".js",
        "a && b(); c || d()",
        "(If(Name('a'), (Evaluate(Call(Name('b'))),)), If(Operation('not', (Name('c'),)), "
        "(Evaluate(Call(Name('d'))),)))",
    ),
    (
        ".js",
        '"use server"; "other"; x;',
        "(Evaluate(Literal('use server')),)",
    ),
    (
        ".ts",
        "namespace N.M { export const a = 1; export function f() { return a } function g() {} export "
        "namespace Inner { export const z = 2 } }",
        "(Assign(Name('a'), Literal(1), exported=True), Function('f', (), (Return(Name('a')),), "
        "exported=True), Function('g', (), ()), Assign(Name('z'), Literal(2), exported=True), "
        "Assign(Name('Inner'), Record((Entry(Literal('z'), Name('z')),)), exported=True), Assign(Name('N'), "
        "Record((Entry(Literal('a'), Name('a')), Entry(Literal('f'), Name('f')), Entry(Literal('z'), "
        "Name('z')), Entry(Literal('Inner'), Name('Inner'))))))",
    ),
    (
        ".ts",
        'declare module "m" { export function f(a: string): void } declare const x: Foo; declare function '
        "g(): void; declare class K { m(): void }",
        "(Assign(Name('x'), None, type=Type('Foo')), Class('K', (), (Function('m', (), (), returns=Type('void')),)))",
    ),
    (
        ".ts",
        "export = Foo",
        "(Export('default', Name('Foo')),)",
    ),
    (
        ".ts",
        "using r = open()",
        "(Assign(Name('r'), Call(Name('open'))),)",
    ),
]


@pytest.mark.parametrize(("suffix", "source", "expected"), CASES)
def test_is_lowered(suffix: str, source: str, expected: str) -> None:
    module = lower("a" + suffix, source.encode())
    assert (ir.dump(module.body), module.troubles, module.incomplete) == (expected, (), False)

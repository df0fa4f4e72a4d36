"""Statements and values of branches of Rust."""

import pytest

from spawngate.codescan import ir
from spawngate.codescan.frontends import lower

CASES = [
    (
        ".rs",
        "fn f() -> u8 { let x = if a { b } else if c { d } else { return e; }; let y = match x { 1 => { g(); "
        "2 } _ => 3 }; if x { return 1 } x }",
        "(Function('f', (), (If(Name('a'), (Assign(Name('x'), Name('b')),), orelse=(If(Name('c'), "
        "(Assign(Name('x'), Name('d')),), orelse=(Return(Name('e')),)),)), If(Operation('==', (Name('x'), "
        "Literal(1))), (Evaluate(Call(Name('g'))), Assign(Name('y'), Literal(2))), orelse=(Assign(Name('y'), "
        "Literal(3)),)), If(Name('x'), (Return(Literal(1)),)), Return(Name('x'))), returns=Type('u8'), "
        "static=True),)",
    ),
    (
        ".rs",
        "fn f() -> Result<u8> { if a { return Err(b); } if c { Err(d)? } for (k, v) in &m { g(k, v); } 'l: "
        "loop { break 'l; } while a { continue; } Err(e) }",
        "(Function('f', (), (If(Name('a'), (Raise(Name('b')),)), If(Name('c'), (Raise(Name('d')),)), "
        "Loop(Sequence((Name('k'), Name('v'))), Name('m'), None, (Evaluate(Call(Name('g'), "
        "args=(Argument(Name('k')), Argument(Name('v'))))),)), Loop(None, None, None, (Jump('break'),)), "
        "Loop(None, None, Name('a'), (Jump('continue'),)), Raise(Name('e'))), returns=Type('Result', "
        "args=(Type('u8'),)), static=True),)",
    ),
    (
        ".rs",
        "fn f() { a; b(); if c { d() } else { e() }; match x { A => {} B => { g() } } { h(); } unsafe { i() "
        "} // tail\n }",
        "(Function('f', (), (Evaluate(Call(Name('b'))), If(Name('c'), (Evaluate(Call(Name('d'))),), "
        "orelse=(Evaluate(Call(Name('e'))),)), If(Operation('==', (Name('x'), Name('A'))), (), "
        "orelse=(If(Operation('==', (Name('x'), Name('B'))), (Evaluate(Call(Name('g'))),)),)), "
        "Evaluate(Call(Name('h'))), Return(Call(Name('i')))), static=True),)",
    ),
    (
        ".rs",
        "fn f() -> u8 { let w = loop { break next(); }; loop { let v = next(); if v { break 3 } } }",
        "(Function('f', (), (Loop(None, None, None, (Assign(Name('w'), Call(Name('next'))), Jump('break'))), "
        "Loop(None, None, None, (Assign(Name('v'), Call(Name('next'))), If(Name('v'), (Return(Literal(3)), "
        "Jump('break')))))), returns=Type('u8'), static=True),)",
    ),
    (
        ".rs",
        "fn f() -> impl Tr { a /* c */ }",
        "(Function('f', (), (Return(Name('a')),), returns=Type('Tr'), static=True),)",
    ),
    (
        ".rs",
        "fn f() { fn inner(x: u8) {} inner(1); const K: u8 = 1; use z::w; macro_rules! m { () => {} } }",
        "(Function('f', (), (Function('inner', (Param('x', type=Type('u8')),), (), static=True), "
        "Evaluate(Call(Name('inner'), args=(Argument(Literal(1)),))), Assign(Name('K'), Literal(1), "
        "type=Type('u8')), Import('z', 'w', 'w')), static=True),)",
    ),
]


@pytest.mark.parametrize(("suffix", "source", "expected"), CASES)
def test_is_lowered(suffix: str, source: str, expected: str) -> None:
    module = lower("a" + suffix, source.encode())
    assert (ir.dump(module.body), module.troubles, module.incomplete) == (expected, (), False)

"""Macros of Rust."""

import pytest

from spawngate.codescan import ir
from spawngate.codescan.frontends import lower

CASES = [
    (
        ".rs",
        'fn f() { p(vec!["a", x]); p(vec![0; 3]); p(vec![]); p(format!("{} {x} {0:?} {{}} {n:>4}", a, n = '
        'z)); p(format!("const")); p(anyhow!(e)); println!("{}", s); tracing::info!(a = 1, "b"); }',
        "(Function('f', (), (Evaluate(Call(Name('p'), args=(Argument(Sequence((Literal('a'), "
        "Name('x')))),))), Evaluate(Call(Name('p'), args=(Argument(Sequence((Literal(0),))),))), "
        "Evaluate(Call(Name('p'), args=(Argument(Sequence(())),))), Evaluate(Call(Name('p'), "
        "args=(Argument(Format((Name('a'), Literal(' '), Name('x'), Literal(' '), Name('a'), Literal(' '), "
        "Literal('{'), Literal('}'), Literal(' '), Name('z')))),))), Evaluate(Call(Name('p'), "
        "args=(Argument(Literal('const')),))), Evaluate(Call(Name('p'), "
        "args=(Argument(Format((Name('e'),))),))), Evaluate(Call(Name('println!'), "
        "args=(Argument(Literal('{}')), Argument(Name('s'))))), Evaluate(Call(Name('info!'), "
        "args=(Argument(Record((Entry(Literal('a'), Literal(1)),))), Argument(Literal('b')))))), "
        "static=True),)",
    ),
    (
        ".rs",
        'fn f() { p(json!({"a": b.c(), "d": [1, x, null], k: {"e": vec![g]}})); p(json!(null)); '
        'p(json!([a])); p(hashmap! { "a" => b }); }',
        "(Function('f', (), (Evaluate(Call(Name('p'), args=(Argument(Record((Entry(Literal('a'), "
        "Call(Attribute(Name('b'), 'c'))), Entry(Literal('d'), Sequence((Literal(1), Name('x'), "
        "Literal(None)))), Entry(Name('k'), Record((Entry(Literal('e'), Sequence((Name('g'),))),)))))),))), "
        "Evaluate(Call(Name('p'), args=(Argument(Literal(None)),))), Evaluate(Call(Name('p'), "
        "args=(Argument(Sequence((Name('a'),))),))), Evaluate(Call(Name('p'), "
        "args=(Argument(Record((Entry(Literal('a'), Name('b')),))),)))), static=True),)",
    ),
    (
        ".rs",
        'fn f() { bail!("x {}", y); }',
        "(Function('f', (), (Raise(Format((Literal('x '), Name('y')))),), static=True),)",
    ),
    (
        ".rs",
        'fn f() -> u8 { match x { 1 => panic!("a"), _ => unreachable!() } }',
        "(Function('f', (), (If(Operation('==', (Name('x'), Literal(1))), (Raise(Literal('a')),), "
        "orelse=(Raise(None),)),), returns=Type('u8'), static=True),)",
    ),
    (
        ".rs",
        'fn f() { assert!(a == b, "no"); ensure!(c); p(matches!(x, "a" | "b")); write!(w, "{a}")?; }',
        "(Function('f', (), (If(Operation('not', (Operation('==', (Name('a'), Name('b'))),)), "
        "(Raise(None),)), If(Operation('not', (Name('c'),)), (Raise(None),)), Evaluate(Call(Name('p'), "
        "args=(Argument(Operation('in', (Name('x'), Sequence((Literal('a'), Literal('b')))))),))), "
        "Evaluate(Call(Name('write!'), args=(Argument(Name('w')), Argument(Format((Name('a'),))))))), "
        "static=True),)",
    ),
    (
        ".rs",
        "fn f() { tokio::select! { a = b() => { c(a); } _ = d => { return; } } cfg_block! { let x = 1; g(x); "
        "} unknown!(); }",
        "(Function('f', (), (Evaluate(Call(Name('c'), args=(Argument(Name('a')),))), Return(None), "
        "Evaluate(Call(Name('select!'))), Assign(Name('x'), Literal(1)), Evaluate(Call(Name('g'), "
        "args=(Argument(Name('x')),))), Evaluate(Call(Name('cfg_block!'))), "
        "Evaluate(Call(Name('unknown!')))), static=True),)",
    ),
    (
        ".rs",
        'fn f() { p(vec![format!("{}", vec![a])]); }',
        "(Function('f', (), (Evaluate(Call(Name('p'), "
        "args=(Argument(Sequence((Format((Sequence((Name('a'),)),)),))),))),), static=True),)",
    ),
]


@pytest.mark.parametrize(("suffix", "source", "expected"), CASES)
def test_is_lowered(suffix: str, source: str, expected: str) -> None:
    module = lower("a" + suffix, source.encode())
    assert (ir.dump(module.body), module.troubles, module.incomplete) == (expected, (), False)

"""Expressions and patterns of Rust."""

import pytest

from spawngate.codescan import ir
from spawngate.codescan.frontends import lower

CASES = [
    (
        ".rs",
        "fn f() { a.b(c)?.d[e].await.g.0; x[1..2]; y[..]; S::<u8>::new(); <S as Tr>::t(s); self::m::go(); "
        "super::n(); v.parse::<u16>(); v.iter().collect::<Vec<_>>(); }",
        "(Function('f', (), (Evaluate(Attribute(Attribute(Index(Attribute(Call(Attribute(Name('a'), 'b'), "
        "args=(Argument(Name('c')),)), 'd'), Name('e')), 'g'), '0')), Evaluate(Index(Name('x'), None)), "
        "Evaluate(Index(Name('y'), None)), Evaluate(Call(Attribute(Name('S'), 'new'))), "
        "Evaluate(Call(Attribute(Name('S'), 't'), args=(Argument(Name('s')),))), "
        "Evaluate(Call(Attribute(Name('m'), 'go'))), Evaluate(Call(Attribute(Name('super'), 'n'))), "
        "Evaluate(Operation('arith', (Name('v'),))), Evaluate(Cast(Call(Attribute(Name('v'), 'collect')), "
        "Type('Vec', args=(Type('_'),))))), static=True),)",
    ),
    (
        ".rs",
        'fn f() { x.clone().as_ref().unwrap().b; Some(a); Ok(Box::new(b)); c.unwrap_or("d".to_string()); '
        "e.unwrap_or_else(|| g()); h.unwrap_or_else(default); Vec::new(); Arc::clone(&i); Mutex::new(1, 2); }",
        "(Function('f', (), (Evaluate(Attribute(Name('x'), 'b')), Evaluate(Join((Name('c'), Literal('d')))), "
        "Evaluate(Join((Name('e'), Call(Name('g'))))), Evaluate(Join((Name('h'), Name('default')))), "
        "Evaluate(Call(Attribute(Name('Vec'), 'new'))), Evaluate(Call(Attribute(Name('Arc'), 'clone'), "
        "args=(Argument(Name('i')),))), Evaluate(Call(Attribute(Name('Mutex'), 'new'), "
        "args=(Argument(Literal(1)), Argument(Literal(2)))))), static=True),)",
    ),
    (
        ".rs",
        "fn f() { p(S { a, b: 1, ..base }); p(E::B { x: y }); p(E::C(1)); p(T1(z)); p(CONST(1)); }",
        "(Function('f', (), (Evaluate(Call(Name('p'), args=(Argument(Call(Name('S'), "
        "args=(Argument(Name('a'), name='a'), Argument(Literal(1), name='b'), Argument(Name('base'), "
        "spread='**')), new=True)),))), Evaluate(Call(Name('p'), args=(Argument(Call(Attribute(Name('E'), "
        "'B'), args=(Argument(Name('y'), name='x'),), new=True)),))), Evaluate(Call(Name('p'), "
        "args=(Argument(Call(Attribute(Name('E'), 'C'), args=(Argument(Literal(1)),), new=True)),))), "
        "Evaluate(Call(Name('p'), args=(Argument(Call(Name('T1'), args=(Argument(Name('z')),), "
        "new=True)),))), Evaluate(Call(Name('p'), args=(Argument(Call(Name('CONST'), "
        "args=(Argument(Literal(1)),), new=True)),)))), static=True),)",
    ),
    (
        ".rs",
        'fn f() { p((a, b)); p([a, b]); p([0; n]); p("a".to_string() + &b + "c"); p(-1); p(!a); p(*a); '
        "p(&mut a); p(a as u8); p(a..b); p(a && b || c); p(a == b); p(a - b); }",
        "(Function('f', (), (Evaluate(Call(Name('p'), args=(Argument(Sequence((Name('a'), Name('b')))),))), "
        "Evaluate(Call(Name('p'), args=(Argument(Sequence((Name('a'), Name('b')))),))), "
        "Evaluate(Call(Name('p'), args=(Argument(Sequence((Literal(0),))),))), Evaluate(Call(Name('p'), "
        "args=(Argument(Format((Literal('a'), Name('b'), Literal('c')))),))), Evaluate(Call(Name('p'), "
        "args=(Argument(Literal(-1)),))), Evaluate(Call(Name('p'), args=(Argument(Operation('not', "
        "(Name('a'),))),))), Evaluate(Call(Name('p'), args=(Argument(Name('a')),))), "
        "Evaluate(Call(Name('p'), args=(Argument(Name('a')),))), Evaluate(Call(Name('p'), "
        "args=(Argument(Cast(Name('a'), Type('u8'))),))), Evaluate(Call(Name('p'), "
        "args=(Argument(Operation('arith', (Name('a'), Name('b')))),))), Evaluate(Call(Name('p'), "
        "args=(Argument(Operation('or', (Operation('and', (Name('a'), Name('b'))), Name('c')))),))), "
        "Evaluate(Call(Name('p'), args=(Argument(Operation('==', (Name('a'), Name('b')))),))), "
        "Evaluate(Call(Name('p'), args=(Argument(Operation('arith', (Name('a'), Name('b')))),)))), "
        "static=True),)",
    ),
    (
        ".rs",
        "fn f() { a = b; c += d; e -= 1; (g, h) = (h, g); s.f = t; }",
        "(Function('f', (), (Assign(Name('a'), Name('b')), Assign(Name('c'), Name('d'), augmented=True), "
        "Assign(Name('e'), Operation('arith', (Literal(1),)), augmented=True), Assign(Sequence((Name('g'), "
        "Name('h'))), Sequence((Name('h'), Name('g')))), Assign(Attribute(Name('s'), 'f'), Name('t'))), "
        "static=True),)",
    ),
    (
        ".rs",
        "fn f() { let c = move |a: &str, (b, d)| -> u8 { a }; let d = |x| x + 1; let e = async move { g(); 1 "
        "}; let h = || async move { y }; }",
        "(Function('f', (), (Assign(Name('c'), Closure(Function('', (Param('a', type=Type('str')), "
        "Param('_1', pattern=Sequence((Name('b'), Name('d'))))), (Return(Name('a')),)))), Assign(Name('d'), "
        "Closure(Function('', (Param('x'),), (Return(Format((Name('x'), Literal(1)))),)))), "
        "Assign(Name('e'), Closure(Function('', (), (Evaluate(Call(Name('g'))), Return(Literal(1))), "
        "is_async=True))), Assign(Name('h'), Closure(Function('', (), (Return(Name('y')),))))), "
        "static=True),)",
    ),
    (
        ".rs",
        "fn f() { p(if a { b } else { c }); p(match x { Some(y) => y, None => return Err(z) }); p({ g(); h "
        "}); p(unsafe { i }); }",
        "(Function('f', (), (If(Name('a'), (Assign(Name('_value1'), Name('b')),), "
        "orelse=(Assign(Name('_value1'), Name('c')),)), Evaluate(Call(Name('p'), "
        "args=(Argument(Name('_value1')),))), If(Operation('is not', (Name('x'), Literal(None))), "
        "(Assign(Name('y'), Name('x')), Assign(Name('_value2'), Name('y'))), orelse=(If(Operation('==', "
        "(Name('x'), Literal(None))), (Raise(Name('z')),)),)), Evaluate(Call(Name('p'), "
        "args=(Argument(Name('_value2')),))), Evaluate(Call(Name('g'))), Assign(Name('_value3'), Name('h')), "
        "Evaluate(Call(Name('p'), args=(Argument(Name('_value3')),))), Assign(Name('_value4'), Name('i')), "
        "Evaluate(Call(Name('p'), args=(Argument(Name('_value4')),)))), static=True),)",
    ),
    (
        ".rs",
        'fn f() { p(r#"raw " x"#); p(b"by\\x41"); p(\'c\'); p(\'\\u{1F600}\'); p(1_000u64); p(0xffu8); p(1.5f32); '
        'p("a\\\n   b\\n"); p(true); p(()); p(None); p(1e999); p(99999999999999999999); p(br"x"); p(c"z"); }',
        "(Function('f', (), (Evaluate(Call(Name('p'), args=(Argument(Literal('raw \" x')),))), "
        "Evaluate(Call(Name('p'), args=(Argument(Literal('byA')),))), Evaluate(Call(Name('p'), "
        "args=(Argument(Literal('c')),))), Evaluate(Call(Name('p'), args=(Argument(Literal('😀')),))), "
        "Evaluate(Call(Name('p'), args=(Argument(Literal(1000)),))), Evaluate(Call(Name('p'), "
        "args=(Argument(Literal(255)),))), Evaluate(Call(Name('p'), args=(Argument(Literal(1.5)),))), "
        "Evaluate(Call(Name('p'), args=(Argument(Literal('ab\\n')),))), Evaluate(Call(Name('p'), "
        "args=(Argument(Literal(True)),))), Evaluate(Call(Name('p'), args=(Argument(Literal(None)),))), "
        "Evaluate(Call(Name('p'), args=(Argument(Literal(None)),))), Evaluate(Call(Name('p'), "
        "args=(Argument(Literal('1e999')),))), Evaluate(Call(Name('p'), "
        "args=(Argument(Literal('99999999999999999999')),))), Evaluate(Call(Name('p'), "
        "args=(Argument(Literal('x')),))), Evaluate(Call(Name('p'), args=(Argument(Literal('z')),)))), "
        "static=True),)",
    ),
    (
        ".rs",
        'fn f() { if let Some(v) = m.get("k") { g(v) } else if let E::B { x, y: Some(z), .. } = e && q { '
        "h(x, z) } while let Some((a, _)) = it.next() { i(a); } }",
        "(Function('f', (), (Assign(Name('v'), Call(Attribute(Name('m'), 'get'), "
        "args=(Argument(Literal('k')),))), Assign(Record((Entry(Literal('x'), Name('x')), "
        "Entry(Literal('y'), Name('z')))), Cast(Name('e'), Type('E::B'))), If(Operation('is not', "
        "(Call(Attribute(Name('m'), 'get'), args=(Argument(Literal('k')),)), Literal(None))), "
        "(Evaluate(Call(Name('g'), args=(Argument(Name('v')),))),), orelse=(If(Operation('and', "
        "(Operation('instanceof', (Name('e'), Attribute(Name('E'), 'B'))), Name('q'))), "
        "(Evaluate(Call(Name('h'), args=(Argument(Name('x')), Argument(Name('z'))))),)),)), Loop(None, None, "
        "Operation('is not', (Call(Attribute(Name('it'), 'next')), Literal(None))), "
        "(Assign(Sequence((Name('a'), Literal(None))), Call(Attribute(Name('it'), 'next'))), "
        "Evaluate(Call(Name('i'), args=(Argument(Name('a')),)))))), static=True),)",
    ),
    (
        ".rs",
        "fn f() { let Some(x) = y else { return; }; let (a, mut b): (i32, i32) = (1, 2); let S { a, b: c, .. "
        "} = s; let z; let [first, .., last] = w; let [g, rest @ ..] = w; let _ = v; let E::C(i, _) = u else "
        "{ panic!() }; let ref r = t; let n @ Some(_) = o; }",
        "(Function('f', (), (If(Operation('not', (Operation('is not', (Name('y'), Literal(None))),)), "
        "(Return(None),)), Assign(Name('x'), Name('y')), Assign(Sequence((Name('a'), Name('b'))), "
        "Sequence((Literal(1), Literal(2))), type=Type('()', args=(Type('i32'), Type('i32')))), "
        "Assign(Record((Entry(Literal('a'), Name('a')), Entry(Literal('b'), Name('c')))), Name('s')), "
        "Assign(Name('z'), None), Assign(Sequence((Name('first'), Spread(Literal(None)), Name('last'))), "
        "Name('w')), Assign(Sequence((Name('g'), Spread(Name('rest')))), Name('w')), If(Operation('not', "
        "(Operation('instanceof', (Name('u'), Attribute(Name('E'), 'C'))),)), (Raise(None),)), "
        "Assign(Record((Entry(Literal('0'), Name('i')),)), Cast(Name('u'), Type('E::C'))), Assign(Name('r'), "
        "Name('t')), Assign(Name('n'), Name('o'))), static=True),)",
    ),
    (
        ".rs",
        "fn f() { match e { E::A => a(), E::B { x: n @ 1..=3 } if n > 2 => { b(n) } E::C(s, _) | E::D(s) => "
        'c(s), "x" | "y" => d(), 1..=5 => r(), A | B => ab(), other => o(other), } match (p, q) { (1, x) => '
        'y(x), (a, "b") => z(), ([c, ..], _) => {} _ => {} } let E::C(_, j) = u; }',
        "(Function('f', (), (Assign(Record((Entry(Literal('x'), Name('n')),)), Cast(Name('e'), "
        "Type('E::B'))), If(Operation('==', (Name('e'), Attribute(Name('E'), 'A'))), "
        "(Evaluate(Call(Name('a'))),), orelse=(If(Operation('and', (Operation('instanceof', (Name('e'), "
        "Attribute(Name('E'), 'B'))), Operation('>', (Name('n'), Literal(2))))), (Evaluate(Call(Name('b'), "
        "args=(Argument(Name('n')),))),), orelse=(If(Operation('or', (Operation('instanceof', (Name('e'), "
        "Attribute(Name('E'), 'C'))), Operation('instanceof', (Name('e'), Attribute(Name('E'), 'D'))))), "
        "(Assign(Record((Entry(Literal('0'), Name('s')),)), Cast(Name('e'), Type('E::C'))), "
        "Assign(Record((Entry(Literal('0'), Name('s')),)), Cast(Name('e'), Type('E::D'))), "
        "Evaluate(Call(Name('c'), args=(Argument(Name('s')),)))), orelse=(If(Operation('in', (Name('e'), "
        "Sequence((Literal('x'), Literal('y'))))), (Evaluate(Call(Name('d'))),), orelse=(If(Operation('<=', "
        "(Name('e'), Literal(1), Literal(5))), (Evaluate(Call(Name('r'))),), orelse=(If(Operation('in', "
        "(Name('e'), Sequence((Name('A'), Name('B'))))), (Evaluate(Call(Name('ab'))),), "
        "orelse=(Assign(Name('other'), Name('e')), Evaluate(Call(Name('o'), "
        "args=(Argument(Name('other')),))))),)),)),)),)),)), If(Operation('==', (Name('p'), Literal(1))), "
        "(Assign(Sequence((Literal(None), Name('x'))), Sequence((Name('p'), Name('q')))), "
        "Evaluate(Call(Name('y'), args=(Argument(Name('x')),)))), orelse=(If(Operation('==', (Name('q'), "
        "Literal('b'))), (Assign(Sequence((Name('a'), Literal(None))), Sequence((Name('p'), Name('q')))), "
        "Evaluate(Call(Name('z')))), orelse=(If(Unknown('pattern', parts=(Name('p'),)), "
        "(Assign(Sequence((Sequence((Name('c'), Spread(Literal(None)))), Literal(None))), "
        "Sequence((Name('p'), Name('q')))),)),)),)), Assign(Record((Entry(Literal('1'), Name('j')),)), "
        "Name('u'))), static=True),)",
    ),
]


@pytest.mark.parametrize(("suffix", "source", "expected"), CASES)
def test_is_lowered(suffix: str, source: str, expected: str) -> None:
    module = lower("a" + suffix, source.encode())
    assert (ir.dump(module.body), module.troubles, module.incomplete) == (expected, (), False)

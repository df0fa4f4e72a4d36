"""Items of Rust."""

import pytest

from spawngate.codescan import ir
from spawngate.codescan.frontends import lower

CASES = [
    (
        ".rs",
        "use crate::a::{self, b::C as D, e::*, f}; pub use super::g::H; use self::i; use foo; use x as _; "
        "use {a::b, c};",
        "(Import('crate', 'a', 'a'), Import('crate::a::b', 'C', 'D'), Import('crate::a::e', '*', '*'), "
        "Import('crate::a', 'f', 'f'), Import('super::g', 'H', 'H', export=True), Import('self', 'i', 'i'), "
        "Import('', 'foo', 'foo'), Import('a', 'b', 'b'), Import('', 'c', 'c'))",
    ),
    (
        ".rs",
        "mod sub; pub mod inl { pub fn f() {} fn g() {} } #[cfg(test)] mod tests { fn t() {} } #[test] fn "
        "u() {} extern crate foo;",
        "(Import('self', 'sub', 'sub', export=True), Function('f', (), (), static=True, exported=True), "
        "Function('g', (), (), static=True), Assign(Name('inl'), Record((Entry(Literal('f'), Name('f')),)), "
        "exported=True), "
        "Import('foo', '', 'foo'))",
    ),
    (
        ".rs",
        "#[macro_use] extern crate rocket as r;",
        "(Import('rocket', '', 'r'), Import('rocket', '*', '*'))",
    ),
    (
        ".rs",
        '#[derive(Deserialize, Clone)] #[serde(tag = "t", rename_all = "camelCase")] pub struct S<\'a, T: X> '
        "where T: Y { pub a: &'a str, #[serde(default)] b: Option<Vec<T>>, } struct T1(String, pub u32); "
        "struct U; union Un { a: u8 }",
        "(Class('S', (), (Assign(Name('a'), None, type=Type('str')), Assign(Name('b'), None, "
        "type=Type('Option', args=(Type('Vec', args=(Type('T'),)),)), decorators=(Call(Name('serde'), "
        "args=(Argument(Unknown('default')),)),))), kind='struct', decorators=(Call(Name('derive'), "
        "args=(Argument(Name('Deserialize')), Argument(Name('Clone')))), Call(Name('serde'), "
        "args=(Argument(Literal('t'), name='tag'), Argument(Literal('camelCase'), name='rename_all')))), "
        "exported=True), Class('T1', (), (Function('__init__', (Param('0', type=Type('String'), field=True), "
        "Param('1', type=Type('u32'), field=True)), (), exported=True),), kind='struct'), Class('U', (), (), "
        "kind='struct'), Class('Un', (), (Assign(Name('a'), None, type=Type('u8')),), kind='struct'))",
    ),
    (
        ".rs",
        'pub enum E { A, #[serde(rename = "x")] B { x: String }, C(String, u32), D = 3 }',
        "(Class('E', (), (Assign(Name('A'), Literal('A')), Class('B', (Type('E'),), (Assign(Name('x'), None, "
        "type=Type('String')),), kind='variant', decorators=(Call(Name('serde'), "
        "args=(Argument(Literal('x'), name='rename'),)),)), Class('C', (Type('E'),), (Function('__init__', "
        "(Param('0', type=Type('String'), field=True), Param('1', type=Type('u32'), field=True)), (), "
        "exported=True),), kind='variant'), Assign(Name('D'), Literal('D'))), kind='enum', exported=True),)",
    ),
    (
        ".rs",
        'impl<T> S<T> { pub const K: &\'static str = "k"; pub fn new(a: String) -> Self { Self { a, b: None, '
        "..Default::default() } } async fn go(&mut self, mut x: &str, (p, q): (i32, i32), S { a, .. }: S<T>, "
        "_: u8) -> Result<(), E> { self.a = x.to_string(); Self::new(x)?; Ok(()) } fn arc(self: Arc<Self>) "
        "{} }",
        "(Class('S', (), (Assign(Name('K'), Literal('k'), type=Type('str'), exported=True), Function('new', "
        "(Param('a', type=Type('String')),), (Return(Call(Name('S'), args=(Argument(Name('a'), name='a'), "
        "Argument(Literal(None), name='b'), Argument(Call(Attribute(Name('Default'), 'default')), "
        "spread='**')), new=True)),), returns=Type('S'), static=True, exported=True), Function('go', "
        "(Param('self', decorators=(Name('@mut'),)), Param('x', type=Type('str')), Param('_2', "
        "type=Type('()', args=(Type('i32'), Type('i32'))), pattern=Sequence((Name('p'), Name('q')))), "
        "Param('_3', type=Type('S', args=(Type('T'),)), pattern=Record((Entry(Literal('a'), Name('a')),))), "
        "Param('_4', type=Type('u8'))), (Assign(Attribute(Name('self'), 'a'), Name('x')), "
        "Evaluate(Call(Attribute(Name('S'), 'new'), args=(Argument(Name('x')),))), Return(Literal(None))), "
        "returns=Type('Result', args=(Type('()'), Type('E'))), is_async=True), Function('arc', "
        "(Param('self', type=Type('Arc', args=(Type('S'),))),), ())), kind='impl'),)",
    ),
    (
        ".rs",
        "impl<T> a::Tr<u8> for S<T> { type Out = u8; fn t(self) -> u8 { 1 } }",
        "(Class('S', (Type('a::Tr', args=(Type('u8'),)),), (Function('t', (Param('self'),), "
        "(Return(Literal(1)),), returns=Type('u8')),), kind='impl'),)",
    ),
    (
        ".rs",
        "trait Tr: Base + Send + 'static { type Out; const N: u8; fn t(self) -> u8; fn d(&self) { self.t(); } }",
        "(Class('Tr', (Type('Base'), Type('Send')), (Assign(Name('N'), None, type=Type('u8')), Function('t', "
        "(Param('self'),), (), returns=Type('u8')), Function('d', (Param('self'),), "
        "(Evaluate(Call(Attribute(Name('self'), 't'))),))), kind='trait'),)",
    ),
    (
        ".rs",
        'static X: &str = "a"; pub const Y: [&str; 2] = ["a", "b"]; static mut Z: i32 = 1; type Al = S<u8>; '
        "type F = fn(u8) -> u8;",
        "(Assign(Name('X'), Literal('a'), type=Type('str')), Assign(Name('Y'), Sequence((Literal('a'), "
        "Literal('b'))), type=Type('[]', args=(Type('str'),)), exported=True), Assign(Name('Z'), Literal(1), "
        "type=Type('i32')), Class('Al', (Type('S', args=(Type('u8'),)),), (), kind='struct'))",
    ),
    (
        ".rs",
        '#[tauri::command] #[post("/x", data = "<b>")] #[doc = "y"] pub(crate) async fn h(#[tool(param)] a: '
        "String, state: State<'_, App>, Json(p): Json<P>) {}",
        "(Function('h', (Param('a', type=Type('String'), decorators=(Call(Name('tool'), "
        "args=(Argument(Name('param')),)),)), Param('state', type=Type('State', args=(Type('App'),))), "
        "Param('p', type=Type('Json', args=(Type('P'),)))), (), decorators=(Attribute(Name('tauri'), "
        "'command'), Call(Name('post'), args=(Argument(Literal('/x')), Argument(Literal('<b>'), "
        "name='data'))), Call(Name('doc'), args=(Argument(Literal('y')),))), static=True, exported=True, "
        "is_async=True),)",
    ),
]


@pytest.mark.parametrize(("suffix", "source", "expected"), CASES)
def test_is_lowered(suffix: str, source: str, expected: str) -> None:
    module = lower("a" + suffix, source.encode())
    assert (ir.dump(module.body), module.troubles, module.incomplete) == (expected, (), False)


def test_a_model_of_sea_orm_has_its_entity_and_what_is_stored_beside_it() -> None:
    module = lower("a.rs", b"#[derive(Clone, DeriveEntityModel)] pub struct Model { pub id: i32 }")
    told = [(each.name, [base.name for base in each.bases]) for each in module.body if isinstance(each, ir.Class)]
    assert told == [("Model", []), ("Entity", ["Model"]), ("ActiveModel", ["Model"])]


def test_associated_types_are_those_of_the_methods_parameters() -> None:
    rust = "impl Actor for A { type Msg = Launch; fn handle(&self, message: Self::Msg, other: Self::Other) {} }"
    (made,) = lower("a.rs", rust.encode(), 1000).body
    assert isinstance(made, ir.Class)
    (handle,) = [each for each in made.body if isinstance(each, ir.Function)]
    assert [each.type.name if each.type is not None else "" for each in handle.params] == ["", "Launch", "A::Other"]

"""Hostile sources: no crash, bounded work, a trouble that says what was not read."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spawngate.codescan import ir
from spawngate.codescan.frontends import FRONTENDS, lower

SUFFIXES = sorted(FRONTENDS)
PIECES = [
    "(", "[", "{", "<", "a<", "A<B,", "a<a=>", "a=>", "`${", "'", '"', "<a>", "a?", "a?b:", "fn a(){", "class A{",
    "@A(", "m!(", "1 1 1 ", "x@", "a,", "a.", ";", "a=", "a::", "&", "|", "!", "#[", "(A)", "if(a)", "if a:\n ", "/*",
    "'a ", 'r#"', "lambda:", "f'{", "case a:", "-", "new ", "function(){", "a||", "a+", "await ", "mod a{", "impl A{",
    "switch(a){case 1:", "match a{a=>", "vec![", "json!({", "type A=", "import{", "export{", "use a::{", "\0", "\ufeff",
    "exports.a=", "else if(a){}", "a as ", "<T,>(", "=>{", "enum A{", "try{", "for(;;)", "async ", "`", "\\u{", "${",
]  # fmt: skip


def lowered(suffix: str, source: bytes, budget: int = 40_000) -> ir.Module:
    """A module, as it must be whatever the source is: it can be kept, and its places are in the file."""
    module = lower("a" + suffix, source, budget)
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(module), type=ir.Module).path == module.path
    lines = source.count(b"\n") + 1
    assert all(1 <= trouble.line <= lines for trouble in module.troubles)
    return module


@pytest.mark.parametrize("piece", PIECES)
@pytest.mark.parametrize("suffix", [".py", ".ts", ".tsx", ".js", ".java", ".rs"])
def test_a_piece_again_and_again(suffix: str, piece: str) -> None:
    lowered(suffix, piece.encode() * 800)


@pytest.mark.parametrize(
    ("suffix", "source"),
    [
        (".js", b"x = " + b"[" * 100_000 + b"1" + b"]" * 100_000),
        (".js", b"if (a) " * 20_000 + b"b()"),
        (".ts", b"class A { x = " * 5_000 + b"1" + b" }" * 5_000),
        (".java", b"class A { " * 20_000 + b"}" * 20_000),
        (".rs", b"mod a { " * 20_000 + b"}" * 20_000),
        (".rs", b"fn f() { x = " + b"{" * 20_000 + b"}" * 20_000 + b" }"),
        (".rs", b"fn f() { vec!" + b"[vec!" * 400 + b"[]" + b"]" * 400 + b" }"),
        (".rs", b"fn f() { let " + b"(" * 20_000 + b"a" + b",)" * 20_000 + b" = b; }"),
    ],
)
def test_what_is_nested_deep_is_told(suffix: str, source: bytes) -> None:
    assert lowered(suffix, source).troubles != ()


@pytest.mark.parametrize(
    ("suffix", "source"),
    [
        (".js", b"a" + b".b()" * 20_000),
        (".js", b"x = " + b"(" * 100_000 + b"1" + b")" * 100_000),
        (".java", b"class A { int f() { return " + b"(" * 100_000 + b"1" + b")" * 100_000 + b"; } }"),
        (".js", b"x = a" + b" + a" * 20_000),
        (".js", b"x = a" + b" || a" * 20_000),
        (".js", b"exports.a = " * 3_000 + b"void 0;"),
        (".ts", b"type A = " + b" | ".join([b"B"] * 5_000)),
        (".java", b"class A { Object o = " + b" + ".join([b"a"] * 5_000) + b"; }"),
        (".rs", b"fn f() { let x = " + b" + ".join([b"a"] * 5_000) + b"; }"),
        (".rs", b"fn f() { match x { " + b" | ".join([b"1"] * 5_000) + b" => {} } }"),
    ],
)
def test_a_long_chain_is_read(suffix: str, source: bytes) -> None:
    module = lowered(suffix, source, 400_000)
    assert not module.incomplete


def test_types_that_take_too_long_to_parse_are_left_out() -> None:
    module = lowered(".java", b"class A { int x; }\nclass B { Object y = " + b"a<" * 20_000 + b" }")
    assert ir.dump(module.body[:1]) == "(Class('A', (), (Assign(Name('x'), None, type=Type('int')),)),)"
    assert [(each.line, each.what) for each in module.troubles[:1]] == [
        (2, "source that takes too long to parse: not read from here")
    ]
    assert module.incomplete


def test_signs_that_java_does_not_have_are_not_parsed() -> None:
    module = lowered(".java", b"class A { int x; }\nclass B { Object y = " + b"a=>" * 20_000 + b" }")
    assert ir.dump(module.body[:1]) == "(Class('A', (), (Assign(Name('x'), None, type=Type('int')),)),)"
    assert module.incomplete


def test_html_in_a_text_is_no_type() -> None:
    module = lowered(".js", b"x = `" + b"<a><b>text</b></a>\n" * 500 + b"`; y = 1")
    assert (len(module.body), module.troubles, module.incomplete) == (2, (), False)


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("source", [b"", b"\xef\xbb\xbf", b"\0", b"\xff\xfe\0\0", b"\r\r\n", b"\xc3(" * 100])
def test_what_is_no_text(suffix: str, source: bytes) -> None:
    lowered(suffix, source)


@pytest.mark.parametrize("suffix", [".ts", ".java", ".rs"])
def test_invalid_utf_8_in_a_name_is_replaced(suffix: str) -> None:
    lowered(suffix, b"class A { x = '\xff\xfe' }\n" * 3)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(SUFFIXES), st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=25))
def test_any_pieces_in_any_order(suffix: str, pieces: list[str]) -> None:
    lowered(suffix, " ".join(pieces).encode("utf-8", "surrogatepass"))


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(SUFFIXES), st.binary(max_size=300))
def test_any_bytes(suffix: str, source: bytes) -> None:
    lowered(suffix, source)

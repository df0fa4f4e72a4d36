"""Python to the intermediate representation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.codescan.frontends import lower
from spawngate.codescan.ir import dump


def lowered(text: str) -> str:
    """All statements, in one line."""
    return "; ".join(dump(each) for each in lower("a.py", text.encode()).body)


def value(text: str) -> str:
    return lowered(f"x = {text}").removeprefix("Assign(Name('x'), ").removesuffix(")")


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("'a' 'b'", "Literal('ab')"),
        ("'a' + 'b'", "Literal('ab')"),
        ("b'a'", "Literal('a')"),
        ("r'\\d'", "Literal('\\\\d')"),
        ("f'a{b}c'", "Format((Literal('a'), Name('b'), Literal('c')))"),
        ("'%s' % (a, b)", "Format((Literal('%s'), Name('a'), Name('b')))"),
        ("-1", "Literal(-1)"),
        ("0x10", "Literal(16)"),
        ("1 + 2", "Operation('arith', (Literal(1), Literal(2)))"),
        ("a - b", "Operation('arith', (Name('a'), Name('b')))"),
        ("a or b or c", "Join((Name('a'), Name('b'), Name('c')))"),
        ("a and b", "Operation('and', (Name('a'), Name('b')))"),
        ("not a", "Operation('not', (Name('a'),))"),
        ("a is not b", "Operation('is not', (Name('a'), Name('b')))"),
        (
            "a < b < c",
            "Operation('and', (Operation('<', (Name('a'), Name('b'))), Operation('<', (Name('b'), Name('c')))))",
        ),
        ("a if b else c", "Join((Name('a'), Name('c')), test=Name('b'))"),
        ("a.b['c'][d]", "Index(Index(Attribute(Name('a'), 'b'), Literal('c')), Name('d'))"),
        ("a[1:2]", "Index(Name('a'), None)"),
        ("[*a, b]", "Sequence((Spread(Name('a')), Name('b')))"),
        ("[a] + b", "Sequence((Name('a'), Spread(Name('b'))))"),
        ("{'a': b, **c}", "Record((Entry(Literal('a'), Name('b')), Entry(None, Name('c'))))"),
        ("a | b", "Record((Entry(None, Name('a')), Entry(None, Name('b'))))"),
        (
            "f(a, *b, c=d, **e)",
            "Call(Name('f'), args=(Argument(Name('a')), Argument(Name('b'), spread='*'), "
            "Argument(Name('d'), name='c'), Argument(Name('e'), spread='**')))",
        ),
        ("await f()", "Call(Name('f'))"),
        ("super().f()", "Call(Attribute(Name('super'), 'f'))"),
        ("lambda a: b", "Closure(Function('', (Param('a'),), (Return(Name('b')),)))"),
        ("[a for b in c if d]", "Comprehension(Name('a'), (Clause(Name('b'), Name('c'), conditions=(Name('d'),)),))"),
        ("...", "Literal(None)"),
    ],
)
def test_expressions(text: str, node: str) -> None:
    assert value(text) == node


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("a = b = c", "Assign(Name('a'), Name('c')); Assign(Name('b'), Name('c'))"),
        ("a: int", "Assign(Name('a'), None, type=Type('int'))"),
        ("a += b", "Assign(Name('a'), Name('b'), augmented=True)"),
        ("a, *b = c", "Assign(Sequence((Name('a'), Spread(Name('b')))), Name('c'))"),
        ("import a.b, c as d", "Import('a.b', '', 'a'); Import('c', '', 'd')"),
        ("from ..a import b as c, d", "Import('..a', 'b', 'c'); Import('..a', 'd', 'd')"),
        ("from a import *", "Import('a', '*', '*')"),
        ("with a as b, c:\n    d()", "Assign(Name('b'), Name('a')); Evaluate(Name('c')); Evaluate(Call(Name('d')))"),
        ("assert a, b", "If(Operation('not', (Name('a'),)), (Raise(None),))"),
        ("if (a := b):\n    c()", "Assign(Name('a'), Name('b')); If(Name('a'), (Evaluate(Call(Name('c'))),))"),
        (
            "if a:\n    b()\nelif c:\n    d()\nelse:\n    e()",
            "If(Name('a'), (Evaluate(Call(Name('b'))),), orelse=(If(Name('c'), (Evaluate(Call(Name('d'))),), "
            "orelse=(Evaluate(Call(Name('e'))),)),))",
        ),
        (
            "try:\n    a()\nexcept E as e:\n    b()\nfinally:\n    c()",
            "Try((Evaluate(Call(Name('a'))),), handlers=(Handler('e', (Evaluate(Call(Name('b'))),)),), "
            "final=(Evaluate(Call(Name('c'))),))",
        ),
        (
            "match a:\n    case 'x' | 'y':\n        b()\n    case {'k': v}:\n        c(v)\n    case _:\n        d()",
            "If(Operation('in', (Name('a'), Sequence((Literal('x'), Literal('y'))))), (Evaluate(Call(Name('b'))),), "
            "orelse=(If(Unknown('pattern', parts=(Name('a'),)), (Assign(Name('v'), Index(Name('a'), "
            "Literal('k'))), Evaluate(Call(Name('c'), args=(Argument(Name('v')),)))), "
            "orelse=(Evaluate(Call(Name('d'))),)),))",
        ),
        ("def f():\n    global a\n    yield b", "Function('f', (), (Evaluate(Unknown('global', parts=(Name('a'),))), "
         "Return(Name('b'), final=False)))"),
        (
            "@d(1)\nasync def f(a, /, b: int = 2, *c, d, **e) -> T: pass",
            "Function('f', (Param('a'), Param('b', type=Type('int'), default=Literal(2)), Param('c', spread='*'), "
            "Param('d', keyword_only=True), Param('e', spread='**')), (), returns=Type('T'), "
            "decorators=(Call(Name('d'), args=(Argument(Literal(1)),)),), is_async=True)",
        ),
        (
            "class A(B[C], m=D):\n    x: int = 1\n    @property\n    def y(self): pass",
            "Class('A', (Type('B', args=(Type('C'),)),), (Assign(Name('x'), Literal(1), type=Type('int')), "
            "Function('y', (Param('self'),), (), decorators=(Name('property'),), getter=True)), "
            "keywords=(Argument(Name('D'), name='m'),))",
        ),
        ('"""A docstring."""\n# a comment\npass\ndel a', ""),
    ],
)  # fmt: skip
def test_statements(text: str, node: str) -> None:
    assert lowered(text) == node


def test_places_are_those_of_the_source() -> None:
    module = lower("a.py", b"\n  \nx = (client\n     .open(1))\n")
    assert (module.body[0].line, module.body[0].column) == (3, 0)
    call = module.body[0].value  # type: ignore[union-attr]  # an Assign, as asserted by its place
    assert (call.line, call.column) == (4, 6)  # type: ignore[union-attr]  # a Call


def test_bad_source_is_told_and_the_rest_is_kept() -> None:
    module = lower("a.py", b"x = 1\ndef f(:\n    pass\ny = 2\n")
    assert "Assign(Name('y'), Literal(2))" in [dump(each) for each in module.body]
    assert [trouble.what for trouble in module.troubles] != []


def test_a_byte_order_mark_and_other_bytes() -> None:
    assert dump(lower("a.py", b"\xef\xbb\xbfx = 1\n").body) == "(Assign(Name('x'), Literal(1)),)"
    assert lower("a.py", b"x = '\xff'\n\x00").language == "python"


def test_the_budget_ends_and_says_so() -> None:
    module = lower("a.py", b"a = b\n" * 100, 20)
    assert module.incomplete
    assert 0 < len(module.body) < 100


@pytest.mark.parametrize(
    "text", ["(" * 20_000, "[" * 20_000 + "]" * 20_000, "a" + ".b()" * 20_000, "1" + "+a" * 20_000]
)
def test_deep_nesting_is_no_overflow(text: str) -> None:
    assert lower("a.py", f"x = {text}\ny = 1\n".encode()).path == "a.py"


@given(st.text(max_size=200))
def test_any_text_is_lowered(text: str) -> None:
    assert lower("a.py", text.encode("utf-8", "surrogatepass")).language == "python"

"""Python to the intermediate representation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.codescan.frontends import lower
from spawngate.codescan.ir import dump


def lowered(text: str) -> str:
    """All statements, in one line."""
    return "; ".join(dump(each) for each in lower("a.py", text.encode()).body)


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
        ('"""A docstring."""\n# a comment\npass\ndel a', ""),
    ],
)  # fmt: skip
def test_statements(text: str, node: str) -> None:
    assert lowered(text) == node


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


@given(st.text(max_size=200))
def test_any_text_is_lowered(text: str) -> None:
    assert lower("a.py", text.encode("utf-8", "surrogatepass")).language == "python"

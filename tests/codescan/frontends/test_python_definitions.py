"""Functions and classes of Python."""

import pytest

from spawngate.codescan.frontends import lower
from spawngate.codescan.ir import dump


def lowered(text: str) -> str:
    """All statements, in one line."""
    return "; ".join(dump(each) for each in lower("a.py", text.encode()).body)


@pytest.mark.parametrize(
    ("text", "node"),
    [
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
        (
            "class A:\n    @staticmethod\n    def f(*, a: Annotated[T, Body()]): return a",
            "Class('A', (), (Function('f', (Param('a', type=Type('T'), keyword_only=True, "
            "decorators=(Call(Name('Body')),)),), (Return(Name('a')),), decorators=(Name('staticmethod'),), "
            "static=True),))",
        ),
        ("class A(\n    # why\n    B,\n):\n    ...", "Class('A', (Type('B'),), ())"),
        ("@d\n@e.f\nclass A: x = 1", "Class('A', (), (Assign(Name('x'), Literal(1)),), "
         "decorators=(Name('d'), Attribute(Name('e'), 'f')))"),
    ],
)  # fmt: skip
def test_definitions(text: str, node: str) -> None:
    assert lowered(text) == node


def test_an_assignment_inside_a_decorator_stays_out_of_the_body() -> None:
    assert lowered("@d(a := b)\ndef f(): pass") == (
        "Assign(Name('a'), Name('b')); Function('f', (), (), "
        "decorators=(Call(Name('d'), args=(Argument(Name('a')),)),))"
    )

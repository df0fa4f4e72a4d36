"""Python's annotations."""

import pytest

from spawngate.codescan import ir
from spawngate.codescan.frontends import lower
from spawngate.codescan.ir import dump


def annotation(text: str) -> ir.Param:
    function = lower("a.py", f"def f(x: {text}): pass\n".encode()).body[0]
    assert isinstance(function, ir.Function)
    return function.params[0]


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("int", "Type('int')"),
        ("a.B", "Type('a.B')"),
        ("list[A]", "Type('list', args=(Type('A'),))"),
        ("dict[str, list[A]]", "Type('dict', args=(Type('str'), Type('list', args=(Type('A'),))))"),
        ("Optional[A]", "Type('|', args=(Type('A'), Type('None')))"),
        ("Union[A, B]", "Type('|', args=(Type('A'), Type('B')))"),
        ("A | B | None", "Type('|', args=(Type('A'), Type('B'), Type('None')))"),
        ("Literal['sse', 3, None]", "Type('Literal', literals=('sse', 3, None))"),
        ("'A'", "Type('A')"),
        ("'list[A]'", "Type('list', args=(Type('A'),))"),
        ("'A | None'", "Type('|', args=(Type('A'),))"),
        ("Annotated[A, mark]", "Type('A')"),
    ],
)
def test_types(text: str, node: str) -> None:
    assert dump(annotation(text).type) == node


def test_marks_beside_the_type_are_the_parameters_marks() -> None:
    param = annotation("Annotated[A, Depends(f), 'x']")
    assert [dump(mark) for mark in param.decorators] == [
        "Call(Name('Depends'), args=(Argument(Name('f')),))",
        "Literal('x')",
    ]
    assert annotation("list[A]").decorators == ()


def test_deep_types_end() -> None:
    assert annotation("list[" * 60 + "A" + "]" * 60).type is not None

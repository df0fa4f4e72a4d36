"""Pipes of functions: the calls that they stand for."""

import pytest

from spawngate.codescan import ir
from spawngate.codescan.frontends import lower

X = "Name('x')"
CASES = [
    ("pipe(x, prop('a'), f)", f"Call(Name('f'), args=(Argument(Attribute({X}, 'a')),))"),
    ("pipe(x, map(f))", f"Call(Attribute({X}, 'map'), args=(Argument(Name('f')),))"),
    ("x.pipe(mergeMap(f))", f"Call(Attribute({X}, 'flatMap'), args=(Argument(Name('f')),))"),
    (
        "x.pipe(filter(f), map(g))",
        f"Call(Attribute(Call(Attribute({X}, 'filter'), args=(Argument(Name('f')),)), 'map'), "
        "args=(Argument(Name('g')),))",
    ),
    ("x.pipe(y)", f"Call(Attribute({X}, 'pipe'), args=(Argument(Name('y')),))"),
    (
        "x.pipe(z.number())",
        f"Call(Attribute({X}, 'pipe'), args=(Argument(Call(Attribute(Name('z'), 'number'))),))",
    ),
    ("pipe(x, f)", f"Call(Name('pipe'), args=(Argument({X}), Argument(Name('f'))))"),
    ("pipe(...x)", f"Call(Name('pipe'), args=(Argument({X}, spread='*'),))"),
]


@pytest.mark.parametrize(("source", "wanted"), CASES)
def test_piped(source: str, wanted: str) -> None:
    body = lower("a.ts", f"let v = {source};".encode()).body
    assert isinstance(body[0], ir.Assign)
    assert ir.dump(body[0].value) == wanted

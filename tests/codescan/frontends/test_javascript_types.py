"""Types of TypeScript."""

import pytest

from spawngate.codescan import ir
from spawngate.codescan.frontends import lower

CASES = [
    (
        ".ts",
        "let a: string | null, b: A.B<C>[], c: [D, E], d: { x: 1 }, e: (x: F) => G, f: readonly H[], g: "
        "typeof x, h: 1 | 2, i: I & J",
        "(Assign(Name('a'), None, type=Type('string')), Assign(Name('b'), None, type=Type('[]', "
        "args=(Type('A.B', args=(Type('C'),)),))), Assign(Name('c'), None, type=Type('()', args=(Type('D'), "
        "Type('E')))), Assign(Name('d'), None, type=Type('{}', args=(Type('Literal', "
        "literals=('1',)),), literals=('x',))), Assign(Name('e'), None, "
        "type=Type('function')), Assign(Name('f'), None, type=Type('[]', args=(Type('H'),))), "
        "Assign(Name('g'), None, type=Type('typeof x')), Assign(Name('h'), None, type=Type('Literal', "
        "literals=('1', '2'))), Assign(Name('i'), None, type=Type('&', args=(Type('I'), Type('J')))))",
    ),
]


@pytest.mark.parametrize(("suffix", "source", "expected"), CASES)
def test_is_lowered(suffix: str, source: str, expected: str) -> None:
    module = lower("a" + suffix, source.encode())
    assert (ir.dump(module.body), module.troubles, module.incomplete) == (expected, (), False)

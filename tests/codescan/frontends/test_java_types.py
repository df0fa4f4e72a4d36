"""Types of Java."""

import pytest

from spawngate.codescan import ir
from spawngate.codescan.frontends import lower

CASES = [
    (
        ".java",
        "class A { a.b.C<D[], ? extends E, ?> x; int[][] y; List<@Ann String> z; var v; double w; }",
        "(Class('A', (), (Assign(Name('x'), None, type=Type('a.b.C', args=(Type('[]', args=(Type('D'),)), "
        "Type('E'), Type('Object')))), Assign(Name('y'), None, type=Type('[]', args=(Type('int'),))), "
        "Assign(Name('z'), None, type=Type('List', args=(Type('String'),))), Assign(Name('v'), None), "
        "Assign(Name('w'), None, type=Type('double')))),)",
    ),
]


@pytest.mark.parametrize(("suffix", "source", "expected"), CASES)
def test_is_lowered(suffix: str, source: str, expected: str) -> None:
    module = lower("a" + suffix, source.encode())
    assert (ir.dump(module.body), module.troubles, module.incomplete) == (expected, (), False)

"""Types of Rust."""

import pytest

from spawngate.codescan import ir
from spawngate.codescan.frontends import lower

CASES = [
    (
        ".rs",
        "fn f(a: &'a mut str, b: Option<Vec<a::B<u8>>>, c: Box<dyn Tr + Send>, d: impl Fn(u8) -> u8, e: (u8, "
        "()), f: [u8; 3], g: &[u8], h: fn(u8), i: <T as Tr>::Out, j: *const u8, k: !, l: Self) -> "
        "Result<Self, E> {}",
        "(Function('f', (Param('a', type=Type('str'), decorators=(Name('@mut'),)), Param('b', "
        "type=Type('Option', args=(Type('Vec', args=(Type('a::B', args=(Type('u8'),)),)),))), Param('c', "
        "type=Type('Box', args=(Type('Tr'),))), Param('d', type=Type('function')), Param('e', "
        "type=Type('()', args=(Type('u8'), Type('()')))), Param('f', type=Type('[]', args=(Type('u8'),))), "
        "Param('g', type=Type('[]', args=(Type('u8'),))), Param('h', type=Type('function')), Param('i', "
        "type=Type('<TasTr>::Out')), Param('j', type=Type('u8')), Param('k', type=Type('!')), Param('l', "
        "type=Type('Self'))), (), returns=Type('Result', args=(Type('Self'), Type('E'))), static=True),)",
    ),
]


@pytest.mark.parametrize(("suffix", "source", "expected"), CASES)
def test_is_lowered(suffix: str, source: str, expected: str) -> None:
    module = lower("a" + suffix, source.encode())
    assert (ir.dump(module.body), module.troubles, module.incomplete) == (expected, (), False)

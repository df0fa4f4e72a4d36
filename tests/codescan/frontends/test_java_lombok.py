"""Members that Lombok adds."""

import pytest

from spawngate.codescan import ir
from spawngate.codescan.frontends import lower

CASES = [
    (
        ".java",
        '@Data @Builder(toBuilder = true, a = {"x"}) public class A<T> extends B<T> implements C, a.b.D { '
        '@Value("${x}") private final String s; private static final String X = "a", Y[] = {"b"}; boolean '
        "isOn; @Override public String getS() { return s; } }",
        "(Class('A', (Type('B', args=(Type('T'),)), Type('C'), Type('a.b.D')), (Assign(Name('s'), "
        "Call(Attribute(Name('System'), 'getProperty'), args=(Argument(Literal('x')),)), "
        "type=Type('String'), decorators=(Call(Name('Value'), args=(Argument(Literal('${x}')),)),)), "
        "Assign(Name('X'), Literal('a'), type=Type('String')), Assign(Name('Y'), Sequence((Literal('b'),)), "
        "type=Type('[]', args=(Type('String'),))), Assign(Name('isOn'), None, type=Type('boolean')), "
        "Function('getS', (), (Return(Attribute(Name('self'), 's')),), returns=Type('String'), "
        "decorators=(Name('Override'),), exported=True), Function('s', (Param('s', type=Type('String')),), "
        "(Assign(Attribute(Name('self'), 's'), Name('s')), Return(Name('self'))), "
        "decorators=(Name('@added'),), exported=True), Function('setS', (Param('s', type=Type('String')),), "
        "(Assign(Attribute(Name('self'), 's'), Name('s')), Return(Name('self'))), "
        "decorators=(Name('@added'),), exported=True), Function('isOn', (Param('isOn', "
        "type=Type('boolean')),), (Assign(Attribute(Name('self'), 'isOn'), Name('isOn')), "
        "Return(Name('self'))), decorators=(Name('@added'),), exported=True), Function('setOn', "
        "(Param('isOn', type=Type('boolean')),), (Assign(Attribute(Name('self'), 'isOn'), Name('isOn')), "
        "Return(Name('self'))), decorators=(Name('@added'),), exported=True), Function('builder', (), "
        "(Return(Call(Name('A'), new=True)),), returns=Type('A'), static=True, exported=True), "
        "Function('toBuilder', (), (Return(Name('self')),), returns=Type('A'), exported=True), "
        "Function('build', (), (Return(Name('self')),), returns=Type('A'), exported=True)), "
        "decorators=(Name('Data'), Call(Name('Builder'), args=(Argument(Literal(True), name='toBuilder'), "
        "Argument(Sequence((Literal('x'),)), name='a')))), exported=True),)",
    ),
    (
        ".java",
        "@RequiredArgsConstructor class A { private final S service; @NonNull String a; private int n = 1; "
        "final int k = 2; }",
        "(Class('A', (), (Assign(Name('service'), None, type=Type('S')), Assign(Name('a'), None, "
        "type=Type('String'), decorators=(Name('NonNull'),)), Assign(Name('n'), Literal(1), "
        "type=Type('int')), Assign(Name('k'), Literal(2), type=Type('int')), Function('__init__', "
        "(Param('service', type=Type('S'), field=True), Param('a', type=Type('String'), field=True)), (), "
        "decorators=(Name('@added'),))), decorators=(Name('RequiredArgsConstructor'),)),)",
    ),
    (
        ".java",
        "@AllArgsConstructor @NoArgsConstructor class A { private S service; static int n; @Getter @Setter "
        "boolean on; }",
        "(Class('A', (), (Assign(Name('service'), None, type=Type('S')), Assign(Name('n'), None, "
        "type=Type('int')), Assign(Name('on'), None, type=Type('boolean'), decorators=(Name('Getter'), "
        "Name('Setter'))), Function('isOn', (), (Return(Attribute(Name('self'), 'on')),), "
        "returns=Type('boolean'), exported=True), Function('setOn', (Param('on', type=Type('boolean')),), "
        "(Assign(Attribute(Name('self'), 'on'), Name('on')), Return(Name('self'))), "
        "decorators=(Name('@added'),), exported=True), Function('__init__', (Param('service', "
        "type=Type('S'), field=True), Param('on', type=Type('boolean'), field=True)), (), "
        "decorators=(Name('@added'),))), decorators=(Name('AllArgsConstructor'), "
        "Name('NoArgsConstructor'))),)",
    ),
    (
        ".java",
        "@lombok.Builder record R(String a) { }",
        "(Class('R', (), (Assign(Name('a'), None, type=Type('String')), Function('__init__', (Param('a', "
        "type=Type('String'), field=True),), (), exported=True), Function('a', (Param('a', "
        "type=Type('String')),), (Assign(Attribute(Name('self'), 'a'), Name('a')), "
        "Return(Join((Name('self'), Attribute(Name('self'), 'a'))))), decorators=(Name('@added'),), "
        "exported=True), Function('builder', (), (Return(Call(Name('R'), new=True)),), returns=Type('R'), "
        "static=True, exported=True), Function('toBuilder', (), (Return(Name('self')),), returns=Type('R'), "
        "exported=True), Function('build', (), (Return(Name('self')),), returns=Type('R'), exported=True)), "
        "kind='record', decorators=(Attribute(Name('lombok'), 'Builder'),)),)",
    ),
]


@pytest.mark.parametrize(("suffix", "source", "expected"), CASES)
def test_is_lowered(suffix: str, source: str, expected: str) -> None:
    module = lower("a" + suffix, source.encode())
    assert (ir.dump(module.body), module.troubles, module.incomplete) == (expected, (), False)

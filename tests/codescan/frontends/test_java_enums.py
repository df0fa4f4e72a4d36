"""Bodies of constants of enums become one method that asks for the constant."""

from spawngate.codescan.frontends.java import lower
from spawngate.codescan.ir import Class, Function, dump


def _methods(source: str) -> dict[str, str]:
    module = lower("A.java", source.encode(), 10_000)
    (cls,) = [each for each in module.body if isinstance(each, Class)]
    return {each.name: dump(each.body) for each in cls.body if isinstance(each, Function)}


def test_each_constant_is_asked_for_and_its_parameters_are_the_methods() -> None:
    methods = _methods(
        "enum A { X { int f(int b) { return b; } }, Y { int f(int a) { return 2; } }; abstract int f(int a); }"
    )
    assert methods == {
        "f": "(If(Operation('==', (Name('self'), Name('X'))), (Assign(Name('b'), Name('a'), type=Type('int')),"
        " Return(Name('b'))), orelse=(If(Operation('==', (Name('self'), Name('Y'))), (Return(Literal(2)),)),)),)"
    }


def test_a_method_of_an_interface_stands_in_the_constants_alone_and_overloads_stay_apart() -> None:
    methods = _methods("enum A implements B { X { public int g() { return 1; } }; int g(int a) { return a; } }")
    assert methods == {
        "g": "(If(Operation('==', (Name('self'), Name('X'))), (Return(Literal(1)),)),)",
    }
    module = lower("A.java", b"enum A { X { int g() { return 1; } }; int g(int a) { return a; } }", 10_000)
    (cls,) = [each for each in module.body if isinstance(each, Class)]
    assert [len(each.params) for each in cls.body if isinstance(each, Function)] == [1, 0]

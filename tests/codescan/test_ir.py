"""The intermediate representation: dumps for tests, and a coding that a cache can keep."""

import msgspec

from spawngate.codescan.ir import (
    OPERATORS,
    Argument,
    Assign,
    Call,
    Class,
    Evaluate,
    Literal,
    Module,
    Name,
    Sequence,
    Statement,
    Trouble,
    Type,
    dump,
)

CALL = Call(3, 4, Name(3, 4, "run"), (Argument(3, 8, Literal(3, 8, "npx")), Argument(3, 15, Name(3, 17, "a"), "args")))


def test_dump_leaves_out_places_and_defaults() -> None:
    assert dump(CALL) == "Call(Name('run'), args=(Argument(Literal('npx')), Argument(Name('a'), name='args')))"


def test_dump_of_tuples_and_constants() -> None:
    assert dump((Name(1, 0, "a"), None, (1,), ())) == "(Name('a'), None, (1,), ())"


def test_dump_of_nested_definitions() -> None:
    body = (Assign(2, 4, Name(2, 4, "command"), None, Type(2, 13, "str")),)
    assert (
        dump(Class(1, 0, "Server", (Type(1, 13, "BaseModel"),), body))
        == "Class('Server', (Type('BaseModel'),), (Assign(Name('command'), None, type=Type('str')),))"
    )


def test_dump_of_a_deep_tree_does_not_overflow() -> None:
    node: Name | Sequence = Name(1, 0, "x")
    for _ in range(50_000):
        node = Sequence(1, 0, (node,))
    assert dump(node).count("Sequence(") == 50_000


def test_nodes_compare_by_identity() -> None:
    assert Name(1, 0, "a") != Name(1, 0, "a")
    assert len({Name(1, 0, "a"), Name(1, 0, "a")}) == 2


def test_module_survives_the_coding_of_a_cache() -> None:
    body: tuple[Statement, ...] = (Evaluate(3, 4, CALL),)
    module = Module("a/b.py", "python", body, troubles=(Trouble(9, 1, "syntax"),), incomplete=True)
    copy = msgspec.msgpack.decode(msgspec.msgpack.encode(module), type=Module)
    assert (copy.path, copy.language, copy.package, copy.incomplete) == ("a/b.py", "python", "", True)
    assert dump(copy.body) == dump(module.body)
    assert dump(copy.troubles) == "(Trouble('syntax'),)"
    evaluated = copy.body[0]
    assert (evaluated.line, evaluated.column) == (3, 4)


def test_operators_are_the_documented_ones() -> None:
    comparisons = {"==", "!=", "in", "not in", "is", "is not", "<", "<=", ">", ">=", "instanceof"}
    assert comparisons | {"not", "and", "or", "arith"} == OPERATORS

"""Walks over the intermediate representation."""

from spawngate.codescan import ir
from spawngate.codescan.frontends import lower
from spawngate.codescan.ir import dump
from spawngate.codescan.walk import expressions, inside, last_name, nested, parts, root_name, statements


def statement(text: str) -> ir.Statement:
    return lower("a.py", text.encode()).body[0]


def expression(text: str) -> ir.Expression:
    found = statement(f"x = {text}")
    assert isinstance(found, ir.Assign)
    assert found.value is not None
    return found.value


def names(text: str) -> list[str]:
    return [each.id for each in inside(expression(text)) if isinstance(each, ir.Name)]


def test_everything_in_an_expression_is_visited_in_order() -> None:
    assert names("f(a, *b, k=c)[d].e + {g: h, **i} if j else [k for k in l if m]") == list("jfabcdghilkmk")


def test_a_closure_is_no_part_of_its_expression() -> None:
    assert names("f(lambda x: hidden)") == ["f"]
    assert parts(expression("lambda x: hidden")) == ()


def test_every_statement_of_a_block_is_visited_last_ones_first() -> None:
    text = "if a:\n    b()\n    while c:\n        d()\nelse:\n    e()\ndef f():\n    hidden()\ng()\n"
    visited = [dump(each.value) for each in nested(lower("a.py", text.encode()).body) if isinstance(each, ir.Evaluate)]
    assert visited == ["Call(Name('g'))", "Call(Name('e'))", "Call(Name('d'))", "Call(Name('b'))"]


def test_expressions_and_statements_of_a_statement() -> None:
    loop = statement("for a in b:\n    c()\nelse:\n    d()\n")
    assert [dump(each) for each in expressions(loop)] == ["Name('b')", "Name('a')"]
    assert [type(each).__name__ for each in statements(loop)] == ["Evaluate", "Evaluate"]
    function = statement("@mark\ndef f(a=default): hidden()\n")
    assert [dump(each) for each in expressions(function)] == ["Name('mark')", "Name('default')"]
    assert statements(function) == ()
    tried = statement("try:\n    a()\nexcept E:\n    b()\nelse:\n    c()\nfinally:\n    d()\n")
    assert len(statements(tried)) == 4


def test_names_at_the_ends_of_a_chain() -> None:
    assert (last_name(expression("a.b['c']")), root_name(expression("a.b['c']"))) == ("c", "a")
    assert (last_name(expression("f().g")), root_name(expression("f().g"))) == ("g", "")
    assert (last_name(expression("a[i]")), root_name(expression("1"))) == ("", "")

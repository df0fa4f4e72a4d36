"""What the languages of braces share."""

from spawngate.codescan import ir
from spawngate.codescan.frontends import lower
from spawngate.codescan.frontends.lowering import MAX_ARMS, Arm, choice, text_of


def place(number: int) -> tuple[int, int]:
    return number, 0


def test_no_arm_is_the_rest() -> None:
    rest = (ir.Return(1, 0, None),)
    assert choice([], rest) == rest


def test_arms_are_nested() -> None:
    arms: list[Arm] = [(place(number), ir.Literal(number, 0, number), ()) for number in (1, 2)]
    assert ir.dump(choice(arms, (ir.Return(3, 0, None),))) == (
        "(If(Literal(1), (), orelse=(If(Literal(2), (), orelse=(Return(None),)),)),)"
    )


def test_many_arms_begin_anew() -> None:
    arms: list[Arm] = [(place(number), ir.Literal(number, 0, number), ()) for number in range(MAX_ARMS + 1)]
    found = choice(arms, (ir.Return(3, 0, None),))
    assert [statement.line for statement in found] == [0, MAX_ARMS]
    assert ir.dump(found[-1]) == f"If(Literal({MAX_ARMS}), (), orelse=(Return(None),))"


def test_constants_become_one_text() -> None:
    one, text = ir.Literal(1, 0, 1), ir.Literal(1, 2, "a")
    assert ir.dump(text_of(place(1), (one, text))) == "Literal('1a')"
    assert ir.dump(text_of(place(1), (one, one))) == "Operation('arith', (Literal(1), Literal(1)))"
    assert ir.dump(text_of(place(1), (one, ir.Name(1, 2, "x")))) == "Format((Literal(1), Name('x')))"


def test_a_long_chain_of_else_if_is_not_deep() -> None:
    source = "if (a) b();" + " else if (a) b();" * 500
    module = lower("a.js", source.encode())
    assert (len(module.body), module.troubles) == (501 // MAX_ARMS + 1, ())


def test_what_is_nested_too_deep_keeps_its_names() -> None:
    module = lower("a.js", b"x = " + b"[" * 200 + b"inside" + b"]" * 200)
    assert "Unknown('too deep', parts=(Name('inside'),))" in ir.dump(module.body)
    assert [trouble.what for trouble in module.troubles] == ["nested too deep"]


def test_a_budget_that_ends_is_told() -> None:
    module = lower("a.js", b"f(a, b, c);" * 10, 20)
    assert module.incomplete

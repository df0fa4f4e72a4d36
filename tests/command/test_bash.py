"""tree-sitter-bash's tree lowered; what it silently misreads is mended or refused."""

import pytest

from spawngate.command.bash import Reading, lower
from spawngate.command.syntax import (
    AndOr,
    Assignment,
    Background,
    Block,
    Cut,
    Declaration,
    For,
    Function,
    Group,
    If,
    Literal,
    Misread,
    Parts,
    Pipeline,
    Redirection,
    Simple,
    Statement,
    While,
)
from spawngate.command.syntax import (
    Test as Expression,
)
from spawngate.command.words import lex


def word(text: str) -> Parts:
    return (Literal(text),)


def command(*words: str) -> Simple:
    return Simple(tuple(map(word, words)))


A, B, C = command("a"), command("b"), command("c")


@pytest.mark.parametrize(
    ("text", "block"),
    [
        ("", ()),
        ("# only\n", ()),
        ("a b", (command("a", "b"),)),
        ("a; b & c", (A, Background(B), C)),
        ("a && b || c", (AndOr((A, B, C), False),)),
        ("a | b |& c", (Pipeline((A, B, C)),)),
        ("! a", (A,)),
        ("(a); { b; }", (Group((A,), True), Group((B,)))),
        ("x=1 y+=2", (Simple((), (Assignment("x", word("1")), Assignment("y", word("2"), True))),)),
        ("m=([k]=v w)", (Simple((), (Assignment("m", elements=(word("v"), word("w")), keys=("k", "")),)),)),
        ("export A=1 B", (Declaration("export", (Assignment("A", word("1")), Assignment("B", bare=True))),)),
        ("for x in a b; do c; done", (For("x", (word("a"), word("b")), (C,)),)),
        ("for x; do c; done", (For("x", None, (C,)),)),
        ("while a; do b; done", (While((A,), (B,)),)),
        ("if a; then b; else c; fi", (If((((A,), (B,)), ((), (C,)))),)),
        ("f() { a; }", (Function("f", Group((A,))),)),
        ("[[ $x ]]", (Expression(((Literal("[[ ", True), *lex('"$x"'), Literal(" ]]", True)),)),)),
        ("a >f 2>&1", (Simple((word("a"),), (), (Redirection(">", word("f")), Redirection(">&", word("1"), 2))),)),
        ("cat <<E\nx\nE", (Simple((word("cat"),), (), (Redirection("<<", (), -1, (Literal("x\n", True),)),)),)),
    ],
)
def test_statements(text: str, block: tuple[Statement, ...]) -> None:
    assert lower(text) == block


@pytest.mark.parametrize(
    "text",
    [
        "if",
        "a | |",
        "a <<< b <<< c >",
        "echo !(a)",
        "3<>/dev/tcp/h/1 a",
        "cat <<A <<B\nA\nB",
        "x=1 y=2\nif a",
        "fi",
    ],
)
def test_misread_is_refused(text: str) -> None:
    with pytest.raises(Misread):
        lower(text)


def test_lenient_gives_what_there_is() -> None:
    assert command("rm", "x") in Reading("rm x\nif").block(lenient=True)


def test_depth_ends_in_a_cut() -> None:
    block: Block = lower("{ " * 40 + "a; " + "}; " * 40)
    found: list[Statement] = []
    while block:
        found.append(block[0])
        block = block[0].body if isinstance(block[0], Group) else ()
    assert found[-1] == Cut("too-deep")


def test_many_statements_end_in_a_cut() -> None:
    assert lower("a\n" * 1500)[-1] == Cut("too-many")

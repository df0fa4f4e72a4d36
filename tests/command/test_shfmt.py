"""shfmt's trees lowered: the forms that only it reads, and answers that are none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.command.shfmt import lower
from spawngate.command.syntax import (
    Background,
    Block,
    Cut,
    Function,
    Group,
    Literal,
    Misread,
    Parts,
    Pipeline,
    Redirected,
    Redirection,
    Simple,
)
from spawngate.endpoint.shfmt import syntax_tree


def word(text: str) -> Parts:
    return (Literal(text),)


def command(*words: str) -> Simple:
    return Simple(tuple(map(word, words)))


@pytest.mark.parametrize(
    ("text", "block"),
    [
        ("rm !(a|b)", (command("rm", "!(a|b)"),)),
        ("exec 3<>/dev/tcp/h/1", (Simple((word("exec"),), (), (Redirection("<>", word("/dev/tcp/h/1"), 3),)),)),
        (
            "cat <<A <<B\nx\nA\ny\nB\n",
            (
                Simple(
                    (word("cat"),),
                    (),
                    (
                        Redirection("<<", (), -1, (Literal("x\n", True),)),
                        Redirection("<<", (), -1, (Literal("y\n", True),)),
                    ),
                ),
            ),
        ),
        ("coproc N { a; }", (Background(Group((command("a"),))),)),
        ("time -p a | b", (Pipeline((command("time", "-p", "a"), command("b"))),)),
        ("time { a; }", (Group((command("a"),)),)),
        ("f() { a; } > x", (Function("f", Redirected(Group((command("a"),)), (Redirection(">", word("x")),))),)),
        ("é a", (command("é", "a"),)),
    ],
)
def test_statements(text: str, block: Block) -> None:
    answer = syntax_tree(text, timeout=5)
    assert answer is not None
    assert lower(text, answer) == block


@pytest.mark.parametrize(
    "answer", [b"", b"[]", b"null", b"{", b'{"Stmts": [1]}', b'{"Stmts": [{"Cmd": {"Type": "Odd"}}]}', b"\xff"]
)
def test_other_answers_are_refused(answer: bytes) -> None:
    with pytest.raises(Misread):
        lower("a", answer)


@given(st.binary(max_size=60))
def test_any_answer(answer: bytes) -> None:
    try:
        block = lower("a b c", answer)
    except Misread:
        return
    assert block == ()


def test_depth_ends_in_a_cut() -> None:
    text = "{ " * 40 + "a; " + "}; " * 40
    answer = syntax_tree(text, timeout=5)
    assert answer is not None
    assert Cut("too-deep").reason in repr(lower(text, answer))

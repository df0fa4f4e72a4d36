"""Simple commands of tree-sitter-bash: what its grammar silently gets wrong is mended."""

import pytest
import tree_sitter_bash
from tree_sitter import Language, Parser

from spawngate.command.bash import lower
from spawngate.command.bash_commands import Commands, touching
from spawngate.command.syntax import (
    AndOr,
    Assignment,
    Literal,
    Misread,
    Parts,
    Pipeline,
    Redirection,
    Simple,
    Statement,
)
from spawngate.command.words import lex


def word(text: str) -> Parts:
    return (Literal(text),)


def command(*words: str) -> Simple:
    return Simple(tuple(map(word, words)))


A, B = command("a"), command("b")


@pytest.mark.parametrize(
    ("text", "block"),
    [
        ("x=$a/$b/$c", (Simple((), (Assignment("x", lex("$a/$b/$c")),)),)),
        ("x=$a y=$b\na", (Simple((), (Assignment("x", lex("$a")), Assignment("y", lex("$b")))), A)),
        ("a - <<E\nE", (Simple((word("a"), word("-")), (), (Redirection("<<", (), -1, ()),)),)),
        ("cat <<E\n\n x\nE", (Simple((word("cat"),), (), (Redirection("<<", (), -1, (Literal("\n x\n", True),)),)),)),
        ('a $"b"', (Simple((word("a"), (Literal("", True), Literal("b", True)))),)),
        ("a <f b", (Simple((word("a"), word("b")), (), (Redirection("<", word("f")),)),)),
        (
            "cat <<E | a && b\nE",
            (AndOr((Pipeline((Simple((word("cat"),), (), (Redirection("<<", (), -1, ()),)), A)), B)),),
        ),
        ("r\\\nm x", (Simple(((Literal("r"), Literal("m")), word("x"))),)),
        ("a $x/$y/$z", (Simple((word("a"), lex("$x/$y/$z"))),)),
        ("! ! a", (A,)),
    ],
)
def test_mended(text: str, block: tuple[Statement, ...]) -> None:
    assert lower(text) == block


def test_words_that_touch_are_one() -> None:
    data = b'a $"b" c\\\nd e'
    node = Parser(Language(tree_sitter_bash.language())).parse(data).root_node.children[0]
    assert [data[start:end] for start, end in touching(node.children, data)] == [b"a", b'$"b"', b"c\\\nd", b"e"]


def test_word_with_an_operator_is_misread() -> None:
    with pytest.raises(Misread):
        Commands("a;b", b"a;b", lenient=False).word(0, 3)
    assert Commands("a;b", b"a;b", lenient=True).word(0, 3) == word("a;b")


@pytest.mark.parametrize("text", ["cat <<_\né\n_\na", "cat <<É\nè\nÉ\na"])
def test_end_of_a_document_that_other_letters_may_look_like_is_left_to_the_second_parser(text: str) -> None:
    with pytest.raises(Misread):
        lower(text)

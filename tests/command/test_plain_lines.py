"""`spawngate.command.plain_lines`: the same block as tree-sitter's, or none."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from spawngate.command import bash, scan
from spawngate.command.budget import MAX_STATEMENTS, MAX_WORDS
from spawngate.command.plain_lines import SHORT, block
from spawngate.command.syntax import (
    AndOr,
    Background,
    Cut,
    Literal,
    Misread,
    Parameter,
    Parts,
    Pipeline,
    Redirection,
    Simple,
)
from tests.command.corpus import COMMANDS


def words(text: str) -> tuple[Parts, ...]:
    return tuple((Literal(word),) for word in text.split())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ()),
        (" \n\n", ()),
        ("ls -la src", (Simple(words("ls -la src")),)),
        ("  git  status\t--short \n", (Simple(words("git status --short")),)),
        ("a; b\nc;", (Simple(words("a")), Simple(words("b")), Simple(words("c")))),
        ("a | b -c | d", (Pipeline((Simple(words("a")), Simple(words("b -c")), Simple(words("d")))),)),
        ("a && b || c", (AndOr((Simple(words("a")), Simple(words("b")), Simple(words("c"))), all=False),)),
        (
            "a|b&&c>f 2>&1",
            None,  # a redirection without a blank in front
        ),
        (
            "a | b && c > f 2>&1 ; d",
            (
                AndOr(
                    (
                        Pipeline((Simple(words("a")), Simple(words("b")))),
                        Simple(
                            words("c"),
                            (),
                            (Redirection(">", words("f")[0]), Redirection(">&", words("1")[0], 2)),
                        ),
                    )
                ),
                Simple(words("d")),
            ),
        ),
        (
            "grep 'a b' \"c d\"e",
            (
                Simple(
                    (
                        (Literal("grep"),),
                        (Literal("a b", quoted=True),),
                        (Literal("c d", quoted=True), Literal("e")),
                    )
                ),
            ),
        ),
        (
            "a & b |c &",
            (Background(Simple(words("a"))), Background(Pipeline((Simple(words("b")), Simple(words("c")))))),
        ),
        (
            'a $x "${y} z"',
            (
                Simple(
                    (
                        (Literal("a"),),
                        (Parameter("x", "$x"),),
                        (Parameter("y", "${y}", quoted=True), Literal(" z", quoted=True)),
                    )
                ),
            ),
        ),
        (
            "a && b > f <<'E' 2>&1\n\n E\n$(x)\nE\nc",
            (
                AndOr(
                    (
                        Simple(words("a")),
                        Simple(
                            words("b"),
                            (),
                            (
                                Redirection(">", words("f")[0]),
                                Redirection("<<", (), -1, (Literal("\n E\n$(x)\n", quoted=True),)),
                                Redirection(">&", words("1")[0], 2),
                            ),
                        ),
                    )
                ),
                Simple(words("c")),
            ),
        ),
        ('a << "E"\nE', (Simple(words("a"), (), (Redirection("<<", (), -1, ()),)),)),
    ],
)
def test_plain_lines(text: str, expected: object) -> None:
    assert block(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        *(
            "echo ${x:-y}",
            "echo $1",
            "echo `id`",
            "a &> f",
            "a & ; b",
            "(a)",
            "{ a; }",
            "! a",
            "if a",
            "X=1 a",
            "X+=1",
            "export X=1",
            "a # b",
            "[ a ]",
        ),
        *(
            "a \\\n b",
            "a 'x",
            'a "$(x)"',
            "a <<E\nE\n",
            "a <<'E'\nx\n",
            "a <<'E'\nEx\nE\n",
            "a <<'E' | b\nx\nE\n",
            "a <<'E' <<'F'\nE\nF\n",
            "a <<-'E'\n\tE\n",
            "<<'E' a\nE\n",
            "a <<< b",
            "a <(b)",
            "~/a ~b",
            "a {b,c}",
            "a é",
            "a\r\n",
            "| a",
            "a |",
        ),
        *("a &&", "a ;; b", "a > f b", "> f", "a &> f", "a 2>f3>g", "time a", "function f", "unset x", "a && \n b"),
        "a " + "b" * SHORT + "(",
    ],
)
def test_everything_else_is_left_to_the_parser(text: str) -> None:
    assert block(text) is None


def test_a_text_that_is_cut_says_so() -> None:
    one = Simple(words("a"))
    assert block("a;" * (MAX_STATEMENTS + 1) + "b") == (*[one] * (MAX_STATEMENTS + 1), Cut("too-many"))
    assert block("a|" * (MAX_STATEMENTS + 1) + "b") == (Pipeline((one,) * (MAX_STATEMENTS + 1)), Cut("too-many"))
    assert block("a||" * (MAX_STATEMENTS + 1) + "b") == (
        AndOr((one,) * (MAX_STATEMENTS + 1), all=False),
        Cut("too-many"),
    )
    wide = (Literal("a"),), *[(Literal("b"),)] * (MAX_WORDS - 1)
    assert block("a" + " b" * MAX_WORDS + "; c") == (Simple(wide), Cut("too-many"))
    same("a" + " b" * MAX_WORDS + "; c")


def read(text: str) -> object:
    try:
        return bash.lower(scan.unfolded(text))
    except Misread:
        return None


def same(text: str) -> None:
    """What tree-sitter refuses may be read here (`a >& f 0>&1`); what it reads is read alike."""
    found = block(text)
    theirs = read(text)
    assert found is None or theirs is None or found == theirs


def test_the_corpus_is_read_alike() -> None:
    for text in COMMANDS:
        same(text)
    assert sum(block(text) is not None for text in COMMANDS) >= 50


PIECES = st.sampled_from(
    [
        *(
            "a",
            "ls",
            "-la",
            "--x=y",
            "src/*.py",
            "x?",
            "'q r'",
            '"s t"',
            "''",
            '""',
            "1",
            "22",
            "a=b",
            "=",
            "+",
            "%1",
            "@",
            ":",
        ),
        *("'a'\"b\"c", "..", "-", "--", ",", "*", "in", "do", "done", "then", "test", ".", "0", "9", "_x", "a'b'"),
        *(" ", " ", " ", "  ", "\t", "\n", "\n\n", ";", "|", "||", "&&", " | ", " && ", "; "),
        *(" > ", " >> f", " 2>&1", " >&2", " < in", " 1>x", " 2>/dev/null", " >", ">x", " 12>x"),
        *("$x", "${x}", '"$x y"', '"a ${b}"', "$", "{", " & ", "&", " <<'E'", ' << "E"', "\nE\n", "\nE", "E"),
    ]
)


@settings(max_examples=1000)
@given(st.lists(PIECES, max_size=14).map("".join))
@example("a\n\n;b")
@example("a;\nb")
@example("a\n | b")
@example("a |\n b")
@example("a - > f")
@example("a - b")
@example("a\t>f")
@example("a 2>&1 > f")
@example("a =b")
@example("=b c")
@example("a 1 >f")
@example("a <<'E'\n\nE\n")
@example("a <<'E'\nE\nb")
@example("a <<'E' > f b\nE")
@example("a <<'E'\n E\nE")
@example("a & && b")
@example("a&b")
@example("a &\n&")
@example("a && b &")
@example("$x=1 a")
@example("${x}y 'z'$x")
def test_any_line_of_such_pieces_is_read_alike(text: str) -> None:
    same(text)


@given(st.text(max_size=30))
def test_any_text(text: str) -> None:
    same(text)

"""Tricky valid commands, and what they run; invalid ones are said to be unparseable and still give their words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.command.parse import read
from spawngate.command.spawn import Program
from spawngate.endpoint.shfmt import syntax_tree
from tests.command.corpus import COMMANDS
from tests.command.shown import shown


def second(text: str) -> bytes | None:
    """shfmt, however busy the machine is."""
    return syntax_tree(text, timeout=10)


def names(program: Program) -> str:
    """Programs in the order of the text; `?` where one is not known."""
    return " ".join(spawn.program or "?" for spawn in program.spawns if spawn.argv or spawn.opaque)


@pytest.mark.parametrize(
    ("text", "programs"),
    [
        ("a;b&&c||d|e&f", "a b c d e f"),
        ("a\\\nb c", "ab"),
        ("if a;then b;elif c;then d;else e;fi", "a b c d e"),
        ("while a; do b; done <<< x", "a b"),
        ("until a; do b; done", "a b"),
        ("for i in 1 2; do a; done", "a a"),
        ("for ((;;)); do a; break; done", "a break"),
        ("select x in 1; do a; done", "a"),
        ("case x in a) b;; (c|d) e;& *) f;;& esac", "b e f"),
        ("case $(a) in x) ;; esac", "a"),
        ("f(){ a;};f", "a"),
        ("function f { a; }\nf", "a"),
        ("function f() ( a )\nf", "a"),
        ("(a;(b;{ c;}))", "a b c"),
        ("[[ $(a) == b* && ! -f $(c) ]]", "a c"),
        ("[[ x =~ ^(a|b)$ ]] && c", "c"),
        ("((x = 1, y = $(a)))", "a"),
        ("a=(b c $(d)) e", "d e"),
        ("a+=(b); ${a[0]} c", "b"),
        ("x=1 y=2 a", "a"),
        ("a $((1 + $(b)))", "b a"),
        ("a ${x:-$(b)} ${y:+`c`}", "b c a"),
        ('a "$(b "$(c ")")")"', "c b a"),
        ("a `b \\`c\\``", "c b a"),
        ("a $(b # )\n)", "b a"),
        ("a $(case x in x) b;; esac)", "b a"),
        ("a <(b) >(c) < <(d)", "b c d a"),
        ("a <<E\n$(b)\nE\nc", "b a c"),
        ("a <<'E'\n$(b)\nE\nc", "a c"),
        ("a <<-E\n\t$(b)\n\tE\nc", "b a c"),
        ("a <<A; b <<B\n1\nA\n2\nB\nc", "a b c"),
        ("a <<A <<B\n1\nA\n2\nB\nc", "a c"),
        ("a <<E | b && c\nx\nE\nd", "a b c d"),
        ("a << \\E\n$(b)\nE", "a"),
        ('a <<< "$(b)"', "b a"),
        ("a 2>&1 >&2 &>f 3>&- <&4 5<>g", "a"),
        (">f a <g b", "a"),
        ("! a", "a"),
        ("! ! a", "a"),
        ("time a", "a"),
        ("time -p { a; }", "a"),
        ("coproc a", "a"),
        ("coproc X { a; }", "a"),
        ("a |& b", "a b"),
        ("rm !(*.c)", "rm"),
        ("a @(b|c)* ?(d)", "a"),
        ("exec 3<>/dev/tcp/h/80", "exec"),
        ("$'\\x61' b; $\"a\" b", "a a"),
        ("{a,b} c; {d,}", "a d"),
        ("a {b,c}{1..2} && ~/d", "a d"),
        ("\\a; 'a'; \"a\"; a''a", "a a a aa"),
        ("if (a) then b; fi", "a b"),
        ("{ a; } 2>&1 | { b; }", "a b"),
        ("a & wait; b", "a wait b"),
        ("a;\n\n# c\nb", "a b"),
        ("a\n\tb  \\\n\tc", "a b"),
        ("eval 'a; b'", "a b"),
        ("trap 'a' EXIT", "trap a"),
        ("a=b; $a", "b"),
        ("while read x; do $x; done <<< $'a\\nb'", "read a read b"),
    ],
)
def test_programs(text: str, programs: str) -> None:
    program = read(text, second=second)
    assert (names(program), program.opaque) == (programs, ())


@pytest.mark.parametrize(
    "text", ["a; fi", "a | ; b", "if a; then b", "a )", "case x in", "a <(b", "a 'b", "f() a; }", "a && || b"]
)
def test_invalid_is_said_and_gives_its_words(text: str) -> None:
    program = read(text, second=second)
    assert "unparseable" in program.opaque
    assert "a" in names(program).split() or "case" in text


PIECES = st.sampled_from(
    [
        *"(){}[]<>|&;$`'\"\\\n#!*?~= ",
        "$(",
        "${",
        "<<E\n",
        "\nE\n",
        "if ",
        "then ",
        "fi",
        "do ",
        "done",
        "case ",
        "a",
        "b",
        "x=",
        "eval ",
        "f() ",
    ]
)


@given(st.lists(PIECES, max_size=30).map("".join))
def test_any_text_is_read_the_same_way_twice(text: str) -> None:
    assert read(text) == read(text)


@given(st.text(max_size=80))
def test_any_unicode_is_read(text: str) -> None:
    program = read(text)
    assert len(shown(program)) >= len(program.spawns)


@given(st.sampled_from(COMMANDS), st.integers(0, 200), st.integers(0, 200), PIECES)
def test_mutated_commands_are_read(text: str, at: int, end: int, piece: str) -> None:
    mutated = text[:at] + piece + text[end:]
    assert read(mutated) == read(mutated)


@pytest.mark.parametrize("text", COMMANDS)
def test_corpus_is_parsed_whole(text: str) -> None:
    assert "unparseable" not in read(text, second=second).opaque

"""Words are taken apart as POSIX quoting says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.command.syntax import (
    Arithmetic,
    Literal,
    Parameter,
    Parts,
    ProcessSubstitution,
    Substitution,
)
from spawngate.command.words import ansi, lex, lex_document, unescaped

L = Literal


@pytest.mark.parametrize(
    ("source", "parts"),
    [
        ("", ()),
        ("ls", (L("ls"),)),
        (r"r\m", (L("r"), L("m", True))),
        ("r''m", (L("r"), L("", True), L("m"))),
        ('"a b"', (L("a b", True),)),
        ('""', (L("", True),)),
        (r'"a\"b\x"', (L(r'a"b\x', True),)),
        ("'a", (L("a", True),)),
        ('"a', (L("a", True),)),
        ("a\\", (L("a"), L("\\", True))),
        ("a\\\nb", (L("a"), L("b"))),
        (r"$'\x72\155'", (L("rm", True),)),
        ('$"hi"', (L("", True), L("hi", True))),
        ("$x", (Parameter("x", "$x"),)),
        ('"$x"', (Parameter("x", "$x", True),)),
        ("$10", (Parameter("1", "$1"), L("0"))),
        ("${10}", (Parameter("10", "${10}"),)),
        ("$@", (Parameter("@", "$@"),)),
        ("$", (L("$", True),)),
        ("${x:-d}", (Parameter("x", "${x:-d}", False, ":-", (L("d"),)),)),
        ("${x##*/}", (Parameter("x", "${x##*/}", False, "##", (L("*/"),)),)),
        ("${x//a/b}", (Parameter("x", "${x//a/b}", False, "//", (L("a"),), (L("b"),)),)),
        ("${x/a}", (Parameter("x", "${x/a}", False, "/", (L("a"),)),)),
        ("${x:1:2}", (Parameter("x", "${x:1:2}", False, ":", (L("1"),), (L("2"),)),)),
        ("${#x}", (Parameter("x", "${#x}", length=True),)),
        ("${#}", (Parameter("#", "${#}"),)),
        ("${!x}", (Parameter("x", "${!x}", indirect=True),)),
        ("${a[@]}", (Parameter("a", "${a[@]}", index="@"),)),
        ("${a[0]:-b}", (Parameter("a", "${a[0]:-b}", False, ":-", (L("b"),), index="0"),)),
        ("${}", (Parameter("", "${}", operator="bad"),)),
        ("${x", (Parameter("x", "${x"),)),
        ("$(ls)", (Substitution("ls", "$(ls)"),)),
        ("$(a $(b) ')')", (Substitution("a $(b) ')'", "$(a $(b) ')')"),)),
        ("$(case x in x) ls;; esac)", (Substitution("case x in x) ls;; esac", "$(case x in x) ls;; esac)"),)),
        ("$(echo case)y", (Substitution("echo case", "$(echo case)"), L("y"))),
        ("$(a # )\n)", (Substitution("a # )\n", "$(a # )\n)"),)),
        ("$(ls", (Substitution("ls", "$(ls"),)),
        ('"$(echo "a b")c"', (Substitution('echo "a b"', '$(echo "a b")', True), L("c", True))),
        (r"`a \`b\``", (Substitution("a `b`", r"`a \`b\``"),)),
        ("${ ls; }", (Substitution("ls; ", "${ ls; }"),)),
        ("$((1+2))", (Arithmetic((L("1+2", True),), "$((1+2))"),)),
        ("$((a);(b))", (Substitution("(a);(b)", "$((a);(b))"),)),
        ("$[1+2]", (Arithmetic((L("1+2", True),), "$[1+2]"),)),
        ("<(ls)", (ProcessSubstitution("ls", "<(ls)"),)),
        (">(sh)x", (ProcessSubstitution("sh", ">(sh)", True), L("x"))),
        ("\"${x:-'a'}\"", (Parameter("x", "${x:-'a'}", True, ":-", (L("'a'", True),)),)),
        ('"${x:-"a"}"', (Parameter("x", '${x:-"a"}', True, ":-", (L("a", True),)),)),
    ],
)
def test_parts(source: str, parts: Parts) -> None:
    assert lex(source) == parts


def test_document_knows_no_quotes() -> None:
    assert lex_document("a 'b' \"$x\" \\$y \\n") == (
        L("a 'b' \"", True),
        Parameter("x", "$x", True),
        L('" $y \\n', True),
    )


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (r"\x72\u006d\U0000006d", "rmm"),
        (r"\n\t\e\\\'\q", "\n\t\x1b\\'\\q"),
        (r"\162\0rest", "r"),
        (r"\cA", "\x01"),
        ("\\", "\\"),
        (r"\ud800\UFFFFFFFF", "\ufffd\ufffd"),
    ],
)
def test_ansi(text: str, value: str) -> None:
    assert ansi(text) == value


def test_unescaped_goes_on_behind_a_nul() -> None:
    assert unescaped(r"a\0b") == "a\0b"


@given(st.text(alphabet="ab $(){}[]'\"`\\<>#!:/-\n", max_size=60))
def test_any_word_is_taken_apart(source: str) -> None:
    parts = lex(source)
    assert parts == lex(source)


@pytest.mark.parametrize("piece", ["$((", "${a:-", "$(", '"$(', '"${', "`\\", "${a[", "<("])
def test_depth_is_bounded(piece: str) -> None:
    assert lex(piece * 3000)

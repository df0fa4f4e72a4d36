"""Expansion of words in a known scope."""

import pytest

from spawngate.command.budget import Budget
from spawngate.command.expand import Expander
from spawngate.command.parse import read
from spawngate.command.scope import Scope, Value
from spawngate.command.spawn import Word
from spawngate.command.syntax import ProcessSubstitution, Substitution
from spawngate.command.words import lex
from tests.command.shown import word


def scope() -> Scope:
    return Scope(
        variables={
            "x": Value("a b"),
            "e": Value(""),
            "o": Value("$o", opaque=True, spawns=(3,)),
            "n": Value("2"),
            "r": Value("x"),
            "p": Value("/u/v.tar.gz"),
            "g": Value("*.c"),
            "m": Value("new", others=("old",)),
        },
        arrays={"l": (Value("1"), Value("2 3"), Value("4"))},
        parameters=(Value("p1"), Value("p 2")),
    )


def substitute(part: Substitution | ProcessSubstitution) -> Value:
    return Value("out put", spawns=(7,)) if part.code == "known" else Value(part.written, opaque=True, spawns=(8,))


def expander() -> Expander:
    return Expander(scope(), substitute, Budget())


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("a", ["a"]),
        ("$x", ["a", "b"]),
        ('"$x"', ["'a b'"]),
        ("1$x'2'", ["1a", "b2"]),
        ("$e", []),
        ('"$e"', ["''"]),
        ("a$e", ["a"]),
        ("$o", ["$o[?@3]"]),
        ("pre$o", ["pre$o[?@3]"]),
        ("$g", ["*.c[*]"]),
        ('"$g"', ["*.c"]),
        ("$@", ["p1", "p", "2"]),
        ('"$@"', ["p1", "'p 2'"]),
        ('a"$@"b', ["ap1", "'p 2b'"]),
        ('"$*"', ["'p1 p 2'"]),
        ("${l[1]}", ["2", "3"]),
        ('"${l[@]}"', ["1", "'2 3'", "4"]),
        ('"${l[@]:1:1}"', ["'2 3'"]),
        ('"${@:2}"', ["'p 2'"]),
        ("${#l[@]}", ["3"]),
        ("${#x}", ["3"]),
        ("${!r}", ["a", "b"]),
        ("${p##*/}", ["v.tar.gz"]),
        ("${p%%.*}", ["/u/v"]),
        ("${p/tar/zip}", ["/u/v.zip.gz"]),
        ("${p:0:$n}", ["/u"]),
        ("${p:n:1}", ["/"]),
        ("${q:-d}", ["d"]),
        ('"${q:-d e}"', ["'d e'"]),
        ("${x:-d}", ["a", "b"]),
        ("${e:-d}", ["d"]),
        ("${e-d}", []),
        ("${x:+y}", ["y"]),
        ("${e:+y}", []),
        ("${q:?no}", ["${q:?no}[?]"]),
        ("${q##*/}", ["${q##*/}[?]"]),
        ("$((n+1))", ["3"]),
        ("$((q+1))", ["$((q+1))[?]"]),
        ("$(known)", ["out[@7]", "put[@7]"]),
        ('"$(known)"', ["'out put'[@7]"]),
        ("$(other)", ["$(other)[?@8]"]),
        ("<(known)", ["'out put'[@7]"]),
        ("{$x,z}", ["a", "b", "z"]),
        ("${PATH:0:1}", ["/"]),
        ("$HOME", ["~"]),
        ("~/a", ["~/a"]),
        ("a[bc]", ["a[bc][*]"]),
        ("'a[bc]'", ["a[bc]"]),
        ("@(a|b)", ["@(a|b)[*]"]),
        ("$m", ["new"]),
    ],
)
def test_words(source: str, words: list[str]) -> None:
    assert [word(one) for one in expander().words([lex(source)])] == words


def test_first_word_is_guessed_without_what_nothing_has_set() -> None:
    assert expander().words([lex("w${u}get"), lex("w${u}get")]) == [Word("wget", True), Word("w${u}get", True)]


def test_alternatives_are_told_and_chosen() -> None:
    one = expander()
    one.words([lex("$m")])
    one.choice = {"m": 1}
    assert (one.forks, one.words([lex("$m")])) == ({"m": 2}, [Word("old")])


def test_assigning_default_stays() -> None:
    one = expander()
    one.words([lex("${q:=rm}")])
    assert one.words([lex("$q")]) == [Word("rm")]


def test_substitution_runs_once_however_often_it_is_read() -> None:
    runs: list[str] = []

    def count(part: Substitution | ProcessSubstitution) -> Value:
        runs.append(part.code)
        return Value("x")

    one, parts = Expander(scope(), count, Budget()), lex("$(a)")
    one.words([parts])
    one.words([parts])
    assert runs == ["a"]


def test_braces_in_every_word_are_too_much_and_not_silent() -> None:
    """2,000 words of `{1..99}` stood for 198,000 words, which took a second."""
    program = read("echo " + "{1..99} " * 2_000)
    assert program.opaque == ("too-slow",)
    assert [len(spawn.words) for spawn in read("echo " + "{1..99} " * 20).spawns] == [1_980]

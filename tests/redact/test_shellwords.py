"""Splitting lines into words, and putting changed words back where they stood."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spawngate.redact import shellwords


def texts(line: str, prose: bool = False) -> list[str]:
    return [word.text for word in shellwords.split(line, prose)]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("a b  c", ["a", "b", "c"]),
        ("""a 'b c' "d e" """, ["a", "b c", "d e"]),
        ("""x="a b" --y='c d'""", ["x=a b", "--y=c d"]),
        (r"a\ b c\"d", ["a b", 'c"d']),
        (r'"a\"b\\c"', [r'a"b\c']),
        (r"C:\Users\me\x.exe -y", [r"C:\Users\me\x.exe", "-y"]),
        ("a&&b;c|d", ["a", "b", "c", "d"]),
        ("Bash(git log:*)", ["Bash", "git", "log:*"]),
        ("x=$(cat 'a b') y", ["x=$(cat 'a b')", "y"]),
        ("don't stop", ["don't", "stop"]),
        ("'unclosed one", ["'unclosed", "one"]),
        ("", []),
    ],
)
def test_split(line: str, expected: list[str]) -> None:
    assert texts(line) == expected


def test_prose_has_no_operators_and_keeps_apostrophes() -> None:
    assert texts("it's Bob's (a;b) key=\"x y\"", prose=True) == ["it's", "Bob's", "(a;b)", "key=x y"]


def test_first_marks_simple_commands() -> None:
    assert [word.first for word in shellwords.split("a b && c d\ne")] == [True, False, True, False, True]


@pytest.mark.parametrize(
    ("line", "old", "new", "expected"),
    [
        ("run --k=abc x", "--k=abc", "--k=[M]", "run --k=[M] x"),
        ("run --k='a b' x", "--k=a b", "--k=[M]", "run --k='[M]' x"),
        ('run "K: a b" x', "K: a b", "K: [M]", 'run "K: [M]" x'),
        ('run "a b"', "a b", 'say "hi"', 'run "say \\"hi\\""'),
        ("run 'a'", "a", "it's", "run 'it'\\''s'"),
        ('run a"b c"d', "ab cd", "[M]", 'run "[M]"'),
        ("run abc", "abc", "x y", "run x\\ y"),
    ],
)
def test_replace(line: str, old: str, new: str, expected: str) -> None:
    words = shellwords.split(line)
    assert shellwords.replace(line, words, [new if word.text == old else word.text for word in words]) == expected


MARK = "[secret:password:0123456789abcdef]"


@pytest.mark.parametrize(
    ("line", "new", "expected"),
    [
        ("'a b'c", "M", "'M'"),
        ("a'b c'", "M", "M"),
        ("'a b'\"c d\"", "a M d", "'a M'\" d\""),
        ("x'a'y\"b\"z", "xMyMz", "x'M'y\"M\"z"),
        ("k='a'b'c'", "k=aM", "k='a'M"),
        ("it\\'s", "it'M", "it\\'M"),
    ],
)
def test_markers_leave_quotes_alone(line: str, new: str, expected: str) -> None:
    (word,) = shellwords.split(line)
    assert shellwords.replace(line, [word], [new.replace("M", MARK)]) == expected.replace("M", MARK)


def test_substitutions() -> None:
    assert shellwords.substitutions("a$(b $(c))d$(e)f$(") == [(1, 10), (11, 15)]


@settings(deadline=None)
@given(st.text(), st.booleans())
def test_unchanged_words_leave_the_line_unchanged(line: str, prose: bool) -> None:
    words = shellwords.split(line, prose)
    assert shellwords.replace(line, words, [word.text for word in words]) == line
    assert all(len(word.places) == len(word.text) for word in words)

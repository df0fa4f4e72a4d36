"""The lexer and the evaluator of constant expressions."""

import pytest

from spawngate.command.unwrap.literals import Literals, Token, tokens


@pytest.mark.parametrize(
    ("language", "code", "expected"),
    [
        ("javascript", "a.b('x')", "name:a mark:. name:b mark:( text:x mark:)"),
        ("javascript", "// no\n`t` /* no */ 1", "text:t number:1"),
        ("javascript", "x = /'/; 'y'", "name:x mark:= mark:match mark:; text:y"),
        ("javascript", "a / b / 'c'", "name:a mark:/ name:b mark:/ text:c"),
        ("javascript", r"'a\x41\u0042\n\'", "text:aAB\n'"),
        ("javascript", "`a ${b} c`", "text:a $_ c"),
        ("perl", "q(a) qq{b $c} qw(d e)", "text:a text:b $_ mark:[ text:d mark:, text:e mark:, mark:]"),
        ("perl", "s/'/x/; 'y'", "mark:match mark:; text:y"),
        ("perl", "qx(rm x)", "ticks:rm x"),
        ("perl", r"'a\n'", r"text:a\n"),
        ("ruby", "%x(rm); %q(a); x % y", "ticks:rm mark:; text:a mark:; name:x mark:% name:y"),
        ("ruby", '"a#{b}" # no', "text:a$_"),
        ("php", "$a . 'b'", "name:$a mark:. text:b"),
        ("php", "\"a $b {$c} d\"", "text:a $_ $_ d"),
        ("lua", "[[a]] [==[b]]]==] -- no", "text:a text:b]]"),
        ("awk", '"a" | getline', "text:a mark:| name:getline"),
        ("lisp", "(a-b \"c\") ; no", "mark:( name:a-b text:c mark:)"),
        ("javascript", "'open", "text:open"),
        ("perl", "<<E\nx $y\nE\n1", "text:x $_\n number:1"),
    ],
)  # fmt: skip
def test_tokens(language: str, code: str, expected: str) -> None:
    assert " ".join(f"{token.kind}:{token.value}" for token in tokens(code, language)) == expected


@pytest.mark.parametrize(
    ("language", "code", "expected"),
    [
        ("javascript", "'a' + 'b'", "ab"),
        ("javascript", "'a' + x", "a$_"),
        ("javascript", "x + y", None),
        ("javascript", "['a', 'b']", ["a", "b"]),
        ("javascript", "atob('cm0=')", "rm"),
        ("javascript", "{a: 'b'}", None),
        ("php", "'a' . 'b'", "ab"),
        ("lua", "'a' .. 'b'", "ab"),
        ("awk", '"a" "b"', "ab"),
        ("awk", '"a" $1', "a$_"),
        ("java", 'new String[]{"a", "b"}', ["a", "b"]),
        ("r", 'c("a", "b")', ["a", "b"]),
        ("javascript", "f('a')", None),
    ],
)
def test_values(language: str, code: str, expected: object) -> None:
    stream = tokens(code, language)
    assert Literals(stream, language).value(0, len(stream)) == expected


def test_names_hold_texts() -> None:
    stream = tokens("const a = 'x', b = ['y']; import * as c from 'node:d'; const e = require('f')", "javascript")
    literals = Literals(stream, "javascript")
    assert (literals.names["a"], literals.lists["b"], literals.names["c"], literals.names["e"]) == (
        "x",
        ["y"],
        "d",
        "f",
    )


def test_arguments() -> None:
    stream = tokens("f('a', x, ['b'])", "javascript")
    assert Literals(stream, "javascript").arguments(2, True) == ["a", None, ["b"]]


def test_shell_option() -> None:
    stream = tokens("spawn('a', {shell: true}); spawn('a', {shell: false})", "javascript")
    literals = Literals(stream, "javascript")
    assert [
        literals.shell_option(at, stream) for at, token in enumerate(stream) if token == Token("name", "spawn")
    ] == [
        True,
        False,
    ]

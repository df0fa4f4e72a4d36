"""The evaluator of constant expressions."""

import pytest

from spawngate.command.unwrap.lexer import Token, tokens
from spawngate.command.unwrap.literals import Literals


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

"""Flags and their values, one at a time."""

import pytest

from spawngate.redact.flags import FLAG, flag_word, looks_like_flag, password_letters, user_password
from spawngate.redact.lines import Line
from spawngate.redact.marks import Marker
from tests.redact.shown import shown


@pytest.mark.parametrize(
    ("words", "text", "following"),
    [
        (["--token", "abc"], "--token", "<flag-value>"),
        (["--token=abc"], "--token=<flag-value>", None),
        (["--dsn", "redis://:abc@h"], "--dsn", "redis://:<dsn-password>@h"),
        (["--dsn", "abc"], "--dsn", "<flag-value>"),
        (["--name", "abc"], "--name", None),
        (["--header", "X-Key: abc"], "--header", "X-Key: <header-value>"),
        (["-e", "A=b"], "-e", "A=<env-value>"),
        (["-DA.password=b"], "-DA.password=<flag-value>", None),
        (["--data", '{"token": "a b"}'], "--data", '{"token": "<named-value>"}'),
        (["--user", "me:abc"], "--user", "me:<password>"),
        (
            ["--commit", "4f1c2d3e4b5a69788796a5b4c3d2e1f001122334"],
            "--commit",
            "4f1c2d3e4b5a69788796a5b4c3d2e1f001122334",
        ),
    ],
)
def test_flag_word(words: list[str], text: str, following: str | None) -> None:
    match = FLAG.fullmatch(words[0])
    assert match
    found, treat = flag_word(Line(Marker(b"k")), words[0], match, words, 0, set())
    assert shown(found) == text
    assert (shown(treat(words[1])) if treat else None) == following


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("me:abc", "me:<password>"),
        ("me:", "me:"),
        ("me", "me"),
        ("me:$PASSWORD", "me:$PASSWORD"),
        ("[secret:password:0123456789abcdef]:abc", "<password>:<password>"),
    ],
)
def test_user_password(value: str, expected: str) -> None:
    assert shown(user_password(Line(Marker(b"k")), value)) == expected


def test_looks_like_flag() -> None:
    assert looks_like_flag("--verbose")
    assert looks_like_flag("-v")
    assert not looks_like_flag("-abc9X!")
    assert not looks_like_flag("--xq7mk2vr9tl4wz8nb5cd")


def test_password_letters() -> None:
    assert password_letters({"mysql"}) == {"p"}
    assert password_letters({"docker"}) == set()
    assert password_letters({"docker", "login"}) == {"p"}

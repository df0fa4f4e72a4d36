"""Code that reaches a program by another way than its own words."""

import pytest

from spawngate.command.budget import Budget
from spawngate.command.frame import Frame, Input
from spawngate.command.parse import read
from spawngate.command.scripts import fed
from spawngate.command.spawn import Word
from tests.command.shown import shown


def words(*texts: str) -> tuple[Word, ...]:
    return tuple(map(Word, texts))


@pytest.mark.parametrize(
    ("command", "inner", "appended", "text", "runs"),
    [
        (("xargs", "rm"), ("rm",), True, "a 'b c'\nd", [("rm", "a", "b c", "d")]),
        (("xargs", "rm"), ("rm",), True, "it's", [("rm",)]),
        (("xargs", "-I{}", "rm", "x{}"), ("rm", "x{}"), False, "a\nb\n", [("rm", "xa"), ("rm", "xb")]),
        (("xargs", "-I", "%", "rm", "%"), ("rm", "%"), False, "a\n", [("rm", "a")]),
        (("xargs", "--replace=@", "rm", "@"), ("rm", "@"), False, "a\n", [("rm", "a")]),
        (("xargs", "-i", "rm", "{}"), ("rm", "{}"), False, "a\n", [("rm", "a")]),
        (("xargs", "rm"), ("rm",), True, None, [("rm",)]),
        (("xargs", "-0", "rm"), ("rm",), True, "a b\0c\0", [("rm", "a b", "c")]),
        (("xargs", "-n2", "rm"), ("rm",), True, "a b c", [("rm", "a", "b"), ("rm", "c")]),
        (("xargs", "-d", ",", "-n", "1", "rm"), ("rm",), True, "a,b", [("rm", "a"), ("rm", "b")]),
    ],
)
def test_xargs_with_known_input(
    command: tuple[str, ...], inner: tuple[str, ...], appended: bool, text: str | None, runs: list[tuple[str, ...]]
) -> None:
    frame = Frame(wrappers=("xargs",), appended=appended, input=Input(text))
    found = [tuple(word.text for word in one) for one, _ in fed(words(*inner), words(*command), frame, Budget())]
    assert found == runs


def test_what_xargs_fills_in_is_counted() -> None:
    """A line of 10,000 letters in 1,000 places."""
    found = read("echo " + "a" * 10_000 + " | xargs -I{} rm " + "{} " * 1_000)
    assert found.opaque == ("too-slow",)


@pytest.mark.parametrize(
    ("text", "spawns"),
    [
        ("cat > a.py <<'E'\nimport os; os.system('rm x')\nE\npython3 a.py", ["rm x in:python via:wrapper"]),
        (
            "cat > a.py <<'E'\n#!/usr/bin/env python3\nimport os; os.system('rm x')\nE\n./a.py",
            ["rm x in:python via:wrapper"],
        ),
        ("cat > a <<'E'\n#!/bin/sh\nrm $1\nE\nchmod +x a; ./a y", ["rm y via:script"]),
        (
            "cat > a.js <<'E'\nrequire('child_process').execSync('rm x')\nE\nnode a.js",
            ["rm x in:javascript via:wrapper"],
        ),
        ("echo 'import os; os.system(\"rm x\")' | python3 -", ["rm x in:python via:wrapper"]),
        ("cat > a.txt <<'E'\nrm x\nE\ncat a.txt", []),
        ("printf 'rm x' > s; . ./s", ["rm x in:. via:source"]),
    ],
)
def test_scripts_that_the_text_wrote(text: str, spawns: list[str]) -> None:
    found = [one for one in shown(read(text)) if one.startswith("rm ")]
    assert found == spawns

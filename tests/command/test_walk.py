"""The walk: statements, and bounds of the whole."""

import pytest

from spawngate.command.budget import MAX_SPAWNS, MAX_STEPS, MAX_TEXT
from spawngate.command.parse import read
from spawngate.command.walk import MAX_ROUNDS
from tests.command.shown import shown


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("x=1;" * (MAX_STEPS + 1), "too-slow"),
        ("a;" * (MAX_SPAWNS + 1), "too-many"),
        ("f() { f2; f2; }; f2() { f3; f3; }; f3() { f4; f4; }; " + "f; " * 200, "too-slow"),
        ("{ " * 60 + "a; " + "}; " * 60, "too-deep"),
        ("eval " * 60 + "a", "too-deep"),
        ("a" * (MAX_TEXT + 1), "too-long"),
        ("a " * 5000, "too-many"),
    ],
)
def test_bounds_are_stated(text: str, reason: str) -> None:
    program = read(text)
    assert reason in program.opaque
    assert program == read(text)


def test_value_that_grows_without_bound_is_unknown() -> None:
    program = read("x=aaaaaaaaaaaaaaaa; " + "x=$x$x$x$x$x$x$x$x; " * 12 + "echo $x")
    assert shown(program) == ["echo $x[?] +builtin opaque:arguments"]


def test_long_list_is_walked_in_part_and_the_rest_is_unknown() -> None:
    spawns = read(f"for i in {{1..{MAX_ROUNDS + 4}}}; do rm $i; done").spawns
    assert [(word.text, word.opaque) for spawn in spawns for word in spawn.argv[1:]] == [
        *((str(number), False) for number in range(1, MAX_ROUNDS + 1)),
        ("$i", True),
    ]


def test_many_lines_are_said_to_be_too_many() -> None:
    lines = "\\n".join("abcdefghijklmnopqrst")
    program = read(f"printf '{lines}\\n' | while read x; do rm $x; done")
    assert program.opaque == ("too-many",)


@pytest.mark.parametrize(
    ("text", "spawns"),
    [
        ("x=a; case $y in 1) x=b;; 2) x=c;; esac; $x", ["c", "b", "a"]),
        ("x=a; while q; do x=b; done; $x", ["q +repeated", "b", "a"]),
        ("x=a; false || x=b; $x", ["false +builtin", "b", "a"]),
        ("if q; then unset x; fi; x=a; $x", ["q", "unset x +builtin", "a"]),
        ("{ x=a; } ; $x", ["a"]),
        ("x=a; { x=b; } & $x", ["a"]),
        ("f() { x=b; }; x=a; f; $x", ["b"]),
        ("echo $(x=b; echo $x)", ["echo b via:substitution +builtin", "echo b[@0] +builtin"]),
    ],
)
def test_what_may_have_changed(text: str, spawns: list[str]) -> None:
    assert shown(read(text)) == spawns


@pytest.mark.parametrize("command", ["export -p", "declare -x", "export"])
def test_declarations_that_print_are_read_by_what_follows(command: str) -> None:
    program = read(f"{command} | cat")
    assert [spawn.program for spawn in program.spawns] == [command.split()[0], "cat"]
    assert program.spawns[1].reads_from == (0,)
    assert read("export X=1 | cat").spawns[1].reads_from == ()

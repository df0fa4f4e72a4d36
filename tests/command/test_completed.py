"""What find, xargs and pipes of objects would add."""

import pytest

from spawngate.command.budget import MAX_WORDS
from spawngate.command.completed import MOST_LISTED, Completion
from spawngate.command.parse import read
from spawngate.command.spawn import Program, Spawn, Word
from spawngate.model.call import Dialect


@pytest.mark.parametrize(
    ("command", "dialect", "expected"),
    [
        ("find /srv -name '*.log' -exec rm {} +", "posix", ("/srv/**/*.log",)),
        ("find /srv -type f | xargs rm -f", "posix", ("-f", "/srv")),
        ("echo a b | xargs rm", "posix", ("a", "b")),
        ("ls /srv | xargs rm", "posix", ("/srv/*",)),
        ("git ls-files | xargs rm", "posix", ()),
        (r"Get-ChildItem C:\x -Recurse | Remove-Item -Force", "powershell", ("-Force", r"C:\x")),
    ],
)
def test_words(command: str, dialect: Dialect, expected: tuple[str, ...]) -> None:
    program = read(command, dialect)
    at = next(at for at, spawn in enumerate(program.spawns) if spawn.program in ("rm", "remove-item"))
    spawn = program.spawns[at]
    assert Completion(program).words(at, spawn.words, spawn.program) == expected


def test_the_find_that_starts_a_program_tells_its_words() -> None:
    program = read("find a -exec rm {} +; find b -exec rm {} +; find c -exec rm {} +")
    completion = Completion(program)
    assert [
        completion.words(at, spawn.words, spawn.program)
        for at, spawn in enumerate(program.spawns)
        if spawn.program == "rm"
    ] == [("a",), ("b",), ("c",)]


def test_words_are_filled_in_up_to_a_bound_and_each_once() -> None:
    many = " ".join(f"a{number}" for number in range(600))
    templates = tuple(f"{letter}{{}}" for letter in "abcdefghij")
    program = Program((Spawn((Word("echo"), *map(Word, many.split()))), Spawn((Word("rm"),), reads_from=(0,))))
    words = Completion(program).words(1, ("-f", *templates, "a{}"), "rm")
    filled = MAX_WORDS // 600
    assert words[0] == "-f"
    assert words[1:601] == tuple(f"a{word}" for word in many.split())
    assert words[1 + filled * 600 :] == (*templates[filled:], "a{}")


def test_what_is_listed_is_handed_to_so_many_and_then_to_those_that_read_it() -> None:
    program = read("; ".join(f"gi a{number} | ri" for number in range(200)), "powershell")
    completion = Completion(program)
    found = [
        completion.words(at, spawn.words, spawn.program)
        for at, spawn in enumerate(program.spawns)
        if spawn.program == "ri"
    ]
    assert {len(words) for words in found} == {200, 1}
    assert sum(map(len, found)) <= MOST_LISTED + 200
    assert found[-1] == ("a199",)

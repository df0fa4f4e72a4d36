"""How words become inners, whatever the wrapper."""

import pytest

from spawngate.command.spawn import Word
from spawngate.command.unwrap import starts
from spawngate.command.unwrap.inner import Inner
from tests.command.unwrap.shown import show_inner, words_of

UNKNOWN = Word("$X", opaque=True)


@pytest.mark.parametrize(
    ("line", "unknown", "expected"),
    [
        ("rm x", (), ["rm x"]),
        ("", (), []),
        ("rm x", ("--odd",), ["rm x | opaque=options"]),
        ("value rm x", ("--odd",), ["value rm x | opaque=options", "rm x | opaque=options"]),
        ("value thing", ("--odd",), ["value thing | opaque=options"]),
        ("$X rm x", (), ["~'$X' rm x", "rm x | opaque=options"]),
        ("$X", (), ["~'$X'"]),
        (
            "value /usr/bin/python3.12 x",
            ("-z",),
            ["value /usr/bin/python3.12 x | opaque=options", "/usr/bin/python3.12 x | opaque=options"],
        ),
    ],
)
def test_command(line: str, unknown: tuple[str, ...], expected: list[str]) -> None:
    assert [show_inner(inner) for inner in starts.command(words_of(line), unknown=unknown)] == expected


def test_command_takes_fields() -> None:
    assert starts.command((Word("rm"),), user="root", repeated=True) == (
        Inner(words=(Word("rm"),), user="root", repeated=True),
    )


def test_assignments_stand_in_front() -> None:
    assert starts.assigned(words_of("A=1 B+=2 rm C=3")) == (
        (("A", Word("1")), ("B", Word("2"))),
        (Word("rm"), Word("C=3")),
    )
    assert starts.assigned((Word("A=$X", opaque=True, spawns=(1,)),)) == ((("A", Word("$X", True, False, (1,))),), ())


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        (Word("rm x"), (Inner(text="rm x"),)),
        (Word("  "), ()),
        (UNKNOWN, (Inner(text="$X", opaque=("code",)),)),
        (Word("$(cat f) x", opaque=True), (Inner(text="$(cat f) x", opaque=("code",)),)),
        (Word("{}", opaque=True), (Inner(text="{}", opaque=("code",)),)),
        (Word("rm $X", opaque=True), (Inner(text="rm $X"),)),
    ],
)
def test_line(word: Word, expected: tuple[Inner, ...]) -> None:
    assert starts.line(word) == expected


def test_joined_words() -> None:
    assert starts.together((Word("rm"), Word("$X", True, True, (1,)), Word("y", spawns=(2,)))) == Word(
        "rm $X y", True, True, (1, 2)
    )
    assert starts.joined((Word("rm"), Word("x")), remote="h") == (Inner(text="rm x", remote="h"),)


def test_code() -> None:
    assert starts.code(Word("1"), "python") == Inner(code="1", language="python")
    assert starts.code(UNKNOWN, "python") == Inner(code="$X", language="python", opaque=("code",))
    long = "x" * (starts.MAX_CODE + 1)
    assert starts.code(Word(long), "python").opaque == ("code",)


def test_reading() -> None:
    assert starts.reads() == Inner(reads_input=True, opaque=("input",))
    assert starts.reads("python") == Inner(language="python", reads_input=True, opaque=("input",))
    assert starts.reads("sqlite") == Inner(language="sqlite", reads_input=True)


def test_named() -> None:
    assert starts.named(Word("build"), Word("a"), cwd="d") == Inner(
        words=(Word("build", opaque=True), Word("a")), via="script", opaque=("program",), cwd="d"
    )


def test_replaced() -> None:
    assert starts.replaced(words_of("cp {} {}.bak x"), ("{}", "")) == (
        Word("cp"),
        Word("{}", True),
        Word("{}.bak", True),
        Word("x"),
    )


@pytest.mark.parametrize(
    ("text", "expected"), [("rm", True), ("/bin/RM.exe", True), ("python3.12", True), ("value", False), ("", False)]
)
def test_plausible(text: str, expected: bool) -> None:
    assert starts.plausible(Word(text)) is expected
    assert not starts.plausible(Word(text, opaque=True))

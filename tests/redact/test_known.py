"""`spawngate.redact.known`: words are remembered by their hash alone, and only those that stand for themselves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.redact.known import LONGEST, LONGEST_COMMAND, KnownCommands, KnownWords
from spawngate.redact.lines import Line
from spawngate.redact.marks import Marker
from spawngate.redact.redactor import Redactor


def test_a_word_is_known_once_it_was_added() -> None:
    known = KnownWords()
    assert "engine_12" not in known
    known.add("engine_12")
    assert "engine_12" in known
    assert "engine_13" not in known


@pytest.mark.parametrize(
    "word",
    ["", "a" * (LONGEST + 1), "a b", "a=b", "a:b", "$(id)", "{}", "[x]", "'q'", "a,b", "*x", "a\n", "a;b", "a|b"],
)
def test_words_with_something_inside_are_not_kept(word: str) -> None:
    known = KnownWords()
    known.add(word)
    assert word not in known


def test_it_forgets_all_when_it_is_full() -> None:
    known = KnownWords(most=2)
    for word in ("one", "two", "three"):
        known.add(word)
    assert [word in known for word in ("one", "two", "three")] == [False, False, True]


def test_no_word_is_held() -> None:
    known = KnownWords()
    known.add("hunter2-is-mine")
    assert known._hashes == {hash("hunter2-is-mine")}


@given(st.text("abcXY019_-./+~@%^!#?", max_size=22), st.sampled_from(["", "--ref", "project_ref", "commit", "x"]))
def test_a_known_word_is_judged_as_an_unknown_one(word: str, parent: str) -> None:
    def judged() -> tuple[str, int]:
        marker = Marker(b"key")
        return Line(marker).argument(word, "argument", parent=parent), marker.noted

    Line(Marker(b"key")).argument(word, "text", prose=True)
    first = judged()
    assert judged() == first
    assert (first[0] != word) == (first[1] > 0)


def test_a_command_is_known_by_its_words() -> None:
    known = KnownCommands(most=2)
    known.add(("git", "status"))
    assert [each in known for each in (("git", "status"), ("git status",), ("git",))] == [True, False, False]
    known.add(("a" * (LONGEST_COMMAND + 1),))
    assert known._hashes == {hash("git\0status")}
    known.add(("ls",))
    known.add(("pwd",))
    assert known._hashes == {hash("pwd")}


_COMMAND = st.sampled_from(
    ["echo mellon", "docker login -u me --password-stdin", "git log -3", "mysql -phunter2", "curl -u a:b h", "head -20"]
)


@given(st.lists(_COMMAND, min_size=1, max_size=4), st.sampled_from([" | ", "; ", " && "]))
def test_a_known_command_is_judged_by_its_line(commands: list[str], between: str) -> None:
    line = between.join(commands)
    fresh = Redactor(b"k")
    first = fresh.command_line(line)
    for command in commands:
        fresh.command_line(command)
    assert fresh.command_line(line) == first
    assert ("mellon" in first.text) == (
        "echo mellon" in commands and "docker login -u me --password-stdin" not in commands
    )

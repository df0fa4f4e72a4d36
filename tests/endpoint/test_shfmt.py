"""The second parser answers for what it reads, and with None for everything else."""

import json
from pathlib import Path

import pytest

from spawngate.endpoint import shfmt


def test_tree_of_a_command() -> None:
    answer = shfmt.syntax_tree("ls -la")
    assert answer is not None
    tree = json.loads(answer)
    assert [word["Parts"][0]["Value"] for word in tree["Stmts"][0]["Cmd"]["Args"]] == ["ls", "-la"]


@pytest.mark.parametrize("text", ["if", "a | |", "\udc80 (", "x" * (shfmt.MAX_TEXT + 1)])
def test_refused_text_gives_nothing(text: str) -> None:
    assert shfmt.syntax_tree(text) is None


def test_late_answer_gives_nothing() -> None:
    assert shfmt.syntax_tree("ls", timeout=1e-6) is None


def test_missing_program_gives_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shfmt, "program", lambda: None)
    assert shfmt.syntax_tree("ls") is None


def test_program_that_cannot_start_gives_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(shfmt, "program", lambda: tmp_path / "shfmt")
    assert shfmt.syntax_tree("ls") is None


def test_program_is_found_beside_python() -> None:
    path = shfmt.program()
    assert path is not None
    assert path.name in ("shfmt", "shfmt.exe")


def test_a_text_is_asked_about_once() -> None:
    asked: list[str] = []

    def ask(text: str) -> bytes | None:
        asked.append(text)
        return None if text == "refused" else text.encode() * 10

    remembering = shfmt.Remembering(ask, most=100)
    assert [remembering(text) for text in ("a", "a", "refused", "refused", "x" * 9, "x" * 9)] == [
        b"a" * 10,
        b"a" * 10,
        None,
        None,
        b"x" * 90,
        b"x" * 90,
    ]
    assert asked == ["a", "refused", "refused", "x" * 9, "x" * 9]  # too long to be kept


def test_the_oldest_answers_are_forgotten_first() -> None:
    asked: list[str] = []

    def ask(text: str) -> bytes | None:
        asked.append(text)
        return text.encode() * 20

    remembering = shfmt.Remembering(ask, most=80)
    for text in ("a", "b", "c", "d", "e", "e", "b", "a"):
        remembering(text)
    assert asked == ["a", "b", "c", "d", "e", "a"]
    assert (len(remembering._kept), remembering._size) == (4, 80)


def test_a_late_answer_can_be_told_from_a_refusal() -> None:
    with pytest.raises(TimeoutError):
        shfmt.asked("ls", 1e-6)
    assert shfmt.asked("if", 5) is None

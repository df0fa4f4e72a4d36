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

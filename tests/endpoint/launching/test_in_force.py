"""Approvals are put in force by one line, which is taken back, and nobody else's."""

from pathlib import Path

import pytest

from spawngate.endpoint.launching.in_force import put_in_force, take_back
from spawngate.model.errors import UsageError

BEFORE = '# ours\nbase = "strict"\n\n[failure]\nalone = "deny"\n'


def settings(state: Path, text: str | None) -> Path:
    path = state / "policy/policy.toml"
    if text is not None:
        path.parent.mkdir(parents=True)
        path.write_text(text)
    return path


def test_put_in_force_and_taken_back(tmp_path: Path) -> None:
    path = settings(tmp_path, BEFORE)
    assert put_in_force(tmp_path)
    assert path.read_text() == BEFORE.replace("\n\n", "\napprovals = true\n\n", 1)
    assert not put_in_force(tmp_path)
    assert take_back(tmp_path)
    assert path.read_text() == BEFORE
    assert not take_back(tmp_path)


def test_without_settings(tmp_path: Path) -> None:
    path = settings(tmp_path, None)
    assert put_in_force(tmp_path)
    assert path.read_text() == "approvals = true\n"


@pytest.mark.parametrize("word", ["true", "false"])
def test_somebody_s_own_setting_stays(tmp_path: Path, word: str) -> None:
    path = settings(tmp_path, f"approvals = {word}\n")
    assert not put_in_force(tmp_path)
    assert not take_back(tmp_path)
    assert path.read_text() == f"approvals = {word}\n"


def test_a_setting_that_was_changed_since_stays(tmp_path: Path) -> None:
    path = settings(tmp_path, None)
    put_in_force(tmp_path)
    path.write_text("approvals = false\n")
    assert take_back(tmp_path)
    assert path.read_text() == "approvals = false\n"


def test_no_toml(tmp_path: Path) -> None:
    settings(tmp_path, "base =\n")
    with pytest.raises(UsageError, match="is no TOML"):
        put_in_force(tmp_path)

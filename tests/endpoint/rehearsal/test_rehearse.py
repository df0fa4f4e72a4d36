"""A rehearsal tells an agent that obeys its hook from one that does not, and from one that never got so far."""

import os
import sys
from pathlib import Path

import pytest

from spawngate.endpoint.rehearsal.headless import HEADLESS
from spawngate.endpoint.rehearsal.rehearse import Rehearsal, candidates, rehearse

STAND_IN = (Path(__file__).parent / "stand_in.py").read_text()
(CLAUDE,) = candidates(["claude-code"])


def rehearsal(folder: Path, manner: str) -> Rehearsal:
    program = folder / "claude"
    program.write_text(f"#!{sys.executable} -B\n" + STAND_IN.replace('MANNER = "obeys"', f'MANNER = "{manner}"'))
    program.chmod(0o755)
    found = rehearse(CLAUDE, f"{folder}:{os.defpath}")
    assert found.agent == "claude-code"
    assert found.program == str(program)
    return found


def test_candidates() -> None:
    assert candidates([]) == list(HEADLESS)
    assert [each.id for each in candidates(["opencode", "cursor", "codex-cli"])] == ["codex-cli", "opencode"]


def test_agent_that_obeys_its_hook_works(tmp_path: Path) -> None:
    found = rehearsal(tmp_path, "obeys")
    assert (found.denied, found.allowed, found.works, found.problems) == ("stopped", "ran", True, [])
    assert found.milliseconds > 0


@pytest.mark.parametrize(
    ("manner", "denied", "allowed", "problem"),
    [
        ("ignores", "ran", "ran", "the command that policy refuses was run"),
        ("idle", "not tried", "not tried", "no licence"),
        ("deaf", "not tried", "ran", "the agent did not tell the model of a refusal"),
    ],
)
def test_agent_that_does_not(tmp_path: Path, manner: str, denied: str, allowed: str, problem: str) -> None:
    found = rehearsal(tmp_path, manner)
    assert (found.denied, found.allowed, found.works) == (denied, allowed, False)
    assert found.problems[0] == problem


def test_agent_that_is_not_there(tmp_path: Path) -> None:
    found = rehearse(CLAUDE, str(tmp_path))
    assert (found.program, found.works, found.problems) == ("", False, ["claude is not on PATH"])


def test_program_that_cannot_be_started(tmp_path: Path) -> None:
    program = tmp_path / "claude"
    program.write_bytes(b"\x7fELF nothing")
    program.chmod(0o755)
    found = rehearse(CLAUDE, f"{tmp_path}:{os.defpath}")
    assert (found.denied, found.works) == ("not tried", False)
    assert "Exec format error" in found.problems[0]

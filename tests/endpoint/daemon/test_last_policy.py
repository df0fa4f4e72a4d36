"""The last policy that could be used."""

import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from spawngate.endpoint.daemon.last_policy import FILE, keep, recall
from spawngate.endpoint.policy import load_folder
from spawngate.model.decision import Mode, Verdict

POLICY = """
@id("no-bash")
@reason("test")
@expires("2027-01-01")
forbid (principal, action, resource) when { context.tool == "bash" };
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "policy"
    made.mkdir()
    (made / "policy.toml").write_text(
        'base = "strict"\nmode = "monitor"\nmodes = {cursor = "enforce"}\n[failure]\nnot_recorded = "allow"\n'
    )
    (made / "own.cedar").write_text(POLICY)
    return made


def test_kept_and_recalled(tmp_path: Path, folder: Path) -> None:
    now = datetime(2026, 11, 21, tzinfo=UTC)
    in_force = load_folder(folder, now)
    assert recall(tmp_path, folder) is None
    keep(tmp_path, folder, in_force)
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600
    found = recall(tmp_path, folder, now)
    assert found is not None
    assert found.policies.revision == in_force.policies.revision
    assert found.settings == in_force.settings
    assert (found.settings.modes, found.settings.not_recorded) == ({"cursor": Mode.ENFORCE}, Verdict.ALLOW)
    later = recall(tmp_path, folder, datetime(2027, 1, 2, tzinfo=UTC))
    assert later is not None
    assert later.policies.ended == ("no-bash",)


def test_of_another_folder(tmp_path: Path, folder: Path) -> None:
    keep(tmp_path, folder, load_folder(folder))
    assert recall(tmp_path, tmp_path / "other") is None


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"\xff", b'{"folder":"x"}'])
def test_damaged(tmp_path: Path, folder: Path, data: bytes) -> None:
    (tmp_path / FILE).write_bytes(data)
    assert recall(tmp_path, folder) is None


def test_policy_that_cannot_be_used_any_more(tmp_path: Path, folder: Path) -> None:
    keep(tmp_path, folder, load_folder(folder))
    kept = (tmp_path / FILE).read_text()
    (tmp_path / FILE).write_text(kept.replace("context.tool", "context.nothing"))
    assert recall(tmp_path, folder) is None


def test_folder_that_cannot_be_written(tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(os, "replace", fail)
    keep(tmp_path, folder, load_folder(folder))
    assert os.listdir(tmp_path) == ["policy"]
    monkeypatch.undo()
    keep(tmp_path / "none", folder, load_folder(folder))

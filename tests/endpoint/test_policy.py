"""A policy folder: what is read, what it builds on, and what is refused."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from spawngate.endpoint.policy import load_folder, load_named, stamp
from spawngate.model.decision import Mode
from spawngate.model.errors import UsageError
from spawngate.policy.policies import shipped
from spawngate.policy.settings import PolicySettings

NOW = datetime(2026, 11, 21, tzinfo=UTC)
OWN = '@id("own") @reason("r") forbid (principal, action, resource) when { context.privileged };'


def test_without_a_folder_the_baseline_holds() -> None:
    held = load_folder(None, NOW)
    assert (held.policies.revision, held.settings, held.cases) == (shipped().revision, PolicySettings(), {})


def test_own_policies_are_added_to_the_base(tmp_path: Path) -> None:
    (tmp_path / "own.cedar").write_text(OWN)
    (tmp_path / "policy.toml").write_text('base = "observe"\nmode = "monitor"\n')
    (tmp_path / "own.cases.toml").write_text("# none\n")
    (tmp_path / "README").write_text("not read")
    held = load_folder(tmp_path, NOW)
    assert {policy.id for policy in held.policies.policies} == {
        "own",
        *(policy.id for policy in shipped("observe").policies),
    }
    assert held.settings == PolicySettings(base="observe", mode=Mode.MONITOR)
    assert held.cases == {str(tmp_path / "own.cases.toml"): "# none\n"}


def test_a_folder_may_stand_by_itself(tmp_path: Path) -> None:
    (tmp_path / "own.cedar").write_text(OWN)
    (tmp_path / "policy.toml").write_text('base = "none"\n')
    assert [policy.id for policy in load_folder(tmp_path, NOW).policies.policies] == ["own"]


def test_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert load_named("strict").policies.revision == shipped("strict").revision
    assert load_named(None).policies.revision == shipped().revision
    (tmp_path / "strict").mkdir()
    (tmp_path / "strict" / "own.cedar").write_text(OWN)
    assert "own" in {policy.id for policy in load_named("strict").policies.policies}


@pytest.mark.parametrize(
    ("files", "problem"),
    [
        ({}, "holds neither a policy"),
        ({"a.cedar": "forbid ("}, "a.cedar: is no Cedar"),
        ({"policy.toml": "x = 1"}, "policy.toml: x: is no setting"),
        ({"a.cedar": b"\xff\xfe"}, "a.cedar: is not UTF-8"),
    ],
)
def test_refused(tmp_path: Path, files: dict[str, str | bytes], problem: str) -> None:
    for name, content in files.items():
        (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(UsageError) as caught:
        load_folder(tmp_path, NOW)
    assert problem in str(caught.value)


def test_no_such_folder(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="No such file or directory; name a folder with policies"):
        load_folder(tmp_path / "none")


def test_the_stamp_changes_with_the_files_that_count(tmp_path: Path) -> None:
    assert stamp(tmp_path / "none") == ()
    (tmp_path / "a.cedar").write_text(OWN)
    before = stamp(tmp_path)
    (tmp_path / "notes").write_text("x")
    assert stamp(tmp_path) == before
    (tmp_path / "a.cedar").write_text(OWN + "\n")
    assert stamp(tmp_path) != before

"""A service from a state folder and a policy folder."""

from pathlib import Path

import pytest

from spawngate.endpoint.daemon.assemble import assemble, decider_for, policy_folder, policy_stamp, user_name
from spawngate.endpoint.daemon.place import place
from spawngate.endpoint.policy import load_folder
from spawngate.endpoint.state import State
from spawngate.model.decision import Mode
from spawngate.policy.settings import PolicySettings
from tests.endpoint.daemon.fakes import REDACTOR

POLICY = 'mode = "monitor"\nmodes = {cursor = "enforce"}\napprovals = true\n'


def test_shipped_baseline(tmp_path: Path) -> None:
    state = State(tmp_path)
    made = assemble(state, place(tmp_path))
    assert made.problem == ""
    assert made.endpoint == state.endpoint()
    assert made.in_force.policies.revision == load_folder(None).policies.revision
    assert made.service.settings == PolicySettings()
    assert (made.stamp, policy_folder(place(tmp_path), None)) == (None, None)


def test_own_policy_before_the_shipped_and_a_named_one_before_both(tmp_path: Path) -> None:
    state, where = State(tmp_path / "s"), place(tmp_path / "s")
    where.policy.mkdir()
    (where.policy / "policy.toml").write_text(POLICY, encoding="utf-8")
    made = assemble(state, where)
    assert made.service.settings.mode is Mode.MONITOR
    decider = decider_for(made.in_force, REDACTOR, {})
    assert decider.mode_of("codex-cli") is Mode.MONITOR
    assert decider.mode_of("cursor") is Mode.ENFORCE
    assert decider.approvals
    named = tmp_path / "named"
    named.mkdir()
    (named / "policy.toml").write_text("", encoding="utf-8")
    assert assemble(state, where, named).service.settings == PolicySettings()
    assert policy_folder(where, named) == named


def test_bad_policy_leaves_the_baseline_in_force(tmp_path: Path) -> None:
    where = place(tmp_path)
    where.policy.mkdir()
    (where.policy / "policy.toml").write_text('mode = "monitr"', encoding="utf-8")
    made = assemble(State(tmp_path), where)
    assert "mode: is 'monitr'" in made.problem
    assert made.service.settings == PolicySettings()


def test_stamp_changes_with_the_files(tmp_path: Path) -> None:
    where = place(tmp_path)
    assert policy_stamp(where, None) is None
    where.policy.mkdir()
    empty = policy_stamp(where, None)
    (where.policy / "policy.toml").write_text("", encoding="utf-8")
    assert len({str(each) for each in (None, empty, policy_stamp(where, None))}) == 3


def test_decider_for() -> None:
    decider = decider_for(load_folder(None), REDACTOR, {})
    assert (decider.mode, decider.approvals) == (Mode.ENFORCE, False)


def test_user_without_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("getpass.getuser", lambda: "ann")
    assert user_name() == "ann"

    def none() -> str:
        raise KeyError

    monkeypatch.setattr("getpass.getuser", none)
    monkeypatch.setattr("os.getuid", lambda: 1234)
    assert user_name() == "1234"

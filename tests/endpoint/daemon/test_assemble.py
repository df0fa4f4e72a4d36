"""A service from a state folder and a policy folder."""

from pathlib import Path
from unittest import mock

import pytest

from spawngate.agents import AGENTS, SURFACES
from spawngate.endpoint.daemon.assemble import (
    HeadRedactor,
    assemble,
    decider_for,
    policy_folder,
    policy_stamp,
    user_name,
    warm_up,
)
from spawngate.endpoint.daemon.place import place
from spawngate.endpoint.policy import load_folder
from spawngate.endpoint.state import State
from spawngate.model.call import ToolCall, ToolKind
from spawngate.model.decision import Mode
from spawngate.policy.settings import PolicySettings
from spawngate.trail.record import CUT, LONGEST_RAW, call_record
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
    decider = decider_for(made.in_force, REDACTOR, REDACTOR, {})
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
    decider = decider_for(load_folder(None), REDACTOR, REDACTOR, {})
    assert (decider.mode, decider.approvals) == (Mode.ENFORCE, False)


def test_user_without_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("getpass.getuser", lambda: "ann")
    assert user_name() == "ann"

    def none() -> str:
        raise KeyError

    monkeypatch.setattr("getpass.getuser", none)
    monkeypatch.setattr("os.getuid", lambda: 1234)
    assert user_name() == "1234"


HEREDOC = "cat > x.py <<'EOF'\n" + "value = call(argument)\n" * 500 + "EOF\ncurl -u ann:Hunter2Hunter2 https://x.test"
READS = '@id("a")\n@reason("r")\nforbid (principal, action, resource) when { context.command like "*x.test*" };\n'


def test_long_command_is_redacted_in_part_unless_a_policy_reads_it(tmp_path: Path) -> None:
    where, state = place(tmp_path), State(tmp_path)
    call = ToolCall("claude-code", "Bash", ToolKind.SHELL, commands=(HEREDOC,))
    cut = assemble(state, where).service.rehearse(call)
    assert cut.question.command.startswith("cat > x.py")
    assert len(cut.question.command) <= LONGEST_RAW + len(CUT)
    assert call_record(call, cut.question, REDACTOR).cut
    where.policy.mkdir()
    (where.policy / "own.cedar").write_text(READS, encoding="utf-8")
    whole = assemble(state, where).service.rehearse(call)
    assert whole.question.command.endswith("https://x.test")
    assert "Hunter2Hunter2" not in whole.question.command
    assert whole.decision.reasons == ("a",)


def test_head_redactor_hides_what_the_other_hides() -> None:
    short = "curl -u ann:Hunter2Hunter2 https://x.test"
    head = HeadRedactor(b"k" * 32)
    assert head.command_line(short) == REDACTOR.command_line(short)
    assert "Hunter2Hunter2" not in head.command_line(short + " #" * 1000).text


def test_warm_up_decides_about_calls_of_every_kind(tmp_path: Path) -> None:
    made = assemble(State(tmp_path), place(tmp_path))
    seen: list[ToolCall] = []
    service = mock.Mock(know=made.service.know)

    def rehearse(call: ToolCall) -> None:
        seen.append(call)
        made.service.rehearse(call)

    service.rehearse = rehearse
    steps = sum(1 for _ in warm_up(service))
    assert steps == len(AGENTS) + len(SURFACES) + len(seen)
    assert {call.kind for call in seen} == {ToolKind.SHELL, ToolKind.READ, ToolKind.WRITE, ToolKind.FETCH, ToolKind.MCP}
    assert {call.dialect for call in seen} == {"posix", "powershell", "cmd"}
    assert sum(call.commands == ("git status a",) for call in seen) == 1
    assert not place(tmp_path).trail.exists()

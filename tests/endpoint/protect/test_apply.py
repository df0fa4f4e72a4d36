"""Carrying out one plan and undoing it: what does not read back is put back, what is chained comes back."""

import os
import stat
from pathlib import Path

import pytest

from spawngate.agents.formats import Format
from spawngate.agents.formats.edit_values import Operation
from spawngate.agents.hooks.registration import HookFile
from spawngate.endpoint.protect import apply, atomic, journal
from spawngate.endpoint.protect.apply import Done, take_out, withdraw, write
from spawngate.endpoint.protect.journal import Journal
from spawngate.endpoint.protect.plan import Planned, plan
from spawngate.endpoint.protect.targets import Target
from spawngate.model.artifact import Scope

OPERATION = Operation(("hooks", "x"), {"command": "/s/spawngate-hook a"})
SCRIPT = "#!/bin/sh\nexec /s/spawngate-hook cline\n"


def made(path: Path, file: HookFile | None = None, whole: str = "") -> Target:
    return Target("a", str(path), file or HookFile("~/f", Scope.USER), (OPERATION,), whole=whole)


def test_failure_after_the_write_puts_the_old_bytes_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "f.json"
    path.write_bytes(b'{"a": 1}')
    item = plan(made(path), Journal(), tmp_path)
    real = atomic.put

    def torn(held: atomic.Held, data: bytes, **more: int) -> tuple[str, ...]:
        return real(held, data if data == b'{"a": 1}' else data[:-3], **more)

    monkeypatch.setattr(atomic, "put", torn)
    notes, done = write(tmp_path / "state", Journal(), item)
    assert (done.outcome, notes) == ("failed", Journal())
    assert "was put back as it was" in done.problem
    assert path.read_bytes() == b'{"a": 1}'
    assert journal.load(tmp_path / "state") == Journal()


def test_new_file_that_does_not_read_back_goes_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "f.json"
    item = plan(made(path), Journal(), tmp_path)
    real = atomic.put
    monkeypatch.setattr(atomic, "put", lambda held, data, **more: real(held, data[:-3], **more))
    _, done = write(tmp_path / "state", Journal(), item)
    assert done.outcome == "failed"
    assert not path.exists()


def test_problem_of_a_plan_is_its_outcome(tmp_path: Path) -> None:
    item = Planned("a", "/x", None, problem="no")
    assert write(tmp_path, Journal(), item) == (Journal(), Done("a", "/x", "failed", "no"))


@pytest.mark.parametrize("changed", [False, True])
def test_executable_of_others_is_called_and_comes_back(tmp_path: Path, changed: bool) -> None:
    path = tmp_path / "PreToolUse"
    path.write_bytes(b"#!/bin/sh\necho theirs\n")
    path.chmod(0o755)
    state = tmp_path / "state"
    file = HookFile("~/f", Scope.USER, Format.TEXT, chains=True, executable=True)
    target = made(path, file, SCRIPT)
    chains = journal.folder_of(state) / apply.CHAINS
    notes, done = write(state, Journal(), plan(target, Journal(), chains))
    assert done.outcome == "written"
    (entry,) = notes.entries
    assert Path(entry.chained).read_bytes() == b"#!/bin/sh\necho theirs\n"
    assert os.access(entry.chained, os.X_OK)
    again, done = write(state, notes, plan(target, notes, chains))
    assert (again, done.outcome) == (notes, "unchanged")
    if changed:
        path.write_bytes(path.read_bytes() + b"# more\n")
    notes, done = withdraw(state, notes, entry)
    assert (notes.entries, done.outcome) == ((), "restored")
    assert path.read_bytes() == b"#!/bin/sh\necho theirs\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o755
    assert not Path(entry.chained).exists()


def test_executable_of_others_comes_back_without_a_journal(tmp_path: Path) -> None:
    path = tmp_path / "PreToolUse"
    path.write_bytes(b"theirs")
    target = made(path, HookFile("~/f", Scope.USER, Format.TEXT, chains=True), SCRIPT)
    write(tmp_path / "state", Journal(), plan(target, Journal(), tmp_path / "chains"))
    assert path.read_bytes() != b"theirs"
    # Protected once more without a journal, the chain stays.
    again = plan(target, Journal(), tmp_path / "chains")
    assert (again.is_change, again.base) == (False, b"theirs")
    assert take_out(target).outcome == "restored"
    assert path.read_bytes() == b"theirs"


def test_original_that_is_lost_leaves_the_undo_by_value(tmp_path: Path) -> None:
    path = tmp_path / "f.json"
    path.write_bytes(b'{"a": 1}')
    state = tmp_path / "state"
    notes, _ = write(state, Journal(), plan(made(path), Journal(), tmp_path))
    (state / "protect" / notes.entries[0].before).unlink()
    _, done = withdraw(state, notes, notes.entries[0])
    assert done.outcome == "removed"
    assert path.read_bytes() == b'{"a": 1}'


def test_file_that_became_unreadable_stays_in_the_journal(tmp_path: Path) -> None:
    path = tmp_path / "f.json"
    state = tmp_path / "state"
    notes, _ = write(state, Journal(), plan(made(path), Journal(), tmp_path))
    path.write_bytes(b'{"hooks": ')
    after, done = withdraw(state, notes, notes.entries[0])
    assert (after, done.outcome) == (notes, "failed")
    assert path.read_bytes() == b'{"hooks": '


def test_comment_in_a_file_that_we_made_keeps_the_file(tmp_path: Path) -> None:
    path = tmp_path / "f.json"
    state = tmp_path / "state"
    target = made(path, HookFile("~/f", Scope.USER, Format.JSONC))
    notes, _ = write(state, Journal(), plan(target, Journal(), tmp_path))
    path.write_bytes(b"// mine\n" + path.read_bytes())
    _, done = withdraw(state, notes, notes.entries[0])
    assert done.outcome == "removed"
    assert path.read_bytes().startswith(b"// mine\n")


ENTRY = b'"hooks": {"x": [{"command": "/old/spawngate-hook a"}]}'


@pytest.mark.parametrize(
    ("name", "data", "outcome", "after"),
    [
        ("f.json", None, "gone", None),
        ("f.json", b'{"a": 1}', "gone", b'{"a": 1}'),
        ("f.json", b"{" + ENTRY + b"}", "removed", b"{}"),
        ("spawngate.json", b"{" + ENTRY + b"}", "deleted", None),
        ("spawngate.json", b'{"b": 1, ' + ENTRY + b"}", "removed", b'{"b": 1}'),
        ("f.json", b'{"a": 1, ' + ENTRY + b"}", "removed", b'{"a": 1}'),
        ("f.json", b"{" + ENTRY, "failed", b"{" + ENTRY),
    ],
)
def test_what_no_journal_knows_is_taken_out(
    tmp_path: Path, name: str, data: bytes | None, outcome: str, after: bytes | None
) -> None:
    path = tmp_path / name
    if data is not None:
        path.write_bytes(data)
    assert take_out(made(path)).outcome == outcome
    assert (path.read_bytes() if path.exists() else None) == after


def test_entry_of_another_installation_stays(tmp_path: Path) -> None:
    path = tmp_path / "f.json"
    path.write_bytes(b'{"a": 1}')
    state = tmp_path / "state"
    notes, _ = write(state, Journal(), plan(made(path), Journal(), tmp_path))
    other = b'{"a": 1, "hooks": {"x": [{"command": "/other/spawngate-hook a"}]}}'
    path.write_bytes(other)
    _, done = withdraw(state, notes, notes.entries[0])
    assert done.outcome == "gone"
    assert path.read_bytes() == other
    path.write_bytes(other.replace(b"/other/spawngate-hook a", b"'/s/spawngate-hook' a --more"))
    _, done = withdraw(state, notes, notes.entries[0])
    assert done.outcome == "removed"
    assert path.read_bytes() == b'{"a": 1}'

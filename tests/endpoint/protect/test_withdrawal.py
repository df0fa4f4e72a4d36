"""Taking our entries out again: what others wrote stays, whatever became of the journal."""

import pytest

from spawngate.agents.hooks.registration import is_ours
from spawngate.endpoint.protect import journal
from spawngate.endpoint.protect.apply import Done
from spawngate.endpoint.protect.journal import Journal
from spawngate.endpoint.protect.withdrawal import unknown_targets, unnoted, withdraw
from spawngate.model.errors import StateError, UsageError
from tests.endpoint.protect.conftest import Place
from tests.endpoint.protect.test_setup import CLAUDE, HOOKED, NEEDED, ODD


@pytest.mark.parametrize("name", ODD)
def test_odd_files_lose_our_part_alone_when_they_were_changed_since(place: Place, name: str) -> None:
    path = place.write(CLAUDE, ODD[name])
    place.protect("claude-code")
    path.write_bytes(path.read_bytes() + b"\n")
    (done,) = place.unprotect()
    assert done.outcome in ("removed", "deleted")
    if done.outcome == "removed":
        assert path.read_bytes() == ODD[name] + b"\n"


def test_what_people_changed_since_stays(place: Place) -> None:
    path = place.write(CLAUDE, b'{\n  "model": "opus"\n}\n')
    place.protect("claude-code")
    path.write_bytes(path.read_bytes().replace(b'"opus"', b'"sonnet"'))
    assert place.unprotect() == [Done("claude-code", str(path), "removed")]
    assert path.read_bytes() == b'{\n  "model": "sonnet"\n}\n'


def test_entry_that_people_took_out_is_gone(place: Place) -> None:
    path = place.write(CLAUDE, b'{"a": 1}')
    place.protect("claude-code")
    path.write_bytes(b'{"b": 2}')
    assert place.unprotect() == [Done("claude-code", str(path), "gone")]
    assert path.read_bytes() == b'{"b": 2}'
    assert journal.load(place.state).entries == ()


@pytest.mark.parametrize("agent", HOOKED)
def test_lost_journal_loses_no_file(place: Place, agent: str) -> None:
    place.write(".claude/settings.json", b'{"model": "opus", "hooks": {"Stop": []}}')
    place.write(NEEDED.get(agent, ".config/other/file"), b"{}")
    before = place.files()
    place.protect(agent)
    (place.state / "protect/journal.json").unlink()
    place.unprotect(agent)
    after = place.files()
    for name, data in after.items():
        assert not is_ours(data.decode("utf-8", "replace")), name
    assert {name: data for name, data in after.items() if name in before} == before


def test_damaged_journal_is_said_and_nothing_is_touched(place: Place) -> None:
    path = place.write(CLAUDE, b"{}")
    place.protect("claude-code")
    after = path.read_bytes()
    (place.state / "protect/journal.json").write_bytes(b'{"entries": [')
    with pytest.raises(StateError, match="is damaged"):
        place.unprotect()
    assert path.read_bytes() == after


def test_dry_run_takes_nothing_out(place: Place) -> None:
    place.protect("claude-code", "cursor")
    before = place.files()
    assert {item.outcome for item in withdraw(place.around, ("cursor",), dry=True)} == {"planned"}
    assert place.files() == before
    assert len(journal.load(place.state).entries) == 2


def test_only_named_agents_lose_their_hook(place: Place) -> None:
    place.protect("claude-code", "cursor")
    assert [item.agent for item in place.unprotect("cursor")] == ["cursor"]
    assert [entry.agent for entry in journal.load(place.state).entries] == ["claude-code"]
    with pytest.raises(UsageError, match="is no agent"):
        place.unprotect("nobody")


def test_entries_that_no_journal_knows_are_found(place: Place) -> None:
    assert unnoted(place.around, Journal()) == []
    place.protect("claude-code", "cline", "goose")
    notes = journal.load(place.state)
    assert unnoted(place.around, notes) == []
    found = {entry.path: entry for entry in unnoted(place.around, Journal())}
    settings = found[str(place.home / CLAUDE)]
    known = notes.of("claude-code", str(place.home / CLAUDE))
    assert known is not None
    assert [change.operation for change in settings.changes] == [change.operation for change in known.changes]
    assert (settings.agent, settings.scope, settings.after) == ("claude-code", "user", known.after)
    assert str(place.home / ".cline/hooks/PreToolUse") in found
    assert {target.path for target in unknown_targets(place.around, ("goose",), set())} == {
        str(path) for path in (place.home / ".agents").rglob("*.json")
    }
    (place.home / CLAUDE).write_bytes(b'{"hooks": "spawngate"')
    assert str(place.home / CLAUDE) not in {entry.path for entry in unnoted(place.around, Journal())}

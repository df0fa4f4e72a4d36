"""The journal: written whole, read back, settled after a crash, locked."""

import os
import threading
from pathlib import Path

import msgspec
import pytest

from spawngate.agents.formats.edit import Change, Piece
from spawngate.agents.formats.edit_values import Operation
from spawngate.endpoint.protect.atomic import digest
from spawngate.endpoint.protect.journal import (
    ClientNote,
    Entry,
    Journal,
    folder_of,
    forget,
    keep,
    kept,
    load,
    locked,
    of_agents,
    save,
    settled,
)
from spawngate.model.errors import StateError

CHANGE = Change(
    Operation(("hooks", "PreToolUse"), {"command": "/c", "n": [1, None, True, 1.5]}),
    made=(("hooks",), ("hooks", "PreToolUse")),
    pieces=(Piece(3, "", ","), Piece(9, "a", "b")),
    between=(" /* */",),
    had=True,
    old={"x": []},
)


def entry(path: Path, **more: object) -> Entry:
    made = Entry("cursor", "user", str(path), str(path), "json", "", "", "2026-11-21T00:00:00Z")
    return msgspec.structs.replace(made, **more)


def test_what_is_saved_is_read_back(tmp_path: Path) -> None:
    journal = Journal(client=ClientNote("/p", "1", "/c", "2")).with_entry(
        entry(tmp_path / "a", changes=(CHANGE,), state="done")
    )
    save(tmp_path, journal)
    assert load(tmp_path) == journal
    assert load(tmp_path / "other") == Journal()


def test_entries_are_one_for_each_file_of_an_agent(tmp_path: Path) -> None:
    first, second = entry(tmp_path / "a"), entry(tmp_path / "a", after="x")
    other = entry(tmp_path / "a", agent="vscode")
    journal = Journal().with_entry(first).with_entry(other).with_entry(second)
    assert journal.entries == (other, second)
    assert journal.of("cursor", str(tmp_path / "a")) == second
    assert journal.of("cursor", "/") is None
    assert journal.without(first).entries == (other,)
    assert of_agents(journal, ()) == (other, second)
    assert of_agents(journal, ("vscode",)) == (other,)


@pytest.mark.parametrize("text", ["", "{", '{"entries": 1}', '{"entries": [{"agent": 1}]}', "\xff"])
def test_damaged_journal_is_refused(tmp_path: Path, text: str) -> None:
    (folder_of(tmp_path) / "journal.json").write_bytes(text.encode("latin-1"))
    with pytest.raises(StateError, match="is damaged"):
        load(tmp_path)


def test_journal_of_another_version_is_refused(tmp_path: Path) -> None:
    (folder_of(tmp_path) / "journal.json").write_bytes(b'{"schema_version": 2}')
    with pytest.raises(StateError, match="another version"):
        load(tmp_path)


def test_originals_are_kept_until_nobody_names_them(tmp_path: Path) -> None:
    name = keep(tmp_path, b"original")
    assert name == digest(b"original") == keep(tmp_path, b"original")
    assert kept(tmp_path, name) == b"original"
    forget(tmp_path, Journal().with_entry(entry(tmp_path / "a", before=name)))
    assert kept(tmp_path, name) == b"original"
    (tmp_path / "protect" / name).write_bytes(b"changed")
    assert kept(tmp_path, name) is None
    assert keep(tmp_path, b"original") == name
    assert kept(tmp_path, name) == b"original"
    forget(tmp_path, Journal())
    assert kept(tmp_path, name) is None


def test_intended_change_is_settled_by_the_file(tmp_path: Path) -> None:
    for name in ("before", "after", "neither"):
        (tmp_path / name).write_bytes(name.encode())
    before, after = digest(b"before"), digest(b"after")
    intended = [entry(tmp_path / name, before=before, after=after) for name in ("before", "after", "neither", "none")]
    done = entry(tmp_path / "before", agent="x", state="done")
    journal = Journal(entries=(*intended, done))
    assert settled(journal).entries == (
        msgspec.structs.replace(intended[1], state="done"),
        msgspec.structs.replace(intended[2], state="done"),
        msgspec.structs.replace(intended[3], state="done"),
        done,
    )


def test_lock_is_held_by_one(tmp_path: Path) -> None:
    taken, go = threading.Event(), threading.Event()

    def hold_it() -> None:
        with locked(tmp_path):
            taken.set()
            go.wait(10)

    thread = threading.Thread(target=hold_it)
    thread.start()
    assert taken.wait(10)
    with pytest.raises(StateError, match="at work"), locked(tmp_path, 0.1):
        pass
    go.set()
    thread.join()
    with locked(tmp_path, 5):
        pass


def test_folder_that_cannot_be_used_is_said(tmp_path: Path) -> None:
    (tmp_path / "protect").touch()
    with pytest.raises(StateError, match="cannot be used"):
        folder_of(tmp_path)
    assert os.path.isfile(tmp_path / "protect")

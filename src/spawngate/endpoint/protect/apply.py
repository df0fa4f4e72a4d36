"""SHELL. Doing what was planned, one file after the other, and undoing it.

For every file: keep the original, note what is meant, write, read again, note that it is done. What does not read back
as it was written is put back. The caller holds the journal's lock.
Must not be here: planning (`plan`), the agents.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from spawngate.agents.formats import Format
from spawngate.agents.formats.edit import EditError, parse, strip, undo
from spawngate.agents.formats.edit_values import Ours, at
from spawngate.agents.hooks.registration import CLIENTS, is_ours
from spawngate.endpoint.protect import atomic, journal
from spawngate.endpoint.protect.atomic import WriteError, digest, hold
from spawngate.endpoint.protect.chain import next_executable
from spawngate.endpoint.protect.journal import Entry, Journal
from spawngate.endpoint.protect.plan import Planned
from spawngate.endpoint.protect.targets import Target
from spawngate.model.artifact import Scope
from spawngate.model.json import Json

USER_MODE, MACHINE_MODE = 0o600, 0o644
CHAINS = "chained"
"""Folder below the journal's for executables of others that ours call."""


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one file."""

    agent: str
    path: str
    outcome: str
    """written, unchanged, restored (byte for byte), removed (our part only), deleted (the file was ours), gone (our
    part was there no more), failed."""
    problem: str = ""


def write(state: Path, notes: Journal, item: Planned) -> tuple[Journal, Done]:
    """Carry out one plan. Never raises for the file's sake: a failure is the outcome, and the file is as it was."""
    if item.problem or item.held is None or item.target is None or item.after is None:
        return notes, Done(item.agent, item.path, "failed", item.problem)
    known = notes.of(item.agent, item.path)
    if not item.is_change and known is not None:
        return notes, Done(item.agent, item.path, "unchanged")
    machine = item.target.file.scope is Scope.MANAGED
    folder_mode = 0o755 if machine else 0o700
    before = journal.keep(state, item.base) if item.base is not None else ""
    made = known.folders if known is not None else ()
    entry = Entry(
        agent=item.agent,
        scope=item.target.file.scope.value,
        path=item.path,
        target=item.held.target,
        form=item.target.file.format.value,
        before=before,
        after=digest(item.after),
        at=now(),
        changes=item.changes,
        folders=(*made, *atomic.missing_folders(item.held)),
        chained=item.chained,
    )
    try:
        journal.save(state, notes.with_entry(entry))
        if item.chain is not None:
            _chain(item)
        if item.is_change:
            mode = (MACHINE_MODE if machine else USER_MODE) | (
                0o111 if machine else 0o100
            ) * item.target.file.executable
            atomic.put(item.held, item.after, mode=mode, folder_mode=folder_mode)
            _verify(item, item.target, item.after)
    except WriteError as error:
        journal.save(state, notes)
        return notes, Done(item.agent, item.path, "failed", str(error))
    notes = notes.with_entry(msgspec.structs.replace(entry, state="done"))
    journal.save(state, notes)
    return notes, Done(item.agent, item.path, "written" if item.is_change else "unchanged")


def _verify(item: Planned, target: Target, after: bytes) -> None:
    """Read the file again; put the old bytes back where it does not hold what was written. Raises WriteError."""
    again = hold(item.path)
    problem = ""
    if again.data != after:
        problem = "it does not hold what was written"
    elif target.file.format is not Format.TEXT:
        try:
            value = parse(after, target.file.format)
            for change in item.changes:
                if not at(value, change.operation.pointer)[0]:
                    problem = "it does not parse as it should"
        except EditError as error:
            problem = str(error)
    if not problem:
        return
    assert item.held is not None
    if item.held.data is None:
        atomic.remove(again)
    else:
        atomic.put(again, item.held.data)
    raise WriteError(f"{item.path} was put back as it was: {problem}")


def _chain(item: Planned) -> None:
    """Keep an executable of others where our script will call it."""
    assert item.chain is not None
    assert item.held is not None
    atomic.put(hold(item.chained), item.chain, mode=item.held.mode | 0o100)


def withdraw(state: Path, notes: Journal, entry: Entry) -> tuple[Journal, Done]:
    """Undo one entry: byte for byte where nobody changed the file since, else our part only."""
    try:
        outcome = _withdrawn(state, entry)
    except (WriteError, EditError) as error:
        return notes, Done(entry.agent, entry.path, "failed", str(error))
    notes = notes.without(entry)
    journal.save(state, notes)
    return notes, Done(entry.agent, entry.path, outcome)


def _withdrawn(state: Path, entry: Entry) -> str:
    held = hold(entry.path)
    if held.data is None:
        atomic.remove_folders(entry.folders)
        return "gone"
    original = journal.kept(state, entry.before) if entry.before else None
    if held.digest == entry.after and (original is not None or not entry.before):
        if original is not None:
            atomic.put(held, original)
            _drop_chained(entry)
            return "restored"
        atomic.remove(held)
        atomic.remove_folders(entry.folders)
        return "deleted"
    if entry.form == Format.TEXT.value:
        return _withdrawn_whole(held, entry, original)
    after = undo(held.data, Format(entry.form), entry.changes, runs_same_client(entry))
    if after == held.data:
        return "gone"
    if not entry.before and parse(after, Format(entry.form)) in (None, {}) and not _comments(after):
        atomic.remove(held)
        atomic.remove_folders(entry.folders)
        return "deleted"
    atomic.put(held, after)
    return "removed"


def runs_same_client(entry: Entry) -> Ours:
    """Recognises what runs the client of this entry, however it was changed. Another installation's is not ours."""
    clients = {word for change in entry.changes for word in _clients(change.operation.value)}

    def same(value: Json) -> bool:
        return is_ours(value) and (not clients or not clients.isdisjoint(_clients(value)))

    return same


def _clients(value: Json) -> set[str]:
    """Paths of clients in an entry."""
    if isinstance(value, str):
        words = (word.strip("\"'") for word in (value, *value.split()))
        return {word for word in words if word.replace("\\", "/").rpartition("/")[2] in CLIENTS}
    if isinstance(value, Mapping):
        return {word for item in value.values() for word in _clients(item)}
    if isinstance(value, Sequence):
        return {word for item in value for word in _clients(item)}
    return set()


def _withdrawn_whole(held: atomic.Held, entry: Entry, original: bytes | None) -> str:
    assert held.data is not None
    if not is_ours(held.data.decode("utf-8", "replace")):
        return "gone"
    if original is not None:
        atomic.put(held, original)
        _drop_chained(entry)
        return "restored"
    atomic.remove(held)
    atomic.remove_folders(entry.folders)
    return "deleted"


def _drop_chained(entry: Entry) -> None:
    if entry.chained:
        Path(entry.chained).unlink(missing_ok=True)


def _comments(data: bytes) -> bool:
    """Whether somebody wrote anything that parsers pass over."""
    return bool(data.decode("utf-8", "replace").strip(" \t\r\n{}\ufeff"))


def take_out(item: Target) -> Done:
    """Take our entries out of a file of which no journal knows anything."""
    try:
        held = hold(item.path)
        if held.data is None:
            return Done(item.agent, item.path, "gone")
        if item.file.format is Format.TEXT:
            text = held.data.decode("utf-8", "surrogateescape")
            if not is_ours(text) and text != item.whole:
                return Done(item.agent, item.path, "gone")
            chained = hold(next_executable(text)) if next_executable(text) else None
            if chained is not None and chained.data is not None:
                atomic.put(held, chained.data)
                return Done(item.agent, item.path, "restored")
            atomic.remove(held)
            return Done(item.agent, item.path, "deleted")
        after = strip(held.data, item.file.format, item.operations, is_ours)
        if after == held.data:
            return Done(item.agent, item.path, "gone")
        # An empty file may have been somebody's before us; one that bears our name was not.
        named = "spawngate" in Path(item.path).name
        if named and is_ground(after, item):
            atomic.remove(held)
            return Done(item.agent, item.path, "deleted")
        atomic.put(held, after)
    except (WriteError, EditError) as error:
        return Done(item.agent, item.path, "failed", str(error))
    return Done(item.agent, item.path, "removed")


def is_ground(data: bytes, item: Target) -> bool:
    """Whether nothing is left but what we put there besides our entries (a `version`)."""
    value = parse(data, item.file.format)
    if not isinstance(value, Mapping):
        return value is None and not _comments(data)
    grounds = {operation.pointer[0]: operation.value for operation in item.operations if operation.how == "set"}
    return all(grounds.get(key) == left for key, left in value.items())


def now() -> str:
    """RFC 3339, UTC, seconds."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())

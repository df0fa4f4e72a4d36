"""SHELL. Whether what we put into the agents' files, and the client itself, are still as we left them.

Belongs here: the comparison, and remembering what was seen so that the daemon tells each change once.
Must not be here: what is done about it (`trail`, `rules`), and off-switches (`standing`).
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from spawngate.agents.formats import Format
from spawngate.agents.formats.edit import EditError, at, ours_in, parse
from spawngate.agents.hooks.registration import is_ours
from spawngate.endpoint.client.place import installed_client
from spawngate.endpoint.client.settings import CONF_NAME, HOOK_FOLDER
from spawngate.endpoint.protect import journal
from spawngate.endpoint.protect.atomic import WriteError, digest, hold
from spawngate.endpoint.protect.journal import ClientNote, Entry, Journal
from spawngate.model.errors import StateError
from spawngate.model.json import Json


class What(StrEnum):
    """What happened to something of ours."""

    REMOVED = "removed"
    CHANGED = "changed"
    UNREADABLE = "unreadable"
    """The agent cannot read its file any more, or we cannot."""
    WITHDRAWN = "withdrawn"
    """`spawngate unprotect` took it out."""
    INSTALLED = "installed"
    """`spawngate protect` put it in."""


@dataclass(frozen=True, slots=True)
class Tampered:
    """One thing of ours that is not as we left it, or that was put in or taken out by our own command."""

    what: What
    path: str
    agent: str = ""
    """Empty for the client and its configuration, which serve all agents."""
    pointer: str = ""
    """Where in the file, keys joined by dots; empty for the whole file."""
    detail: str = ""
    """Why it cannot be read. Quotes nothing of the file."""

    @property
    def message(self) -> str:
        """For a person."""
        whose = f"Spawngate's entry for {self.agent}" if self.agent else "Spawngate's hook client"
        where = f"{self.path} ({self.pointer})" if self.pointer else self.path
        happened = {
            What.REMOVED: "was removed from",
            What.CHANGED: "was changed in",
            What.UNREADABLE: "cannot be read any more in",
            What.WITHDRAWN: "was taken back by `spawngate unprotect` from",
            What.INSTALLED: "was put by `spawngate protect` into",
        }[self.what]
        return f"{whose} {happened} {where}" + (f": {self.detail}" if self.detail else "")


def check(state: Path, notes: Journal | None = None) -> list[Tampered]:
    """Everything of ours that is not as we left it. Raises nothing: a damaged journal is one of the answers."""
    if notes is None:
        try:
            notes = journal.load(state)
        except StateError as error:
            path = str(state / journal.FOLDER / journal.FILE)
            return [Tampered(What.UNREADABLE, path, detail=str(error))]
    found = [item for entry in notes.entries if entry.state == "done" for item in _entry(entry)]
    if notes.entries and notes.client is not None:
        found.extend(_client(notes.client))
    return found


def _entry(entry: Entry) -> list[Tampered]:
    try:
        held = hold(entry.path)
    except WriteError as error:
        return [Tampered(What.UNREADABLE, entry.path, entry.agent, detail=str(error))]
    if held.digest == entry.after:
        return []
    if held.data is None:
        return [Tampered(What.REMOVED, entry.path, entry.agent)]
    if entry.form == Format.TEXT.value:
        return [Tampered(What.CHANGED, entry.path, entry.agent)]
    try:
        value = parse(held.data, Format(entry.form))
    except EditError as error:
        return [Tampered(What.UNREADABLE, entry.path, entry.agent, detail=str(error))]
    return _in_value(entry, value)


def _in_value(entry: Entry, value: Json) -> list[Tampered]:
    found: list[Tampered] = []
    for change in entry.changes:
        operation = change.operation
        there, node = at(value, operation.pointer)
        pointer = ".".join(operation.pointer)
        if operation.how == "set":
            if not operation.overwrite or (there and node == operation.value):
                continue
            found.append(Tampered(What.CHANGED if there else What.REMOVED, entry.path, entry.agent, pointer))
        elif not (there and isinstance(node, Sequence) and operation.value in node):
            ours = bool(ours_in(value, operation, is_ours))
            found.append(Tampered(What.CHANGED if ours else What.REMOVED, entry.path, entry.agent, pointer))
    return found


def _client(note: ClientNote) -> list[Tampered]:
    found: list[Tampered] = []
    for path, was in ((note.program, note.digest), (note.conf, note.conf_digest)):
        try:
            now = digest(Path(path).read_bytes())
        except FileNotFoundError:
            found.append(Tampered(What.REMOVED, path))
            continue
        except OSError as error:
            found.append(Tampered(What.UNREADABLE, path, detail=error.strerror or type(error).__name__))
            continue
        if now != was:
            found.append(Tampered(What.CHANGED, path))
    return found


def note_client(folder: Path) -> ClientNote | None:
    """What to remember of the client in a folder; None where there is none. Raises StateError."""
    client = installed_client(folder)
    if client is None:
        return None
    conf = folder / HOOK_FOLDER / CONF_NAME
    try:
        return ClientNote(str(client.program), client.digest, str(conf), digest(conf.read_bytes()))
    except OSError as error:
        raise StateError(f"{conf} cannot be read ({error.strerror})") from None


def watched(state: Path) -> tuple[str, ...]:
    """Folders in which a change may concern something of ours. Only those that exist."""
    try:
        notes = journal.load(state)
    except StateError:
        return ()
    folders = {os.path.dirname(path) for entry in notes.entries for path in (entry.path, entry.target)}
    if notes.client is not None:
        folders.add(os.path.dirname(notes.client.program))
    return tuple(sorted(folder for folder in folders if os.path.isdir(folder)))


class Guard:
    """Looks again and again, and tells what is new. For the daemon."""

    def __init__(self, state: Path) -> None:
        self._state = state
        self._known: frozenset[Tampered] = frozenset()
        self._entries: frozenset[tuple[str, str]] | None = None

    def look(self) -> tuple[list[Tampered], list[Tampered]]:
        """What happened since the last look, and what is as it should be again. The first look tells what is wrong."""
        try:
            notes = journal.load(self._state)
        except StateError:
            return self._compare(check(self._state), [])
        entries = frozenset((entry.agent, entry.path) for entry in notes.entries if entry.state == "done")
        before = entries if self._entries is None else self._entries
        self._entries = entries
        done = [Tampered(What.WITHDRAWN, path, agent) for agent, path in sorted(before - entries)]
        done += [Tampered(What.INSTALLED, path, agent) for agent, path in sorted(entries - before)]
        return self._compare(check(self._state, notes), done)

    def _compare(self, now: list[Tampered], done: list[Tampered]) -> tuple[list[Tampered], list[Tampered]]:
        new = [item for item in now if item not in self._known]
        withdrawn = {(item.agent, item.path) for item in done if item.what is What.WITHDRAWN}
        mended = sorted(
            (item for item in self._known - set(now) if (item.agent, item.path) not in withdrawn),
            key=lambda item: (item.path, item.pointer, item.what),
        )
        self._known = frozenset(now)
        return [*done, *new], mended

"""SHELL. Whether what we put into the agents' files, and the client itself, are still as we left them.

Belongs here: the comparison, and remembering what was seen so that the daemon tells each change once.
Must not be here: what is done about it (`trail`, `rules`), and off-switches (`standing`).
"""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path

from spawngate.agents.formats import Format
from spawngate.agents.formats.edit import EditError, parse
from spawngate.agents.formats.edit_values import at, ours_in
from spawngate.agents.hooks.registration import is_ours
from spawngate.endpoint import files
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


_Stamp = tuple[int, ...]
"""What changes when a file, or the link to it, changes; empty where there is nothing."""
Seen = dict[tuple[str, str], tuple[_Stamp, tuple[Tampered, ...]]]
"""What was found in a file, by its path and the digest that it should have, and for which stamp that holds."""


def check(state: Path, notes: Journal | None = None, seen: Seen | None = None) -> list[Tampered]:
    """Everything of ours that is not as we left it. Raises nothing: a damaged journal is one of the answers.

    With `seen`, which is filled, a file that did not change since is not read again.
    """
    if notes is None:
        try:
            notes = journal.load(state)
        except StateError as error:
            path = str(state / journal.FOLDER / journal.FILE)
            return [Tampered(What.UNREADABLE, path, detail=str(error))]
    found: list[Tampered] = []
    for entry in notes.entries:
        if entry.state == "done":
            found += _remembered(seen, entry.path, entry.after, partial(_entry, entry))
    if notes.entries and notes.client is not None:
        for path, was in ((notes.client.program, notes.client.digest), (notes.client.conf, notes.client.conf_digest)):
            found += _remembered(seen, path, was, partial(_client, path, was))
    return found


def _remembered(seen: Seen | None, path: str, was: str, look: Callable[[], list[Tampered]]) -> Sequence[Tampered]:
    if seen is None:
        return look()
    stamp = _stamp(path)
    known = seen.get((path, was))
    if known is None or known[0] != stamp:
        known = seen[path, was] = stamp, tuple(look())
    return known[1]


def _stamp(path: str) -> _Stamp:
    try:
        return (*files.signature(os.lstat(path)), *files.signature(os.stat(path)))
    except OSError:
        return ()


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
        pointer = ".".join(map(str, operation.pointer))
        if operation.how == "set":
            if not operation.overwrite or (there and node == operation.value):
                continue
            found.append(Tampered(What.CHANGED if there else What.REMOVED, entry.path, entry.agent, pointer))
        elif not (there and isinstance(node, Sequence) and operation.value in node):
            ours = bool(ours_in(value, operation, is_ours))
            found.append(Tampered(What.CHANGED if ours else What.REMOVED, entry.path, entry.agent, pointer))
    return found


def _client(path: str, was: str) -> list[Tampered]:
    try:
        now = digest(Path(path).read_bytes())
    except FileNotFoundError:
        return [Tampered(What.REMOVED, path)]
    except OSError as error:
        return [Tampered(What.UNREADABLE, path, detail=error.strerror or type(error).__name__)]
    return [] if now == was else [Tampered(What.CHANGED, path)]


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


class Guard:
    """Looks again and again, and tells what is new. For the daemon."""

    def __init__(self, state: Path) -> None:
        self._state = state
        self._known: frozenset[Tampered] = frozenset()
        self._entries: frozenset[tuple[str, str]] | None = None
        self._seen: Seen = {}
        self._notes: tuple[_Stamp, Journal] | None = None

    def look(self) -> tuple[list[Tampered], list[Tampered]]:
        """What happened since the last look, and what is as it should be again. The first look tells what is wrong."""
        stamp = _stamp(str(self._state / journal.FOLDER / journal.FILE))
        try:
            if self._notes is None or self._notes[0] != stamp:
                self._notes = stamp, journal.load(self._state)
                self._seen.clear()
        except StateError:
            return self._compare(check(self._state), [])
        notes = self._notes[1]
        entries = frozenset((entry.agent, entry.path) for entry in notes.entries if entry.state == "done")
        before = entries if self._entries is None else self._entries
        self._entries = entries
        done = [Tampered(What.WITHDRAWN, path, agent) for agent, path in sorted(before - entries)]
        done += [Tampered(What.INSTALLED, path, agent) for agent, path in sorted(entries - before)]
        return self._compare(check(self._state, notes, self._seen), done)

    def _compare(self, now: list[Tampered], done: list[Tampered]) -> tuple[list[Tampered], list[Tampered]]:
        new = [item for item in now if item not in self._known]
        withdrawn = {(item.agent, item.path) for item in done if item.what is What.WITHDRAWN}
        mended = sorted(
            (item for item in self._known - set(now) if (item.agent, item.path) not in withdrawn),
            key=lambda item: (item.path, item.pointer, item.what),
        )
        self._known = frozenset(now)
        return [*done, *new], mended

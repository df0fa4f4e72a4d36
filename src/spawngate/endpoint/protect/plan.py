"""SHELL. What `protect` would change, before anything is changed: the new bytes of every file, or why not.

Belongs here: reading the files, the edit, what an agent would drop its file for, the diff.
Must not be here: writing (`apply`), which files there are (`targets`).
"""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from spawngate.agents.formats import Format
from spawngate.agents.formats.edit import Change, EditError, edit, parse, strip, undo
from spawngate.agents.formats.edit_values import Operation, at
from spawngate.agents.hooks.registration import is_ours
from spawngate.endpoint.protect.atomic import Held, WriteError, digest, hold
from spawngate.endpoint.protect.chain import chained_script, next_executable
from spawngate.endpoint.protect.journal import Entry, Journal
from spawngate.endpoint.protect.targets import Target
from spawngate.model.json import Json

MAX_DIFF = 400
"""Lines of one file's diff that are shown."""
_PART = 12
"""Characters of a line that was taken out by which it is known again in a line that was put in."""
MAX_WHOLE = 16
"""Lines that are shown of a file that is ours as a whole."""


@dataclass(frozen=True, slots=True)
class Planned:
    """One file, and what will be done to it."""

    agent: str
    path: str
    target: Target | None
    held: Held | None = None
    after: bytes | None = None
    """New bytes; None where the file is to go, or where there is a problem."""
    base: bytes | None = None
    """The bytes without us: what `unprotect` brings back. None where there was no file."""
    changes: tuple[Change, ...] = ()
    chained: str = ""
    """Where the executable of others lies that ours calls."""
    chain: bytes | None = None
    """Its content, where it is not there yet."""
    problem: str = ""
    """Why nothing is done to the file."""

    @property
    def is_change(self) -> bool:
        """Whether there is something to do."""
        return not self.problem and self.held is not None and self.held.data != self.after


def plan(target: Target, journal: Journal, chains: Path) -> Planned:
    """What has to be done to one file. Raises nothing: a problem is part of the plan.

    `chains` is the folder for executables of others that ours will call.
    """
    blank = Planned(target.agent, target.path, target)
    try:
        held = hold(target.path)
    except WriteError as error:
        return replace(blank, problem=str(error))
    entry = journal.of(target.agent, target.path)
    try:
        if target.file.format is Format.TEXT:
            return _whole(replace(blank, held=held), target, held, entry, chains)
        return _edited(replace(blank, held=held), target, held, entry)
    except EditError as error:
        return replace(blank, held=held, problem=str(error))


def _edited(blank: Planned, target: Target, held: Held, entry: Entry | None) -> Planned:
    form = target.file.format
    data = held.data or b""
    operations = _placed(target, parse(data, form))
    done = edit(data, form, operations, is_ours)
    left_over = entry is not None and any(change.operation not in operations for change in entry.changes)
    if not done.changes and not left_over and held.data is not None:
        # Everything is there. What the journal knows of how it came there stays as it is.
        if entry is not None:
            return replace(blank, after=held.data, base=held.data, changes=entry.changes)
        base = strip(data, form, operations, is_ours)
        return replace(blank, after=held.data, base=base, changes=_assumed(operations))
    base = data
    if entry is not None and entry.changes:
        base = undo(data, form, entry.changes, is_ours)
        done = edit(base, form, operations, is_ours)
    _accepted(target, parse(done.data, form))
    there = held.data is not None and not (entry is not None and not entry.before and not base.strip())
    return replace(blank, after=done.data, base=base if there else None, changes=done.changes)


def _assumed(operations: Sequence[Operation]) -> tuple[Change, ...]:
    """Changes that nobody noted: the journal was lost, or another installation made them."""
    return tuple(Change(operation) for operation in operations)


def _placed(target: Target, value: Json) -> list[Operation]:
    """Operations at the pointer that the file uses already, where an agent knows several."""
    placed: list[Operation] = []
    for index, operation in enumerate(target.operations):
        for pointer in target.elsewhere.get(index, ()):
            if not at(value, operation.pointer)[0] and at(value, pointer)[0]:
                operation = replace(operation, pointer=pointer)
        placed.append(operation)
    return placed


def _whole(blank: Planned, target: Target, held: Held, entry: Entry | None, chains: Path) -> Planned:
    after = target.whole.encode("utf-8", "surrogateescape")
    if held.data is None or held.data == after:
        return replace(blank, after=after)
    text = held.data.decode("utf-8", "surrogateescape")
    if (entry is not None and held.digest == entry.after) or is_ours(text):
        chained = next_executable(text) if target.file.chains else ""
        if chained:
            after = chained_script(target.whole, chained).encode("utf-8", "surrogateescape")
        return replace(blank, after=after, chained=chained, base=_content(chained))
    if not target.file.chains or not target.whole.startswith("#!/bin/sh\n"):
        return replace(blank, problem="a file of somebody else's has that name; move it away first")
    chained = str(chains / f"{digest(target.path.encode('utf-8', 'surrogateescape'))[:16]}-{Path(target.path).name}")
    after = chained_script(target.whole, chained).encode("utf-8", "surrogateescape")
    return replace(blank, after=after, base=held.data, chained=chained, chain=held.data)


def _content(path: str) -> bytes | None:
    try:
        return hold(path).data if path else None
    except WriteError:
        return None


def _accepted(target: Target, value: Json) -> None:
    """Refuse what would make the agent reject its own file."""
    file = target.file
    if file.root_keys and isinstance(value, Mapping):
        foreign = sorted(set(value) - file.root_keys)
        if foreign:
            raise EditError(f"the agent drops the whole file for a key that it does not know ({_quoted(foreign[0])})")
    if file.no_slashes and any("//" in item for item in _texts(value)):
        raise EditError("a text in the file holds //, which the agent takes for a comment")
    if file.dropped_whole:
        for operation in target.operations:
            if operation.how != "append":
                continue
            found, handlers = at(value, operation.pointer)
            if found and isinstance(handlers, Sequence) and not all(isinstance(item, Mapping) for item in handlers):
                raise EditError(
                    f"{'.'.join(map(str, operation.pointer))} holds an entry for which the agent drops the whole file"
                )


def _texts(value: Json) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield key
            yield from _texts(item)
    elif isinstance(value, Sequence):
        for item in value:
            yield from _texts(item)


def _quoted(key: str) -> str:
    return repr(key[:60])


def diff(plans: Sequence[Planned]) -> str:
    """A unified diff of everything that would change. Holds the users' text as it stands: escape it before a
    terminal sees it."""
    return "\n".join(line for line, _ in diff_lines(plans))


def diff_lines(plans: Sequence[Planned]) -> list[tuple[str, bool]]:
    """The diff's lines, each with whether it is ours alone. The others hold text of the user's, secrets perhaps."""
    found: list[tuple[str, bool]] = []
    for item in plans:
        if not item.is_change or item.held is None:
            continue
        old = "/dev/null" if item.held.data is None else item.path
        new = "/dev/null" if item.after is None else item.path
        lines = list(difflib.unified_diff(_lines(item.held.data), _lines(item.after), old, new, lineterm=""))
        whole = item.target is not None and item.target.file.format is Format.TEXT
        most = MAX_WHOLE if whole else MAX_DIFF
        if len(lines) > most:
            lines = [*lines[:most], f"... {len(lines) - most} more lines"]
        removed = [line[1:].strip(" ,") for line in lines[2:] if line.startswith("-")]
        for number, line in enumerate(lines):
            added = line.startswith("+") and not any(part[:_PART] in line for part in removed if part)
            found.append((line, number < 2 or line.startswith(("@", "...")) or added))
    return found


def _lines(data: bytes | None) -> list[str]:
    if data is None:
        return []
    if len(data) > 2_000_000:
        return [f"({len(data)} bytes)"]
    text = data.decode("utf-8", "replace").expandtabs(4)
    lines = text.splitlines()
    return lines if text.endswith("\n") or not lines else [*lines[:-1], lines[-1] + " (no line end)"]

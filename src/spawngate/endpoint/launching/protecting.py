"""SHELL. Putting the launcher into the agents' files, and taking it out again, byte for byte.

A journal of its own, `<state>/launching/protect`: the same files may hold hooks of ours, which come and go apart.
Must not be here: which entries there are (`configured`), one file's write (`protect.apply`), output (`cli`).
"""

import os
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from spawngate.agents.formats import Format
from spawngate.agents.formats.edit import Change, EditError, edit, parse, undo
from spawngate.agents.formats.edit_values import Operation, at
from spawngate.agents.formats.edit_values import Path as Path_
from spawngate.agents.formats.launch_places import all_places, find_again, operations
from spawngate.agents.hooks.registration import HookFile
from spawngate.endpoint.launching import store
from spawngate.endpoint.launching.configured import Configured, configured
from spawngate.endpoint.launching.known import Entry, Records
from spawngate.endpoint.launching.place import launchers_of
from spawngate.endpoint.launching.store import notes_of
from spawngate.endpoint.protect import apply, atomic, journal
from spawngate.endpoint.protect.apply import Done
from spawngate.endpoint.protect.atomic import WriteError, hold
from spawngate.endpoint.protect.plan import Planned
from spawngate.endpoint.protect.present import Surroundings
from spawngate.endpoint.protect.targets import Target
from spawngate.launch.launcher import behind, is_ours, written
from spawngate.model.artifact import Scope
from spawngate.model.errors import StateError
from spawngate.model.json import Json


@dataclass(frozen=True, slots=True, repr=False)
class Outlook:
    """What would be done."""

    plans: tuple[Planned, ...]
    rewritten: tuple[Configured, ...]
    """Entries that stand behind the launcher afterwards."""
    left_out: tuple[tuple[Configured, str], ...]
    """The others, each with the reason."""


def look_ahead(
    around: Surroundings, launcher: Sequence[str], agents: Sequence[str] = (), projects: Sequence[str] = ()
) -> Outlook:
    """What putting the launcher in front of the entries of these agents would change. Changes nothing.

    Raises StateError.
    """
    notes = journal.load(notes_of(around.state))
    left_out: list[tuple[Configured, str]] = []
    files: dict[str, list[Configured]] = defaultdict(list)
    for item in configured(around, agents, projects):
        if item.problem:
            left_out.append((item, item.problem))
        else:
            files[os.path.realpath(item.path)].append(item)
    plans: list[Planned] = []
    rewritten: list[Configured] = []
    known = launchers_of(around.state)
    for items in files.values():
        planned = _plan(around.state, items, launcher, notes, known)
        plans.append(planned)
        if planned.problem:
            left_out.extend((item, planned.problem) for item in items)
        else:
            rewritten.extend(items)
    return Outlook(tuple(plans), tuple(rewritten), tuple(left_out))


def carry_out(
    around: Surroundings, outlook: Outlook, launcher: Sequence[str], program: Path | None = None
) -> list[Done]:
    """Write the files, and remember the entries. The launcher is in place already; `program` is its file, which is
    looked after from then on. Raises StateError."""
    state, own = around.state, notes_of(around.state)
    done: list[Done] = []
    known = launchers_of(state)
    store.folder_of(state)
    with journal.locked(state):
        notes = journal.settled(journal.load(own))
        if program is not None:
            notes = msgspec.structs.replace(notes, client=_note(program))
            journal.save(own, notes)
        for planned in outlook.plans:
            items = [item for item in outlook.rewritten if item.path == planned.path or _same(item.path, planned.path)]
            # What others did to the file since it was planned is seen again here.
            again = _plan(state, items, launcher, notes, known) if items else planned
            notes, outcome = apply.write(own, notes, again)
            done.append(outcome)
        journal.forget(own, notes)
        failed = {item.path for item in done if item.outcome == "failed"}
        _remember(state, [item.entry for item in outlook.rewritten if item.path not in failed])
    return done


def withdraw(around: Surroundings, agents: Sequence[str] = (), *, dry: bool = False) -> list[Done]:
    """Take the launcher out of the files of these agents, or of all. Raises StateError."""
    state, own = around.state, notes_of(around.state)
    if not (own / journal.FOLDER).exists() and not Records(state).entries():
        return []
    done: list[Done] = []
    known = launchers_of(state)
    with journal.locked(state):
        notes = journal.settled(journal.load(own))
        entries = journal.of_agents(notes, agents)
        atomic.sweep({os.path.dirname(entry.target) for entry in entries})
        for entry in reversed(entries):
            if dry:
                done.append(Done(entry.agent, entry.path, "planned"))
                continue
            outcome = _withdrawn(own, entry, known)
            if outcome.outcome != "failed":
                notes = notes.without(entry)
                journal.save(own, notes)
            done.append(outcome)
        # Entries of which no journal knows: it was lost, or the agent copied its file.
        handled = {os.path.realpath(entry.path) for entry in entries}
        for item in configured(around, agents):
            real = os.path.realpath(item.path)
            if item.through is None or item.problem or real in handled:
                continue
            handled.add(real)
            outcome = Done(item.artifact.agent, item.path, "planned") if dry else _cleaned_file(item, known)
            done.append(outcome)
        if not dry:
            gone = {item.path for item in done if item.outcome != "failed"}
            records = Records(state)
            records.keep_entries(entry for entry in records.entries() if entry.path not in gone)
            journal.forget(own, notes)
    return done


def unprotected(around: Surroundings, agents: Sequence[str] = (), projects: Sequence[str] = ()) -> list[Configured]:
    """Entries that start a process and do not stand behind the launcher, though they could. Raises StateError."""
    return [item for item in configured(around, agents, projects) if not item.problem and item.through is None]


# one file ---------------------------------------------------------------------------------------------------------


def _plan(
    state: Path, items: Sequence[Configured], launcher: Sequence[str], notes: journal.Journal, known: Collection[str]
) -> Planned:
    first = items[0]
    form, agent = first.format, first.artifact.agent
    blank = Planned(agent, first.path, None)
    try:
        held = hold(first.path)
    except WriteError as error:
        return replace(blank, problem=str(error))
    if held.data is None:
        return replace(blank, problem="the file is gone")
    entry = notes.of(agent, first.path)
    try:
        base = cleaned(held.data, form, known, _original(notes_of(state), entry, held.digest), entry)
        value = parse(base, form)
        wanted: list[Operation] = []
        for item in items:
            assert item.place is not None
            place = find_again(value, item.place, item.launch.command or "", item.launch.args)
            if place is None:
                return replace(blank, held=held, problem="it changed while it was looked at")
            words = written(launcher, item.id, item.launch.command or "", item.launch.args)
            wanted.extend(operations(place, words))
        done = edit(base, form, wanted, _nobodys)
    except EditError as error:
        return replace(blank, held=held, problem=str(error))
    target = Target(agent, first.path, HookFile(first.path, Scope.USER, form), tuple(wanted))
    return replace(blank, target=target, held=held, after=done.data, base=base, changes=done.changes)


def cleaned(
    data: bytes,
    form: Format,
    known: Collection[str],
    original: bytes | None = None,
    entry: journal.Entry | None = None,
) -> bytes:
    """The file without any launcher of ours: the original bytes where nobody changed the file since, else what was
    changed taken back where it still stands, and every other entry given its own words again. Raises EditError."""
    if original is not None:
        return original
    if entry is not None:
        value = parse(data, form)
        data = undo(data, form, [change for group in _intact(entry.changes, value) for change in group], _nobodys)
    value = parse(data, form)
    wanted: list[Operation] = []
    seen: set[Path_] = set()
    for place, words in all_places(value):
        found = behind(words[0], words[1:])
        if found is not None and is_ours(found.launcher, known) and place.path not in seen:
            seen.add(place.path)
            wanted.extend(operations(place, (found.command, *found.args)))
    return edit(data, form, wanted, _nobodys).data if wanted else data


def _intact(changes: Iterable[Change], value: Json) -> list[list[Change]]:
    """Changes by the entry that they belong to, where all of an entry stand as they were made."""
    groups: dict[Path_, list[Change]] = defaultdict(list)
    for change in changes:
        groups[change.operation.pointer[:-1]].append(change)
    return [
        group
        for group in groups.values()
        if all(at(value, change.operation.pointer) == (True, change.operation.value) for change in group)
    ]


def _original(own: Path, entry: journal.Entry | None, digest: str) -> bytes | None:
    if entry is None or entry.after != digest or not entry.before:
        return None
    return journal.kept(own, entry.before)


def _withdrawn(own: Path, entry: journal.Entry, known: Collection[str]) -> Done:
    try:
        held = hold(entry.path)
        if held.data is None:
            return Done(entry.agent, entry.path, "gone")
        original = _original(own, entry, held.digest)
        after = cleaned(held.data, Format(entry.form), known, original, entry)
        if after == held.data:
            return Done(entry.agent, entry.path, "gone")
        atomic.put(held, after)
    except (WriteError, EditError) as error:
        return Done(entry.agent, entry.path, "failed", str(error))
    return Done(entry.agent, entry.path, "restored" if original is not None else "removed")


def _cleaned_file(item: Configured, known: Collection[str]) -> Done:
    agent, path = item.artifact.agent, item.path
    try:
        held = hold(path)
        if held.data is None:
            return Done(agent, path, "gone")
        after = cleaned(held.data, item.format, known)
        if after != held.data:
            atomic.put(held, after)
    except (WriteError, EditError) as error:
        return Done(agent, path, "failed", str(error))
    return Done(agent, path, "removed")


def _note(program: Path) -> journal.ClientNote:
    conf = program.with_name("launch.conf")
    try:
        found = [atomic.digest(path.read_bytes()) for path in (program, conf)]
    except OSError as error:
        raise StateError(f"{program} cannot be read ({error.strerror})") from None
    return journal.ClientNote(str(program), found[0], str(conf), found[1])


def _remember(state: Path, entries: Sequence[Entry]) -> None:
    records = Records(state)
    new = {entry.id for entry in entries}
    records.keep_entries([*(entry for entry in records.entries() if entry.id not in new), *entries])


def _nobodys(value: Json) -> bool:
    """No value but the very one that was put in is taken for ours."""
    del value
    return False


def _same(one: str, other: str) -> bool:
    return os.path.realpath(one) == os.path.realpath(other)

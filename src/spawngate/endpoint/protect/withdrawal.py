"""SHELL. Taking our entries out of the agents' files, and finding those of which no journal knows.

Must not be here: one file (`apply`), putting entries in (`setup`), output (`cli`).
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import replace

from spawngate.agents import AGENTS
from spawngate.agents.formats import Format
from spawngate.agents.formats.edit import Change, EditError, parse
from spawngate.agents.formats.edit_values import at, ours_in
from spawngate.agents.hooks.registration import is_ours
from spawngate.endpoint.protect import apply, journal
from spawngate.endpoint.protect.apply import Done
from spawngate.endpoint.protect.atomic import Held, WriteError, hold, sweep
from spawngate.endpoint.protect.present import Surroundings
from spawngate.endpoint.protect.setup import Wanted, hooked, request_for
from spawngate.endpoint.protect.targets import Target, targets
from spawngate.model.artifact import Scope
from spawngate.model.errors import UsageError
from spawngate.policy.settings import PolicySettings


def withdraw(around: Surroundings, agents: Sequence[str] = (), *, dry: bool = False) -> list[Done]:
    """Take our entries out of the files of these agents, or of all. Raises StateError, and UsageError for an agent
    that does not exist."""
    for agent in agents:
        if agent not in AGENTS:
            raise UsageError(f"{agent}: is no agent that Spawngate knows; `spawngate status` lists them")
    state = around.state
    done: list[Done] = []
    with journal.locked(state):
        notes = journal.settled(journal.load(state))
        entries = journal.of_agents(notes, agents)
        sweep({os.path.dirname(entry.target) for entry in entries})
        known = {entry.target for entry in entries}
        # What stands on something else goes first: a record of trust before the hook that it trusts.
        for entry in reversed(entries):
            if dry:
                done.append(Done(entry.agent, entry.path, "planned"))
                continue
            notes, outcome = apply.withdraw(state, notes, entry)
            done.append(outcome)
        for target in unknown_targets(around, agents, known):
            if dry:
                done.append(Done(target.agent, target.path, "planned"))
                continue
            outcome = apply.take_out(target)
            if outcome.outcome != "gone":
                done.append(outcome)
        if not dry:
            journal.save(state, notes)
            journal.forget(state, notes)
    return done


def unknown_targets(around: Surroundings, agents: Sequence[str], known: set[str]) -> list[Target]:
    """Files that we may change and in which entries of ours may stand though the journal knows nothing of them."""
    return [
        target
        for target, held in _unnoted(around, agents, known, (Scope.USER, Scope.MANAGED))
        if os.access(os.path.dirname(held.target), os.W_OK)
    ]


def unnoted(around: Surroundings, notes: journal.Journal, agents: Sequence[str] = ()) -> list[journal.Entry]:
    """Entries of ours that others put in, as the journal would have them: an administrator for the whole machine, or
    this user with a journal that was lost. Raises nothing."""
    known = {entry.target for entry in notes.entries}
    found: list[journal.Entry] = []
    for target, held in _unnoted(around, agents, known, (Scope.USER, Scope.MANAGED)):
        try:
            if target.file.format is Format.TEXT:
                changes: tuple[Change, ...] = ()
                if not is_ours((held.data or b"").decode("utf-8", "replace")):
                    continue
            else:
                value = parse(held.data or b"", target.file.format)
                changes = tuple(
                    Change(replace(operation, value=at(value, path)[1]))
                    for operation in target.operations
                    for path in ours_in(value, operation, is_ours)
                    if is_ours(at(value, path)[1])
                )
                if not changes:
                    continue
        except EditError:
            continue
        found.append(
            journal.Entry(
                agent=target.agent,
                scope=target.file.scope.value,
                path=target.path,
                target=held.target,
                form=target.file.format.value,
                before="",
                after=held.digest,
                at="",
                changes=changes,
                state="done",
            )
        )
    return found


def _unnoted(
    around: Surroundings, agents: Sequence[str], known: set[str], scopes: Sequence[Scope]
) -> Iterator[tuple[Target, Held]]:
    settings = PolicySettings()
    for agent in agents or AGENTS:
        if hooked(agent) is None:
            continue
        for scope in scopes:
            request = request_for(agent, Wanted(scope=scope, context=True), settings, ("/spawngate-hook",))
            for target in targets(request, around.machinery):
                try:
                    held = hold(target.path)
                except WriteError:
                    continue
                if held.target not in known and held.data is not None and b"spawngate" in held.data:
                    yield target, held

"""The facts of a call and of its spawns, without what its outcome says better.

Belongs here: taking back what is told by the place of a file alone, where the change of that file is known.
Must not be here: computing an outcome (`configuration.outcome`), and judgement (`rules`, `policy`).
"""

from collections.abc import Sequence

from msgspec.structs import replace

from spawngate.command.call_facts import CallFacts
from spawngate.command.calls import Understood
from spawngate.command.context import CallContext
from spawngate.command.places import places
from spawngate.command.spawn_facts import SpawnFacts
from spawngate.configuration.files import Files
from spawngate.configuration.outcome import Outcome

_REPLACED = frozenset({"agent-config", "agent-credentials", "agent-folder", "agent-state", "editor-settings"})
"""Classes of places that say no more than that a configuration is written: the difference says it better."""
_HELD = frozenset({"agent-credentials", "cloud-credentials"})
"""Classes of an agent's files that hold keys beside servers."""
_MATTERS = frozenset(
    {"agent-config", "agent-managed", "agent-code", "agent-state", "agent-credentials", "agent-folder"}
)


def reduced_call(facts: CallFacts, outcome: Outcome, context: CallContext) -> CallFacts:
    """The facts of a call without what its outcome says better."""
    if not outcome.complete:
        return facts
    kept = _kept(facts.writes, facts.write_places, outcome, context, "")
    if kept is None:
        return facts
    return replace(facts, write_places=kept, switches=tuple(sorted(outcome.switches & set(facts.switches))))


def reduced_spawns(understood: Understood, outcome: Outcome, context: CallContext) -> tuple[SpawnFacts, ...]:
    """The facts of every spawn, each without what the call's outcome says better."""
    if not outcome.complete:
        return understood.spawns
    folders = [spawn.cwd for program in understood.programs for spawn in program.spawns]
    return tuple(
        reduced_spawn(
            replace(facts, acts=tuple(act for act in facts.acts if act != "agent-server-add"))
            if at in outcome.commands
            else facts,
            outcome,
            context,
            folders[at] if at < len(folders) else "",
        )
        for at, facts in enumerate(understood.spawns)
    )


def reduced_spawn(facts: SpawnFacts, outcome: Outcome, context: CallContext, cwd: str = "") -> SpawnFacts:
    """The facts of one spawn without what the call's outcome says better."""
    if not outcome.complete:
        return facts
    kept = _kept(facts.writes, facts.write_places, outcome, context, cwd)
    if kept is None:
        return facts
    return replace(
        facts,
        read_places=_read(facts, outcome, context, cwd),
        write_places=kept,
        switches=tuple(sorted(outcome.switches & set(facts.switches))),
    )


def _read(facts: SpawnFacts, outcome: Outcome, context: CallContext, cwd: str) -> tuple[str, ...]:
    """Classes of the places that are read, without a file that is only read to be written again."""
    files = Files(context)
    again = [path for path in facts.reads if files.place(path, cwd) in outcome.computed and path in facts.writes]
    if not again:
        return facts.read_places
    others = {label for path in facts.reads if path not in again for label in places(path, context, cwd)}
    return tuple(label for label in facts.read_places if label not in _HELD or label in others)


def _kept(
    writes: Sequence[str], classes: Sequence[str], outcome: Outcome, context: CallContext, cwd: str
) -> tuple[str, ...] | None:
    """Classes of places that remain; None where a file of an agent is written whose content is not known."""
    files = Files(context)
    left: set[str] = set()
    replaced: set[str] = set()
    for path in writes:
        found = places(path, context, cwd)
        if files.place(path, cwd) in outcome.computed:
            replaced |= found & _REPLACED
            left |= found - _REPLACED
        elif found & _MATTERS:
            return None
        else:
            left |= found
    return tuple(sorted((set(classes) - replaced) | (left & set(classes))))

"""What one tool call would change in agents' configuration.

Belongs here: which of a call's files are agents' files, the content that each gets, and the differences, together with
what of it could not be computed.
Must not be here: how contents are computed (`configuration.edits`, `configuration.shell`) and compared
(`configuration.difference`), what of a call's other facts remains then (`configuration.reduced`), and judgement.
"""

import hashlib
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from spawngate.command.calls import Understood
from spawngate.command.context import CallContext
from spawngate.command.spawn_facts import SpawnFacts
from spawngate.command.switches import switches_in
from spawngate.configuration.change import Difference
from spawngate.configuration.change_facts import ChangeFacts
from spawngate.configuration.difference import Surroundings, difference
from spawngate.configuration.direct import NOTHING as NOTHING_DIRECT
from spawngate.configuration.direct import direct_of, in_texts
from spawngate.configuration.edits import apply_edits, is_appearance
from spawngate.configuration.files import (
    Content,
    Files,
    Present,
    Resolve,
    Unknown,
    is_absolute,
    nothing_read,
    unresolved,
)
from spawngate.configuration.recognise import Known, meant, recognise
from spawngate.configuration.shell import run_command
from spawngate.configuration.unnamed import filled, may_write_unnamed, unnamed
from spawngate.model.call import Edit, ToolCall, ToolKind

_BY_WORDS = frozenset({"unattended"})
"""Labels of `command.switches` that count even where the difference is known: agents have more ways to ask nobody than
their readers name. All others the difference tells exactly."""
MOST_RESOLVED = 512
"""Written paths of one call whose links are followed."""
MOST_COMPARED = 6 << 20
"""Bytes of all contents of one call that are compared: parsing costs."""
_AROUND = 200
"""Characters around a change in which switches are looked for by their text."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a call would change, as far as it is known."""

    differences: tuple[Difference, ...] = ()
    unknown: tuple[ChangeFacts, ...] = ()
    """Files that the call would change, and why it is not known how."""
    computed: frozenset[str] = frozenset()
    """Places of the agents' files whose content afterwards is known."""
    switches: frozenset[str] = frozenset()
    """What the changed texts say besides, by words alone (`command.switches`)."""
    commands: frozenset[int] = frozenset()
    """Places, among the facts of all spawns, of agents' own commands whose effect is known."""
    contents: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By place of an agent's file: SHA-256 of every content that the call may give it."""

    @property
    def complete(self) -> bool:
        """Every file of an agent that the call is known to change is computed."""
        return not self.unknown and bool(self.computed or self.commands)


NOTHING = Outcome()


@dataclass(slots=True)
class _Collected:
    context: CallContext
    files: Files
    texts: tuple[str, ...]
    differences: list[Difference] = field(default_factory=list)
    unknown: list[ChangeFacts] = field(default_factory=list)
    computed: set[str] = field(default_factory=set)
    switches: set[str] = field(default_factory=set)
    left: int = MOST_COMPARED
    """Bytes that may still be compared."""
    untouched: set[str] = field(default_factory=set)
    """Places that code names and, as its computation shows, does not write."""


def may_change(understood: Understood) -> bool:
    """Whether a call writes any file at all: asked about every call, so it costs nothing."""
    call = understood.call
    return bool(call.writes) or any(spawn.writes for spawn in understood.spawns)


def outcome_of(
    call: ToolCall,
    understood: Understood,
    context: CallContext,
    present: Present = nothing_read,
    resolve: Resolve = unresolved,
) -> Outcome:
    """The changes of one call. `present` reads a file as it is; it is asked only about files that matter. `resolve`
    follows links; it is asked about files that are written and are no agent's by their name. Total."""
    direct = direct_of(call, understood, context, present)
    writes = may_change(understood)
    named = _named(understood, context, resolve) if writes else {}
    unknown = [*direct.unknown, *(filled(understood, context) if writes else ())]
    hidden = may_write_unnamed(understood)
    if not named and not unknown and not hidden and direct == NOTHING_DIRECT:
        return NOTHING
    collected = _Collected(context, Files(context, present), call.commands, [*direct.differences], unknown)
    if named or hidden:
        _compute(call, understood, named, collected, resolve)
    if collected.unknown:
        collected.differences.extend(
            one for one in in_texts(call, understood, context) if one.facts.line not in _lines(collected.differences)
        )
    return Outcome(
        tuple(collected.differences),
        tuple(collected.unknown),
        frozenset(collected.computed),
        frozenset(collected.switches),
        direct.commands,
        {at: _digests(collected.files.written.get(at, ())) for at in named},
    )


def _digests(states: Sequence[Content]) -> tuple[str, ...]:
    return tuple(hashlib.sha256(state).hexdigest() for state in states if isinstance(state, bytes))


def _lines(differences: Sequence[Difference]) -> frozenset[str]:
    return frozenset(one.facts.line for one in differences)


def _compute(
    call: ToolCall,
    understood: Understood,
    named: Mapping[str, tuple[Known, ...]],
    collected: _Collected,
    resolve: Resolve,
) -> None:
    apply_edits((*call.edits, *_tool_edits(call, understood)), collected.files)
    opaque = _run(call, understood, collected)
    for at, readers in named.items():
        if at not in collected.files.written:
            if at in collected.untouched:
                collected.computed.add(at)
                continue
            collected.files.write(at, Unknown("program"))
        if at in opaque:
            collected.files.write(at, Unknown(opaque[at]))
        edits = [edit for edit in call.edits if collected.files.place(edit.path) == at]
        states = collected.files.written.get(at, ())  # none where more was written than is kept
        if edits and states and all(map(is_appearance, edits)) and all(isinstance(state, Unknown) for state in states):
            collected.computed.add(at)
            continue
        _judge(at, readers, collected)
    for at in list(collected.files.written):
        # Named inside a patch or code, or put below a folder that is then moved.
        # Below a file there is nothing: only a folder of that name would hold it.
        below_file = any(at.startswith(f"{each}/") and "." in each.rpartition("/")[2][1:] for each in named)
        if at in named or below_file or at[:1] == "\0":
            continue
        readers = recognise(at, collected.context)
        if not readers and is_absolute(at):
            # A folder of the project's may be a link to one of an agent's.
            real = resolve(at)
            readers = recognise(real, collected.context) if real != at else ()
        if readers:
            _judge(at, readers, collected, "unnamed")
    if collected.files.overflowed:
        collected.unknown.append(ChangeFacts(change="unknown", reason="too-many"))


def _tool_edits(call: ToolCall, understood: Understood) -> Iterator[Edit]:
    """What an MCP tool writes that is given one file and its text, or texts to replace, as file servers name them
    (modelcontextprotocol/servers:src/filesystem)."""
    if call.kind is not ToolKind.MCP or call.edits or len(understood.call.writes) != 1:
        return
    path = understood.call.writes[0]
    texts = [call.input[key] for key in _CONTENT if isinstance(call.input.get(key), str)]
    edits = call.input.get("edits")
    if len(texts) == 1 and isinstance(texts[0], str):
        yield Edit(path, None, texts[0])
    elif isinstance(edits, Sequence) and not isinstance(edits, str):
        for item in edits:
            old, new = (
                (item.get("oldText", item.get("old")), item.get("newText", item.get("new")))
                if isinstance(item, Mapping)
                else (None, None)
            )
            if not isinstance(old, str) or not isinstance(new, str):
                return
            yield Edit(path, old, new)


_CONTENT = ("content", "contents", "text", "data", "file_text")


def _named(understood: Understood, context: CallContext, resolve: Resolve) -> dict[str, tuple[Known, ...]]:
    """The agents' files that a call writes, by place."""
    found: dict[str, tuple[Known, ...]] = {}
    files = Files(context)
    left = MOST_RESOLVED

    def look(path: str, cwd: str = "") -> None:
        nonlocal left
        readers = recognise(path, context, cwd)
        if readers:
            found.setdefault(files.place(path, cwd), readers)
            return
        at = files.place(path, cwd)
        if left and is_absolute(at):
            left -= 1
            real = resolve(at)
            readers = recognise(real, context) if real != at else ()
            if readers:
                found.setdefault(at, readers)

    for path in (*understood.call.writes, *understood.call.deletes):
        look(path)
    at = 0
    for program in understood.programs:
        for spawn in program.spawns:
            facts = understood.spawns[at] if at < len(understood.spawns) else SpawnFacts()
            at += 1
            for path in facts.writes:
                look(path, spawn.cwd)
                if path not in facts.deletes:
                    for one in meant(path):
                        look(one, spawn.cwd)
    return found


def _run(call: ToolCall, understood: Understood, collected: _Collected) -> dict[str, str]:
    """Runs every command; gives places that are written by something whose effect is not computed, and why."""
    opaque: dict[str, str] = {}
    at = 0
    for program in understood.programs:
        run = run_command(program, collected.files, call.commands)
        for place, spawn in enumerate(program.spawns):
            facts = understood.spawns[at] if at < len(understood.spawns) else SpawnFacts()
            at += 1
            for one in unnamed(run, place, facts, collected.context):
                if one not in collected.unknown:
                    collected.unknown.append(one)
            if place not in run.opaque:
                if spawn.code:
                    collected.untouched |= {collected.files.place(path, spawn.cwd) for path in facts.writes}
                continue
            printed = run.printed.get(place)
            reason = printed.reason if isinstance(printed, Unknown) else "program"
            targets = {redirect.target.text for redirect in spawn.redirects}
            for path in facts.writes:
                if path not in targets:
                    opaque[collected.files.place(path, spawn.cwd)] = reason
    return opaque


def _judge(at: str, readers: Sequence[Known], collected: _Collected, *labels: str) -> None:
    before = collected.files.before(at)
    context = collected.context
    where = Surroundings(at, context.home, context.platform)
    known = True
    for state in collected.files.written.get(at) or [Unknown("too-many")]:
        collected.left -= _size(before) + _size(state)
        if collected.left < 0:
            state = Unknown("too-many")
        differences, reason = difference(before, state, readers, where)
        collected.differences.extend(one for one in differences if one not in collected.differences)
        if reason:
            known = False
            facts = ChangeFacts(
                change="unknown",
                agent=readers[0].name,
                agents=tuple(dict.fromkeys(reader.agent for reader in readers)),
                scope=readers[0].location.scope.value,
                path=at,
                reason=reason,
                labels=labels,
            )
            if facts not in collected.unknown:
                collected.unknown.append(facts)
        collected.switches |= _said(before, state)
    if known:
        collected.computed.add(at)


def _size(content: Content) -> int:
    return len(content) if isinstance(content, bytes) else 0


def _said(before: Content, after: Content) -> frozenset[str]:
    """Switches that the changed part of a text names and that part did not name before. The agents' readers know the
    settings that matter; this is what they may not know yet."""
    if not isinstance(after, bytes):
        return frozenset()
    new = after.decode("utf-8", "replace")
    old = before.decode("utf-8", "replace") if isinstance(before, bytes) else ""
    most = min(len(old), len(new))
    start = bisect_left(range(most), True, key=lambda count: old[: count + 1] != new[: count + 1])
    left = most - start
    end = bisect_left(range(left), True, key=lambda count: old[-1 - count :] != new[-1 - count :])
    head = max(0, start - _AROUND)
    now = switches_in(new[head : len(new) - end + _AROUND])
    was = switches_in(old[head : len(old) - end + _AROUND])
    return (now - was) & _BY_WORDS

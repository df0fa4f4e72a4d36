"""SHELL. Approving and revoking: what a word means, what exactly is approved, and the record of it.

Must not be here: output (`cli.approve`), what an approval covers (`policy.approvals`).
"""

import getpass
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from spawngate.endpoint.daemon import control
from spawngate.endpoint.daemon.place import place
from spawngate.endpoint.launching import approval_events, approvals
from spawngate.endpoint.launching.configured import Configured, configured
from spawngate.endpoint.launching.confining import own_places, reaches
from spawngate.endpoint.launching.known import Records, Seen
from spawngate.endpoint.launching.resolve import Found
from spawngate.endpoint.launching.starts import identified
from spawngate.endpoint.launching.tools import ToolLists
from spawngate.endpoint.policy import load_folder
from spawngate.endpoint.protect.present import Surroundings
from spawngate.endpoint.state import State
from spawngate.endpoint.system import this_platform
from spawngate.endpoint.trail.store import TrailError, TrailStore, now
from spawngate.launch.identity import Identity, Resolved, compare, holds_variables
from spawngate.launch.understand import understand
from spawngate.model.decision import Verdict
from spawngate.model.errors import UsageError
from spawngate.policy import approvals as rules
from spawngate.policy.approvals import IN_USE, SHORTEST, Approval
from spawngate.policy.confinement import Confinement, stated
from spawngate.policy.decider import Decider
from spawngate.redact.redactor import Redactor
from spawngate.trail.moment import stamp

LOCK_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that can be approved. Redacted."""

    identity: Identity
    name: str
    agent: str
    entry: str = ""
    """The entry that it is approved for; empty: wherever it is configured."""
    tier: str = ""
    release_from: str = ""
    findings: tuple[str, ...] = ()
    seen_at: str = ""
    """When it was last started, or tried to; empty where it never was."""
    tools: tuple[str, ...] = ()
    """How its tools changed since they were approved."""


def candidates(around: Surroundings, word: str) -> list[Candidate]:
    """What a fingerprint or its beginning, the id of an entry, or a server's name stands for. Raises UsageError where
    it stands for nothing."""
    lists = ToolLists(around.state)
    seen = Records(around.state).seen()
    hexadecimal = len(word) >= SHORTEST and not set(word) - set("0123456789abcdef")
    if hexadecimal:
        exact = {each.fingerprint: each for each in seen if each.fingerprint.startswith(word)}
        if exact:
            return [_of_seen(each, "", lists) for each in exact.values()]
    entries = [item for item in configured(around) if word in (item.id, item.artifact.name) and not item.problem]
    found = [_of_entry(around, item, seen, lists) for item in entries]
    known = {item.id for item in entries}
    latest = {each.entry: each for each in seen if word and word in (each.entry, each.name) and each.entry not in known}
    found.extend(_of_seen(each, entry, lists) for entry, each in latest.items())
    if not found:
        named = rules.named(approvals.load(around.state), word)
        found.extend(Candidate(each.identity, each.name, each.agent, each.entry) for each in named)
    if not found:
        raise UsageError(
            f"{word}: is no launch that was seen, no server that is configured here, and no approval; "
            "`spawngate approve --list` shows what waits"
        )
    return found


def _of_entry(around: Surroundings, item: Configured, seen: Sequence[Seen], lists: ToolLists) -> Candidate:
    """What an entry starts: the last start of what its file says now, which tells more; else what the file says.

    Not simply the last start under its id: anybody can start anything under it, and have it refused.
    """
    written = of_configured(around, item)
    own = [each for each in seen if each.entry == item.id]
    fitting = [each for each in own if not compare(written.identity, each.identity).changed]
    return _of_seen(fitting[-1], item.id, lists) if fitting else written


def _of_seen(seen: Seen, entry: str, lists: ToolLists) -> Candidate:
    anywhere = seen.identity.anywhere()
    return Candidate(
        anywhere if entry else seen.identity,
        seen.name,
        seen.agent,
        entry,
        seen.tier,
        seen.release_from,
        seen.findings,
        seen.at,
        lists.waiting(anywhere.fingerprint),
    )


def of_configured(around: Surroundings, item: Configured, decider: Decider | None = None) -> Candidate:
    """An entry as its file has it: what it runs is found out, and bound, when it starts."""
    state = State(around.state)
    redactor = Redactor(state.key())
    definition = item.definition(this_platform())
    facts = understand(definition)
    cwd = definition.cwd or ""
    words = (definition.command or "", *definition.args, *definition.env.values(), cwd)
    identity = replace(
        identified(
            definition,
            facts,
            Found(Resolved()),
            redactor,
            state.key(),
            home=around.home,
            cwd=cwd if os.path.isabs(cwd) and not holds_variables(cwd) else "",
        ),
        session=None,
        settings=None,
        shadows=None,
        open=any(map(holds_variables, words)),
    )
    decided = (decider or decider_of(around)).launch(definition)
    return Candidate(
        identity,
        item.artifact.name,
        item.artifact.agent,
        item.id,
        decided.question.tier,
        findings=tuple(f"{each.rule} ({each.severity.value})" for each in decided.decision.findings),
    )


def decider_of(around: Surroundings) -> Decider:
    """What decides about launches with the policy in force."""
    folder = place(around.state).policy
    held = load_folder(folder if folder.is_dir() else None)
    return Decider(
        Redactor(State(around.state).key()),
        policies=held.policies,
        mode=held.settings.mode,
        modes=held.settings.modes,
        refusals=held.settings.refusals,
        home=around.home,
        platform=this_platform(),
    )


def approve(
    around: Surroundings,
    chosen: Sequence[Candidate],
    *,
    reason: str = "",
    expires: str = "",
    anywhere: bool = False,
    sandbox: Confinement | None = None,
) -> tuple[list[Approval], str]:
    """Approve these, their tools as they are now too, and why that could not be recorded. `anywhere`: in whatever
    working folder. `sandbox`: what they are confined to; None: as before. Raises StateError."""
    at, by = stamp(now()), user_name()
    lists = ToolLists(around.state)
    held = approvals.load(around.state)
    made: list[Approval] = []
    for each in chosen:
        identity = each.identity.anywhere() if anywhere or each.entry else each.identity
        one = Approval(identity.fingerprint, identity, at, by, reason, each.entry, each.name, each.agent, expires)
        before = sandbox or rules.sandbox_before(held, each.entry, each.agent, each.name)
        made.append(msgspec.structs.replace(one, sandbox=before))
        lists.approve(each.identity.anywhere().fingerprint, at)
    return made, _change(around.state, lambda held: [*held, *made])


def sandbox(
    around: Surroundings, read: Sequence[str], write: Sequence[str], hosts: Sequence[str] = (), *, network: bool
) -> Confinement:
    """The profile that a person states. Raises UsageError where it is none, or gives Spawngate's own files away."""
    profile = stated(read, write, hosts, network=network, home=around.home)
    own = own_places(around.state)
    for path in (*profile.read, *profile.write):
        if reaches(path, own):
            raise UsageError(f"{path}: holds, or lies in, {own[0]}, where approvals are kept; name other folders")
    return profile


def approve_in_use(around: Surroundings, items: Iterable[Configured]) -> tuple[list[Approval], list[Configured], str]:
    """Approve entries as they are found, but for what policy refuses: the new approvals, what was left out, and why
    it could not be recorded. Raises StateError."""
    at, by = stamp(now()), user_name()
    decider = decider_of(around)
    made: list[Approval] = []
    refused: list[Configured] = []
    held = approvals.load(around.state)
    for item in items:
        if decider.launch(item.definition(this_platform())).decision.verdict is Verdict.DENY:
            refused.append(item)
            continue
        one = of_configured(around, item, decider)
        own = (each for each in held if each.entry == item.id and each.live(at))
        if not any(not compare(one.identity, each.identity).changed for each in own):
            made.append(Approval(one.identity.fingerprint, one.identity, at, by, IN_USE, item.id, one.name, one.agent))
    return made, refused, _change(around.state, lambda known: [*known, *made]) if made else ""


def revoke(around: Surroundings, word: str, *, reason: str = "") -> tuple[list[Approval], str]:
    """Take back every live approval that the word names, and why that could not be recorded. Raises UsageError where
    there is none, StateError."""
    at, by = stamp(now()), user_name()
    held = approvals.load(around.state)
    wanted = [each for each in rules.named(held, word) if each.live(at)]
    if not wanted:
        raise UsageError(f"{word}: names no approval that is in force; `spawngate approve --list` shows them")
    taken = {id(each) for each in wanted}
    after = [rules.revoke(each, at=at, by=by, reason=reason) if id(each) in taken else each for each in held]
    problem = _change(
        around.state,
        lambda known: [rules.revoke(each, at=at, by=by, reason=reason) if each in wanted else each for each in known],
    )
    return [each for each, old in zip(after, held, strict=True) if id(old) in taken], problem


def _change(state: Path, how: approvals.How) -> str:
    before = approvals.load(state)
    after = approvals.change(state, how)
    if control.status(state) is not None:
        return ""  # the daemon sees it by itself, and is the only writer of the trail
    endpoint, user = State(state).endpoint(), user_name()
    events = [
        approval_events.event(each, at=stamp(now()), endpoint=endpoint, user=user, channel="command")
        for each in approval_events.changes(before, after)
    ]
    try:
        with TrailStore(place(state).trail, endpoint=endpoint, wait=LOCK_SECONDS) as trail:
            trail.append(events)
    except TrailError as error:
        return f"this could not be noted in the trail: {error}"
    return ""


def user_name() -> str:
    """Name of the user; empty where there is none."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""

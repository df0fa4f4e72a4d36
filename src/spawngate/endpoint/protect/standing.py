"""SHELL. How each agent stands: whether our hook is in its files, whether it runs, and what keeps it from running.

`installed` means that everything that can be seen from outside is in order; only a canary (`verify`) proves more.
Must not be here: output (`cli`), what tampering is (`guard`), which switches there are (`agents.hooks.off_switches`).
"""

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any

import msgspec

from spawngate.agents import AGENTS, load_agent
from spawngate.agents.agent import Agent
from spawngate.agents.formats import Format
from spawngate.agents.formats.edit_values import Operation, at
from spawngate.agents.hooks.codex_trust import is_trusted
from spawngate.agents.hooks.registration import is_ours
from spawngate.endpoint.daemon import control
from spawngate.endpoint.launching.coverage import LaunchesStanding, coverage
from spawngate.endpoint.policy import load_folder
from spawngate.endpoint.protect import client, guard, journal
from spawngate.endpoint.protect.guard import Tampered
from spawngate.endpoint.protect.journal import Journal
from spawngate.endpoint.protect.login import is_set_up
from spawngate.endpoint.protect.present import Surroundings, present, version_of
from spawngate.endpoint.protect.setup import Wanted, client_argv, client_folder, request_for, token_of
from spawngate.endpoint.protect.switches import document_at, switches_set
from spawngate.endpoint.protect.targets import Target, expanded, older, targets
from spawngate.endpoint.protect.trust import CODEX_STATE, names_of
from spawngate.endpoint.protect.withdrawal import unnoted
from spawngate.endpoint.sync.standing import fleet
from spawngate.model.artifact import Artifact, Scope
from spawngate.model.errors import SpawngateError, StateError, UsageError
from spawngate.model.json import Json
from spawngate.policy.settings import PolicySettings

SCHEMA_VERSION = 1


class Stand(StrEnum):
    """How one agent stands, worst first."""

    TAMPERED = "tampered"
    """An entry of ours was removed or changed."""
    OFF = "off"
    """Installed, and a switch keeps it from running everywhere."""
    INACTIVE = "inactive"
    """Installed, and the agent still wants a person's consent or trust."""
    PARTLY = "partly"
    """Installed, and switched off somewhere: in a project, for one of two scopes."""
    INSTALLED = "installed"
    UNPROTECTED = "unprotected"
    """It has a hook, and ours is not there."""
    OBSERVED = "observed"
    """It has no hook that could decide."""


class AgentStanding(msgspec.Struct, frozen=True):
    """One agent."""

    agent: str
    name: str
    version: str
    state: str
    """A `Stand`."""
    mode: str
    """What happens to its calls: `monitor` or `enforce`; empty where it is not protected."""
    scopes: list[str]
    """Scopes in which our hook is installed."""
    files: list[str]
    why: list[str]
    """What is wrong or still to do, for a person."""
    fails_closed: str
    """Who refuses where no decision is to be had: `agent` blocks by itself too, `client` refuses for as long as it can
    be started, `unknown` where the agent's version is not known; empty where it is not protected."""
    limits: list[str]
    """Known conditions under which the agent does not run the hook."""


class ClientStanding(msgspec.Struct, frozen=True):
    """The hook client."""

    kind: str
    path: str
    sha256: str
    preloadable: bool
    """A variable such as LD_PRELOAD, which a repository can set in some agents, reaches it before it runs."""
    problem: str


class Standing(msgspec.Struct, frozen=True):
    """Everything that `spawngate status` tells."""

    schema_version: int
    agents: list[AgentStanding]
    client: ClientStanding
    daemon: dict[str, Json]
    """Of `daemon status`; `running` says whether there is one, `starts_at_login` whether the system starts it."""
    policy: dict[str, Json]
    tampered: list[str]
    launches: LaunchesStanding
    """Which MCP servers start through the launcher."""
    fleet: dict[str, Json] = {}
    """The server that looks after this endpoint: `server`, `endpoint`, `team`, `last_contact`, `problem`, `bundle`,
    `backlog` (bytes that wait), `dropped` (records given up, by type); nothing where there is none."""


def schema() -> dict[str, Any]:
    """JSON Schema of the document that `spawngate status --format json` prints."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **msgspec.json.schema(Standing)}


def standing(around: Surroundings, projects: Sequence[str] = ()) -> Standing:
    """How everything stands; `projects` are folders whose files are looked at too. Raises StateError only where the
    state folder cannot be used at all."""
    found = present(around)
    try:
        notes = journal.settled(journal.load(around.state))
        damaged: list[Tampered] = []
    except StateError as error:
        notes = Journal()
        path = str(around.state / journal.FOLDER / journal.FILE)
        damaged = [Tampered(guard.What.UNREADABLE, path, detail=str(error))]
    tampered = damaged or guard.check(around.state, notes)
    settings, policy = _policy(around.state)
    others = unnoted(around, notes)
    here = set(found) | {entry.agent for entry in (*notes.entries, *others)}
    agents = [
        _agent(agent, found.get(agent), notes, others, tampered, settings, around, projects)
        for agent in AGENTS
        if agent in here
    ]
    daemon = control.status(around.state)
    return Standing(
        schema_version=SCHEMA_VERSION,
        agents=agents,
        client=_client(around, notes),
        daemon={"running": daemon is not None, "starts_at_login": is_set_up(around), **(daemon or {})},
        policy=policy,
        tampered=[item.message for item in tampered],
        launches=coverage(around, settings, projects),
        fleet=fleet(around.state),
    )


def _agent(
    agent: str,
    artifact: Artifact | None,
    notes: Journal,
    others: Sequence[journal.Entry],
    tampered: Sequence[Tampered],
    settings: PolicySettings,
    around: Surroundings,
    projects: Sequence[str],
) -> AgentStanding:
    known = load_agent(agent)
    registration = known.hook.registration if known.hook is not None else None
    version = version_of(artifact)
    own = [entry for entry in notes.entries if entry.agent == agent]
    entries = [*own, *(entry for entry in others if entry.agent == agent)]
    scopes = sorted({entry.scope for entry in entries})
    why: list[str] = []
    if known.hook is None or registration is None:
        state = Stand.OBSERVED
        why.append("it has no hook that could decide; what its MCP servers do can be seen by the launcher")
    elif not entries:
        state = Stand.UNPROTECTED
        why.append(f"run `spawngate protect {agent}`")
    else:
        state = Stand.INSTALLED
        for seen in switches_set(known, around.machinery, projects):
            stopped = [scope for scope in scopes if Scope(scope) in seen.stops]
            if not stopped:
                continue
            everywhere = seen.scope is not Scope.PROJECT and seen.scope is not Scope.LOCAL and stopped == scopes
            state = _worse(state, Stand.OFF if everywhere else Stand.PARTLY)
            why.append(f"{seen.path} switches hooks off ({seen.switch})" + (f": {seen.note}" if seen.note else ""))
        consent = _consent(known, entries, around)
        if consent:
            state = _worse(state, Stand.INACTIVE)
            why.append(consent)
        overruled = _overruled(known, entries)
        if overruled:
            state = _worse(state, Stand.PARTLY)
            why.append(overruled)
        if registration.consent in ("toggle", "command") and any(
            Scope(scope) in registration.consent_scopes for scope in scopes
        ):
            why.append(f"cannot be seen from here: {registration.consent_how}")
        why.extend(
            f"{entry.path} was written by somebody else: an administrator, or another installation"
            for entry in entries[len(own) :]
        )
        if not _up_to_date(known, own, settings, version, around):
            why.append(f"not as this version and this policy would have it: run `spawngate protect {agent}`")
        mine = [item for item in tampered if item.agent == agent]
        if mine:
            state = Stand.TAMPERED
            why.extend(item.message for item in mine)
    limits = [] if registration is None else [f"{topic}: {text}" for topic, text in registration.ignored_when.items()]
    return AgentStanding(
        agent=agent,
        name=known.name,
        version=version,
        state=state.value,
        mode=settings.mode_of(agent).value if entries else "",
        scopes=scopes,
        files=[entry.path for entry in entries],
        why=why,
        fails_closed=_fails_closed(known, version) if entries else "",
        limits=limits if entries else [],
    )


def _worse(one: Stand, other: Stand) -> Stand:
    order = list(Stand)
    return min(one, other, key=order.index)


def _fails_closed(agent: Agent, version: str) -> str:
    """Who blocks where our client cannot even run."""
    registration = agent.hook.registration if agent.hook is not None else None
    if registration is None:
        return ""
    if not registration.fail_closed or older(version, registration.fail_closed_since):
        return "client"
    return "unknown" if registration.fail_closed_since and not version else "agent"


def _consent(agent: Agent, entries: Sequence[journal.Entry], around: Surroundings) -> str:
    """What the agent still wants of a person before it runs our hook; empty where nothing is known to be missing."""
    registration = agent.hook.registration if agent.hook is not None else None
    if registration is None or registration.consent == "none":
        return ""
    wanted = [entry for entry in entries if Scope(entry.scope) in registration.consent_scopes]
    if not wanted:
        return ""
    if registration.consent == "hash":
        return "" if all(_codex_trusts(agent, entry.path, around) for entry in wanted) else registration.consent_how
    return ""


def _codex_trusts(agent: Agent, path: str, around: Surroundings) -> bool:
    if not path.endswith("hooks.json"):
        return True
    machinery = around.machinery
    config = next((document_at(place, Format.TOML) for place in expanded(agent, CODEX_STATE, machinery)), None)
    value = document_at(path, Format.JSON)
    return any(is_trusted(name, value, config, machinery.home.platform) for name in names_of(path))


def _client(around: Surroundings, notes: Journal) -> ClientStanding:
    scopes = {entry.scope for entry in notes.entries}
    scope = Scope.MANAGED if scopes == {Scope.MANAGED.value} else Scope.USER
    folder = client_folder(around, scope)
    problem = client.is_whole(folder)
    from spawngate.endpoint.client.place import installed_client

    try:
        found = installed_client(folder)
    except StateError:
        found = None
    if found is None:
        return ClientStanding("", "", "", False, problem)
    return ClientStanding(found.kind, str(found.program), found.digest, found.preloadable, problem)


def _policy(state: Path) -> tuple[PolicySettings, dict[str, Json]]:
    from spawngate.endpoint.daemon.place import place

    folder = place(state).policy
    try:
        in_force = load_folder(folder if folder.is_dir() else None)
    except (UsageError, SpawngateError) as error:
        settings = PolicySettings()
        return settings, {"revision": "", "mode": settings.mode.value, "folder": str(folder), "problem": str(error)}
    return in_force.settings, {
        "revision": in_force.policies.revision,
        "mode": in_force.settings.mode.value,
        "folder": str(folder) if folder.is_dir() else "",
        "problem": "",
    }


def _up_to_date(
    agent: Agent, entries: Sequence[journal.Entry], settings: PolicySettings, version: str, around: Surroundings
) -> bool:
    """Whether the journal's entries are what `protect` would write now, with informing events or without."""
    token = token_of(around.state)
    written = {entry.path: [change.operation for change in entry.changes] for entry in entries}
    for scope in sorted({Scope(entry.scope) for entry in entries}):
        argv = client_argv(around, Wanted(scope=scope))
        of_scope = {entry.path for entry in entries if entry.scope == scope}
        for context in (False, True):
            request = request_for(agent.id, Wanted(scope=scope, context=context), settings, argv, version, token)
            wanted = [item for item in targets(request, around.machinery) if item.path in of_scope and item.operations]
            if all(_same(written[item.path], item) for item in wanted):
                break
        else:
            return False
    return True


def _same(written: Sequence[Operation], target: Target) -> bool:
    """Whether the entries that run our client are those that the target wants. What else is set may have been there."""
    wanted = [
        (operation.value, (operation.pointer, *target.elsewhere.get(index, ())))
        for index, operation in enumerate(target.operations)
        if is_ours(operation.value)
    ]
    there = [operation for operation in written if is_ours(operation.value)]
    return len(wanted) == len(there) and all(
        any(operation.value == value and operation.pointer in pointers for operation in there)
        for value, pointers in wanted
    )


def _overruled(agent: Agent, entries: Sequence[journal.Entry]) -> str:
    """Where the last of several hooks has its way: a hook of others behind ours. Empty where there is none."""
    registration = agent.hook.registration if agent.hook is not None else None
    reason = registration.ignored_when.get("other hooks", "") if registration is not None else ""
    for entry in entries if reason else ():
        value = document_at(entry.path, Format(entry.form)) if entry.form != Format.TEXT.value else None
        for change in entry.changes:
            found, handlers = at(value, change.operation.pointer)
            if found and isinstance(handlers, Sequence) and handlers and not is_ours(handlers[-1]):
                return f"another hook stands behind ours in {entry.path}: {reason}"
    return ""
